/* page_graph.c: any number of builds, recipes or tasks against any other,
 * /graph. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/change_point.h"
#include "web/graph_view.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"
#include "web/trend_view.h"

/* Groups and places of the summary. */
#define BOXES_SHOWN 200
#define SHORT_REVISION 12

static const char *const keys[] = {
    "started", "x", "y", "group", "name", "recipe", "task", "status", NULL};

/* ---- words ---- */

const char *
graph_axis_words(struct page_context *cx, const struct graph_axis *axis)
{
	if (axis->kind == GRAPH_TIME)
		return "time";
	if (axis->kind == GRAPH_DIMENSION) {
		if (axis->dimension->source == GRAPH_LAYER)
			return arena_printf(
			    cx->arena, "revision of %s", axis->part);
		return axis->part;
	}
	if (strncmp(axis->name, "sum:", 4) == 0)
		return arena_printf(cx->arena, "%s, sum over tasks",
		    trend_metric_words(axis->part));
	if (axis->number == GRAPH_SERIES)
		return arena_printf(
		    cx->arena, "%s, mean over the build", axis->part);
	if (strncmp(axis->name, "max:", 4) == 0)
		return arena_printf(cx->arena, "%s, largest of tasks",
		    trend_metric_words(axis->part));
	return trend_metric_words(
	    axis->number == GRAPH_EVENT ? axis->name : axis->part);
}

const char *
graph_value_words(
    struct page_context *cx, const struct graph_axis *axis, const char *value)
{
	bool revision = axis->dimension != NULL &&
			(axis->dimension->source == GRAPH_LAYER ||
			    strcmp(axis->dimension->name, "commit") == 0);

	if (value[0] == '\0')
		return "unknown";
	return revision ? arena_printf(cx->arena, "%.*s", SHORT_REVISION, value)
			: value;
}

static const char *
noun(enum graph_of of)
{
	return of == GRAPH_OF_BUILD     ? "build"
	       : of == GRAPH_OF_PACKAGE ? "recipe"
					: "task";
}

/* ---- the choice ---- */

static enum graph_of
usual_of(const struct page_context *cx)
{
	static const enum param chosen[] = {P_X, P_Y, P_GROUP};
	enum graph_of of = param_given(cx, P_TASK)      ? GRAPH_OF_TASK
			   : param_given(cx, P_PACKAGE) ? GRAPH_OF_PACKAGE
							: GRAPH_OF_BUILD;

	/* What only the parts of a build have is of them. */
	for (size_t i = 0; i < 3; i++)
		while (of != GRAPH_OF_TASK && param_given(cx, chosen[i]) &&
		       !graph_axis_fits(param_text(cx, chosen[i]), of))
			of *= 2;
	return of;
}

static enum graph_of
read_of(const struct page_context *cx)
{
	const char *of = param_text(cx, P_OF);

	return of[0] == '\0'                ? usual_of(cx)
	       : strcmp(of, "task") == 0    ? GRAPH_OF_TASK
	       : strcmp(of, "package") == 0 ? GRAPH_OF_PACKAGE
					    : GRAPH_OF_BUILD;
}

static enum err
bad_axis(struct page_context *cx, enum param p, const char *name)
{
	const char *text = param_text(cx, p);
	enum graph_of of = read_of(cx);

	if (!graph_axis_fits(text, of))
		return err_set(cx->ei, ERR_INPUT,
		    "The parameter %s: a %s has no %.60s.", name, noun(of),
		    text);
	return err_set(cx->ei, ERR_INPUT,
	    "The parameter %s takes %s, not \"%.60s\".", name,
	    p == P_X   ? "time, a dimension or a number"
	    : p == P_Y ? "a number: elapsed, tasks, or a metric of /metrics"
		       : "a dimension such as machine, builder or layer:NAME",
	    text);
}

static enum err
read_axis(struct page_context *cx, enum param p, const char *fallback,
    struct graph_axis *out)
{
	static const char *const names[] = {"x", "y", "group"};
	const char *text = param_given(cx, p) ? param_text(cx, p) : fallback;
	enum graph_of of = read_of(cx);
	bool fits = graph_axis_fits(text, of) && graph_axis_read(text, of, out);

	if (fits && p == P_Y)
		fits = out->kind == GRAPH_NUMBER;
	if (fits && p == P_GROUP)
		fits = out->kind == GRAPH_DIMENSION;
	return fits ? ERR_OK : bad_axis(cx, p, names[p - P_X]);
}

