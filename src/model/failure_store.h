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

/* In the order of their numbers. */
struct failures_stored {
	size_t n;
	struct failure_stored *failure;
	int *told; /* the number that each of the build's told ones has now */
};

/* What becomes of a build's failures that are stored already. */
enum failure_mode {
	FAILURES_NEW,     /* there are none */
	FAILURES_ADD,     /* what is missing is added */
	FAILURES_REPLACE, /* and those that only a task's status told go, unless
			     the build still has them */
};
struct failure_target {
	int build;
	enum failure_mode mode;
};

/*
 * Stores the logs and signatures of a build's told failures, each statement
 * for itself and whatever becomes of the build, and remembers in the build
 * which they are.  Before the first transaction it spares failure_store a
 * second connection.
 */
enum err failure_prepare(struct db *db, struct arena *a, struct build *b,
    struct errinfo *ei) MUST_CHECK;

/*
 * In the caller's transaction, after the build's own row.  The first
 * FAILURES_KNOWN of *out say what is known of their like.  Two callers with
 * the same log or signature don't wait for each other longer than a statement
 * takes.
 */
enum err failure_store(struct db *db, struct arena *a, const struct build *b,
    struct failure_target to, struct failures_stored *out,
    struct errinfo *ei) MUST_CHECK;
#define FAILURES_KNOWN 50

/* Those of a stored build; at most max. */
enum err failure_stored_load(struct db *db, struct arena *a, int build,
    size_t max, struct failures_stored *out, struct errinfo *ei) MUST_CHECK;

/* Numbers for failures to come, that no other will get: the first of n. */
enum err failure_reserve(
    struct db *db, int n, int *first, struct errinfo *ei) MUST_CHECK;

/* The build that an error report belongs to; 0: it is not known. */
enum err report_find(struct db *db, const unsigned char sha256[32], int *build,
    struct errinfo *ei) MUST_CHECK;

#endif
