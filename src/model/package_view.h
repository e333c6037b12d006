/*
 * package_view.h: what a recipe's latest results say; pure functions over
 * results that stand newest first.
 */
#ifndef MODEL_PACKAGE_VIEW_H
#define MODEL_PACKAGE_VIEW_H

#include "model/package_history.h"

/* A machine and distro that the recipe was built for. */
struct package_target {
	const char *machine, *distro;
	size_t latest;     /* index of its newest result that ended */
	bool ended, works; /* that result: succeeded */
	size_t first_bad;  /* when it fails: the first of the failures since
			      the last success */
	bool ever_good;    /* a success is known */
};

/* Targets, the one with the newest result first; at most max of them. */
size_t package_targets(struct arena *a, const struct package_result *row,
    size_t n, size_t max, struct package_target **out);

/* Versions, the one with the newest result first; at most max of them. */
size_t package_versions(struct arena *a, const struct package_result *row,
    size_t n, size_t max, const char ***out);

/* Index of the newest result of a target in a version; n if there is none. */
size_t package_cell(const struct package_result *row, size_t n,
    const struct package_target *target, const char *version);

/*
 * Indexes of the newest result with a status for each target (and failed task,
 * when the status is BUILD_FAILED); at most max of them.
 */
size_t package_newest(const struct package_result *row, size_t n,
    enum build_status status, size_t *out, size_t max);

#endif
