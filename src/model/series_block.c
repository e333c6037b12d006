/* series_block.c: see series_block.h. */
#include "model/series_block.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/column.h"
#include "model/unpack.h"

DEFINE_CLEANUP(struct column_coder *, cleanup_coder, column_coder_free);
DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

/* More than ten years of seconds: nobody samples that. */
#define SAMPLES_MAX ((size_t)1 << 24)
/* Doubles are exact up to here. */
#define EXACT_MAX 9007199254740992.0

/* Steps to a unit. */
static double
scale_of(enum series_kind kind, unsigned column)
{
	if (kind == SERIES_CPU)
		return 10000;
	if (kind == SERIES_PRESSURE && column < 3)
		return 100;
	return 1;
}

static int64_t
quantise(double v, double scale)
{
	v *= scale;
	if (isnan(v))
		return 0;
	if (v > EXACT_MAX)
		v = EXACT_MAX;
	if (v < -EXACT_MAX)
		v = -EXACT_MAX;
	return (int64_t)llround(v);
}

static void
add_column(struct column_coder *coder, struct buf *piece, struct buf *out,
    const int64_t *v, size_t n)
{
	buf_reset(piece);
	column_encode(coder, piece, v, NULL, n);
	buf_add_varint(out, piece->len);
	buf_add(out, piece->data, piece->len);
}

void
series_block_encode(const struct series *s, struct buf *out)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_coder) struct column_coder *coder = column_coder_new();
	CLEANUP(buf_clear) struct buf piece = BUF_INIT;
	int64_t *v = arena_calloc(a, s->n + 1, sizeof(*v));

	buf_add_varint(out, s->ncolumns);
	add_column(coder, &piece, out, s->time, s->n);
	for (unsigned c = 0; c < s->ncolumns; c++) {
		for (size_t i = 0; i < s->n; i++)
			v[i] = quantise(s->column[c][i], scale_of(s->kind, c));
		add_column(coder, &piece, out, v, s->n);
	}
}

static enum err
damaged(struct errinfo *ei)
{
	return err_set(ei, ERR_INTERNAL, "damaged series");
}

static enum err
take_column(
    struct arena *a, struct unpack *u, int64_t *v, size_t n, struct errinfo *ei)
{
	struct slice s = unpack_bytes(u, unpack_varint(u));

	return u->bad ? damaged(ei) : column_decode(a, s, NULL, n, v, ei);
}

enum err
series_block_decode(
    struct arena *a, struct slice data, struct series *s, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *tmp = arena_new(0);
	struct unpack u = unpack_start(data);
	uint64_t ncolumns = unpack_varint(&u);
	int64_t *time, *v;
	enum err err;

	if (u.bad || ncolumns > SERIES_COLUMNS_MAX || s->n > SAMPLES_MAX)
		return damaged(ei);
	s->ncolumns = (unsigned)ncolumns;
	time = arena_calloc(a, s->n + 1, sizeof(*time));
	v = arena_calloc(tmp, s->n + 1, sizeof(*v));
	if ((err = take_column(tmp, &u, time, s->n, ei)) != ERR_OK)
		return err;
	s->time = time;
	for (unsigned c = 0; c < s->ncolumns; c++) {
		double *d = arena_calloc(a, s->n + 1, sizeof(*d));
		double scale = scale_of(s->kind, c);
		if ((err = take_column(tmp, &u, v, s->n, ei)) != ERR_OK)
			return err;
		for (size_t i = 0; i < s->n; i++)
			d[i] = (double)v[i] / scale;
		s->column[c] = d;
	}
	return unpack_left(&u) != 0 ? damaged(ei) : ERR_OK;
}
