/*
 * build_store.h: keeps a build, and gives it back.
 *
 * A build's identity is its UUID or, without one, SHA-256 of host, start and
 * name.  Storing the same content again changes nothing.  Other content under
 * the same identity replaces the stored one unless it is poorer: fewer tasks,
 * or unfinished where a finished one is stored.
 *
 * Failures and logs that were told along with it are added all the same.  An
 * error report that comes alone makes a build whose identity is the report's
 * hash; the whole build that brings the same report takes its place, whichever
 * comes first.
 */
#ifndef MODEL_BUILD_STORE_H
#define MODEL_BUILD_STORE_H

#include "base/err.h"
#include "model/build.h"
#include "model/failure_store.h"

struct arena;
struct db;

enum stored { STORED_NEW, STORED_SAME, STORED_REPLACED, STORED_KEPT_RICHER };

struct store_result {
	int id;
	enum stored what;
	int64_t started;
	enum build_status status;
	size_t tasks;
	size_t failed; /* failed tasks, all of them */
	/* What is stored of its failures, at most 1,000, by number. */
	size_t nfailures;
	struct failure_stored *failures;
	const int *told; /* the number of each of build->told, all of them */
};

/*
 * Stores one build inside the caller's transaction.  Two callers with the same
 * build wait for each other: one stores, the other finds it.  Texts of the
 * result live in a.
 */
enum err build_store(struct db *db, struct arena *a, const struct build *b,
    struct store_result *out, struct errinfo *ei) MUST_CHECK;

/*
 * Makes sure that partitions for the month of `started` exist.  Call it
 * outside of and before the transaction of build_store: it takes locks that
 * others would wait for.
 */
enum err build_store_prepare(
    struct db *db, int64_t started, struct errinfo *ei) MUST_CHECK;

/*
 * Stores what is new of a build's names, logs and signatures, and remembers in
 * b which they are.  build_store does so too, by a second connection when a
 * transaction is under way: call this before the first transaction, and there
 * is no need of one.
 */
enum err build_store_names(struct db *db, struct arena *a, struct build *b,
    struct errinfo *ei) MUST_CHECK;

/* Reads a whole build back, as far as it is kept: the exporter's source. */
enum err build_load(struct db *db, struct arena *a, int id, struct build **out,
    struct errinfo *ei) MUST_CHECK;

/* A stored build; its start names the partition. */
struct build_key {
	int id;
	int64_t started;
};

/* One stored text (host_stats*), decompressed; ERR_NOT_FOUND. */
enum err build_text_load(struct db *db, struct arena *a, struct build_key key,
    const char *name, struct slice *out, struct errinfo *ei) MUST_CHECK;

/* The series of a stored build, all of them. */
enum err build_series_load(struct db *db, struct arena *a, struct build_key key,
    struct series **out, size_t *n, struct errinfo *ei) MUST_CHECK;

#endif
