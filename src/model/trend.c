/* trend.c: see trend.h. */
#include "model/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/change_point.h"

#define DAY_US INT64_C(86400000000)
/* There are no statistics of bitbake's before 2010. */
#define EARLIEST_US INT64_C(1262304000000000)

double
trend_number(const struct trend_run *r, enum trend_number which)
{
	switch (which) {
	case TREND_VALUE:
		break;
	case TREND_WALL:
		return r->wall;
	case TREND_CPU:
		return r->cpu;
	case TREND_PRESSURE:
		return r->pressure;
	}
	return r->value;
}

/* ---- groups ---- */

struct keyed {
	const struct trend_run *r;
	size_t at;
	bool by_image;
};

/* Equal texts are mostly the same one. */
static int
compare_text(const char *x, const char *y)
{
	return x == y ? 0 : strcmp(x, y);
}

static int
compare_key(const struct keyed *x, const struct keyed *y)
{
	int c = compare_text(x->r->machine, y->r->machine);

	if (c == 0)
		c = compare_text(x->r->builder, y->r->builder);
	if (c == 0)
		c = compare_text(x->r->distro, y->r->distro);
	if (c == 0)
		c = compare_text(x->r->branch, y->r->branch);
	if (c == 0 && x->by_image)
		c = compare_text(x->r->image, y->r->image);
	return c;
}

static int
by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int c = compare_key(x, y);

	return c != 0 ? c : (x->at > y->at) - (x->at < y->at);
}

static bool
is_restored(const struct trend_run *r)
{
	return r->restored > r->ran;
}

/* How many tasks a run of the group has. */
static double
usual_tasks(struct arena *a, const struct keyed *k, size_t n)
{
	double *ran = arena_alloc(a, (n + 1) * sizeof(*ran));
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		if (k[i].r->status == BUILD_SUCCEEDED && !is_restored(k[i].r) &&
		    k[i].r->ran > 0)
			ran[m++] = (double)k[i].r->ran;
	return m > 0 ? number_median(ran, m) : 0;
}

static enum trend_use
use_of(
    const struct trend *t, const struct trend_run *r, double usual, int64_t now)
{
	if (r->status != BUILD_SUCCEEDED &&
	    (!t->made || r->status != BUILD_INCOMPLETE))
		return TREND_FAILED;
	if (r->started < EARLIEST_US || r->started > now + DAY_US)
		return TREND_CLOCK;
	if (!isfinite(r->value) || r->value < 0)
		return TREND_LACKS;
	if (t->made)
		return TREND_COUNTS;
	if (is_restored(r) || 2 * (double)r->ran < usual ||
	    (double)r->ran > 2 * usual)
		return TREND_PARTIAL;
	return TREND_COUNTS;
}

/* n runs of one group, k of them: which of them count. */
static void
add_group(struct arena *a, struct trend *t, const struct keyed *k, size_t n,
    int64_t now)
{
	struct trend_group *g = &t->group[t->ngroups];
	size_t *run = arena_alloc(a, n * sizeof(*run));
	double usual = usual_tasks(a, k, n);

	*g = (struct trend_group){
	    .image = k->by_image ? k->r->image : "",
	    .machine = k->r->machine,
	    .distro = k->r->distro,
	    .builder = k->r->builder,
	    .branch = k->r->branch,
	    .run = run,
	};
	for (size_t i = 0; i < n; i++) {
		struct trend_run *r = &t->run[k[i].at];
		r->use = use_of(t, r, usual, now);
		r->group = t->ngroups;
		t->uses[r->use]++;
		if (r->use == TREND_COUNTS)
			run[g->n++] = k[i].at;
	}
	t->ngroups++;
}

static int
by_size(const void *a, const void *b)
{
	const struct trend_group *x = a, *y = b;
	int c;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	c = compare_text(x->machine, y->machine);
	if (c == 0)
		c = compare_text(x->builder, y->builder);
	if (c == 0)
		c = compare_text(x->distro, y->distro);
	if (c == 0)
		c = compare_text(x->branch, y->branch);
	return c != 0 ? c : compare_text(x->image, y->image);
}

/* What is the same for all needs no words. */
static void
find_differences(struct trend *t)
{
	bool distro = false, branch = false;

	for (size_t g = 1; g < t->ngroups; g++) {
		const struct trend_group *x = &t->group[g - 1], *y = x + 1;
		distro |= compare_text(x->distro, y->distro) != 0;
		branch |= compare_text(x->branch, y->branch) != 0;
	}
	for (size_t g = 0; g < t->ngroups; g++) {
		t->group[g].tell_distro = distro;
		t->group[g].tell_branch = branch;
	}
}

