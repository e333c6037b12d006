/* event_doc.c: see event_doc.h. */
#include "model/event_doc.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/environment_files.h"
#include "json/jin.h"

DEFINE_CLEANUP(struct jin *, cleanup_jin, jin_free);

#define US 1e6
#define TARGETS_MAX 1000
#define NAME_BYTES 255
#define BANNER_MAX ((size_t)64 << 10)
#define CONTAINERS_MAX 8192
#define VALUES_MAX 100000

void
event_doc_init(struct event_doc *d)
{
	*d = (struct event_doc){.name = "",
	    .banner = "",
	    .started = TIME_UNKNOWN,
	    .ended = TIME_UNKNOWN};
	events_init(&d->events);
}

/* ---- writing ---- */

static void
add_text(struct buf *out, const char *key, const char *value)
{
	buf_addf(out, ",\"%s\":", key);
	buf_add_json(out, value);
}

static void
add_text_if(struct buf *out, const char *key, const char *value)
{
	if (value[0] != '\0')
		add_text(out, key, value);
}

static void
add_time(struct buf *out, const char *key, int64_t us)
{
	char text[32];

	if (us == TIME_UNKNOWN)
		return;
	str_from_double(text, (double)us / US);
	buf_addf(out, ",\"%s\":%s", key, text);
}

static void
add_texts(struct buf *out, const char *const *list, size_t n)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, i > 0 ? "," : "");
		buf_add_json(out, list[i]);
	}
	buf_addc(out, ']');
}

static const char *const levels[] = {
    [MESSAGE_WARNING] = "warning", [MESSAGE_ERROR] = "error"};

static void
add_message(struct buf *out, const struct build_message *m)
{
	buf_addf(out, "{\"level\":\"%s\"", levels[m->level]);
	add_text_if(out, "class", m->qa_class);
	add_text_if(out, "recipe", m->recipe);
	add_text_if(out, "version", m->version);
	add_text_if(out, "task", m->task);
	add_time(out, "time", m->seen);
	add_text(out, "text", m->text);
	buf_addc(out, '}');
}

static void
add_failure(struct buf *out, const struct told_failure *f)
{
	buf_addf(out, "{\"kind\":\"%s\"",
	    f->kind == FAILURE_PARSE ? "parse" : "provider");
	add_text_if(out, "recipe", f->recipe);
	add_text_if(out, "version", f->version);
	add_time(out, "time", f->seen);
	add_text(out, "text", f->message);
	buf_addc(out, '}');
}

static void
add_outcome(struct buf *out, enum event_outcome outcome)
{
	if (outcome != OUTCOME_UNKNOWN)
		add_text(out, "outcome",
		    outcome == OUTCOME_FAILED ? "failed" : "succeeded");
}

static void
add_names(struct buf *out, const struct event_doc *d)
{
	if (d->nnames == 0)
		return;
	buf_adds(out, ",\n \"recipes\":{");
	for (size_t i = 0; i < d->nnames; i++) {
		buf_adds(out, i > 0 ? ",\n  " : "");
		buf_add_json(out, d->names[i].pf);
		buf_addc(out, ':');
		buf_add_json(out, d->names[i].recipe);
	}
	buf_adds(out, "}");
}

/* A reader takes no more than EVENT_DOC_MAX: the last ones are left out. */
static void
add_messages(struct buf *out, const struct event_doc *d)
{
	const struct build_events *e = &d->events;

	buf_adds(out, ",\n \"messages\":[");
	for (size_t i = 0; i < e->nmessages && i < MESSAGES_MAX; i++) {
		size_t before = out->len;
		buf_adds(out, i > 0 ? ",\n  " : "");
		add_message(out, &e->message[i]);
		if (out->len < EVENT_DOC_MAX - 16)
			continue;
		out->len = before;
		out->data[before] = '\0';
		break;
	}
	buf_addc(out, ']');
}

