/* live_expect.c: see live_expect.h. */
#include "model/live_expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/change_point.h"
#include "model/intern.h"

#define SLOWER_MAX 3.0
#define SPEED_FROM                                                             \
	0.2 /* share of the work from which the speed counts fully             \
	     */
#define SPREAD 0.10
#define SPREAD_OF_ONE 0.25
#define PACE_SHARE 0.1
#define PACE_SECONDS 60

struct past
past_of(double *seconds, size_t n)
{
	struct past p = {.n = n, .limit = INFINITY};

	if (n == 0)
		return p;
	p.median = number_median(seconds, n);
	p.p95 = number_quantile(seconds, n, 0.95);
	if (n >= PAST_LEAST)
		p.limit = fmax(PAST_TIMES * p.median, p.p95 + PAST_MARGIN);
	return p;
}

/* ---- one like build ---- */

/* A task of it: when it ended there, and how much of it is done here. */
struct piece {
	double end, work, done;
};

struct names {
	struct intern texts;
	struct arena *arena;
	double *credit; /* per text: seconds, INFINITY: all of it */
	size_t cap;
};

/* The credit of a recipe's task; valid until the next call. */
static double *
credit_of(struct names *n, const char *recipe, const char *task)
{
	bool is_new;
	const char *text = arena_printf(n->arena, "%s\n%s", recipe, task);
	uint32_t number = intern_add(&n->texts, slice_of(text), &is_new);

	n->credit = arena_grow(
	    n->arena, n->credit, &n->cap, n->texts.n, sizeof(*n->credit));
	if (is_new)
		n->credit[number] = 0;
	return &n->credit[number];
}

static const char *
recipe_of(const struct task_table *t, size_t i)
{
	return t->packages[t->package[i]].recipe;
}

static void
learn(struct names *n, const struct expect_now *now)
{
	const struct task_table *t = now->done;

	for (size_t i = 0; i < t->n; i++)
		if (t->status[i] == TASK_PASSED)
			*credit_of(n, recipe_of(t, i),
			    t->task_names[t->name[i]]) = INFINITY;
	for (size_t i = 0; i < now->nrunning; i++) {
		const struct expect_runner *r = &now->running[i];
		double *credit = credit_of(n, r->recipe, r->task);
		*credit = fmax(*credit, r->seconds);
	}
}

static int
piece_order(const void *x, const void *y)
{
	const struct piece *a = x, *b = y;

	return (a->end > b->end) - (a->end < b->end);
}

/* How far into the like build so much work was done. */
static double
time_of(const struct piece *p, size_t n, double work)
{
	double sum = 0, before = 0;

	for (size_t i = 0; i < n; i++) {
		if (sum + p[i].work >= work)
			return before + (p[i].end - before) *
					    (p[i].work > 0
						    ? (work - sum) / p[i].work
						    : 1);
		sum += p[i].work;
		before = p[i].end;
	}
	return before;
}

static size_t
pieces_of(struct names *names, const struct expect_like *like,
    struct piece *out, double *all, double *done)
{
	const struct task_table *t = like->tasks;
	size_t n = 0;

	*all = *done = 0;
	for (size_t i = 0; i < t->n; i++) {
		double work = t->elapsed[i], credit;
		if (work < 0 || t->started[i] == TIME_UNKNOWN)
			continue;
		credit = *credit_of(
		    names, recipe_of(t, i), t->task_names[t->name[i]]);
		out[n++] = (struct piece){
		    .end = (double)(t->started[i] - like->started) / 1e6 + work,
		    .work = work,
		    .done = fmin(work, credit)};
		*all += work;
		*done += out[n - 1].done;
	}
	if (n > 1)
		qsort(out, n, sizeof(*out), piece_order);
	return n;
}

/* How much longer this build takes for the same, believed the more of it is
 * done. */
static double
slowness(double elapsed, double there, double share)
{
	double s = there > 0 ? elapsed / there : 1;

	s = fmin(SLOWER_MAX, fmax(1 / SLOWER_MAX, s));
	return 1 + (s - 1) * fmin(1, share / SPEED_FROM);
}

static double
left_by(struct names *names, double elapsed, const struct expect_like *like,
    double *share)
{
	double all, done, there;
	struct piece *p =
	    arena_calloc(names->arena, like->tasks->n + 1, sizeof(*p));
	size_t n = pieces_of(names, like, p, &all, &done);

	*share = NAN;
	if (n == 0 || all <= 0)
		return NAN;
	*share = done / all;
	there = time_of(p, n, done);
	return fmax(0, like->elapsed - there) *
	       slowness(elapsed, there, *share);
}

struct expectation
expect_end(struct arena *a, const struct expect_now *now,
    const struct expect_like *like, size_t n)
{
	struct names names = {.arena = a};
	struct expectation e = {
	    .left = NAN, .least = NAN, .most = NAN, .done = NAN};
	double *left = arena_calloc(a, n + 1, sizeof(*left));
	double *share = arena_calloc(a, n + 1, sizeof(*share));
	double spread;

	intern_init(&names.texts, a);
	learn(&names, now);
	for (size_t i = 0; i < n; i++) {
		left[e.n] =
		    left_by(&names, now->elapsed, &like[i], &share[e.n]);
		e.n += isfinite(left[e.n]);
	}
	if (e.n == 0)
		return e;
	e.left = number_median(left, e.n);
	e.done = number_median(share, e.n);
	spread = e.left * (e.n == 1 ? SPREAD_OF_ONE : SPREAD);
	e.least = e.left - spread;
	e.most = e.left + spread;
	for (size_t i = 0; i < e.n; i++) {
		e.least = fmin(e.least, left[i]);
		e.most = fmax(e.most, left[i]);
	}
	return e;
}

struct expectation
expect_pace(double elapsed, int64_t done, int64_t total)
{
	struct expectation e = {
	    .left = NAN, .least = NAN, .most = NAN, .done = NAN};

	if (total <= 0 || done < 0 || done > total)
		return e;
	e.done = (double)done / (double)total;
	if (e.done < PACE_SHARE || elapsed < PACE_SECONDS)
		return e;
	e.left = elapsed * (1 - e.done) / e.done;
	e.least = e.left / 2;
	e.most = e.left * 2;
	return e;
}