/* Units of metrics are known since they were first seen. */
static void
set_unit(const struct graph_view *v, struct graph_axis *axis)
{
	if (axis->kind != GRAPH_NUMBER || axis->number != GRAPH_METRIC)
		return;
	for (size_t i = 0; i < v->nmetrics; i++)
		if (strcmp(v->metric[i].name, axis->part) == 0)
			axis->unit = v->metric[i].unit;
}

static void
read_log(struct page_context *cx, struct graph_view *v)
{
	const char **axis;
	size_t n = param_texts(cx, P_LOG, &axis);

	for (size_t i = 0; i < n; i++) {
		v->log_x |=
		    axis[i][0] == 'x' && v->graph.x.kind == GRAPH_NUMBER;
		v->log_y |= axis[i][0] == 'y';
	}
}

static enum err
read_choice(struct page_context *cx, struct graph_view *v)
{
	struct graph *g = &v->graph;
	enum err err;

	g->of = read_of(cx);
	err = read_axis(cx, P_X, "time", &g->x);
	if (err == ERR_OK)
		err = read_axis(cx, P_Y, "elapsed", &g->y);
	if (err == ERR_OK && param_given(cx, P_GROUP))
		err = read_axis(cx, P_GROUP, "", &g->group);
	if (err == ERR_OK)
		err = metric_list(
		    cx->db, cx->arena, &v->metric, &v->nmetrics, cx->ei);
	if (err != ERR_OK)
		return err;
	set_unit(v, &g->x);
	set_unit(v, &g->y);
	read_log(cx, v);
	row_filter(cx, &v->filter);
	/* A build that holds a recipe twice is one point. */
	v->filter.exact = true;
	v->max = param_int(cx, P_EVERY) != 0 ? GRAPH_ALL_MAX : GRAPH_POINTS_MAX;
	return ERR_OK;
}

/* ---- the sentence ---- */

static void
say_range(struct buf *b, struct page_context *cx, const struct graph *g)
{
	double *y = arena_alloc(cx->arena, (g->n + 1) * sizeof(*y));
	char text[HUMAN_MAX];
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		if (g->point[i].counts)
			y[n++] = g->point[i].y;
	buf_addf(b, "median %s",
	    human_measure(text, number_median(y, n), g->y.unit));
	buf_addf(b, ", from %s",
	    human_measure(text, number_quantile(y, n, 0), g->y.unit));
	buf_addf(b, " to %s",
	    human_measure(text, number_quantile(y, n, 1), g->y.unit));
}

static void
say_together(struct buf *b, struct page_context *cx, const struct graph *g)
{
	double r = graph_correlation(cx->arena, g);

	if (!isfinite(r))
		return;
	buf_addf(b, "; they %s (rank correlation %.2f)",
	    r >= 0.7   ? "go together"
	    : r >= 0.3 ? "go together somewhat"
	    : r > -0.3 ? "have little to do with each other"
	    : r > -0.7 ? "go against each other somewhat"
		       : "go against each other",
	    r);
}

static void
say_missing(struct buf *b, struct page_context *cx, const struct graph *g)
{
	bool both = g->x.kind == GRAPH_NUMBER;

	buf_adds(b, "None of ");
	sentence_count(b, (int64_t)g->n, noun(g->of));
	buf_addf(
	    b, " has %s%s", both ? "both " : "", graph_axis_words(cx, &g->y));
	if (both)
		buf_addf(b, " and %s", graph_axis_words(cx, &g->x));
	if (g->clock > 0)
		buf_adds(b, " and a start that can be");
}

/* "48 builds of zlib", "2,000 tasks" */
static void
say_count(struct buf *b, const struct graph_view *v)
{
	const struct graph *g = &v->graph;
	bool one = v->filter.package[0] != '\0' && g->of != GRAPH_OF_BUILD;
	bool package = g->of == GRAPH_OF_PACKAGE;

	sentence_count(
	    b, (int64_t)g->counted, one && package ? "build" : noun(g->of));
	if (one)
		buf_addf(b, " of %s", v->filter.package);
	else if (package)
		buf_adds(b, " in builds");
}

static void
say(struct page_context *cx, const struct graph_view *v)
{
	const struct graph *g = &v->graph;
	const char *y = graph_axis_words(cx, &g->y);
	struct buf b = BUF_INIT;

	if (g->n == 0) {
		buf_addf(&b, "There is no %s to draw", noun(g->of));
	} else if (g->counted == 0) {
		say_missing(&b, cx, g);
	} else {
		buf_addf(&b, "%c%s of %s",
		    y[0] >= 'a' && y[0] <= 'z' ? y[0] - 'a' + 'A' : y[0], y + 1,
		    v->found.more ? "the newest " : "");
		say_count(&b, v);
		buf_addf(&b, " %s %s",
		    g->x.kind == GRAPH_TIME        ? "over"
		    : g->x.kind == GRAPH_DIMENSION ? "by"
						   : "against",
		    graph_axis_words(cx, &g->x));
		if (g->group.kind != GRAPH_NONE)
			buf_addf(&b, ", for each %s",
			    graph_axis_words(cx, &g->group));
		buf_adds(&b, ": ");
		say_range(&b, cx, g);
		say_together(&b, cx, g);
	}
	row_sentence(cx, &b);
}

