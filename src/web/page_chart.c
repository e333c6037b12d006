/* page_chart.c: the boot chart of a build, /build/ID/chart: every task that
 * took long as a bar, on one time axis with what the machine did. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/boot_chart.h"
#include "model/critical.h"
#include "model/status_word.h"
#include "model/task_graph_load.h"
#include "model/top_rows.h"
#include "web/page_build.h"
#include "web/page_rows.h"
#include "web/pages.h"

#define MIN_DEFAULT 8.0 /* seconds */
#define TABLE_ROWS 50   /* of the longest, in HTML */
#define OWN_LANE_MAX                                                           \
	80             /* so many bars have a row each unless asked otherwise */
#define LABELS_MAX 300 /* beyond, bars are too many for words */
#define LETTER 0.0066  /* of the axis, on a usual screen */
#define DENSE 400      /* so many bars are drawn without edges */

#define NO_BAR UINT32_MAX

struct chart_view {
	struct build_view build;
	struct chart_span span;
	struct boot_options options;
	struct boot_chart chart;
	struct graph_of_build of;
	struct critical path;
	/* of each bar: its task, or GRAPH_NONE; and the bar of the nearest task
	 * that held it up, or NO_BAR */
	uint32_t *task, *after;
	size_t ncritical;
	uint32_t *critical; /* bars of the critical path */
	/* the one laid beside it, from its own start on */
	bool has_other;
	struct build_info other;
	struct task_table *other_table;
	struct boot_chart other_chart;
};

/* ---- bars ---- */

/* Pixels: rows that can be told apart while there are few. */
static int64_t
height_of(const struct boot_chart *c, bool labelled)
{
	double row = labelled         ? 16
		     : c->lanes <= 10 ? 26
		     : c->lanes <= 80 ? 14
				      : 1000.0 / c->lanes;

	return (int64_t)ceil(c->lanes * (row < 2.5 ? 2.5 : row));
}

static void
percent(struct page_context *cx, node n, const char *name, double fraction)
{
	doc_text(n, name, arena_printf(cx->arena, "%.2f%%", 100 * fraction));
}

/* In the bar where it is wide enough; else, where each has its own lane,
 * beside it. */
static void
add_label(struct page_context *cx, node bars, const struct task_table *t,
    const struct boot_chart *c, const struct boot_bar *b, bool own_lane)
{
	double start = b->start / c->seconds, end = b->end / c->seconds;
	const char *text = arena_printf(cx->arena, "%s %s",
	    t->packages[t->package[b->row]].recipe,
	    t->task_names[t->name[b->row]]);
	bool inside = end - start >= LETTER * (double)(strlen(text) + 1);
	bool left = !inside && end > 0.75;
	node n;

	if (!inside && !own_lane)
		return;
	n = doc_item(bars, "label");
	percent(cx, n, "x", inside || left ? start : end);
	percent(cx, n, "y", (b->lane + 0.5) / c->lanes);
	doc_text(n, "side", inside ? "in" : left ? "left" : "right");
	if (inside)
		percent(cx, n, "width", end - start);
	doc_text(n, "text", text);
}

static node
add_bars(struct page_context *cx, node charts, const struct build_row *build,
    const struct task_table *t, const struct boot_chart *c, bool own_lane)
{
	bool labelled = own_lane && c->n <= LABELS_MAX;
	node bars = doc_aside(charts, "bars");

	doc_text(bars, "name", build->name);
	doc_text(bars, "builder", build->builder);
	doc_text(bars, "path-url", page_link(cx, "build/%d", build->id));
	doc_count(bars, "lanes", c->lanes);
	doc_bool(bars, "dense", c->n > DENSE);
	doc_int(bars, "height", height_of(c, labelled));
	for (size_t i = 0; i < c->nlooks; i++) {
		node n = doc_item(bars, "look");
		doc_text(n, "kind", task_kind_word(c->look[i].kind));
		doc_text(n, "status", task_status_word(c->look[i].status));
		doc_count(n, "bars", (int64_t)c->look[i].bars);
		doc_text(n, "path-d", c->look[i].path);
	}
	for (size_t i = 0;
	     (labelled || c->lanes <= 80) && i < c->n && i < LABELS_MAX; i++)
		add_label(cx, bars, t, c, &c->bar[i], own_lane);
	return bars;
}

/* ---- what held tasks up ---- */

static bool
is_critical(const struct chart_view *v, size_t bar)
{
	return v->task[bar] != GRAPH_NONE && v->path.on_path[v->task[bar]];
}

