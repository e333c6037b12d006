/*
 * log_marks.h: which lines of a log matter, found while it streams by: numbers
 * only, the lines are fetched when the log has ended.
 */
#ifndef MODEL_LOG_MARKS_H
#define MODEL_LOG_MARKS_H

#include <stdint.h>

#include "model/error_line.h"

#define MARKS_BLOCK 64 /* lines of a block */
#define MARKS_ERRORS 256
#define MARKS_LEAD 8    /* context lines before an error, and after it */
#define MARKS_APART 100 /* errors further from each other are two blocks */

struct mark {
	uint32_t line;
	enum line_kind kind;
	enum error_weight weight;
};

/* Errors that stand together, with their context; the first MARKS_BLOCK. */
struct mark_block {
	size_t n;
	struct mark mark[MARKS_BLOCK];
	uint32_t last_error;
	enum error_weight weight; /* the heaviest */
};

struct log_marks {
	size_t nerrors;
	struct mark error[MARKS_ERRORS];
	/* The first one, and the first that says why; 0: none. */
	uint32_t first, first_sure;
	/* The block that is growing, and the last one before it that is at
	 * least as heavy as all others. */
	struct mark_block now, best;
	size_t ntrailers; /* those that say where */
	struct mark trailer[MARKS_LEAD];
	size_t nlead; /* latest lines that lead to an error, the oldest first */
	uint32_t lead[MARKS_LEAD];
	size_t follows; /* context lines since the latest error */
};

/* Numbers come in ascending order; plain lines needn't be told. */
void log_marks_add(struct log_marks *m, uint32_t line, struct line_class c);
/* The last block of errors, or, without any, of trailers; NULL without. */
const struct mark_block *log_marks_block(struct log_marks *m);

#endif
