/*
 * inflate.c: see inflate.h.
 *
 * zstd and xz are decoded with their own libraries, since libarchive's filters
 * take up to 128 MiB and 1 GiB of memory when the stream asks for it, and
 * nothing can tell them not to.
 */
#include "archive/inflate.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <lzma.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/memory.h"

#define IN_BYTES ((size_t)64 << 10)
#define OUT_BYTES ((size_t)128 << 10)
#define WINDOW_LOG_MAX 23
#define XZ_MEMORY_MAX ((uint64_t)10 << 20)

enum kind {
	KIND_UNKNOWN,
	KIND_PLAIN,
	KIND_ZSTD,
	KIND_XZ,
	KIND_GZIP,
	KIND_BZIP2
};

static const char *const kind_names[] = {
    [KIND_UNKNOWN] = "",
    [KIND_PLAIN] = "",
    [KIND_ZSTD] = "zstd",
    [KIND_XZ] = "xz",
    [KIND_GZIP] = "gzip",
    [KIND_BZIP2] = "bzip2",
};

struct inflate {
	enum kind kind;
	tar_read_fn read;
	void *arg;
	uint64_t max, given;
	char *in;             /* IN_BYTES */
	size_t in_len, in_at; /* what was read, what is consumed of it */
	bool in_end;
	char *out; /* OUT_BYTES; zstd and xz */
	bool ended;
	bool frame_open; /* zstd: inside of a frame */
	ZSTD_DCtx *zstd;
	lzma_stream xz;
	bool xz_open;
	struct archive *other; /* gzip, bzip2 */
	struct errinfo *ei;    /* of the call that is under way */
	enum err read_err;
};

struct inflate *
inflate_new(uint64_t max, tar_read_fn read, void *arg)
{
	struct inflate *f = must(calloc(1, sizeof(*f)));

	f->max = max;
	f->read = read;
	f->arg = arg;
	f->in = must(malloc(IN_BYTES));
	return f;
}

void
inflate_free(struct inflate *f)
{
	if (f == NULL)
		return;
	ZSTD_freeDCtx(f->zstd);
	if (f->xz_open)
		lzma_end(&f->xz);
	if (f->other != NULL)
		archive_read_free(f->other);
	free(f->in);
	free(f->out);
	free(f);
}

/* Reads more input behind what is left; sets in_end when there is none. */
static enum err
fill(struct inflate *f)
{
	long got;

	if (f->in_end)
		return ERR_OK;
	if (f->in_at > 0) {
		f->in_len -= f->in_at;
		memmove(f->in, f->in + f->in_at, f->in_len);
		f->in_at = 0;
	}
	f->ei->code = ERR_OK;
	got = f->read(f->arg, f->in + f->in_len, IN_BYTES - f->in_len, f->ei);
	if (got < 0) {
		if (f->ei->code == ERR_OK)
			err_set(f->ei, ERR_INPUT, "the upload stopped");
		return f->ei->code;
	}
	f->in_end = got == 0;
	f->in_len += (size_t)got;
	return ERR_OK;
}

static enum err
ends_early(struct inflate *f)
{
	return err_set(
	    f->ei, ERR_INPUT, "the %s stream ends early", kind_names[f->kind]);
}

static enum err
damaged(struct inflate *f)
{
	return err_set(
	    f->ei, ERR_INPUT, "the %s stream is damaged", kind_names[f->kind]);
}

static enum kind
kind_of(const char *p, size_t n)
{
	static const struct {
		enum kind kind;
		size_t n;
		const char *magic;
	} magics[] = {
	    {KIND_ZSTD, 4, "\x28\xb5\x2f\xfd"},
	    {KIND_XZ, 6,
		"\xfd"
		"7zXZ\0"},
	    {KIND_GZIP, 3, "\x1f\x8b\x08"},
	    {KIND_BZIP2, 3, "BZh"},
	};

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (n >= magics[i].n &&
		    memcmp(p, magics[i].magic, magics[i].n) == 0)
			return magics[i].kind;
	if (n >= 4 && (p[0] & 0xf0) == 0x50 &&
	    memcmp(p + 1, "\x2a\x4d\x18", 3) == 0)
		return KIND_ZSTD; /* a skippable frame comes first */
	return KIND_PLAIN;
}

