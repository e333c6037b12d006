/*
 * config_diff.h: in which variables two builds' configurations differ; pure.
 *
 * Reads bitbake's .conf files: assignments with all operators,
 * continued lines, flags, export, unset and the names after include, require
 * and inherit.  Nothing is expanded.  Lines that are none of these say nothing.
 */
#ifndef MODEL_CONFIG_DIFF_H
#define MODEL_CONFIG_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

/* Variables beyond this many of one configuration are left out. */
#define CONFIG_VARIABLES_MAX 4096
#define CONFIG_VALUE_MAX 400 /* bytes of a value that are shown */

struct config_difference {
	const char *variable; /* "IMAGE_INSTALL:append" */
	/* What is set, as a person reads it; NULL if it isn't set there.  Of
	 * two long lists only the words that the other one lacks. */
	const char *here, *there;
	bool local; /* a directory or a number of threads: says where a build
		       ran, hardly why it failed */
};

/*
 * The texts of each side in the order in which bitbake reads them.  Differences
 * come sorted by variable, local ones last; at most max are written, all of
 * them are counted.
 */
struct config_side {
	const struct slice *text;
	size_t n;
};
size_t config_diff(struct arena *a, struct config_side here,
    struct config_side there, struct config_difference *out, size_t max);

/* What a variable is set to, not expanded; NULL if it isn't set. */
const char *config_value(
    struct arena *a, struct config_side side, const char *variable);

#endif
