/* clock.h: a clock that nobody sets. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment; for measuring and waiting. */
int64_t clock_ms(void);

#endif
