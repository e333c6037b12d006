/* jtext.c: see jtext.h. */
#include "json/jtext.h"

#include <string.h>

#define REPLACEMENT 0xfffdU

static void
flush(struct jtext *t)
{
	size_t n = t->npiece;

	t->npiece = 0;
	if (n > 0)
		t->data(t->arg, t->piece, n);
}

static void
add_byte(struct jtext *t, char c)
{
	if (t->npiece == JTEXT_PIECE)
		flush(t);
	t->piece[t->npiece++] = c;
}

static void
add_character(struct jtext *t, uint32_t c)
{
	if (JTEXT_PIECE - t->npiece < 4)
		flush(t);
	if (c < 0x80) {
		add_byte(t, (char)c);
		return;
	}
	if (c < 0x800) {
		add_byte(t, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			add_byte(t, (char)(0xe0 | c >> 12));
		} else {
			add_byte(t, (char)(0xf0 | c >> 18));
			add_byte(t, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		add_byte(t, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	add_byte(t, (char)(0x80 | (c & 0x3f)));
}

/* Something else than the second half follows. */
static void
give_up_pair(struct jtext *t)
{
	if (t->high != 0)
		add_character(t, REPLACEMENT);
	t->high = 0;
}

static void
end_unit(struct jtext *t)
{
	uint32_t u = t->unit;

	if (u >= 0xdc00 && u < 0xe000 && t->high != 0) {
		u = 0x10000 + ((t->high - 0xd800) << 10) + (u - 0xdc00);
		t->high = 0;
		add_character(t, u);
		return;
	}
	give_up_pair(t);
	if (u >= 0xd800 && u < 0xdc00)
		t->high = u;
	else if (u >= 0xdc00 && u < 0xe000)
		add_character(t, REPLACEMENT);
	else
		add_character(t, u);
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
escape(struct jtext *t, char c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at = c != '\0' ? strchr(from, c) : NULL;

	t->state = JTEXT_PLAIN;
	if (c == 'u') {
		t->state = JTEXT_HEX;
		t->hex_left = 4;
		t->unit = 0;
		return;
	}
	give_up_pair(t);
	if (at != NULL)
		add_byte(t, to[at - from]);
	else
		add_character(t, REPLACEMENT);
}

/* Returns whether the byte was one of the escape. */
static bool
hex(struct jtext *t, char c)
{
	int digit = hex_digit(c);

	if (digit < 0) {
		t->state = JTEXT_PLAIN;
		give_up_pair(t);
		add_character(t, REPLACEMENT);
		return false;
	}
	t->unit = t->unit << 4 | (uint32_t)digit;
	if (--t->hex_left == 0) {
		t->state = JTEXT_PLAIN;
		end_unit(t);
	}
	return true;
}

/* Some of the bytes that stand for themselves, the first of which does;
 * returns how many. */
static size_t
plain_text(struct jtext *t, const char *p, size_t n)
{
	size_t i = 0;

	give_up_pair(t);
	if (t->npiece == JTEXT_PIECE)
		flush(t);
	if (n > JTEXT_PIECE - t->npiece)
		n = JTEXT_PIECE - t->npiece;
	while (i < n && p[i] != '"' && p[i] != '\\')
		i++;
	memcpy(t->piece + t->npiece, p, i);
	t->npiece += i;
	return i;
}

void
jtext_begin(struct jtext *t)
{
	t->state = JTEXT_PLAIN;
	t->npiece = 0;
	t->high = 0;
}

size_t
jtext_add(struct jtext *t, const char *p, size_t n, bool *ended)
{
	size_t i = 0;

	*ended = false;
	while (i < n && !*ended) {
		switch (t->state) {
		case JTEXT_PLAIN:
			if (p[i] != '"' && p[i] != '\\')
				i += plain_text(t, p + i, n - i);
			else if (p[i++] == '\\')
				t->state = JTEXT_ESCAPE;
			else
				*ended = true;
			break;
		case JTEXT_ESCAPE:
			escape(t, p[i++]);
			break;
		case JTEXT_HEX:
			i += hex(t, p[i]);
			break;
		}
	}
	if (*ended) {
		give_up_pair(t);
		flush(t);
	}
	return i;
}
