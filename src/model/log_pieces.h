/*
 * log_pieces.h: the stored pieces of a log, one after the other.
 */
#ifndef MODEL_LOG_PIECES_H
#define MODEL_LOG_PIECES_H

#include "db/stmt.h"

struct log_pieces {
	struct db *db;
	struct arena *scratch; /* holds text; reset for every piece */
	int id;
	struct rows *rows; /* the batch at hand */
	size_t row, batch;
	/* the piece at hand */
	int32_t n;
	struct slice text;
	uint64_t start;
	uint32_t first_line;
};

/* batch: how many pieces a statement brings. */
void log_pieces_init(struct log_pieces *p, struct db *db, int id, size_t batch);
void log_pieces_clear(struct log_pieces *p);

/* Goes to piece n; *found is false if there is none. */
enum err log_pieces_seek(struct log_pieces *p, int32_t n, bool *found,
    struct errinfo *ei) MUST_CHECK;
/* Goes to the next one. */
enum err log_pieces_next(
    struct log_pieces *p, bool *found, struct errinfo *ei) MUST_CHECK;

#endif
