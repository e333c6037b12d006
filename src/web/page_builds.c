/* page_builds.c: the search for builds, /builds. */
#include <string.h>

#include "base/arena.h"
#include "model/build_list.h"
#include "model/status_word.h"
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

	if (cx->form != FORM_HTML)
		return 0;
	for (size_t i = 0; i < sizeof(costly) / sizeof(costly[0]); i++)
		if (param_given(cx, costly[i]))
			return order->offset + COUNT_CAP;
	return order->offset + INDEX_COUNT_CAP;
}

static void
read_filter(struct page_context *cx, struct build_filter *f)
{
	const char **tags;
	unsigned statuses = row_statuses(cx);

	*f = (struct build_filter){
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
	    .since = param_time(cx, P_SINCE),
	    .until = param_time(cx, P_UNTIL),
	    .exact = cx->form != FORM_HTML,
	};
	f->ntags = param_texts(cx, P_TAG, &tags);
	f->tags = tags;
	for (int i = 0; i < 4; i++)
		if (statuses & 1U << i)
			f->statuses[f->nstatuses++] = (enum build_status)i;
}

static bool
is_selected(struct page_context *cx, const struct facet *f)
{
	static const struct {
		const char *kind;
		enum param param;
	} kinds[] = {{"builder", P_BUILDER}, {"machine", P_MACHINE},
	    {"distro", P_DISTRO}, {"image", P_IMAGE}, {"branch", P_BRANCH},
	    {"layer", P_LAYER}, {"tag", P_TAG}};

	if (strcmp(f->kind, "task") == 0)
		return strcmp(row_task_name(cx), f->name) == 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char **value;
		if (strcmp(kinds[i].kind, f->kind) != 0)
			continue;
		size_t n = param_texts(cx, kinds[i].param, &value);
		for (size_t k = 0; k < n; k++)
			if (strcmp(value[k], f->name) == 0)
				return true;
	}
	return false;
}

static void
add_option(node facet, const char *value, bool selected)
{
	node option = doc_object(facet, "option");

	doc_text(option, "value", value);
	doc_bool(option, "selected", selected);
}

static void
add_statuses(struct page_context *cx, node facets)
{
	node facet = doc_object(facets, "facet");
	unsigned set = row_statuses(cx);

	doc_text(facet, "name", "status");
	for (int i = BUILD_RUNNING; i <= BUILD_INCOMPLETE; i++)
		add_option(facet, build_status_word((enum build_status)i),
		    (set & 1U << i) != 0);
}

static enum err
add_facets(struct page_context *cx)
{
	node facets, facet = NULL;
	struct facet *f;
	size_t n;
	enum err err;

	if (cx->form == FORM_JSON || cx->form == FORM_CSV)
		return ERR_OK;
	err = build_facets(cx->db, cx->arena, &f, &n, cx->ei);
	if (err != ERR_OK)
		return err;
	facets = doc_aside(doc_content(cx->doc), "facets");
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || strcmp(f[i].kind, f[i - 1].kind) != 0) {
			facet = doc_object(facets, "facet");
			doc_text(facet, "name", f[i].kind);
		}
		add_option(facet, f[i].name, is_selected(cx, &f[i]));
	}
	add_statuses(cx, facets);
	return ERR_OK;
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

enum err
page_builds(struct page_context *cx)
{
	struct build_filter f;
	struct list_order order;
	struct build_list list;
	int64_t total;
	node builds;
	enum err err = row_order(cx, build_list_keys, "-started", &order);

	if (err != ERR_OK)
		return err;
	read_filter(cx, &f);
	err = build_list_find(cx->db, cx->arena, &f, &order, &list, cx->ei);
	if (err == ERR_OK)
		err = find_total(cx, &f, &order, list.found, &total);
	if (err != ERR_OK)
		return err;
	say(cx, &f, &list, &order, total);
	row_table(cx, "builds", total, count_cap(cx, &order));
	add_columns(cx);
	builds = doc_array(doc_content(cx->doc), "builds");
	for (size_t i = 0; i < list.n; i++)
		row_build(cx, doc_object(builds, "build"), &list.row[i]);
	return add_facets(cx);
}
