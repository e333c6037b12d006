/* build_row.h: the row of a build in the table build. */
#ifndef MODEL_BUILD_ROW_H
#define MODEL_BUILD_ROW_H

#include "base/err.h"
#include "model/build.h"

struct arena;
struct db;
struct derived_slots;

struct build_row_source {
	const struct build *b;
	const struct derived_slots *ds;
	const int32_t *task_ids; /* per task name */
	size_t failed;
	bool *alone; /* becomes true if any build is a buildhistory alone */
};

/* Inserts the row and sets *id, or updates row *id if it isn't 0. */
enum err build_row_store(struct db *db, struct arena *a,
    const struct build_row_source *src, int *id, struct errinfo *ei) MUST_CHECK;

/* What the pickers offer of this build. */
enum err build_row_facets(struct db *db, struct arena *a, const struct build *b,
    struct errinfo *ei) MUST_CHECK;

/* Its metrics, derived ones and series for the dictionary of metrics. */
enum err build_row_metrics(struct db *db, struct arena *a,
    const struct build *b, struct errinfo *ei) MUST_CHECK;

#endif
