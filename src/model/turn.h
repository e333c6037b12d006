/*
 * turn.h: where a recipe turned from good to bad on one target (machine and
 * distro, and the branch as far as that was built), and what came between.
 */
#ifndef MODEL_TURN_H
#define MODEL_TURN_H

#include "model/nearness.h"
#include "model/package_history.h"

/* Whoever built it: the nearer the two are, the less lies between them. */
struct turn {
	bool has_good;
	struct package_result good; /* the last success before bad */
	struct package_result bad;  /* the first failure since */
};

/* Of results that stand newest first, where row[latest] failed; pure. */
struct turn turn_in(const struct package_result *row, size_t n, size_t latest);

/* The same from the database, however far back; failed is a result of its own,
 * of which build, machine, distro, branch and started count. */
enum err turn_find(struct db *db, struct arena *a, int recipe,
    const struct package_result *failed, struct turn *out,
    struct errinfo *ei) MUST_CHECK;
/* The same where it is known that the recipe was never made. */
enum err turn_find_bad(struct db *db, struct arena *a, int recipe,
    const struct package_result *failed, struct turn *out,
    struct errinfo *ei) MUST_CHECK;

/* The revisions of a layer that are in bad and not in good. */
struct turn_range {
	const char *layer;
	const char *from, *to; /* hexadecimal */
	const char *command;   /* git log --oneline from..to */
	bool modified;         /* bad had local changes on top */
};

struct turn_ranges {
	size_t n, same; /* same: layers at the same revision on both sides */
	struct turn_range *range;
};

/*
 * Layers that both know with a real revision (7 to 64 hexadecimal digits: what
 * is written into a command is nothing else); without any layer the commits of
 * oe-core.  Pure.
 */
struct turn_ranges turn_ranges(struct arena *a, const struct build_facts *good,
    const struct build_facts *bad);

#endif
