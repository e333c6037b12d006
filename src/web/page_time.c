/* page_time.c: where the time of a build went, /build/ID/time. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/metric_unit.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/request.h"
#include "web/time_view.h"

/* ---- top consumers ---- */

static void
read_options(struct page_context *cx, struct time_view *v)
{
	const char *by = param_text(cx, P_PART);

	v->metric =
	    param_given(cx, P_NUMBER) ? param_text(cx, P_NUMBER) : "elapsed";
	v->unit = metric_unit(v->metric);
	v->largest = strcmp(v->unit, "KiB") == 0;
	v->by = strcmp(by, "task") == 0   ? BY_TASK
		: strcmp(by, "type") == 0 ? BY_TYPE
					  : BY_RECIPE;
}

static void
add_row(struct page_context *cx, node array, const struct time_view *v,
    const struct consumer *r)
{
	node n = doc_object(array, "row");
	int id = v->build.info.row.id;

	doc_text(n, "recipe", row_text_or_null(r->recipe));
	doc_text(n, "task", row_text_or_null(r->task));
	doc_count(n, "tasks", (int64_t)r->tasks);
	doc_measure(n, "value", r->value, v->unit);
	doc_share(n, "share",
	    v->largest || !(v->rows.total > 0) ? NAN
					       : r->value / v->rows.total);
	doc_seconds(n, "on_path", r->on_path);
	doc_seconds(n, "slack", r->slack);
	if (!row_for_sheet(cx))
		return;
	row_width(cx, n, r->value, v->rows.total);
	if (r->recipe[0] != '\0')
		doc_text(
		    n, "package-url", page_link(cx, "package/%s", r->recipe));
	doc_text(n, "tasks-url",
	    page_link_query(cx, page_link(cx, "build/%d/tasks", id), "package",
		r->recipe, "task", r->task, NULL));
}

static void
add_rows(struct page_context *cx, struct time_view *v)
{
	struct paging p = page_paging(cx);
	size_t n = v->rows.n, from = n, to;
	node array;

	if ((uint64_t)p.offset < n)
		from = (size_t)p.offset;
	to = (uint64_t)p.limit < n - from ? from + (size_t)p.limit : n;
	page_table(cx, "rows", (int64_t)n);
	if (row_for_sheet(cx)) {
		page_column(cx, "recipe", "Recipe");
		page_column(cx, "task", "Task");
		page_column(cx, "-tasks", "Tasks");
		page_column(cx, "-value", v->metric);
		page_column(cx, "-on_path", "On the critical path");
		page_column(cx, "slack", "Slack");
	}
	array = doc_array(doc_content(cx->doc), "rows");
	for (size_t i = from; i < to; i++)
		add_row(cx, array, v, &v->rows.row[i]);
}

static enum err
make_rows(struct page_context *cx, struct time_view *v)
{
	static const char *const keys[] = {"value", "elapsed", "on_path",
	    "slack", "tasks", "recipe", "task", NULL};
	struct list_order order;
	const double *value;
	enum err err = row_order(cx, keys, "-value", &order);

	if (err == ERR_OK)
		err = row_values(cx, v->build.table, v->metric, &value);
	if (err != ERR_OK)
		return err;
	consumers_make(cx->arena, &v->path, v->by, value, v->largest, &v->rows);
	consumers_sort(&v->rows, order.key, order.down);
	return ERR_OK;
}

/* ---- the sentence ---- */

static void
say_best(struct buf *b, const struct time_view *v)
{
	const struct candidate *best = time_best(v, BY_RECIPE);
	char text[HUMAN_MAX];

	if (best == NULL)
		buf_adds(b, "; no recipe alone decides how long it took");
	else
		buf_addf(b, "; without %s it would have been %s less",
		    best->what.recipe,
		    human_seconds(text, v->replayed - best->seconds));
}

/* "2 threads, all busy for 86 % of 17 min 43 s" */
static void
say_threads(struct buf *b, const struct time_view *v)
{
	const struct task_graph *g = &v->of.graph;
	const struct parallelism *p = &v->parallel;
	const struct parallel_level *top = &p->level[p->nlevels - 1];
	double full = top->to >= g->threads ? top->seconds / g->seconds : 0;
	double idle = p->level[0].seconds / g->seconds;
	char took[HUMAN_MAX], share[HUMAN_MAX];

	human_seconds(took, g->seconds);
	if (idle >= 0.5)
		buf_addf(b, "For %s of %s no task ran",
		    human_share(share, idle), took);
	else if (g->threads == 1)
		buf_addf(b, "One thread was busy for %s of %s",
		    human_share(share, full), took);
	else if (full >= 0.5 && g->threads == 2)
		buf_addf(b, "Both threads were busy for %s of %s",
		    human_share(share, full), took);
	else if (full >= 0.5)
		buf_addf(b, "All %zu threads were busy for %s of %s",
		    g->threads, human_share(share, full), took);
	else
		buf_addf(b, "%.1f of %zu threads were busy on average for %s",
		    p->mean, g->threads, took);
}

static void
say(struct page_context *cx, const struct time_view *v)
{
	const struct task_graph *g = &v->of.graph;
	struct buf b = BUF_INIT;

	if (g->n == 0) {
		page_sentence(cx,
		    "Nothing tells where the time of build %s "
		    "went: %s",
		    v->build.info.row.name,
		    g->untimed > 0 ? "its tasks have no place in it"
				   : "it came without tasks");
		return;
	}
	say_threads(&b, v);
	say_best(&b, v);
	row_sentence(cx, &b);
}

/* ---- the page ---- */

/* A later piece of per=all: only its rows are looked at. */
static bool
is_later_piece(const struct page_context *cx)
{
	const struct table_state *t = cx->request->table;

	return t != NULL && t->pieces && t->offset > 0;
}

static void
add_summary(struct page_context *cx, const struct time_view *v)
{
	static const char *const words[] = {
	    [BY_RECIPE] = "recipe", [BY_TASK] = "task", [BY_TYPE] = "type"};
	node c = doc_content(cx->doc);

	doc_text(c, "metric", v->metric);
	doc_text(c, "unit", v->unit);
	doc_text(c, "by", words[v->by]);
	doc_bool(c, "added_up", !v->largest);
	doc_measure(c, "total_value", v->rows.total, v->unit);
	row_build(cx, doc_object(c, "build"), &v->build.info.row);
	time_add_parallelism(cx, v);
	time_add_path(cx, v);
	time_add_what_if(cx, v);
	time_add_reuse(cx, v);
	if (row_for_sheet(cx))
		row_metric_options(
		    doc_aside(c, "options"), v->build.table, v->metric);
}

enum err
page_time(struct page_context *cx)
{
	struct time_view *v = arena_zalloc(cx->arena, sizeof(*v));
	bool rows_alone = is_later_piece(cx) || cx->form == FORM_CSV;
	enum err err;

	read_options(cx, v);
	if ((err = build_view_load(cx, &v->build)) != ERR_OK ||
	    (err = task_graph_load(cx->db, cx->arena, &v->build.info,
		 v->build.table, &v->of, cx->ei)) != ERR_OK)
		return err;
	critical_make(cx->arena, &v->of.graph, &v->path);
	if ((err = make_rows(cx, v)) != ERR_OK)
		return err;
	if (!rows_alone) {
		parallelism_make(cx->arena, &v->of.graph, &v->parallel);
		time_find_candidates(cx, v);
		say(cx, v);
		add_summary(cx, v);
	}
	add_rows(cx, v);
	return ERR_OK;
}
