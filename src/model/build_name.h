/* build_name.h: bitbake names a build by the time of its start, UTC:
 * YYYYMMDDHHMMSS. */
#ifndef MODEL_BUILD_NAME_H
#define MODEL_BUILD_NAME_H

#include <stdint.h>

struct arena;

/* The time that such a name tells, or TIME_UNKNOWN. */
int64_t build_name_time(const char *name);

/* And the name of a time, microseconds. */
char *build_name_of_time(struct arena *a, int64_t us);

#endif
