/*
 * inflate.h: a stream of bytes, decompressed if it is gzip, bzip2, xz or zstd;
 * anything else passes as it is.
 *
 * Memory is bounded whatever the stream asks for: windows and dictionaries
 * beyond 8 MiB are refused.  It counts what comes out and stops at a limit.
 */
#ifndef ARCHIVE_INFLATE_H
#define ARCHIVE_INFLATE_H

#include <stdint.h>

#include "archive/tar_reader.h"
#include "base/err.h"
#include "base/str.h"

struct inflate;

/* max: bytes that may come out. */
struct inflate *inflate_new(uint64_t max, tar_read_fn read, void *arg);
/* A `read` for bytes in memory: arg is a struct slice, of which it takes. */
long inflate_read_slice(void *arg, void *into, size_t n, struct errinfo *ei);
void inflate_free(struct inflate *f);

/* The next piece, empty at the end; borrowed until the next call. */
enum err inflate_next(
    struct inflate *f, struct slice *piece, struct errinfo *ei) MUST_CHECK;

#endif
