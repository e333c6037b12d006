/*
 * perf_tasks.h: buildstats.json of oe-build-perf-test, task by task, as the
 * task files that it was made of.
 *
 * Its rusage is the sum of a task's own and its children's, which is kept as
 * the task's own.
 */
#ifndef MODEL_PERF_TASKS_H
#define MODEL_PERF_TASKS_H

#include "base/err.h"
#include "base/str.h"

struct arena;

/* measurement: "test1.build", "" of a list that has no name. */
struct perf_task {
	const char *measurement, *pf, *task;
	struct slice text;     /* as bitbake would have written it */
	double started, ended; /* seconds; NAN */
};
typedef enum err (*perf_task_fn)(
    void *arg, const struct perf_task *t, struct errinfo *ei);

/* All of it lives until the call of fn returns. */
enum err perf_tasks_read(const char *label, struct slice text, perf_task_fn fn,
    void *arg, struct errinfo *ei) MUST_CHECK;

#endif
