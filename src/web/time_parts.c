/* time_parts.c: how many tasks ran, the critical path, and reuse; see
 * time_view.h. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/task_stats.h"
#include "model/top_rows.h"
#include "web/page_rows.h"
#include "web/plot.h"
#include "web/time_view.h"

#define STEPS_MAX 40 /* of the path, the longest, in HTML */

/* ---- how many ran ---- */

static struct plot_series
series_of(struct page_context *cx, const char *name, unsigned look,
    const struct plot_point *from, size_t n)
{
	struct plot_point *p = arena_alloc(cx->arena, (n + 1) * sizeof(*p));

	memcpy(p, from, n * sizeof(*p));
	return (struct plot_series){name, PLOT_STEPS, look, n, p};
}

static void
add_plot(struct page_context *cx, node n, const struct time_view *v)
{
	const struct parallelism *p = &v->parallel;
	struct plot_point point[PARALLEL_SLICES + 1] = {0};
	struct plot_point limit[2] = {0};
	double width = v->of.graph.seconds / (double)p->nslices;
	struct plot_series s[2];
	struct plot plot = {.title = "How many tasks ran at a time",
	    .x = {.label = "time since the build began",
		.unit = "s",
		.min = 0,
		.max = v->of.graph.seconds},
	    .y = {.label = "running tasks", .unit = "", .min = 0, .max = NAN},
	    .series = s,
	    .nseries = 2};

	for (size_t i = 0; i <= p->nslices; i++) {
		point[i].x = (double)i * width;
		point[i].y = p->slice[i < p->nslices ? i : i - 1];
	}
	limit[1].x = v->of.graph.seconds;
	limit[0].y = limit[1].y = (double)v->of.graph.threads;
	s[0] = series_of(cx, "running", 1, point, p->nslices + 1);
	s[1] = series_of(cx, "threads", 5, limit, 2);
	plot_add(cx, n, &plot);
}

static void
add_levels(struct page_context *cx, node n, const struct time_view *v)
{
	const struct parallelism *p = &v->parallel;
	node array = doc_array(n, "levels");
	double most = 0;

	for (size_t i = 0; i < p->nlevels; i++)
		most = fmax(most, p->level[i].seconds);
	for (size_t i = 0; i < p->nlevels; i++) {
		const struct parallel_level *l = &p->level[i];
		node x = doc_object(array, "level");
		doc_count(x, "from", (int64_t)l->from);
		doc_count(x, "to", (int64_t)l->to);
		doc_seconds(x, "seconds", l->seconds);
		doc_share(x, "share", l->seconds / v->of.graph.seconds);
		if (row_for_sheet(cx))
			row_width(cx, x, l->seconds, most);
	}
}

void
time_add_parallelism(struct page_context *cx, const struct time_view *v)
{
	const struct task_graph *g = &v->of.graph;
	node n = doc_object(doc_content(cx->doc), "parallelism"), array;
	const struct parallelism *p = &v->parallel;

	doc_count(n, "tasks", (int64_t)g->n);
	doc_count(n, "untimed", (int64_t)g->untimed);
	doc_seconds(n, "seconds", g->seconds);
	doc_real(n, "mean", p->mean);
	doc_text(n, "mean-h", arena_printf(cx->arena, "%.1f", p->mean));
	doc_count(n, "most", (int64_t)g->most);
	doc_count(n, "threads", (int64_t)g->threads);
	doc_text(
	    n, "threads_from", g->threads_told ? v->of.threads : "observed");
	doc_count(n, "threads_told", (int64_t)g->threads_given);
	if (g->n == 0)
		return;
	add_levels(cx, n, v);
	array = doc_array(n, "over_time");
	for (size_t i = 0; row_is_exact(cx) && i < p->nslices; i++) {
		node x = doc_object(array, "slice");
		doc_real(
		    x, "from", g->seconds * (double)i / (double)p->nslices);
		doc_real(x, "running", p->slice[i]);
	}
	if (row_for_sheet(cx))
		add_plot(cx, n, v);
}

/* ---- the critical path ---- */

static void
add_basis(node n, const struct time_view *v)
{
	static const char *const words[] = {[GRAPH_OBSERVED] = "observed",
	    [GRAPH_RECIPES] = "recipes",
	    [GRAPH_TASKS] = "tasks"};
	static const char *const why[] = {[GRAPH_USED] = "",
	    [GRAPH_NO_FILE] = "none",
	    [GRAPH_CYCLE] = "cycle",
	    [GRAPH_UNKNOWN] = "unknown",
	    [GRAPH_CONTRADICTED] = "contradicted"};
	const struct task_graph *g = &v->of.graph;

	doc_text(n, "basis", words[g->basis]);
	doc_text(n, "file", row_text_or_null(v->of.file));
	doc_text(n, "not_used",
	    v->of.damaged ? "damaged" : row_text_or_null(why[g->refusal]));
	doc_text(n, "cycle", row_text_or_null(g->cycle));
	doc_count(n, "named", (int64_t)g->named);
	doc_count(n, "nameable", (int64_t)g->nameable);
	doc_count(n, "said", (int64_t)g->said);
	doc_count(n, "contradicted", (int64_t)g->contradicted);
}

