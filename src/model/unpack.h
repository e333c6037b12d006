/*
 * unpack.h: reads back what buf_add_varint and friends wrote.  Reading past
 * the end sets `bad` and gives zeros, so that a reader checks once.
 */
#ifndef MODEL_UNPACK_H
#define MODEL_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct unpack {
	const unsigned char *p, *end;
	bool bad;
};

struct unpack unpack_start(struct slice s);
size_t unpack_left(const struct unpack *u);
uint64_t unpack_varint(struct unpack *u);
int64_t unpack_svarint(struct unpack *u);
unsigned unpack_byte(struct unpack *u);
/* n borrowed bytes. */
struct slice unpack_bytes(struct unpack *u, uint64_t n);

/*
 * A number of things that follow, at least `each` bytes apiece: more than
 * there is room for is bad, so that nobody allocates for a damaged number.
 */
size_t unpack_count(struct unpack *u, size_t each);

/* The zig-zag mapping: small numbers of either sign become small. */
static inline uint64_t
zigzag(int64_t v)
{
	return ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
}

static inline int64_t
unzigzag(uint64_t u)
{
	return (int64_t)((u >> 1) ^ (0 - (u & 1)));
}

/* Sums that wrap: what one side adds the other takes away, whatever it is. */
static inline int64_t
wrap_add(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static inline int64_t
wrap_sub(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

#endif
