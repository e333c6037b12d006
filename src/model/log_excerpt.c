/*
 * log_excerpt.c: what is shown and compared of a log: the lines that the
 * marks name, and those around them.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "model/log_parts.h"

#define SHOWN_BYTES 500 /* of a line of the excerpt */
#define BLOCK_BYTES 1000
#define FIRST_LINE_BYTES 300
#define LINE_LOOKED_AT 4096
#define TAIL_LINES 20
#define FOLLOWING 4 /* lines in which an error that ends in ':' goes on */

/* The piece in which a line begins. */
static size_t
piece_of(const struct log_text *t, uint32_t line)
{
	size_t lo = 0, hi = t->log->npieces;

	/* the first that begins with this line or a later one */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (t->log->pieces[mid].first_line < line)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < t->log->npieces && t->log->pieces[lo].first_line == line &&
	    !t->cut[lo])
		return lo;
	return lo - (lo > 0);
}

static void
hold(struct log_text *t, size_t piece)
{
	const struct log_piece *p = &t->log->pieces[piece];

	if (piece != t->piece) {
		arena_reset(t->room);
		/* what was packed a moment ago */
		if (zstd_unpack(t->room, p->zstd, LOG_CHUNK_BYTES, &t->held,
			NULL) != ERR_OK)
			abort();
		t->piece = piece;
	}
	t->line = p->first_line;
	t->at = 0;
}

/* A line's bytes, as far as they stand in the piece in which it begins;
 * false if the log has no such line. */
static bool
get_line(struct log_text *t, uint32_t line, struct slice *out)
{
	size_t piece;

	if (line < 1 || line > t->log->lines)
		return false;
	piece = piece_of(t, line);
	if (piece != t->piece || line < t->line)
		hold(t, piece);
	for (; t->line < line; t->line++) {
		const char *lf =
		    memchr(t->held.p + t->at, '\n', t->held.n - t->at);
		if (lf == NULL)
			return false;
		t->at = (size_t)(lf - t->held.p) + 1;
	}
	*out = (struct slice){t->held.p + t->at, t->held.n - t->at};
	slice_cut(&(struct slice){out->p, out->n}, '\n', out);
	if (out->n > LINE_LOOKED_AT)
		out->n = LINE_LOOKED_AT;
	return true;
}

/* Lines of the excerpt, as they are chosen. */
struct choice {
	struct arena *a;
	struct log_text *text;
	size_t n, bytes;
	bool full;
	struct excerpt_line *line;
};

static void
choose(struct choice *c, uint32_t line)
{
	struct slice bytes;
	const char *text;

	for (size_t i = 0; i < c->n; i++)
		if (c->line[i].number == line)
			return;
	if (c->full || !get_line(c->text, line, &bytes))
		return;
	text = error_line_text(c->a, bytes, SHOWN_BYTES);
	c->full = c->n == LOG_EXCERPT_LINES ||
		  c->bytes + strlen(text) + 1 > LOG_EXCERPT_BYTES;
	if (c->full)
		return;
	c->bytes += strlen(text) + 1;
	c->line[c->n++] = (struct excerpt_line){line, text};
}

/* A line with what is around it. */
static void
choose_around(struct choice *c, uint32_t line, uint32_t before, uint32_t after)
{
	uint32_t from = line > before ? line - before : 1;

	for (; from <= line + after; from++)
		choose(c, from);
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = ((const struct excerpt_line *)a)->number;
	uint32_t y = ((const struct excerpt_line *)b)->number;

	return (x > y) - (x < y);
}

static void
choose_lines(struct choice *c, const struct log_marks *m,
    const struct mark_block *block, uint32_t first)
{
	uint32_t last = c->text->log->lines;

	if (block == NULL || m->nerrors == 0) {
		choose_around(c, last, TAIL_LINES - 1, 0);
		return;
	}
	/* what matters goes first, in case that the room doesn't suffice */
	choose(c, first);
	for (size_t i = 0; i < block->n; i++)
		choose(c, block->mark[i].line);
	choose_around(c, first, 5, 10);
	for (size_t i = 0; i < block->n; i++)
		choose_around(c, block->mark[i].line, 2, 4);
	for (size_t i = 0; i < m->nerrors && !c->full; i++)
		choose_around(c, m->error[i].line, 1, 3);
}

static void
make_excerpt(struct choice *c, struct taken_log *out)
{
	qsort(c->line, c->n, sizeof(*c->line), by_number);
	out->nexcerpt = c->n;
	out->excerpt = arena_calloc(c->a, c->n, sizeof(*out->excerpt));
	if (c->n > 0)
		memcpy(out->excerpt, c->line, c->n * sizeof(*out->excerpt));
}

/* Does an error go on in the lines behind it?  CMake's do, indented, after a
 * line that ends in ':'. */
static const char *
with_following(
    struct arena *a, struct log_text *t, uint32_t line, const char *text)
{
	size_t n = strlen(text), lines = 0;
	struct slice next;

	if (n == 0 || text[n - 1] != ':')
		return text;
	for (uint32_t i = 1; i <= FOLLOWING && get_line(t, line + i, &next);
	     i++) {
		char *more = error_line_text(a, next, BLOCK_BYTES);
		struct slice s = slice_trim(slice_of(more));
		if (s.n == 0 && lines == 0)
			continue;
		if (s.n == 0 || (lines > 0 && more[0] != ' ') ||
		    error_line_kind(next) != LINE_PLAIN)
			break;
		text = arena_printf(a, "%s %.*s", text, (int)s.n, s.p);
		lines++;
	}
	return error_line_text(a, slice_of(text), BLOCK_BYTES);
}

static void
make_block(struct arena *a, struct log_text *t, const struct mark_block *b,
    struct taken_log *out)
{
	const char *best = "";
	enum error_weight weight = SAYS_NOTHING;

	out->block = arena_calloc(a, b->n, sizeof(*out->block));
	for (size_t i = 0; i < b->n; i++) {
		const struct mark *m = &b->mark[i];
		struct slice line;
		const char *text;
		if (!get_line(t, m->line, &line))
			continue;
		text = error_line_text(a, line, BLOCK_BYTES);
		if (m->kind == LINE_ERROR)
			text = with_following(a, t, m->line, text);
		out->block[out->nblock++] = slice_of(text);
		if (m->weight > weight) {
			weight = m->weight;
			best = text;
		}
	}
	out->first_line = error_line_brief(a, best, FIRST_LINE_BYTES);
}

void
log_excerpt(struct arena *a, struct log_text *text, struct log_marks *marks,
    struct taken_log *out)
{
	const struct mark_block *block = log_marks_block(marks);
	struct excerpt_line line[LOG_EXCERPT_LINES];
	struct choice c = {.a = a, .text = text, .line = line};

	out->first_line = "";
	out->first_error =
	    marks->first_sure > 0 ? marks->first_sure : marks->first;
	out->nerrors = marks->nerrors;
	out->error_lines =
	    arena_calloc(a, marks->nerrors, sizeof(*out->error_lines));
	for (size_t i = 0; i < marks->nerrors; i++)
		out->error_lines[i] = (int32_t)marks->error[i].line;
	if (block != NULL)
		make_block(a, text, block, out);
	choose_lines(&c, marks, block, out->first_error);
	make_excerpt(&c, out);
}
