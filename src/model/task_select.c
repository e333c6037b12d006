/* task_select.c: see task_select.h. */
#include "model/task_select.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

const char *const task_sort_columns[] = {"recipe", "package", "version", "task",
    "block", "started", "elapsed", "status", NULL};

static bool
is_task(const char *name, const char *asked)
{
	return strcmp(name, asked) == 0 ||
	       (strncmp(name, "do_", 3) == 0 && strcmp(name + 3, asked) == 0);
}

/* One byte for each name of a dictionary: whether it is asked for. */
static const uint8_t *
wanted_tasks(
    struct arena *a, const struct task_table *t, const struct task_filter *f)
{
	uint8_t *want = arena_calloc(a, t->ntask_names + 1, 1);

	for (size_t i = 0; i < t->ntask_names; i++)
		want[i] =
		    f->task[0] == '\0' || is_task(t->task_names[i], f->task);
	return want;
}

static const uint8_t *
wanted_packages(
    struct arena *a, const struct task_table *t, const struct task_filter *f)
{
	uint8_t *want = arena_calloc(a, t->npackages + 1, 1);

	for (size_t i = 0; i < t->npackages; i++)
		want[i] = f->package[0] == '\0' ||
			  strcmp(t->packages[i].recipe, f->package) == 0 ||
			  strcmp(t->packages[i].pf, f->package) == 0;
	return want;
}

size_t
task_select(struct arena *a, const struct task_table *t,
    const struct task_filter *f, uint32_t *row)
{
	const uint8_t *task = wanted_tasks(a, t, f);
	const uint8_t *package = wanted_packages(a, t, f);
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (!task[t->name[i]] || !package[t->package[i]])
			continue;
		if (f->statuses != 0 && !(f->statuses & 1U << t->status[i]))
			continue;
		if (f->min > 0 && !(t->elapsed[i] >= f->min))
			continue;
		row[n++] = (uint32_t)i;
	}
	return n;
}

struct named {
	const char *text;
	uint32_t at;
};

static int
by_text(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return strcmp(x->text, y->text);
}

/* The place of each text among the sorted ones; equal texts share theirs. */
static double *
ranks(struct arena *a, struct named *names, size_t n)
{
	double *rank = arena_calloc(a, n + 1, sizeof(*rank));
	double place = 0;

	qsort(names, n, sizeof(*names), by_text);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(names[i].text, names[i - 1].text) != 0)
			place++;
		rank[names[i].at] = place;
	}
	return rank;
}

static double *
package_ranks(struct arena *a, const struct task_table *t, const char *column)
{
	struct named *names = arena_calloc(a, t->npackages + 1, sizeof(*names));

	for (size_t i = 0; i < t->npackages; i++) {
		const struct package *p = &t->packages[i];
		names[i].at = (uint32_t)i;
		names[i].text = strcmp(column, "recipe") == 0    ? p->recipe
				: strcmp(column, "version") == 0 ? p->version
								 : p->pf;
	}
	return ranks(a, names, t->npackages);
}

static double *
task_ranks(struct arena *a, const struct task_table *t)
{
	struct named *names =
	    arena_calloc(a, t->ntask_names + 1, sizeof(*names));

	for (size_t i = 0; i < t->ntask_names; i++)
		names[i] = (struct named){t->task_names[i], (uint32_t)i};
	return ranks(a, names, t->ntask_names);
}

/* The ranks of a dictionary spread over the rows that point into it. */
static const double *
spread(struct arena *a, const double *rank, const uint32_t *index, size_t n)
{
	double *key = arena_alloc(a, (n + 1) * sizeof(*key));

	for (size_t i = 0; i < n; i++)
		key[i] = rank[index[i]];
	return key;
}

static const double *
number_key(struct arena *a, const struct task_table *t, const char *column)
{
	double *key = arena_alloc(a, (t->n + 1) * sizeof(*key));

	for (size_t i = 0; i < t->n; i++) {
		if (strcmp(column, "block") == 0)
			key[i] = t->block[i];
		else if (strcmp(column, "status") == 0)
			key[i] = t->status[i];
		else if (strcmp(column, "started") == 0)
			key[i] = t->started[i] == TIME_UNKNOWN
				     ? NAN
				     : (double)t->started[i];
		else
			key[i] = t->elapsed[i] < 0 ? NAN : t->elapsed[i];
	}
	return key;
}

const double *
task_sort_key(struct arena *a, const struct task_table *t, const char *column)
{
	size_t i = 0;

	while (task_sort_columns[i] != NULL &&
	       strcmp(task_sort_columns[i], column) != 0)
		i++;
	if (task_sort_columns[i] == NULL)
		return NULL;
	if (i < 3)
		return spread(a, package_ranks(a, t, column), t->package, t->n);
	if (i == 3)
		return spread(a, task_ranks(a, t), t->name, t->n);
	return number_key(a, t, column);
}
