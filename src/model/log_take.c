/*
 * log_take.c: see log_take.h.
 *
 * Lines go, masked, into a chunk; a chunk that is full is hashed, packed and
 * forgotten.  Of lines that matter only the number is kept; at the end they
 * are fetched from the packed chunks, most often from the one at hand.
 */
#include "model/log_take.h"

#include <stdlib.h>
#include <string.h>

#include "archive/digest.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "base/memory.h"
#include "model/log_parts.h"

#define ZSTD_LEVEL 3
#define LINE_PIECE ((size_t)64 << 10) /* longer lines are cut */
#define CUT_REACH ((size_t)4 << 10)   /* bytes in which a place is looked for */

struct log_taker {
	struct arena *a;
	struct mask mask;
	struct digest *digest;
	struct buf line;     /* of which no end has come yet */
	bool begun;          /* a piece of the line is in the chunk already */
	uint32_t number;     /* of the line that comes */
	struct buf chunk;    /* masked */
	size_t complete;     /* its bytes up to the last line's end */
	uint32_t chunk_line; /* number of the line it begins with */
	bool chunk_cut;      /* and that isn't its beginning */
	struct buf packed;
	size_t packed_bytes;
	size_t pieces_cap, cut_cap;
	bool *cut;
	struct log_marks marks;
	struct taken_log *log; /* in the arena */
};

struct log_taker *
log_taker_new(struct arena *a, unsigned rules)
{
	struct log_taker *t = must(calloc(1, sizeof(*t)));

	t->a = a;
	t->mask.rules = rules;
	t->digest = digest_new();
	t->number = t->chunk_line = 1;
	t->log = arena_zalloc(a, sizeof(*t->log));
	return t;
}

void
log_taker_free(struct log_taker *t)
{
	if (t == NULL)
		return;
	digest_free(t->digest);
	buf_clear(&t->line);
	buf_clear(&t->chunk);
	buf_clear(&t->packed);
	free(t);
}

size_t
log_taker_memory(const struct log_taker *t)
{
	return t->packed_bytes;
}

static void
flush(struct log_taker *t, size_t n)
{
	size_t i = t->log->npieces++;
	struct log_piece *p;

	t->log->pieces =
	    arena_grow(t->a, t->log->pieces, &t->pieces_cap, i + 1, sizeof(*p));
	t->cut = arena_grow(t->a, t->cut, &t->cut_cap, i + 1, sizeof(bool));
	digest_add(t->digest, t->chunk.data, n);
	buf_reset(&t->packed);
	zstd_pack(&t->packed, t->chunk.data, n, ZSTD_LEVEL);
	p = &t->log->pieces[i];
	p->start = t->log->size;
	p->size = (uint32_t)n;
	p->first_line = t->chunk_line;
	p->zstd = (struct slice){
	    arena_strndup(t->a, t->packed.data, t->packed.len), t->packed.len};
	t->packed_bytes += t->packed.len;
	t->cut[i] = t->chunk_cut;
	t->log->size += n;
	t->chunk_cut = n != t->complete;
	t->chunk_line = t->number;
	t->chunk.len -= n;
	memmove(t->chunk.data, t->chunk.data + n, t->chunk.len);
	t->complete = 0;
}

static void
mask_piece(struct log_taker *t, struct slice piece)
{
	struct mask_hit hits[LOG_MASKED_MAX];
	size_t room = LOG_MASKED_MAX - t->log->nshown;
	size_t n = mask_line(&t->mask, piece, &t->chunk, hits, room);

	t->log->masked += n;
	/* Most logs have none, and a report may hold 10,000 logs. */
	if (n > 0 && t->log->shown == NULL)
		t->log->shown =
		    arena_calloc(t->a, LOG_MASKED_MAX, sizeof(*t->log->shown));
	for (size_t i = 0; i < n && i < room; i++)
		t->log->shown[t->log->nshown++] =
		    (struct log_masked){t->number, hits[i]};
}

