/*
 * failure_search.h: puts the statements of the search for failures together.
 * Internal to failure_list.c.
 */
#ifndef MODEL_FAILURE_SEARCH_H
#define MODEL_FAILURE_SEARCH_H

#include "db/stmt.h"
#include "model/failure_list.h"
#include "model/log_words.h"

/* What was asked for, names looked up. */
struct failure_search {
	struct arena *arena;
	const struct failure_filter *filter;
	bool possible;        /* false: nothing can match */
	int recipe, version;  /* 0: any */
	enum query signature; /* fragment of the column, if filter->signature */
	size_t nterms;
	struct query_term term[QUERY_TERMS_MAX];
	bool indexed; /* an index can find at least one of the terms */
};

/* ERR_INPUT for too many terms. */
enum err failure_search_read(struct db *db, struct arena *a,
    const struct failure_filter *filter, struct failure_search *out,
    struct errinfo *ei) MUST_CHECK;

/* What the indices over logs know of so many of them together. */
#define LOGS_SHIFT 9

/* Adds FROM and all conditions. */
enum failure_source {
	FAILURES_FILTERED, /* without regard to terms */
	FAILURES_NEWEST,   /* terms looked for in the first `window` failures */
	FAILURES_INDEXED   /* terms by index; only if search->indexed */
};
struct failure_from {
	enum failure_source source;
	bool down; /* FAILURES_NEWEST: from the newest, else the oldest */
	int64_t window;
	int64_t log_before; /* FAILURES_NEWEST: only of logs with smaller */
	int64_t since;      /* numbers, seen since then; 0: of any */
	size_t nlogs; /* FAILURES_INDEXED: only logs of these numbers, which */
	const int32_t *logs; /* are log.id >> LOGS_SHIFT; 0: all of them */
};
void failure_search_from(struct sql *s, const struct failure_search *search,
    struct failure_from from);

#endif
