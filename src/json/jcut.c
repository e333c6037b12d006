/* jcut.c: see jcut.h. */
#include "json/jcut.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "json/jescape.h"
#include "json/jtext.h"

#define DEPTH_MAX 63
#define KEY_MAX 63

/* Where in the syntax the next byte stands. */
enum state { AT_VALUE, IN_TEXT };

/* What becomes of the string at hand. */
enum text_use { USE_REST, USE_TAKE };

struct jcut {
	struct jcut_options o;
	struct jcut_sink sink;
	struct buf rest;

	enum state state;
	unsigned depth;
	uint64_t objects; /* bit d: what is open at depth d is an object */
	bool want_key;    /* the next string of this object is a key */
	bool in_array;    /* the open array at depth 2 is the one */
	bool at_key;      /* the last key of the object at depth 3 is the one */
	bool at_array;    /* likewise of the array, at depth 1 */
	size_t index;     /* of the element */

	enum text_use use;
	bool is_key;
	char key[KEY_MAX + 1]; /* of a key, as far as it goes */
	size_t nkey;
	size_t kept; /* bytes of the string in the rest */
	struct jtext text;
};

static void on_text(void *arg, const char *p, size_t n);

struct jcut *
jcut_new(const struct jcut_options *options, const struct jcut_sink *sink)
{
	struct jcut *j = calloc(1, sizeof(*j));

	if (j == NULL)
		out_of_memory();
	j->o = *options;
	j->sink = *sink;
	j->rest.limit = options->rest_max;
	j->text.data = on_text;
	j->text.arg = j;
	return j;
}

void
jcut_free(struct jcut *j)
{
	if (j == NULL)
		return;
	buf_clear(&j->rest);
	free(j);
}

struct buf *
jcut_rest(struct jcut *j)
{
	return &j->rest;
}

/* ---- strings ---- */

/* A character isn't cut in two. */
static size_t
whole_characters(const char *p, size_t n, size_t room)
{
	if (room >= n)
		return n;
	while (room > 0 && ((unsigned char)p[room] & 0xc0) == 0x80)
		room--;
	return room;
}

static void
keep(struct jcut *j, const char *p, size_t n)
{
	size_t room = j->o.string_max - j->kept;
	size_t take = whole_characters(p, n, room);

	jescape_add(&j->rest, p, take);
	j->kept += take;
	if (take == n)
		return;
	j->kept = j->o.string_max; /* nothing behind a gap */
	j->sink.cut(j->sink.arg, p + take, n - take);
}

/* A piece of the string at hand, decoded. */
static void
on_text(void *arg, const char *p, size_t n)
{
	struct jcut *j = arg;

	if (j->is_key && j->nkey < KEY_MAX) {
		size_t room = KEY_MAX - j->nkey;
		memcpy(j->key + j->nkey, p, n < room ? n : room);
		j->nkey += n < room ? n : room;
	}
	if (j->use == USE_TAKE)
		j->sink.data(j->sink.arg, p, n);
	else
		keep(j, p, n);
}

static void
begin_text(struct jcut *j)
{
	j->state = IN_TEXT;
	j->is_key = j->want_key;
	j->use = USE_REST;
	j->nkey = j->kept = 0;
	jtext_begin(&j->text);
	buf_addc(&j->rest, '"');
	if (!j->is_key && j->depth == 3 && j->in_array && j->at_key) {
		j->use = USE_TAKE;
		j->sink.begin(j->sink.arg, j->index);
	}
}

static void
end_key(struct jcut *j)
{
	j->key[j->nkey] = '\0';
	if (j->depth == 1)
		j->at_array = strcmp(j->key, j->o.array) == 0;
	else if (j->depth == 3)
		j->at_key = strcmp(j->key, j->o.key) == 0;
	j->want_key = false;
}

static void
end_text(struct jcut *j)
{
	buf_addc(&j->rest, '"');
	j->state = AT_VALUE;
	if (j->use == USE_TAKE)
		j->sink.end(j->sink.arg);
	if (j->is_key)
		end_key(j);
}

/* ---- what is around them ---- */

static void
open_container(struct jcut *j, bool object)
{
	bool outer = j->depth == 1 && (j->objects >> 1 & 1) != 0;

	j->depth++;
	if (j->depth <= DEPTH_MAX) {
		uint64_t bit = (uint64_t)1 << j->depth;
		j->objects = object ? j->objects | bit : j->objects & ~bit;
	}
	j->want_key = object;
	if (j->depth == 2) {
		j->in_array = !object && outer && j->at_array;
		j->index = 0;
	} else if (j->depth == 3 && j->in_array) {
		j->at_key = false;
		if (object)
			j->sink.element(j->sink.arg, j->index);
	}
}

static void
close_container(struct jcut *j)
{
	if (j->depth == 2)
		j->in_array = false;
	if (j->depth > 0)
		j->depth--;
	j->want_key = false;
	if (j->depth == 1)
		j->at_array = false;
	if (j->depth == 3)
		j->at_key = false;
}

static void
structure(struct jcut *j, char c)
{
	buf_addc(&j->rest, c);
	switch (c) {
	case '{':
	case '[':
		open_container(j, c == '{');
		break;
	case '}':
	case ']':
		close_container(j);
		break;
	case ',':
		j->want_key =
		    j->depth <= DEPTH_MAX && (j->objects >> j->depth & 1) != 0;
		if (j->depth == 2)
			j->index++;
		break;
	default:
		break;
	}
}

/* Blanks between values are left out; one is enough where two words would
 * become one. */
static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void
value(struct jcut *j, char c)
{
	size_t n = j->rest.len;

	if (c == '"')
		begin_text(j);
	else if (!is_blank(c))
		structure(j, c);
	else if (n > 0 && strchr(" {}[],:\"", j->rest.data[n - 1]) == NULL)
		buf_addc(&j->rest, ' ');
}

void
jcut_add(struct jcut *j, const char *p, size_t n)
{
	size_t i = 0;
	bool ended;

	while (i < n) {
		if (j->state == AT_VALUE) {
			value(j, p[i++]);
			continue;
		}
		i += jtext_add(&j->text, p + i, n - i, &ended);
		if (ended)
			end_text(j);
	}
}