void
trend_prepare(struct arena *a, struct trend *t, bool by_image, int64_t now)
{
	struct keyed *k = arena_alloc(a, (t->n + 1) * sizeof(*k));

	for (size_t i = 0; i < t->n; i++)
		k[i] = (struct keyed){&t->run[i], i, by_image};
	if (t->n > 0)
		qsort(k, t->n, sizeof(*k), by_key);
	t->group = arena_calloc(a, t->n + 1, sizeof(*t->group));
	for (size_t i = 0; i < t->n;) {
		size_t end = i + 1;
		while (end < t->n && compare_key(&k[i], &k[end]) == 0)
			end++;
		add_group(a, t, &k[i], end - i, now);
		i = end;
	}
	if (t->ngroups > 0)
		qsort(t->group, t->ngroups, sizeof(*t->group), by_size);
	find_differences(t);
	for (size_t g = 0; g < t->ngroups; g++)
		for (size_t i = 0; i < t->group[g].n; i++)
			t->run[t->group[g].run[i]].group = g;
}

/* ---- curves ---- */

/* The values of a stretch around one of its places. */
static struct trend_curve
curve_at(const double *v, size_t from, size_t to, size_t at)
{
	double window[TREND_WINDOW];
	size_t half = TREND_WINDOW / 2, n;
	size_t low = at > from + half ? at - half : from;
	size_t high = low + TREND_WINDOW < to ? low + TREND_WINDOW : to;

	if (high - low < TREND_WINDOW)
		low = high > from + TREND_WINDOW ? high - TREND_WINDOW : from;
	n = high - low;
	memcpy(window, v + low, n * sizeof(*window));
	/* The first one sorts; sorted values are sorted quickly. */
	return (struct trend_curve){
	    .at = at,
	    .median = number_median(window, n),
	    .low = number_quantile(window, n, 0.1),
	    .high = number_quantile(window, n, 0.9),
	    .first = at == from,
	};
}

size_t
trend_curve(struct arena *a, const double *v, size_t n, const size_t *cut,
    size_t ncuts, struct trend_curve **out)
{
	size_t stride = n / (TREND_CURVE_MAX / 2) + 1, count = 0, from = 0;

	*out = arena_alloc(a, (n / stride + 2 * ncuts + 4) * sizeof(**out));
	for (size_t s = 0; s <= ncuts; s++) {
		size_t to = s < ncuts ? cut[s] : n;
		for (size_t at = from; at < to; at += stride)
			(*out)[count++] = curve_at(v, from, to, at);
		if (to > from && (*out)[count - 1].at != to - 1)
			(*out)[count++] = curve_at(v, from, to, to - 1);
		from = to;
	}
	return count;
}

bool
trend_is_outlier(const struct trend_curve *c, double v)
{
	double spread = c->high - c->low;
	double least = 0.1 * fabs(c->median);

	if (spread < least)
		spread = least;
	return v > c->high + 1.5 * spread || v < c->low - 1.5 * spread;
}

/* ---- what was before ---- */

void
trend_medians_before(const struct trend *t, size_t max, double *out)
{
	double before[TREND_BASE_MAX];

	if (max > TREND_BASE_MAX)
		max = TREND_BASE_MAX;
	for (size_t i = 0; i < t->n; i++)
		out[i] = NAN;
	for (size_t g = 0; g < t->ngroups; g++) {
		const size_t *run = t->group[g].run;
		for (size_t i = 1; i < t->group[g].n; i++) {
			size_t n = i < max ? i : max;
			for (size_t k = 0; k < n; k++)
				before[k] = t->run[run[i - 1 - k]].value;
			out[run[i]] = number_median(before, n);
		}
	}
}

/* ---- commits ---- */

struct commit_of {
	const char *text;
	size_t at;
};

static int
by_text(const void *a, const void *b)
{
	const struct commit_of *x = a, *y = b;
	int c = compare_text(x->text, y->text);

	return c != 0 ? c : (x->at > y->at) - (x->at < y->at);
}

size_t
trend_commits(struct arena *a, const struct trend *t,
    const char *const **commit, int **number)
{
	struct commit_of *c = arena_alloc(a, (t->n + 1) * sizeof(*c));
	const char **name = arena_alloc(a, (t->n + 1) * sizeof(*name));
	size_t *first = arena_alloc(a, (t->n + 1) * sizeof(*first));
	size_t n = 0;

	*number = arena_alloc(a, (t->n + 1) * sizeof(**number));
	*commit = name;
	for (size_t i = 0; i < t->n; i++)
		c[i] = (struct commit_of){t->run[i].commit, i};
	if (t->n > 0)
		qsort(c, t->n, sizeof(*c), by_text);
	/* Where each commit is seen first, then numbers in that order. */
	for (size_t i = 0; i < t->n; i++) {
		bool same =
		    i > 0 && compare_text(c[i].text, c[i - 1].text) == 0;
		first[c[i].at] = same ? first[c[i - 1].at] : c[i].at;
	}
	for (size_t i = 0; i < t->n; i++) {
		const struct trend_run *r = &t->run[i];
		if (r->commit[0] == '\0') {
			(*number)[i] = -1;
			continue;
		}
		if (first[i] == i)
			name[n++] = r->commit;
		(*number)[i] = first[i] == i ? (int)n - 1 : (*number)[first[i]];
	}
	return n;
}
