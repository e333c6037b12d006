/* package_rows.h: the package_build rows of a build. */
#ifndef MODEL_PACKAGE_ROWS_H
#define MODEL_PACKAGE_ROWS_H

#include "base/err.h"
#include "model/build.h"

struct arena;
struct db;
struct derived_slots;

/* Ids of the build's names, in the order of its arrays. */
struct package_ids {
	int32_t *recipe, *version; /* per package */
	int32_t *task;             /* per task name */
};

/* Looks all names up, adding those that are new. */
enum err package_ids_find(struct db *db, struct arena *a, const struct build *b,
    struct package_ids *out, struct errinfo *ei) MUST_CHECK;

/* Copies one row for each package of build `id`. */
enum err package_rows_store(struct db *db, struct arena *a, int id,
    const struct build *b, const struct package_ids *ids,
    const struct derived_slots *ds, struct errinfo *ei) MUST_CHECK;

#endif
