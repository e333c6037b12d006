/* plot.c: see plot.h. */
#include "web/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/chart_axis.h"

#define UP CHART_HEIGHT
#define ACROSS CHART_WIDTH
#define PLACE_MAX 18 /* bytes of a name at an axis */

/* An axis with its range: scaled values. */
struct range {
	const struct plot_axis *axis;
	double low, high;
	double tick[CHART_TICKS_MAX];
	size_t nticks;
};

static double
scaled(const struct range *r, double v)
{
	return r->axis->scale == PLOT_LOG ? (v > 0 ? log10(v) : NAN) : v;
}

/* 0..1, NAN for what the axis can't show. */
static double
place(const struct range *r, double v)
{
	double at = (scaled(r, v) - r->low) / (r->high - r->low);

	return at < 0 ? 0 : at > 1 ? 1 : at;
}

static void
widen(struct range *r, double v)
{
	v = scaled(r, v);
	if (!isfinite(v))
		return;
	if (!(r->low <= v))
		r->low = v;
	if (!(r->high >= v))
		r->high = v;
}

static bool
has_foot(const struct plot_series *s)
{
	return s->kind == PLOT_BAND || s->kind == PLOT_BOXES;
}

/* Whose points reach from one x to another. */
static bool
is_wide(const struct plot_series *s)
{
	return s->kind == PLOT_BARS || s->kind == PLOT_BOXES;
}

static void
find_ranges(const struct plot *p, struct range *x, struct range *y)
{
	for (size_t i = 0; i < p->nseries; i++) {
		const struct plot_series *s = &p->series[i];
		for (size_t k = 0; k < s->n; k++) {
			const struct plot_point *q = &s->point[k];
			widen(x, q->x);
			widen(y, q->y);
			if (has_foot(s))
				widen(y, q->low);
			if (is_wide(s))
				widen(x, q->to);
		}
	}
}

/* What was asked for wins; equal ends are taken apart; numbers end at round
 * ones. */
static void
settle(struct range *r, bool bars)
{
	const struct plot_axis *a = r->axis;

	if (a->scale == PLOT_ORDER) {
		r->low = -0.5;
		r->high = (double)(a->nplaces > 0 ? a->nplaces : 1) - 0.5;
		return;
	}
	if ((a->from_zero || bars) && a->scale == PLOT_LINEAR && r->low > 0)
		r->low = 0;
	if (isfinite(a->min))
		r->low = scaled(r, a->min);
	if (isfinite(a->max))
		r->high = scaled(r, a->max);
	if (!isfinite(r->low) || !isfinite(r->high)) {
		r->low = 0;
		r->high = 1;
	}
	if (a->scale == PLOT_LINEAR) {
		double low = r->low, high = r->high;
		r->nticks = a->unit != NULL && strcmp(a->unit, "s") == 0
				? chart_grid_seconds(&low, &high, r->tick)
				: chart_grid(&low, &high, r->tick);
		if (!isfinite(a->min))
			r->low = low;
		if (!isfinite(a->max))
			r->high = high;
		while (r->nticks > 0 && r->tick[r->nticks - 1] > r->high)
			r->nticks--;
		return;
	}
	if (!(r->high > r->low)) {
		double half = a->scale == PLOT_LOG ? 0.3 : 43200e6;
		r->low -= half;
		r->high += half;
	}
	if (a->scale == PLOT_LOG)
		r->nticks =
		    chart_decades(pow(10, r->low), pow(10, r->high), r->tick);
}

/* ---- words ---- */

static const char *
words_of(struct page_context *cx, const struct plot_axis *a, double v)
{
	char text[HUMAN_MAX];

	if (!isfinite(v))
		return "unknown";
	if (a->scale == PLOT_ORDER)
		return v >= 0 && (size_t)v < a->nplaces ? a->places[(size_t)v]
							: "";
	if (a->scale == PLOT_CALENDAR)
		return arena_strdup(
		    cx->arena, human_time(text, (int64_t)v, cx->now));
	return arena_strdup(cx->arena, human_measure(text, v, a->unit));
}

static void
add_tick(node axis, double at, const char *label)
{
	node t = doc_object(axis, "tick");
	char text[32];

	snprintf(text, sizeof(text), "%.1f", at);
	doc_text(t, "at", text);
	doc_text(t, "label", label);
}

static const char *
short_name(struct arena *a, const char *name)
{
	if (strlen(name) <= PLACE_MAX)
		return name;
	return arena_printf(a, "%s\u2026", utf8_cut(a, name, PLACE_MAX - 1));
}

