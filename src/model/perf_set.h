/*
 * perf_set.h: the results of oe-build-perf-test in a bundle, each directory
 * for itself.
 *
 * A directory becomes a build without tasks that has the measurements as
 * numbers (perf.test1.build.elapsed, ...), and each of its measurements that
 * has tasks a build of its own.  Their image is what was measured: what is
 * compared over time is the same measurement.  A line of a globalres file is a
 * build without tasks, too, of which no time is known.
 */
#ifndef MODEL_PERF_SET_H
#define MODEL_PERF_SET_H

#include "model/bundle.h"
#include "model/run.h"

struct perf_set;

struct perf_set *perf_set_new(const struct bundle_limits *limits);
void perf_set_free(struct perf_set *s);
size_t perf_set_memory(const struct perf_set *s);

/*
 * A file, whole, by what is in it.  *why is NULL if it was taken, else a
 * reason.  ERR_TOO_BIG, or what is wrong with tasks in it.
 */
enum err perf_set_add(struct perf_set *s, struct slice dir, struct slice name,
    struct slice text, const char **why, struct errinfo *ei) MUST_CHECK;

/* The next build, or NULL; it lives in a and in s.  beside is for what runs
 * need. */
enum err perf_set_next(struct perf_set *s, struct arena *a,
    const struct beside *beside, int64_t received, const struct build **out,
    struct errinfo *ei) MUST_CHECK;

#endif
