/*
 * build_list.h: the search for builds, a page at a time.
 *
 * Filters are combined with AND.  The cost of a page hangs on its length, not
 * on the number of builds, as long as the order is the default one and the
 * filters are not very selective on columns without an index.
 */
#ifndef MODEL_BUILD_LIST_H
#define MODEL_BUILD_LIST_H

#include "base/err.h"
#include "model/build.h"

struct arena;
struct db;
struct rows;
struct sql;

/* "" means any. */
struct build_filter {
	const char *builder, *machine, *distro, *image, *branch, *layer;
	const char *commit;  /* how it begins */
	const char *package; /* recipe or PF that the build holds */
	const char *task;    /* that ran in the build */
	const char *q;       /* words, each of which occurs somewhere */
	size_t ntags;
	const char *const *tags; /* all of them */
	size_t nstatuses;
	enum build_status statuses[4]; /* one of them */
	int64_t since, until;          /* TIME_UNKNOWN: any; until excluded */
	bool exact; /* pages and counts fit to the row, whatever they cost */
};

/* Words of q beyond this many are refused. */
#define BUILD_WORDS_MAX 16

/* What is shown of a build wherever builds are listed. */
struct build_row {
	int id;
	const char *name, *builder, *machine, *distro, *image, *branch, *commit;
	int64_t started;
	double elapsed; /* seconds, or NAN */
	enum build_status status;
	int packages, tasks, failed;
};

struct list_order {
	const char *key;
	bool down;
	int64_t offset, limit;
};

struct build_list {
	size_t n;
	struct build_row *row;
	size_t found; /* n, and rows of builds that were found twice */
};

/* The keys that an order may name; NULL-terminated. */
extern const char *const build_list_keys[];

/* Up to cap + 1 matches are counted; cap 0: all of them. */
enum err build_list_find(struct db *db, struct arena *a,
    const struct build_filter *filter, const struct list_order *order,
    struct build_list *out, struct errinfo *ei) MUST_CHECK;
enum err build_list_count(struct db *db, struct arena *a,
    const struct build_filter *filter, int64_t cap, int64_t *total,
    struct errinfo *ei) MUST_CHECK;

/* FROM and what is behind WHERE of such a search, for statements that ask for
 * other columns; *possible is false when nothing can match. */
enum err build_filter_from(struct db *db, struct arena *a, struct sql *s,
    const struct build_filter *filter, bool *possible,
    struct errinfo *ei) MUST_CHECK;
enum err build_filter_where(struct arena *a, struct sql *s,
    const struct build_filter *filter, struct errinfo *ei) MUST_CHECK;

/* Those of n that are there still, newest first. */
enum err build_list_of(struct db *db, struct arena *a, const int32_t *ids,
    size_t n, struct build_list *out, struct errinfo *ei) MUST_CHECK;

/* Reads all rows of a result that has the columns of builds_rows; out has
 * room for them. */
void build_rows_read(
    struct build_row *out, const struct rows *r, struct arena *a);

struct facet {
	const char *kind, *name;
};
/* What the pickers offer, in the order of their kinds. */
enum err build_facets(struct db *db, struct arena *a, struct facet **out,
    size_t *n, struct errinfo *ei) MUST_CHECK;

#endif