void
event_doc_write(struct buf *out, const struct event_doc *d)
{
	const struct build_events *e = &d->events;

	buf_adds(out, "{\"version\":1");
	add_text_if(out, "name", d->name);
	add_time(out, "started", d->started);
	add_time(out, "ended", d->ended);
	add_outcome(out, d->outcome);
	buf_adds(out, ",\n \"targets\":");
	add_texts(out, d->targets, d->ntargets);
	buf_adds(out, ",\n \"counts\":");
	events_counts_json(out, e);
	buf_adds(out, ",\n \"variables\":");
	events_variables_json(out, e);
	if (d->banner[0] != '\0') {
		buf_adds(out, ",\n \"banner\":");
		buf_add_json(out, d->banner);
	}
	add_names(out, d);
	buf_adds(out, ",\n \"failures\":[");
	for (size_t i = 0; i < d->nfailures; i++) {
		buf_adds(out, i > 0 ? ",\n  " : "");
		add_failure(out, &d->failure[i]);
	}
	buf_addc(out, ']');
	add_messages(out, d);
	buf_adds(out, "}\n");
}

/* ---- reading ---- */

struct reading {
	struct arena *a;
	struct jin_at top;
	struct event_doc *out;
	struct errinfo *ei;
};

/* A member's text, cut; "" if there is none. */
static enum err
read_text(struct reading *r, const struct jin_at *at, const char *key,
    size_t max, const char **out)
{
	struct jin_at member;
	struct slice s;

	*out = "";
	if (!jin_member(at, key, &member))
		return ERR_OK;
	if (!jin_bytes(&member, &s))
		return jin_fail(&member, "expected a string", r->ei);
	*out = utf8_cut(r->a, utf8_scrub(r->a, s.p, s.n), max);
	return ERR_OK;
}

/* Seconds since the epoch. */
static enum err
read_time(
    struct reading *r, const struct jin_at *at, const char *key, int64_t *out)
{
	struct jin_at member;
	double t;
	enum err err;

	*out = TIME_UNKNOWN;
	if (!jin_member(at, key, &member))
		return ERR_OK;
	if ((err = jin_real(&member, &t, r->ei)) != ERR_OK)
		return err;
	if (t < 0 || t > 32503680000.0) /* the year 3000 */
		return jin_fail(&member, "no time", r->ei);
	*out = (int64_t)llround(t * US);
	return ERR_OK;
}

/* One of two words. */
static enum err
read_word(struct reading *r, const struct jin_at *at, const char *key,
    const char *const words[2], int *which)
{
	struct jin_at member;
	struct slice s;

	*which = -1;
	if (!jin_member(at, key, &member))
		return ERR_OK;
	for (int i = 0; i < 2; i++)
		if (jin_bytes(&member, &s) && slice_is(s, words[i]))
			*which = i;
	return *which >= 0 ? ERR_OK
			   : jin_fail(&member,
				 arena_printf(r->a, "neither %s nor %s",
				     words[0], words[1]),
				 r->ei);
}

static enum err
read_counts(struct reading *r)
{
	struct jin_at counts, member;
	enum err err;

	if (!jin_member(&r->top, "counts", &counts))
		return ERR_OK;
	if ((err = jin_object(&counts, r->ei)) != ERR_OK)
		return err;
	for (enum event_count i = 0; i < EVENT_COUNT__MAX; i++) {
		int64_t *to = &r->out->events.count[i];
		if (!jin_member(&counts, event_count_name(i), &member))
			continue;
		if ((err = jin_integer(&member, to, r->ei)) != ERR_OK)
			return err;
		if (*to < 0)
			return jin_fail(&member, "a negative number", r->ei);
	}
	return ERR_OK;
}

