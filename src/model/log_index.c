/* log_index.c: see log_index.h. */
#include "model/log_index.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "db/stmt.h"
#include "model/log_read.h"
#include "model/log_words.h"

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
	return STMT_EXEC(
	    db, Q_LOG_INDEX_SET, ei, DB_I4(id), db_int4s(words, n));
}

static enum err
index_next(struct db *db, bool *done, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_LOG_INDEX_NEXT, NULL, 0, &r, ei);

	*done = err == ERR_OK && rows_count(r) > 0;
	if (!*done)
		return err;
	return index_log(db, (int)row_int(r, 0, 0), row_int(r, 0, 1), ei);
}

enum err
log_index_one(struct db *db, bool *done, struct errinfo *ei)
{
	enum err err = db_begin(db, DB_READ_WRITE, ei);

	*done = false;
	return err == ERR_OK ? db_end(db, index_next(db, done, ei), ei) : err;
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
