/*
 * event_doc.h: event-log.json, what is sent of an event log.
 *
 * One object; docs/protocol.md lists its members.  It is made by
 * push-build-results, or by the server of an event log that it was given, and
 * by clients that report while they build.
 */
#ifndef MODEL_EVENT_DOC_H
#define MODEL_EVENT_DOC_H

#include "model/build.h"
#include "model/environment.h"
#include "model/events.h"

#define EVENT_DOC_MAX ((size_t)4 << 20)
#define EVENT_FAILURES_MAX 500
#define EVENT_NAMES_MAX 20000

enum event_outcome { OUTCOME_UNKNOWN, OUTCOME_SUCCEEDED, OUTCOME_FAILED };

/* Where in a PF the recipe ends, of one that the name alone doesn't tell. */
struct event_name {
	const char *pf, *recipe;
};

struct event_doc {
	const char *name; /* BUILDNAME, or "" */
	size_t ntargets;
	const char **targets;
	const char *banner; /* "Build Configuration:" and what follows, or "" */
	int64_t started, ended; /* TIME_UNKNOWN */
	enum event_outcome outcome;
	struct build_events events;
	size_t nfailures; /* kinds FAILURE_NO_PROVIDER and FAILURE_PARSE */
	struct told_failure *failure;
	size_t nnames;
	struct event_name *names;
};

void event_doc_init(struct event_doc *d);

/* Appends the document and a newline, indented for people; over EVENT_DOC_MAX
 * there are fewer messages in it. */
void event_doc_write(struct buf *out, const struct event_doc *d);

/*
 * file begins the sentences about what is wrong: ERR_INPUT, ERR_TOO_BIG.
 * Members that aren't known are passed over; too long texts are cut.  All of
 * it lives in a.
 */
enum err event_doc_read(struct arena *a, const char *file, struct slice text,
    struct event_doc *out, struct errinfo *ei) MUST_CHECK;

/* What it says of the environment: the variables, the banner, the targets. */
void event_doc_environment(
    struct arena *a, const struct event_doc *d, struct env_facts *f);

#endif
