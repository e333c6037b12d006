/*
 * run.h: one buildstats run in the making: takes its files in any order,
 * and becomes a struct build.
 */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include "base/err.h"
#include "model/bundle.h"
#include "model/member.h"
#include "model/result_set.h"
#include "model/scope.h"
#include "model/task_logs.h"

struct histories;
struct perf_set;
struct run;

/* dir is copied.  The run has an arena of its own, with a cap. */
struct run *run_new(const struct bundle_limits *limits, struct slice dir);
void run_free(struct run *r);

struct slice run_dir(const struct run *r);
/* Bytes it holds on to. */
size_t run_memory(const struct run *r);
/* Does it have a build_stats or a task?  Otherwise it is no run at all. */
bool run_is_real(const struct run *r);

/* Is it known that this task, of a PF or a recipe, did not fail? */
bool run_rules_out(const struct run *r, const struct member *log);

/* Whole files. */
enum err run_task(struct run *r, const struct member *m, struct slice text,
    struct errinfo *ei) MUST_CHECK;
enum err run_build_stats(
    struct run *r, struct slice text, struct errinfo *ei) MUST_CHECK;

/* Lines "name value[ unit]", numbers of the build as a whole. */
void run_numbers(struct run *r, struct slice text);

/* Logs and texts, in pieces; one at a time. */
enum err run_stream_begin(
    struct run *r, const struct member *m, struct errinfo *ei) MUST_CHECK;
enum err run_stream_add(
    struct run *r, const void *data, size_t n, struct errinfo *ei) MUST_CHECK;
enum err run_stream_end(struct run *r, struct errinfo *ei) MUST_CHECK;

/* What lies beside runs. */
struct beside {
	struct scopes *scopes;
	struct task_logs *logs;
	struct result_set *results;
	bool only_run; /* no other run is in the bundle */
	struct histories *histories;
	struct event_logs *events;
	struct perf_set *perf;
};

/*
 * All files are there: makes the build, with what lay beside it.  It lives as
 * long as the run and what is beside it.
 */
enum err run_finish(struct run *r, const struct beside *beside,
    const struct build **out, struct errinfo *ei) MUST_CHECK;

/* Lines of its files that were not understood, the first of them; those of
 * task files are kept as text all the same. */
struct odd_line {
	const char *file; /* "zlib-1.3.1-r0/do_compile" */
	uint32_t line;
	const char *text; /* what it is */
};
const struct odd_line *run_odd_lines(struct run *r, size_t *n);

#endif
