/* gram.c: see gram.h. */
#include "model/gram.h"

#include <string.h>

/* Sets the bit in which 'A' and 'a' differ; other bytes that it makes alike
 * only cost a second look. */
static unsigned
slot_of(uint32_t v)
{
	return (v | UINT32_C(0x20202020)) * UINT32_C(0x9e3779b1) >>
	       (32 - GRAM_BITS);
}

static unsigned
slot_at(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return slot_of(v);
}

unsigned char
grams_add(struct grams *g, const char *word, unsigned char number)
{
	unsigned at = slot_at(word);
	unsigned char was = g->slot[at];

	g->slot[at] = number;
	return was;
}

/* Four places with one load: the end of the bytes that can't start a gram, or
 * a few less. */
static size_t
skip(const struct grams *g, struct slice s, size_t from)
{
	size_t i = from;

	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		return i;
	for (; i + 8 <= s.n; i += 4) {
		uint64_t v;
		memcpy(&v, s.p + i, sizeof(v));
		if ((g->slot[slot_of((uint32_t)v)] |
			g->slot[slot_of((uint32_t)(v >> 8))] |
			g->slot[slot_of((uint32_t)(v >> 16))] |
			g->slot[slot_of((uint32_t)(v >> 24))]) != 0)
			break;
	}
	return i;
}

size_t
grams_next(
    const struct grams *g, struct slice s, size_t from, unsigned char *number)
{
	*number = 0;
	for (size_t i = skip(g, s, from); i + 4 <= s.n; i++) {
		unsigned char found = g->slot[slot_at(s.p + i)];
		if (found != 0) {
			*number = found;
			return i;
		}
	}
	return s.n;
}
