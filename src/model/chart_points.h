/*
 * chart_points.h: many samples become few points, and points become SVG path
 * data; pure functions.
 */
#ifndef MODEL_CHART_POINTS_H
#define MODEL_CHART_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define CHART_BUCKETS 240
#define CHART_COLUMNS 4

/* Samples on the axis of a chart: t in seconds from its start, ascending. */
struct chart_samples {
	size_t n;
	double *t;
	uint32_t *from; /* which of the times given each one is */
	unsigned ncolumns;
	double *v[CHART_COLUMNS]; /* n values each, finite */
	double gap;     /* seconds without a sample that break the line */
	size_t outside; /* how many were left out, off the axis */
};

/* Means of samples; at most CHART_BUCKETS points. */
struct chart_points {
	size_t n;
	unsigned ncolumns;
	double t[CHART_BUCKETS];
	bool after_gap[CHART_BUCKETS]; /* no line from the point before */
	double v[CHART_COLUMNS][CHART_BUCKETS];
};

struct chart_stats {
	double last, mean, peak; /* NAN without samples */
};

/* An axis: epoch seconds of its start, and its length. */
struct chart_axis {
	double start, seconds;
};

/*
 * Places n times (epoch seconds) on an axis.  A clock that was set back in
 * between is made good: the series goes on one interval after its last sample.
 * Columns are not touched.
 */
void chart_place(struct arena *a, const int64_t *time, size_t n,
    const struct chart_axis *axis, struct chart_samples *out);

void chart_reduce(
    const struct chart_samples *s, double seconds, struct chart_points *out);

/* Mean (each sample weighs the time since the one before), peak and last. */
struct chart_stats chart_stats_of(
    const struct chart_samples *s, unsigned column);

/* How points are drawn: time 0..seconds to x, min..max to y, upside down. */
struct chart_scale {
	double seconds, min, max;
};

/*
 * Path data of the line through one column's points, and of the area between
 * it and `below` (NULL: the bottom), which has as many values.
 */
const char *chart_line_path(struct arena *a, const struct chart_scale *scale,
    const struct chart_points *p, const double *v);
const char *chart_area_path(struct arena *a, const struct chart_scale *scale,
    const struct chart_points *p, const double *v, const double *below);

#endif