/* ---- summaries ---- */

static void
add_box(struct page_context *cx, node n, const struct graph *g,
    const struct graph_box *box)
{
	const char *place = NULL, *group = NULL;

	if (g->x.kind == GRAPH_DIMENSION)
		place = g->place[box->place].name;
	if (g->group.kind != GRAPH_NONE)
		group = g->group_value[box->group].name;
	doc_text(n, "x", place);
	doc_text(n, "group", group);
	doc_count(n, "n", (int64_t)box->n);
	doc_measure(n, "least", box->least, g->y.unit);
	doc_measure(n, "low", box->low, g->y.unit);
	doc_measure(n, "q1", box->q1, g->y.unit);
	doc_measure(n, "median", box->median, g->y.unit);
	doc_measure(n, "q3", box->q3, g->y.unit);
	doc_measure(n, "high", box->high, g->y.unit);
	doc_measure(n, "most", box->most, g->y.unit);
	if (!row_for_sheet(cx))
		return;
	if (place != NULL)
		doc_text(n, "x-h", graph_value_words(cx, &g->x, place));
	if (group != NULL)
		doc_text(n, "group-h", graph_value_words(cx, &g->group, group));
}

static void
add_boxes(struct page_context *cx, const struct graph_view *v)
{
	node list = doc_array(doc_content(cx->doc), "summary");

	for (size_t i = 0; i < v->nboxes && i < BOXES_SHOWN; i++)
		add_box(cx, doc_object(list, "box"), &v->graph, &v->box[i]);
}

/* ---- points ---- */

struct sorted {
	const struct graph_point *p;
	const struct graph *g;
	const struct list_order *order;
};

static int
compare_numbers(double x, double y)
{
	return (x > y) - (x < y);
}

static int
compare_points(const struct sorted *a, const struct sorted *b)
{
	const struct graph_point *x = a->p, *y = b->p;
	const char *key = a->order->key;

	if (strcmp(key, "y") == 0)
		return compare_numbers(x->y, y->y);
	if (strcmp(key, "x") == 0)
		return a->g->x.kind == GRAPH_DIMENSION
			   ? (x->place > y->place) - (x->place < y->place)
			   : compare_numbers(x->x, y->x);
	if (strcmp(key, "group") == 0)
		return strcmp(x->group_text, y->group_text);
	if (strcmp(key, "name") == 0)
		return strcmp(x->name, y->name);
	if (strcmp(key, "recipe") == 0)
		return strcmp(x->recipe, y->recipe);
	if (strcmp(key, "task") == 0)
		return strcmp(x->task, y->task);
	if (strcmp(key, "status") == 0)
		return strcmp(x->status, y->status);
	return (x->started > y->started) - (x->started < y->started);
}

/* What doesn't count comes last, whichever way. */
static int
by_order(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int c;

	if (x->p->counts != y->p->counts)
		return x->p->counts ? -1 : 1;
	c = compare_points(x, y);
	if (x->order->down)
		c = -c;
	return c != 0 ? c : (x->p < y->p) - (x->p > y->p);
}

static void
add_x(struct page_context *cx, node n, const struct graph *g,
    const struct graph_point *p)
{
	if (g->x.kind == GRAPH_TIME) {
		doc_time(n, "x", p->started);
	} else if (g->x.kind == GRAPH_NUMBER) {
		doc_measure(n, "x", p->x, g->x.unit);
	} else {
		doc_text(n, "x", p->x_text);
		if (row_for_sheet(cx))
			doc_text(
			    n, "x-h", graph_value_words(cx, &g->x, p->x_text));
	}
}

