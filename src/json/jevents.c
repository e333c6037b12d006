/* jevents.c: see jevents.h. */
#include "json/jevents.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "json/jtext.h"

#define WORD_MAX 64 /* of a number, or of true, false, null */

enum state {
	VALUE,        /* a value must come */
	VALUE_OR_END, /* or ']', behind '[' */
	KEY,          /* a key must come */
	KEY_OR_END,   /* or '}', behind '{' */
	COLON,        /* behind a key */
	COMMA_OR_END, /* behind a value */
	IN_TEXT,      /* a value's */
	IN_KEY,       /* a key's */
	IN_WORD,      /* a number or a literal */
	DONE          /* blanks may follow */
};

struct jevents {
	const char *name;
	jevent_fn fn;
	void *arg;
	uint64_t position; /* of the byte at hand */
	enum state state;
	unsigned depth;
	uint64_t objects; /* bit d: what is open at depth d+1 is an object */
	struct jtext text;
	char key[JEVENTS_KEY_MAX];
	size_t nkey;
	char word[WORD_MAX];
	size_t nword;
	struct errinfo *ei;
	enum err failed;
};

_Static_assert(JEVENTS_DEPTH_MAX <= 64, "a bit a level");

static void
tell(struct jevents *j, enum jevent event, struct slice text)
{
	if (j->failed == ERR_OK)
		j->failed = j->fn(j->arg, event, text, j->ei);
}

static void
tell_bare(struct jevents *j, enum jevent event)
{
	tell(j, event, (struct slice){"", 0});
}

static void
wrong(struct jevents *j, const char *what)
{
	if (j->failed == ERR_OK)
		j->failed =
		    err_set(j->ei, ERR_INPUT, "%s: not JSON at byte %llu: %s",
			j->name, (unsigned long long)j->position, what);
}

/* A key is kept as far as it goes, a value's text passed on. */
static void
on_text(void *arg, const char *p, size_t n)
{
	struct jevents *j = arg;
	size_t room = sizeof(j->key) - j->nkey;

	if (j->state == IN_TEXT) {
		tell(j, JEVENT_PIECE, (struct slice){p, n});
		return;
	}
	memcpy(j->key + j->nkey, p, n < room ? n : room);
	j->nkey += n < room ? n : room;
}

struct jevents *
jevents_new(const char *name, jevent_fn fn, void *arg)
{
	struct jevents *j = must(calloc(1, sizeof(*j)));

	j->name = name;
	j->fn = fn;
	j->arg = arg;
	j->text.data = on_text;
	j->text.arg = j;
	return j;
}

void
jevents_free(struct jevents *j)
{
	free(j);
}

void
jevents_restart(struct jevents *j)
{
	j->position = 0;
	j->state = VALUE;
	j->depth = 0;
	j->failed = ERR_OK;
}

uint64_t
jevents_position(const struct jevents *j)
{
	return j->position;
}

static void
value_ended(struct jevents *j)
{
	j->state = j->depth == 0 ? DONE : COMMA_OR_END;
}

static void
open_container(struct jevents *j, bool object)
{
	uint64_t bit = (uint64_t)1 << j->depth;

	if (j->depth == JEVENTS_DEPTH_MAX - 1) {
		wrong(j, "nested too deep");
		return;
	}
	j->objects = object ? j->objects | bit : j->objects & ~bit;
	j->depth++;
	j->state = object ? KEY_OR_END : VALUE_OR_END;
	tell_bare(j, object ? JEVENT_OBJECT : JEVENT_ARRAY);
}

static bool
in_object(const struct jevents *j)
{
	return j->depth > 0 && (j->objects >> (j->depth - 1) & 1) != 0;
}

static void
close_container(struct jevents *j, bool object)
{
	if (j->depth == 0 || in_object(j) != object) {
		wrong(j, "a bracket that nothing opened");
		return;
	}
	j->depth--;
	value_ended(j);
	tell_bare(j, object ? JEVENT_OBJECT_END : JEVENT_ARRAY_END);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.';
}

