/* compare.c: see compare.h. */
#include "model/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/change_point.h"
#include "model/intern.h"

/* A task of one build: its runs added up. */
struct entry {
	uint64_t key; /* recipe and task */
	double value;
};

struct side {
	size_t n;
	struct entry *entry;  /* sorted by key */
	const char **version; /* by recipe, NULL: absent; nrecipes of them */
	size_t nrecipes;
};

struct compare {
	struct arena *a;
	struct intern recipes, tasks;
	size_t n;
	struct side side[COMPARE_BUILDS_MAX];
};

struct compare *
compare_new(struct arena *a)
{
	struct compare *c = arena_zalloc(a, sizeof(*c));

	c->a = a;
	intern_init(&c->recipes, a);
	intern_init(&c->tasks, a);
	return c;
}

static uint64_t
key_of(uint32_t recipe, uint32_t task)
{
	return (uint64_t)recipe << 32 | task;
}

static uint32_t
recipe_of(uint64_t key)
{
	return (uint32_t)(key >> 32);
}

static uint32_t
task_of(uint64_t key)
{
	return (uint32_t)key;
}

/* ---- builds ---- */

static int
by_key(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;

	return (a->key > b->key) - (a->key < b->key);
}

static uint32_t
number_of(struct intern *in, const char *text)
{
	bool is_new;

	return intern_add(in, slice_of(text), &is_new);
}

/* NAN is nothing, and adds nothing. */
static double
plus(double a, double b)
{
	return isnan(a) ? b : isnan(b) ? a : a + b;
}

static size_t
merge_equal(struct entry *e, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && e[kept - 1].key == e[i].key)
			e[kept - 1].value = plus(e[kept - 1].value, e[i].value);
		else
			e[kept++] = e[i];
	}
	return kept;
}

static uint32_t *
intern_packages(struct compare *c, const struct task_table *t)
{
	uint32_t *id = arena_calloc(c->a, t->npackages + 1, sizeof(*id));

	for (size_t i = 0; i < t->npackages; i++)
		id[i] = number_of(&c->recipes, t->packages[i].recipe);
	return id;
}

static void
read_side(struct compare *c, const struct task_table *t, const double *value,
    struct side *out)
{
	uint32_t *recipe = intern_packages(c, t);
	uint32_t *task = arena_calloc(c->a, t->ntask_names + 1, sizeof(*task));

	for (size_t i = 0; i < t->ntask_names; i++)
		task[i] = number_of(&c->tasks, t->task_names[i]);
	out->nrecipes = c->recipes.n;
	out->version =
	    arena_calloc(c->a, out->nrecipes + 1, sizeof(*out->version));
	for (size_t i = 0; i < t->npackages; i++)
		out->version[recipe[i]] = t->packages[i].version;
	out->entry = arena_alloc(c->a, (t->n + 1) * sizeof(*out->entry));
	for (size_t i = 0; i < t->n; i++)
		out->entry[i] = (struct entry){
		    key_of(recipe[t->package[i]], task[t->name[i]]), value[i]};
	qsort(out->entry, t->n, sizeof(*out->entry), by_key);
	out->n = merge_equal(out->entry, t->n);
}

void
compare_add(struct compare *c, const struct task_table *t, const double *value)
{
	read_side(c, t, value, &c->side[c->n++]);
}

/* Takes the entries with the least key off all builds; their values. */
static size_t
take_least(const struct side *s, size_t *at, size_t n, uint64_t *key, double *v)
{
	size_t found = 0;

	*key = UINT64_MAX;
	for (size_t i = 0; i < n; i++)
		if (at[i] < s[i].n && s[i].entry[at[i]].key < *key)
			*key = s[i].entry[at[i]].key;
	for (size_t i = 0; i < n; i++)
		if (at[i] < s[i].n && s[i].entry[at[i]].key == *key)
			v[found++] = s[i].entry[at[i]++].value;
	return found;
}

void
compare_add_median(struct compare *c, const struct task_table *const *t,
    const double *const *value, size_t n)
{
	struct side *s = arena_calloc(c->a, n + 1, sizeof(*s));
	struct side *out = &c->side[c->n++];
	size_t *at = arena_calloc(c->a, n + 1, sizeof(*at)), most = 0, found;
	double *v = arena_calloc(c->a, n + 1, sizeof(*v));
	uint64_t key;

	for (size_t i = 0; i < n; i++) {
		read_side(c, t[i], value[i], &s[i]);
		most += s[i].n;
	}
	*out = (struct side){.nrecipes = c->recipes.n};
	out->version =
	    arena_calloc(c->a, out->nrecipes + 1, sizeof(*out->version));
	out->entry = arena_alloc(c->a, (most + 1) * sizeof(*out->entry));
	while ((found = take_least(s, at, n, &key, v)) > 0) {
		size_t known = 0;
		if (2 * found < n)
			continue;
		for (size_t i = 0; i < found; i++)
			if (!isnan(v[i]))
				v[known++] = v[i];
		out->entry[out->n++] =
		    (struct entry){key, number_median(v, known)};
	}
	/* The versions of the latest, which is the last. */
	for (size_t i = 0; i < n; i++)
		for (size_t r = 0; r < s[i].nrecipes; r++)
			if (s[i].version[r] != NULL)
				out->version[r] = s[i].version[r];
}

