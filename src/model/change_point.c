/* change_point.c: see change_point.h. */
#include "model/change_point.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define DEPTH_MAX 12 /* 2^12 steps are more than anybody looks at */

struct finder {
	struct arena *a;
	const double *v; /* without NAN */
	size_t nfound, cap;
	size_t *found; /* places of steps */
	double *p;     /* of each of them */
};

static int
by_number(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

double
number_quantile(double *v, size_t n, double q)
{
	double at = q * (double)(n - 1), part;
	size_t low = (size_t)at;

	if (n == 0)
		return NAN;
	qsort(v, n, sizeof(*v), by_number);
	part = at - (double)low;
	return low + 1 < n ? v[low] + part * (v[low + 1] - v[low]) : v[low];
}

double
number_median(double *v, size_t n)
{
	return number_quantile(v, n, 0.5);
}

/* ---- Pettitt's test ---- */

struct ranked {
	double v;
	size_t at;
};

static int
by_value(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;

	return (a->v > b->v) - (a->v < b->v);
}

/* Ranks from 1; equal values share the mean of theirs. */
static double *
ranks_of(struct arena *a, const double *v, size_t n)
{
	struct ranked *r = arena_alloc(a, (n + 1) * sizeof(*r));
	double *rank = arena_alloc(a, (n + 1) * sizeof(*rank));

	for (size_t i = 0; i < n; i++)
		r[i] = (struct ranked){v[i], i};
	qsort(r, n, sizeof(*r), by_value);
	for (size_t i = 0; i < n;) {
		size_t end = i;
		while (end < n && !(r[end].v > r[i].v))
			end++;
		for (size_t k = i; k < end; k++)
			rank[r[k].at] = (double)(i + end + 1) / 2;
		i = end;
	}
	return rank;
}

/* The likeliest place of a step among n values; its p. */
static size_t
likeliest(struct arena *a, const double *v, size_t n, double *p)
{
	double *rank = ranks_of(a, v, n), sum = 0, most = -1, nn = (double)n;
	size_t at = 0;

	for (size_t i = 1; i < n; i++) {
		double u;
		sum += rank[i - 1];
		u = fabs(2 * sum - (double)i * (nn + 1));
		if (i >= CHANGE_SIDE_MIN && n - i >= CHANGE_SIDE_MIN &&
		    u > most) {
			most = u;
			at = i;
		}
	}
	*p = 2 * exp(-6 * most * most / (nn * nn * nn + nn * nn));
	if (*p > 1)
		*p = 1;
	return at;
}

static double
median_of(struct arena *a, const double *v, size_t n)
{
	double *copy = arena_alloc(a, (n + 1) * sizeof(*copy));

	memcpy(copy, v, n * sizeof(*v));
	return number_median(copy, n);
}

/* By the differences of neighbours, which steps further on don't change. */
static double
noise_of(struct arena *a, const double *v, size_t n)
{
	double *d = arena_alloc(a, (n + 1) * sizeof(*d));

	for (size_t i = 1; i < n; i++)
		d[i - 1] = fabs(v[i] - v[i - 1]);
	return n < 2 ? 0 : 1.4826 / sqrt(2) * number_median(d, n - 1);
}

static bool
is_step(struct arena *a, const double *v, size_t at, size_t n)
{
	const double side[2] = {
	    median_of(a, v, at), median_of(a, v + at, n - at)};
	double step = fabs(side[1] - side[0]);

	return step >= CHANGE_SHARE_MIN * fabs(side[0]) &&
	       step > CHANGE_NOISE_MIN * noise_of(a, v, n);
}

static void
split(struct finder *f, size_t from, size_t to, unsigned depth)
{
	size_t n = to - from, at;
	double p;

	if (n < 2 * CHANGE_SIDE_MIN || depth == DEPTH_MAX)
		return;
	at = likeliest(f->a, f->v + from, n, &p);
	if (at == 0 || p > CHANGE_P_MAX || !is_step(f->a, f->v + from, at, n))
		return;
	split(f, from, from + at, depth + 1);
	size_t cap = f->cap;
	f->found = arena_grow(
	    f->a, f->found, &f->cap, f->nfound + 1, sizeof(*f->found));
	f->p = arena_grow(f->a, f->p, &cap, f->nfound + 1, sizeof(*f->p));
	f->p[f->nfound] = p;
	f->found[f->nfound++] = from + at;
	split(f, from + at, to, depth + 1);
}

/* ---- all steps ---- */

/*
 * A far step pulls the place of a nearer one: each is placed again between its
 * neighbours, and goes if it is none any more.
 */
static void
refine(struct finder *f, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->nfound; i++) {
		size_t from = kept > 0 ? f->found[kept - 1] : 0;
		size_t to = i + 1 < f->nfound ? f->found[i + 1] : n, at;
		double p;
		if (to - from < 2 * CHANGE_SIDE_MIN)
			continue;
		at = likeliest(f->a, f->v + from, to - from, &p);
		if (at == 0 || p > CHANGE_P_MAX ||
		    !is_step(f->a, f->v + from, at, to - from))
			continue;
		f->found[kept] = from + at;
		f->p[kept++] = p;
	}
	f->nfound = kept;
}

static struct change_point
describe(struct finder *f, size_t i, size_t n)
{
	size_t from = i > 0 ? f->found[i - 1] : 0, at = f->found[i];
	size_t to = i + 1 < f->nfound ? f->found[i + 1] : n;
	double side[2] = {median_of(f->a, f->v + from, at - from),
	    median_of(f->a, f->v + at, to - at)};

	return (struct change_point){.at = at,
	    .before = side[0],
	    .after = side[1],
	    .noise = noise_of(f->a, f->v + from, to - from),
	    .p = f->p[i]};
}

static double
size_of(const struct change_point *c)
{
	return fabs(c->after - c->before);
}

/* Puts c among the largest; out stays ascending by place. */
static size_t
keep_largest(
    struct change_point *out, size_t n, size_t max, struct change_point c)
{
	size_t least = 0;

	if (n < max) {
		out[n] = c;
		return n + 1;
	}
	for (size_t i = 1; i < n; i++)
		if (size_of(&out[i]) < size_of(&out[least]))
			least = i;
	if (n == 0 || size_of(&out[least]) >= size_of(&c))
		return n;
	memmove(&out[least], &out[least + 1], (n - least - 1) * sizeof(*out));
	out[n - 1] = c;
	return n;
}

size_t
change_points(struct arena *a, const double *v, size_t n,
    struct change_point *out, size_t max)
{
	double *known = arena_alloc(a, (n + 1) * sizeof(*known));
	size_t *place = arena_alloc(a, (n + 1) * sizeof(*place));
	struct finder f = {.a = a, .v = known};
	size_t m = 0, found = 0;

	for (size_t i = 0; i < n; i++) {
		if (!isfinite(v[i]))
			continue;
		known[m] = v[i];
		place[m++] = i;
	}
	split(&f, 0, m, 0);
	refine(&f, m);
	for (size_t i = 0; i < f.nfound; i++) {
		struct change_point c = describe(&f, i, m);
		c.at = place[c.at];
		found = keep_largest(out, found, max, c);
	}
	return found;
}
