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
#define ABOVE                                                                  \
	3             /* lines that open the view, above what it is about: a   \
			 phone shows no more */
#define TAIL 40       /* where nothing is to be found: the end */
#define HITS 50       /* listed */
#define HIT_BYTES 200 /* of a line in the list */
#define HIT_RUN 64    /* hits in so many lines are read at once */

struct view {
	struct failure_log log;
	const char *code;
	char *path;
	uint32_t at; /* the line it is about; 0: none */
	struct log_window shown;
	struct log_search found;
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
		v->shown.from = v->at > 0 ? window_around(v->at) : 1;
		return;
	}
	v->at = v->found.n > 0 ? v->found.line[0] : log->first_error;
	v->shown.from = v->at > 0 ? a_little_above(v->at, ABOVE)
				  : a_little_above(log->lines, TAIL - 1);
}

static enum err
search(struct page_context *cx, struct view *v)
{
	v->found = (struct log_search){
	    .needle = param_text(cx, P_Q),
	    .from =
		param_given(cx, P_LINE) ? (uint32_t)param_int(cx, P_LINE) : 1,
	    .max = HITS,
	};
	if (v->found.needle[0] == '\0')
		return ERR_OK;
	return log_find(cx->db, cx->arena, v->log.log.id, &v->found, cx->ei);
}

static enum err
load_lines(struct page_context *cx, struct view *v)
{
	v->shown.max = WINDOW;
	if (v->log.log.lines == 0)
		return ERR_OK;
	return log_lines(cx->db, cx->arena, v->log.log.id, &v->shown, cx->ei);
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
	    page_link_query(
		cx, v->path, "q", v->found.needle, "line", number, NULL),
	    line);
}

static void
add_link(struct page_context *cx, const struct view *v, node n,
    const char *name, uint32_t line)
{
	doc_text(n, name, line > 0 ? line_url(cx, v, line) : "");
}

/* Error lines that follow each other are one error: where it begins. */
static bool
begins_error(const struct log_info *log, size_t i)
{
	return i == 0 || log->error_lines[i] != log->error_lines[i - 1] + 1;
}

static uint32_t
error_before(const struct view *v, uint32_t line)
{
	const struct log_info *log = &v->log.log;
	uint32_t found = 0;

	for (size_t i = 0; i < log->nerrors; i++)
		if (begins_error(log, i) &&
		    (uint32_t)log->error_lines[i] < line)
			found = (uint32_t)log->error_lines[i];
	return found;
}

static uint32_t
error_after(const struct view *v, uint32_t line)
{
	const struct log_info *log = &v->log.log;

	for (size_t i = 0; i < log->nerrors; i++)
		if (begins_error(log, i) &&
		    (uint32_t)log->error_lines[i] > line)
			return (uint32_t)log->error_lines[i];
	return 0;
}

static void
add_links(struct page_context *cx, const struct view *v)
{
	uint32_t lines = v->log.log.lines;
	uint32_t last =
	    v->shown.n > 0 ? v->shown.line[v->shown.n - 1].number : 0;
	bool before = v->shown.n > 0 && v->shown.from > 1,
	     after = v->shown.n > 0 && last < lines;
	node n = doc_aside(doc_content(cx->doc), "links");
	char *text = arena_printf(
	    cx->arena, "%s/text", row_failure_path(cx, v->log.failure.id));

	add_link(cx, v, n, "first-url", before ? 1 : 0);
	add_link(cx, v, n, "prev-url", before ? v->shown.from - 1 : 0);
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

static void
add_hit(struct page_context *cx, const struct view *v, node found,
    const struct log_line *line)
{
	node hit = doc_object(found, "line");

	doc_int(hit, "number", line->number);
	doc_text(hit, "text",
	    log_rows_hit(cx->arena, line->text, v->found.needle, HIT_BYTES));
	if (row_for_sheet(cx))
		doc_text(hit, "line-url", line_url(cx, v, line->number));
}

/* Hit i and those that follow closely; *taken says how many. */
static enum err
add_hits(struct page_context *cx, const struct view *v, node found, size_t i,
    size_t *taken)
{
	struct log_window w = {.from = v->found.line[i]};
	size_t j = i;
	enum err err;

	while (j + 1 < v->found.n && v->found.line[j + 1] - w.from < HIT_RUN)
		j++;
	*taken = j - i + 1;
	w.max = v->found.line[j] - w.from + 1;
	err = log_lines(cx->db, cx->arena, v->log.log.id, &w, cx->ei);
	for (; err == ERR_OK && i <= j; i++)
		if (v->found.line[i] - w.from < w.n)
			add_hit(
			    cx, v, found, &w.line[v->found.line[i] - w.from]);
	return err;
}

/* Hits beyond those that are listed, if there may be any. */
static const char *
more_url(struct page_context *cx, const struct view *v)
{
	if (v->found.n < HITS || v->found.n >= v->found.total)
		return "";
	return page_link_query(cx, v->path, "q", v->found.needle, "line",
	    arena_printf(cx->arena, "%u", v->found.line[HITS - 1]), NULL);
}

static enum err
add_found(struct page_context *cx, const struct view *v)
{
	node content = doc_content(cx->doc), found;
	size_t taken = 0;
	enum err err = ERR_OK;

	if (v->found.needle[0] == '\0')
		return ERR_OK;
	doc_count(content, "hits", (int64_t)v->found.total);
	doc_bool(content, "hits_capped", v->found.total >= LOG_FOUND_MAX);
	if (row_for_sheet(cx))
		doc_text(content, "more-url", more_url(cx, v));
	found = doc_array(content, "found");
	for (size_t i = 0; err == ERR_OK && i < v->found.n; i += taken)
		err = add_hits(cx, v, found, i, &taken);
	return err;
}

static void
say(struct page_context *cx, const struct view *v)
{
	const struct log_info *log = &v->log.log;
	struct buf b = BUF_INIT;
	char text[HUMAN_MAX];

	buf_addf(
	    &b, "Log of %s", failure_log_subject(cx->arena, &v->log.failure));
	if (v->log.failure.machine[0] != '\0')
		buf_addf(&b, " for %s", v->log.failure.machine);
	buf_adds(&b, ": ");
	if (v->found.needle[0] != '\0') {
		sentence_count(&b, (int64_t)v->found.total, "line");
		buf_addf(&b, " of %s with \"%s\"",
		    human_count(text, log->lines), v->found.needle);
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
	doc_int(content, "first", v.shown.n > 0 ? v.shown.line[0].number : 0);
	doc_int(content, "last",
	    v.shown.n > 0 ? v.shown.line[v.shown.n - 1].number : 0);
	row_failure(cx, doc_object(content, "failure"), &v.log.failure);
	add_links(cx, &v);
	add_errors(cx, &v);
	err = add_found(cx, &v);
	if (err == ERR_OK)
		log_rows_add(cx, &(struct log_rows){v.shown.n, v.shown.line,
				     v.at, v.found.needle});
	return err;
}
