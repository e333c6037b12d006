/*
 * jtext.h: decodes a JSON string while it streams by; src/json's own.
 *
 * Leniently, so that no log is refused: half a surrogate pair and an escape
 * that is none give U+FFFD, \u0000 gives a NUL, bytes that are no UTF-8 pass.
 */
#ifndef JSON_JTEXT_H
#define JSON_JTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JTEXT_PIECE ((size_t)4096)

struct jtext {
	void (*data)(void *arg, const char *p, size_t n);
	void *arg;
	enum { JTEXT_PLAIN, JTEXT_ESCAPE, JTEXT_HEX } state;
	unsigned hex_left; /* of a \u escape */
	uint32_t unit;
	uint32_t high; /* half a pair that waits for the other, or 0 */
	char piece[JTEXT_PIECE];
	size_t npiece;
};

/* Behind the opening quote. */
void jtext_begin(struct jtext *t);
/* Takes up to n bytes; returns how many were used, the closing quote, which
 * sets *ended, included. */
size_t jtext_add(struct jtext *t, const char *p, size_t n, bool *ended);

#endif