/* ---- zstd ---- */

static void
zstd_open(struct inflate *f)
{
	f->zstd = must(ZSTD_createDCtx());
	ZSTD_DCtx_setParameter(f->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	f->out = must(malloc(OUT_BYTES));
}

static enum err
zstd_failed(struct inflate *f, size_t code)
{
	err_detail(f->ei, "libzstd: %s", ZSTD_getErrorName(code));
	if (strstr(ZSTD_getErrorName(code), "memory") != NULL)
		return err_set(f->ei, ERR_TOO_BIG,
		    "the zstd stream needs a window beyond %d MiB: "
		    "compress it without --ultra and --long",
		    1 << (WINDOW_LOG_MAX - 20));
	return damaged(f);
}

static enum err
zstd_next(struct inflate *f, struct slice *piece)
{
	ZSTD_outBuffer to = {f->out, OUT_BYTES, 0};

	while (to.pos == 0) {
		if (f->in_at == f->in_len) {
			enum err e = fill(f);
			if (e != ERR_OK)
				return e;
			if (f->in_at == f->in_len)
				return f->frame_open ? ends_early(f) : ERR_OK;
		}
		ZSTD_inBuffer from = {f->in, f->in_len, f->in_at};
		size_t left = ZSTD_decompressStream(f->zstd, &to, &from);
		f->in_at = from.pos;
		if (ZSTD_isError(left))
			return zstd_failed(f, left);
		f->frame_open = left != 0;
	}
	*piece = (struct slice){f->out, to.pos};
	return ERR_OK;
}

/* ---- xz ---- */

static void
xz_open(struct inflate *f)
{
	f->xz = (lzma_stream)LZMA_STREAM_INIT;
	f->xz_open = true;
	if (lzma_stream_decoder(&f->xz, XZ_MEMORY_MAX, LZMA_CONCATENATED) !=
	    LZMA_OK)
		out_of_memory();
	f->out = must(malloc(OUT_BYTES));
}

static enum err
xz_failed(struct inflate *f, lzma_ret ret)
{
	err_detail(f->ei, "liblzma: %d", (int)ret);
	if (ret == LZMA_MEMLIMIT_ERROR)
		return err_set(f->ei, ERR_TOO_BIG,
		    "the xz stream needs a dictionary beyond 8 MiB: "
		    "compress it with -6 or less");
	return ret == LZMA_BUF_ERROR ? ends_early(f) : damaged(f);
}

static enum err
xz_next(struct inflate *f, struct slice *piece)
{
	lzma_ret ret = LZMA_OK;

	f->xz.next_out = (uint8_t *)f->out;
	f->xz.avail_out = OUT_BYTES;
	while (f->xz.avail_out == OUT_BYTES && ret != LZMA_STREAM_END) {
		if (f->in_at == f->in_len) {
			enum err e = fill(f);
			if (e != ERR_OK)
				return e;
		}
		f->xz.next_in = (const uint8_t *)f->in + f->in_at;
		f->xz.avail_in = f->in_len - f->in_at;
		ret = lzma_code(&f->xz, f->in_end ? LZMA_FINISH : LZMA_RUN);
		f->in_at = f->in_len - f->xz.avail_in;
		if (ret != LZMA_OK && ret != LZMA_STREAM_END)
			return xz_failed(f, ret);
	}
	f->ended = ret == LZMA_STREAM_END;
	*piece = (struct slice){f->out, OUT_BYTES - f->xz.avail_out};
	return ERR_OK;
}

/* ---- gzip and bzip2, by libarchive ---- */

static la_ssize_t
other_read(struct archive *ar, void *arg, const void **data)
{
	struct inflate *f = arg;

	if (f->in_at == f->in_len && (f->read_err = fill(f)) != ERR_OK) {
		archive_set_error(ar, EIO, "read");
		return ARCHIVE_FATAL;
	}
	*data = f->in + f->in_at;
	size_t n = f->in_len - f->in_at;
	f->in_at = f->in_len;
	return (la_ssize_t)n;
}

static enum err
other_failed(struct inflate *f)
{
	const char *text = archive_error_string(f->other);

	if (f->read_err != ERR_OK)
		return f->read_err;
	err_detail(f->ei, "libarchive: %s", text != NULL ? text : "?");
	return text != NULL && strstr(text, "runcated") != NULL ? ends_early(f)
								: damaged(f);
}

static enum err
other_open(struct inflate *f)
{
	struct archive_entry *entry;

	f->other = must(archive_read_new());
	archive_read_support_format_raw(f->other);
	archive_read_support_format_empty(f->other);
	if (f->kind == KIND_GZIP)
		archive_read_support_filter_gzip(f->other);
	else
		archive_read_support_filter_bzip2(f->other);
	if (archive_read_open(f->other, f, NULL, other_read, NULL) !=
	    ARCHIVE_OK)
		return other_failed(f);
	switch (archive_read_next_header(f->other, &entry)) {
	case ARCHIVE_OK:
		return ERR_OK;
	case ARCHIVE_EOF:
		f->ended = true;
		return ERR_OK;
	default:
		return other_failed(f);
	}
}

static enum err
other_next(struct inflate *f, struct slice *piece)
{
	const void *p;
	size_t n = 0;
	la_int64_t offset;
	int ret;

	do {
		ret = archive_read_data_block(f->other, &p, &n, &offset);
	} while (ret == ARCHIVE_OK && n == 0);
	if (ret == ARCHIVE_EOF) {
		f->ended = true;
		return ERR_OK;
	}
	if (ret != ARCHIVE_OK)
		return other_failed(f);
	*piece = (struct slice){p, n};
	return ERR_OK;
}

/* ---- all of them ---- */

static enum err
plain_next(struct inflate *f, struct slice *piece)
{
	if (f->in_at == f->in_len) {
		enum err e = fill(f);
		if (e != ERR_OK)
			return e;
	}
	*piece = (struct slice){f->in + f->in_at, f->in_len - f->in_at};
	f->in_at = f->in_len;
	return ERR_OK;
}

/* Looks at the first bytes, however small the pieces they come in. */
static enum err
open_stream(struct inflate *f)
{
	while (f->in_len < 6 && !f->in_end) {
		enum err e = fill(f);
		if (e != ERR_OK)
			return e;
	}
	f->kind = kind_of(f->in, f->in_len);
	switch (f->kind) {
	case KIND_ZSTD:
		zstd_open(f);
		break;
	case KIND_XZ:
		xz_open(f);
		break;
	case KIND_GZIP:
	case KIND_BZIP2:
		return other_open(f);
	case KIND_UNKNOWN:
	case KIND_PLAIN:
		break;
	}
	return ERR_OK;
}

static enum err
next_of_kind(struct inflate *f, struct slice *piece)
{
	switch (f->kind) {
	case KIND_ZSTD:
		return zstd_next(f, piece);
	case KIND_XZ:
		return xz_next(f, piece);
	case KIND_GZIP:
	case KIND_BZIP2:
		return other_next(f, piece);
	default:
		return plain_next(f, piece);
	}
}

enum err
inflate_next(struct inflate *f, struct slice *piece, struct errinfo *ei)
{
	struct errinfo ignored;
	enum err e = ERR_OK;

	*piece = (struct slice){"", 0};
	f->ei = ei != NULL ? ei : &ignored;
	if (f->kind == KIND_UNKNOWN)
		e = open_stream(f);
	if (e != ERR_OK || f->ended)
		return e;
	if ((e = next_of_kind(f, piece)) != ERR_OK)
		return e;
	f->given += piece->n;
	if (f->given > f->max)
		return err_set(f->ei, ERR_TOO_BIG,
		    "more than %llu MiB come out of the archive",
		    (unsigned long long)(f->max >> 20));
	return ERR_OK;
}

long
inflate_read_slice(void *arg, void *into, size_t n, struct errinfo *ei)
{
	struct slice *s = arg;

	(void)ei;
	if (n > s->n)
		n = s->n;
	if (n > 0)
		memcpy(into, s->p, n);
	s->p += n;
	s->n -= n;
	return (long)n;
}
