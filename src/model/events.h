/*
 * events.h: what happened in a build besides its tasks' numbers: warnings, QA
 * issues, cache reuse, how it ended.
 *
 * It comes from bitbake's event log (event_log.h) by way of event-log.json, a
 * small document beside the run, which clients that report while they build
 * write, too.
 */
#ifndef MODEL_EVENTS_H
#define MODEL_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct arena;
struct buf;
struct db;

enum message_level { MESSAGE_WARNING = 1, MESSAGE_ERROR = 2 };

/* A line that bitbake printed, without its level and task before it. */
struct build_message {
	enum message_level level;
	const char *qa_class; /* of "QA Issue: ... [class]", else "" */
	const char *recipe, *version, *task; /* "" if of none */
	const char *text;                    /* at most MESSAGE_TEXT_MAX */
	int64_t seen;                        /* TIME_UNKNOWN */
};
#define MESSAGES_MAX 2000
#define MESSAGE_TEXT_MAX 2000

/* Numbers, each of which may be unknown. */
enum event_count {
	EVENT_WARNINGS,    /* all of them, also those that are no message */
	EVENT_ERRORS,      /* likewise */
	EVENT_QA_WARNINGS, /* of the former */
	EVENT_QA_ERRORS,
	EVENT_INTERRUPTED, /* 0 no, 1 when running tasks had ended, 2 at once */
	EVENT_TASKS,       /* in the graph */
	EVENT_TASKS_COMPLETED,
	EVENT_TASKS_SKIPPED, /* of these: stamps said that they were done */
	EVENT_TASKS_FAILED,
	EVENT_SETSCENE, /* tasks that the cache could have spared */
	EVENT_SETSCENE_COVERED,
	EVENT_SETSCENE_NOTCOVERED,
	EVENT_SSTATE_WANTED, /* of "Sstate summary:" */
	EVENT_SSTATE_LOCAL,
	EVENT_SSTATE_MIRRORS,
	EVENT_SSTATE_MISSED,
	EVENT_SSTATE_CURRENT,
	EVENT_RECIPES, /* recipe files */
	EVENT_RECIPES_CACHED,
	EVENT_RECIPES_PARSED,
	EVENT_PARSE_ERRORS,
	EVENT_PRESSURE, /* times that bitbake held back for CPU, IO or memory */
	EVENT_EVENTS,   /* lines of the log */
	EVENT_UNREADABLE, /* of these: of a kind that is read, and broken */
	EVENT_COUNT__MAX
};
#define COUNT_UNKNOWN INT64_MIN

/* "warnings", "setscene_covered", ...: as documents call it. */
const char *event_count_name(enum event_count c);

/* One of bitbake's variables; only those of event_variables. */
struct event_variable {
	const char *name, *value;
};
extern const char *const event_variables[]; /* ends with NULL */
#define EVENT_VARIABLE_MAX 4096             /* bytes of a value */

struct build_events {
	bool known; /* else nothing of the rest counts */
	int64_t count[EVENT_COUNT__MAX];
	size_t nvariables;
	struct event_variable *variable;
	size_t nmessages;
	struct build_message *message;
};

void events_init(struct build_events *e);
/* Of a name; EVENT_COUNT__MAX if it is none. */
enum event_count event_count_of(struct slice name);

bool event_variable_is_allowed(struct slice name);

/* Append {"warnings":3,...} and {"MACHINE":"...",...}, what is known. */
void events_counts_json(struct buf *out, const struct build_events *e);
void events_variables_json(struct buf *out, const struct build_events *e);

/*
 * In the caller's transaction, after the build's row; what was there goes.
 * Nothing is stored of what isn't known.
 */
enum err events_store(struct db *db, int build, const struct build_events *e,
    struct errinfo *ei) MUST_CHECK;
/* known is false if there is nothing. */
enum err events_load(struct db *db, struct arena *a, int build,
    struct build_events *out, struct errinfo *ei) MUST_CHECK;

/* How many QA issues of a class there are among the messages. */
struct qa_class {
	const char *name;
	size_t warnings, errors;
	const struct build_message *first; /* the first error, or warning */
};
/* By errors, then warnings, most first, then by name; *n of them. */
struct qa_class *events_qa_classes(
    struct arena *a, const struct build_events *e, size_t *n);

#endif
