/* jcut.c: see jcut.h. */
#include "json/jcut.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "json/jescape.h"

#define DEPTH_MAX 63
#define KEY_MAX 63
#define PIECE ((size_t)4096)
#define REPLACEMENT 0xfffdU

/* Where in the syntax the next byte stands. */
enum state {
	AT_VALUE,
	IN_TEXT,
	IN_ESCAPE, /* behind a backslash */
	IN_HEX     /* behind \u, hex_left digits to come */
};

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
	size_t kept;       /* bytes of the string in the rest */
	unsigned hex_left; /* of a \u escape */
	uint32_t unit;
	uint32_t high; /* half a pair that waits for the other, or 0 */
	char piece[PIECE];
	size_t npiece;
};

struct jcut *
jcut_new(const struct jcut_options *options, const struct jcut_sink *sink)
{
	struct jcut *j = calloc(1, sizeof(*j));

	if (j == NULL)
		out_of_memory();
	j->o = *options;
	j->sink = *sink;
	j->rest.limit = options->rest_max;
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

static void
flush(struct jcut *j)
{
	size_t n = j->npiece;

	j->npiece = 0;
	if (n == 0)
		return;
	if (j->is_key && j->nkey < KEY_MAX) {
		size_t room = KEY_MAX - j->nkey;
		memcpy(j->key + j->nkey, j->piece, n < room ? n : room);
		j->nkey += n < room ? n : room;
	}
	if (j->use == USE_TAKE)
		j->sink.data(j->sink.arg, j->piece, n);
	else
		keep(j, j->piece, n);
}

static void
add_byte(struct jcut *j, char c)
{
	if (j->npiece == PIECE)
		flush(j);
	j->piece[j->npiece++] = c;
}

static void
add_character(struct jcut *j, uint32_t c)
{
	if (PIECE - j->npiece < 4)
		flush(j);
	if (c < 0x80) {
		add_byte(j, (char)c);
		return;
	}
	if (c < 0x800) {
		add_byte(j, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			add_byte(j, (char)(0xe0 | c >> 12));
		} else {
			add_byte(j, (char)(0xf0 | c >> 18));
			add_byte(j, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		add_byte(j, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	add_byte(j, (char)(0x80 | (c & 0x3f)));
}

/* Something else than the second half follows. */
static void
give_up_pair(struct jcut *j)
{
	if (j->high != 0)
		add_character(j, REPLACEMENT);
	j->high = 0;
}

static void
end_unit(struct jcut *j)
{
	uint32_t u = j->unit;

	if (u >= 0xdc00 && u < 0xe000 && j->high != 0) {
		u = 0x10000 + ((j->high - 0xd800) << 10) + (u - 0xdc00);
		j->high = 0;
		add_character(j, u);
		return;
	}
	give_up_pair(j);
	if (u >= 0xd800 && u < 0xdc00)
		j->high = u;
	else if (u >= 0xdc00 && u < 0xe000)
		add_character(j, REPLACEMENT);
	else
		add_character(j, u);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void
begin_text(struct jcut *j)
{
	j->state = IN_TEXT;
	j->is_key = j->want_key;
	j->use = USE_REST;
	j->nkey = j->kept = j->npiece = 0;
	j->high = 0;
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
	give_up_pair(j);
	flush(j);
	buf_addc(&j->rest, '"');
	j->state = AT_VALUE;
	if (j->use == USE_TAKE)
		j->sink.end(j->sink.arg);
	if (j->is_key)
		end_key(j);
}

static void
escape(struct jcut *j, char c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at = c != '\0' ? strchr(from, c) : NULL;

	j->state = IN_TEXT;
	if (c == 'u') {
		j->state = IN_HEX;
		j->hex_left = 4;
		j->unit = 0;
		return;
	}
	give_up_pair(j);
	if (at != NULL)
		add_byte(j, to[at - from]);
	else
		add_character(j, REPLACEMENT);
}

/* Returns whether the byte was one of the escape. */
static bool
hex(struct jcut *j, char c)
{
	int digit = hex_digit(c);

	if (digit < 0) {
		j->state = IN_TEXT;
		give_up_pair(j);
		add_character(j, REPLACEMENT);
		return false;
	}
	j->unit = j->unit << 4 | (uint32_t)digit;
	if (--j->hex_left == 0) {
		j->state = IN_TEXT;
		end_unit(j);
	}
	return true;
}

/* Some of the bytes that stand for themselves, the first of which does;
 * returns how many. */
static size_t
plain_text(struct jcut *j, const char *p, size_t n)
{
	size_t i = 0;

	give_up_pair(j);
	if (j->npiece == PIECE)
		flush(j);
	if (n > PIECE - j->npiece)
		n = PIECE - j->npiece;
	while (i < n && p[i] != '"' && p[i] != '\\')
		i++;
	memcpy(j->piece + j->npiece, p, i);
	j->npiece += i;
	return i;
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

	while (i < n) {
		switch (j->state) {
		case AT_VALUE:
			value(j, p[i++]);
			break;
		case IN_TEXT:
			if (p[i] != '"' && p[i] != '\\')
				i += plain_text(j, p + i, n - i);
			else if (p[i++] == '"')
				end_text(j);
			else
				j->state = IN_ESCAPE;
			break;
		case IN_ESCAPE:
			escape(j, p[i++]);
			break;
		case IN_HEX:
			i += hex(j, p[i]);
			break;
		}
	}
}
