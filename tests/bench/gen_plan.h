/* gen_plan.h: what happens in a generated build, before it is written. */
#ifndef BENCH_GEN_PLAN_H
#define BENCH_GEN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gen.h"
#include "gen_model.h"

struct plan_task {
	const char *task;
	const char *suffix; /* "" or "_setscene" */
	bool failed;
	int64_t start, end; /* microseconds */
	int64_t v[GV_COUNT];
};

struct plan_recipe {
	const char *pf;
	size_t first, ntasks; /* in plan->tasks */
};

struct plan {
	const char *name; /* BUILDNAME */
	const char *machine, *distro, *image, *branch, *builder;
	char commit[41];
	char uuid[37];
	bool incremental;
	int64_t start, end; /* microseconds */
	size_t nrecipes;
	struct plan_recipe *recipes;
	size_t ntasks;
	struct plan_task *tasks;
};

/* The plan and everything in it live in a. */
struct plan *plan_make(struct arena *a, const struct gen_model *m,
    const struct gen_options *o, size_t index, struct rng *r);

#endif
