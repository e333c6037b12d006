/* task_order.h: the order in which a block keeps tasks; see task_block.h. */
#ifndef MODEL_TASK_ORDER_H
#define MODEL_TASK_ORDER_H

#include "model/build.h"

struct arena;

struct task_order {
	uint32_t *task;         /* position to index into b->tasks */
	uint32_t *package;      /* rank to index into b->packages */
	uint32_t *package_rank; /* and back */
	size_t *shape_end;      /* per shape: behind its last position */
	uint32_t *run;          /* per position, grows with shape or name */
};

void task_order_make(
    struct arena *a, const struct build *b, struct task_order *out);

#endif
