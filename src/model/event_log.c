/* event_log.c: the lines of an event log; see event_log.h. */
#include "model/event_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "model/event_log_parts.h"
#include "json/jevents.h"

#define CLASS_MAX 128

const struct event_log_options event_log_options_default = {
    .line_bytes = (size_t)64 << 20,
    .nodes = PICKLE_NODES_MAX,
    .mask = MASK_DEFAULT,
};

/* ---- the strings of a line ---- */

static bool
is_at(const struct event_log *e, size_t depth, const char *key)
{
	return e->depth == depth && strcmp(e->key[depth - 1], key) == 0;
}

static bool
is_in_variables(const struct event_log *e)
{
	return e->depth == 3 && strcmp(e->key[0], "allvariables") == 0;
}

/* The buffer that the string at hand goes to, or NULL. */
static struct buf *
buffer_of(struct event_log *e)
{
	if (is_at(e, 1, "class"))
		return &e->class;
	if (is_at(e, 1, "vars"))
		return e->class.len == 0 || e->kind != NULL ? &e->vars : NULL;
	return is_in_variables(e) && is_at(e, 3, "v") &&
		       event_variable_is_allowed(slice_of(e->key[1]))
		   ? &e->value
		   : NULL;
}

static void
begin_text(struct event_log *e)
{
	e->into = buffer_of(e);
	if (e->into == NULL)
		return;
	e->into->failed = false;
	buf_reset(e->into);
	e->base64 = (struct base64){0};
}

/* Of 4 KiB at most. */
static void
take_piece(struct event_log *e, struct slice piece)
{
	unsigned char bytes[BASE64_ROOM(8192)];
	size_t n;

	if (e->into != &e->vars) {
		buf_add(e->into, piece.p, piece.n);
		return;
	}
	if (piece.n > 8192 ||
	    !base64_add(&e->base64, piece.p, piece.n, bytes, &n))
		e->wrong = true;
	else
		buf_add(&e->vars, bytes, n);
}

static void
set_variable(struct event_log *e, const char *name)
{
	struct build_events *found = &e->doc.events;
	const char *value = event_log_text(
	    e, (struct slice){e->value.data, e->value.len}, EVENT_VARIABLE_MAX);
	size_t i = 0;

	while (
	    i < found->nvariables && strcmp(found->variable[i].name, name) != 0)
		i++;
	if (i == found->nvariables)
		found->variable[found->nvariables++].name =
		    arena_strdup(e->a, name);
	found->variable[i].value = value;
}

static void
end_text(struct event_log *e)
{
	if (is_in_variables(e))
		e->has_variables = true;
	if (e->into == &e->class && !e->class.failed) {
		e->kind =
		    event_kind_of((struct slice){e->class.data, e->class.len});
		e->skip = e->kind == NULL;
	}
	/* A value that was too long is none of those that we know. */
	if (e->into == &e->value && e->value.len > 0 && !e->value.failed)
		set_variable(e, e->key[1]);
	e->into = NULL;
}

/* A longer key is none that we know. */
static void
take_key(struct event_log *e, struct slice key)
{
	char *to;

	if (e->depth == 0 || e->depth > EVENT_KEYS)
		return;
	to = e->key[e->depth - 1];
	to[0] = '\0';
	if (key.n < EVENT_KEY_MAX && memchr(key.p, '\0', key.n) == NULL) {
		memcpy(to, key.p, key.n);
		to[key.n] = '\0';
	}
}

static void
open_container(struct event_log *e)
{
	e->depth++;
	if (e->depth <= EVENT_KEYS)
		e->key[e->depth - 1][0] = '\0';
}

static enum err
on_json(void *arg, enum jevent event, struct slice text, struct errinfo *ei)
{
	struct event_log *e = arg;

	(void)ei;
	switch (event) {
	case JEVENT_OBJECT:
	case JEVENT_ARRAY:
		open_container(e);
		break;
	case JEVENT_OBJECT_END:
	case JEVENT_ARRAY_END:
		e->depth--;
		break;
	case JEVENT_KEY:
		take_key(e, text);
		break;
	case JEVENT_TEXT:
		begin_text(e);
		break;
	case JEVENT_PIECE:
		if (e->into != NULL)
			take_piece(e, text);
		break;
	case JEVENT_TEXT_END:
		end_text(e);
		break;
	default:
		break;
	}
	/* Most events are of no interest: the rest of their lines, megabytes
	 * of some, isn't looked at. */
	return e->skip ? ERR_UNSUPPORTED : ERR_OK;
}

/* ---- lines ---- */

static void
read_pickle(struct event_log *e, const struct buf *bytes, event_fn fn)
{
	const struct pickle *event;

	arena_reset(e->scratch);
	if (pickle_read(e->scratch, (struct slice){bytes->data, bytes->len},
		e->o.nodes, &event, NULL) != ERR_OK ||
	    event->kind != PICKLE_OBJECT)
		event_log_count(e, EVENT_UNREADABLE, 1);
	else
		fn(e, event);
}

