/* log_read.c: see log_read.h. */
#include "model/log_read.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/log_pieces.h"

/* ---- what is known of a log ---- */

/* The excerpt's lines are joined by LF. */
static void
read_excerpt(
    struct log_info *out, const char *text, const int32_t *number, size_t n)
{
	struct slice rest = slice_of(text), line;

	for (; out->nexcerpt < n; out->nexcerpt++) {
		if (!slice_cut(&rest, '\n', &line))
			rest = (struct slice){"", 0};
		out->excerpt[out->nexcerpt] = (struct excerpt_line){
		    (uint32_t)number[out->nexcerpt], line.p};
	}
}

static void
read_info(struct log_info *out, const struct rows *r, struct arena *a)
{
	struct slice hash = row_bytes(r, 0, 0);
	int32_t *number;
	size_t n = row_int4s(r, 0, 6, a, &number);
	char *text = arena_strdup(a, row_text(r, 0, 5));

	if (hash.n == sizeof(out->sha256))
		memcpy(out->sha256, hash.p, hash.n);
	out->size = (uint64_t)row_int(r, 0, 1);
	out->lines = (uint32_t)row_int(r, 0, 2);
	out->first_error = (uint32_t)row_int(r, 0, 3);
	out->nerrors = row_int4s(r, 0, 4, a, &out->error_lines);
	out->excerpt = arena_calloc(a, n + 1, sizeof(*out->excerpt));
	read_excerpt(out, text, number, n);
	for (char *p = text; (p = strchr(p, '\n')) != NULL;)
		*p++ = '\0';
	out->indexed = row_bool(r, 0, 7);
}

enum err
log_info_load(struct db *db, struct arena *a, int id, struct log_info *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_LOG_INFO, &r, ei, DB_I4(id));

	*out = (struct log_info){.id = id};
	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return err_set(ei, ERR_NOT_FOUND, "there is no log %d", id);
	read_info(out, r, a);
	return ERR_OK;
}

/* ---- lines ---- */

struct reader {
	struct log_pieces pieces;
	struct arena *a;
	struct errinfo *ei;
	bool more;      /* a piece is at hand */
	size_t at;      /* in its text */
	uint32_t line;  /* the one that begins there */
	struct buf cut; /* the start of a line that goes over pieces */
};

static void
reader_clear(struct reader *r)
{
	log_pieces_clear(&r->pieces);
	buf_clear(&r->cut);
}

/* The number that a statement gives; `otherwise` if it gives none. */
static int32_t
piece_number(const struct rows *r, int32_t otherwise)
{
	return rows_count(r) > 0 ? (int32_t)row_int(r, 0, 0) : otherwise;
}

/* The first LF behind `at`, or the end of the piece. */
static size_t
line_end(const struct reader *r)
{
	struct slice text = r->pieces.text;
	const char *lf = r->at < text.n
			     ? memchr(text.p + r->at, '\n', text.n - r->at)
			     : NULL;

	return lf != NULL ? (size_t)(lf - text.p) : text.n;
}

static enum err
next_piece(struct reader *r)
{
	r->at = 0;
	return log_pieces_next(&r->pieces, &r->more, r->ei);
}

/* Goes to where line `from` begins, or the log ends. */
static enum err
find_line(struct reader *r, uint32_t from)
{
	CLEANUP(cleanup_rows) struct rows *rows = NULL;
	enum err err = STMT_QUERY(r->pieces.db, Q_LOG_PIECE_OF_LINE, &rows,
	    r->ei, DB_I4(r->pieces.id),
	    DB_I4(from < INT32_MAX ? from : INT32_MAX));

	if (err == ERR_OK)
		err = log_pieces_seek(
		    &r->pieces, piece_number(rows, 0), &r->more, r->ei);
	if (err != ERR_OK)
		return err;
	r->line = r->pieces.first_line;
	while (r->more && r->line < from) {
		size_t end = line_end(r);
		if (end == r->pieces.text.n) {
			if ((err = next_piece(r)) != ERR_OK)
				return err;
			continue;
		}
		r->at = end + 1;
		r->line++;
	}
	return ERR_OK;
}

/* The piece in which a line ends that goes on behind the one at hand. */
static enum err
piece_of_end(struct reader *r, int32_t *n)
{
	CLEANUP(cleanup_rows) struct rows *behind = NULL;
	CLEANUP(cleanup_rows) struct rows *last = NULL;
	struct log_pieces *p = &r->pieces;
	enum err err = STMT_QUERY(p->db, Q_LOG_PIECE_BEHIND, &behind, r->ei,
	    DB_I4(p->id), DB_I4(p->n), DB_I4(r->line));

	if (err != ERR_OK)
		return err;
	if (rows_count(behind) > 0) {
		*n = (int32_t)row_int(behind, 0, 0) - 1;
		return ERR_OK;
	}
	err = STMT_QUERY(p->db, Q_LOG_PIECE_OF_BYTE, &last, r->ei, DB_I4(p->id),
	    DB_I8(INT64_MAX));
	if (err == ERR_OK)
		*n = piece_number(last, p->n);
	return err;
}

