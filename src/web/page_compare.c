/* page_compare.c: builds side by side, /compare. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "model/compare_find.h"
#include "model/metric_unit.h"
#include "web/compare_view.h"
#include "web/page_base.h"
#include "web/page_rows.h"
#include "web/pages.h"

const char *
compare_letter(size_t i)
{
	static const char *const letters[COMPARE_BUILDS_MAX] = {
	    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J"};

	return letters[i];
}

/* ---- values ---- */

/* A build's tasks and their values; all NAN if it has no such metric. */
static enum err
load_tasks(struct page_context *cx, const struct build_row *b,
    const char *metric, struct task_table **t, const double **value)
{
	enum err err =
	    task_table_load(cx->db, cx->arena, b->id, b->started, t, cx->ei);

	return err == ERR_OK ? row_values(cx, *t, metric, value) : err;
}

static enum err
find_build(struct page_context *cx, int64_t id, struct build_info *out)
{
	return build_find(cx->db, cx->arena,
	    arena_printf(cx->arena, "%lld", (long long)id), out, cx->ei);
}

static enum err
add_build(struct page_context *cx, struct compare_view *v, int64_t id)
{
	struct compare_column *c = &v->column[v->n];
	const double *value;
	enum err err = find_build(cx, id, &c->info);

	if (err == ERR_OK)
		err =
		    load_tasks(cx, &c->info.row, v->metric, &c->table, &value);
	if (err != ERR_OK)
		return err;
	c->lacks_metric = !task_table_has(c->table, v->metric);
	compare_add(v->compare, c->table, value);
	v->n++;
	return ERR_OK;
}

/* ---- what they are compared with ---- */

/* The median of the builds before the first one, which stands beside it. */
static enum err
add_median(
    struct page_context *cx, struct compare_view *v, int64_t first, size_t want)
{
	const struct task_table *table[COMPARE_BUILDS_MAX];
	const double *value[COMPARE_BUILDS_MAX];
	struct compare_column *c = &v->column[v->n];
	int32_t id[COMPARE_BUILDS_MAX];
	struct build_info info;
	size_t n;
	enum err err = find_build(cx, first, &info);

	if (err == ERR_OK)
		err = compare_before(cx->db, &info.row, want, id, &n, cx->ei);
	if (err != ERR_OK)
		return err;
	if (n == 0)
		return err_set(cx->ei, ERR_NOT_FOUND,
		    "No successful build of the same machine, distro, image "
		    "and builder is older than build %lld.",
		    (long long)first);
	/* Oldest first: the latest gives the versions. */
	for (size_t i = 0; i < n && err == ERR_OK; i++) {
		struct task_table *t = NULL;
		err = find_build(cx, id[n - 1 - i], &c->info);
		if (err == ERR_OK)
			err = load_tasks(
			    cx, &c->info.row, v->metric, &t, &value[i]);
		table[i] = t;
	}
	if (err != ERR_OK)
		return err;
	compare_add_median(v->compare, table, value, n);
	c->median = n;
	v->n++;
	return ERR_OK;
}

static enum err
add_base(struct page_context *cx, struct compare_view *v, int64_t first)
{
	struct base_asked base;
	enum err err = base_read(cx, COMPARE_BUILDS_MAX, &base);

	if (err != ERR_OK)
		return err;
	if (base.build != 0)
		return add_build(cx, v, base.build);
	if (base.median == 0)
		return ERR_OK;
	if (first == 0)
		return err_set(cx->ei, ERR_INPUT,
		    "The parameter base: a median is of the builds before one; "
		    "say which with build.");
	return add_median(cx, v, first, base.median);
}

/* All that is shown of the builds besides their rows. */
static enum err
load_layers(struct page_context *cx, struct compare_view *v)
{
	int32_t id[COMPARE_BUILDS_MAX];
	struct layers_of all;
	enum err err;

	for (size_t i = 0; i < v->n; i++)
		id[i] = v->column[i].info.row.id;
	err = build_layers(cx->db, cx->arena, id, v->n, &all, cx->ei);
	for (size_t i = 0; err == ERR_OK && i < v->n; i++)
		v->column[i].info.nlayers = layers_of_build(
		    cx->arena, &all, id[i], &v->column[i].info.layers);
	return err;
}

/* ---- options ---- */

static enum compare_by
read_by(struct page_context *cx)
{
	const char *by = param_text(cx, P_BY);

	return strcmp(by, "package") == 0 ? COMPARE_PACKAGE
	       : strcmp(by, "type") == 0  ? COMPARE_TYPE
	       : strcmp(by, "build") == 0 ? COMPARE_BUILD
					  : COMPARE_TASK;
}

static void
read_options(struct page_context *cx, struct compare_view *v)
{
	v->metric =
	    param_given(cx, P_METRIC) ? param_text(cx, P_METRIC) : "elapsed";
	v->unit = metric_unit(v->metric);
	v->options = (struct compare_options){
	    .by = read_by(cx),
	    .largest = strcmp(v->unit, "KiB") == 0,
	    .all = param_int(cx, P_ALL) != 0,
	    .package = param_text(cx, P_PACKAGE),
	    .task = row_task_name(cx),
	    .min = param_given(cx, P_LEAST) ? param_real(cx, P_LEAST) : 0,
	    .min_diff = param_given(cx, P_DIFF) ? param_real(cx, P_DIFF) : 0,
	    .min_share =
		param_given(cx, P_SHARE) ? param_real(cx, P_SHARE) / 100 : 0,
	};
}

