/*
 * result_find.h: a log in a stored testresults.json, or the file itself.
 *
 * The file is read from the run's place on, piece by piece, until the log is
 * found; nothing is held but the piece at hand.
 */
#ifndef MODEL_RESULT_FIND_H
#define MODEL_RESULT_FIND_H

#include "base/err.h"
#include "base/str.h"

struct arena;
struct db;

struct result_place {
	int file;
	uint64_t position; /* of the run in it */
	const char *test;  /* whose log, stdout and stderr; or "" */
	const char
	    *suite;     /* "ptestresult.glib-2.0": its section's log; or "" */
	unsigned rules; /* mask.h: what is taken out of the log */
};

typedef enum err (*result_piece_fn)(
    void *arg, struct slice piece, struct errinfo *ei);

/* Gives the log, masked, in pieces; ERR_NOT_FOUND before the first of them. */
enum err result_log_find(struct db *db, const struct result_place *place,
    result_piece_fn fn, void *arg, struct errinfo *ei) MUST_CHECK;

/* Gives the file's bytes. */
enum err result_file_bytes(struct db *db, int file, result_piece_fn fn,
    void *arg, struct errinfo *ei) MUST_CHECK;

#endif
