/* page_build.c: one build, /build/ID. */
#include "web/page_build.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/package_list.h"
#include "model/task_stats.h"
#include "model/top_rows.h"
#include "web/page_results.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"

#define LONGEST_TASKS 10
#define LONGEST_PACKAGES 20
#define TYPES_MAX 10

static double
sum_of(const double *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		if (isfinite(v[i]))
			sum += v[i];
	return sum;
}

enum err
build_view_load(struct page_context *cx, struct build_view *v)
{
	struct task_column column;
	enum err err = row_find_build(cx, &v->info);

	if (err == ERR_OK)
		err = build_info_more(cx->db, cx->arena, &v->info, cx->ei);
	if (err == ERR_OK)
		err = task_table_load(cx->db, cx->arena, v->info.row.id,
		    v->info.row.started, &v->table, cx->ei);
	if (err != ERR_OK || !task_table_has(v->table, "cputime"))
		return err;
	err = task_table_column(
	    cx->db, cx->arena, v->table, "cputime", &column, cx->ei);
	if (err == ERR_OK)
		v->cputime = column.value;
	return err;
}

static double
cputime_of(const struct build_view *v, uint32_t i)
{
	return v->cputime != NULL ? v->cputime[i] : NAN;
}

/* ---- what took longest ---- */

static void
add_longest(struct page_context *cx, const struct build_view *v)
{
	const struct task_table *t = v->table;
	node list = doc_array(doc_content(cx->doc), "longest");
	uint32_t *row = arena_alloc(cx->arena, (t->n + 1) * sizeof(*row));
	size_t n;

	for (size_t i = 0; i < t->n; i++)
		row[i] = (uint32_t)i;
	n = top_rows(row, t->n, t->elapsed, true, LONGEST_TASKS);
	for (size_t i = 0; i < n && t->elapsed[row[i]] >= 0; i++) {
		node task = doc_object(list, "task");
		row_task(cx, task, t, row[i], cputime_of(v, row[i]));
		row_width(cx, task, t->elapsed[row[i]], t->elapsed[row[0]]);
	}
}

static void
add_types(struct page_context *cx, const struct build_view *v)
{
	node list = doc_array(doc_content(cx->doc), "types");
	struct task_type *type;
	size_t n = task_types(cx->arena, v->table, v->cputime, &type);
	bool cpu = v->cputime != NULL;

	for (size_t i = 0; i < n && i < TYPES_MAX; i++) {
		node y = doc_object(list, "type");
		doc_text(y, "task", type[i].task);
		doc_count(y, "tasks", (int64_t)type[i].tasks);
		doc_seconds(y, "elapsed", type[i].elapsed);
		doc_seconds(y, "cputime", cpu ? type[i].cputime : NAN);
		doc_text(y, "tasks-url",
		    page_link_query(cx,
			page_link(cx, "build/%d/tasks", v->info.row.id), "task",
			type[i].task, NULL));
		row_width(cx, y, cpu ? type[i].cputime : type[i].elapsed,
		    cpu ? type[0].cputime : type[0].elapsed);
	}
}

/*
 * The packages that cost the most.  A package's time from its first task to
 * its last is mostly waiting for others, so CPU time ranks them; builds from
 * before 2015 have none.
 */
static enum err
find_packages(struct page_context *cx, const struct build_view *v,
    struct package_list *out)
{
	struct package_query q = {
	    .build = &v->info.row,
	    .filter = {.package = "", .task = ""},
	    .order = {"cputime", true, 0, LONGEST_PACKAGES},
	};

	if (v->cputime == NULL)
		q.order.key = "elapsed";
	return package_list_find(cx->db, cx->arena, &q, out, cx->ei);
}

static void
add_packages(struct page_context *cx, const struct build_view *v,
    const struct package_list *packages)
{
	node list = doc_array(doc_content(cx->doc), "packages");
	bool cpu = packages->n > 0 && isfinite(packages->row[0].cputime);

	for (size_t i = 0; i < packages->n; i++) {
		const struct package_row *row = &packages->row[i];
		node n = doc_object(list, "package");
		row_package(cx, n, &v->info.row, row);
		row_width(cx, n, cpu ? row->cputime : row->elapsed,
		    cpu ? packages->row[0].cputime : packages->longest);
	}
}

/* ---- the build itself ---- */

static double
build_cputime(const struct build_view *v)
{
	for (size_t i = 0; i < v->info.nmetrics; i++)
		if (strcmp(v->info.metrics[i].name, "cputime") == 0)
			return v->info.metrics[i].sum;
	return v->cputime != NULL ? sum_of(v->cputime, v->table->n) : NAN;
}

static void
add_build(struct page_context *cx, const struct build_view *v,
    const struct package_list *packages)
{
	const struct build_row *b = &v->info.row;
	node n = doc_object(doc_content(cx->doc), "build");

	row_build(cx, n, b);
	if (isfinite(b->elapsed))
		doc_time(n, "ended", b->started + (int64_t)(b->elapsed * 1e6));
	else
		doc_time(n, "ended", TIME_UNKNOWN);
	doc_seconds(n, "cputime", build_cputime(v));
	doc_count(n, "succeeded-packages", packages->succeeded);
	doc_count(n, "failed-packages", packages->failed);
	doc_share(n, "reuse", task_reuse(cx->arena, v->table));
	doc_measure(n, "cooker-cpu", v->info.cooker_cpu, "%");
}

static void
say(struct page_context *cx, const struct build_view *v,
    const struct build_failures_shown *f, const struct result_views *results)
{
	const char *task, *recipe;
	struct buf b = BUF_INIT;

	if (v->info.row.tasks == 0 && v->info.row.packages == 0 &&
	    results->n > 0) {
		sentence_target(&b, &v->info.row);
		buf_adds(&b, ": only its tests are known, ");
		result_say(&b, results);
		row_sentence(cx, &b);
		return;
	}
	build_first_failure(v, f, &task, &recipe);
	if (v->live.known)
		build_say_live(cx, &b, v, task, recipe);
	else
		sentence_build(&b, &v->info.row, task, recipe, cx->now);
	row_sentence(cx, &b);
}

enum err
page_build(struct page_context *cx)
{
	struct build_view v = {0};
	struct build_failures_shown failures;
	struct package_list packages;
	struct result_views results;
	enum err err = build_view_load(cx, &v);

	if (err == ERR_OK)
		err = build_find_results(cx, v.info.row.id, &results);
	if (err == ERR_OK)
		err = build_find_live(cx, &v);
	if (err == ERR_OK)
		err = build_find_failures(cx, &v, &failures);
	if (err == ERR_OK)
		err = find_packages(cx, &v, &packages);
	if (err != ERR_OK)
		return err;
	say(cx, &v, &failures, &results);
	add_build(cx, &v, &packages);
	build_add_live(cx, &v);
	build_add_environment(cx, &v);
	build_add_failures(cx, &v, &failures);
	build_add_repairs(cx, &v);
	build_add_results(cx, v.info.row.id, &results);
	err = build_add_events(cx, &v);
	if (err == ERR_OK)
		err = build_add_ci(cx, v.info.row.id);
	if (err == ERR_OK)
		err = build_add_charts(cx, &v, NULL);
	if (err != ERR_OK)
		return err;
	add_longest(cx, &v);
	add_types(cx, &v);
	add_packages(cx, &v, &packages);
	build_add_texts(cx, &v);
	build_add_metrics(cx, &v);
	return ERR_OK;
}
