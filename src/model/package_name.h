/*
 * package_name.h: finds a recipe by name, or a recipe in one version by PF
 * ("zlib-1.3.2-r0").
 */
#ifndef MODEL_PACKAGE_NAME_H
#define MODEL_PACKAGE_NAME_H

#include <stdbool.h>

#include "base/err.h"

struct arena;
struct db;

struct package_name {
	bool found;
	int recipe;
	int version; /* or -1: any */
	const char *recipe_name;
	const char *version_name; /* "" if any */
};

/* The whole text as a recipe comes first.  Nothing found is no error. */
enum err package_name_find(struct db *db, struct arena *a, const char *text,
    struct package_name *out, struct errinfo *ei) MUST_CHECK;

#endif
