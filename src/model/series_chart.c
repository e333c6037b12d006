/* series_chart.c: see series_chart.h. */
#include "model/series_chart.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/chart_draw.h"
#include "model/chart_points.h"
#include "model/task_table.h"

#define US 1000000
#define NETWORKS_MAX 4
#define SPAN_MAX ((int64_t)400 * 86400 * US)

/* The columns of struct series, as build.h orders them. */
enum { CPU_USER, CPU_SYSTEM, CPU_IOWAIT };
enum { MEM_TOTAL, MEM_FREE, MEM_BUFFERS, MEM_CACHED, SWAP_TOTAL, SWAP_FREE };
enum { PAIR_IN, PAIR_OUT }; /* read and write, rx and tx */

static void
stretch(struct chart_span *span, double end_us)
{
	if (end_us > (double)span->end &&
	    end_us < (double)span->start + (double)SPAN_MAX)
		span->end = (int64_t)end_us;
}

struct chart_span
chart_span_of(int64_t started, double elapsed, const struct series *series,
    size_t n, const struct task_table *t)
{
	struct chart_span span = {started, started + US};

	if (isfinite(elapsed) && elapsed >= 0) {
		stretch(&span, (double)started + elapsed * US);
		return span;
	}
	for (size_t i = 0; i < n; i++)
		if (series[i].n > 0)
			stretch(&span,
			    (double)series[i].time[series[i].n - 1] * US);
	for (size_t i = 0; t != NULL && i < t->n; i++)
		if (t->started[i] != TIME_UNKNOWN)
			stretch(&span, (double)t->started[i] +
					   fmax(t->elapsed[i], 0) * US);
	return span;
}

static void
cpu_values(const struct series *s, size_t i, double *v)
{
	v[0] = s->column[CPU_USER][i];
	v[1] = s->column[CPU_SYSTEM][i];
	v[2] = s->column[CPU_IOWAIT][i];
}

static void
memory_values(const struct series *s, size_t i, double *v)
{
	double cached = s->column[MEM_BUFFERS][i] + s->column[MEM_CACHED][i];

	v[0] =
	    fmax(s->column[MEM_TOTAL][i] - s->column[MEM_FREE][i] - cached, 0);
	v[1] = cached;
	v[2] = fmax(s->column[SWAP_TOTAL][i] - s->column[SWAP_FREE][i], 0);
}

static void
pair_values(const struct series *s, size_t i, double *v)
{
	v[0] = s->column[PAIR_IN][i];
	v[1] = s->column[PAIR_OUT][i];
}

/* Bytes since the sample before become bytes a second. */
static void
network_values(const struct series *s, size_t i, double *v)
{
	double seconds =
	    i == 0 ? 0 : (double)s->time[i] - (double)s->time[i - 1];

	pair_values(s, i, v);
	v[0] /= fmax(seconds, 1);
	v[1] /= fmax(seconds, 1);
}

static void
single_value(const struct series *s, size_t i, double *v)
{
	v[0] = s->column[0][i];
}

/* How a kind of series is drawn. */
struct style {
	enum series_kind kind;
	const char *name, *unit;
	unsigned nlines, stacked, needs; /* columns a series must have */
	void (*values)(const struct series *s, size_t i, double *v);
	const char *line[CHART_LINES_MAX];
};

static const struct style styles[] = {
    {SERIES_CPU, "cpu", "share", 3, 3, 3, cpu_values,
	{"user", "system", "iowait"}},
    {SERIES_MEMORY, "memory", "B", 3, 2, 6, memory_values,
	{"used", "cached", "swap"}},
    {SERIES_DISK, "disk", "B/s", 2, 0, 2, pair_values, {"read", "write"}},
    {SERIES_NET, "network", "B/s", 2, 0, 2, network_values, {"rx", "tx"}},
    {SERIES_PRESSURE, "pressure", "%", 1, 0, 1, single_value, {"cpu"}},
    {SERIES_SPACE, "space", "B", 1, 0, 1, single_value, {"used"}},
};

static bool
all_finite(const double *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return false;
	return true;
}

/* The samples that lie on the axis and are numbers, as the style has them. */
static void
place(struct arena *a, const struct chart_span *span, const struct style *y,
    const struct series *s, struct chart_samples *out)
{
	const struct chart_axis axis = {
	    (double)span->start / US, (double)(span->end - span->start) / US};
	size_t n = 0;

	chart_place(a, s->time, s->n, &axis, out);
	out->ncolumns = y->nlines;
	for (unsigned c = 0; c < y->nlines; c++)
		out->v[c] = arena_alloc(a, (out->n + 1) * sizeof(double));
	for (size_t i = 0; i < out->n; i++) {
		double v[CHART_LINES_MAX];
		y->values(s, out->from[i], v);
		if (!all_finite(v, y->nlines))
			continue;
		out->t[n] = out->t[i];
		for (unsigned c = 0; c < y->nlines; c++)
			out->v[c][n] = fmax(v[c], 0);
		n++;
	}
	out->n = n;
}

