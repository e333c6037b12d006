/* step.c: see step.h. */
#include "model/step.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/change_point.h"

#define EXPLAINED 0.8
#define UNEXPLAINED 0.5
#define PRESSURE_POINTS 10.0
#define PRESSURE_TIMES 1.5
/* So many runs apart two numbers step at once. */
#define TOGETHER 3
/* A task is named if it makes so much of the difference. */
#define TASK_SHARE 0.5
#define TASKS_MAX 128
/* So many runs next to the step tell which one. */
#define TASK_RUNS 40

/* ---- the verdict ---- */

static double
share(const struct step_pair *p)
{
	if (!isfinite(p->before) || !isfinite(p->after))
		return NAN;
	if (p->before == 0)
		return p->after == 0 ? 0 : (double)INFINITY;
	return (p->after - p->before) / p->before;
}

/* 1 up, -1 down, 0 neither or unknown. */
static int
pressure_step(const struct step_pair *p)
{
	double low = fmin(p->before, p->after),
	       high = fmax(p->before, p->after);

	if (!isfinite(p->before) || !isfinite(p->after) ||
	    high - low < PRESSURE_POINTS || high < PRESSURE_TIMES * low)
		return 0;
	return p->after > p->before ? 1 : -1;
}

/* How much of the change of the wall time is that of the CPU time; NAN:
 * unknown. */
static double
explained(const struct step_sides *s)
{
	double wall = share(&s->wall), cpu = share(&s->cpu);

	if (!isfinite(wall) || !isfinite(cpu))
		return NAN;
	if (wall == 0)
		return cpu == 0 ? 0 : (double)INFINITY;
	return cpu / wall;
}

static bool
is_machine(const struct step_sides *s, enum step_of what)
{
	double part = explained(s);
	int way = s->value.after > s->value.before ? 1 : -1;
	bool pressed = pressure_step(&s->pressure) == way;

	if (what == STEP_OF_OTHER)
		return false;
	if (isnan(part))
		return pressed;
	/* Against each other: it isn't the machine that makes work less. */
	if (part < 0 && what == STEP_OF_CPU)
		return false;
	if (part < UNEXPLAINED && what == STEP_OF_WALL)
		return true;
	return pressed &&
	       part < (what == STEP_OF_CPU ? UNEXPLAINED : EXPLAINED);
}

enum step_verdict
step_verdict(const struct step_sides *s, enum step_of what)
{
	bool more = s->value.after > s->value.before;

	if (is_machine(s, what))
		return more ? STEP_BUSIER : STEP_CALMER;
	return more ? STEP_WORSE : STEP_BETTER;
}

enum step_of
step_of_metric(const char *metric)
{
	if (strcmp(metric, "elapsed") == 0)
		return STEP_OF_WALL;
	return strcmp(metric, "cputime") == 0 ? STEP_OF_CPU : STEP_OF_OTHER;
}

/* ---- steps ---- */

struct stretch {
	const struct trend *t;
	const size_t *run;
	size_t n;
};

static double
median_in(struct arena *a, const struct stretch *s, enum trend_number which)
{
	double *v = arena_alloc(a, (s->n + 1) * sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		double x = trend_number(&s->t->run[s->run[i]], which);
		if (isfinite(x))
			v[n++] = x;
	}
	return number_median(v, n);
}

static struct step_pair
pair_in(struct arena *a, const struct stretch side[2], enum trend_number which)
{
	return (struct step_pair){
	    median_in(a, &side[0], which), median_in(a, &side[1], which)};
}

/* The time of a task in a run: of all the times that it ran. */
static double
task_time(const struct trend_run *r, int id, enum trend_number which)
{
	double sum = 0;

	for (size_t i = 0; i < r->ntasks; i++) {
		double x =
		    which == TREND_CPU ? r->task[i].cpu : r->task[i].wall;
		if (r->task[i].id == id && isfinite(x))
			sum += x;
	}
	return sum;
}

static double
task_median(
    struct arena *a, const struct stretch *s, int id, enum trend_number which)
{
	double *v = arena_alloc(a, (s->n + 1) * sizeof(*v));