static void
begin_value(struct jevents *j, char c)
{
	if (c == '{' || c == '[') {
		open_container(j, c == '{');
	} else if (c == '"') {
		j->state = IN_TEXT;
		jtext_begin(&j->text);
		tell_bare(j, JEVENT_TEXT);
	} else if (is_word(c)) {
		j->state = IN_WORD;
		j->word[0] = c;
		j->nword = 1;
	} else {
		wrong(j, "a value is missing");
	}
}

/* What Python writes for a number that is none. */
static bool
is_no_number(struct slice s)
{
	return slice_is(s, "NaN") || slice_is(s, "Infinity") ||
	       slice_is(s, "-Infinity");
}

/* A word ends where something else begins. */
static void
end_word(struct jevents *j)
{
	struct slice s = {j->word, j->nword};
	double d;

	value_ended(j);
	if (slice_is(s, "true"))
		tell_bare(j, JEVENT_TRUE);
	else if (slice_is(s, "false"))
		tell_bare(j, JEVENT_FALSE);
	else if (slice_is(s, "null") || is_no_number(s))
		tell_bare(j, JEVENT_NULL);
	else if (str_to_double(s.p, s.n, &d))
		tell(j, JEVENT_NUMBER, s);
	else
		wrong(j, "neither a number nor true, false or null");
}

static void
begin_key(struct jevents *j, char c)
{
	if (c != '"') {
		wrong(j, "a key is missing");
		return;
	}
	j->state = IN_KEY;
	j->nkey = 0;
	jtext_begin(&j->text);
}

static void
structure(struct jevents *j, char c)
{
	if (is_blank(c))
		return;
	switch (j->state) {
	case VALUE_OR_END:
		if (c == ']')
			close_container(j, false);
		else
			begin_value(j, c);
		break;
	case VALUE:
		begin_value(j, c);
		break;
	case KEY_OR_END:
		if (c == '}')
			close_container(j, true);
		else
			begin_key(j, c);
		break;
	case KEY:
		begin_key(j, c);
		break;
	case COLON:
		j->state = VALUE;
		if (c != ':')
			wrong(j, "a colon is missing");
		break;
	case COMMA_OR_END:
		if (c == ',')
			j->state = in_object(j) ? KEY : VALUE;
		else if (c == '}' || c == ']')
			close_container(j, c == '}');
		else
			wrong(j, "a comma is missing");
		break;
	default:
		wrong(j, "something follows the document");
		break;
	}
}

/* Of a string: returns how many bytes were used. */
static size_t
text(struct jevents *j, const char *p, size_t n)
{
	bool key = j->state == IN_KEY, ended;
	size_t used = jtext_add(&j->text, p, n, &ended);

	if (!ended)
		return used;
	if (key) {
		j->state = COLON;
		tell(j, JEVENT_KEY, (struct slice){j->key, j->nkey});
	} else {
		value_ended(j);
		tell_bare(j, JEVENT_TEXT_END);
	}
	return used;
}

static size_t
word(struct jevents *j, char c)
{
	if (!is_word(c)) {
		end_word(j);
		return 0;
	}
	if (j->nword == WORD_MAX)
		wrong(j, "a number that is too long");
	else
		j->word[j->nword++] = c;
	return 1;
}

enum err
jevents_add(struct jevents *j, const char *p, size_t n, struct errinfo *ei)
{
	size_t i = 0;

	j->ei = ei;
	while (i < n && j->failed == ERR_OK) {
		size_t used = 1;
		if (j->state == IN_TEXT || j->state == IN_KEY)
			used = text(j, p + i, n - i);
		else if (j->state == IN_WORD)
			used = word(j, p[i]);
		else
			structure(j, p[i]);
		i += used;
		j->position += used;
	}
	return j->failed;
}

enum err
jevents_end(struct jevents *j, struct errinfo *ei)
{
	j->ei = ei;
	if (j->failed == ERR_OK && j->state == IN_WORD)
		end_word(j);
	if (j->failed == ERR_OK && j->state != DONE)
		return err_set(
		    ei, ERR_INPUT, "%s: the JSON ends early", j->name);
	return j->failed;
}
