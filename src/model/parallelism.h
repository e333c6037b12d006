/* parallelism.h: how many tasks of a build ran at a time; pure functions. */
#ifndef MODEL_PARALLELISM_H
#define MODEL_PARALLELISM_H

#include "model/task_graph.h"

#define PARALLEL_LEVELS 32
#define PARALLEL_SLICES 240

/* So many tasks at once, from `from` to `to`; the same where few did. */
struct parallel_level {
	size_t from, to;
	double seconds; /* for so long of the build's time */
};

struct parallelism {
	double mean; /* tasks, over the build's time */
	/* Of no, one, two... tasks; of several numbers each where the most is
	 * above PARALLEL_LEVELS. */
	size_t nlevels;
	struct parallel_level level[PARALLEL_LEVELS + 1];
	/* The build's time in equal parts: how many ran, on average. */
	size_t nslices;
	double slice[PARALLEL_SLICES];
};

void parallelism_make(
    struct arena *a, const struct task_graph *g, struct parallelism *out);

#endif
