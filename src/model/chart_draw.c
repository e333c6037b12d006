/* chart_draw.c: see chart_draw.h. */
#include "model/chart_draw.h"

#include <math.h>

#include "base/arena.h"

void
chart_draw_begin(
    struct chart_draw *d, struct arena *a, struct chart *chart, double seconds)
{
	*d = (struct chart_draw){
	    .arena = a,
	    .chart = chart,
	    .seconds = seconds,
	    .from_zero = true,
	};
}

/* Puts a column upon the one before it. */
static const double *
stack(struct arena *a, const double *v, const double *below, size_t n)
{
	double *sum;

	if (below == NULL)
		return v;
	sum = arena_alloc(a, (n + 1) * sizeof(*sum));
	for (size_t i = 0; i < n; i++)
		sum[i] = v[i] + below[i];
	return sum;
}

void
chart_draw_points(struct chart_draw *d, const struct chart_points *p)
{
	size_t k = d->chart->nlines;

	if (k >= CHART_LINES_MAX)
		return;
	d->points[k] = p;
	d->v[k] = p->v[0];
	d->chart->nlines++;
}

void
chart_draw_add(
    struct chart_draw *d, const struct chart_samples *samples, unsigned stacked)
{
	struct chart_points *p = arena_alloc(d->arena, sizeof(*p));

	chart_reduce(samples, d->seconds, p);
	for (unsigned c = 0; c < samples->ncolumns; c++) {
		size_t k = d->chart->nlines;
		struct chart_line *line = &d->chart->line[k];
		struct chart_stats stats = chart_stats_of(samples, c);
		if (k >= CHART_LINES_MAX)
			return;
		d->points[k] = p;
		d->below[k] = c > 0 && c < stacked ? d->v[k - 1] : NULL;
		d->v[k] = stack(d->arena, p->v[c], d->below[k], p->n);
		line->stacked = c < stacked;
		line->last = stats.last;
		line->mean = stats.mean;
		line->peak = stats.peak;
		d->chart->nlines++;
	}
}

static void
find_range(struct chart_draw *d)
{
	struct chart *c = d->chart;
	double min = INFINITY, max = d->least_max;

	for (size_t k = 0; k < c->nlines; k++)
		for (size_t i = 0; i < d->points[k]->n; i++) {
			min = fmin(min, d->v[k][i]);
			max = fmax(max, d->v[k][i]);
		}
	c->min = d->from_zero ? 0 : min;
	c->max = max;
	c->ngrid = chart_grid(&c->min, &c->max, c->grid);
	if (!d->fixed || !(d->least_max > c->min))
		return;
	c->max = d->least_max;
	while (c->ngrid > 0 && c->grid[c->ngrid - 1] > c->max)
		c->ngrid--;
}

void
chart_draw_end(struct chart_draw *d)
{
	struct chart *c = d->chart;
	struct chart_scale scale;

	find_range(d);
	scale = (struct chart_scale){d->seconds, c->min, c->max};
	for (size_t k = 0; k < c->nlines; k++) {
		c->line[k].line =
		    chart_line_path(d->arena, &scale, d->points[k], d->v[k]);
		c->line[k].area = chart_area_path(
		    d->arena, &scale, d->points[k], d->v[k], d->below[k]);
	}
}
