/*
 * event_logs.h: event logs among the files of a bundle.  What of each is kept
 * is said to the scopes as event-log.json is; one whose run is nowhere in the
 * bundle becomes a build of its own.
 */
#ifndef MODEL_EVENT_LOGS_H
#define MODEL_EVENT_LOGS_H

#include "model/event_log.h"
#include "model/scope.h"

struct bundle;
struct event_logs;

/* bytes: of what is kept of all of them; rules: of mask.h. */
struct event_logs *event_logs_new(size_t bytes, unsigned rules);
void event_logs_free(struct event_logs *l);
size_t event_logs_memory(const struct event_logs *l);

/* One comes; dir is what it is about. */
void event_logs_begin(struct event_logs *l, struct slice dir);
void event_logs_data(struct event_logs *l, const void *data, size_t n);
/* Its document, as event-log.json, borrowed until the next one; empty if it is
 * no event log. */
struct slice event_logs_end(struct event_logs *l);

/* What waits for what, as that log says; NULL. */
const struct depends_file *event_logs_tree(
    const struct event_logs *l, const char **name);

/* Gives the bundle the files of the builds that only logs tell of, before it
 * ends. */
enum err event_logs_give(struct event_logs *l, const struct scopes *s,
    struct bundle *bu, struct errinfo *ei) MUST_CHECK;

#endif
