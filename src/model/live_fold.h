/*
 * live_fold.h: builds that are being reported become builds: the files that
 * bitbake would have written are made of what came of them, and read like any
 * others.
 */
#ifndef MODEL_LIVE_FOLD_H
#define MODEL_LIVE_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct db;

struct live_fold_options {
	unsigned rules; /* mask.h */
	int silent;     /* seconds after which a build counts as cut short */
};

/*
 * Folds one live build that is due, in a transaction of its own; *done is
 * false if there was none.  Several processes may do it.  One that can't be
 * folded is tried again later, and logged.
 */
enum err live_fold(struct db *db, const struct live_fold_options *options,
    bool *done, struct errinfo *ei) MUST_CHECK;

/* Folds one in the caller's transaction, as begun just now; *build is what it
 * has become. */
enum err live_fold_now(struct db *db, int64_t live,
    const struct live_fold_options *options, int *build,
    struct errinfo *ei) MUST_CHECK;

/* Forgets live builds that were folded for good, some time ago, and what never
 * belonged to one. */
enum err live_clean(struct db *db, struct errinfo *ei) MUST_CHECK;

#endif