/* The metrics of the first build that has its tasks, and the one asked for. */
static void
add_options(struct page_context *cx, const struct compare_view *v)
{
	const struct task_table *t = NULL;

	if (!row_for_sheet(cx))
		return;
	for (size_t i = v->n; i-- > 0;)
		if (v->column[i].table != NULL)
			t = v->column[i].table;
	row_metric_options(
	    doc_aside(doc_content(cx->doc), "options"), t, v->metric);
}

/* ---- the page ---- */

/* Too few builds: what could stand beside them. */
static enum err
offer(struct page_context *cx, struct compare_view *v)
{
	const struct build_row *one = v->n > 0 ? &v->column[0].info.row : NULL;
	struct build_list list;
	node array;
	enum err err =
	    compare_candidates(cx->db, cx->arena, one, &list, cx->ei);

	if (err != ERR_OK)
		return err;
	if (one != NULL)
		page_sentence(
		    cx, "What should build %s be compared with?", one->name);
	else
		page_sentence(cx, "Which builds should be compared?");
	compare_add_builds(cx, v);
	doc_array(doc_content(cx->doc), "rows");
	page_table(cx, "rows", 0);
	array = doc_array(doc_content(cx->doc), "candidates");
	for (size_t i = 0; i < list.n; i++) {
		node n = doc_object(array, "build");
		char *id = arena_printf(cx->arena, "%d", list.row[i].id);
		row_build(cx, n, &list.row[i]);
		if (row_for_sheet(cx))
			doc_text(n, "with-url",
			    page_link_query(cx, "compare", "build", id, "build",
				one != NULL
				    ? arena_printf(cx->arena, "%d", one->id)
				    : "",
				NULL));
	}
	return ERR_OK;
}

static enum err
sort_rows(struct page_context *cx, struct compare_view *v)
{
	const char *key = param_text(cx, P_SORT);
	bool down = key[0] == '-';

	if (key[0] == '\0' || compare_sort(&v->result, key + down, down))
		return ERR_OK;
	return err_set(cx->ei, ERR_INPUT,
	    "The parameter sort takes diff, share, recipe, task, or the number "
	    "of a column from 1 to %d, with - in front downwards; not "
	    "\"%.60s\".",
	    COMPARE_BUILDS_MAX, key);
}

static void
add_columns(struct page_context *cx, const struct compare_view *v)
{
	char key[24];

	page_column(cx, "recipe", "Recipe");
	page_column(cx, "task", "Task");
	for (size_t i = 0; i < v->n; i++) {
		snprintf(key, sizeof(key), "-%zu", i + 1);
		page_column(cx, key, compare_letter(i));
	}
	page_column(cx, "-diff", "Difference");
	page_column(cx, "-share", "Change");
}

static enum err
fill(struct page_context *cx, struct compare_view *v)
{
	struct paging p = page_paging(cx);
	size_t n = v->result.n, from = n, to;
	node total;
	enum err err;

	if ((uint64_t)p.offset < n)
		from = (size_t)p.offset;
	to = (uint64_t)p.limit < n - from ? from + (size_t)p.limit : n;
	compare_say(cx, v);
	doc_text(doc_content(cx->doc), "metric", v->metric);
	doc_text(doc_content(cx->doc), "unit", v->unit);
	doc_text(doc_content(cx->doc), "by",
	    param_given(cx, P_BY) ? param_text(cx, P_BY) : "task");
	doc_count(doc_content(cx->doc), "shared", (int64_t)v->result.shared);
	compare_add_builds(cx, v);
	page_table(cx, "rows", (int64_t)n);
	add_columns(cx, v);
	compare_add_rows(cx, v, from, to);
	total = doc_object(doc_content(cx->doc), "total");
	doc_reals(total, "values", v->result.sum, v->n);
	compare_add_changes(cx, v);
	compare_add_environment(cx, v);
	compare_add_histogram(cx, v);
	add_options(cx, v);
	err = compare_add_numbers(cx, v);
	return err == ERR_OK ? compare_add_sizes(cx, v) : err;
}

enum err
page_compare(struct page_context *cx)
{
	struct compare_view *v = arena_zalloc(cx->arena, sizeof(*v));
	int64_t *id;
	size_t n = param_ints(cx, P_BUILDS, &id);
	enum err err;

	if (n + param_given(cx, P_BASE) > COMPARE_BUILDS_MAX)
		return err_set(cx->ei, ERR_INPUT,
		    "A comparison takes up to %d builds, not %zu.",
		    COMPARE_BUILDS_MAX, n + param_given(cx, P_BASE));
	read_options(cx, v);
	v->compare = compare_new(cx->arena);
	err = add_base(cx, v, n > 0 ? id[0] : 0);
	for (size_t i = 0; i < n && err == ERR_OK; i++)
		err = add_build(cx, v, id[i]);
	if (err != ERR_OK)
		return err;
	if (v->n < 2)
		return offer(cx, v);
	if ((err = load_layers(cx, v)) != ERR_OK)
		return err;
	compare_make(v->compare, &v->options, &v->result);
	v->nchanges = compare_changes(v->compare, &v->change);
	if ((err = sort_rows(cx, v)) != ERR_OK)
		return err;
	return fill(cx, v);
}
