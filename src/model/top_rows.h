/* top_rows.h: the first rows of an order, without sorting all of them. */
#ifndef MODEL_TOP_ROWS_H
#define MODEL_TOP_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Rearranges row[0..n) so that row[0..want) are the first `want` in the order
 * of key[row], sorted.  NAN comes last in either direction, equal keys stand
 * by row number.  Returns how many there are: the smaller of want and n.
 */
size_t top_rows(
    uint32_t *row, size_t n, const double *key, bool down, size_t want);

#endif
