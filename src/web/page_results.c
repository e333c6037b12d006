/* page_results.c: what the tests of a build said, /build/ID/results. */
#include "web/page_results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"
#include "json/jin.h"

#define SUITES_MAX 500 /* shown of a run */
#define CONFIGURATION_MAX ((size_t)256 << 10)

DEFINE_CLEANUP(struct jin *, cleanup_jin, jin_free);

struct view {
	struct build_info build;
	struct result_views views;
	struct list_order order;
	unsigned classes, turns; /* bits; 0: any */
	const char *q, *run, *suite;
	struct result_shown *row;
	size_t n, cap;
};

/* ---- which cases ---- */

static void
read_filter(struct page_context *cx, struct view *v)
{
	const char **word;
	size_t n = param_texts(cx, P_RESULT, &word);

	for (size_t i = 0; i < n; i++) {
		enum result_class c;
		if (result_class_parse(word[i], &c))
			v->classes |= 1U << c;
	}
	n = param_texts(cx, P_TURN, &word);
	for (size_t i = 0; i < n; i++) {
		enum result_turn t;
		if (result_turn_parse(word[i], &t))
			v->turns |= 1U << t;
	}
	v->q = param_text(cx, P_Q);
	v->run = param_text(cx, P_RUN);
	v->suite = param_text(cx, P_SUITE);
}

/* All words occur in the name or the error. */
static bool
has_words(const char *words, const struct result_case *c)
{
	struct slice rest = slice_of(words), word;
	bool more = true;
	char text[256];

	while (more) {
		more = slice_cut(&rest, ' ', &word);
		if (word.n == 0 || word.n >= sizeof(text))
			continue;
		memcpy(text, word.p, word.n);
		text[word.n] = '\0';
		if (strcasestr(c->name, text) == NULL &&
		    strcasestr(c->first_line, text) == NULL)
			return false;
	}
	return true;
}

/* "glib-2.0", or "ptestresult.glib-2.0" */
static bool
in_suite(const char *suite, const struct result_view *view,
    const struct result_case *c, bool gone)
{
	const char *group;
	size_t n = strlen(suite), have;

	if (n == 0)
		return true;
	if (gone)
		return strncmp(c->name, suite, n) == 0;
	group = view->run.groups[c->group].name;
	have = strlen(group);
	if (have < n || strcmp(group + have - n, suite) != 0)
		return false;
	return have == n || group[have - n - 1] == '.';
}

static void
add_row(struct page_context *cx, struct view *v, struct result_shown s)
{
	bool gone = s.turn == RESULT_GONE;

	if ((v->turns != 0 || gone) && (v->turns >> s.turn & 1) == 0)
		return;
	if (v->classes != 0 &&
	    (v->classes >> result_status_class(s.c->status) & 1) == 0)
		return;
	if (!has_words(v->q, s.c) || !in_suite(v->suite, s.view, s.c, gone))
		return;
	v->row =
	    arena_grow(cx->arena, v->row, &v->cap, v->n + 1, sizeof(*v->row));
	v->row[v->n++] = s;
}

/* What is gone stands there only when it is asked for. */
static void
choose_rows(struct page_context *cx, struct view *v)
{
	for (size_t k = 0; k < v->views.n; k++) {
		const struct result_view *view = &v->views.view[k];
		if (v->run[0] != '\0' && strcmp(v->run, view->run.id) != 0)
			continue;
		for (size_t i = 0; i < view->run.ncases; i++)
			add_row(cx, v,
			    (struct result_shown){view, &view->run.cases[i],
				view->turn != NULL
				    ? (enum result_turn)view->turn[i]
				    : RESULT_AS_BEFORE});
		for (size_t i = 0; i < view->ngone; i++)
			add_row(cx, v,
			    (struct result_shown){
				view, &view->gone[i], RESULT_GONE});
	}
}

/* ---- in which order ---- */

static const char *const keys[] = {"status", "case", "seconds", NULL};

/* What is to be looked at comes first. */
static int
rank(const struct result_shown *s)
{
	static const int of[RESULT_CLASSES] = {[RESULT_FAILED] = 0,
	    [RESULT_OTHER] = 1,
	    [RESULT_BLOCKED] = 2,
	    [RESULT_EXPECTED] = 3,
	    [RESULT_SKIPPED] = 4,
	    [RESULT_PASSED] = 5};
	int r = 2 * of[result_status_class(s->c->status)];

	return s->turn == RESULT_AS_BEFORE ? r + 1 : r;
}

static int
by_place(const struct result_shown *a, const struct result_shown *b)
{
	int order = strcmp(a->c->name, b->c->name);

	if (order != 0)
		return order;
	return (a->view->run.ran > b->view->run.ran) -
	       (a->view->run.ran < b->view->run.ran);
}

static int
by_status(const void *x, const void *y)
{
	const struct result_shown *a = x, *b = y;
	int order = rank(a) - rank(b);

	return order != 0 ? order : by_place(a, b);
}

static int
by_case(const void *x, const void *y)
{
	return by_place(x, y);
}

static int
by_seconds(const void *x, const void *y)
{
	const struct result_shown *a = x, *b = y;
	int order =
	    (a->c->micros > b->c->micros) - (a->c->micros < b->c->micros);

	return order != 0 ? order : by_place(a, b);
}

