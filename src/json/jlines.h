/*
 * jlines.h: changes lines in the strings of a JSON text that streams by: logs
 * and configuration files stand in such strings, their lines told by "\n".
 *
 * What isn't changed comes out byte for byte as it went in, whatever it is.
 */
#ifndef JSON_JLINES_H
#define JSON_JLINES_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

struct jlines_sink {
	/* A line, decoded, or a piece of one of more than 64 KiB.  True:
	 * `changed`, which is empty, now holds what shall stand there. */
	bool (*line)(void *arg, struct slice line, struct buf *changed);
	void (*out)(void *arg, const char *p, size_t n);
	void *arg;
};

struct jlines;

struct jlines *jlines_new(const struct jlines_sink *sink);
void jlines_free(struct jlines *j);
void jlines_add(struct jlines *j, const char *p, size_t n);
/* What is left of a text that ended in a string comes out. */
void jlines_end(struct jlines *j);

#endif
