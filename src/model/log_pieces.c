/* log_pieces.c: see log_pieces.h. */
#include "model/log_pieces.h"

#include "archive/zstd.h"
#include "base/arena.h"

/* No piece is larger, but one that is damaged may say so. */
#define PIECE_MAX ((size_t)1 << 24)

void
log_pieces_init(struct log_pieces *p, struct db *db, int id, size_t batch)
{
	*p = (struct log_pieces){
	    .db = db, .scratch = arena_new(0), .id = id, .batch = batch};
}

void
log_pieces_clear(struct log_pieces *p)
{
	rows_free(p->rows);
	arena_free(p->scratch);
}

/* Takes the piece in the row at hand. */
static enum err
take(struct log_pieces *p, struct errinfo *ei)
{
	const struct rows *r = p->rows;
	int64_t size = row_int(r, p->row, 2);
	enum err err;

	arena_reset(p->scratch);
	p->n = (int32_t)row_int(r, p->row, 0);
	p->start = (uint64_t)row_int(r, p->row, 1);
	p->first_line = (uint32_t)row_int(r, p->row, 3);
	err = zstd_unpack(
	    p->scratch, row_bytes(r, p->row, 4), PIECE_MAX, &p->text, ei);
	if (err == ERR_OK && (int64_t)p->text.n != size)
		err = err_set(ei, ERR_INTERNAL,
		    "a piece of log %d has %zu bytes instead of %lld", p->id,
		    p->text.n, (long long)size);
	return err;
}

enum err
log_pieces_seek(
    struct log_pieces *p, int32_t n, bool *found, struct errinfo *ei)
{
	enum err err;

	rows_free(p->rows);
	p->rows = NULL;
	p->row = 0;
	err = STMT_QUERY(p->db, Q_LOG_PIECES, &p->rows, ei, DB_I4(p->id),
	    DB_I4(n), DB_I4((int64_t)n + (int64_t)p->batch));
	*found = err == ERR_OK && rows_count(p->rows) > 0;
	return *found ? take(p, ei) : err;
}

enum err
log_pieces_next(struct log_pieces *p, bool *found, struct errinfo *ei)
{
	if (p->row + 1 >= rows_count(p->rows))
		return log_pieces_seek(p, p->n + 1, found, ei);
	p->row++;
	*found = true;
	return take(p, ei);
}
