/* layer_line.h: the lines by which oe-core lists layers and their revisions. */
#ifndef MODEL_LAYER_LINE_H
#define MODEL_LAYER_LINE_H

#include "model/build.h"

struct arena;

struct layer_list {
	struct arena *arena;
	size_t n, cap;
	struct layer *layers;
};

/*
 * Reads `name = "branch:rev"`, quoted or not, perhaps with " -- modified"
 * behind.  A line with the name alone means: as the next layer that says.
 */
void layer_line_add(struct layer_list *list, struct slice line);

/* Gives layers without a revision that of the next one that has it. */
void layer_list_finish(struct layer_list *list);

#endif
