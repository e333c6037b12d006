/* size_store.h: what builds made, into the database and back. */
#ifndef MODEL_SIZE_STORE_H
#define MODEL_SIZE_STORE_H

#include "base/err.h"
#include "model/build_store.h"
#include "model/sizes.h"

struct db;

/* Stores the units that are new and learns the ids of all; outside of
 * transactions, or by db_aside(). */
enum err size_units_store(struct db *db, struct arena *a, struct sizes *s,
    struct errinfo *ei) MUST_CHECK;

/* Makes the sizes, if there are any, those of a stored build, and puts its
 * numbers among its metrics; those that it had stay where b has none. */
enum err size_store(struct db *db, struct arena *a, int id,
    const struct build *b, struct errinfo *ei) MUST_CHECK;

/* The stored build that a buildhistory alone is about; *id is 0 if there is
 * none, or more than one. */
enum err size_find_about(struct db *db, const struct build *b, int *id,
    struct errinfo *ei) MUST_CHECK;

/* The stored build that was made of the buildhistory of build `id` alone; 0 if
 * there is none. */
enum err size_find_alone(struct db *db, const struct build *b, int id,
    struct build_key *out, struct errinfo *ei) MUST_CHECK;

/* ---- back ---- */

/* Numbers of the units of a build; none if nothing is known. */
struct unit_ids {
	size_t n;
	int32_t *id; /* sorted */
};
enum err size_ids(struct db *db, struct arena *a, int build,
    struct unit_ids *out, struct errinfo *ei) MUST_CHECK;

/* These units, unpacked, by kind and name. */
enum err size_load(struct db *db, struct arena *a, struct unit_ids ids,
    struct sizes *out, struct errinfo *ei) MUST_CHECK;

/* What two builds don't have in common; *known is false if nothing is known of
 * one of them. */
enum err size_load_differing(struct db *db, struct arena *a, const int build[2],
    struct sizes out[2], bool *known, struct errinfo *ei) MUST_CHECK;

/* bytes[i]: what all packages of a recipe weighed in build i, NAN if that isn't
 * known; builds are sorted. */
enum err size_of_recipe(struct db *db, int recipe, struct unit_ids builds,
    double *bytes, struct errinfo *ei) MUST_CHECK;

#endif