static void
add_step(
    struct page_context *cx, node array, const struct time_view *v, size_t i)
{
	const struct critical *c = &v->path;
	const struct graph_task *t = &v->of.graph.task[c->step[i]];
	const struct task_table *table = v->build.table;
	const char *recipe = table->packages[table->package[t->row]].recipe;
	node n = doc_object(array, "step");
	double before = i > 0 ? v->of.graph.task[c->step[i - 1]].end : 0;

	doc_text(n, "recipe", recipe);
	doc_text(n, "task", table->task_names[table->name[t->row]]);
	doc_seconds(n, "from", t->start);
	doc_seconds(n, "to", t->end);
	doc_seconds(n, "elapsed", t->end - t->start);
	doc_seconds(n, "wait", t->start - before);
	doc_text(n, "after", gate_word((enum gate)c->how[c->step[i]]));
	if (!row_for_sheet(cx))
		return;
	row_width(cx, n, t->end - t->start, v->of.graph.seconds);
	doc_text(n, "package-url", page_link(cx, "package/%s", recipe));
}

/* The shortest of the STEPS_MAX longest. */
static double
least_shown(struct page_context *cx, const struct time_view *v)
{
	const struct critical *c = &v->path;
	uint32_t *row = arena_alloc(cx->arena, (c->nsteps + 1) * sizeof(*row));
	double *length =
	    arena_alloc(cx->arena, (c->nsteps + 1) * sizeof(*length));

	for (size_t i = 0; i < c->nsteps; i++) {
		const struct graph_task *t = &v->of.graph.task[c->step[i]];
		row[i] = (uint32_t)i;
		length[i] = t->end - t->start;
	}
	if (row_is_exact(cx) || c->nsteps <= STEPS_MAX)
		return 0;
	top_rows(row, c->nsteps, length, true, STEPS_MAX);
	return length[row[STEPS_MAX - 1]];
}

static void
add_steps(struct page_context *cx, node n, const struct time_view *v)
{
	const struct critical *c = &v->path;
	node array = doc_array(n, "steps");
	double least = least_shown(cx, v), hidden = 0;
	size_t shown = 0;

	for (size_t i = 0; i < c->nsteps; i++) {
		const struct graph_task *t = &v->of.graph.task[c->step[i]];
		if (t->end - t->start < least ||
		    (least > 0 && shown == STEPS_MAX)) {
			hidden += t->end - t->start;
			continue;
		}
		add_step(cx, array, v, i);
		shown++;
	}
	doc_count(n, "left_out", (int64_t)(c->nsteps - shown));
	doc_seconds(n, "left_out_seconds", hidden);
}

void
time_add_path(struct page_context *cx, const struct time_view *v)
{
	const struct task_graph *g = &v->of.graph;
	const struct critical *c = &v->path;
	node n = doc_object(doc_content(cx->doc), "path");
	double first = g->n > 0 ? g->task[c->step[0]].start : NAN;
	double last = g->n > 0 ? g->task[c->step[c->nsteps - 1]].end : NAN;

	add_basis(n, v);
	doc_count(n, "tasks", (int64_t)c->nsteps);
	doc_seconds(n, "length", last - first);
	doc_seconds(n, "busy", c->busy);
	doc_seconds(n, "paused", c->paused);
	doc_seconds(n, "before", first);
	doc_seconds(n, "behind", g->seconds - last);
	doc_seconds(n, "longest", g->n > 0 ? c->longest : NAN);
	if (row_for_sheet(cx))
		doc_text(n, "chart-url",
		    page_link(cx, "build/%d/chart", v->build.info.row.id));
	add_steps(cx, n, v);
}

/* ---- reuse ---- */

void
time_add_reuse(struct page_context *cx, const struct time_view *v)
{
	struct task_reuse_row *row;
	size_t n = task_reuse_by_type(cx->arena, v->build.table, &row);
	node array = doc_array(doc_content(cx->doc), "reuse");

	for (size_t i = 0; i < n; i++) {
		double all = (double)(row[i].restored + row[i].made);
		node x = doc_object(array, "type");
		doc_text(x, "task", row[i].task);
		doc_count(x, "restored", (int64_t)row[i].restored);
		doc_count(x, "ran", (int64_t)row[i].made);
		doc_share(x, "share", (double)row[i].restored / all);
		if (row_for_sheet(cx))
			row_width(cx, x, (double)row[i].restored, all);
	}
}
