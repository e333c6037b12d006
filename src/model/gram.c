/* gram.c: see gram.h. */
#include "model/gram.h"

#include <string.h>

/* Sets the bit in which 'A' and 'a' differ; other bytes that it makes alike
 * only cost a second look. */
static unsigned
slot_at(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return (v | UINT32_C(0x20202020)) * UINT32_C(0x9e3779b1) >>
	       (32 - GRAM_BITS);
}

unsigned char
grams_add(struct grams *g, const char *word, unsigned char number)
{
	unsigned at = slot_at(word);
	unsigned char was = g->slot[at];

	g->slot[at] = number;
	return was;
}

size_t
grams_next(
    const struct grams *g, struct slice s, size_t from, unsigned char *number)
{
	*number = 0;
	for (size_t i = from; i + 4 <= s.n; i++) {
		unsigned char found = g->slot[slot_at(s.p + i)];
		if (found != 0) {
			*number = found;
			return i;
		}
	}
	return s.n;
}
