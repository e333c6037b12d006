/* page_builds.c: the search for builds, /builds. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/build_list.h"
#include "web/page_facets.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"

/* People see "more than 500", scripts get the exact number.  What an index
 * alone can count is counted further. */
#define COUNT_CAP 500
#define INDEX_COUNT_CAP 10000

static int64_t
count_cap(const struct page_context *cx, const struct list_order *order)
{
	static const enum param costly[] = {P_DISTRO, P_IMAGE, P_PACKAGE,
	    P_TASK, P_BRANCH, P_COMMIT, P_LAYER, P_TAG, P_Q};

	if (row_is_exact(cx))
		return 0;
	for (size_t i = 0; i < sizeof(costly) / sizeof(costly[0]); i++)
		if (param_given(cx, costly[i]))
			return order->offset + COUNT_CAP;
	return order->offset + INDEX_COUNT_CAP;
}

static void
add_columns(struct page_context *cx)
{
	page_column(cx, "-started", "Started");
	page_column(cx, "name", "Build");
	page_column(cx, "image", "Image");
	page_column(cx, "machine", "Machine");
	page_column(cx, "distro", "Distro");
	page_column(cx, "builder", "Builder");
	page_column(cx, "branch", "Branch");
	page_column(cx, "status", "Status");
	page_column(cx, "-elapsed", "Took");
	page_column(cx, "-packages", "Packages");
	page_column(cx, "-tasks", "Tasks");
	page_column(cx, "-failed", "Failed");
}

/* A page that isn't full tells the total by itself. */
static enum err
find_total(struct page_context *cx, const struct build_filter *f,
    const struct list_order *order, size_t n, int64_t *total)
{
	*total = order->offset + (int64_t)n;
	if ((int64_t)n < order->limit && (n > 0 || order->offset == 0))
		return ERR_OK;
	return build_list_count(
	    cx->db, cx->arena, f, count_cap(cx, order), total, cx->ei);
}

static void
say(struct page_context *cx, const struct build_filter *f,
    const struct build_list *list, const struct list_order *order,
    int64_t total)
{
	struct buf b = BUF_INIT;
	bool newest_first = order->offset == 0 && order->down &&
			    strcmp(order->key, "started") == 0;
	int64_t cap = count_cap(cx, order);
	bool capped = cap > 0 && total > cap;
	struct builds_asked asked = {
	    .filter = f,
	    .until = param_text(cx, P_UNTIL),
	    .total = capped ? cap : total,
	    .capped = capped,
	    .now = cx->now,
	    .latest = newest_first && list->n > 0 ? &list->row[0] : NULL,
	};

	sentence_builds(&b, &asked);
	row_sentence(cx, &b);
}

static int64_t
changed(const struct build_row *b)
{
	return isfinite(b->elapsed) ? b->started + (int64_t)(b->elapsed * 1e6)
				    : b->started;
}

static void
add_feed(struct page_context *cx, const struct build_list *list)
{
	struct row_feed f = {"feed/builds.atom", "builds", TIME_UNKNOWN};

	for (size_t i = 0; i < list->n; i++)
		if (f.updated == TIME_UNKNOWN ||
		    changed(&list->row[i]) > f.updated)
			f.updated = changed(&list->row[i]);
	row_feed(cx, &f);
}

/* A feed's entry is named by the sentence, and new whenever that changes. */
static void
add_entry(struct page_context *cx, node n, const struct build_row *b)
{
	struct buf text = BUF_INIT;

	sentence_build(&text, b, "", "", cx->now);
	doc_text(n, "sentence", text.data);
	buf_clear(&text);
	doc_time(n, "updated", changed(b));
}

static void
add_rows(struct page_context *cx, const struct build_list *list)
{
	node builds = doc_array(doc_content(cx->doc), "builds");

	for (size_t i = 0; i < list->n; i++) {
		node n = doc_object(builds, "build");
		row_build(cx, n, &list->row[i]);
		if (cx->form == FORM_ATOM)
			add_entry(cx, n, &list->row[i]);
	}
}

enum err
page_builds(struct page_context *cx)
{
	struct build_filter f;
	struct list_order order;
	struct build_list list;
	int64_t total;
	enum err err = row_order(cx, build_list_keys, "-started", &order);

	if (err != ERR_OK)
		return err;
	row_filter(cx, &f);
	err = build_list_find(cx->db, cx->arena, &f, &order, &list, cx->ei);
	if (err == ERR_OK)
		err = find_total(cx, &f, &order, list.found, &total);
	if (err != ERR_OK)
		return err;
	say(cx, &f, &list, &order, total);
	row_table(cx, "builds", total, count_cap(cx, &order));
	add_columns(cx);
	add_feed(cx, &list);
	add_rows(cx, &list);
	return facets_add(cx, true);
}
