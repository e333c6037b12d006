/*
 * log_lines.h: the lines of a text that streams by.  Long ones come in pieces,
 * cut where no rule of mask.h would see two halves of something.
 */
#ifndef MODEL_LOG_LINES_H
#define MODEL_LOG_LINES_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

struct log_lines {
	/* A line without its LF, or a piece of one; ends: the LF followed. */
	void (*piece)(void *arg, struct slice piece, bool ends);
	void *arg;
	struct buf line; /* what has begun; all zero at first */
};

void log_lines_add(struct log_lines *l, const void *data, size_t n);
/* Gives a last line without LF; then the next text may come. */
void log_lines_end(struct log_lines *l);
void log_lines_clear(struct log_lines *l);

#endif
