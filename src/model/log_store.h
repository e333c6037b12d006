/*
 * log_store.h: keeps logs, each content once.
 */
#ifndef MODEL_LOG_STORE_H
#define MODEL_LOG_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct db;
struct taken_log;

struct log_list {
	const struct taken_log *const *log; /* NULL: none */
	size_t n;
};

/*
 * Stores those that are new; ids[i] becomes the id of log i, 0 where there is
 * none.  Each statement must be a transaction of its own: db is outside of one,
 * or db_aside().
 */
enum err log_store(struct db *db, struct arena *a, struct log_list logs,
    int32_t *ids, struct errinfo *ei) MUST_CHECK;

/* Finds a log's errors, excerpt and lines anew, and keeps them. */
enum err log_refresh(struct db *db, int id, const struct taken_log *log,
    struct errinfo *ei) MUST_CHECK;

#endif
