/*
 * package_tasks.h: the tasks of a package_build row, packed, for trends.
 *
 *     varint n, then per task, in the order of their starts:
 *         varint  task_name.id
 *         varint  0, or zig-zag of (start - start of the task before) + 1;
 *                 the first counts from the package's first start
 *         varint  elapsed + 1, or 0
 *         varint  CPU time + 1, or 0
 *     then for each task that didn't pass: varint its number, varint status
 *
 * Times are hundredths of a second.  A task that was run again is there
 * again.
 */
#ifndef MODEL_PACKAGE_TASKS_H
#define MODEL_PACKAGE_TASKS_H

#include "base/buf.h"
#include "base/err.h"
#include "model/build.h"

struct arena;

#define PACKAGE_TASK_UNKNOWN INT64_MIN

struct package_task {
	int id;          /* task_name.id */
	int64_t start;   /* after the package's first start */
	int64_t elapsed; /* these three: PACKAGE_TASK_UNKNOWN if unknown */
	int64_t cputime;
	enum task_status status;
};

/* Sorts t by start, those without one last, and appends it. */
void package_tasks_encode(struct buf *out, struct package_task *t, size_t n);

/* ERR_INTERNAL "damaged list of tasks". */
enum err package_tasks_decode(struct arena *a, struct slice packed,
    struct package_task **out, size_t *n, struct errinfo *ei) MUST_CHECK;

/* How many there are, without reading them; 0 if damaged. */
size_t package_tasks_count(struct slice packed);

#endif