static double
fixed_max(const struct style *y, const struct series *s)
{
	double max = 0;

	if (y->kind == SERIES_CPU)
		return 1;
	if (y->kind == SERIES_PRESSURE)
		return 10;
	if (y->kind == SERIES_MEMORY)
		for (size_t i = 0; i < s->n; i++)
			max = fmax(max, s->column[MEM_TOTAL][i]);
	return max;
}

static void
add_series(struct chart_draw *d, const struct chart_span *span,
    const struct style *y, const struct series *s)
{
	struct chart_samples samples;
	struct chart *c = d->chart;

	place(d->arena, span, y, s, &samples);
	c->flags |= s->flags;
	c->outside += samples.outside;
	if (samples.n > c->samples)
		c->samples = samples.n;
	chart_draw_add(d, &samples, y->stacked);
	/* Swap that was never used is no news. */
	if (y->kind == SERIES_MEMORY && !(d->chart->line[2].peak > 0))
		d->chart->nlines = 2;
	d->least_max = fmax(d->least_max, fixed_max(y, s));
}

static const struct style *
style_of(const struct series *s)
{
	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		if (styles[i].kind == s->kind && s->ncolumns >= styles[i].needs)
			return &styles[i];
	return NULL;
}

static struct chart *
begin(struct chart_draw *d, struct arena *a, const struct chart_span *span,
    const struct style *y, struct chart *c)
{
	*c = (struct chart){.kind = y->name, .subject = "", .unit = y->unit};
	for (unsigned i = 0; i < y->nlines; i++)
		c->line[i].name = y->line[i];
	chart_draw_begin(d, a, c, (double)(span->end - span->start) / US);
	return c;
}

static double
traffic(const struct series *s)
{
	double sum = 0;

	if (s->kind != SERIES_NET || s->ncolumns < 2 ||
	    strcmp(s->subject, "lo") == 0)
		return 0;
	for (size_t i = 0; i < s->n; i++)
		sum += s->column[PAIR_IN][i] + s->column[PAIR_OUT][i];
	return sum;
}

/* Worth a chart: it carried something, and few others carried more. */
static bool
is_busy(const struct series *s, const double *carried, size_t n, size_t i,
    struct charts *out)
{
	size_t busier = 0;

	if (!(carried[i] > 0)) {
		out->idle += strcmp(s[i].subject, "lo") != 0;
		return false;
	}
	for (size_t k = 0; k < n && busier < NETWORKS_MAX; k++)
		busier += carried[k] > carried[i] ||
			  (carried[k] == carried[i] && k < i);
	out->hidden += busier >= NETWORKS_MAX;
	return busier < NETWORKS_MAX;
}

static void
one_chart(struct arena *a, const struct style *y, const struct series *s,
    struct charts *out)
{
	struct chart_draw d;
	struct chart *c = begin(&d, a, &out->span, y, &out->chart[out->n++]);

	c->subject = s->subject;
	add_series(&d, &out->span, y, s);
	d.from_zero = y->kind != SERIES_SPACE;
	d.fixed = y->kind == SERIES_MEMORY || y->kind == SERIES_CPU;
	chart_draw_end(&d);
}

/* cpu, io and memory pressure share a chart, in this order. */
static void
pressure_chart(struct arena *a, const struct style *y,
    const struct series *series, size_t n, struct charts *out)
{
	static const char *const subjects[] = {"cpu", "io", "memory"};
	struct chart_draw d;
	struct chart *c = &out->chart[out->n];

	begin(&d, a, &out->span, y, c);
	for (size_t k = 0; k < 3; k++) {
		for (size_t i = 0; i < n; i++) {
			if (series[i].kind != SERIES_PRESSURE ||
			    strcmp(series[i].subject, subjects[k]) != 0 ||
			    series[i].n == 0 || c->nlines >= CHART_LINES_MAX)
				continue;
			c->line[c->nlines].name = subjects[k];
			add_series(&d, &out->span, y, &series[i]);
		}
	}
	if (c->nlines == 0)
		return;
	chart_draw_end(&d);
	out->n++;
}

static void
kind_charts(struct arena *a, const struct style *y, const struct series *series,
    size_t n, struct charts *out)
{
	double *carried = arena_calloc(a, n + 1, sizeof(*carried));

	if (y->kind == SERIES_PRESSURE) {
		pressure_chart(a, y, series, n, out);
		return;
	}
	for (size_t i = 0; y->kind == SERIES_NET && i < n; i++)
		carried[i] = traffic(&series[i]);
	for (size_t i = 0; i < n; i++) {
		if (style_of(&series[i]) != y)
			continue;
		if (series[i].n == 0 && !(series[i].flags & SERIES_NO_DATA))
			continue;
		if (y->kind == SERIES_NET &&
		    !is_busy(series, carried, n, i, out))
			continue;
		one_chart(a, y, &series[i], out);
	}
}