/* ---- rows ---- */

/* Groups of tasks: a row each. */
struct grouping {
	struct compare *c;
	const struct compare_options *o;
	struct compare_result *out;
	size_t *row_of; /* by recipe or task; 0: none yet, else its number */
	size_t cap;
};

static double
together(const struct grouping *g, double a, double b)
{
	if (!g->o->largest)
		return plus(a, b);
	return isnan(a) ? b : isnan(b) || a > b ? a : b;
}

static bool
is_wanted(const struct grouping *g, uint64_t key)
{
	const struct compare_options *o = g->o;
	const char *recipe = g->c->recipes.texts[recipe_of(key)].p,
		   *task = g->c->tasks.texts[task_of(key)].p;

	return (o->package[0] == '\0' || strcmp(recipe, o->package) == 0) &&
	       (o->task[0] == '\0' || strcmp(task, o->task) == 0);
}

static struct compare_row *
new_row(struct grouping *g, const char *recipe, const char *task)
{
	struct compare_result *r = g->out;
	double *v = arena_alloc(g->c->a, g->c->n * sizeof(*v));

	for (size_t i = 0; i < g->c->n; i++)
		v[i] = NAN;
	r->row =
	    arena_grow(g->c->a, r->row, &g->cap, r->n + 1, sizeof(*r->row));
	r->row[r->n] =
	    (struct compare_row){.recipe = recipe, .task = task, .value = v};
	return &r->row[r->n++];
}

static struct compare_row *
row_for(struct grouping *g, uint64_t key)
{
	enum compare_by by = g->o->by;
	const char *recipe = g->c->recipes.texts[recipe_of(key)].p,
		   *task = g->c->tasks.texts[task_of(key)].p;
	size_t *slot = by == COMPARE_PACKAGE ? &g->row_of[recipe_of(key)]
		       : by == COMPARE_TYPE  ? &g->row_of[task_of(key)]
					     : &g->row_of[0];

	if (by == COMPARE_TASK)
		return new_row(g, recipe, task);
	if (*slot == 0) {
		new_row(g, by == COMPARE_PACKAGE ? recipe : "",
		    by == COMPARE_TYPE ? task : "");
		*slot = g->out->n;
	}
	return &g->out->row[*slot - 1];
}

static void
add_to_row(struct grouping *g, uint64_t key, const double *v)
{
	struct compare_row *row;
	double *to;

	if (!is_wanted(g, key))
		return;
	row = row_for(g, key);
	to = (double *)(uintptr_t)row->value;
	for (size_t i = 0; i < g->c->n; i++)
		to[i] = together(g, to[i], v[i]);
}

static void
count_totals(struct grouping *g, const double *v, const bool *has, bool common)
{
	for (size_t i = 0; i < g->c->n; i++) {
		struct compare_total *t = &g->out->total[i];
		if (!has[i])
			continue;
		if (common) {
			t->common_tasks++;
			t->common = together(g, t->common, v[i]);
		} else {
			t->other_tasks++;
			t->other = together(g, t->other, v[i]);
		}
	}
}

/* The values of the least key that is left; false at the end. */
static bool
next_key(const struct compare *c, size_t *at, uint64_t *key, double *v,
    bool *has, size_t *nhas)
{
	*key = UINT64_MAX;
	*nhas = 0;
	for (size_t i = 0; i < c->n; i++)
		if (at[i] < c->side[i].n && c->side[i].entry[at[i]].key < *key)
			*key = c->side[i].entry[at[i]].key;
	for (size_t i = 0; i < c->n; i++) {
		const struct side *s = &c->side[i];
		has[i] = at[i] < s->n && s->entry[at[i]].key == *key;
		v[i] = has[i] ? s->entry[at[i]++].value : NAN;
		*nhas += has[i];
	}
	return *nhas > 0;
}

static void
add_all(struct grouping *g)
{
	size_t at[COMPARE_BUILDS_MAX] = {0}, nhas;
	double v[COMPARE_BUILDS_MAX];
	bool has[COMPARE_BUILDS_MAX];
	uint64_t key;

	while (next_key(g->c, at, &key, v, has, &nhas)) {
		bool common = nhas == g->c->n;
		count_totals(g, v, has, common);
		g->out->shared += common;
		if (common || g->o->all)
			add_to_row(g, key, v);
	}
}

/* ---- differences ---- */

