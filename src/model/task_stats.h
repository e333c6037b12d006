/* task_stats.h: what the tasks of one build add up to; pure functions. */
#ifndef MODEL_TASK_STATS_H
#define MODEL_TASK_STATS_H

#include "model/task_table.h"

struct task_type {
	const char *task;
	size_t tasks;
	double elapsed, cputime; /* sums, seconds */
};

/*
 * All task names that occur, largest sum of CPU time first; cputime may be
 * NULL, then by elapsed.
 */
size_t task_types(struct arena *a, const struct task_table *t,
    const double *cputime, struct task_type **out);

/*
 * The rows that failed for good (see task_is_failure) in the order of their
 * start, at most max of them; row has room for max.
 */
size_t task_failures(
    struct arena *a, const struct task_table *t, uint32_t *row, size_t max);

/*
 * The share of shared-state results that were restored instead of made, over
 * the tasks that oe-core keeps in shared state; NAN if there are none.
 */
double task_reuse(struct arena *a, const struct task_table *t);

/* The same by kind of task, those that occur, by name. */
struct task_reuse_row {
	const char *task;      /* "do_package" */
	size_t restored, made; /* recipes */
};
size_t task_reuse_by_type(
    struct arena *a, const struct task_table *t, struct task_reuse_row **out);

#endif