static void
sort_rows(struct view *v)
{
	int (*compare)(const void *, const void *) =
	    strcmp(v->order.key, "status") == 0 ? by_status
	    : strcmp(v->order.key, "case") == 0 ? by_case
						: by_seconds;

	if (v->n > 1)
		qsort(v->row, v->n, sizeof(*v->row), compare);
	for (size_t i = 0; v->order.down && i < v->n / 2; i++) {
		struct result_shown s = v->row[i];
		v->row[i] = v->row[v->n - 1 - i];
		v->row[v->n - 1 - i] = s;
	}
}

/* ---- the document ---- */

static int
by_name(const void *x, const void *y)
{
	const struct result_group *a = x, *b = y;

	return strcmp(a->name, b->name);
}

static void
count_group(const struct result_run *run, const char *name,
    size_t counts[RESULT_CLASSES])
{
	const struct result_group key = {.name = name}, *g = NULL;

	if (run->ngroups > 0)
		g = bsearch(
		    &key, run->groups, run->ngroups, sizeof(key), by_name);
	for (size_t i = 0; g != NULL && i < g->n; i++)
		counts[result_status_class(run->cases[g->first + i].status)]++;
}

static void
add_variable(struct page_context *cx, node list, const struct jin_at *at)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	struct slice s;
	node n = doc_object(list, "variable");

	doc_text(n, "name", utf8_scrub(cx->arena, at->key, strlen(at->key)));
	if (!jin_bytes(at, &s)) {
		jin_write_sorted(at, NULL, &text);
		s = (struct slice){text.data, text.len};
	}
	doc_text(n, "value", utf8_scrub(cx->arena, s.p, s.n));
}

/* It was read when it was stored. */
static void
add_configuration(struct page_context *cx, node run, const char *json)
{
	CLEANUP(cleanup_jin) struct jin *j = NULL;
	node list = doc_values(run, "configuration");
	struct jin_members each;
	struct jin_at top, at;
	struct errinfo ei;

	if (jin_parse("configuration", slice_of(json), CONFIGURATION_MAX, &j,
		&ei) != ERR_OK)
		return;
	top = jin_top(j);
	if (jin_members(&top, &each, &ei) != ERR_OK)
		return;
	while (jin_members_next(&each, &at))
		add_variable(cx, list, &at);
}

static void
add_suite(struct page_context *cx, node suites, const struct view *v,
    const struct result_view *view, const struct result_suite *s)
{
	char *path = page_link(cx, "build/%d/results", v->build.row.id);
	const char *group =
	    arena_printf(cx->arena, "%sresult.%s", s->kind, s->name);
	size_t counts[RESULT_CLASSES] = {0};
	node n = doc_object(suites, "suite");

	count_group(&view->run, group, counts);
	doc_text(n, "kind", s->kind);
	doc_text(n, "name", s->name);
	result_add_counts(n, counts);
	doc_seconds(n, "seconds", s->seconds);
	doc_text(n, "exit", row_text_or_null(s->exit));
	doc_bool(n, "timeout", s->timeout);
	doc_bytes(n, "log_bytes", s->log ? (double)s->log_size : NAN);
	doc_text(n, "log",
	    !s->log
		? NULL
		: row_url(cx, page_link_query(cx,
				  page_link(cx, "build/%d/results/log",
				      v->build.row.id),
				  "run", view->run.id, "suite", group, NULL)));
	if (row_for_sheet(cx))
		doc_text(n, "path-url",
		    page_link_query(
			cx, path, "suite", group, "run", view->run.id, NULL));
}

static void
add_runs(struct page_context *cx, const struct view *v)
{
	node runs = doc_array(doc_content(cx->doc), "runs");

	for (size_t i = 0; i < v->views.n; i++) {
		const struct result_view *view = &v->views.view[i];
		node n = doc_object(runs, "run"), suites;
		result_add_run(cx, n, v->build.row.id, view);
		add_configuration(cx, n, view->run.configuration);
		suites = doc_array(n, "suites");
		for (size_t k = 0; k < view->run.nsuites && k < SUITES_MAX; k++)
			add_suite(cx, suites, v, view, &view->run.suites[k]);
	}
}

static void
add_rows(struct page_context *cx, const struct view *v)
{
	node list = doc_array(doc_content(cx->doc), "results");
	size_t from = (size_t)v->order.offset;

	for (size_t i = from; i < v->n && i < from + (size_t)v->order.limit;
	     i++)
		result_add_case(cx, doc_object(list, "result"), v->build.row.id,
		    &v->row[i]);
}

static void
say(struct page_context *cx, const struct view *v)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, "Tests of ");
	sentence_target(&b, &v->build.row);
	buf_adds(&b, ": ");
	if (v->views.n == 0)
		buf_adds(&b, "none are known");
	else
		result_say(&b, &v->views);
	row_sentence(cx, &b);
}

enum err
page_results(struct page_context *cx)
{
	struct view v = {0};
	enum err err = row_order(cx, keys, "status", &v.order);

	if (err == ERR_OK)
		err = row_find_build(cx, &v.build);
	if (err == ERR_OK)
		err = build_find_results(cx, v.build.row.id, &v.views);
	if (err != ERR_OK)
		return err;
	read_filter(cx, &v);
	choose_rows(cx, &v);
	sort_rows(&v);
	say(cx, &v);
	page_table(cx, "results", (int64_t)v.n);
	row_build(cx, doc_object(doc_content(cx->doc), "build"), &v.build.row);
	page_column(cx, "status", "Result");
	page_column(cx, "case", "Test");
	page_column(cx, "-seconds", "Time");
	add_runs(cx, &v);
	add_rows(cx, &v);
	return ERR_OK;
}
