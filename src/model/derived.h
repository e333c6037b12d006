/*
 * derived.h: numbers of a task that are made from others, as oe-core's
 * buildstats.py makes them: cputime (own and children's user and system
 * time), read_ops and write_ops (own and children's blocks).
 */
#ifndef MODEL_DERIVED_H
#define MODEL_DERIVED_H

#include <stdbool.h>

#include "model/build.h"

enum derived { DERIVED_CPUTIME, DERIVED_READ_OPS, DERIVED_WRITE_OPS };
#define NDERIVED 3

/* Its name, and the names of the metrics it sums; NULL at the end. */
extern const struct derived_metric {
	const char *name;
	const char *parts[5];
} derived_sums[NDERIVED];

/* For one shape: the slots that make a derived number; -1 where missing. */
struct derived_slots {
	int slot[NDERIVED][4];
};

/* One per shape of b. */
struct derived_slots *derived_slots_of(struct arena *a, const struct build *b);

/* False if the task has none of the parts. */
bool derived_value(const struct build *b, const struct derived_slots *ds,
    const struct task *t, enum derived d, double *out);

#endif
