/* events.c: see events.h. */
#include "model/events.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/intern.h"

static const char *const names[EVENT_COUNT__MAX] = {
    [EVENT_WARNINGS] = "warnings",
    [EVENT_ERRORS] = "errors",
    [EVENT_QA_WARNINGS] = "qa_warnings",
    [EVENT_QA_ERRORS] = "qa_errors",
    [EVENT_INTERRUPTED] = "interrupted",
    [EVENT_TASKS] = "tasks",
    [EVENT_TASKS_COMPLETED] = "tasks_completed",
    [EVENT_TASKS_SKIPPED] = "tasks_skipped",
    [EVENT_TASKS_FAILED] = "tasks_failed",
    [EVENT_SETSCENE] = "setscene",
    [EVENT_SETSCENE_COVERED] = "setscene_covered",
    [EVENT_SETSCENE_NOTCOVERED] = "setscene_notcovered",
    [EVENT_SSTATE_WANTED] = "sstate_wanted",
    [EVENT_SSTATE_LOCAL] = "sstate_local",
    [EVENT_SSTATE_MIRRORS] = "sstate_mirrors",
    [EVENT_SSTATE_MISSED] = "sstate_missed",
    [EVENT_SSTATE_CURRENT] = "sstate_current",
    [EVENT_RECIPES] = "recipes",
    [EVENT_RECIPES_CACHED] = "recipes_cached",
    [EVENT_RECIPES_PARSED] = "recipes_parsed",
    [EVENT_PARSE_ERRORS] = "parse_errors",
    [EVENT_PRESSURE] = "pressure",
    [EVENT_EVENTS] = "events",
    [EVENT_UNREADABLE] = "unreadable",
};

const char *const event_variables[] = {"BBLAYERS", "BB_NUMBER_THREADS",
    "BB_VERSION", "BUILDNAME", "BUILD_SYS", "DATETIME", "DISTRO",
    "DISTRO_VERSION", "MACHINE", "NATIVELSBSTRING", "PARALLEL_MAKE",
    "TARGET_SYS", "TCLIBC", "TUNE_FEATURES", NULL};

const char *
event_count_name(enum event_count c)
{
	return names[c];
}

enum event_count
event_count_of(struct slice name)
{
	enum event_count c = 0;

	while (c < EVENT_COUNT__MAX && !slice_is(name, names[c]))
		c++;
	return c;
}

void
events_init(struct build_events *e)
{
	*e = (struct build_events){0};
	for (enum event_count i = 0; i < EVENT_COUNT__MAX; i++)
		e->count[i] = COUNT_UNKNOWN;
}

void
events_counts_json(struct buf *out, const struct build_events *e)
{
	const char *comma = "";

	buf_addc(out, '{');
	for (enum event_count i = 0; i < EVENT_COUNT__MAX; i++) {
		if (e->count[i] == COUNT_UNKNOWN)
			continue;
		buf_addf(
		    out, "%s\"%s\":%" PRId64, comma, names[i], e->count[i]);
		comma = ",";
	}
	buf_addc(out, '}');
}

bool
event_variable_is_allowed(struct slice name)
{
	for (size_t i = 0; event_variables[i] != NULL; i++)
		if (slice_is(name, event_variables[i]))
			return true;
	return false;
}

void
events_variables_json(struct buf *out, const struct build_events *e)
{
	buf_addc(out, '{');
	for (size_t i = 0; i < e->nvariables; i++) {
		buf_adds(out, i > 0 ? "," : "");
		buf_add_json(out, e->variable[i].name);
		buf_addc(out, ':');
		buf_add_json(out, e->variable[i].value);
	}
	buf_addc(out, '}');
}

static int
by_weight(const void *x, const void *y)
{
	const struct qa_class *a = x, *b = y;

	if (a->errors != b->errors)
		return a->errors > b->errors ? -1 : 1;
	if (a->warnings != b->warnings)
		return a->warnings > b->warnings ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void
count_issue(struct qa_class *c, const struct build_message *m)
{
	bool error = m->level == MESSAGE_ERROR;

	c->name = m->qa_class;
	if (c->first == NULL || (error && c->errors == 0))
		c->first = m;
	c->errors += error;
	c->warnings += !error;
}

struct qa_class *
events_qa_classes(struct arena *a, const struct build_events *e, size_t *n)
{
	struct qa_class *list =
	    arena_calloc(a, e->nmessages + 1, sizeof(*list));
	struct intern seen;

	intern_init(&seen, a);
	*n = 0;
	for (size_t i = 0; i < e->nmessages; i++) {
		const struct build_message *m = &e->message[i];
		bool is_new;
		size_t k;
		if (m->qa_class[0] == '\0')
			continue;
		k = intern_add(&seen, slice_of(m->qa_class), &is_new);
		*n += is_new;
		count_issue(&list[k], m);
	}
	if (*n > 1)
		qsort(list, *n, sizeof(*list), by_weight);
	return list;
}