/* Each event of the queue has all stats: the last ones are enough. */
static void
keep_stats(struct event_log *e)
{
	struct buf b = e->stats;

	e->stats = e->vars;
	e->vars = b;
}

static void
read_line(struct event_log *e)
{
	if (e->class.len == 0 && !e->has_variables)
		return;
	event_log_count(e, EVENT_EVENTS, 1);
	if (e->kind == NULL)
		return;
	if (e->vars.len == 0 || e->vars.failed)
		event_log_count(e, EVENT_UNREADABLE, 1);
	else if (e->kind->read == NULL)
		keep_stats(e);
	else
		read_pickle(e, &e->vars, e->kind->read);
}

static void
begin_line(struct event_log *e)
{
	jevents_restart(e->json);
	e->depth = 0;
	buf_reset(&e->class);
	buf_reset(&e->vars);
	e->class.failed = e->vars.failed = false;
	e->into = NULL;
	e->line = 0;
	e->wrong = e->skip = e->has_variables = false;
	e->kind = NULL;
}

static void
end_line(struct event_log *e)
{
	if (e->skip || (!e->wrong && jevents_end(e->json, NULL) == ERR_OK))
		read_line(e);
	else if (e->line > 0)
		event_log_count(e, EVENT_UNREADABLE, 1);
	begin_line(e);
}

struct event_log *
event_log_new(struct arena *a, const struct event_log_options *o)
{
	struct event_log *e = must(calloc(1, sizeof(*e)));
	size_t n = 0;

	e->a = a;
	e->scratch = arena_new(0);
	e->o = *o;
	e->json = jevents_new("", on_json, e);
	e->class.limit = CLASS_MAX;
	e->vars.limit = o->line_bytes;
	e->stats.limit = o->line_bytes;
	e->value.limit = EVENT_VARIABLE_MAX;
	e->clock = TIME_UNKNOWN;
	event_doc_init(&e->doc);
	intern_init(&e->names, a);
	intern_init(&e->pfs, a);
	intern_init(&e->told, a);
	while (event_variables[n] != NULL)
		n++;
	e->doc.events.variable =
	    arena_calloc(a, n, sizeof(*e->doc.events.variable));
	begin_line(e);
	return e;
}

void
event_log_free(struct event_log *e)
{
	if (e == NULL)
		return;
	jevents_free(e->json);
	depends_reader_free(e->tree_reader);
	arena_free(e->scratch);
	buf_clear(&e->class);
	buf_clear(&e->vars);
	buf_clear(&e->stats);
	buf_clear(&e->value);
	free(e);
}

void
event_log_add(struct event_log *e, const void *data, size_t n)
{
	const char *p = data, *end = p + n;

	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *stop = lf != NULL ? lf : end;
		/* What follows something wrong isn't looked at. */
		if (!e->wrong && !e->skip)
			e->wrong = jevents_add(e->json, p, (size_t)(stop - p),
				       NULL) != ERR_OK;
		e->line += (size_t)(stop - p);
		if (lf != NULL)
			end_line(e);
		p = lf != NULL ? lf + 1 : end;
	}
}

/* ---- the end ---- */

static const char *
variable(const struct event_doc *d, const char *name)
{
	const struct build_events *e = &d->events;

	for (size_t i = 0; i < e->nvariables; i++)
		if (strcmp(e->variable[i].name, name) == 0)
			return e->variable[i].value;
	return "";
}

const char *
event_log_name(const struct event_log *e)
{
	const char *name = variable(&e->doc, "BUILDNAME");

	return name[0] != '\0' ? name : variable(&e->doc, "DATETIME");
}

/* What nothing was said of, there was none of. */
static void
complete(struct event_doc *d)
{
	static const enum event_count none[] = {EVENT_WARNINGS, EVENT_ERRORS,
	    EVENT_QA_WARNINGS, EVENT_QA_ERRORS, EVENT_PRESSURE,
	    EVENT_UNREADABLE};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (d->events.count[none[i]] == COUNT_UNKNOWN)
			d->events.count[none[i]] = 0;
	/* What nothing provides can be left out of a build with -k. */
	if (d->outcome == OUTCOME_SUCCEEDED)
		d->nfailures = 0;
}

const struct event_doc *
event_log_end(struct event_log *e)
{
	struct event_doc *d = &e->doc;

	if (d->events.count[EVENT_EVENTS] == COUNT_UNKNOWN)
		return NULL;
	if (e->stats.len > 0)
		read_pickle(e, &e->stats, event_log_stats);
	d->name = event_log_name(e);
	d->events.known = true;
	complete(d);
	return d;
}

struct event_task *
event_log_tasks(const struct event_log *e, size_t *n)
{
	*n = e->ntasks;
	return e->task;
}

/* The first key tells. */
bool
event_log_is(struct slice head)
{
	static const char *const keys[] = {
	    "\"allvariables\"", "\"class\"", "\"vars\""};

	head = slice_trim(head);
	if (head.n == 0 || head.p[0] != '{')
		return false;
	head = slice_trim((struct slice){head.p + 1, head.n - 1});
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (slice_starts(head, keys[i]))
			return true;
	return false;
}
