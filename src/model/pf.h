/* pf.h: splits PF, "recipe-[epoch_]version-revision". */
#ifndef MODEL_PF_H
#define MODEL_PF_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/*
 * The version is everything behind the recipe, e.g. "1_2.78.0-r0".  Recipes
 * may contain "-<digit>", so this is a guess: the version starts behind the
 * last dash (that of the revision apart) that is followed by a digit, else
 * behind the last dash.  False when there is no version: the recipe is all
 * of it.
 */
bool pf_split(struct slice pf, struct slice *recipe, struct slice *version);

/* "ParseError at .../recipes/zz-parse_1.0.bb:18: ...": recipe and version as
 * the file's name has them; what it doesn't tell is left as it is. */
void pf_of_message(struct arena *a, const char *message, const char **recipe,
    const char **version);

#endif
