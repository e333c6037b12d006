/* graph_parts.h: parts of graph_find: points that are recipes or tasks, and
 * numbers that stand in blocks. */
#ifndef MODEL_GRAPH_PARTS_H
#define MODEL_GRAPH_PARTS_H

#include "base/str.h"
#include "model/graph.h"
#include "model/graph_find.h"

/* What a recipe's row tells of it, or of one of its tasks. */
struct graph_part {
	int id;         /* task_name.id; 0: of all tasks */
	size_t n;       /* runs of tasks */
	double wall[2]; /* seconds: sum, largest; NAN: unknown */
	double cpu[2];
	double start;       /* seconds after the package's first start */
	const char *status; /* of a task */
};

/* Adds a value to a sum and a largest one, both NAN at first. */
void graph_add(double both[2], double v);

/*
 * The parts of a packed list (model/package_tasks.h): one a task, or one of all
 * of them; only: of the task with that number alone, unless 0.  Of a damaged
 * list none.
 */
size_t graph_parts(struct arena *a, struct slice packed, enum graph_of of,
    int only, struct graph_part **out);

/*
 * graph_blocks.c: fills in metrics that stand in task blocks: of the points of
 * the newest GRAPH_BLOCKS_MAX builds; the others are dropped, and *dropped is
 * set.  task: the one that was asked for, or "".
 */
enum err graph_blocks(struct db *db, struct graph *g, const char *task,
    bool *dropped, struct errinfo *ei) MUST_CHECK;

/*
 * graph_series.c: fills in means of sampled logs, of builds likewise.  Of
 * several disks, volumes and interfaces it is their sum, of pressures the
 * highest.
 */
enum err graph_series(struct db *db, struct arena *a, struct graph *g,
    bool *dropped, struct errinfo *ei) MUST_CHECK;

#endif
