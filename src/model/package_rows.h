/* package_rows.h: the package_build rows of a build. */
#ifndef MODEL_PACKAGE_ROWS_H
#define MODEL_PACKAGE_ROWS_H

#include "base/err.h"
#include "model/build.h"

struct arena;
struct copy;
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

/* What the rows are made of. */
struct package_rows_source {
	int id; /* of the build */
	const struct build *b;
	const struct package_ids *ids;
	const struct derived_slots *ds; /* derived_slots_of(b) */
};

/*
 * Sends one row for each package; end *out with copy_end unless it is NULL.
 * The server takes its time over the rows: do something else meanwhile.
 */
enum err package_rows_send(struct db *db, struct arena *a,
    const struct package_rows_source *src, struct copy **out,
    struct errinfo *ei) MUST_CHECK;

#endif
