/*
 * page_log.c: the viewer of a failure's log, /f/CODE/log.
 *
 * It shows a window of lines, whatever the log's length: around line=, else
 * from the first hit of q= on, else from the first error on.
 */
#include <string.h>

#include "base/arena.h"
#include "web/failure_log.h"
#include "web/log_rows.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"

#define WINDOW 400
#define STEP (WINDOW / 2) /* windows around a line begin at multiples */
#define ABOVE 8           /* lines that open the view, above what it is about */
#define TAIL 40           /* where nothing is to be found: the end */
#define HITS 50           /* listed */
#define HITS_COUNTED 10000
#define HIT_BYTES 200 /* of a line in the list */
#define HIT_RUN 64    /* hits in so many lines are read at once */

struct view {
	struct failure_log log;
	const char *code;
	char *path;
	const char *needle;
	uint32_t at;    /* the line it is about; 0: none */
	uint32_t first; /* shown */
	struct log_line *line;
	size_t n;
	uint32_t *hit;
	size_t nhits, total;
};

/* ---- what is shown ---- */

static uint32_t
window_around(uint32_t line)
{
	uint32_t before = line - 1;

	return before < STEP / 2 ? 1 : (before - STEP / 2) / STEP * STEP + 1;
}

static uint32_t
a_little_above(uint32_t line, uint32_t above)
{
	return line > above ? line - above : 1;
}

static void
choose_window(struct page_context *cx, struct view *v)
{
	const struct log_info *log = &v->log.log;
	uint32_t asked = (uint32_t)param_int(cx, P_LINE);

	if (param_given(cx, P_LINE)) {
		v->at = asked < log->lines ? asked : log->lines;
		v->first = v->at > 0 ? window_around(v->at) : 1;
		return;
	}
	v->at = v->nhits > 0 ? v->hit[0] : log->first_error;
	v->first = v->at > 0 ? a_little_above(v->at, ABOVE)
			     : a_little_above(log->lines, TAIL - 1);
}

static enum err
search(struct page_context *cx, struct view *v)
{
	const struct log_search what = {
	    .needle = v->needle,
	    .from =
		param_given(cx, P_LINE) ? (uint32_t)param_int(cx, P_LINE) : 1,
	    .max = HITS,
	};

	if (v->needle[0] == '\0')
		return ERR_OK;
	return log_find(cx->db, cx->arena, v->log.log.id, &what, &v->hit,
	    &v->nhits, &v->total, cx->ei);
}

static enum err
load_lines(struct page_context *cx, struct view *v)
{
	v->line = arena_calloc(cx->arena, WINDOW, sizeof(*v->line));
	if (v->log.log.lines == 0)
		return ERR_OK;
	return log_lines(cx->db, cx->arena, v->log.log.id, v->first, WINDOW,
	    v->line, &v->n, cx->ei);
}

static enum err
load_view(struct page_context *cx, struct view *v)
{
	enum err err =
	    failure_log_find(cx->db, cx->arena, cx->id, &v->log, cx->ei);

	if (err != ERR_OK)
		return err;
	v->path = arena_printf(
	    cx->arena, "%s/log", row_failure_path(cx, v->log.failure.id));
	v->needle = param_text(cx, P_Q);
	err = search(cx, v);
	if (err != ERR_OK)
		return err;
	choose_window(cx, v);
	return load_lines(cx, v);
}

/* ---- links ---- */

/* This view, another line. */
static const char *
line_url(struct page_context *cx, const struct view *v, uint32_t line)
{
	const char *number = arena_printf(cx->arena, "%u", line);

	return arena_printf(cx->arena, "%s#L%u",
	    page_link_query(cx, v->path, "q", v->needle, "line", number, NULL),
	    line);
}

static void
add_link(struct page_context *cx, const struct view *v, node n,
    const char *name, uint32_t line)
{
	doc_text(n, name, line > 0 ? line_url(cx, v, line) : "");
}

static uint32_t
error_before(const struct view *v, uint32_t line)
{
	const struct log_info *log = &v->log.log;
	uint32_t found = 0;

	for (size_t i = 0; i < log->nerrors; i++)
		if ((uint32_t)log->error_lines[i] < line)
			found = (uint32_t)log->error_lines[i];
	return found;
}

static uint32_t
error_after(const struct view *v, uint32_t line)
{
	const struct log_info *log = &v->log.log;

	for (size_t i = 0; i < log->nerrors; i++)
		if ((uint32_t)log->error_lines[i] > line)
			return (uint32_t)log->error_lines[i];
	return 0;
}

