/* filter.h: what the filters of all lists have in common. */
#ifndef MODEL_FILTER_H
#define MODEL_FILTER_H

#include "db/stmt.h"

struct arena;

/* Adds a fragment with one text, unless that is NULL or "". */
void filter_text(struct sql *s, enum query fragment, const char *text);

/* Adds a fragment with the statuses whose bits are set, unless none is: bit k
 * is number k of enum build_status. */
void filter_statuses(
    struct sql *s, struct arena *a, enum query fragment, unsigned bits);

#endif
