/*
 * buf.h: a growing byte buffer on the heap.
 *
 * Writers need no check per call: when the limit is passed `failed` sticks
 * and further additions are dropped; test it once at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct buf {
	char *data; /* NUL-terminated whenever not NULL */
	size_t len;
	size_t cap;
	size_t limit; /* 0: none */
	bool failed;
};

#define BUF_INIT                                                               \
	{                                                                      \
		0                                                              \
	}

void buf_clear(struct buf *b); /* frees; the buffer can be used again */
void buf_reset(struct buf *b); /* empties, keeps memory up to 1 MiB */
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *data, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Like %.*f with 0 to 6 decimals, ten times faster; what is halfway, or nearly,
 * may be rounded the other way. */
void buf_add_fixed(struct buf *b, double v, unsigned decimals);

/* A JSON string with its quotes; '<' is escaped, too, for those who put JSON
 * into HTML. */
void buf_add_json(struct buf *b, const char *s);

/* What is in it, borrowed until it is changed; never NULL. */
static inline struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){b->data != NULL ? b->data : "", b->len};
}

/* LEB128, and the same of a zig-zag mapped signed number. */
void buf_add_varint(struct buf *b, uint64_t v);
void buf_add_svarint(struct buf *b, int64_t v);

#endif
