/*
 * live_expect.h: what history says of a build that runs: when it will end, and
 * which of its tasks take longer than they ever did.  docs/live.md says how
 * and why; nothing here asks the database.
 */
#ifndef MODEL_LIVE_EXPECT_H
#define MODEL_LIVE_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/task_table.h"

struct arena;

/* ---- one task ---- */

#define PAST_LEAST 5   /* runs from which something is concluded */
#define PAST_TIMES 3   /* times the median */
#define PAST_MARGIN 60 /* seconds above the 95th percentile */

/* Earlier runs of a recipe's task. */
struct past {
	size_t n;
	double median, p95; /* seconds; of n >= 1 */
	double limit;       /* seconds from which history doesn't explain it;
			       INFINITY if there are too few runs */
};

/* The values are sorted in place. */
struct past past_of(double *seconds, size_t n);

/* ---- the end ---- */

#define LIKE_MAX 5 /* builds that are compared with */

/* A task that runs now. */
struct expect_runner {
	const char *recipe, *task;
	double seconds; /* since it started */
};

struct expect_now {
	const struct task_table *done; /* the tasks that ended */
	size_t nrunning;
	const struct expect_runner *running;
	double elapsed; /* of the build, seconds */
};

/* A like build that succeeded. */
struct expect_like {
	const struct task_table *tasks;
	int64_t started; /* µs */
	double elapsed;  /* seconds */
};

struct expectation {
	size_t n;                 /* builds that it is from; 0: none */
	double left, least, most; /* seconds; NAN: unknown */
	double done;              /* share of the work, 0..1; NAN: unknown */
};

/*
 * The work of a like build that isn't done here yet, as long as that took
 * there, times how much slower this build is so far; the median over the like
 * builds, and the span of their answers, at least a tenth (one build: a
 * quarter) to both sides.
 */
struct expectation expect_end(struct arena *a, const struct expect_now *now,
    const struct expect_like *like, size_t n);

/* Without like builds: as it went until now, half to twice as long.  Unknown
 * before a tenth of the tasks, or a minute. */
struct expectation expect_pace(double elapsed, int64_t done, int64_t total);

#endif
