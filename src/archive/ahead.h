/*
 * ahead.h: inflates in a thread of its own, some pieces ahead of the reader.
 *
 * A large upload is inflated on one processor while it is parsed on another.
 * What ends within the first pieces never sees a thread.
 */
#ifndef ARCHIVE_AHEAD_H
#define ARCHIVE_AHEAD_H

#include "archive/inflate.h"

struct ahead;

/*
 * As inflate_new and inflate_free.  From the first ahead_next to ahead_free
 * `read` may be called from another thread, never from two at once.
 */
struct ahead *ahead_new(uint64_t max, tar_read_fn read, void *arg);
void ahead_free(struct ahead *a);

/* As inflate_next. */
enum err ahead_next(
    struct ahead *a, struct slice *piece, struct errinfo *ei) MUST_CHECK;

#endif
