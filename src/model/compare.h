/*
 * compare.h: the tasks of two to ten builds side by side; pure functions.
 *
 * Tasks are matched by recipe and task, whatever the version; a task that ran
 * several times in a build counts with what its runs add up to.  Unless asked
 * otherwise only those that ran in all builds count, so that a build that took
 * most of its work from shared state is no miracle; what the others cost is
 * told apart.
 */
#ifndef MODEL_COMPARE_H
#define MODEL_COMPARE_H

#include "model/task_table.h"

#define COMPARE_BUILDS_MAX 10

enum compare_by { COMPARE_TASK, COMPARE_PACKAGE, COMPARE_TYPE, COMPARE_BUILD };

struct compare_options {
	enum compare_by by;
	bool largest; /* several tasks make one value by the largest of theirs,
			 not by the sum */
	bool all;     /* tasks that some builds lack, too */
	const char *package, *task; /* "": any; task as it is called */
	double min;       /* the least that any of a row's values reaches */
	double min_diff;  /* |diff| */
	double min_share; /* |share| */
};

struct compare_row {
	const char *recipe, *task; /* "" where rows are not by it */
	const double *value;       /* one a build, NAN: it has none */
	double diff;               /* last build's minus the first's, or NAN */
	double share;              /* diff / the first's, or NAN */
};

/* Of one build, before package=, min= and the like chose rows; the former two
 * over tasks that all builds have. */
struct compare_total {
	size_t common_tasks, other_tasks;
	double common, other;
};

struct compare_result {
	size_t n;
	struct compare_row *row; /* largest |diff| first */
	const double *sum;       /* of the rows, one a build */
	struct compare_total total[COMPARE_BUILDS_MAX];
	size_t shared; /* tasks that all builds have */
};

/* A recipe that is not in all builds, or in different versions. */
struct compare_change {
	const char *recipe;
	const char **version; /* one a build, NULL: absent */
	const double *cost;   /* of its tasks, one a build */
	enum { CHANGE_NEW, CHANGE_GONE, CHANGE_VERSION, CHANGE_SOME } kind;
};

struct compare;

/* All of it lives in a. */
struct compare *compare_new(struct arena *a);

/* The next build; value: of the metric, one a task, NAN: none. */
void compare_add(
    struct compare *c, const struct task_table *t, const double *value);
/* The next "build": for each task the median over n builds of those that have
 * it, if at least half of them do. */
void compare_add_median(struct compare *c, const struct task_table *const *t,
    const double *const *value, size_t n);

/* At least two builds have been added. */
void compare_make(struct compare *c, const struct compare_options *o,
    struct compare_result *out);

/* Recipes new, gone, or of another version, dearest first. */
size_t compare_changes(struct compare *c, struct compare_change **out);

/* Orders rows anew: "diff", "share", "recipe", "task", or "1" to "10", the
 * values of a build; diff and share by magnitude; rows without come last.
 * False for another key. */
bool compare_sort(struct compare_result *r, const char *key, bool down);

#endif
