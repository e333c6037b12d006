/* task_graph_load.h: the task graph of a stored build. */
#ifndef MODEL_TASK_GRAPH_LOAD_H
#define MODEL_TASK_GRAPH_LOAD_H

#include "base/err.h"
#include "model/build_info.h"
#include "model/task_graph.h"

struct db;

/* It, and where what it is made of is from. */
struct graph_of_build {
	struct task_graph graph;
	const char *threads; /* "build.json", "event log", "local.conf"; "" */
	const char *file;    /* the text with the dependencies, "" if none */
	bool damaged;        /* that text can't be read */
};

/*
 * b was completed by build_info_more.  The number of threads is `threads` of
 * build.json, else BB_NUMBER_THREADS of the event log, else of a local.conf
 * that was sent, if it is a number there.  A build that has no place in time
 * has a graph of no tasks.
 */
enum err task_graph_load(struct db *db, struct arena *a,
    const struct build_info *b, const struct task_table *t,
    struct graph_of_build *out, struct errinfo *ei) MUST_CHECK;

#endif
