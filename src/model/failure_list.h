/*
 * failure_list.h: the search for failures, a page at a time, newest first or
 * nearest first.
 *
 * Filters are combined with AND.  Words and phrases of q are found in the
 * excerpts of logs as substrings and, words, anywhere in a log as far as its
 * words are indexed.  Terms that many failures have are found among the newest;
 * only others are worth an index over all.
 */
#ifndef MODEL_FAILURE_LIST_H
#define MODEL_FAILURE_LIST_H

#include "model/build_list.h"

/* "" means any. */
struct failure_filter {
	const char *builder, *machine, *distro, *image, *branch, *layer;
	const char *commit;  /* how it begins */
	const char *package; /* recipe or PF */
	const char *task;
	const char *q;
	int build;     /* 0: any */
	int signature; /* signature.id of any strength; 0: any */
	size_t ntags;
	const char *const *tags;
	unsigned
	    statuses; /* of the build, bits 1 << enum build_status; 0: any */
	int64_t since, until; /* TIME_UNKNOWN: any; until excluded */
	bool exact;           /* nothing is left out, whatever it costs */
	int similar_max; /* similar ones are counted so far; 0: KNOWN_MAX */
};

/* What is shown of a failure wherever failures are listed; texts "" if
 * unknown. */
struct failure_row {
	int id, build;
	enum failure_kind kind;
	const char *recipe, *version, *task, *first_line;
	const char *builder, *machine, *distro, *image, *branch;
	int64_t seen, started;
	int log;         /* log.id, 0: none */
	int sig[3];      /* signature.id by strength, 0: none */
	int64_t similar; /* others with the same error lines, up to KNOWN_MAX */
};

struct failure_rows {
	size_t n;
	struct failure_row *row;
};

/* The keys that an order may name; NULL-terminated.  Unless the filter is
 * exact, all but "seen" put the newest FAILURE_WINDOW matches in order. */
extern const char *const failure_list_keys[];
#define FAILURE_WINDOW 500

enum err failure_list_find(struct db *db, struct arena *a,
    const struct failure_filter *filter, const struct list_order *order,
    struct failure_rows *out, struct errinfo *ei) MUST_CHECK;
/* Up to cap + 1 matches are counted; cap 0: all of them. */
enum err failure_list_count(struct db *db, struct arena *a,
    const struct failure_filter *filter, int64_t cap, int64_t *total,
    struct errinfo *ei) MUST_CHECK;

/* Reads all rows of a result that has the columns of the search. */
struct rows;
void failure_rows_read(
    struct failure_rows *out, const struct rows *r, struct arena *a);

/* One of them, by its number; ERR_NOT_FOUND. */
enum err failure_find(struct db *db, struct arena *a, int id,
    struct failure_row *out, struct errinfo *ei) MUST_CHECK;

/* Those of a build in the order of time, at most max. */
enum err failures_of_build(struct db *db, struct arena *a, int build,
    size_t max, struct failure_rows *out, struct errinfo *ei) MUST_CHECK;

#endif
