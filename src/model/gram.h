/*
 * gram.h: where in a text may one of some words stand?
 *
 * Logs are long and hardly any of their lines is of interest, so they are
 * looked at four bytes at a time, ASCII case aside: what is found may be one
 * of the words, everything else is none.
 */
#ifndef MODEL_GRAM_H
#define MODEL_GRAM_H

#include <stdint.h>

#include "base/str.h"

#define GRAM_BITS 12

/* slot: 0 for none, else the number that was given with the gram; where two
 * grams share a slot the last one's. */
struct grams {
	unsigned char slot[1 << GRAM_BITS];
};

/* The first four bytes of a word count; returns what the slot held. */
unsigned char grams_add(
    struct grams *g, const char *word, unsigned char number);

/* The first place at or after `from` where a gram may be, and its number;
 * s.n and 0 if there is none. */
size_t grams_next(
    const struct grams *g, struct slice s, size_t from, unsigned char *number);

#endif
