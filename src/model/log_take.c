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
#include "model/log_lines.h"
#include "model/log_parts.h"

#define ZSTD_LEVEL 3

struct log_taker {
	struct arena *a;
	struct mask mask;
	struct digest *digest;
	struct log_lines lines;
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

static void take_line(void *arg, struct slice piece, bool ends);

struct log_taker *
log_taker_new(struct arena *a, unsigned rules)
{
	struct log_taker *t = must(calloc(1, sizeof(*t)));

	t->a = a;
	t->mask.rules = rules;
	t->digest = digest_new();
	t->lines.piece = take_line;
	t->lines.arg = t;
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
	log_lines_clear(&t->lines);
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
take_line(void *arg, struct slice piece, bool ends)
{
	struct log_taker *t = arg;
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

void
log_taker_add(struct log_taker *t, const void *data, size_t n)
{
	log_lines_add(&t->lines, data, n);
}

const struct taken_log *
log_taker_end(struct log_taker *t)
{
	struct log_text text = {.log = t->log};

	log_lines_end(&t->lines);
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
