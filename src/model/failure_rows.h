/*
 * failure_rows.h: failures of a build as they are stored.
 */
#ifndef MODEL_FAILURE_ROWS_H
#define MODEL_FAILURE_ROWS_H

#include "model/failure_merge.h"
#include "model/failure_store.h"

/* A stored failure, with what is compared and what is told. */
struct failure_row_of {
	struct failure_key key; /* first: failure_key_order */
	int32_t log;            /* 0: none */
	bool bare;              /* nothing was told instead of a log */
	bool taken;             /* one of the build at hand is it */
	struct failure_stored tell;
};

struct failure_rows_of {
	int build;
	size_t max; /* 0: all */
	size_t n;   /* what was found */
	struct failure_row_of *row;
};
/* Those of a build in the order of their numbers. */
enum err failure_rows_load(struct db *db, struct arena *a,
    struct failure_rows_of *rows, struct errinfo *ei) MUST_CHECK;

/* Sorts the failures of a build by number and fills in what is known of the
 * first FAILURES_KNOWN. */
enum err failure_rows_known(struct db *db, int build,
    struct failures_stored *all, struct errinfo *ei) MUST_CHECK;

#endif