/* A line, or a piece of a long one. */
static void
take_piece(struct log_taker *t, struct slice piece, bool ends)
{
	size_t at = t->chunk.len;

	if (t->mask.rules == 0 || piece.n == 0)
		buf_add(&t->chunk, piece.p, piece.n);
	else
		mask_piece(t, piece);
	if (!t->begun && t->chunk.len > at) {
		struct line_class c = error_line_class(
		    (struct slice){t->chunk.data + at, t->chunk.len - at});
		if (c.kind != LINE_PLAIN)
			log_marks_add(&t->marks, t->number, c);
	}
	if (ends)
		buf_addc(&t->chunk, '\n');
	while (t->chunk.len > LOG_CHUNK_BYTES)
		flush(t, t->complete > 0 ? t->complete : LOG_CHUNK_BYTES);
	t->begun = !ends;
	if (!ends)
		return;
	t->complete = t->chunk.len;
	t->number++;
}

/* "Bearer TOKEN" and "NAME = 'VALUE'" must not fall apart. */
static bool
joins(const char *line, size_t blank, size_t n)
{
	static const char *const words[] = {
	    "bearer", "basic", "token", "digest", "authorization"};
	char before = blank > 0 ? line[blank - 1] : ':';
	char behind = blank + 1 < n ? line[blank + 1] : '=';

	if (strchr(":=?+. \t", before) != NULL ||
	    strchr(":=?+. \t", behind) != NULL)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t k = strlen(words[i]);
		if (blank >= k &&
		    strncasecmp(line + blank - k, words[i], k) == 0)
			return true;
	}
	return false;
}

/* Where a long line is cut: at a blank, so that no word is, if there is one. */
static size_t
cut_at(const struct buf *line)
{
	for (size_t i = line->len; i > line->len - CUT_REACH; i--)
		if (line->data[i - 1] == ' ' &&
		    !joins(line->data, i - 1, line->len))
			return i;
	return line->len;
}

static void
take_long(struct log_taker *t)
{
	size_t n = cut_at(&t->line);

	take_piece(t, (struct slice){t->line.data, n}, false);
	t->line.len -= n;
	memmove(t->line.data, t->line.data + n, t->line.len);
}

/* Adds to the begun line; returns how many bytes were used. */
static size_t
lengthen(struct log_taker *t, const char *p, size_t n, bool ends)
{
	size_t room = LINE_PIECE - t->line.len;

	if (room == 0 && n > 0) {
		take_long(t);
		return 0;
	}
	if (n > room) {
		buf_add(&t->line, p, room);
		return room;
	}
	buf_add(&t->line, p, n);
	if (!ends)
		return n;
	take_piece(t, (struct slice){t->line.data, t->line.len}, true);
	buf_reset(&t->line);
	return n + 1;
}

void
log_taker_add(struct log_taker *t, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		const char *lf = memchr(p, '\n', n);
		size_t len = lf != NULL ? (size_t)(lf - p) : n, used;
		if (lf != NULL && t->line.len == 0 && len <= LINE_PIECE) {
			take_piece(t, (struct slice){p, len}, true);
			used = len + 1;
		} else {
			used = lengthen(t, p, len, lf != NULL);
		}
		p += used;
		n -= used;
	}
}

const struct taken_log *
log_taker_end(struct log_taker *t)
{
	struct log_text text = {.log = t->log};

	if (t->line.len > 0)
		take_piece(t, (struct slice){t->line.data, t->line.len}, false);
	t->line.len = 0;
	t->log->lines = t->begun ? t->number : t->number - 1;
	text.line = t->chunk_line;
	/* most logs end in their only chunk, which needn't be inflated */
	text.held = (struct slice){t->chunk.data, t->chunk.len};
	text.piece = t->log->npieces;
	if (t->chunk.len > 0)
		flush(t, t->chunk.len);
	text.cut = t->cut;
	text.room = arena_new(0);
	digest_end(t->digest, t->log->sha256);
	log_excerpt(t->a, &text, &t->marks, t->log);
	arena_free(text.room);
	return t->log;
}

const struct taken_log *
log_take(struct arena *a, struct slice text, unsigned rules)
{
	struct log_taker *t = log_taker_new(a, rules);
	const struct taken_log *log;

	log_taker_add(t, text.p, text.n);
	log = log_taker_end(t);
	log_taker_free(t);
	return log;
}
