/* page_failures.c: the search for failures, /failures, and its feed. */
#include <string.h>

#include "base/arena.h"
#include "model/failure_near.h"
#include "model/failure_store.h"
#include "web/page_facets.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/request.h"
#include "web/sentence_failure.h"
#include "web/sentence_failures.h"

/*
 * What an index alone can count is counted so far, what needs the rows or the
 * build not as far, and matches of words only as far as the page shows that
 * there are more.  Programs get exact numbers, but for words.
 */
#define INDEX_COUNT_CAP 1000
#define COUNT_CAP 500
#define WORDS_COUNT_CAP 1000

struct view {
	struct failure_filter filter;
	struct list_order order;
	struct failure_rows rows;
	bool near; /* ranked by nearness to the build of build= */
	bool more; /* than the page holds */
	int64_t total, cap;
};

static void
read_filter(struct page_context *cx, struct view *v)
{
	const char **tags;
	struct failure_filter *f = &v->filter;

	*f = (struct failure_filter){
	    .builder = param_text(cx, P_BUILDER),
	    .machine = param_text(cx, P_MACHINE),
	    .distro = param_text(cx, P_DISTRO),
	    .image = param_text(cx, P_IMAGE),
	    .branch = param_text(cx, P_BRANCH),
	    .layer = param_text(cx, P_LAYER),
	    .commit = param_text(cx, P_COMMIT),
	    .package = param_text(cx, P_PACKAGE),
	    .task = row_task_name(cx),
	    .q = param_text(cx, P_Q),
	    .build = v->near ? 0 : (int)param_int(cx, P_BUILD),
	    .signature = (int)param_int(cx, P_SIGNATURE),
	    .statuses = row_statuses(cx),
	    .since = param_time(cx, P_SINCE),
	    .until = param_time(cx, P_UNTIL),
	    .exact = cx->request->table->pieces,
	    .similar_max = row_is_exact(cx) ? KNOWN_MAX : SIMILAR_SHOWN,
	};
	f->ntags = param_texts(cx, P_TAG, &tags);
	f->tags = tags;
}

static enum err
read_order(struct page_context *cx, struct view *v)
{
	enum err err;

	v->near = strcmp(param_text(cx, P_SORT), "near") == 0;
	if (v->near && !param_given(cx, P_BUILD))
		return err_set(cx->ei, ERR_INPUT,
		    "The order near takes a build, too: build=ID, what is "
		    "near to it comes first.");
	if (!v->near)
		return row_order(cx, failure_list_keys, "-seen", &v->order);
	err = row_order(
	    cx, (const char *const[]){"near", NULL}, "near", &v->order);
	v->order.key = "seen";
	v->order.down = true;
	return err;
}

/* ---- finding ---- */

/* The newest matches, the nearest of them first. */
static enum err
find_near(struct page_context *cx, struct view *v)
{
	struct list_order newest = {"seen", true, 0, FAILURES_NEAR_MAX};
	struct failure_rows all;
	int64_t from = v->order.offset, left;
	enum err err = failure_list_find(
	    cx->db, cx->arena, &v->filter, &newest, &all, cx->ei);

	if (err == ERR_OK)
		err = failures_by_nearness(
		    cx->db, cx->arena, param_text(cx, P_BUILD), &all, cx->ei);
	if (err != ERR_OK)
		return err;
	left = from < (int64_t)all.n ? (int64_t)all.n - from : 0;
	v->rows.row = all.row + (left > 0 ? from : 0);
	v->rows.n = (size_t)(left < v->order.limit ? left : v->order.limit);
	v->total = (int64_t)all.n;
	return ERR_OK;
}

static int64_t
count_cap(const struct page_context *cx, const struct view *v)
{
	static const enum param costly[] = {
	    P_DISTRO, P_IMAGE, P_BRANCH, P_COMMIT, P_LAYER, P_TAG, P_STATUS};

	if (param_given(cx, P_Q))
		return v->filter.exact ? 0 : v->order.offset + WORDS_COUNT_CAP;
	if (row_is_exact(cx))
		return 0;
	for (size_t i = 0; i < sizeof(costly) / sizeof(costly[0]); i++)
		if (param_given(cx, costly[i]))
			return v->order.offset + COUNT_CAP;
	return v->order.offset + INDEX_COUNT_CAP;
}

