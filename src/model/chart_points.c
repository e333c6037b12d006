/* chart_points.c: see chart_points.h. */
#include "model/chart_points.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/chart_axis.h"

#define GAP_LEAST 30.0
#define GAP_INTERVALS 3.0
#define INTERVAL_MAX 600
/* Clocks and rounding put samples this far off the ends. */
#define SLACK 2.0

/* Intervals are whole seconds, so counting them gives the median. */
static double
median_interval(const int64_t *time, size_t n)
{
	size_t count[INTERVAL_MAX + 1] = {0}, total = 0, sum = 0, i = 1;

	for (size_t k = 1; k < n; k++) {
		double d = (double)time[k] - (double)time[k - 1];
		if (!(d >= 1))
			continue;
		count[d > INTERVAL_MAX ? INTERVAL_MAX : (size_t)d]++;
		total++;
	}
	if (total == 0)
		return 1;
	while (i < INTERVAL_MAX && 2 * (sum += count[i]) < total)
		i++;
	return (double)i;
}

void
chart_place(struct arena *a, const int64_t *time, size_t n,
    const struct chart_axis *axis, struct chart_samples *out)
{
	double interval = median_interval(time, n);
	double shift = -axis->start, before = -INFINITY;

	*out = (struct chart_samples){0};
	out->t = arena_alloc(a, (n + 1) * sizeof(*out->t));
	out->from = arena_alloc(a, (n + 1) * sizeof(*out->from));
	out->gap = fmax(GAP_LEAST, GAP_INTERVALS * interval);
	for (size_t i = 0; i < n; i++) {
		double t = (double)time[i] + shift;
		if (t < before) {
			shift += before + interval - t;
			t = before + interval;
		}
		before = t;
		if (t < -SLACK || t > axis->seconds + SLACK) {
			out->outside++;
			continue;
		}
		out->from[out->n] = (uint32_t)i;
		out->t[out->n++] = fmin(fmax(t, 0), axis->seconds);
	}
}

/* The end of the samples that share a point with the one at `first`. */
static size_t
bucket_end(const struct chart_samples *s, double seconds, size_t first)
{
	double width = seconds / CHART_BUCKETS;
	double bucket = floor(s->t[first] / width);
	size_t i = first + 1;

	if (s->n <= CHART_BUCKETS)
		return i;
	/* The very end of the axis belongs to the last bucket. */
	while (i < s->n &&
	       (s->t[i] < (bucket + 1) * width || bucket + 1 >= CHART_BUCKETS))
		i++;
	return i;
}

void
chart_reduce(
    const struct chart_samples *s, double seconds, struct chart_points *out)
{
	out->n = 0;
	out->ncolumns = s->ncolumns;
	for (size_t first = 0, end; first < s->n; first = end) {
		double sum[CHART_COLUMNS + 1] = {0}, n;
		size_t p = out->n++;
		end = bucket_end(s, seconds, first);
		n = (double)(end - first);
		for (size_t i = first; i < end; i++) {
			sum[CHART_COLUMNS] += s->t[i];
			for (unsigned c = 0; c < s->ncolumns; c++)
				sum[c] += s->v[c][i];
		}
		out->t[p] = sum[CHART_COLUMNS] / n;
		for (unsigned c = 0; c < s->ncolumns; c++)
			out->v[c][p] = sum[c] / n;
		out->after_gap[p] =
		    first == 0 || s->t[first] - s->t[first - 1] > s->gap;
	}
}

struct chart_stats
chart_stats_of(const struct chart_samples *s, unsigned column)
{
	const double *v = s->v[column];
	double sum = 0, weight = 0, peak = -INFINITY;

	if (s->n == 0)
		return (struct chart_stats){NAN, NAN, NAN};
	for (size_t i = 0; i < s->n; i++) {
		double w = i == 0 ? 1 : fmin(s->t[i] - s->t[i - 1], s->gap);
		sum += w * v[i];
		weight += w;
		peak = fmax(peak, v[i]);
	}
	return (struct chart_stats){v[s->n - 1], sum / weight, peak};
}