static enum err
read_variables(struct reading *r)
{
	struct build_events *e = &r->out->events;
	struct jin_at variables;
	size_t max = 0;
	enum err err;

	if (!jin_member(&r->top, "variables", &variables))
		return ERR_OK;
	if ((err = jin_object(&variables, r->ei)) != ERR_OK)
		return err;
	while (event_variables[max] != NULL)
		max++;
	e->variable = arena_calloc(r->a, max, sizeof(*e->variable));
	for (size_t i = 0; i < max; i++) {
		struct event_variable v = {event_variables[i], ""};
		err = read_text(
		    r, &variables, v.name, EVENT_VARIABLE_MAX, &v.value);
		if (err != ERR_OK)
			return err;
		if (v.value[0] != '\0')
			e->variable[e->nvariables++] = v;
	}
	return ERR_OK;
}

static enum err
read_message(
    struct reading *r, const struct jin_at *at, struct build_message *m)
{
	static const char *const words[2] = {"warning", "error"};
	int level = -1;
	enum err err = jin_object(at, r->ei);

	if (err != ERR_OK ||
	    (err = read_word(r, at, "level", words, &level)) != ERR_OK ||
	    (err = read_text(r, at, "class", NAME_BYTES, &m->qa_class)) !=
		ERR_OK ||
	    (err = read_text(r, at, "recipe", NAME_BYTES, &m->recipe)) !=
		ERR_OK ||
	    (err = read_text(r, at, "version", NAME_BYTES, &m->version)) !=
		ERR_OK ||
	    (err = read_text(r, at, "task", NAME_BYTES, &m->task)) != ERR_OK ||
	    (err = read_text(r, at, "text", MESSAGE_TEXT_MAX, &m->text)) !=
		ERR_OK)
		return err;
	m->level = level == 1 ? MESSAGE_ERROR : MESSAGE_WARNING;
	return read_time(r, at, "time", &m->seen);
}

static enum err
read_failure(struct reading *r, const struct jin_at *at, struct told_failure *f)
{
	static const char *const words[2] = {"provider", "parse"};
	int kind = -1;
	enum err err = jin_object(at, r->ei);

	*f = (struct told_failure){.task = ""};
	if (err != ERR_OK ||
	    (err = read_word(r, at, "kind", words, &kind)) != ERR_OK ||
	    (err = read_text(r, at, "recipe", NAME_BYTES, &f->recipe)) !=
		ERR_OK ||
	    (err = read_text(r, at, "version", NAME_BYTES, &f->version)) !=
		ERR_OK ||
	    (err = read_text(r, at, "text", MESSAGE_TEXT_MAX, &f->message)) !=
		ERR_OK)
		return err;
	f->kind = kind == 0 ? FAILURE_NO_PROVIDER : FAILURE_PARSE;
	return read_time(r, at, "time", &f->seen);
}

/* An array that is there, and not too long. */
static enum err
read_array(struct reading *r, const char *key, size_t max, struct jin_at *list,
    size_t *n)
{
	enum err err;

	*n = 0;
	if (!jin_member(&r->top, key, list))
		return ERR_OK;
	if ((err = jin_array(list, n, r->ei)) != ERR_OK)
		return err;
	return *n > max ? jin_fail(list, "too many elements", r->ei) : ERR_OK;
}

static enum err
read_messages(struct reading *r)
{
	struct build_events *e = &r->out->events;
	struct jin_at list;
	enum err err =
	    read_array(r, "messages", MESSAGES_MAX, &list, &e->nmessages);

	e->message = arena_calloc(r->a, e->nmessages + 1, sizeof(*e->message));
	for (size_t i = 0; err == ERR_OK && i < e->nmessages; i++) {
		struct jin_at item = jin_element(&list, i);
		err = read_message(r, &item, &e->message[i]);
	}
	return err;
}

static enum err
read_failures(struct reading *r)
{
	struct event_doc *d = r->out;
	struct jin_at list;
	enum err err =
	    read_array(r, "failures", EVENT_FAILURES_MAX, &list, &d->nfailures);

	d->failure = arena_calloc(r->a, d->nfailures + 1, sizeof(*d->failure));
	for (size_t i = 0; err == ERR_OK && i < d->nfailures; i++) {
		struct jin_at item = jin_element(&list, i);
		err = read_failure(r, &item, &d->failure[i]);
	}
	return err;
}

