/* log_index.c: see log_index.h. */
#include "model/log_index.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "db/stmt.h"
#include "model/log_read.h"
#include "model/log_words.h"

#define LOGS_AT_ONCE 8
#define BYTES_AT_ONCE 1000000 /* behind them it is enough */

DEFINE_CLEANUP(struct log_words *, cleanup_words, log_words_free);

static enum err
add_piece(void *arg, struct slice piece, struct errinfo *ei)
{
	(void)ei;
	log_words_add(arg, piece.p, piece.n);
	return ERR_OK;
}

/* A log that can't be read has no words: it must not stand in the way of the
 * others for ever. */
static enum err
index_log(struct db *db, int id, int64_t size, struct errinfo *ei)
{
	CLEANUP(cleanup_words) struct log_words *w = log_words_new();
	const struct log_range all = {0, (uint64_t)size};
	const int32_t *words;
	size_t n = 0;
	enum err err = log_bytes(db, id, all, add_piece, w, ei);

	if (err == ERR_INTERNAL || err == ERR_NOT_FOUND)
		log_error("log %d can't be indexed: %s", id, ei->text);
	else if (err != ERR_OK)
		return err;
	words = log_words_end(w, &n);
	return STMT_LATER(
	    db, Q_LOG_INDEX_SET, ei, DB_I4(id), db_int4s(words, n));
}

static enum err
index_next(struct db *db, size_t *done, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(db, Q_LOG_INDEX_NEXT, &r, ei, DB_I8(LOGS_AT_ONCE));
	int64_t bytes = 0;

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < rows_count(r) && bytes < BYTES_AT_ONCE; i++) {
		bytes += row_int(r, i, 1);
		err =
		    index_log(db, (int)row_int(r, i, 0), row_int(r, i, 1), ei);
		if (err != ERR_OK)
			return err;
		++*done;
	}
	return ERR_OK;
}

enum err
log_index_some(struct db *db, size_t *done, struct errinfo *ei)
{
	enum err err = db_begin(db, DB_READ_WRITE, ei);

	*done = 0;
	if (err == ERR_OK)
		err = db_end(db, index_next(db, done, ei), ei);
	if (err != ERR_OK)
		*done = 0;
	return err;
}

enum err
log_index_left(struct db *db, struct log_index_left *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_LOG_INDEX_LEFT, NULL, 0, &r, ei);

	if (err != ERR_OK)
		return err;
	out->logs = row_int(r, 0, rows_column(r, "logs"));
	out->age = row_double(r, 0, rows_column(r, "age"));
	return ERR_OK;
}
