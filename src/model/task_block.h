/*
 * task_block.h: all tasks of a build as two byte strings.
 *
 * Tasks are stored sorted by shape, task name, package (in order of first
 * start) and block, so that which tasks a column has follows from the shapes,
 * and neighbours resemble each other.  A column is one metric in one form (and
 * its second occurrence in the same task is another column).
 *
 *     core      4 bytes FNV-1a of what follows, version, varint length and
 *               zstd frame of the head, then the columns package, block and
 *               those that hold Started, Ended and Elapsed time
 *     columns   the other columns, one behind the other, each of which can be
 *               read alone: the head says where it is
 *
 * The head holds the texts (metric keys, task names, packages, shapes), for
 * each shape its tasks' names as runs, and the directory of columns.
 *
 * A column may be stored as the difference to what one or two others predict
 * (never more than one step): utime from ru_utime, say.
 */
#ifndef MODEL_TASK_BLOCK_H
#define MODEL_TASK_BLOCK_H

#include "base/buf.h"
#include "base/err.h"
#include "model/build.h"

struct arena;

/* More than any bitbake makes; bounds what a damaged block can ask for. */
#define BLOCK_TASKS_MAX ((size_t)1 << 22)
#define BLOCK_COLUMNS_MAX ((size_t)1 << 13)

/* How a column is predicted from the columns base[0] and base[1]. */
enum prediction {
	PREDICT_NONE,
	PREDICT_SAME,  /* base 0 */
	PREDICT_SUM,   /* base 0 + base 1 */
	PREDICT_TICKS, /* µs to 1/100 s, rounded down */
	PREDICT_BLOCKS /* (base 0 + base 1) * 512 */
};

struct block_column {
	uint32_t metric;     /* index into metrics */
	uint32_t occurrence; /* 0, or k for the (k+1)th in the same task */
	enum num_form form;
	enum prediction prediction;
	uint32_t base[2];
	bool in_core;
	size_t offset, length; /* in core, or in columns */
	uint32_t sum;          /* FNV-1a of its bytes */
};

/* An opened core.  Arrays without a length of their own have ntasks. */
struct task_block {
	size_t ntasks;
	size_t npackages;
	struct package *packages;
	size_t ntask_names;
	const char **task_names;
	size_t nmetrics;
	struct metric *metrics;
	size_t nshapes;
	struct shape *shapes;
	const uint32_t **shape_column; /* per shape, per slot: its column */
	size_t *shape_end;             /* per shape: behind its last task */
	size_t ncolumns;
	struct block_column *columns;
	uint32_t *package, *name, *shape, *block;
	uint32_t *run;     /* grows where shape or name changes */
	struct slice core; /* the bytes, borrowed */
	size_t columns_length;
};

/*
 * Appends the two strings; b's tasks may be in any order.  ERR_TOO_BIG when
 * there are more tasks or different numbers than a block takes.
 */
enum err task_block_encode(const struct build *b, struct buf *core,
    struct buf *columns, struct errinfo *ei) MUST_CHECK;

/* Everything but the values; core must outlive the result. */
enum err task_block_open(struct arena *a, struct slice core,
    struct task_block **out, struct errinfo *ei) MUST_CHECK;

/* What a column is read from. */
struct column_source {
	size_t column;
	struct slice bytes;     /* its own; of one in core they aren't needed */
	const int64_t *base[2]; /* the values of its bases */
};

/* The values of a column, one a task, 0 where it has none. */
enum err task_block_column(struct arena *a, const struct task_block *tb,
    const struct column_source *src, int64_t **out,
    struct errinfo *ei) MUST_CHECK;

/* The values of all columns, as task_block_column gives them; value has
 * ncolumns elements. */
enum err task_block_values(struct arena *a, const struct task_block *tb,
    struct slice columns, int64_t **value, struct errinfo *ei) MUST_CHECK;

/* Does a task of this shape have a value in column c?  Its slot, or -1. */
int task_block_slot(const struct task_block *tb, uint32_t shape, size_t c);

/*
 * All values of all tasks: fills out's metrics, shapes, names, packages and
 * tasks, sorted as build.h says.
 */
enum err task_block_build(struct arena *a, const struct task_block *tb,
    struct slice columns, struct build *out, struct errinfo *ei) MUST_CHECK;

/* FNV-1a, 32 bits. */
uint32_t task_block_sum(const void *p, size_t n);

#endif