static enum err
read_targets(struct reading *r)
{
	struct event_doc *d = r->out;
	struct jin_at list;
	enum err err =
	    read_array(r, "targets", TARGETS_MAX, &list, &d->ntargets);

	d->targets = arena_calloc(r->a, d->ntargets + 1, sizeof(*d->targets));
	for (size_t i = 0; err == ERR_OK && i < d->ntargets; i++) {
		struct jin_at item = jin_element(&list, i);
		err = jin_text(&item, r->a, NAME_BYTES, &d->targets[i], r->ei);
	}
	return err;
}

static enum err
read_names(struct reading *r)
{
	struct event_doc *d = r->out;
	struct jin_at names, member;
	struct jin_members each;
	enum err err;

	if (!jin_member(&r->top, "recipes", &names))
		return ERR_OK;
	if ((err = jin_members(&names, &each, r->ei)) != ERR_OK)
		return err;
	d->names = arena_calloc(r->a, each.n + 1, sizeof(*d->names));
	while (jin_members_next(&each, &member)) {
		struct event_name *name = &d->names[d->nnames++];
		name->pf = utf8_scrub(r->a, member.key, strlen(member.key));
		err = jin_text(&member, r->a, NAME_BYTES, &name->recipe, r->ei);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

static enum err
read_all(struct reading *r)
{
	static const char *const words[2] = {"succeeded", "failed"};
	struct event_doc *d = r->out;
	const struct jin_at *top = &r->top;
	int outcome = -1;
	enum err err = jin_object(top, r->ei);

	if (err != ERR_OK ||
	    (err = read_text(r, top, "name", NAME_BYTES, &d->name)) != ERR_OK ||
	    (err = read_text(r, top, "banner", BANNER_MAX, &d->banner)) !=
		ERR_OK ||
	    (err = read_time(r, top, "started", &d->started)) != ERR_OK ||
	    (err = read_time(r, top, "ended", &d->ended)) != ERR_OK ||
	    (err = read_word(r, top, "outcome", words, &outcome)) != ERR_OK ||
	    (err = read_targets(r)) != ERR_OK ||
	    (err = read_counts(r)) != ERR_OK ||
	    (err = read_variables(r)) != ERR_OK ||
	    (err = read_names(r)) != ERR_OK ||
	    (err = read_failures(r)) != ERR_OK)
		return err;
	d->outcome = outcome == 0   ? OUTCOME_SUCCEEDED
		     : outcome == 1 ? OUTCOME_FAILED
				    : OUTCOME_UNKNOWN;
	d->events.known = true;
	return read_messages(r);
}

enum err
event_doc_read(struct arena *a, const char *file, struct slice text,
    struct event_doc *out, struct errinfo *ei)
{
	static const struct jin_limits limits = {.bytes = EVENT_DOC_MAX,
	    .containers = CONTAINERS_MAX,
	    .values = VALUES_MAX};
	CLEANUP(cleanup_jin) struct jin *j = NULL;
	struct reading r = {.a = a, .out = out, .ei = ei};
	enum err err;

	event_doc_init(out);
	if ((err = jin_parse_within(file, text, &limits, &j, ei)) != ERR_OK)
		return err;
	r.top = jin_top(j);
	return read_all(&r);
}

/* ---- the environment ---- */

void
event_doc_environment(
    struct arena *a, const struct event_doc *d, struct env_facts *f)
{
	const struct build_events *e = &d->events;

	console_log_read(a, slice_of(d->banner), f);
	for (size_t i = 0; i < e->nvariables; i++)
		banner_value_read(a, slice_of(e->variable[i].name),
		    slice_of(e->variable[i].value), &f->env);
	f->env.ntargets = d->ntargets;
	f->env.targets = d->targets;
	f->name = d->name;
}
