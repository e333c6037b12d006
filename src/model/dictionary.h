/*
 * dictionary.h: small integers for names.
 *
 * Names that are missing are added at once, in a transaction of their own
 * (db_aside), so that two uploads never wait for each other's new names and
 * an id that was given stays valid whatever becomes of the upload.  What is
 * known is remembered with the connection, so that the usual upload asks for
 * nothing.
 */
#ifndef MODEL_DICTIONARY_H
#define MODEL_DICTIONARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct db;

enum dictionary { DICT_RECIPE, DICT_VERSION, DICT_TASK };

struct name_list {
	const char *const *name;
	size_t n;
};

/* ids[i] becomes the id of name i.  Names may repeat. */
enum err dictionary_ids(struct db *db, struct arena *a, enum dictionary d,
    struct name_list names, int32_t *ids, struct errinfo *ei) MUST_CHECK;

struct dictionary_metric {
	const char *key, *name, *kind; /* kind: task, derived, series, build */
	const char *unit;              /* NULL: metric_unit(name) */
};
/* Makes sure that all are in the dictionary of metrics. */
enum err dictionary_metrics(struct db *db, struct arena *a,
    const struct dictionary_metric *m, size_t n, struct errinfo *ei) MUST_CHECK;

struct dictionary_facet {
	const char *kind, *name;
};
/* Makes sure that the pickers offer them. */
enum err dictionary_facets(struct db *db, struct arena *a,
    const struct dictionary_facet *f, size_t n, struct errinfo *ei) MUST_CHECK;

/*
 * Makes sure that the month in which a build was started has its partitions.
 * Remembered of this month, which nobody drops.
 */
enum err dictionary_month(
    struct db *db, int64_t started, struct errinfo *ei) MUST_CHECK;

#endif
