/*
 * gen_model.h: what a generated task looks like: names.txt and model.txt, as
 * fit_model.py wrote them from recordings, and the drawing of one task's
 * numbers.
 */
#ifndef BENCH_GEN_MODEL_H
#define BENCH_GEN_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "rng.h"

struct arena;

/* The numbers that are drawn, in the order of model.txt; the rest follow from
 * them. */
enum gen_var {
	GV_ELAPSED,
	GV_RCHAR,
	GV_WCHAR,
	GV_SYSCR,
	GV_SYSCW,
	GV_CANCELLED,
	GV_OWN,                  /* nine of the task's process */
	GV_CHILD = GV_OWN + 9,   /* and nine of its children */
	GV_COUNT = GV_CHILD + 9, /* order within: enum gen_usage */
};

enum gen_usage {
	GU_UTIME,
	GU_STIME,
	GU_MAXRSS,
	GU_MINFLT,
	GU_MAJFLT,
	GU_INBLOCK,
	GU_OUBLOCK,
	GU_NVCSW,
	GU_NIVCSW,
};

struct gen_margin {
	double zero; /* share of zeros */
	double cut;  /* the normal score below which it is zero */
	double mu;   /* of the logarithm of the others */
	double sigma;
};

struct gen_task {
	const char *name;
	struct gen_margin margin[GV_COUNT];
};

struct gen_recipe {
	const char *name;
	const char *version;
	size_t ntasks;
	const uint8_t *tasks; /* indexes into the model's tasks, in order */
};

struct gen_model {
	double step[GV_COUNT];
	double cholesky[GV_COUNT][GV_COUNT];
	double recipe_share; /* of the spread: the same in every build */
	double same_maxrss;  /* share of tasks whose child's maxrss is theirs */
	size_t ntasks;
	struct gen_task *tasks;
	size_t nrecipes;
	struct gen_recipe *recipes;
};

/* Reads both files of dir; the model lives in a. */
enum err gen_model_load(struct gen_model *m, struct arena *a, const char *dir,
    struct errinfo *ei) MUST_CHECK;

/*
 * Draws the numbers of a task as counts of their steps (hundredths,
 * microseconds, pages...).  recipe_z holds GV_COUNT standard normals that
 * belong to the recipe and task.
 */
void gen_model_draw(const struct gen_model *m, const struct gen_task *t,
    const float *recipe_z, struct rng *r, int64_t out[GV_COUNT]);

#endif
