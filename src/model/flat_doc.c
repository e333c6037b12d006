/* flat_doc.c: see flat_doc.h; JSON. */
#include "model/flat_doc.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/flat_path.h"
#include "json/jevents.h"

DEFINE_CLEANUP(struct jevents *, cleanup_jevents, jevents_free);

bool
flat_is(const struct flat_path *p, size_t at, const char *key)
{
	return at < p->n && slice_is(p->key[at], key);
}

/* ---- paths ---- */

static size_t
start_of(const struct flat_stack *s, size_t level)
{
	return level == 0 ? 0 : s->end[level - 1];
}

void
flat_push(struct flat_stack *s, struct slice key)
{
	if (s->depth < FLAT_DEPTH_MAX) {
		s->keys.len = start_of(s, s->depth);
		buf_add(&s->keys, key.p, key.n);
		s->end[s->depth] = s->keys.len;
	}
	s->depth++;
}

void
flat_pop(struct flat_stack *s)
{
	if (s->depth > 0)
		s->depth--;
}

enum err
flat_tell(struct flat_stack *s, flat_fn fn, void *arg, struct slice value,
    struct errinfo *ei)
{
	struct flat_path p = {.n = s->depth};

	if (s->depth > FLAT_DEPTH_MAX)
		return ERR_OK;
	for (size_t i = 0; i < p.n; i++)
		p.key[i] = (struct slice){
		    s->keys.data + start_of(s, i), s->end[i] - start_of(s, i)};
	return fn(arg, &p, value, ei);
}

/* ---- JSON ---- */

struct reading {
	struct flat_stack stack;
	struct buf text;
	uint64_t index[JEVENTS_DEPTH_MAX + 1]; /* in arrays */
	bool array[JEVENTS_DEPTH_MAX + 1];
	size_t depth;
	flat_fn fn;
	void *arg;
};

static void
reading_clear(struct reading *r)
{
	buf_clear(&r->stack.keys);
	buf_clear(&r->text);
}

/* An element of an array has no key but its number. */
static void
begin_value(struct reading *r)
{
	char number[24];

	if (r->depth == 0 || !r->array[r->depth])
		return;
	snprintf(number, sizeof(number), "%llu",
	    (unsigned long long)r->index[r->depth]++);
	flat_push(&r->stack, slice_of(number));
}

/* What a key or a number had begun. */
static void
end_value(struct reading *r)
{
	if (r->depth > 0)
		flat_pop(&r->stack);
}

static enum err
scalar(struct reading *r, struct slice value, struct errinfo *ei)
{
	enum err err;

	begin_value(r);
	err = flat_tell(&r->stack, r->fn, r->arg, value, ei);
	end_value(r);
	return err;
}

static void
open_container(struct reading *r, bool array)
{
	begin_value(r);
	r->depth++;
	r->array[r->depth] = array;
	r->index[r->depth] = 0;
}

static void
close_container(struct reading *r)
{
	r->depth--;
	end_value(r);
}

static enum err
on_event(void *arg, enum jevent event, struct slice text, struct errinfo *ei)
{
	struct reading *r = arg;

	switch (event) {
	case JEVENT_OBJECT:
	case JEVENT_ARRAY:
		open_container(r, event == JEVENT_ARRAY);
		return ERR_OK;
	case JEVENT_OBJECT_END:
	case JEVENT_ARRAY_END:
		close_container(r);
		return ERR_OK;
	case JEVENT_KEY:
		flat_push(&r->stack, text);
		return ERR_OK;
	case JEVENT_TEXT:
		buf_reset(&r->text);
		return ERR_OK;
	case JEVENT_PIECE:
		if (r->text.len + text.n <= FLAT_TEXT_MAX)
			buf_add(&r->text, text.p, text.n);
		return ERR_OK;
	case JEVENT_TEXT_END:
		return scalar(r, (struct slice){r->text.data, r->text.len}, ei);
	case JEVENT_NUMBER:
		return scalar(r, text, ei);
	case JEVENT_TRUE:
		return scalar(r, SLICE("true"), ei);
	case JEVENT_FALSE:
		return scalar(r, SLICE("false"), ei);
	case JEVENT_NULL:
		break;
	}
	return scalar(r, SLICE(""), ei);
}

enum err
flat_json(const char *name, struct slice text, flat_fn fn, void *arg,
    struct errinfo *ei)
{
	CLEANUP(reading_clear)
	struct reading r = {.fn = fn, .arg = arg};
	CLEANUP(cleanup_jevents)
	struct jevents *j = jevents_new(name, on_event, &r);
	enum err err;

	buf_adds(&r.text, "");
	buf_adds(&r.stack.keys, "");
	err = jevents_add(j, text.p, text.n, ei);
	return err == ERR_OK ? jevents_end(j, ei) : err;
}
