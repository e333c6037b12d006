/*
 * chart_draw.h: collects the points of a chart's lines, then finds the range
 * and makes the paths.
 */
#ifndef MODEL_CHART_DRAW_H
#define MODEL_CHART_DRAW_H

#include "model/chart_points.h"
#include "model/series_chart.h"

struct chart_draw {
	struct arena *arena;
	struct chart *chart;
	double seconds;   /* length of the axis */
	double least_max; /* the range goes up to this at least */
	bool from_zero;
	bool fixed; /* the range ends at least_max, round or not */
	const struct chart_points *points[CHART_LINES_MAX]; /* of each line */
	const double *v[CHART_LINES_MAX]; /* upper edge of each line */
	const double *below[CHART_LINES_MAX];
};

void chart_draw_begin(
    struct chart_draw *d, struct arena *a, struct chart *chart, double seconds);

/* The next lines of the chart, one for each column; the first `stacked` of
 * them stand upon each other. */
void chart_draw_add(struct chart_draw *d, const struct chart_samples *samples,
    unsigned stacked);

/* The next line, of points that were made otherwise. */
void chart_draw_points(struct chart_draw *d, const struct chart_points *p);

/* Range, grid and paths of all lines added. */
void chart_draw_end(struct chart_draw *d);

#endif