/* Chains lead through tasks that are too short for a bar, too. */
static void
find_after(struct page_context *cx, struct chart_view *v)
{
	const struct task_graph *g = &v->of.graph;
	const struct boot_chart *c = &v->chart;
	struct arena *a = cx->arena;
	uint32_t *bar_of =
	    arena_alloc(a, (v->build.table->n + 1) * sizeof(*bar_of));
	uint32_t *near = arena_alloc(a, (g->n + 1) * sizeof(*near));

	v->task = arena_alloc(a, (c->n + 1) * sizeof(*v->task));
	v->after = arena_alloc(a, (c->n + 1) * sizeof(*v->after));
	v->critical = arena_alloc(a, (c->n + 1) * sizeof(*v->critical));
	memset(bar_of, 0xff, (v->build.table->n + 1) * sizeof(*bar_of));
	for (uint32_t i = 0; i < c->n; i++) {
		bar_of[c->bar[i].row] = i;
		v->task[i] = GRAPH_NONE;
		v->after[i] = NO_BAR;
	}
	for (uint32_t k = 0; k < g->n; k++) {
		uint32_t gate = v->path.gate[k], bar = bar_of[g->task[k].row];
		near[k] = gate == GRAPH_NONE ? NO_BAR
			  : bar_of[g->task[gate].row] != NO_BAR
			      ? bar_of[g->task[gate].row]
			      : near[gate];
		if (bar == NO_BAR)
			continue;
		v->task[bar] = k;
		v->after[bar] = near[k];
		if (v->path.on_path[k])
			v->critical[v->ncritical++] = bar;
	}
}

static enum err
find_order(struct page_context *cx, struct chart_view *v)
{
	enum err err = task_graph_load(
	    cx->db, cx->arena, &v->build.info, v->build.table, &v->of, cx->ei);

	if (err != ERR_OK)
		return err;
	critical_make(cx->arena, &v->of.graph, &v->path);
	find_after(cx, v);
	return ERR_OK;
}

static void
add_order(node n, const struct chart_view *v, size_t bar)
{
	doc_bool(n, "critical", is_critical(v, bar));
	doc_seconds(n, "slack",
	    v->task[bar] != GRAPH_NONE ? v->path.slack[v->task[bar]] : NAN);
	if (v->after[bar] == NO_BAR)
		doc_null(n, "after");
	else
		doc_int(n, "after", v->after[bar]);
}

/* ---- the table ---- */

static void
add_task(struct page_context *cx, node array, const struct chart_view *v,
    const struct boot_bar *b)
{
	const struct task_table *t = v->build.table;
	node n = doc_object(array, "task");
	double cputime =
	    v->build.cputime != NULL ? v->build.cputime[b->row] : NAN;

	row_task(cx, n, t, b->row, cputime);
	doc_text(n, "kind", task_kind_word(b->kind));
	doc_seconds(n, "from", b->start);
	doc_seconds(n, "to", b->end);
	doc_int(n, "lane", b->lane);
	add_order(n, v, (size_t)(b - v->chart.bar));
}

static void
add_tasks(struct page_context *cx, const struct chart_view *v)
{
	const struct boot_chart *c = &v->chart;
	node array = doc_array(doc_content(cx->doc), "tasks");
	uint32_t *row = arena_alloc(cx->arena, (c->n + 1) * sizeof(*row));
	double *length = arena_alloc(cx->arena, (c->n + 1) * sizeof(*length));
	size_t n = c->n;

	for (size_t i = 0; i < n; i++) {
		row[i] = (uint32_t)i;
		length[i] = c->bar[i].end - c->bar[i].start;
	}
	if (row_for_sheet(cx))
		n = top_rows(row, n, length, true, TABLE_ROWS);
	for (size_t i = 0; i < n; i++)
		add_task(cx, array, v, &c->bar[row[i]]);
}

/* ---- the page ---- */

static void
read_options(struct page_context *cx, struct chart_view *v)
{
	v->options = (struct boot_options){
	    .min = param_given(cx, P_MIN) ? param_real(cx, P_MIN) : MIN_DEFAULT,
	    .one_a_lane = strcmp(param_text(cx, P_ROWS), "task") == 0,
	    .package = param_text(cx, P_PACKAGE),
	    .task = row_task_name(cx),
	};
}

static void
make_bars(struct page_context *cx, struct chart_view *v)
{
	boot_chart_make(
	    cx->arena, v->build.table, &v->span, &v->options, &v->chart);
}

