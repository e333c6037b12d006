/*
 * trend.h: how long something takes from run to run: a recipe, one of its
 * tasks, or whole builds; pure but for trend_find.h, which loads them.
 */
#ifndef MODEL_TREND_H
#define MODEL_TREND_H

#include "model/build.h"

/* Newer runs count, older ones are left to since= and until=. */
#define TREND_RUNS_MAX 2000
/* A group with fewer isn't drawn by itself, and has no steps. */
#define TREND_GROUP_MIN 10

/* Why a run is shown but doesn't count. */
enum trend_use {
	TREND_COUNTS,
	TREND_FAILED,  /* it failed, or never finished */
	TREND_PARTIAL, /* most of its tasks were restored, or many more or
			  fewer were run than usual */
	TREND_CLOCK,   /* started when there was no such thing, or to come */
	TREND_LACKS,   /* has no such value */
	TREND__MAX
};

struct trend_task {
	int id; /* task_name.id */
	double wall, cpu;
};

struct trend_run {
	int build;
	int64_t started; /* the build's */
	const char *name, *version, *image, *builder, *machine, *distro,
	    *branch, *commit;
	enum build_status status;
	double value;     /* of the metric that was asked for */
	double wall, cpu; /* seconds */
	double pressure;  /* CPU, percent, mean over the build */
	size_t ran;       /* tasks, without restored ones */
	size_t restored;  /* those */
	size_t ntasks;
	const struct trend_task *task; /* of a recipe; in order of start */

	/* set by trend_prepare */
	size_t group;
	enum trend_use use;
};

/* Runs that can be compared: of one machine, distro, builder and branch, whole
 * builds also of one image. */
struct trend_group {
	const char *image, *machine, *distro, *builder, *branch;
	bool tell_distro, tell_branch; /* groups differ in it */
	size_t n;                      /* runs that count */
	const size_t *run;
};

struct trend {
	/* The values are of what was made, not of the making: whoever has one
	 * counts unless it failed, however much was restored. */
	bool made;
	size_t n; /* oldest first */
	struct trend_run *run;
	size_t ngroups; /* the largest first */
	struct trend_group *group;
	size_t uses[TREND__MAX];
};

/*
 * Sorts runs into groups and says which of them count.  A run that was
 * successful and has a value counts if it didn't restore more tasks than it
 * ran, and if these are at least half and at most twice as many as in the
 * median of its group's runs: a build that has most things already is no
 * faster one.
 */
void trend_prepare(
    struct arena *a, struct trend *t, bool by_image, int64_t now);

enum trend_number { TREND_VALUE, TREND_WALL, TREND_CPU, TREND_PRESSURE };
double trend_number(const struct trend_run *r, enum trend_number which);

/*
 * Median and 10th and 90th percentile of the values around each place,
 * at most TREND_CURVE_MAX places of n, in order; not across cuts (the first
 * value after a step each, ascending).
 */
#define TREND_CURVE_MAX 240
#define TREND_WINDOW 21 /* values */
struct trend_curve {
	size_t at;
	double low, median, high;
	bool first; /* after a cut, or the very first */
};
size_t trend_curve(struct arena *a, const double *v, size_t n,
    const size_t *cut, size_t ncuts, struct trend_curve **out);

/* Is v far outside of what is usual there? */
bool trend_is_outlier(const struct trend_curve *c, double v);

/*
 * What each run that counts is to be compared with: the median of up to max
 * that count before it in its group; NAN of the first and of what doesn't
 * count.  out has room for all runs.
 */
#define TREND_BASE_MAX 100
void trend_medians_before(const struct trend *t, size_t max, double *out);

/*
 * Numbers of the runs' commits in the order in which they were first seen, -1
 * of those without one; the names are written to *commit; their number.
 */
size_t trend_commits(struct arena *a, const struct trend *t,
    const char *const **commit, int **number);

#endif
