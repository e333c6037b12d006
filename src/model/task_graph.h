/*
 * task_graph.h: which task of a build waited for which; pure functions.
 *
 * With a dependency file of the build the order is the real one.  Tasks of the
 * file that did not run (covered by shared state, or without a body) pass on
 * what they wait for; a task whose result was restored by its setscene task is
 * that.  What a task is said to wait for but ended after the task had started
 * is no reason, and is counted as contradicted.  The file is about another
 * build, and isn't used, if it names less than half of the tasks or more than
 * a twentieth of what it says is contradicted; neither is one with a cycle.
 *
 * A file of recipes says less: a recipe's sysroot is prepared (or, in old
 * releases, the recipe configured) after the sysroots of those it needs were
 * populated, and its root file system is made after those that it needs at run
 * time were packaged; within a recipe tasks stand in the order observed.
 *
 * Otherwise it is the observed order: a task waited for the one of its own
 * recipe that had ended last; and, unless that one ended within GRAPH_PAUSE
 * before, or all threads were busy, for the one of all that had ended last.
 */
#ifndef MODEL_TASK_GRAPH_H
#define MODEL_TASK_GRAPH_H

#include "model/depends.h"
#include "model/series_chart.h"
#include "model/task_table.h"

/* Seconds within which bitbake starts what has become possible. */
#define GRAPH_PAUSE 2.0
#define GRAPH_NONE UINT32_MAX

enum graph_basis { GRAPH_OBSERVED, GRAPH_RECIPES, GRAPH_TASKS };

/* Why a file was not used. */
enum graph_refusal {
	GRAPH_USED,
	GRAPH_NO_FILE,
	GRAPH_CYCLE,       /* see cycle */
	GRAPH_UNKNOWN,     /* it names less than half of the tasks */
	GRAPH_CONTRADICTED /* too much of it can't be */
};

struct graph_task {
	uint32_t row;      /* of the task table */
	double start, end; /* seconds since the build started; end >= start */
};

struct task_graph {
	const struct task_table *table;
	double seconds; /* how long the build took, as far as is known */
	size_t n;
	struct graph_task *task; /* by start, then end */
	size_t untimed;          /* tasks left out: they have no place */
	size_t most;             /* that ran at once */
	size_t threads;          /* told, or else `most` */
	bool threads_told;
	size_t threads_given; /* what was told, even if more ran; 0: nothing */

	enum graph_basis basis;
	enum graph_refusal refusal;
	const char *cycle;   /* a name on it, "" */
	size_t named;        /* tasks that the file knows */
	size_t nameable;     /* of so many */
	size_t contradicted; /* of what it says */
	size_t said;

	/* Nodes 0..n-1 are tasks, the others of the file and did not run.  Node
	 * v waits for need[first_need[v]] and so on, up to first_need[v + 1];
	 * for_whom is the same the other way.  There is no cycle, and a task
	 * waits for none that ended after it had started. */
	size_t nodes;
	uint32_t *first_need, *need;
	uint32_t *first_whom, *whom;
};

struct graph_options {
	struct chart_span span;          /* the build's time */
	size_t threads;                  /* 0: not known */
	const struct depends_list *told; /* or NULL */
	struct arena *scratch;           /* for what isn't needed afterwards */
};

void task_graph_make(struct arena *a, const struct task_table *t,
    const struct graph_options *o, struct task_graph *out);

/* For task_graph.c and task_graph_told.c: waiting, written down. */
struct graph_edge {
	uint32_t from, to; /* `from` waits for `to` */
};
struct graph_edges {
	struct arena *a;
	struct graph_edge *edge;
	size_t n, cap;
};
void graph_edges_reserve(struct graph_edges *e, size_t n);
void graph_edge_add(struct graph_edges *e, uint32_t from, uint32_t to);
/* By the file of o; false if it can't be used, and g->refusal says why. */
bool task_graph_told(
    struct arena *a, struct task_graph *g, const struct graph_options *o);
/* Makes need and whom of edges between g->nodes nodes. */
void task_graph_link(
    struct arena *a, struct task_graph *g, const struct graph_edges *e);
/* For each task the one of its package that had ended last, or GRAPH_NONE. */
uint32_t *task_graph_own(struct arena *a, const struct task_graph *g);

#endif
