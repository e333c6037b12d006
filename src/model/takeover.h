/*
 * takeover.h: a build that an error report alone had made gives way to the
 * whole one, which turns up later with the same report.
 */
#ifndef MODEL_TAKEOVER_H
#define MODEL_TAKEOVER_H

#include "model/build_store.h"

/* In the transaction that stores build `to`, both being locked.  The addresses
 * of build `from` and of its failures lead to what took their place. */
enum err build_takeover(struct db *db, struct build_key from, int to,
    struct errinfo *ei) MUST_CHECK;

/* Takes all that belongs to a build out of the partitioned tables. */
enum err build_clear(
    struct db *db, struct build_key build, struct errinfo *ei) MUST_CHECK;

#endif
