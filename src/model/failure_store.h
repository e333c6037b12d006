/*
 * failure_store.h: keeps the failures of a build and their logs.
 *
 * A build's failures are those of its tasks (build_failures) and those that
 * were told (build->told): a told one of the same recipe and task lends its log
 * to the task's.  A failure that is stored already, by build, kind, recipe,
 * version and task, keeps its number, and with it its address.
 */
#ifndef MODEL_FAILURE_STORE_H
#define MODEL_FAILURE_STORE_H

#include "base/err.h"
#include "model/build.h"

struct arena;
struct db;

/* What is known of a failure's like, this one aside: failures with the same
 * error lines (SIGNATURE_LINES), or without those the same task signature. */
struct failure_known {
	int64_t times; /* counted up to KNOWN_MAX */
	int64_t first; /* when; TIME_UNKNOWN if never */
	int64_t last;
	int builders; /* how many, in the last 24 hours */
};
#define KNOWN_MAX 1000

struct failure_stored {
	int id;
	enum failure_kind kind;
	const char *recipe, *version, *task, *first_line;
	int signature; /* of strength SIGNATURE_LINES; 0 if none */
	struct failure_known known;
};

/* In the caller's transaction, after the build's own row; id is its number.
 * Two callers with the same log or signature don't wait for each other longer
 * than a commit takes and never deadlock (fixed orders). */
enum err failure_store(struct db *db, struct arena *a, const struct build *b,
    int id, struct failure_stored **out, size_t *n,
    struct errinfo *ei) MUST_CHECK;

/* Those of a stored build, for an answer to what was sent again; at most max.
 */
enum err failure_stored_load(struct db *db, struct arena *a, int build,
    size_t max, struct failure_stored **out, size_t *n,
    struct errinfo *ei) MUST_CHECK;

/* Numbers for failures to come, that no other will get: the first of n. */
enum err failure_reserve(
    struct db *db, int n, int *first, struct errinfo *ei) MUST_CHECK;

#endif
