/* parallelism.c: see parallelism.h. */
#include "model/parallelism.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

static int
by_number(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

/* Adds a time during which so many ran to the slices that it touches. */
static void
add_to_slices(
    struct parallelism *p, double width, double from, double to, double running)
{
	size_t first = (size_t)(from / width);

	for (size_t i = first; i < p->nslices && (double)i * width < to; i++) {
		double low = fmax(from, (double)i * width);
		double high = fmin(to, (double)(i + 1) * width);
		p->slice[i] += fmax(high - low, 0) / width * running;
	}
}

static void
add_time(struct parallelism *p, const struct task_graph *g, double from,
    double to, size_t running)
{
	size_t wide = p->nlevels > 1 ? p->level[p->nlevels - 1].to -
					   p->level[p->nlevels - 1].from + 1
				     : 1;
	size_t level = running == 0 ? 0 : 1 + (running - 1) / wide;

	if (!(to > from))
		return;
	p->level[level].seconds += to - from;
	p->mean += (to - from) * (double)running / g->seconds;
	add_to_slices(
	    p, g->seconds / (double)p->nslices, from, to, (double)running);
}

/* No level is above g->most; the last one is as wide as the others. */
static void
make_levels(struct parallelism *p, size_t most)
{
	size_t wide = (most + PARALLEL_LEVELS - 1) / PARALLEL_LEVELS;

	p->nlevels = 1;
	for (size_t from = 1; from <= most; from += wide)
		p->level[p->nlevels++] =
		    (struct parallel_level){from, from + wide - 1, 0};
}

void
parallelism_make(
    struct arena *a, const struct task_graph *g, struct parallelism *out)
{
	double *end = arena_alloc(a, (g->n + 1) * sizeof(*end)), now = 0;
	size_t started = 0, ended = 0;

	*out = (struct parallelism){.nslices = PARALLEL_SLICES};
	make_levels(out, g->most);
	for (size_t i = 0; i < g->n; i++)
		end[i] = g->task[i].end;
	qsort(end, g->n, sizeof(*end), by_number);
	while (ended < g->n) {
		bool is_start =
		    started < g->n && g->task[started].start < end[ended];
		double at = is_start ? g->task[started].start : end[ended];
		/* A task of no length ends before it starts: no time goes by
		 * in between. */
		add_time(
		    out, g, now, at, started > ended ? started - ended : 0);
		now = at;
		if (is_start)
			started++;
		else
			ended++;
	}
	add_time(out, g, now, g->seconds, 0);
}
