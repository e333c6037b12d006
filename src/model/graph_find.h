/* graph_find.h: loads the points of a graph from the database. */
#ifndef MODEL_GRAPH_FIND_H
#define MODEL_GRAPH_FIND_H

#include "model/build_list.h"
#include "model/graph.h"

/* Metrics of recipes and tasks stand in a task block a build, sampled logs in
 * blocks, too: those of so many builds are read, the newest. */
#define GRAPH_BLOCKS_MAX 100

struct graph_query {
	const struct build_filter *filter; /* package and task included */
	size_t max;                        /* points */
};

struct graph_found {
	bool more;   /* there are older points */
	bool blocks; /* task blocks or sampled logs were read */
};

/*
 * Loads the points of g, whose of, x, y and group are set.  One statement, and
 * one for the names of tasks; and two a build where blocks are read.  A task
 * that ran again is one point with what its runs add up to, or the largest.
 * ERR_INPUT for a filter that can't be.
 */
enum err graph_find(struct db *db, struct arena *a, const struct graph_query *q,
    struct graph *g, struct graph_found *out, struct errinfo *ei) MUST_CHECK;

/* What the newest builds tell: kind is environment, event or variable. */
enum err graph_seen(struct db *db, struct arena *a, struct facet **out,
    size_t *n, struct errinfo *ei) MUST_CHECK;

#endif
