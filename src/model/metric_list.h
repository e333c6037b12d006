/* metric_list.h: the dictionary of metrics that have been seen. */
#ifndef MODEL_METRIC_LIST_H
#define MODEL_METRIC_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct db;

struct metric_entry {
	const char *name, *key, *unit, *kind;
	int64_t seen; /* first */
};

/* All of them by name, each name once. */
enum err metric_list(struct db *db, struct arena *a, struct metric_entry **out,
    size_t *n, struct errinfo *ei) MUST_CHECK;

/* The number of the build that started last; 0 if there is none. */
enum err build_latest(struct db *db, int *id, struct errinfo *ei) MUST_CHECK;

#endif
