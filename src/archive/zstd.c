/* zstd.c: see zstd.h. */
#include "archive/zstd.h"

#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/memory.h"

struct zstd_stream {
	ZSTD_CCtx *ctx;
};

static _Noreturn void
give_up(const char *why)
{
	fprintf(stderr, "libzstd: %s\n", why);
	abort();
}

void
zstd_pack(struct buf *out, const void *src, size_t n, int level)
{
	static ZSTD_CCtx *ctx;
	size_t bound = ZSTD_compressBound(n), got;

	if (ctx == NULL && (ctx = ZSTD_createCCtx()) == NULL)
		out_of_memory();
	if (out->failed)
		return;
	buf_reserve(out, bound);
	got =
	    ZSTD_compressCCtx(ctx, out->data + out->len, bound, src, n, level);
	if (ZSTD_isError(got))
		give_up(ZSTD_getErrorName(got));
	if (out->limit != 0 && got > out->limit - out->len)
		out->failed = true;
	else
		out->len += got;
	out->data[out->len] = '\0';
}

static ZSTD_DCtx *
unpacker(void)
{
	static ZSTD_DCtx *ctx;

	if (ctx == NULL && (ctx = ZSTD_createDCtx()) == NULL)
		out_of_memory();
	ZSTD_DCtx_reset(ctx, ZSTD_reset_session_only);
	return ctx;
}

/* A frame written by a stream doesn't say how long it is. */
static enum err
unpack_unsized(struct arena *a, struct slice src, size_t max, struct slice *out,
    struct errinfo *ei)
{
	ZSTD_DCtx *ctx = unpacker();
	ZSTD_inBuffer in = {src.p, src.n, 0};
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	size_t left = 1;

	while (left != 0) {
		size_t room = max - b.len < ZSTD_DStreamOutSize()
				  ? max - b.len
				  : ZSTD_DStreamOutSize();
		buf_reserve(&b, room);
		ZSTD_outBuffer to = {b.data + b.len, room, 0};
		size_t before = in.pos;
		left = ZSTD_decompressStream(ctx, &to, &in);
		b.len += to.pos;
		if (ZSTD_isError(left) || (to.pos == 0 && in.pos == before))
			return err_set(ei, ERR_INTERNAL, "damaged block");
	}
	if (in.pos != in.size)
		return err_set(ei, ERR_INTERNAL, "damaged block");
	*out = (struct slice){arena_strndup(a, b.data, b.len), b.len};
	return ERR_OK;
}

enum err
zstd_unpack(struct arena *a, struct slice src, size_t max, struct slice *out,
    struct errinfo *ei)
{
	unsigned long long size = ZSTD_getFrameContentSize(src.p, src.n);
	char *p;
	size_t got;

	if (size == ZSTD_CONTENTSIZE_UNKNOWN)
		return unpack_unsized(a, src, max, out, ei);
	if (size == ZSTD_CONTENTSIZE_ERROR || size > max)
		return err_set(ei, ERR_INTERNAL, "damaged block");
	p = arena_alloc(a, (size_t)size + 1);
	got = ZSTD_decompressDCtx(unpacker(), p, (size_t)size, src.p, src.n);
	if (ZSTD_isError(got) || got != size)
		return err_set(ei, ERR_INTERNAL, "damaged block");
	p[got] = '\0';
	*out = (struct slice){p, got};
	return ERR_OK;
}

struct zstd_stream *
zstd_stream_new(int level)
{
	struct zstd_stream *z = malloc(sizeof(*z));

	if (z == NULL || (z->ctx = ZSTD_createCCtx()) == NULL)
		out_of_memory();
	ZSTD_CCtx_setParameter(z->ctx, ZSTD_c_compressionLevel, level);
	return z;
}

/* One step; returns what is still to be flushed. */
static size_t
step(struct zstd_stream *z, struct buf *out, ZSTD_inBuffer *in,
    ZSTD_EndDirective how)
{
	ZSTD_outBuffer to;
	size_t left;

	buf_reserve(out, ZSTD_CStreamOutSize());
	to = (ZSTD_outBuffer){out->data + out->len, out->cap - out->len - 1, 0};
	left = ZSTD_compressStream2(z->ctx, &to, in, how);
	if (ZSTD_isError(left))
		give_up(ZSTD_getErrorName(left));
	if (!out->failed &&
	    (out->limit == 0 || to.pos <= out->limit - out->len))
		out->len += to.pos;
	else
		out->failed = true;
	out->data[out->len] = '\0';
	return left;
}

void
zstd_stream_add(
    struct zstd_stream *z, struct buf *out, const void *src, size_t n)
{
	ZSTD_inBuffer in = {src, n, 0};

	while (in.pos < in.size)
		step(z, out, &in, ZSTD_e_continue);
}

void
zstd_stream_end(struct zstd_stream *z, struct buf *out)
{
	ZSTD_inBuffer in = {NULL, 0, 0};

	if (z == NULL)
		return;
	if (out != NULL)
		while (step(z, out, &in, ZSTD_e_end) != 0)
			;
	ZSTD_freeCCtx(z->ctx);
	free(z);
}
