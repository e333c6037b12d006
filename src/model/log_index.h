/*
 * log_index.h: puts the words of logs into the search, behind the uploads that
 * brought them.
 */
#ifndef MODEL_LOG_INDEX_H
#define MODEL_LOG_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct db;

/*
 * Reads a few logs whose words aren't in the search yet, in a transaction of
 * their own; *done of them, 0 if there was none.  Several processes may do it:
 * each takes other logs.
 */
enum err log_index_some(
    struct db *db, size_t *done, struct errinfo *ei) MUST_CHECK;

struct log_index_left {
	int64_t logs;
	double age; /* of the oldest, in seconds */
};
enum err log_index_left(
    struct db *db, struct log_index_left *out, struct errinfo *ei) MUST_CHECK;

#endif
