/*
 * tar_reader.h: a tar (plain, gzip, bzip2, xz, zstd) as a stream of regular
 * files: v7, ustar, GNU and pax.
 *
 * Refused, each with a sentence that names the place: links, devices, sparse
 * members, more members or bytes than allowed, a damaged stream and one that
 * ends early (also when it is cut between two members: the end mark is
 * missing).  Something else than a tar gives ERR_UNSUPPORTED.
 */
#ifndef ARCHIVE_TAR_READER_H
#define ARCHIVE_TAR_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct tar_reader;

/* Does a file that starts so look like a tar that isn't compressed?  head
 * should hold 512 bytes; v7 tars, older than 1988, are not recognised. */
bool tar_is_plain(struct slice head);

struct tar_limits {
	uint64_t members;        /* 400,000 */
	uint64_t inflated_bytes; /* 1 GiB */
	uint64_t member_bytes;   /* 128 MiB */
};
extern const struct tar_limits tar_limits_default;

/* Gives up to n bytes; 0 at the end; -1 on failure with ei set. */
typedef long (*tar_read_fn)(
    void *arg, void *into, size_t n, struct errinfo *ei);

struct tar_reader *tar_reader_new(
    const struct tar_limits *limits, tar_read_fn read, void *arg);
void tar_reader_free(struct tar_reader *t);

/* *more false at the end.  Directories are skipped.  path is borrowed until
 * the next call. */
enum err tar_reader_next(struct tar_reader *t, struct slice *path,
    uint64_t *size, bool *more, struct errinfo *ei) MUST_CHECK;
/* The next piece of the current member; empty at its end. */
enum err tar_reader_data(
    struct tar_reader *t, struct slice *piece, struct errinfo *ei) MUST_CHECK;

#endif