static void
keep(struct reader *r, const char *p, size_t n)
{
	size_t room = LOG_LINE_MAX - r->cut.len;

	buf_add(&r->cut, p, n < room ? n : room);
}

/*
 * A line that goes over pieces: those in its middle aren't read unless the
 * text that is shown reaches into them.
 */
static enum err
long_line(struct reader *r, struct log_line *out)
{
	struct log_pieces *p = &r->pieces;
	uint64_t start = p->start + r->at, end = p->start + p->text.n;
	bool jumped = false;
	enum err err = ERR_OK;

	buf_reset(&r->cut);
	keep(r, p->text.p + r->at, p->text.n - r->at);
	while (err == ERR_OK && (err = next_piece(r)) == ERR_OK && r->more) {
		size_t lf = line_end(r);
		keep(r, p->text.p, lf);
		end = p->start + lf;
		if (lf < p->text.n) {
			r->at = lf + 1;
			break;
		}
		if (jumped || r->cut.len < LOG_LINE_MAX)
			continue;
		int32_t n;
		jumped = true;
		err = piece_of_end(r, &n);
		if (err == ERR_OK && n > p->n + 1)
			err = log_pieces_seek(p, n - 1, &r->more, r->ei);
	}
	out->text = (struct slice){
	    arena_strndup(r->a, r->cut.data, r->cut.len), r->cut.len};
	out->size = end - start;
	return err;
}

static enum err
read_line(struct reader *r, struct log_line *out)
{
	const struct log_pieces *p = &r->pieces;
	size_t end = line_end(r), n = end - r->at;

	out->number = r->line;
	if (end == p->text.n)
		return long_line(r, out);
	out->size = n;
	out->text.n = n < LOG_LINE_MAX ? n : LOG_LINE_MAX;
	out->text.p = arena_strndup(r->a, p->text.p + r->at, out->text.n);
	r->at = end + 1;
	return ERR_OK;
}

/* Is there another line?  Not behind the last LF. */
static enum err
at_line(struct reader *r)
{
	if (r->more && r->at == r->pieces.text.n)
		return next_piece(r);
	return ERR_OK;
}

enum err
log_lines(struct db *db, struct arena *a, int id, struct log_window *w,
    struct errinfo *ei)
{
	CLEANUP(reader_clear) struct reader r = {.a = a, .ei = ei};
	enum err err;

	log_pieces_init(&r.pieces, db, id, 2);
	w->n = 0;
	w->line = arena_calloc(a, w->max + 1, sizeof(*w->line));
	err = find_line(&r, w->from > 0 ? w->from : 1);
	while (err == ERR_OK && w->n < w->max &&
	       (err = at_line(&r)) == ERR_OK && r.more) {
		err = read_line(&r, &w->line[w->n++]);
		r.line++;
	}
	return err;
}

/* ---- bytes ---- */

enum err
log_bytes(struct db *db, int id, struct log_range range, log_piece_fn fn,
    void *arg, struct errinfo *ei)
{
	CLEANUP(log_pieces_clear) struct log_pieces p;
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	uint64_t end = range.n < INT64_MAX - range.start ? range.start + range.n
							 : INT64_MAX;
	bool more = false;
	enum err err;

	log_pieces_init(&p, db, id, 8);
	if (range.n == 0 || range.start >= INT64_MAX)
		return ERR_OK;
	err = STMT_QUERY(db, Q_LOG_PIECE_OF_BYTE, &r, ei, DB_I4(id),
	    DB_I8((int64_t)range.start));
	if (err == ERR_OK && rows_count(r) > 0)
		err = log_pieces_seek(&p, (int32_t)row_int(r, 0, 0), &more, ei);
	while (err == ERR_OK && more && p.start < end) {
		struct slice s = p.text;
		if (p.start + s.n > end)
			s.n = (size_t)(end - p.start);
		if (p.start < range.start) {
			size_t skip = (size_t)(range.start - p.start);
			skip = skip < s.n ? skip : s.n;
			s = (struct slice){s.p + skip, s.n - skip};
		}
		err = s.n > 0 ? fn(arg, s, ei) : ERR_OK;
		if (err == ERR_OK)
			err = log_pieces_next(&p, &more, ei);
	}
	return err;
}