/* A build whose tasks are all short shows them rather than an empty frame. */
static void
make_chart(struct page_context *cx, struct chart_view *v)
{
	make_bars(cx, v);
	if (v->chart.n == 0 && !param_given(cx, P_MIN)) {
		v->options.min = 0;
		make_bars(cx, v);
	}
	if (v->chart.n <= OWN_LANE_MAX && !param_given(cx, P_ROWS)) {
		v->options.one_a_lane = true;
		make_bars(cx, v);
	}
}

static void
say(struct page_context *cx, const struct chart_view *v)
{
	const struct build_row *b = &v->build.info.row;
	const char *what = b->image[0] != '\0' ? b->image : b->name;
	char n[HUMAN_MAX], of[HUMAN_MAX], min[HUMAN_MAX], took[HUMAN_MAX];

	human_count(n, (int64_t)v->chart.n);
	human_count(of, (int64_t)v->build.table->n);
	human_seconds(min, v->options.min);
	human_seconds(took, v->chart.seconds);
	if (v->build.table->n == 0)
		page_sentence(cx, "%s has no tasks that could be drawn", what);
	else if (v->options.min > 0)
		page_sentence(cx,
		    "%s of %s tasks of %s took %s or longer, "
		    "within %s",
		    n, of, what, min, took);
	else
		page_sentence(
		    cx, "%s of %s tasks of %s within %s", n, of, what, took);
}

static void
fill(struct page_context *cx, const struct chart_view *v)
{
	node c = doc_content(cx->doc);

	say(cx, v);
	doc_real(c, "min", v->options.min);
	doc_text(c, "rows", v->options.one_a_lane ? "task" : "thread");
	doc_count(c, "shown", (int64_t)v->chart.n);
	doc_count(c, "tasks_total", (int64_t)v->build.table->n);
	doc_count(c, "untimed", (int64_t)v->chart.untimed);
	doc_int(c, "lanes", v->chart.lanes);
	doc_count(c, "critical", (int64_t)v->ncritical);
	if (v->has_other)
		row_build(cx, doc_object(c, "other"), &v->other.row);
	if (row_for_sheet(cx))
		doc_text(c, "time-url",
		    page_link(cx, "build/%d/time", v->build.info.row.id));
	if (row_for_sheet(cx))
		doc_text(c, "trace-url",
		    page_link(cx, "build/%d/trace.json", v->build.info.row.id));
}

/* with=ID */
static enum err
load_other(struct page_context *cx, struct chart_view *v)
{
	const struct build_row *b = &v->other.row;
	enum err err;

	if (!param_given(cx, P_WITH))
		return ERR_OK;
	v->has_other = true;
	err = build_find(
	    cx->db, cx->arena, param_text(cx, P_WITH), &v->other, cx->ei);
	return err != ERR_OK ? err
			     : task_table_load(cx->db, cx->arena, b->id,
				   b->started, &v->other_table, cx->ei);
}

/* Both from their own starts, on an axis that holds the longer one. */
static void
make_other(struct page_context *cx, struct chart_view *v)
{
	const struct build_row *b = &v->other.row;
	struct chart_span span = {.start = b->started,
	    .end = b->started + (v->span.end - v->span.start)};

	boot_chart_make(
	    cx->arena, v->other_table, &span, &v->options, &v->other_chart);
}

enum err
page_chart(struct page_context *cx)
{
	struct chart_view *v = arena_zalloc(cx->arena, sizeof(*v));
	struct build_charts on = {0};
	node bars;
	enum err err = build_view_load(cx, &v->build);

	if (err == ERR_OK)
		err = load_other(cx, v);
	if (err != ERR_OK)
		return err;
	read_options(cx, v);
	row_build(
	    cx, doc_object(doc_content(cx->doc), "build"), &v->build.info.row);
	if (v->has_other && isfinite(v->other.row.elapsed))
		on.seconds = v->other.row.elapsed;
	err = build_add_charts(cx, &v->build, &on);
	if (err != ERR_OK)
		return err;
	v->span = on.span;
	make_chart(cx, v);
	if ((err = find_order(cx, v)) != ERR_OK)
		return err;
	fill(cx, v);
	bars = add_bars(cx, on.charts, &v->build.info.row, v->build.table,
	    &v->chart, v->options.one_a_lane);
	doc_text(bars, "critical-d",
	    boot_chart_line(cx->arena, &v->chart, v->critical, v->ncritical));
	if (v->has_other) {
		make_other(cx, v);
		add_bars(cx, on.charts, &v->other.row, v->other_table,
		    &v->other_chart, v->options.one_a_lane);
	}
	add_tasks(cx, v);
	return ERR_OK;
}
