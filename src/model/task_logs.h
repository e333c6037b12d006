/*
 * task_logs.h: what tasks printed, as it lies in a bundle, until it is known
 * whose it is and whether that task failed.
 *
 * A log belongs to the failed task of that recipe and name in the run below its
 * directory, if there is but one run.  Of several the one without a PID in its
 * name counts, to which bitbake's link points, else the last in the tar.
 */
#ifndef MODEL_TASK_LOGS_H
#define MODEL_TASK_LOGS_H

#include "model/build.h"
#include "model/log_take.h"
#include "model/member.h"

struct scopes;
struct task_logs;

struct task_log {
	struct slice dir;
	const char *path; /* for people */
	bool current;     /* the one without a PID */
	bool used;
	const struct taken_log *log;
	struct task_log *before; /* an earlier one of the same task */
};

struct task_logs *task_logs_new(const struct bundle_limits *limits);
void task_logs_free(struct task_logs *l);

/* Bytes it holds on to. */
size_t task_logs_memory(const struct task_logs *l);

/* One at a time, in pieces. */
void task_logs_begin(
    struct task_logs *l, const struct member *m, struct slice path);
void task_logs_add(struct task_logs *l, const void *data, size_t n);
/* False if it was dropped, being too large even when packed. */
bool task_logs_end(struct task_logs *l);

/* The log of a task of the run in dir, which is now used, or NULL. */
const struct taken_log *task_logs_find(struct task_logs *l,
    const struct scopes *scopes, struct slice dir, const struct package *p,
    const char *task);

/* Those that nobody used, in any order, one a call; NULL at the end. */
const struct task_log *task_logs_next_unused(struct task_logs *l);

#endif
