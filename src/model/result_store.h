/*
 * result_store.h: keeps the test results of a build.
 *
 * The file is kept whole and once for each content; of a result id that is
 * there already the newer stays, unless it has fewer cases or lost its logs.
 */
#ifndef MODEL_RESULT_STORE_H
#define MODEL_RESULT_STORE_H

#include "base/err.h"
#include "model/build.h"
#include "model/build_store.h"

struct arena;
struct db;

/* Inside the transaction that stores the build. */
enum err result_store(struct db *db, struct arena *a, const struct build *b,
    int build, struct errinfo *ei) MUST_CHECK;

/*
 * The build that made results which came alone: *id, 0 if none fits, or if
 * several builders could have made them.
 */
enum err result_find_build(struct db *db, const struct build *b, int *id,
    struct errinfo *ei) MUST_CHECK;

#endif
