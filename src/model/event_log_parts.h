/* event_log_parts.h: the inside of event_log.h, shared by its files. */
#ifndef MODEL_EVENT_LOG_PARTS_H
#define MODEL_EVENT_LOG_PARTS_H

#include "base/base64_stream.h"
#include "base/buf.h"
#include "model/depends.h"
#include "model/event_log.h"
#include "model/intern.h"
#include "model/mask.h"
#include "model/pickle.h"

#define RUNNING_MAX 4096
#define EVENT_KEYS 3 /* levels whose keys are of interest */
#define EVENT_KEY_MAX 64

/* Which task a worker process is at. */
struct event_worker {
	int64_t pid;
	const char *recipe, *version, *task;
	size_t kept; /* its place among the kept tasks + 1, or 0 */
};

struct event_log {
	struct arena *a, *scratch; /* what is kept; of one event */
	struct event_log_options o;
	/* the line at hand */
	struct jevents *json;
	size_t depth;                        /* open containers */
	char key[EVENT_KEYS][EVENT_KEY_MAX]; /* [d - 1]: in that at depth d */
	struct buf class, value;
	struct buf *into;     /* where the string at hand goes, or NULL */
	struct buf vars;      /* the pickle */
	struct base64 base64; /* as far as it is decoded */
	struct buf stats; /* the last event that had them, as it was written */
	size_t line;      /* its bytes so far */
	bool wrong;       /* no JSON, or no base64 */
	bool skip;        /* of a class that nobody wants */
	bool has_variables;
	const struct event_kind *kind; /* of its class, or NULL */
	/* what was found */
	struct event_doc doc;
	size_t messages_cap, failures_cap, names_cap, tasks_cap, targets_cap;
	struct intern names, pfs, told; /* known already */
	int64_t clock;                  /* of the last event that had one */
	struct event_worker *worker;
	size_t nworkers, workers_cap;
	struct event_task *task;
	size_t ntasks;
	struct depends_reader *tree_reader; /* or NULL */
	struct depends_file tree;
};

/* What is done with an event of a class; event is its object. */
typedef void (*event_fn)(struct event_log *e, const struct pickle *event);
struct event_kind {
	const char *class;
	event_fn read; /* NULL: only its stats matter, and the last ones */
};
/* NULL if nobody wants it. */
const struct event_kind *event_kind_of(struct slice class);

/* Of the last event with stats. */
void event_log_stats(struct event_log *e, const struct pickle *event);

/* The text, masked, clean, and at most max bytes long; in e->a. */
const char *event_log_text(
    const struct event_log *e, struct slice text, size_t max);

/* A tree of dependencies. */
void event_log_tree_read(struct event_log *e, const struct pickle *event);

/* Counts, from "not known". */
void event_log_count(struct event_log *e, enum event_count c, int64_t more);

#endif
