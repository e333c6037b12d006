/* graph_plot.c: a graph as a picture; see graph_view.h. */
#include <math.h>

#include "base/arena.h"
#include "model/trend.h"
#include "web/graph_view.h"
#include "web/plot.h"

/* Points and a line of each group, and bands or boxes. */
#define SERIES_MAX (3 * GRAPH_LOOKS)
#define BAND_GROUPS 2
#define BOX_MIN 5
/* How much of a place its points take. */
#define PLACE_WIDTH 0.8

/* The last one is the one of all others. */
static const unsigned looks[GRAPH_LOOKS] = {1, 2, 4, 3, 6, 5};

struct drawing {
	struct page_context *cx;
	const struct graph_view *v;
	const struct graph *g;
	size_t nshown; /* groups with a look */
	struct plot_series series[SERIES_MAX];
	size_t n;
};

static struct plot_series *
add_series(
    struct drawing *d, const char *name, enum plot_kind kind, size_t group)
{
	struct plot_series *s = &d->series[d->n++];

	*s = (struct plot_series){
	    .name = name, .kind = kind, .look = looks[group]};
	return s;
}

/* The shown group that a point is drawn with. */
static size_t
shown(const struct drawing *d, size_t group)
{
	return group < d->g->nnamed ? group : d->nshown - 1;
}

static const char *
group_name(const struct drawing *d, size_t group)
{
	const struct graph *g = d->g;

	if (g->group.kind == GRAPH_NONE)
		return "";
	if (group >= g->nnamed)
		return arena_printf(
		    d->cx->arena, "%zu others", g->ngroups - g->nnamed);
	return graph_value_words(d->cx, &g->group, g->group_value[group].name);
}

/* ---- along x ---- */

/* Places are by the side of each other, and points of a place, too. */
static double
across(const struct drawing *d, const struct graph_point *p)
{
	double width = PLACE_WIDTH / (double)d->nshown, at, spread;

	if (d->g->x.kind != GRAPH_DIMENSION)
		return p->x;
	if (d->g->ndrawn > GRAPH_PLACES_MAX)
		return (double)p->place;
	at = (double)p->place - PLACE_WIDTH / 2 +
	     width * ((double)shown(d, p->group) + 0.5);
	/* Of the golden ratio: neighbours in time never meet. */
	spread = fmod((double)(p - d->g->point) * 0.618033988749895, 1.0) - 0.5;
	return at + 0.6 * width * spread;
}

static bool
is_drawn(const struct drawing *d, const struct graph_point *p)
{
	return p->counts &&
	       (d->g->x.kind != GRAPH_DIMENSION || p->place < d->g->ndrawn);
}

/* ---- points ---- */

static const char *
said(const struct drawing *d, const struct graph_point *p)
{
	const struct graph *g = d->g;
	char y[HUMAN_MAX], x[HUMAN_MAX];
	const char *at = x;

	human_measure(y, p->y, g->y.unit);
	if (g->x.kind == GRAPH_TIME)
		human_time(x, p->started, d->cx->now);
	else if (g->x.kind == GRAPH_NUMBER)
		human_measure(x, p->x, g->x.unit);
	else
		at = graph_value_words(d->cx, &g->x, p->x_text);
	return arena_printf(d->cx->arena, "%s%s%s%s%s: %s, %s", p->name,
	    p->recipe[0] != '\0' ? " " : "", p->recipe,
	    p->task[0] != '\0' ? " " : "", p->task, y, at);
}

static void
add_points(struct drawing *d, size_t group)
{
	const struct graph *g = d->g;
	struct plot_point *q =
	    arena_alloc(d->cx->arena, (g->n + 1) * sizeof(*q));
	struct plot_series *s =
	    add_series(d, group_name(d, group), PLOT_POINTS, group);

	s->point = q;
	for (size_t i = 0; i < g->n; i++) {
		const struct graph_point *p = &g->point[i];
		if (is_drawn(d, p) && shown(d, p->group) == group)
			q[s->n++] = (struct plot_point){
			    .x = across(d, p), .y = p->y, .to = (double)i};
	}
	for (size_t i = 0; s->n <= PLOT_MARKS_MAX && i < s->n; i++) {
		const struct graph_point *p = &g->point[(size_t)q[i].to];
		q[i].text = said(d, p);
		q[i].url = page_link(d->cx, "build/%d", p->build);
	}
}

/* ---- what is usual ---- */

