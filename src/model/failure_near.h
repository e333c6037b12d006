/* failure_near.h: failures, those of builds most like a given one first. */
#ifndef MODEL_FAILURE_NEAR_H
#define MODEL_FAILURE_NEAR_H

#include "model/failure_list.h"

/* So many of the newest are worth ranking. */
#define FAILURES_NEAR_MAX 500

/* Puts them in order: nearness to the build, its number or UUID, then time.
 * ERR_NOT_FOUND if there is no such build. */
enum err failures_by_nearness(struct db *db, struct arena *a, const char *build,
    struct failure_rows *rows, struct errinfo *ei) MUST_CHECK;

#endif