static void
add_point(struct page_context *cx, node n, const struct graph *g,
    const struct graph_point *p)
{
	bool grouped = g->group.kind != GRAPH_NONE;

	doc_int(n, "id", p->build);
	row_build_links(cx, n, p->build);
	doc_text(n, "name", p->name);
	doc_time(n, "started", p->started);
	doc_text(n, "status", p->status);
	doc_text(n, "recipe", row_text_or_null(p->recipe));
	doc_text(n, "version", row_text_or_null(p->version));
	doc_text(n, "task", row_text_or_null(p->task));
	add_x(cx, n, g, p);
	doc_measure(n, "y", p->y, g->y.unit);
	doc_text(n, "group", grouped ? p->group_text : NULL);
	doc_bool(n, "counts", p->counts);
	if (!row_for_sheet(cx))
		return;
	if (grouped)
		doc_text(n, "group-h",
		    graph_value_words(cx, &g->group, p->group_text));
	if (p->recipe[0] != '\0')
		doc_text(n, "tasks-url",
		    page_link_query(cx,
			page_link(cx, "build/%d/tasks", p->build), "package",
			p->recipe, "task", p->task, NULL));
}

static void
add_columns(struct page_context *cx)
{
	page_column(cx, "-started", "Started");
	page_column(cx, "name", "Build");
	page_column(cx, "recipe", "Recipe");
	page_column(cx, "task", "Task");
	page_column(cx, "-x", "x");
	page_column(cx, "-y", "y");
	page_column(cx, "group", "Group");
	page_column(cx, "status", "Status");
}

static enum err
add_points(struct page_context *cx, const struct graph *g)
{
	struct sorted *s = arena_alloc(cx->arena, (g->n + 1) * sizeof(*s));
	struct list_order order;
	node list;
	enum err err = row_order(cx, keys, "-started", &order);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < g->n; i++)
		s[i] = (struct sorted){&g->point[i], g, &order};
	if (g->n > 0)
		qsort(s, g->n, sizeof(*s), by_order);
	page_table(cx, "points", (int64_t)g->n);
	add_columns(cx);
	list = doc_array(doc_content(cx->doc), "points");
	for (int64_t i = order.offset;
	     i < (int64_t)g->n && i < order.offset + order.limit; i++)
		add_point(cx, doc_object(list, "point"), g, s[i].p);
	return ERR_OK;
}

/* ---- the page ---- */

static void
add_facts(struct page_context *cx, const struct graph_view *v)
{
	const struct graph *g = &v->graph;
	bool grouped = g->group.kind != GRAPH_NONE;
	node c = doc_content(cx->doc);

	doc_text(c, "of",
	    g->of == GRAPH_OF_BUILD     ? "build"
	    : g->of == GRAPH_OF_PACKAGE ? "package"
					: "task");
	doc_text(c, "x", g->x.name);
	doc_text(c, "x_unit", g->x.kind == GRAPH_NUMBER ? g->x.unit : NULL);
	doc_text(c, "y", g->y.name);
	doc_text(c, "y_unit", g->y.unit);
	doc_text(c, "group", grouped ? g->group.name : NULL);
	doc_count(c, "counted", (int64_t)g->counted);
	doc_count(c, "lacks", (int64_t)g->lacks);
	doc_count(c, "clock", (int64_t)g->clock);
	doc_count(c, "places", (int64_t)g->nplaces);
	doc_count(c, "drawn", (int64_t)g->ndrawn);
	doc_bool(c, "more", v->found.more);
	doc_bool(c, "blocks", v->found.blocks);
	doc_real(c, "correlation", graph_correlation(cx->arena, g));
	if (!row_for_sheet(cx))
		return;
	doc_text(c, "x-h", graph_axis_words(cx, &g->x));
	doc_text(c, "y-h", graph_axis_words(cx, &g->y));
	if (grouped)
		doc_text(c, "group-h", graph_axis_words(cx, &g->group));
	doc_text(c, "all-url",
	    v->max < GRAPH_ALL_MAX ? page_self_with(cx, P_EVERY, "1") : "");
	doc_text(c, "picture-url",
	    cx->form == FORM_HTML ? page_view(cx, "graph.svg") : "");
}

enum err
page_graph(struct page_context *cx)
{
	struct graph_view v = {0};
	struct graph_query q = {.filter = &v.filter};
	enum err err = read_choice(cx, &v);

	if (err != ERR_OK)
		return err;
	q.max = v.max;
	err = graph_find(cx->db, cx->arena, &q, &v.graph, &v.found, cx->ei);
	if (err != ERR_OK)
		return err;
	graph_arrange(cx->arena, &v.graph, cx->now);
	v.nboxes = graph_boxes(cx->arena, &v.graph, &v.box);
	say(cx, &v);
	add_facts(cx, &v);
	if ((err = graph_add_options(cx, &v)) != ERR_OK)
		return err;
	graph_add_plot(cx, &v);
	add_boxes(cx, &v);
	return add_points(cx, &v.graph);
}
