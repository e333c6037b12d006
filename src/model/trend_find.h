/* trend_find.h: loads the runs of a trend from the database. */
#ifndef MODEL_TREND_FIND_H
#define MODEL_TREND_FIND_H

#include "base/err.h"
#include "model/trend.h"

struct arena;
struct db;

/* Metrics whose numbers only a build's task block has are read of so many
 * builds. */
#define TREND_BLOCKS_MAX 100

/* "" means any; times TIME_UNKNOWN. */
struct trend_query {
	int recipe;         /* 0: whole builds */
	const char *name;   /* of the recipe */
	const char *task;   /* of the recipe; "": all of them together */
	const char *metric; /* elapsed, cputime, ... */
	const char *machine, *distro, *builder, *branch, *version, *image;
	int64_t since, until; /* until excluded */
	int build;            /* that one alone; 0: any */
	size_t max;           /* runs; 0: TREND_RUNS_MAX */
};

struct trend_found {
	struct trend trend; /* not prepared yet */
	const char *unit;   /* of the metric */
	bool more;          /* there are older ones */
	bool blocks;        /* only TREND_BLOCKS_MAX runs were read, for it
			       takes a task block each */
	size_t nnames;      /* tasks that any of the runs had */
	const struct trend_name {
		int id;
		const char *name;
	} * names;
};

/*
 * One statement, and one each for the names of tasks, what the metric is and
 * the sizes of packages; but for metrics that stand in task blocks two for each
 * build.  Times of a recipe are sums over its
 * tasks, as are other metrics, but for those in KiB, whose largest one counts.
 */
enum err trend_find(struct db *db, struct arena *a, const struct trend_query *q,
    struct trend_found *out, struct errinfo *ei) MUST_CHECK;

/* The name of a task; "" if it isn't there. */
const char *trend_task_name(const struct trend_found *f, int id);

#endif
