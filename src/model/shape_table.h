/*
 * shape_table.h: the shapes of one build's task blocks, and the fast way of
 * reading a block that has a shape seen before.
 */
#ifndef MODEL_SHAPE_TABLE_H
#define MODEL_SHAPE_TABLE_H

#include "base/buf.h"
#include "base/err.h"
#include "model/build.h"
#include "model/intern.h"
#include "model/task_line.h"

#define SHAPE_SLOTS_MAX 1024
#define SHAPE_RECENT 8

/* A shape in the making, with the numbers of the block that it comes from. */
struct shape_draft {
	struct buf text;
	size_t nslots;
	struct shape_slot slots[SHAPE_SLOTS_MAX];
	enum line_check checks[SHAPE_SLOTS_MAX];
	int64_t values[SHAPE_SLOTS_MAX];
	enum task_status status;
	int started, ended, elapsed;
};

struct shape_table {
	struct arena *arena;
	struct intern known; /* text and forms of each shape */
	size_t n;
	struct shape *shapes;
	size_t shapes_cap;
	struct compiled_shape *compiled;
	size_t compiled_cap;
	size_t bytes; /* of all texts */
	uint32_t recent[SHAPE_RECENT];
	size_t nrecent;
	int64_t values[SHAPE_SLOTS_MAX]; /* of the block that matched last */
};

void shape_table_init(struct shape_table *t, struct arena *a);

/*
 * Does text start with a block of a shape that was used lately?  Then *shape
 * is its number, t->values are the block's and *used its length.  A block
 * ends with the text or before the next "Event: TaskStarted".
 */
bool shape_table_match(struct shape_table *t, struct slice name,
    struct slice text, uint32_t *shape, size_t *used);

/* The number of the draft's shape, which is kept if it is new.  ERR_TOO_BIG
 * when there are far too many. */
enum err shape_table_add(struct shape_table *t, const struct shape_draft *d,
    uint32_t *shape, struct errinfo *ei) MUST_CHECK;

/* So many shapes that lines which aren't understood are better left out. */
bool shape_table_crowded(const struct shape_table *t);

#endif