void
charts_make(struct arena *a, const struct chart_span *span,
    const struct series *series, size_t n, const struct task_table *t,
    struct charts *out)
{
	*out = (struct charts){.span = *span};
	out->chart = arena_calloc(a, n + 1, sizeof(*out->chart));
	if (t != NULL && chart_of_tasks(a, span, t, &out->chart[0]))
		out->n = 1;
	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		kind_charts(a, &styles[i], series, n, out);
}

/* ---- tasks running ---- */

/* Sorts by radix: much faster than by comparison for thousands of times. */
static void
sort_numbers(struct arena *a, uint32_t *v, size_t n)
{
	uint32_t *from = v, *to = arena_alloc(a, (n + 1) * sizeof(*to)), *t;

	for (unsigned shift = 0; shift < 32; shift += 8) {
		size_t count[257] = {0};
		for (size_t i = 0; i < n; i++)
			count[(from[i] >> shift & 255) + 1]++;
		for (size_t i = 1; i < 256; i++)
			count[i] += count[i - 1];
		for (size_t i = 0; i < n; i++)
			to[count[from[i] >> shift & 255]++] = from[i];
		t = from;
		from = to;
		to = t;
	}
	/* Four passes: the result is in v again. */
}

/* Milliseconds, which tell any two times of task files apart. */
static uint32_t
milliseconds(double seconds)
{
	return (uint32_t)fmin(round(seconds * 1000), UINT32_MAX - 1);
}

/* The largest number of intervals that overlap; one of no length to speak of
 * ran all the same. */
static double
most_at_once(
    struct arena *a, const double *starts, const double *ends, size_t n)
{
	uint32_t *start = arena_alloc(a, (n + 1) * sizeof(*start));
	uint32_t *end = arena_alloc(a, (n + 1) * sizeof(*end));
	size_t most = 0, k = 0;

	for (size_t i = 0; i < n; i++) {
		start[i] = milliseconds(starts[i]);
		end[i] = milliseconds(ends[i]);
		end[i] += end[i] <= start[i];
	}
	sort_numbers(a, start, n);
	sort_numbers(a, end, n);
	for (size_t i = 0; i < n; i++) {
		while (k < i && end[k] <= start[i])
			k++;
		most = i + 1 - k > most ? i + 1 - k : most;
	}
	return (double)most;
}

/* Adds the interval's share of each bucket that it touches. */
static void
spread(double *bucket, double width, double from, double to)
{
	size_t first = (size_t)(from / width), last = (size_t)(to / width);

	for (size_t b = first; b <= last && b < CHART_BUCKETS; b++) {
		double low = fmax(from, (double)b * width);
		double high = fmin(to, (double)(b + 1) * width);
		bucket[b] += fmax(high - low, 0) / width;
	}
}

static size_t
intervals(const struct chart_span *span, const struct task_table *t,
    double *start, double *end)
{
	double seconds = (double)(span->end - span->start) / US;
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		double from;
		if (t->started[i] == TIME_UNKNOWN || !(t->elapsed[i] >= 0))
			continue;
		from = ((double)t->started[i] - (double)span->start) / US;
		if (from > seconds || from + t->elapsed[i] < 0)
			continue;
		start[n] = fmax(from, 0);
		end[n] = fmin(from + t->elapsed[i], seconds);
		n++;
	}
	return n;
}

bool
chart_of_tasks(struct arena *a, const struct chart_span *span,
    const struct task_table *t, struct chart *out)
{
	static const struct style style = {
	    0, "tasks", "tasks", 1, 0, 0, NULL, {"running"}};
	double seconds = (double)(span->end - span->start) / US;
	double width = seconds / CHART_BUCKETS, sum = 0;
	double *start = arena_alloc(a, (t->n + 1) * sizeof(*start));
	double *end = arena_alloc(a, (t->n + 1) * sizeof(*end));
	struct chart_points *p = arena_zalloc(a, sizeof(*p));
	struct chart_draw d;
	size_t n = intervals(span, t, start, end);

	if (n == 0)
		return false;
	p->n = CHART_BUCKETS;
	p->ncolumns = 1;
	p->after_gap[0] = true;
	for (size_t i = 0; i < n; i++) {
		spread(p->v[0], width, start[i], end[i]);
		sum += end[i] - start[i];
	}
	for (size_t i = 0; i < p->n; i++)
		p->t[i] = ((double)i + 0.5) * width;
	begin(&d, a, span, &style, out);
	out->samples = n;
	out->line[0].mean = sum / seconds;
	out->line[0].last = p->v[0][p->n - 1];
	out->line[0].peak = most_at_once(a, start, end, n);
	chart_draw_points(&d, p);
	chart_draw_end(&d);
	return true;
}
