/* trend_plot.c: a trend as pictures; see trend_view.h. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/change_point.h"
#include "web/plot.h"
#include "web/trend_view.h"

/* Series: for each named group points, a line, perhaps a band and what it is
 * compared with; the others, and what is far out. */
#define SERIES_MAX (4 * TREND_NAMED_MAX + 3)
#define EVENTS_MAX 16
#define LOOK_OUTLIER 3
#define LOOK_OTHERS 5
/* Values so many times what is usual are drawn at the edge. */
#define FAR_OUT 4.0

static const unsigned looks[TREND_NAMED_MAX] = {1, 2, 4};

struct drawing {
	struct page_context *cx;
	const struct trend_view *v;
	enum trend_number which;
	const char *unit;
	struct plot_series series[SERIES_MAX];
	size_t n;
	double usual; /* highest 90th percentile of the curves */
	double most;
};

static double
across(const struct trend_view *v, size_t run)
{
	return v->by_commit ? v->number[run]
			    : (double)v->trend->run[run].started;
}

/* ---- curves ---- */

/* A group's values that are known, with their runs, and where it steps. */
struct line {
	size_t n, ncuts;
	size_t *run, *cut;
	double *value;
};

static bool
is_cut(const struct trend_view *v, size_t group, size_t run)
{
	for (size_t i = 0; i < v->nsteps; i++)
		if (v->step[i].group == group && v->step[i].after == run)
			return true;
	return false;
}

static struct line
line_of(struct page_context *cx, const struct trend_view *v, size_t group,
    enum trend_number which)
{
	const struct trend_group *g = &v->trend->group[group];
	struct line l = {
	    .run = arena_alloc(cx->arena, (g->n + 1) * sizeof(*l.run)),
	    .cut = arena_alloc(cx->arena, (g->n + 1) * sizeof(*l.cut)),
	    .value = arena_alloc(cx->arena, (g->n + 1) * sizeof(*l.value)),
	};
	bool cut = false;

	for (size_t i = 0; i < g->n; i++) {
		double x = trend_number(&v->trend->run[g->run[i]], which);
		cut |= is_cut(v, group, g->run[i]);
		if (!isfinite(x))
			continue;
		if (cut && l.n > 0)
			l.cut[l.ncuts++] = l.n;
		cut = false;
		l.run[l.n] = g->run[i];
		l.value[l.n++] = x;
	}
	return l;
}

static void
mark_group(struct page_context *cx, struct trend_view *v, size_t group)
{
	struct line l = line_of(cx, v, group, TREND_VALUE);
	struct trend_curve *c;
	size_t n = trend_curve(cx->arena, l.value, l.n, l.cut, l.ncuts, &c);
	size_t k = 0;

	for (size_t i = 0; i < l.n; i++) {
		while (k + 1 < n && c[k + 1].at <= i)
			k++;
		v->outlier[l.run[i]] = trend_is_outlier(&c[k], l.value[i]);
	}
}

void
trend_mark_outliers(struct page_context *cx, struct trend_view *v)
{
	v->outlier =
	    arena_calloc(cx->arena, v->trend->n + 1, sizeof(*v->outlier));
	for (size_t g = 0; g < v->trend->ngroups && g < TREND_STEPPED_MAX; g++)
		if (v->trend->group[g].n >= TREND_GROUP_MIN)
			mark_group(cx, v, g);
}

static struct plot_series *
add_series(
    struct drawing *d, const char *name, enum plot_kind kind, unsigned look)
{
	struct plot_series *s = &d->series[d->n++];

	*s = (struct plot_series){.name = name, .kind = kind, .look = look};
	return s;
}

