/*
 * critical.h: which tasks decided how long a build took, how much longer the
 * others could have taken, and how long it would have taken without some of
 * them; pure functions.
 *
 * The replay (a list scheduler) starts tasks as bitbake does, one after
 * another: whenever a thread is free and a task has all it waits for, it
 * lets the pause go by that went by in the recording before the start of that
 * number (bitbake's own work, parsing before the first one included) and then
 * starts, of those that can be, the task that was started first in the
 * recording.  Each takes as long as it took.  So with nothing changed it
 * starts every task at the very time at which it was started.
 *
 * A task that is free takes no time; it is still started, after its pause.  As
 * with all list schedulers, less work can in rare cases take longer (Graham's
 * anomalies): then what is saved is negative.
 *
 * A task was gated by what it waited for last, if it was started within
 * GRAPH_PAUSE of that; else by the task that had ended last before it was
 * started, which made room for it if all threads were busy.  From the task
 * that ended last back from gate to gate leads the critical path.
 *
 * Slack is how much longer a task could have taken, pauses, threads and all
 * other tasks being as they were, until the build would have ended later: that
 * of tasks on the critical path is 0.
 */
#ifndef MODEL_CRITICAL_H
#define MODEL_CRITICAL_H

#include "model/task_graph.h"

enum gate {
	GATE_NONE,    /* nothing had ended before */
	GATE_NEED,    /* it waited for that task, by a dependency file */
	GATE_OWN,     /* it waited for the task of its own recipe */
	GATE_THREAD,  /* all threads were busy until that one ended */
	GATE_OBSERVED /* that one had ended last; perhaps it waited for it */
};

struct critical_scratch; /* for replays, one at a time */

struct critical {
	const struct task_graph *g;
	/* of each task of g */
	uint32_t *gate;   /* another task, or GRAPH_NONE */
	uint8_t *how;     /* enum gate */
	uint8_t *on_path; /* 1 if it is on the critical path */
	double *slack;    /* seconds */
	double *possible; /* when it could have been started */
	double *pause;    /* before the start of that number */
	struct critical_scratch *scratch;
	/* from the first to the last */
	size_t nsteps;
	uint32_t *step;
	double busy;    /* sum of the path's tasks */
	double paused;  /* and of what went by between them */
	double longest; /* of all chains of what waited for each other, pauses
			   left out: with any number of threads it takes no
			   less */
};

void critical_make(
    struct arena *a, const struct task_graph *g, struct critical *out);

/* How long the build takes on so many threads, 1 or more, without the tasks for
 * which gone[i] is not 0; gone may be NULL. */
double critical_replay(
    const struct critical *c, const uint8_t *gone, size_t threads);

const char *gate_word(enum gate how);

#endif
