/*
 * failure_merge.h: the failures of a build, each once: those of its tasks, and
 * those that were told.
 */
#ifndef MODEL_FAILURE_MERGE_H
#define MODEL_FAILURE_MERGE_H

#include "base/err.h"
#include "model/told_parts.h"

struct failure_key {
	int16_t kind;
	int32_t recipe, version, task; /* ids, 0: unknown */
	int32_t sig_task;              /* 0: unknown */
};

/* The same but for what one of them doesn't know? */
bool failure_same(const struct failure_key *a, const struct failure_key *b);
/* For qsort of what starts with a key: by kind, recipe and task. */
int failure_key_order(const void *x, const void *y);

struct merged_failure {
	struct failure_key key;
	const char *recipe, *version, *task; /* "" if unknown */
	int64_t seen;                        /* never TIME_UNKNOWN */
	int32_t number;                      /* given out already, or 0 */
	const struct told_part *part;        /* NULL: only its task told it */
};

struct merged_failures {
	size_t n;
	struct merged_failure *failure;
	size_t *told; /* which of them each of build->told became */
};

/* build->parts must be there if anything was told. */
enum err failure_merge(struct db *db, struct arena *a, const struct build *b,
    struct merged_failures *out, struct errinfo *ei) MUST_CHECK;

/* Adds names that are new to the dictionaries; failure_merge does so, too. */
enum err failure_names(struct db *db, struct arena *a, const struct build *b,
    struct errinfo *ei) MUST_CHECK;

#endif
