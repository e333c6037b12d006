/* consumers.c: see consumers.h. */
#include "model/consumers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "model/intern.h"
#include "model/row_order.h"

/* ---- groups ---- */

static const char *
recipe_of(const struct task_table *t, size_t i)
{
	return t->packages[t->package[i]].recipe;
}

static const char *
task_of(const struct task_table *t, size_t i)
{
	return t->task_names[t->name[i]];
}

/* Packages of several versions are one recipe. */
static uint32_t *
number_recipes(struct arena *a, const struct task_table *t, size_t *n)
{
	uint32_t *id = arena_calloc(a, t->npackages + 1, sizeof(*id));
	struct intern in;
	bool is_new;

	intern_init(&in, a);
	for (size_t i = 0; i < t->npackages; i++)
		id[i] =
		    intern_add(&in, slice_of(t->packages[i].recipe), &is_new);
	*n = in.n;
	return id;
}

/* The tasks of a package stand together, those of a name within it, too; a
 * recipe of two versions makes two stretches. */
static void
number_tasks(struct arena *a, const struct task_table *t,
    const uint32_t *recipe, uint32_t *out)
{
	struct intern in;
	bool is_new;

	intern_init(&in, a);
	for (size_t i = 0; i < t->n; i++) {
		uint32_t key[2] = {recipe[t->package[i]], t->name[i]};
		out[i] = intern_add(&in,
		    (struct slice){(const char *)key, sizeof(key)}, &is_new);
	}
}

static double
together(double a, double b, bool largest)
{
	if (isnan(a) || isnan(b))
		return isnan(a) ? b : a;
	return largest ? fmax(a, b) : a + b;
}

static void
add_paths(const struct critical *c, const uint32_t *of, struct consumer *row)
{
	const struct task_graph *g = c->g;

	for (size_t i = 0; i < c->nsteps; i++) {
		const struct graph_task *t = &g->task[c->step[i]];
		row[of[t->row]].on_path += t->end - t->start;
	}
	for (size_t i = 0; i < g->n; i++) {
		struct consumer *r = &row[of[g->task[i].row]];
		r->slack = fmin(r->slack, c->slack[i]);
	}
}

/* Names of tasks that none has make no row. */
static void
leave_out_empty(struct consumers *out, size_t groups)
{
	for (size_t i = 0; i < groups; i++)
		if (out->row[i].tasks > 0)
			out->row[out->n++] = out->row[i];
}

/* The group of each task; how many groups there are at most. */
static size_t
group_tasks(struct arena *a, const struct task_table *t, enum consumer_by by,
    uint32_t **of)
{
	size_t nrecipes;
	uint32_t *recipe = number_recipes(a, t, &nrecipes);

	*of = arena_calloc(a, t->n + 1, sizeof(**of));
	for (size_t i = 0; i < t->n; i++)
		(*of)[i] = by == BY_TYPE ? t->name[i] : recipe[t->package[i]];
	if (by != BY_TASK)
		return by == BY_TYPE ? t->ntask_names : nrecipes;
	number_tasks(a, t, recipe, *of);
	return t->n;
}

void
consumers_make(struct arena *a, const struct critical *c, enum consumer_by by,
    const double *value, bool largest, struct consumers *out)
{
	const struct task_table *t = c->g->table;
	uint32_t *of;
	size_t groups = group_tasks(a, t, by, &of);

	*out = (struct consumers){.total = NAN};
	out->row = arena_calloc(a, groups + 1, sizeof(*out->row));
	for (size_t i = 0; i < t->n; i++) {
		struct consumer *r = &out->row[of[i]];
		if (r->tasks++ == 0) {
			r->recipe = by == BY_TYPE ? "" : recipe_of(t, i);
			r->task = by == BY_RECIPE ? "" : task_of(t, i);
			r->value = r->slack = NAN;
		}
		r->value = together(r->value, value[i], largest);
		r->elapsed += fmax(t->elapsed[i], 0);
		out->total = together(out->total, value[i], largest);
	}
	add_paths(c, of, out->row);
	leave_out_empty(out, groups);
	consumers_sort(out, "value", true);
}

/* ---- order ---- */

struct sorted {
	struct row_order order;
	struct consumer row;
};

/* What orders a row by a key; 0 for those of texts. */
static double
number_of(const struct consumer *r, const char *key)
{
	return strcmp(key, "value") == 0     ? r->value
	       : strcmp(key, "elapsed") == 0 ? r->elapsed
	       : strcmp(key, "on_path") == 0 ? r->on_path
	       : strcmp(key, "slack") == 0   ? r->slack
	       : strcmp(key, "tasks") == 0   ? (double)r->tasks
					     : 0;
}

