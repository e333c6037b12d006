/*
 * column.h: a column of integers, small.
 *
 *     head        bits 0-1: 0 as it is, 1 difference to the one before,
 *                 2 difference to the centre of its group
 *                 bits 2-3: 0 all zero, 1 tokens, 2 planes
 *                 bit 4: all values are multiples of a divisor
 *                 bit 5: what is written has a sign: zig-zag mapped
 *     [divisor]   varint
 *     [centres]   one svarint for each run of equal group numbers
 *     tokens      varint length, then a zstd frame of n bytes: the value's
 *                 number of bits with the two bits behind the first; then the
 *                 remaining bits of each value, packed from the low end
 *     planes      width in bytes, then a zstd frame of n low bytes, n next
 *                 bytes, ...
 *
 * Numbers of tasks are close to log-normal:
 * their magnitude compresses well, their lower bits not at all, hence tokens;
 * columns that repeat values may be better off as planes.
 */
#ifndef MODEL_COLUMN_H
#define MODEL_COLUMN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/* Work space that serves any number of columns. */
struct column_coder;
struct column_coder *column_coder_new(void);
void column_coder_free(struct column_coder *c);

/*
 * Appends the column.  group, n ascending numbers, says which values are
 * alike; NULL: none are.
 */
void column_encode(struct column_coder *c, struct buf *out, const int64_t *v,
    const uint32_t *group, size_t n);

/* Reads n values into out; ERR_INTERNAL "damaged column". */
enum err column_decode(struct arena *a, struct slice in, const uint32_t *group,
    size_t n, int64_t *out, struct errinfo *ei) MUST_CHECK;

/* About how many bits the values need, to choose between predictions. */
uint64_t column_cost(const int64_t *v, size_t n);

#endif
