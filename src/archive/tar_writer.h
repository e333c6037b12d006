/*
 * tar_writer.h: writes regular files into a tar (pax headers only for
 * what ustar cannot hold) under zstd.
 *
 * The same members in the same order give the same bytes: owner, mode and
 * time are constants.  After a failure every further call fails too.
 */
#ifndef ARCHIVE_TAR_WRITER_H
#define ARCHIVE_TAR_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct tar_writer;

/* Writes to fd (borrowed, a blocking one) with libzstd's level. */
struct tar_writer *tar_writer_new(int fd, int level);
/* Without tar_writer_end what was written is no whole tar. */
void tar_writer_free(struct tar_writer *t);

/* Begins a member of exactly size bytes; path is relative, without "..". */
enum err tar_writer_member(struct tar_writer *t, const char *path,
    uint64_t size, struct errinfo *ei) MUST_CHECK;
/* Gives its bytes, in any number of pieces that sum up to size. */
enum err tar_writer_data(struct tar_writer *t, const void *data, size_t n,
    struct errinfo *ei) MUST_CHECK;
/* Completes the tar: everything has been handed to the kernel. */
enum err tar_writer_end(struct tar_writer *t, struct errinfo *ei) MUST_CHECK;

#endif