/* A step breaks the line. */
static void
add_curve(struct drawing *d, size_t group)
{
	const struct trend_view *v = d->v;
	struct line l = line_of(d->cx, v, group, d->which);
	bool only = v->nnamed == 1 && v->trend->ngroups == 1;
	struct trend_curve *c;
	size_t n = trend_curve(d->cx->arena, l.value, l.n, l.cut, l.ncuts, &c);
	struct plot_point *p =
	    arena_alloc(d->cx->arena, (2 * n + 1) * sizeof(*p));
	struct plot_series *s;
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		double x = across(v, l.run[c[i].at]);
		if (c[i].first && i > 0)
			p[k++] =
			    (struct plot_point){.x = NAN, .y = NAN, .low = NAN};
		p[k++] = (struct plot_point){
		    .x = x, .y = c[i].high, .low = c[i].low};
		d->usual = fmax(d->usual, c[i].high);
	}
	if (v->nnamed <= 2) {
		s = add_series(d, only ? "10th to 90th percentile" : "",
		    PLOT_BAND, looks[group]);
		s->n = k;
		s->point = p;
	}
	p = memcpy(
	    arena_alloc(d->cx->arena, (k + 1) * sizeof(*p)), p, k * sizeof(*p));
	for (size_t i = 0, at = 0; i < k; i++)
		if (isfinite(p[i].x))
			p[i].y = c[at++].median;
	s = add_series(d, only ? "median of 21" : "", PLOT_LINE, looks[group]);
	s->n = k;
	s->point = p;
}

/* ---- points ---- */

static bool
is_in(const struct trend_view *v, size_t i, size_t group)
{
	const struct trend_run *r = &v->trend->run[i];

	return r->use == TREND_COUNTS &&
	       (group < v->nnamed ? r->group == group : r->group >= v->nnamed);
}

static void
add_points(struct drawing *d, const char *name, size_t group, bool outliers)
{
	const struct trend_view *v = d->v;
	struct plot_point *p =
	    arena_alloc(d->cx->arena, (v->trend->n + 1) * sizeof(*p));
	bool links = v->trend->n <= PLOT_MARKS_MAX || outliers;
	struct plot_series *s;
	size_t n = 0;

	for (size_t i = 0; i < v->trend->n; i++) {
		const struct trend_run *r = &v->trend->run[i];
		double y = trend_number(r, d->which);
		if ((outliers ? !v->outlier[i]
			      : !is_in(v, i, group) || v->outlier[i]) ||
		    !isfinite(y))
			continue;
		d->most = fmax(d->most, y);
		p[n++] = (struct plot_point){
		    .x = across(v, i),
		    .y = y,
		    .url =
			links ? page_link(d->cx, "build/%d", r->build) : NULL,
		};
	}
	if (n == 0)
		return;
	s = add_series(d, name, PLOT_POINTS,
	    outliers            ? LOOK_OUTLIER
	    : group < v->nnamed ? looks[group]
				: LOOK_OTHERS);
	s->n = n;
	s->point = p;
}

/* ---- what they are compared with ---- */

static void
add_base_of(struct drawing *d, const char *name, const size_t *run, size_t n)
{
	const struct trend_view *v = d->v;
	struct plot_point *p = arena_alloc(d->cx->arena, (n + 1) * sizeof(*p));
	struct plot_series *s = add_series(d, name, PLOT_STEPS, LOOK_OTHERS);

	for (size_t i = 0; i < n; i++) {
		size_t at = run != NULL ? run[i] : i;
		p[i] =
		    (struct plot_point){.x = across(v, at), .y = v->base[at]};
		if (isfinite(p[i].y))
			d->most = fmax(d->most, p[i].y);
	}
	s->point = p;
	s->n = n;
}

/* One build is the same for all. */
static void
add_bases(struct drawing *d)
{
	const struct trend_view *v = d->v;

	if (v->base == NULL || d->which != TREND_VALUE)
		return;
	if (v->asked.build != 0)
		add_base_of(d, v->base_words, NULL, v->trend->n);
	for (size_t g = 0; v->asked.build == 0 && (g < v->nnamed || g == 0) &&
			   g < v->trend->ngroups;
	     g++)
		add_base_of(d, g == 0 ? v->base_words : "",
		    v->trend->group[g].run, v->trend->group[g].n);
}

