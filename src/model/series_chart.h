/*
 * series_chart.h: the series of a build as charts on one time axis.
 *
 * Pure functions; numbers and path data only, the words are the page's.
 */
#ifndef MODEL_SERIES_CHART_H
#define MODEL_SERIES_CHART_H

#include "model/build.h"
#include "model/chart_axis.h"

struct arena;
struct task_table;

struct chart_line {
	const char *name;
	bool stacked;            /* drawn upon the line before it */
	double last, mean, peak; /* NAN without samples */
	const char *area, *line; /* path data, "" without samples */
};

#define CHART_LINES_MAX 4

struct chart {
	const char *kind;    /* cpu memory disk network pressure space tasks */
	const char *subject; /* interface, volume; "" */
	const char *unit;    /* "share", "%", "B", "B/s", "tasks" */
	unsigned flags;      /* enum series_flag */
	size_t samples, outside; /* outside: off the axis, left out */
	double min, max;         /* of the box */
	size_t nlines;
	struct chart_line line[CHART_LINES_MAX];
	size_t ngrid;
	double grid[CHART_GRID_MAX]; /* values, bottom to top */
};

/* Microseconds; end > start. */
struct chart_span {
	int64_t start, end;
};

struct charts {
	struct chart_span span;
	size_t n;
	struct chart *chart;
	size_t idle;   /* interfaces without traffic, left out */
	size_t hidden; /* interfaces beyond the few busiest, left out */
};

/*
 * The axis: from the build's start to its end or, when that was never seen,
 * to the last that any task or sample tells.  t may be NULL.
 */
struct chart_span chart_span_of(int64_t started, double elapsed,
    const struct series *series, size_t n, const struct task_table *t);

/*
 * One chart for each subject, the three pressures in one; loopback and
 * interfaces without traffic are left out.  Tasks running come first if
 * t is not NULL and has any times.
 */
void charts_make(struct arena *a, const struct chart_span *span,
    const struct series *series, size_t n, const struct task_table *t,
    struct charts *out);

/* How many tasks ran at a time; false if no task has times. */
bool chart_of_tasks(struct arena *a, const struct chart_span *span,
    const struct task_table *t, struct chart *out);

#endif
