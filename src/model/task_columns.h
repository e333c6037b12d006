/*
 * task_columns.h: which columns the tasks of a build make, and what predicts
 * what; see task_block.h.
 */
#ifndef MODEL_TASK_COLUMNS_H
#define MODEL_TASK_COLUMNS_H

#include "model/task_block.h"

/* Slot `slot` of shape `shape` belongs to the column. */
struct column_use {
	uint32_t shape, slot;
};

struct task_columns {
	size_t n;
	struct block_column *column;
	uint32_t **of_slot; /* per shape, per slot */
	size_t *use_start;  /* n + 1 */
	struct column_use *use;
};

enum err task_columns_make(struct arena *a, const struct build *b,
    struct task_columns *out, struct errinfo *ei) MUST_CHECK;

/* The slot of a shape that holds column c, or -1. */
int task_columns_slot(const struct task_columns *tc, const struct shape *s,
    uint32_t shape, size_t c);

/* What prediction says for these base values; both sides use this. */
int64_t prediction_value(enum prediction p, int64_t base0, int64_t base1);
/* How many bases it has: 0 to 2. */
unsigned prediction_bases(enum prediction p);

#endif
