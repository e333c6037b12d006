/*
 * series_block.h: the samples of a series, small.
 *
 *     varint number of columns; the time column and each column as varint
 *     length and column.h's bytes
 *
 * What a value is rounded to:
 *
 *     CPU        1/10,000 of the machine
 *     memory     1 byte (the files have KiB, which come back exactly)
 *     disk       1 byte/s; busy is 0 or 1
 *     space, net 1 byte
 *     pressure   1/100 percent, as the kernel prints it; stall 1 µs
 *
 * All but CPU and disk come back exactly.
 */
#ifndef MODEL_SERIES_BLOCK_H
#define MODEL_SERIES_BLOCK_H

#include "base/buf.h"
#include "base/err.h"
#include "model/build.h"

struct arena;

void series_block_encode(const struct series *s, struct buf *out);

/*
 * Fills the time and the columns of s, whose kind and n are set.  ERR_INTERNAL
 * "damaged series".
 */
enum err series_block_decode(struct arena *a, struct slice data,
    struct series *s, struct errinfo *ei) MUST_CHECK;

#endif
