/*
 * failure_code.h: the short name of a failure, as in /f/CODE.
 *
 * Six letters and digits for the first 2^30 failures, seven beyond: the
 * number is mixed by a fixed bijection, so that neighbours don't look alike
 * and a mistyped code hardly ever names another failure, and written with an
 * alphabet without i, l, o and u.  Reading takes capitals, too, and 1 for i
 * and l, 0 for o.
 */
#ifndef MODEL_FAILURE_CODE_H
#define MODEL_FAILURE_CODE_H

#include <stdbool.h>

#define FAILURE_CODE_MAX 8 /* with its NUL */

/* id is 1 or more; returns out. */
const char *failure_code(char out[FAILURE_CODE_MAX], int id);
/* False for what names no failure. */
bool failure_code_read(const char *code, int *id);

#endif