static void
find_difference(struct compare_row *r, size_t n)
{
	double first = r->value[0], last = r->value[n - 1];

	r->diff = last - first;
	r->share = first != 0 ? r->diff / fabs(first) : NAN;
}

static bool
reaches(const struct compare_row *r, size_t n, const struct compare_options *o)
{
	bool any = o->min <= 0;

	for (size_t i = 0; i < n && !any; i++)
		any = r->value[i] >= o->min;
	return any && !(o->min_diff > 0 && !(fabs(r->diff) >= o->min_diff)) &&
	       !(o->min_share > 0 && !(fabs(r->share) >= o->min_share));
}

static void
choose_rows(struct grouping *g)
{
	struct compare_result *r = g->out;
	double *sum = arena_alloc(g->c->a, g->c->n * sizeof(*sum));
	size_t kept = 0;

	for (size_t i = 0; i < g->c->n; i++)
		sum[i] = NAN;
	for (size_t k = 0; k < r->n; k++) {
		find_difference(&r->row[k], g->c->n);
		if (!reaches(&r->row[k], g->c->n, g->o))
			continue;
		for (size_t i = 0; i < g->c->n; i++)
			sum[i] = together(g, sum[i], r->row[k].value[i]);
		r->row[kept++] = r->row[k];
	}
	r->n = kept;
	r->sum = sum;
}

void
compare_make(struct compare *c, const struct compare_options *o,
    struct compare_result *out)
{
	size_t names = c->recipes.n + c->tasks.n;
	struct grouping g = {.c = c, .o = o, .out = out};

	*out = (struct compare_result){0};
	for (size_t i = 0; i < c->n; i++)
		out->total[i].common = out->total[i].other = NAN;
	g.row_of = arena_calloc(c->a, names + 1, sizeof(*g.row_of));
	add_all(&g);
	choose_rows(&g);
	compare_sort(out, "diff", true);
}

/* ---- recipes ---- */

static const char *
version_in(const struct side *s, size_t recipe)
{
	return recipe < s->nrecipes ? s->version[recipe] : NULL;
}

/* The costs of all recipes in one build. */
static double *
costs_of(struct compare *c, const struct side *s)
{
	size_t n = c->recipes.n;
	double *cost = arena_alloc(c->a, (n + 1) * sizeof(*cost));

	for (size_t i = 0; i < n; i++)
		cost[i] = NAN;
	for (size_t i = 0; i < s->n; i++) {
		double *to = &cost[recipe_of(s->entry[i].key)];
		*to = plus(*to, s->entry[i].value);
	}
	return cost;
}

static bool
is_change(const struct compare *c, size_t recipe, struct compare_change *out)
{
	const char *first = version_in(&c->side[0], recipe),
		   *last = version_in(&c->side[c->n - 1], recipe);
	bool differs = false;

	for (size_t i = 0; i < c->n; i++) {
		const char *v = out->version[i] =
		    version_in(&c->side[i], recipe);
		differs |=
		    (v == NULL) != (first == NULL) ||
		    (v != NULL && first != NULL && strcmp(v, first) != 0);
	}
	out->kind = first == NULL && last != NULL               ? CHANGE_NEW
		    : first != NULL && last == NULL             ? CHANGE_GONE
		    : first != NULL && strcmp(first, last) != 0 ? CHANGE_VERSION
								: CHANGE_SOME;
	return differs;
}

static double
weight(const struct compare_change *x, size_t n)
{
	double w = 0;

	for (size_t i = 0; i < n; i++)
		if (x->cost[i] > w)
			w = x->cost[i];
	return w;
}

/* Few of them: an insertion sort needs no context. */
static void
dearest_first(struct compare_change *x, size_t n, size_t builds)
{
	for (size_t i = 1; i < n; i++) {
		struct compare_change one = x[i];
		double w = weight(&one, builds);
		size_t k = i;
		for (; k > 0 && weight(&x[k - 1], builds) < w; k--)
			x[k] = x[k - 1];
		x[k] = one;
	}
}

size_t
compare_changes(struct compare *c, struct compare_change **out)
{
	size_t recipes = c->recipes.n, n = 0;
	double *cost[COMPARE_BUILDS_MAX];

	*out = arena_calloc(c->a, recipes + 1, sizeof(**out));
	for (size_t i = 0; i < c->n; i++)
		cost[i] = costs_of(c, &c->side[i]);
	for (size_t r = 0; r < recipes; r++) {
		struct compare_change *x = &(*out)[n];
		double *of = arena_alloc(c->a, c->n * sizeof(*of));
		x->recipe = c->recipes.texts[r].p;
		x->version = arena_calloc(c->a, c->n, sizeof(*x->version));
		for (size_t i = 0; i < c->n; i++)
			of[i] = cost[i][r];
		x->cost = of;
		n += is_change(c, r, x);
	}
	dearest_first(*out, n, c->n);
	return n;
}
