/* task_write.h: files of a run as bitbake would have written them, for builds
 * of which only what they report is known. */
#ifndef MODEL_TASK_WRITE_H
#define MODEL_TASK_WRITE_H

#include "model/build.h"

struct written_task {
	const char *pf, *task;
	int64_t started, ended; /* TIME_UNKNOWN: not written */
	double seconds;         /* "Elapsed time"; negative: not written */
	enum task_status status;
};

/* A block of a task file. */
void task_write(struct buf *out, const struct written_task *t);

/* "KEY: 1700000010.12 ", as Python's "%.2f" of seconds. */
void task_write_time(struct buf *out, const char *key, int64_t us);
void task_write_elapsed(struct buf *out, double seconds);

#endif
