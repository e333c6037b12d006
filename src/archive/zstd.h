/* zstd.h: one-shot and streaming zstd, and SHA-256; see tar_reader.h. */
#ifndef ARCHIVE_ZSTD_H
#define ARCHIVE_ZSTD_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/*
 * Appends src, compressed, to out; level as libzstd's.  Frames carry their
 * size and no checksum.  A context is kept per process,
 * so one thread at a time may pack.
 */
void zstd_pack(struct buf *out, const void *src, size_t n, int level);

/*
 * Inflates one frame into the arena; ERR_INTERNAL "damaged block" if it isn't
 * one or gives more than max bytes.
 */
enum err zstd_unpack(struct arena *a, struct slice src, size_t max,
    struct slice *out, struct errinfo *ei) MUST_CHECK;

/* A stream: bytes in, compressed bytes appended to out. */
struct zstd_stream;
struct zstd_stream *zstd_stream_new(int level);
void zstd_stream_add(
    struct zstd_stream *z, struct buf *out, const void *src, size_t n);
void zstd_stream_end(struct zstd_stream *z, struct buf *out); /* frees */

#endif
