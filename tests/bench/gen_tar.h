/* gen_tar.h: a ustar archive, written into a buffer. */
#ifndef BENCH_GEN_TAR_H
#define BENCH_GEN_TAR_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Opens a member; its content is then appended to the buffer, and
 * gen_tar_close, given what gen_tar_open returned, completes it.
 */
size_t gen_tar_open(struct buf *tar, const char *path, int64_t mtime);
void gen_tar_close(struct buf *tar, size_t member);

#endif
