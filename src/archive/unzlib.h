/*
 * unzlib.h: inflates a zlib stream (RFC 1950) piece by piece, with a limit on
 * what comes out.
 */
#ifndef ARCHIVE_UNZLIB_H
#define ARCHIVE_UNZLIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unzlib;

/* Takes what comes out, in pieces. */
typedef void (*unzlib_fn)(void *arg, const char *p, size_t n);

/* max: bytes that may come out. */
struct unzlib *unzlib_new(uint64_t max, unzlib_fn fn, void *arg);
void unzlib_free(struct unzlib *z);

enum unzlib_state {
	UNZLIB_MORE,   /* it goes on */
	UNZLIB_END,    /* what follows is passed over */
	UNZLIB_BROKEN, /* no zlib stream */
	UNZLIB_LIMIT   /* more than max */
};
enum unzlib_state unzlib_add(struct unzlib *z, const void *p, size_t n);

#endif