static void
draw(struct drawing *d)
{
	const struct trend_view *v = d->v;
	bool single = v->trend->ngroups == 1;

	for (size_t g = 0; g < v->nnamed; g++)
		add_curve(d, g);
	for (size_t g = 0; g < v->nnamed; g++)
		add_points(
		    d, trend_group_name(d->cx, &v->trend->group[g]), g, false);
	add_points(d,
	    v->nnamed > 0 ? "others"
	    : single      ? trend_group_name(d->cx, &v->trend->group[0])
			  : "all",
	    v->nnamed, false);
	if (d->which == TREND_VALUE)
		add_points(d, "outliers", 0, true);
	else
		add_points(d, "", 0, true);
	add_bases(d);
}

/* ---- events ---- */

static size_t
add_events(struct drawing *d, struct plot_event out[EVENTS_MAX])
{
	const struct trend_view *v = d->v;
	size_t n = 0;

	for (size_t i = 0; i < v->nsteps && n < EVENTS_MAX; i++) {
		const struct step *s = &v->step[i];
		const struct step_pair *p = &s->sides.value;
		char before[HUMAN_MAX], after[HUMAN_MAX];
		if (s->group >= v->nnamed)
			continue;
		human_measure(before, p->before, v->unit);
		human_measure(after, p->after, v->unit);
		out[n++] = (struct plot_event){
		    .x = across(v, s->after),
		    .label = arena_printf(d->cx->arena, "%s: %s to %s, %s",
			step_verdict_word(s->verdict), before, after,
			trend_group_name(d->cx, &v->trend->group[s->group])),
		    .url = page_link_query(d->cx, "compare", "build",
			arena_printf(
			    d->cx->arena, "%d", v->trend->run[s->before].build),
			"build",
			arena_printf(
			    d->cx->arena, "%d", v->trend->run[s->after].build),
			NULL),
		    .worse = s->verdict == STEP_WORSE,
		};
	}
	return n;
}

/* ---- the plots ---- */

static void
add_plot(struct page_context *cx, const struct trend_view *v, node parent,
    enum trend_number which, const char *label)
{
	struct plot_event event[EVENTS_MAX];
	struct drawing d = {
	    .cx = cx,
	    .v = v,
	    .which = which,
	    .unit = which == TREND_VALUE      ? v->unit
		    : which == TREND_PRESSURE ? "%"
					      : "s",
	};
	struct plot p = {
	    .title = cx->form == FORM_SVG && cx->sentence != NULL ? cx->sentence
								  : label,
	    .x = {.scale = v->by_commit ? PLOT_ORDER : PLOT_CALENDAR,
		.label = v->by_commit ? "commits of oe-core, as first seen"
				      : "when the build started (UTC)",
		.unit = "",
		.min = NAN,
		.max = NAN,
		.nplaces = v->ncommits,
		.places = v->commit},
	    .y = {.scale = PLOT_LINEAR,
		.label = label,
		.unit = d.unit,
		.min = NAN,
		.max = NAN,
		.from_zero = true},
	};

	draw(&d);
	if (d.usual > 0 && d.most > FAR_OUT * d.usual) {
		p.y.max = 2 * d.usual;
		p.y.label = arena_printf(cx->arena,
		    "%s (what is far above stands at the upper edge)", label);
	}
	p.series = d.series;
	p.nseries = d.n;
	p.event = event;
	p.nevents = add_events(&d, event);
	plot_add(cx, parent, &p);
}

void
trend_add_plots(struct page_context *cx, const struct trend_view *v)
{
	enum step_of what = step_of_metric(v->query.metric);
	node content = doc_content(cx->doc), beside;

	if (cx->form != FORM_HTML && cx->form != FORM_XML &&
	    cx->form != FORM_SVG)
		return;
	add_plot(
	    cx, v, content, TREND_VALUE, trend_metric_words(v->query.metric));
	if (cx->form == FORM_SVG)
		return;
	beside = doc_aside(content, "beside");
	if (what != STEP_OF_WALL)
		add_plot(cx, v, beside, TREND_WALL, "wall time");
	if (what != STEP_OF_CPU)
		add_plot(cx, v, beside, TREND_CPU, "CPU time");
	add_plot(cx, v, beside, TREND_PRESSURE, "CPU pressure");
}