static void
add_links(struct page_context *cx, const struct view *v)
{
	uint32_t lines = v->log.log.lines;
	uint32_t last = v->n > 0 ? v->line[v->n - 1].number : 0;
	bool before = v->n > 0 && v->first > 1,
	     after = v->n > 0 && last < lines;
	node n = doc_aside(doc_content(cx->doc), "links");
	char *text = arena_printf(
	    cx->arena, "%s/text", row_failure_path(cx, v->log.failure.id));

	add_link(cx, v, n, "first-url", before ? 1 : 0);
	add_link(cx, v, n, "prev-url", before ? v->first - 1 : 0);
	add_link(cx, v, n, "next-url", after ? last + 1 : 0);
	add_link(cx, v, n, "last-url", after ? lines : 0);
	add_link(cx, v, n, "prev-error-url", error_before(v, v->at));
	add_link(cx, v, n, "next-error-url", error_after(v, v->at));
	doc_text(n, "raw-url", text);
	doc_text(n, "path-url", v->path);
	doc_int(n, "digits", log_rows_digits(last));
}

/* ---- what the document holds ---- */

static void
add_errors(struct page_context *cx, const struct view *v)
{
	const struct log_info *log = &v->log.log;
	node errors = doc_array(doc_content(cx->doc), "errors");

	for (size_t i = 0; i < log->nerrors; i++) {
		uint32_t line = (uint32_t)log->error_lines[i];
		node n = doc_object(errors, "error");
		doc_int(n, "number", line);
		if (row_for_sheet(cx))
			doc_text(n, "line-url", line_url(cx, v, line));
	}
}

/* Hits i and those that follow closely; returns how many. */
static enum err
add_hits(struct page_context *cx, const struct view *v, node found, size_t i,
    size_t *taken)
{
	struct log_line *line = arena_calloc(cx->arena, HIT_RUN, sizeof(*line));
	uint32_t from = v->hit[i];
	size_t n = 0, j = i;
	enum err err;

	while (j + 1 < v->nhits && v->hit[j + 1] - from < HIT_RUN)
		j++;
	err = log_lines(cx->db, cx->arena, v->log.log.id, from,
	    v->hit[j] - from + 1, line, &n, cx->ei);
	*taken = j - i + 1;
	for (; err == ERR_OK && i <= j && v->hit[i] - from < n; i++) {
		node hit = doc_object(found, "line");
		doc_int(hit, "number", v->hit[i]);
		doc_text(hit, "text",
		    log_rows_hit(cx->arena, line[v->hit[i] - from].text,
			v->needle, HIT_BYTES));
		doc_text(hit, "line-url", line_url(cx, v, v->hit[i]));
	}
	return err;
}

static enum err
add_found(struct page_context *cx, const struct view *v)
{
	node content = doc_content(cx->doc), found;
	size_t taken = 0;
	enum err err = ERR_OK;

	if (v->needle[0] == '\0')
		return ERR_OK;
	doc_count(content, "hits", (int64_t)v->total);
	doc_bool(content, "hits_capped", v->total >= HITS_COUNTED);
	found = doc_array(content, "found");
	for (size_t i = 0; err == ERR_OK && i < v->nhits; i += taken)
		err = add_hits(cx, v, found, i, &taken);
	return err;
}

static void
say(struct page_context *cx, const struct view *v)
{
	const struct log_info *log = &v->log.log;
	struct buf b = BUF_INIT;

	buf_addf(
	    &b, "Log of %s", failure_log_subject(cx->arena, &v->log.failure));
	if (v->log.failure.machine[0] != '\0')
		buf_addf(&b, " for %s", v->log.failure.machine);
	buf_adds(&b, ": ");
	if (v->needle[0] != '\0') {
		sentence_count(&b, (int64_t)v->total, "line");
		buf_addf(&b, " of %u with \"%s\"", log->lines, v->needle);
	} else if (log->size == 0) {
		buf_adds(&b, "empty");
	} else {
		sentence_count(&b, log->lines, "line");
		buf_adds(&b, ", ");
		if (log->nerrors == 0)
			buf_adds(&b, "none of them known as an error");
		else
			sentence_count(&b, (int64_t)log->nerrors, "error line");
		if (log->nerrors >= LOG_ERRORS_MAX)
			buf_adds(&b, " and more");
	}
	row_sentence(cx, &b);
}

enum err
page_log(struct page_context *cx)
{
	struct view v = {0};
	node content = doc_content(cx->doc);
	enum err err = load_view(cx, &v);

	if (err != ERR_OK)
		return err;
	say(cx, &v);
	doc_count(content, "total", v.log.log.lines);
	doc_bytes(content, "bytes", (double)v.log.log.size);
	doc_int(content, "first", v.n > 0 ? v.line[0].number : 0);
	doc_int(content, "last", v.n > 0 ? v.line[v.n - 1].number : 0);
	row_failure(cx, doc_object(content, "failure"), &v.log.failure);
	add_links(cx, &v);
	add_errors(cx, &v);
	err = add_found(cx, &v);
	if (err == ERR_OK)
		log_rows_add(
		    cx, &(struct log_rows){v.n, v.line, v.at, v.needle});
	return err;
}
