/* result_rows.c: see page_results.h. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "web/page_results.h"
#include "web/page_rows.h"
#include "web/sentence.h"

/* Of a build's page. */
#define FAILED_MAX 10

void
result_add_counts(node n, const size_t counts[RESULT_CLASSES])
{
	size_t total = 0;

	for (size_t c = 0; c < RESULT_CLASSES; c++) {
		doc_count(n, result_class_word((enum result_class)c),
		    (int64_t)counts[c]);
		total += counts[c];
	}
	doc_count(n, "tests", (int64_t)total);
}

static char *
results_link(struct page_context *cx, int build)
{
	return page_link(cx, "build/%d/results", build);
}

static void
add_turns(
    struct page_context *cx, node n, int build, const struct result_view *v)
{
	for (enum result_turn t = RESULT_FAILING; t < RESULT_TURNS; t++) {
		const char *word = result_turn_word(t);
		node turn = doc_object(n, word);
		doc_count(turn, "tests", (int64_t)v->turns[t]);
		if (row_for_sheet(cx))
			doc_text(turn, "path-url",
			    page_link_query(cx, results_link(cx, build),
				"turned", word, "run", v->run.id, NULL));
	}
}

static void
add_before(
    struct page_context *cx, node run, int build, const struct result_view *v)
{
	const struct result_before *b = &v->before;
	node n;

	if (b->build == 0)
		return;
	n = doc_object(run, "before");
	doc_int(n, "build", b->build);
	row_build_links(cx, n, b->build);
	doc_text(n, "name", b->build_name);
	doc_text(n, "id", b->name);
	doc_text(n, "commit", b->commit);
	doc_time(n, "ran", b->ran);
	result_add_counts(n, b->counts);
	add_turns(cx, n, build, v);
}

void
result_add_run(
    struct page_context *cx, node n, int build, const struct result_view *v)
{
	char *path = results_link(cx, build);

	doc_text(n, "id", v->run.id);
	doc_text(n, "type", v->run.type);
	doc_text(n, "machine", v->run.machine);
	doc_text(n, "image", v->run.image);
	doc_time(n, "ran", v->timed ? v->run.ran : TIME_UNKNOWN);
	result_add_counts(n, v->run.counts);
	doc_seconds(n, "seconds", v->run.seconds > 0 ? v->run.seconds : NAN);
	doc_bytes(n, "bytes", (double)v->size);
	doc_bool(n, "masked", v->masked > 0);
	doc_text(n, "file",
	    row_url(cx, page_link_query(cx,
			    page_link(cx, "build/%d/results/file", build),
			    "run", v->run.id, NULL)));
	if (row_for_sheet(cx))
		doc_text(n, "path-url",
		    page_link_query(cx, path, "run", v->run.id, NULL));
	add_before(cx, n, build, v);
}

void
result_add_case(
    struct page_context *cx, node n, int build, const struct result_shown *s)
{
	const struct result_case *c = s->c;
	bool gone = s->turn == RESULT_GONE;
	char *log = NULL;

	if (c->log && !gone)
		log = page_link_query(cx,
		    page_link(cx, "build/%d/results/log", build), "run",
		    s->view->run.id, "case", c->name, NULL);
	doc_text(n, "run", s->view->run.id);
	doc_text(n, "case", c->name);
	doc_text(n, "status", gone ? NULL : result_status_word(c->status));
	doc_text(n, "class",
	    gone ? "gone" : result_class_word(result_status_class(c->status)));
	doc_seconds(
	    n, "seconds", c->micros >= 0 ? (double)c->micros / 1e6 : NAN);
	doc_text(n, "turned", row_text_or_null(result_turn_word(s->turn)));
	if (gone)
		doc_text(n, "was", result_status_word(c->status));
	else if (s->view->was != NULL && s->turn != RESULT_NEW)
		doc_text(n, "was",
		    result_status_word(s->view->was[c - s->view->run.cases]));
	else
		doc_null(n, "was");
	doc_text(n, "first_line", c->first_line);
	doc_text(n, "excerpt", c->excerpt);
	doc_text(n, "log", log != NULL ? row_url(cx, log) : NULL);
}

void
result_say(struct buf *out, const struct result_views *views)
{
	char text[HUMAN_MAX];
	size_t failed = views->counts[RESULT_FAILED], total = 0, before = 0;

	for (size_t c = 0; c < RESULT_CLASSES; c++)
		total += views->counts[c];
	for (size_t i = 0; i < views->n; i++)
		before += views->view[i].before.build != 0;
	if (failed == 0)
		buf_adds(out, total > 0 ? "none of " : "no test of ");
	else
		buf_addf(out, "%s of ", human_count(text, (int64_t)failed));
	sentence_count(out, (int64_t)total, "test");
	buf_adds(out, " failed");
	if (failed > 0 && before > 0) {
		size_t n = views->turns[RESULT_FAILING];
		buf_addf(out, ", %s of them newly",
		    n > 0 ? human_count(text, (int64_t)n) : "none");
	}
	if (views->turns[RESULT_PASSING] > 0)
		buf_addf(out, ", %s pass again",
		    human_count(text, (int64_t)views->turns[RESULT_PASSING]));
}

/* ---- on the page of a build ---- */

static enum result_turn
turn_of(const struct result_view *v, size_t i)
{
	return v->turn != NULL ? (enum result_turn)v->turn[i]
			       : RESULT_AS_BEFORE;
}

/* Those that failed before as well, or those that didn't. */
static void
add_failed(struct page_context *cx, node list, int build,
    const struct result_view *v, bool as_before, size_t *n)
{
	for (size_t i = 0; i < v->run.ncases && *n < FAILED_MAX; i++) {
		const struct result_case *c = &v->run.cases[i];
		enum result_turn turn = turn_of(v, i);
		if (result_status_class(c->status) != RESULT_FAILED ||
		    (turn == RESULT_AS_BEFORE) != as_before)
			continue;
		result_add_case(cx, doc_object(list, "result"), build,
		    &(struct result_shown){v, c, turn});
		(*n)++;
	}
}

enum err
build_find_results(struct page_context *cx, int build, struct result_views *out)
{
	enum err err = result_views_load(cx->db, cx->arena, build, out, cx->ei);

	if (err != ERR_OK || out->n == 0)
		return err;
	return result_views_fill(cx->db, cx->arena, out, cx->ei);
}

void
build_add_results(
    struct page_context *cx, int build, const struct result_views *views)
{
	struct buf said = BUF_INIT;
	node results, runs, failed;
	size_t n = 0;

	results = doc_object(doc_content(cx->doc), "results");
	result_add_counts(results, views->counts);
	result_say(&said, views);
	doc_text(results, "sentence", views->n > 0 ? said.data : "");
	buf_clear(&said);
	if (row_for_sheet(cx))
		doc_text(results, "path-url", results_link(cx, build));
	runs = doc_array(results, "runs");
	for (size_t i = 0; i < views->n; i++)
		result_add_run(
		    cx, doc_object(runs, "run"), build, &views->view[i]);
	failed = doc_array(results, "failed_tests");
	for (size_t i = 0; i < 2 * views->n; i++)
		add_failed(cx, failed, build, &views->view[i % views->n],
		    i >= views->n, &n);
}