/* A page that isn't full tells the total by itself. */
static enum err
find_total(struct page_context *cx, struct view *v)
{
	int64_t end = v->order.offset + (int64_t)v->rows.n;
	bool told = v->rows.n > 0 || v->order.offset == 0;

	v->total = end;
	if (!v->more && told)
		return ERR_OK;
	if (v->more && param_given(cx, P_Q) && !row_is_exact(cx)) {
		v->cap = end;
		v->total = end + 1;
		return ERR_OK;
	}
	v->cap = count_cap(cx, v);
	return failure_list_count(
	    cx->db, cx->arena, &v->filter, v->cap, &v->total, cx->ei);
}

/* One more than a page is asked for, which tells whether there are more. */
static enum err
find(struct page_context *cx, struct view *v)
{
	struct list_order order = v->order;
	enum err err;

	if (v->near)
		return find_near(cx, v);
	order.limit++;
	err = failure_list_find(
	    cx->db, cx->arena, &v->filter, &order, &v->rows, cx->ei);
	if (err != ERR_OK)
		return err;
	v->more = (int64_t)v->rows.n > v->order.limit;
	if (v->more)
		v->rows.n--;
	return find_total(cx, v);
}

/* ---- the document ---- */

static void
add_columns(struct page_context *cx)
{
	page_column(cx, "-seen", "When");
	page_column(cx, "recipe", "Recipe");
	page_column(cx, "task", "Task");
	page_column(cx, "machine", "Machine");
	page_column(cx, "distro", "Distro");
	page_column(cx, "builder", "Builder");
}

static void
say(struct page_context *cx, const struct view *v)
{
	struct buf b = BUF_INIT;
	bool capped = v->cap > 0 && v->total > v->cap;
	bool newest_first = v->order.offset == 0 && v->order.down &&
			    strcmp(v->order.key, "seen") == 0;
	struct failures_asked asked = {
	    .filter = &v->filter,
	    .until = param_text(cx, P_UNTIL),
	    .total = capped ? v->cap : v->total,
	    .capped = capped,
	    .now = cx->now,
	    .latest = newest_first && v->rows.n > 0 ? &v->rows.row[0] : NULL,
	};

	sentence_failures(&b, &asked);
	row_sentence(cx, &b);
}

/* A feed's entry is named by the sentence. */
static void
add_entry(struct page_context *cx, node n, const struct failure_row *f)
{
	struct buf b = BUF_INIT;
	const struct failure_said said = {
	    .kind = f->kind,
	    .recipe = f->recipe,
	    .task = f->task,
	    .machine = f->machine,
	    .first_line = f->first_line,
	    .known = {.times = f->similar,
		.first = TIME_UNKNOWN,
		.last = TIME_UNKNOWN},
	    .now = cx->now,
	};

	sentence_failure(&b, &said);
	doc_text(n, "sentence", b.data);
	buf_clear(&b);
}

static void
add_rows(struct page_context *cx, const struct view *v)
{
	node list = doc_array(doc_content(cx->doc), "failures");

	for (size_t i = 0; i < v->rows.n; i++) {
		node n = doc_object(list, "failure");
		row_failure_in_table(cx, n, &v->rows.row[i]);
		if (cx->form == FORM_ATOM)
			add_entry(cx, n, &v->rows.row[i]);
	}
}

/* With words, a page that is full says only that there are more. */
static void
add_table(struct page_context *cx, const struct view *v)
{
	bool more = v->cap > 0 && v->total > v->cap;

	page_table(cx, "failures", v->total);
	if (more)
		doc_bool(doc_content(cx->doc), "capped", true);
}

static void
add_feed(struct page_context *cx, const struct view *v)
{
	struct row_feed f = {"feed/failures.atom", "failures", TIME_UNKNOWN};

	for (size_t i = 0; i < v->rows.n; i++)
		if (f.updated == TIME_UNKNOWN ||
		    v->rows.row[i].seen > f.updated)
			f.updated = v->rows.row[i].seen;
	row_feed(cx, &f);
}

enum err
page_failures(struct page_context *cx)
{
	struct view v = {0};
	enum err err = read_order(cx, &v);

	if (err != ERR_OK)
		return err;
	read_filter(cx, &v);
	err = find(cx, &v);
	if (err != ERR_OK)
		return err;
	say(cx, &v);
	add_table(cx, &v);
	add_columns(cx);
	add_feed(cx, &v);
	add_rows(cx, &v);
	return facets_add(cx, false);
}
