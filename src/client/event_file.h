/*
 * event_file.h: the event log that bitbake wrote of a run, by default into
 * log/eventlog/DATETIME.json of TMPDIR.  Only what event-log.json has
 * (model/event_doc.h), and which task waits for which, leaves the machine.
 */
#ifndef CLIENT_EVENT_FILE_H
#define CLIENT_EVENT_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "client/find.h"
#include "model/event_log.h"

/*
 * Its path in a directory, or NULL: the file called like the run, else one that
 * was written since the run began and says that it is about it.
 */
const char *event_file_find(
    struct arena *a, const struct run *run, const char *dir);

/*
 * Appends event-log.json, and to tree, if what waits for what is known, the
 * text of task-depends.dot.  name: the run's, or NULL to take the log's own.
 * ERR_NOT_FOUND, ERR_INTERNAL if it can't be read; ERR_INPUT if it is no event
 * log.
 */
struct event_source {
	const char *path, *name;
	unsigned mask;
};
struct event_file {
	struct event_doc doc;
	struct event_task *tasks; /* if they were asked for */
	size_t ntasks;
	bool has_tree;
	struct depends_file tree; /* what waits for what */
};
/* What it tells, in a; errors as of event_file_condense. */
enum err event_file_read(struct arena *a, const struct event_source *from,
    bool tasks, struct event_file *out, struct errinfo *ei) MUST_CHECK;
enum err event_file_condense(const struct event_source *from, struct buf *out,
    struct buf *tree, struct errinfo *ei) MUST_CHECK;

#endif
