/*
 * page_failure.c: one failure, /f/CODE: what a person sees who opens a link
 * from a chat.  What it costs doesn't hang on the length of the log.
 */
#include "web/page_failure.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "model/failure_code.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence_failure.h"

#define OTHERS_MAX 12

/* ---- loading ---- */

static enum err
find_failure(struct page_context *cx, struct failure_row *out)
{
	enum err err;
	int id;

	if (!failure_code_read(cx->id, &id))
		return err_set(cx->ei, ERR_NOT_FOUND,
		    "\"%.40s\" is no failure's code: those are six letters "
		    "and digits, without i, l, o and u",
		    cx->id);
	err = failure_find(cx->db, cx->arena, id, out, cx->ei);
	if (err == ERR_NOT_FOUND)
		return err_set(cx->ei, ERR_NOT_FOUND,
		    "there is no failure \"%.40s\" here; what was sent task by "
		    "task takes a minute to appear",
		    cx->id);
	return err;
}

static enum err
load(struct page_context *cx, struct failure_view *v)
{
	enum err err = find_failure(cx, &v->row);

	if (err == ERR_OK)
		err = build_find(cx->db, cx->arena,
		    arena_printf(cx->arena, "%d", v->row.build), &v->build,
		    cx->ei);
	if (err == ERR_OK && v->row.log != 0) {
		v->has_log = true;
		err = log_info_load(
		    cx->db, cx->arena, v->row.log, &v->log, cx->ei);
	}
	return err == ERR_OK ? failure_load_known(cx, v) : err;
}

/* ---- the failure and its error ---- */

static void
say(struct page_context *cx, const struct failure_view *v)
{
	struct buf b = BUF_INIT;
	int strength = failure_view_strength(&v->like);
	struct failure_said said = {
	    .kind = v->row.kind,
	    .recipe = v->row.recipe,
	    .task = v->row.task,
	    .machine = v->row.machine,
	    .first_line = v->row.first_line,
	    .known = {0, TIME_UNKNOWN, TIME_UNKNOWN, 0},
	    .now = cx->now,
	};

	if (strength != 0)
		said.known = v->strength[strength - 1].known;
	sentence_failure(&b, &said);
	row_sentence(cx, &b);
}

/* The viewer at a line; 0: wherever it opens. */
static char *
log_link(struct page_context *cx, uint32_t line)
{
	char *path = page_link(cx, "f/%s/log", cx->id);

	if (line == 0)
		return path;
	return arena_printf(cx->arena, "%s?line=%u#L%u", path, line, line);
}

static void
add_failure(struct page_context *cx, const struct failure_view *v)
{
	node n = doc_object(doc_content(cx->doc), "failure");
	const char *version = v->row.version;

	row_failure(cx, n, &v->row);
	doc_text(
	    n, "message", v->more.message[0] != '\0' ? v->more.message : NULL);
	doc_text(n, "link", page_absolute(cx, row_failure_path(cx, v->row.id)));
	if (v->has_log) {
		doc_count(n, "lines", v->log.lines);
		doc_bytes(n, "bytes", (double)v->log.size);
		doc_int(n, "first_error", v->log.first_error);
		doc_count(n, "errors", (int64_t)v->log.nerrors);
		doc_text(n, "log-url", log_link(cx, v->log.first_error));
		doc_text(n, "text-url", page_link(cx, "f/%s/text", cx->id));
	}
	if (v->build.row.tasks > 0 && v->row.recipe[0] != '\0')
		doc_text(n, "tasks-url",
		    row_tasks_link(cx, v->row.build,
			version[0] == '\0' ? v->row.recipe
					   : arena_printf(cx->arena, "%s-%s",
						 v->row.recipe, version)));
}

/* Of the last line's number; 0: there is none. */
static int
digits_of(const struct failure_view *v)
{
	char text[16];

	if (!v->has_log || v->log.nexcerpt == 0)
		return 0;
	return snprintf(text, sizeof(text), "%u",
	    v->log.excerpt[v->log.nexcerpt - 1].number);
}

static void
add_excerpt(struct page_context *cx, const struct failure_view *v)
{
	node list = doc_array(doc_content(cx->doc), "excerpt");
	uint32_t last = 0;
	int digits = digits_of(v);

	if (row_for_sheet(cx) && digits > 0)
		doc_int(doc_content(cx->doc), "number-digits", digits);
	for (size_t i = 0; v->has_log && i < v->log.nexcerpt; i++) {
		const struct excerpt_line *l = &v->log.excerpt[i];
		node n = doc_object(list, "line");
		doc_int(n, "number", l->number);
		if (row_for_sheet(cx))
			doc_text(n, "number-h",
			    arena_printf(cx->arena, "%*u", digits, l->number));
		doc_text(n, "text", l->text);
		doc_text(n, "kind",
		    error_line_word(error_line_kind(slice_of(l->text))));
		doc_int(n, "gap",
		    l->number > last ? (int64_t)l->number - last - 1 : 0);
		doc_bool(n, "first", l->number == v->log.first_error);
		doc_text(n, "line-url", log_link(cx, l->number));
		last = l->number;
	}
}

/* ---- others ---- */

static enum err
add_others(struct page_context *cx, const struct failure_view *v)
{
	node list = doc_array(doc_content(cx->doc), "others");
	int strength = failure_view_strength(&v->like);
	const struct list_order order = {"seen", true, 0, OTHERS_MAX + 1};
	struct failure_filter f = {
	    .builder = "",
	    .machine = "",
	    .distro = "",
	    .image = "",
	    .branch = "",
	    .layer = "",
	    .commit = "",
	    .package = "",
	    .task = "",
	    .q = "",
	    .since = TIME_UNKNOWN,
	    .until = TIME_UNKNOWN,
	};
	struct failure_rows rows = {0};
	size_t n = 0;
	enum err err;

	if (strength == 0 || v->strength[strength - 1].known.times == 0)
		return ERR_OK;
	f.signature = v->like.sig[strength - 1];
	err = failure_list_find(cx->db, cx->arena, &f, &order, &rows, cx->ei);
	for (size_t i = 0; err == ERR_OK && i < rows.n && n < OTHERS_MAX; i++) {
		if (rows.row[i].id == v->row.id)
			continue;
		row_failure(cx, doc_object(list, "failure"), &rows.row[i]);
		n++;
	}
	return err;
}

static void
add_build(struct page_context *cx, const struct failure_view *v)
{
	node n = doc_object(doc_content(cx->doc), "build");

	row_build(cx, n, &v->build.row);
	doc_text(n, "host", v->build.host);
	doc_text(n, "host_distro", v->build.host_distro);
	doc_text(n, "bitbake_version", v->build.bitbake_version);
}

enum err
page_failure(struct page_context *cx)
{
	struct failure_view *v = arena_zalloc(cx->arena, sizeof(*v));
	char code[FAILURE_CODE_MAX];
	enum err err = load(cx, v);

	if (err != ERR_OK)
		return err;
	/* However it was written. */
	cx->id = arena_strdup(cx->arena, failure_code(code, v->row.id));
	say(cx, v);
	add_failure(cx, v);
	add_excerpt(cx, v);
	failure_add_known(cx, v);
	failure_add_spread(cx, &v->spread, v->here,
	    failure_view_strength(&v->like) != 0
		? v->like.sig[failure_view_strength(&v->like) - 1]
		: 0);
	add_build(cx, v);
	err = failure_add_near(cx, v);
	return err == ERR_OK ? add_others(cx, v) : err;
}
