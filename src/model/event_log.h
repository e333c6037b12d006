/*
 * event_log.h: reads bitbake's event log while it streams by.
 *
 * Sources of the format: bitbake, lib/bb/cooker.py (EventWriter), event.py,
 * build.py, runqueue.py.  A line is a JSON object: {"class":"bb.build...",
 * "vars":"<base64 of a pickle of the event>"}, or once {"allvariables":{NAME:
 * {"v":VALUE,...},...}}.  bitbake writes it for every build into
 * tmp/log/eventlog/, 10 to 200 MB.
 *
 * Of the variables those of event_variables are looked at and no other; an
 * event that can't be read is passed over and counted.  Memory stays at the
 * longest line that is of interest, and what is kept.
 */
#ifndef MODEL_EVENT_LOG_H
#define MODEL_EVENT_LOG_H

#include "model/depends.h"
#include "model/event_doc.h"

struct event_log_options {
	size_t line_bytes; /* an event whose line is longer isn't read */
	size_t nodes;      /* of a pickle */
	unsigned mask;     /* rules of mask.h, for all texts */
	bool tasks;        /* keep the tasks' times */
	bool tree;         /* and what waits for what */
};
/* 64 MiB, a million, MASK_DEFAULT, no. */
extern const struct event_log_options event_log_options_default;

/* A run of a task, as bitbake told it. */
struct event_task {
	const char *pf, *recipe, *task;
	int64_t started, ended; /* TIME_UNKNOWN */
	enum task_status status;
};
#define EVENT_TASKS_MAX 400000

struct event_log;

/* What it finds lives in a. */
struct event_log *event_log_new(
    struct arena *a, const struct event_log_options *o);
void event_log_free(struct event_log *e);

void event_log_add(struct event_log *e, const void *data, size_t n);

/*
 * All of it came; a last line without its end is passed over.  NULL if no line
 * was one of an event log.
 */
const struct event_doc *event_log_end(struct event_log *e);

/* What else was kept, in the order in which it began: with option tasks. */
struct event_task *event_log_tasks(const struct event_log *e, size_t *n);

/* What waits for what, as bitbake said before it built, once all of it came;
 * NULL if it isn't known: with option tree. */
const struct depends_file *event_log_tree(struct event_log *e);

/* Does a text begin as an event log?  256 bytes of it are enough. */
bool event_log_is(struct slice head);

/* The BUILDNAME, or DATETIME, that was met so far; "" if none. */
const char *event_log_name(const struct event_log *e);

#endif
