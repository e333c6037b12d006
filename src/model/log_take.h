/*
 * log_take.h: takes in a log while it streams by: masks, hashes, cuts into
 * chunks, packs, and finds its errors.  Memory stays at the packed bytes plus
 * a few hundred KiB however long the log or its lines are.
 */
#ifndef MODEL_LOG_TAKE_H
#define MODEL_LOG_TAKE_H

#include <stdint.h>

#include "base/err.h"
#include "model/error_line.h"
#include "model/mask.h"

struct arena;
struct log_taker;

#define LOG_CHUNK_BYTES ((uint32_t)128 << 10)
#define LOG_ERRORS_MAX 256
#define LOG_EXCERPT_LINES 120
#define LOG_EXCERPT_BYTES 8192
#define LOG_MASKED_MAX 20

struct log_piece {
	uint64_t start;      /* bytes before it */
	uint32_t size;       /* bytes, inflated */
	uint32_t first_line; /* of its first byte, from 1 */
	struct slice zstd;
};

struct excerpt_line {
	uint32_t number;  /* from 1 */
	const char *text; /* error_line_text, at most 500 bytes */
};

struct log_masked {
	uint32_t line;
	struct mask_hit hit;
};

struct taken_log {
	unsigned char sha256[32]; /* of the masked bytes */
	uint64_t size;            /* of the masked bytes */
	uint32_t lines;           /* a last one without LF counts */
	size_t npieces;
	struct log_piece *pieces; /* end at a line's end where they can */
	uint32_t first_error;     /* line; 0: none was found */
	size_t nerrors;
	int32_t *error_lines; /* LINE_ERROR, the first LOG_ERRORS_MAX */
	/*
	 * The first error and the last block of errors with what is around
	 * them, then further errors as there is room; ascending, gaps
	 * between.  Without any error the log's last 20 lines.
	 */
	size_t nexcerpt;
	struct excerpt_line *excerpt;
	/* The error in one line, what a person would paste: without its file
	 * and line where it starts with them; up to 300 bytes; "" if none. */
	const char *first_line;
	/* What signatures are made of (see signature.h): LINE_ERROR lines
	 * with their LINE_CONTEXT lines of the last block, up to 64 lines. */
	size_t nblock;
	struct slice *block; /* clean text, up to 1,000 bytes each */
	uint64_t masked;     /* places */
	size_t nshown;
	struct log_masked *shown; /* the first of them */
};

/* rules: mask.h. The result and its bytes live in a. */
struct log_taker *log_taker_new(struct arena *a, unsigned rules);
void log_taker_free(struct log_taker *t);
void log_taker_add(struct log_taker *t, const void *data, size_t n);
const struct taken_log *log_taker_end(struct log_taker *t);
/* Packed bytes so far, for those who bound what is pending. */
size_t log_taker_memory(const struct log_taker *t);

/* All in one. */
const struct taken_log *log_take(
    struct arena *a, struct slice text, unsigned rules);

#endif
