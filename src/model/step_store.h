/*
 * step_store.h: the steps of everything, kept up to date behind the uploads:
 * finding them while somebody waits would be too dear.
 */
#ifndef MODEL_STEP_STORE_H
#define MODEL_STEP_STORE_H

#include "base/err.h"
#include "model/build_list.h"
#include "model/step.h"

struct db;

/* Of a machine and builder, the newest; of all runs of a recipe
 * TREND_RUNS_MAX. */
#define STEP_RUNS_MAX 200

/*
 * Looks which recipes a few new builds have made; they are due some minutes
 * later, for others may make them, too.  *done is false if there were none.
 */
enum err step_take_builds(
    struct db *db, bool *done, struct errinfo *ei) MUST_CHECK;

/*
 * Finds the steps of one recipe that is due, or of whole builds, in a
 * transaction of its own; *done is false if there was none.  Several processes
 * may do it: each takes another one.
 */
enum err step_update_one(
    struct db *db, bool *done, struct errinfo *ei) MUST_CHECK;

struct steps_left {
	int64_t builds, recipes;
	double age; /* how long the oldest is overdue, seconds; below 0: not yet
		     */
};
enum err steps_left(
    struct db *db, struct steps_left *out, struct errinfo *ei) MUST_CHECK;

/* ---- the list ---- */

struct step_row {
	const char *recipe, *task, *image; /* "" if none */
	const char *machine, *distro, *builder, *branch, *metric, *build_name;
	enum step_verdict verdict;
	int64_t seen;
	int build_before, build_after;
	size_t runs_before, runs_after;
	double change; /* INFINITY from nothing */
	struct step_sides sides;
};

/* "" means any; times TIME_UNKNOWN. */
struct step_filter {
	const char *recipe, *task, *machine, *builder;
	unsigned verdicts; /* bits 1 << enum step_verdict; 0: any */
	int64_t since, until;
};

/* The keys that an order may name; NULL-terminated. */
extern const char *const step_list_keys[];

struct step_list {
	size_t n;
	struct step_row *row;
};
enum err step_list_find(struct db *db, struct arena *a,
    const struct step_filter *f, const struct list_order *order,
    struct step_list *out, struct errinfo *ei) MUST_CHECK;

struct step_counts {
	int64_t worse, better, machine;
};
enum err step_list_count(struct db *db, struct arena *a,
    const struct step_filter *f, struct step_counts *out,
    struct errinfo *ei) MUST_CHECK;

#endif