/* A running median, and what most are between. */
static void
add_curve(struct drawing *d, size_t group)
{
	struct arena *a = d->cx->arena;
	const struct graph_point **p;
	size_t n = graph_of_group(a, d->g, group, &p), k;
	double *y = arena_alloc(a, (n + 1) * sizeof(*y));
	bool alone = d->g->group.kind == GRAPH_NONE;
	struct plot_series *line, *band = NULL;
	struct trend_curve *c;
	struct plot_point *q, *w;

	if (n < TREND_GROUP_MIN)
		return;
	for (size_t i = 0; i < n; i++)
		y[i] = p[i]->y;
	k = trend_curve(a, y, n, NULL, 0, &c);
	q = arena_alloc(a, (k + 1) * sizeof(*q));
	w = arena_alloc(a, (k + 1) * sizeof(*w));
	for (size_t i = 0; i < k; i++) {
		double x = across(d, p[c[i].at]);
		q[i] = (struct plot_point){.x = x, .y = c[i].median};
		w[i] = (struct plot_point){
		    .x = x, .y = c[i].high, .low = c[i].low};
	}
	if (d->nshown <= BAND_GROUPS) {
		band = add_series(d, alone ? "10th to 90th percentile" : "",
		    PLOT_BAND, group);
		band->point = w;
		band->n = k;
	}
	line = add_series(d, alone ? "median of 21" : "", PLOT_LINE, group);
	line->point = q;
	line->n = k;
}

static void
set_box(
    const struct drawing *d, const struct graph_box *b, struct plot_point *out)
{
	double width = PLACE_WIDTH / (double)d->nshown;
	double from =
	    (double)b->place - PLACE_WIDTH / 2 + width * (double)b->group;
	char median[HUMAN_MAX], low[HUMAN_MAX], high[HUMAN_MAX];
	const char *unit = d->g->y.unit;

	*out = (struct plot_point){
	    .x = from,
	    .to = from + width,
	    .low = b->q1,
	    .y = b->q3,
	    .middle = b->median,
	    .text = arena_printf(d->cx->arena,
		"%s: median of %zu %s, half of them from %s to %s",
		graph_value_words(d->cx, &d->g->x, d->g->place[b->place].name),
		b->n, human_measure(median, b->median, unit),
		human_measure(low, b->q1, unit),
		human_measure(high, b->q3, unit)),
	};
}

static void
add_boxes(struct drawing *d, size_t group)
{
	const struct graph_view *v = d->v;
	struct plot_point *q =
	    arena_alloc(d->cx->arena, (v->nboxes + 1) * sizeof(*q));
	struct plot_series *s = add_series(d,
	    d->g->group.kind == GRAPH_NONE ? "median and half of all" : "",
	    PLOT_BOXES, group);

	s->point = q;
	for (size_t i = 0; i < v->nboxes; i++)
		if (v->box[i].group == group && v->box[i].n >= BOX_MIN &&
		    v->box[i].place < d->g->ndrawn)
			set_box(d, &v->box[i], &q[s->n++]);
	if (s->n == 0)
		s->name = "";
}

static void
draw(struct drawing *d)
{
	const struct graph *g = d->g;
	bool boxes =
	    g->x.kind == GRAPH_DIMENSION && g->ndrawn <= GRAPH_PLACES_MAX;

	for (size_t i = 0; i < g->nnamed; i++) {
		if (boxes)
			add_boxes(d, i);
		else
			add_curve(d, i);
	}
	for (size_t i = 0; i < d->nshown; i++)
		add_points(d, i);
}

/* ---- axes ---- */

static const char *
axis_label(struct page_context *cx, const struct graph_axis *axis, bool log)
{
	if (axis->kind == GRAPH_TIME)
		return "when the build started (UTC)";
	return arena_printf(cx->arena, "%s%s", graph_axis_words(cx, axis),
	    log ? " (logarithmic; only what is above 0)" : "");
}

static void
set_places(struct drawing *d, struct plot_axis *x)
{
	const struct graph *g = d->g;
	const char **name =
	    arena_alloc(d->cx->arena, (g->ndrawn + 1) * sizeof(*name));

	for (size_t i = 0; i < g->ndrawn; i++)
		name[i] = graph_value_words(d->cx, &g->x, g->place[i].name);
	x->scale = PLOT_ORDER;
	x->nplaces = g->ndrawn;
	x->places = name;
}

void
graph_add_plot(struct page_context *cx, const struct graph_view *v)
{
	const struct graph *g = &v->graph;
	struct drawing d = {.cx = cx, .v = v, .g = g};
	struct plot p = {
	    .title = cx->sentence,
	    .x = {.scale = g->x.kind == GRAPH_TIME ? PLOT_CALENDAR
			   : v->log_x              ? PLOT_LOG
						   : PLOT_LINEAR,
		.label = axis_label(
		    cx, &g->x, v->log_x && g->x.kind == GRAPH_NUMBER),
		.unit = g->x.unit,
		.min = NAN,
		.max = NAN},
	    .y = {.scale = v->log_y ? PLOT_LOG : PLOT_LINEAR,
		.label = axis_label(cx, &g->y, v->log_y),
		.unit = g->y.unit,
		.min = NAN,
		.max = NAN,
		.from_zero = true},
	};

	if (cx->form != FORM_HTML && cx->form != FORM_XML &&
	    cx->form != FORM_SVG)
		return;
	d.nshown = g->nnamed + (g->ngroups > g->nnamed);
	if (g->x.kind == GRAPH_DIMENSION)
		set_places(&d, &p.x);
	draw(&d);
	p.series = d.series;
	p.nseries = d.n;
	plot_add(cx, doc_content(cx->doc), &p);
}
