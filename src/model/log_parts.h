/* log_parts.h: what log_take.c and log_excerpt.c share; nobody else includes
 * it. */
#ifndef MODEL_LOG_PARTS_H
#define MODEL_LOG_PARTS_H

#include "model/log_marks.h"
#include "model/log_take.h"

/* The lines of a log that has been taken, from its packed pieces. */
struct log_text {
	const struct taken_log *log;
	const bool *cut;    /* a piece begins within a line */
	struct arena *room; /* for the piece that is held, and nothing else */
	size_t piece;       /* the one that is held */
	struct slice held;
	uint32_t line; /* number of the line at `at` in it */
	size_t at;
};

/* Fills in first_error, error_lines, first_line, excerpt and block. */
void log_excerpt(struct arena *a, struct log_text *text,
    struct log_marks *marks, struct taken_log *out);

#endif
