/*
 * jslim.h: cuts long strings out of a JSON text while it streams by, so that
 * a document with logs in it can be read for its other members in little
 * memory.
 */
#ifndef JSON_JSLIM_H
#define JSON_JSLIM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct jslim {
	size_t max; /* bytes kept of a string; set it, the rest starts as 0 */
	size_t kept;
	bool in_text, cutting;
	unsigned escape; /* characters that still belong to an escape */
};

/* Appends what is left of the piece to out. */
void jslim_add(struct jslim *s, struct buf *out, const char *p, size_t n);

#endif