void
consumers_sort(struct consumers *c, const char *key, bool down)
{
	bool by_name = strcmp(key, "recipe") == 0 || strcmp(key, "task") == 0;
	struct sorted *s = must(calloc(c->n + 1, sizeof(*s)));

	for (size_t i = 0; i < c->n; i++) {
		struct consumer *r = &c->row[i];
		bool task = strcmp(key, "task") == 0;
		s[i].row = *r;
		s[i].order = (struct row_order){.number = number_of(r, key),
		    .first = task ? r->task : r->recipe,
		    .second = task ? r->recipe : r->task,
		    .way = down ? -1 : 1,
		    .by_name = by_name};
	}
	qsort(s, c->n, sizeof(*s), row_order_compare);
	for (size_t i = 0; i < c->n; i++)
		c->row[i] = s[i].row;
	free(s);
}

/* ---- what if ---- */

/* Marks the tasks of g that out names; their sums go there. */
static uint8_t *
mark_tasks(struct arena *a, const struct critical *c, struct consumer *out)
{
	const char *recipe = out->recipe, *task = out->task;
	const struct task_graph *g = c->g;
	const struct task_table *t = g->table;
	uint8_t *gone = arena_calloc(a, g->n + 1, 1);
	uint8_t *package = arena_calloc(a, t->npackages + 1, 1);
	uint8_t *name = arena_calloc(a, t->ntask_names + 1, 1);

	for (size_t i = 0; i < t->npackages; i++)
		package[i] = recipe[0] == '\0' ||
			     strcmp(t->packages[i].recipe, recipe) == 0;
	for (size_t i = 0; i < t->ntask_names; i++)
		name[i] =
		    task[0] == '\0' || strcmp(t->task_names[i], task) == 0;
	*out = (struct consumer){
	    .recipe = recipe, .task = task, .value = NAN, .slack = NAN};
	for (size_t i = 0; i < g->n; i++) {
		uint32_t row = g->task[i].row;
		gone[i] = package[t->package[row]] && name[t->name[row]];
		if (!gone[i])
			continue;
		out->tasks++;
		out->elapsed += g->task[i].end - g->task[i].start;
		out->slack = fmin(out->slack, c->slack[i]);
	}
	for (size_t i = 0; i < c->nsteps; i++)
		if (gone[c->step[i]])
			out->on_path +=
			    g->task[c->step[i]].end - g->task[c->step[i]].start;
	return gone;
}

double
consumers_without(struct arena *a, const struct critical *c, size_t threads,
    struct consumer *what)
{
	return critical_replay(c, mark_tasks(a, c, what), threads);
}

static int
by_path(const void *x, const void *y)
{
	const struct consumer *a = x, *b = y;

	if (a->on_path < b->on_path || a->on_path > b->on_path)
		return a->on_path < b->on_path ? 1 : -1;
	return a->elapsed < b->elapsed ? 1 : a->elapsed > b->elapsed ? -1 : 0;
}

static int
by_seconds(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	if (a->seconds < b->seconds || a->seconds > b->seconds)
		return a->seconds < b->seconds ? -1 : 1;
	return (int)a->by - (int)b->by;
}

static bool
is_among(const struct candidate *c, size_t n, const struct consumer *what)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(c[i].what.recipe, what->recipe) == 0 &&
		    strcmp(c[i].what.task, what->task) == 0)
			return true;
	return false;
}

/* The first `want` of an order, replayed, but for those that are there. */
static size_t
try_first(struct arena *a, const struct critical *c,
    const struct consumers *order, size_t want, struct candidate *out, size_t n)
{
	size_t had = n;

	for (size_t i = 0; i < order->n && i < want; i++) {
		if (is_among(out, had, &order->row[i]))
			continue;
		out[n].what = order->row[i];
		out[n].seconds =
		    consumers_without(a, c, c->g->threads, &out[n].what);
		n++;
	}
	return n;
}

size_t
consumers_candidates(struct arena *a, const struct critical *c, size_t want,
    struct candidate **out)
{
	static const enum consumer_by kinds[] = {BY_RECIPE, BY_TASK, BY_TYPE};
	struct consumers all;
	size_t n = 0;

	*out = arena_calloc(a, 6 * want + 1, sizeof(**out));
	for (size_t k = 0; k < 3; k++) {
		size_t first = n;
		consumers_make(
		    a, c, kinds[k], c->g->table->elapsed, false, &all);
		consumers_sort(&all, "elapsed", true);
		n = try_first(a, c, &all, want, *out, n);
		qsort(all.row, all.n, sizeof(*all.row), by_path);
		n = try_first(a, c, &all, want, *out, n);
		while (first < n)
			(*out)[first++].by = kinds[k];
	}
	qsort(*out, n, sizeof(**out), by_seconds);
	return n;
}
