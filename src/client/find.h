/*
 * find.h: the buildstats runs below a directory.
 *
 * A run is a directory that holds a file build_stats.  The search goes a few
 * levels deep, follows links to directories, visits each directory once, and
 * stays out of the parts of a build directory that hold no statistics but a
 * million files.
 */
#ifndef CLIENT_FIND_H
#define CLIENT_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

struct run {
	const char *path;
	const char *name;   /* BUILDNAME: what its directory is called */
	const char *base;   /* BUILDSTATS_BASE */
	const char *member; /* its name in a tar: "buildstats/NAME"; runs of
			       before 2016 keep "TARGET-MACHINE/" */
	double started;     /* of build_stats, 0 if it doesn't say */
	bool newest;        /* of all runs in its base */
};

struct run_list {
	struct run *run;
	size_t n, cap;
	/* Directories that were looked into and are no runs themselves. */
	const char **searched;
	size_t nsearched, searched_cap;
};

/* Appends the runs in the order of their paths; none is no error. */
enum err find_runs(struct arena *a, const char *path, struct run_list *out,
    struct errinfo *ei) MUST_CHECK;

/* Whether build_stats says that the run has ended. */
bool run_is_complete(const struct run *run);

#endif
