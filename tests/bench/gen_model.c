/*
 * gen_model.c: a Gaussian copula with zero-inflated log-normal margins: enough
 * for sizes, zeros and dependence like those of the recording.
 */
#include "gen_model.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"

#define TASKS_MAX 128
#define RECIPES_MAX 1024
#define LINE_MAX_BYTES 4096

/* What model.txt says, before it is matched with the names. */
struct loader {
	struct gen_model *m;
	struct arena *a;
	size_t nfitted;
	struct gen_task fitted[TASKS_MAX];
	size_t nalike;
	const char *alike[TASKS_MAX][2];
	size_t nsteps, nrows;
};

/* Inverse of the normal distribution function, by bisection: used rarely. */
static double
quantile_slow(double p)
{
	double lo = -9, hi = 9;

	for (int i = 0; i < 60; i++) {
		double mid = (lo + hi) / 2;

		if (0.5 * erfc(-mid * M_SQRT1_2) < p)
			lo = mid;
		else
			hi = mid;
	}
	return (lo + hi) / 2;
}

/* The same for each number drawn: Hastings' approximation, to 0.0005. */
static double
quantile(double p)
{
	double q = p < 0.5 ? p : 1 - p, t, x;

	if (q < 1e-12)
		q = 1e-12;
	t = sqrt(-2 * log(q));
	x = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
		    (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
	return p < 0.5 ? -x : x;
}

static bool
read_margins(struct loader *l, char *rest)
{
	struct gen_task *t = &l->fitted[l->nfitted];
	char *save, *word = strtok_r(rest, " ", &save);

	if (!word || l->nfitted == TASKS_MAX)
		return false;
	t->name = arena_strdup(l->a, word);
	for (int v = 0; v < GV_COUNT; v++) {
		struct gen_margin *g = &t->margin[v];

		word = strtok_r(NULL, " ", &save);
		if (!word || sscanf(word, "%lf,%lf,%lf", &g->zero, &g->mu,
				 &g->sigma) != 3)
			return false;
		g->cut = g->zero <= 0 ? -99 : quantile_slow(g->zero);
	}
	l->nfitted++;
	return true;
}

static bool
read_row(struct loader *l, char *rest)
{
	char *end = rest;

	if (l->nrows == GV_COUNT)
		return false;
	for (size_t i = 0; i <= l->nrows; i++) {
		l->m->cholesky[l->nrows][i] = strtod(rest, &end);
		if (end == rest)
			return false;
		rest = end;
	}
	l->nrows++;
	return true;
}

static bool
read_alike(struct loader *l, char *rest)
{
	char *blank = strchr(rest, ' ');

	if (!blank || l->nalike == TASKS_MAX)
		return false;
	*blank = '\0';
	l->alike[l->nalike][0] = arena_strdup(l->a, rest);
	l->alike[l->nalike][1] = arena_strdup(l->a, blank + 1);
	l->nalike++;
	return true;
}

static bool
model_line(struct loader *l, char *line)
{
	char *rest = line + 2;

	switch (line[0]) {
	case '#':
		return true;
	case 'V':
		return l->nsteps < GV_COUNT &&
		       sscanf(rest, "%*s %lf", &l->m->step[l->nsteps++]) == 1;
	case 'M':
		return read_margins(l, rest);
	case 'C':
		return read_row(l, rest);
	case 'R':
		return sscanf(rest, "%lf", &l->m->recipe_share) == 1;
	case 'S':
		return sscanf(rest, "%lf", &l->m->same_maxrss) == 1;
	case 'A':
		return read_alike(l, rest);
	default:
		return false;
	}
}

static bool
read_recipe(struct loader *l, char *rest)
{
	struct gen_recipe *r = &l->m->recipes[l->m->nrecipes];
	uint8_t list[TASKS_MAX];
	char *save, *name = strtok_r(rest, " ", &save);
	char *version = strtok_r(NULL, " ", &save);
	char *word, *copy;

	if (!name || !version || l->m->nrecipes == RECIPES_MAX)
		return false;
	while ((word = strtok_r(NULL, ",", &save))) {
		unsigned long t = strtoul(word, NULL, 10);

		if (t >= l->m->ntasks || r->ntasks == TASKS_MAX)
			return false;
		list[r->ntasks++] = (uint8_t)t;
	}
	r->name = arena_strdup(l->a, name);
	r->version = arena_strdup(l->a, version);
	copy = arena_alloc(l->a, r->ntasks + 1);
	r->tasks = memcpy(copy, list, r->ntasks);
	l->m->nrecipes++;
	return true;
}

static const struct gen_task *
fitted_as(const struct loader *l, const char *name)
{
	for (size_t i = 0; i < l->nalike; i++) {
		if (strcmp(l->alike[i][0], name) == 0)
			name = l->alike[i][1];
	}
	for (size_t i = 0; i < l->nfitted; i++) {
		if (strcmp(l->fitted[i].name, name) == 0)
			return &l->fitted[i];
	}
	return strcmp(name, "*") == 0 ? NULL : fitted_as(l, "*");
}

static bool
names_line(struct loader *l, char *line)
{
	const struct gen_task *like;
	struct gen_task *t;

	if (line[0] == '#')
		return true;
	if (line[0] == 'P')
		return read_recipe(l, line + 2);
	if (line[0] != 'T' || l->m->ntasks == TASKS_MAX)
		return false;
	like = fitted_as(l, line + 2);
	if (!like)
		return false;
	t = &l->m->tasks[l->m->ntasks++];
	*t = *like;
	t->name = arena_strdup(l->a, line + 2);
	return true;
}

static enum err
read_lines(struct loader *l, const char *dir, const char *file,
    bool (*take)(struct loader *, char *), struct errinfo *ei)
{
	CLEANUP(cleanup_file) FILE *f = NULL;
	char line[LINE_MAX_BYTES];
	unsigned n = 0;

	f = fopen(arena_printf(l->a, "%s/%s", dir, file), "r");
	if (!f)
		return err_set(
		    ei, ERR_INPUT, "%s/%s: cannot be read", dir, file);
	while (fgets(line, sizeof(line), f)) {
		n++;
		line[strcspn(line, "\n")] = '\0';
		if (strlen(line) < 3 || !take(l, line))
			return err_set(ei, ERR_INPUT,
			    "%s line %u: not understood", file, n);
	}
	return ERR_OK;
}

enum err
gen_model_load(
    struct gen_model *m, struct arena *a, const char *dir, struct errinfo *ei)
{
	struct loader *l = arena_zalloc(a, sizeof(*l));
	enum err err;

	memset(m, 0, sizeof(*m));
	m->tasks = arena_calloc(a, TASKS_MAX, sizeof(*m->tasks));
	m->recipes = arena_calloc(a, RECIPES_MAX, sizeof(*m->recipes));
	l->m = m;
	l->a = a;
	err = read_lines(l, dir, "model.txt", model_line, ei);
	if (err)
		return err;
	if (l->nsteps != GV_COUNT || l->nrows != GV_COUNT)
		return err_set(ei, ERR_INPUT, "model.txt: incomplete");
	return read_lines(l, dir, "names.txt", names_line, ei);
}

static double
one_value(const struct gen_margin *g, double z)
{
	if (z < g->cut || g->zero >= 1)
		return 0;
	if (g->zero > 0) {
		double p = 0.5 * erfc(-z * M_SQRT1_2);

		z = quantile((p - g->zero) / (1 - g->zero));
	}
	return exp(g->mu + g->sigma * z);
}

void
gen_model_draw(const struct gen_model *m, const struct gen_task *t,
    const float *recipe_z, struct rng *r, int64_t out[GV_COUNT])
{
	double keep = sqrt(m->recipe_share), fresh = sqrt(1 - m->recipe_share);
	double e[GV_COUNT];

	for (int v = 0; v < GV_COUNT; v++)
		e[v] = keep * (double)recipe_z[v] + fresh * rng_normal(r);
	for (int v = 0; v < GV_COUNT; v++) {
		double z = 0, x;

		for (int k = 0; k <= v; k++)
			z += m->cholesky[v][k] * e[k];
		x = one_value(&t->margin[v], z);
		out[v] = (int64_t)(x / m->step[v] + 0.5);
		if (x > 0 && out[v] == 0)
			out[v] = 1;
	}
	if (rng_real(r) < m->same_maxrss)
		out[GV_CHILD + GU_MAXRSS] = out[GV_OWN + GU_MAXRSS];
}
