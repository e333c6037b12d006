/* compare_find.h: which builds a comparison is about; see compare.h. */
#ifndef MODEL_COMPARE_FIND_H
#define MODEL_COMPARE_FIND_H

#include "model/build_info.h"
#include "model/compare.h"

/* The successful builds of the same machine, distro, image and builder before
 * b, newest first; at most max of them are written to ids. */
enum err compare_before(struct db *db, const struct build_row *b, size_t max,
    int32_t *ids, size_t *n, struct errinfo *ei) MUST_CHECK;

/* The newest build with a tag; ERR_NOT_FOUND. */
enum err compare_tagged(
    struct db *db, const char *tag, int32_t *id, struct errinfo *ei) MUST_CHECK;

/* The newest twelve builds that could be set beside b (NULL: any). */
enum err compare_candidates(struct db *db, struct arena *a,
    const struct build_row *b, struct build_list *out,
    struct errinfo *ei) MUST_CHECK;

/* Numbers of builds as a whole, by name. */
struct compare_number {
	const char *name, *unit;
	double value[COMPARE_BUILDS_MAX]; /* in the order of ids; NAN: none */
};
struct compare_numbers {
	size_t n, cap;
	struct compare_number *number;
};
enum err compare_numbers(struct db *db, struct arena *a, const int32_t *ids,
    size_t nids, struct compare_numbers *out, struct errinfo *ei) MUST_CHECK;

#endif
