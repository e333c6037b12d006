/* task_order.c: see task_order.h. */
#include "model/task_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct first {
	int64_t started;
	uint32_t package;
};

static int
by_start(const void *x, const void *y)
{
	const struct first *a = x, *b = y;

	if (a->started != b->started)
		return a->started < b->started ? -1 : 1;
	return (a->package > b->package) - (a->package < b->package);
}

/* Packages in the order of their first task; those that never started, last. */
static void
rank_packages(struct arena *a, const struct build *b, struct task_order *o)
{
	struct first *f = arena_calloc(a, b->npackages + 1, sizeof(*f));

	for (size_t i = 0; i < b->npackages; i++)
		f[i] = (struct first){INT64_MAX, (uint32_t)i};
	for (size_t i = 0; i < b->ntasks; i++) {
		int64_t t = task_started(b, &b->tasks[i]);
		struct first *p = &f[b->tasks[i].package];
		if (t != TIME_UNKNOWN && t < p->started)
			p->started = t;
	}
	if (b->npackages > 0)
		qsort(f, b->npackages, sizeof(*f), by_start);
	o->package = arena_calloc(a, b->npackages + 1, sizeof(uint32_t));
	o->package_rank = arena_calloc(a, b->npackages + 1, sizeof(uint32_t));
	for (size_t i = 0; i < b->npackages; i++) {
		o->package[i] = f[i].package;
		o->package_rank[f[i].package] = (uint32_t)i;
	}
}

enum key { KEY_BLOCK, KEY_PACKAGE, KEY_NAME, KEY_SHAPE };

static uint32_t
key_of(
    const struct build *b, const struct task_order *o, uint32_t i, enum key key)
{
	const struct task *t = &b->tasks[i];

	switch (key) {
	case KEY_BLOCK:
		return t->block;
	case KEY_PACKAGE:
		return o->package_rank[t->package];
	case KEY_NAME:
		return t->name;
	case KEY_SHAPE:
		break;
	}
	return t->shape;
}

/* A stable pass of a counting sort: from into to. */
static void
sort_pass(struct arena *a, const struct build *b, const struct task_order *o,
    enum key key, const uint32_t *from, uint32_t *to)
{
	uint32_t max = 0;
	size_t *at, sum = 0;

	for (size_t i = 0; i < b->ntasks; i++) {
		uint32_t k = key_of(b, o, (uint32_t)i, key);
		max = k > max ? k : max;
	}
	at = arena_calloc(a, (size_t)max + 2, sizeof(*at));
	for (size_t i = 0; i < b->ntasks; i++)
		at[key_of(b, o, (uint32_t)i, key)]++;
	for (size_t k = 0; k <= max; k++) {
		size_t n = at[k];
		at[k] = sum;
		sum += n;
	}
	for (size_t i = 0; i < b->ntasks; i++)
		to[at[key_of(b, o, from[i], key)]++] = from[i];
}

static void
mark_runs(struct arena *a, const struct build *b, struct task_order *o)
{
	uint32_t run = 0;

	o->shape_end = arena_calloc(a, b->nshapes + 1, sizeof(size_t));
	o->run = arena_calloc(a, b->ntasks + 1, sizeof(uint32_t));
	for (size_t i = 0; i < b->ntasks; i++) {
		const struct task *t = &b->tasks[o->task[i]];
		const struct task *before =
		    i > 0 ? &b->tasks[o->task[i - 1]] : t;
		if (t->shape != before->shape || t->name != before->name)
			run++;
		o->run[i] = run;
		o->shape_end[t->shape] = i + 1;
	}
	for (size_t s = 1; s < b->nshapes; s++)
		if (o->shape_end[s] == 0) /* no task has this shape */
			o->shape_end[s] = o->shape_end[s - 1];
}

void
task_order_make(struct arena *a, const struct build *b, struct task_order *out)
{
	uint32_t *x = arena_calloc(a, b->ntasks + 1, sizeof(*x));
	uint32_t *y = arena_calloc(a, b->ntasks + 1, sizeof(*y));

	rank_packages(a, b, out);
	for (size_t i = 0; i < b->ntasks; i++)
		x[i] = (uint32_t)i;
	for (enum key k = KEY_BLOCK; k <= KEY_SHAPE; k++) {
		sort_pass(a, b, out, k, x, y);
		uint32_t *t = x;
		x = y;
		y = t;
	}
	out->task = x;
	mark_runs(a, b, out);
}
