/*
 * consumers.h: the tasks of a build added up by recipe, by kind of task or one
 * by one: what each took of a metric, and of the critical path; and how much
 * shorter the build would have been without it.  Pure functions.
 */
#ifndef MODEL_CONSUMERS_H
#define MODEL_CONSUMERS_H

#include "model/critical.h"

enum consumer_by { BY_RECIPE, BY_TASK, BY_TYPE };

struct consumer {
	const char *recipe, *task; /* "" where rows are not by it */
	size_t tasks;
	double value;   /* of the metric, NAN: none */
	double elapsed; /* sum, seconds */
	double on_path; /* seconds of it on the critical path */
	double slack;   /* the least of its tasks, NAN: none of them has a
			   place in time */
};

struct consumers {
	size_t n;
	struct consumer *row; /* largest value first */
	double total;         /* of the metric; NAN: none */
};

/* value: of the metric, one a task, NAN: none; largest: tasks make one value
 * by the largest of theirs, not by the sum. */
void consumers_make(struct arena *a, const struct critical *c,
    enum consumer_by by, const double *value, bool largest,
    struct consumers *out);

/* Orders rows anew: by value, elapsed, on_path, slack, tasks, recipe or task;
 * unknown numbers come last. */
void consumers_sort(struct consumers *c, const char *key, bool down);

/* One that the build might do without. */
struct candidate {
	enum consumer_by by;
	struct consumer what;
	double seconds; /* how long the build takes then */
};

/* How long the build takes on so many threads without the tasks of
 * what->recipe and what->task, "": any; the rest of what is filled in. */
double consumers_without(struct arena *a, const struct critical *c,
    size_t threads, struct consumer *what);

/*
 * Of each kind the `want` that take most time and the `want` that take most of
 * the critical path, each replayed; what saves most comes first.
 */
size_t consumers_candidates(struct arena *a, const struct critical *c,
    size_t want, struct candidate **out);

#endif