/* About eight of the places, evenly. */
static void
add_places(struct arena *a, node axis, const struct range *r)
{
	size_t n = r->axis->nplaces, stride = n / 9 + 1;

	doc_bool(axis, "places", true);
	for (size_t i = 0; i < n; i += stride)
		add_tick(axis, 100 * place(r, (double)i),
		    short_name(a, r->axis->places[i]));
}

static void
add_axis(struct page_context *cx, node plot, const char *name,
    const struct range *r, bool up)
{
	node axis = doc_object(plot, name);
	struct chart_tick ticks[CHART_TICKS_MAX];
	size_t n;

	doc_text(axis, "label", r->axis->label);
	if (r->axis->scale == PLOT_CALENDAR) {
		n = chart_calendar(
		    cx->arena, (int64_t)r->low, (int64_t)r->high, ticks);
		for (size_t i = 0; i < n; i++)
			add_tick(
			    axis, ticks[i].x / ACROSS * 100, ticks[i].label);
		return;
	}
	if (r->axis->scale == PLOT_ORDER) {
		add_places(cx->arena, axis, r);
		return;
	}
	if (r->axis->scale == PLOT_LINEAR)
		add_tick(axis, up ? 100 : 0, words_of(cx, r->axis, r->low));
	for (size_t i = 0; i < r->nticks; i++) {
		double at = 100 * place(r, r->tick[i]);
		add_tick(axis, up ? 100 - at : at,
		    words_of(cx, r->axis, r->tick[i]));
	}
}

/* ---- series ---- */

struct pen {
	struct page_context *cx;
	const struct plot *p;
	const struct range *x, *y;
	bool formed; /* several series of many points: forms tell them apart */
};

static double
across(const struct pen *pen, double x)
{
	return ACROSS * place(pen->x, x);
}

static double
down(const struct pen *pen, double y)
{
	return UP * (1 - place(pen->y, y));
}

static bool
visible(const struct pen *pen, const struct plot_point *q)
{
	return isfinite(place(pen->x, q->x)) && isfinite(place(pen->y, q->y));
}

static void
add_letter(struct buf *d, char letter, double x)
{
	buf_addc(d, letter);
	buf_add_fixed(d, x, 1);
}

static void
add_point(struct buf *d, char letter, double x, double y)
{
	add_letter(d, letter, x);
	buf_addc(d, ',');
	buf_add_fixed(d, y, 2);
}

static void
draw_line(const struct pen *pen, const struct plot_series *s, struct buf *d)
{
	bool on = false;

	for (size_t i = 0; i < s->n; i++) {
		const struct plot_point *q = &s->point[i];
		if (!visible(pen, q)) {
			on = false;
			continue;
		}
		if (on && s->kind == PLOT_STEPS)
			add_letter(d, 'H', across(pen, q->x));
		add_point(
		    d, on ? 'L' : 'M', across(pen, q->x), down(pen, q->y));
		on = true;
	}
}

/* Strokes without length: their round ends are dots. */
static void
draw_dots(const struct pen *pen, const struct plot_series *s, struct buf *d)
{
	for (size_t i = 0; i < s->n; i++)
		if (visible(pen, &s->point[i])) {
			add_point(d, 'M', across(pen, s->point[i].x),
			    down(pen, s->point[i].y));
			buf_adds(d, "h0");
		}
}

/* There along the upper edge, back along the lower one; a gap starts anew. */
static void
draw_band(const struct pen *pen, const struct plot_series *s, struct buf *d)
{
	for (size_t i = 0; i < s->n;) {
		size_t first = i;
		while (i < s->n && visible(pen, &s->point[i]) &&
		       isfinite(place(pen->y, s->point[i].low)))
			i++;
		for (size_t k = first; k < i; k++)
			add_point(d, k == first ? 'M' : 'L',
			    across(pen, s->point[k].x),
			    down(pen, s->point[k].y));
		for (size_t k = i; k > first; k--)
			add_point(d, 'L', across(pen, s->point[k - 1].x),
			    down(pen, s->point[k - 1].low));
		if (i > first)
			buf_addc(d, 'Z');
		else
			i++;
	}
}

static const char *
said(const struct pen *pen, const struct plot_series *s,
    const struct plot_point *q)
{
	if (q->text != NULL)
		return q->text;
	return arena_printf(pen->cx->arena, "%s%s%s: %s", s->name,
	    s->name[0] != '\0' ? ", " : "", words_of(pen->cx, &pen->p->x, q->x),
	    words_of(pen->cx, &pen->p->y, q->y));
}

static void
percent(node n, const char *name, double fraction)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f%%", 100 * fraction);
	doc_text(n, name, text);
}

