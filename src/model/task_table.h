/*
 * task_table.h: the tasks of a stored build, read back column by column.
 *
 * Reading one metric reads that metric's bytes (and those of the column it is
 * predicted from), not the rest of the block.
 */
#ifndef MODEL_TASK_TABLE_H
#define MODEL_TASK_TABLE_H

#include "base/err.h"
#include "model/build.h"

struct arena;
struct db;

struct task_column {
	const char *name; /* "rusage.ru_utime", "cputime", ... */
	const char *key;  /* as bitbake wrote it; "" for derived ones */
	const char *unit;
	const double *value; /* n values, NAN where the task has none */
};

/* n tasks in stored order; all arrays have n elements. */
struct task_table {
	size_t n;
	size_t npackages;
	struct package *packages;
	size_t ntask_names;
	const char **task_names;
	const uint32_t *package; /* index into packages */
	const uint32_t *name;    /* index into task_names */
	const uint32_t *block;
	const uint8_t *status;  /* enum task_status */
	const int64_t *started; /* µs or TIME_UNKNOWN */
	const double *elapsed;  /* seconds or -1: task_elapsed() */
	size_t nmetrics;        /* names of all metrics, without values */
	const char **metrics;   /* derived ones included, sorted */
};

/* Loads the core of a build's tasks; ERR_NOT_FOUND if there is no such
 * build.  `started` is the build's, which names the partition. */
enum err task_table_load(struct db *db, struct arena *a, int build,
    int64_t started, struct task_table **out, struct errinfo *ei) MUST_CHECK;

/* Does the build have a metric, stored or derived? */
bool task_table_has(const struct task_table *t, const char *name);

/*
 * Loads one column by metric name, stored or derived (cputime, elapsed,
 * read_ops, write_ops).  ERR_NOT_FOUND if the build has no such metric.
 */
enum err task_table_column(struct db *db, struct arena *a, struct task_table *t,
    const char *name, struct task_column *out, struct errinfo *ei) MUST_CHECK;

/* Loads all columns at once, in the order of t->metrics. */
enum err task_table_columns(struct db *db, struct arena *a,
    struct task_table *t, struct task_column **out,
    struct errinfo *ei) MUST_CHECK;

#endif
