/*
 * event_build.h: the build that an event log alone tells of, as files of a
 * bundle: event-log.json, and the run as bitbake would have written it, with
 * the times that its tasks have in the log and no other numbers.
 */
#ifndef MODEL_EVENT_BUILD_H
#define MODEL_EVENT_BUILD_H

#include "model/event_log.h"

/* Gets the files one by one; what it returns ends it. */
typedef enum err (*event_file_fn)(
    void *arg, const char *path, struct slice text, struct errinfo *ei);

/* Is there a build in it at all: tasks, or a failure without any? */
bool event_build_is(const struct event_doc *d, size_t ntasks);

/* dir: what the paths begin with, "" or "NAME/".  tasks are sorted.  ERR_INPUT
 * where nothing tells when it was. */
struct event_build {
	const char *dir;
	const struct event_doc *doc;
	struct event_task *tasks;
	size_t ntasks;
};
enum err event_build_give(struct arena *a, const struct event_build *b,
    event_file_fn fn, void *arg, struct errinfo *ei) MUST_CHECK;

#endif
