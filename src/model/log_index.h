/*
 * log_index.h: puts the words of logs into the search, behind the uploads that
 * brought them.
 */
#ifndef MODEL_LOG_INDEX_H
#define MODEL_LOG_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct db;

/*
 * Reads one log whose words aren't in the search yet, in a transaction of its
 * own; *done is false if there was none.  Several processes may do it: each
 * takes another log.
 */
enum err log_index_one(
    struct db *db, bool *done, struct errinfo *ei) MUST_CHECK;

struct log_index_left {
	int64_t logs;
	double age; /* of the oldest, in seconds */
};
enum err log_index_left(
    struct db *db, struct log_index_left *out, struct errinfo *ei) MUST_CHECK;

#endif