	for (size_t i = 0; i < s->n; i++)
		v[i] = task_time(&s->t->run[s->run[i]], id, which);
	return number_median(v, s->n);
}

/* The task of the run after the step whose time makes most of it. */
static int
task_behind(struct arena *a, const struct stretch whole_side[2],
    const struct step_pair *value, enum trend_number which)
{
	const struct stretch *w = whole_side;
	size_t left = w[0].n < TASK_RUNS ? w[0].n : TASK_RUNS;
	const struct stretch side[2] = {
	    {w[0].t, w[0].run + w[0].n - left, left},
	    {w[1].t, w[1].run, w[1].n < TASK_RUNS ? w[1].n : TASK_RUNS}};
	const struct trend_run *r = &w[1].t->run[w[1].run[0]];
	double whole = value->after - value->before, most = TASK_SHARE;
	int best = 0;

	if (whole == 0)
		return 0;
	for (size_t i = 0; i < r->ntasks && i < TASKS_MAX; i++) {
		int id = r->task[i].id;
		double part = (task_median(a, &side[1], id, which) -
				  task_median(a, &side[0], id, which)) /
			      whole;
		if (part > most) {
			most = part;
			best = id;
		}
	}
	return best;
}

static struct step
describe(struct arena *a, const struct stretch side[2], enum trend_number which,
    enum step_of what)
{
	struct step s = {
	    .before = side[0].run[side[0].n - 1],
	    .after = side[1].run[0],
	    .runs = {side[0].n, side[1].n},
	    .what = what,
	    .sides =
		{
		    .value = pair_in(a, side, which),
		    .wall = pair_in(a, side, TREND_WALL),
		    .cpu = pair_in(a, side, TREND_CPU),
		    .pressure = pair_in(a, side, TREND_PRESSURE),
		},
	};

	s.change = share(&s.sides.value);
	s.verdict = step_verdict(&s.sides, what);
	if (what != STEP_OF_OTHER)
		s.task = task_behind(a, side, &s.sides.value,
		    what == STEP_OF_CPU ? TREND_CPU : TREND_WALL);
	return s;
}

size_t
steps_find(struct arena *a, const struct trend *t, size_t group,
    enum trend_number which, enum step_of what, struct step out[STEPS_OF_GROUP])
{
	const struct trend_group *g = &t->group[group];
	struct change_point c[STEPS_OF_GROUP];
	double *v = arena_alloc(a, (g->n + 1) * sizeof(*v));
	size_t n, from = 0;

	if (g->n < TREND_GROUP_MIN)
		return 0;
	for (size_t i = 0; i < g->n; i++)
		v[i] = trend_number(&t->run[g->run[i]], which);
	n = change_points(a, v, g->n, c, STEPS_OF_GROUP);
	for (size_t i = 0; i < n; i++) {
		size_t to = i + 1 < n ? c[i + 1].at : g->n;
		const struct stretch side[2] = {
		    {t, g->run + from, c[i].at - from},
		    {t, g->run + c[i].at, to - c[i].at}};
		out[i] = describe(a, side, which, what);
		out[i].group = group;
		from = c[i].at;
	}
	return n;
}

/* How many of the group's runs lie between two of them. */
static size_t
distance(const struct trend_group *g, size_t x, size_t y)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		n +=
		    g->run[i] >= (x < y ? x : y) && g->run[i] < (x < y ? y : x);
	return n;
}

size_t
steps_of_times(struct arena *a, const struct trend *t, size_t group,
    struct step out[2 * STEPS_OF_GROUP])
{
	struct step wall[STEPS_OF_GROUP];
	size_t nwall = steps_find(a, t, group, TREND_WALL, STEP_OF_WALL, wall);
	size_t ncpu = steps_find(a, t, group, TREND_CPU, STEP_OF_CPU, out);
	size_t n = ncpu;

	for (size_t i = 0; i < nwall; i++) {
		bool both = false;
		for (size_t k = 0; k < ncpu; k++)
			both |= distance(&t->group[group], out[k].after,
				    wall[i].after) <= TOGETHER &&
				(out[k].change > 0) == (wall[i].change > 0);
		if (!both)
			out[n++] = wall[i];
	}
	return n;
}