/* One decimal is a tenth of a unit in a box of 1000 by 100. */
static void
add_number(struct buf *b, double d)
{
	char out[16];
	long tenths = lround(fmin(fmax(d, -9e4), 9e4) * 10);
	unsigned long u = (unsigned long)labs(tenths);
	size_t n = sizeof(out);

	if (u % 10 != 0) {
		out[--n] = (char)('0' + u % 10);
		out[--n] = '.';
	}
	u /= 10;
	do {
		out[--n] = (char)('0' + u % 10);
		u /= 10;
	} while (u != 0);
	if (tenths < 0)
		out[--n] = '-';
	buf_add(b, out + n, sizeof(out) - n);
}

static double
x_of(const struct chart_scale *scale, double t)
{
	return t / scale->seconds * CHART_WIDTH;
}

static double
y_of(const struct chart_scale *scale, double v)
{
	double share = (v - scale->min) / (scale->max - scale->min);

	return CHART_HEIGHT * (1 - fmin(fmax(share, 0), 1));
}

static void
add_point(struct buf *b, char command, double x, double y)
{
	buf_addc(b, command);
	add_number(b, x);
	buf_addc(b, ' ');
	add_number(b, y);
}

static size_t
run_end(const struct chart_points *p, size_t from)
{
	size_t to = from + 1;

	while (to < p->n && !p->after_gap[to])
		to++;
	return to;
}

/* The points from..to as a line; a lone one gets a width of its own. */
static void
add_run(struct buf *b, const struct chart_scale *scale,
    const struct chart_points *p, const double *v, size_t from, size_t to)
{
	double y = y_of(scale, v[from]), x = x_of(scale, p->t[from]);

	if (to == from + 1) {
		add_point(b, 'M', x - 1, y);
		add_point(b, 'L', x + 1, y);
		return;
	}
	add_point(b, 'M', x, y);
	for (size_t i = from + 1; i < to; i++)
		add_point(b, i == from + 1 ? 'L' : ' ', x_of(scale, p->t[i]),
		    y_of(scale, v[i]));
}

static const char *
taken(struct arena *a, struct buf *b)
{
	const char *out = b->len > 0 ? arena_strndup(a, b->data, b->len) : "";

	buf_clear(b);
	return out;
}

const char *
chart_line_path(struct arena *a, const struct chart_scale *scale,
    const struct chart_points *p, const double *v)
{
	struct buf b = BUF_INIT;

	for (size_t from = 0, to; from < p->n; from = to) {
		to = run_end(p, from);
		add_run(&b, scale, p, v, from, to);
	}
	return taken(a, &b);
}

/* Back along the lower edge, to close the area. */
static void
add_way_back(struct buf *b, const struct chart_scale *scale,
    const struct chart_points *p, const double *below, size_t from, size_t to)
{
	double widen = to == from + 1 ? 1 : 0;

	if (below == NULL || widen > 0) {
		double y =
		    below == NULL ? CHART_HEIGHT : y_of(scale, below[from]);
		add_point(b, 'L', x_of(scale, p->t[to - 1]) + widen, y);
		add_point(b, ' ', x_of(scale, p->t[from]) - widen, y);
	} else {
		for (size_t i = to; i-- > from;)
			add_point(b, i == to - 1 ? 'L' : ' ',
			    x_of(scale, p->t[i]), y_of(scale, below[i]));
	}
	buf_addc(b, 'Z');
}

const char *
chart_area_path(struct arena *a, const struct chart_scale *scale,
    const struct chart_points *p, const double *v, const double *below)
{
	struct buf b = BUF_INIT;

	for (size_t from = 0, to; from < p->n; from = to) {
		to = run_end(p, from);
		add_run(&b, scale, p, v, from, to);
		add_way_back(&b, scale, p, below, from, to);
	}
	return taken(a, &b);
}