static void
add_extent(const struct pen *pen, const struct plot_series *s,
    const struct plot_point *q, node m)
{
	double w = place(pen->x, q->to) - place(pen->x, q->x);
	double low = s->kind == PLOT_BOXES ? place(pen->y, q->low) : 0;
	double h = place(pen->y, q->y) - low;

	percent(m, "width", w > 0 ? w : 0);
	percent(m, "height", h > 0 ? h : 0);
	if (s->kind != PLOT_BOXES)
		return;
	percent(m, "to", place(pen->x, q->to));
	percent(m, "middle", 1 - place(pen->y, q->middle));
}

static void
add_marks(const struct pen *pen, const struct plot_series *s, node series)
{
	bool bare = s->kind == PLOT_POINTS && s->n > PLOT_MARKS_MAX;

	for (size_t i = 0; i < s->n; i++) {
		const struct plot_point *q = &s->point[i];
		node m;
		if (!visible(pen, q))
			continue;
		m = doc_item(series, "mark");
		percent(m, "x", place(pen->x, q->x));
		percent(m, "y", 1 - place(pen->y, q->y));
		if (is_wide(s))
			add_extent(pen, s, q, m);
		if (bare)
			continue;
		doc_text(m, "text", said(pen, s, q));
		doc_text(m, "url", q->url != NULL ? q->url : "");
	}
}

static const char *
kind_word(enum plot_kind kind)
{
	static const char *const words[] = {[PLOT_POINTS] = "points",
	    [PLOT_LINE] = "line",
	    [PLOT_STEPS] = "line",
	    [PLOT_BAND] = "band",
	    [PLOT_BARS] = "bars",
	    [PLOT_BOXES] = "boxes"};

	return words[kind];
}

static void
add_series(const struct pen *pen, const struct plot_series *s, node plot)
{
	node n = doc_item(plot, "series");
	struct buf d = BUF_INIT;
	bool marks = is_wide(s) || (s->kind == PLOT_POINTS &&
				       (pen->formed || s->n <= PLOT_MARKS_MAX));

	doc_text(n, "name", s->name);
	doc_text(n, "kind",
	    s->kind == PLOT_POINTS && !marks ? "dots" : kind_word(s->kind));
	doc_int(n, "look", s->look);
	doc_count(n, "n", (int64_t)s->n);
	if (marks)
		add_marks(pen, s, n);
	else if (s->kind == PLOT_BAND)
		draw_band(pen, s, &d);
	else if (s->kind == PLOT_POINTS)
		draw_dots(pen, s, &d);
	else
		draw_line(pen, s, &d);
	doc_text(n, "path-d", d.len > 0 ? d.data : "");
	buf_clear(&d);
}

static bool
need_forms(const struct plot *p)
{
	size_t many = 0;

	for (size_t i = 0; i < p->nseries; i++) {
		const struct plot_series *s = &p->series[i];
		bool points = s->kind == PLOT_POINTS && s->n > 0;
		many += points && s->n > PLOT_MARKS_MAX;
	}
	/* One kind of dots among forms stands out by itself. */
	return many > 1;
}

static void
add_event(const struct pen *pen, const struct plot_event *e, node plot)
{
	double at = place(pen->x, e->x);
	node n;

	if (!isfinite(at))
		return;
	n = doc_item(plot, "event");
	percent(n, "x", at);
	doc_text(n, "label", e->label);
	doc_text(n, "url", e->url != NULL ? e->url : "");
	doc_bool(n, "worse", e->worse);
}

void
plot_add(struct page_context *cx, node parent, const struct plot *p)
{
	struct range x = {.axis = &p->x, .low = NAN, .high = NAN};
	struct range y = {.axis = &p->y, .low = NAN, .high = NAN};
	struct pen pen = {cx, p, &x, &y, need_forms(p)};
	node n = doc_aside(parent, "plot");
	bool bars = false, any = false;

	find_ranges(p, &x, &y);
	any = isfinite(x.low) && isfinite(y.low);
	for (size_t i = 0; i < p->nseries; i++)
		bars |= p->series[i].kind == PLOT_BARS;
	settle(&x, false);
	settle(&y, bars);
	doc_text(n, "title", p->title);
	doc_bool(n, "empty", !any);
	add_axis(cx, n, "xaxis", &x, false);
	add_axis(cx, n, "yaxis", &y, true);
	for (size_t i = 0; i < p->nseries; i++)
		add_series(&pen, &p->series[i], n);
	for (size_t i = 0; i < p->nevents; i++)
		add_event(&pen, &p->event[i], n);
}
