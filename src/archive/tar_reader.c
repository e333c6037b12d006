/*
 * tar_reader.c: see tar_reader.h.
 *
 * The bytes come through inflate.c, which bounds the memory of decompression,
 * and ahead.c, which runs it beside us.
 * Plain members (ustar.h) are read here; at the first header that isn't plain
 * libarchive takes over, for members of a tar don't depend on what stands
 * before them, and keeps it to the end.  libarchive takes a tar that was cut
 * between two members for a whole one, so the end mark is looked for here.
 */
#include "archive/tar_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/ahead.h"
#include "archive/ustar.h"

#define TAR_BLOCK USTAR_BLOCK
/* Fill behind the end mark; tar's blocking factor is 20 unless told. */
#define PADDING_MAX ((uint64_t)4 << 20)

const struct tar_limits tar_limits_default = {
    .members = 400000,
    .inflated_bytes = (uint64_t)1 << 30,
    .member_bytes = (uint64_t)64 << 20,
};

struct tar_reader {
	struct tar_limits limits;
	struct ahead *in;
	struct archive *tar;
	struct archive_entry *entry;
	struct errinfo *ei;    /* of the call at hand, for the callback */
	enum err in_err;       /* what the stream said */
	uint64_t members;      /* seen so far */
	uint64_t zeros;        /* zero bytes at the end of what was read */
	struct slice piece;    /* what is left of the last piece */
	uint64_t left;         /* bytes of the plain member's content */
	uint64_t pad;          /* bytes behind it, up to the next header */
	struct ustar plain;    /* the member at hand */
	char block[TAR_BLOCK]; /* a header that came in two pieces */
	struct slice header;   /* it, before libarchive has seen it */
	bool given_up;         /* libarchive reads the rest */
	bool opened;
	char name[1025]; /* of the last member, for messages */
};

bool
tar_is_plain(struct slice head)
{
	return head.n >= TAR_BLOCK && memcmp(head.p + 257, "ustar", 5) == 0;
}

static void *
must(void *p)
{
	if (p == NULL) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return p;
}

struct tar_reader *
tar_reader_new(const struct tar_limits *limits, tar_read_fn read, void *arg)
{
	struct tar_reader *t = must(calloc(1, sizeof(*t)));

	t->limits = limits != NULL ? *limits : tar_limits_default;
	t->in = ahead_new(t->limits.inflated_bytes, read, arg);
	t->tar = must(archive_read_new());
	t->entry = must(archive_entry_new());
	archive_read_support_format_tar(t->tar);
	/* Names are bytes to us; conversions cost time and can fail. */
	archive_read_set_format_option(t->tar, "tar", "hdrcharset", "BINARY");
	return t;
}

void
tar_reader_free(struct tar_reader *t)
{
	if (t == NULL)
		return;
	archive_entry_free(t->entry);
	archive_read_free(t->tar);
	ahead_free(t->in);
	free(t);
}

static uint64_t
zeros_at_end(struct slice s)
{
	uint64_t n = 0;

	while (n < s.n && s.p[s.n - 1 - n] == 0)
		n++;
	return n;
}

/* The next piece of the inflated stream; counts the zeros at its end. */
static enum err
next_piece(struct tar_reader *t, struct slice *piece)
{
	enum err e = ahead_next(t->in, piece, t->ei);

	if (e != ERR_OK)
		return t->in_err = e;
	if (piece->n > 0) {
		uint64_t z = zeros_at_end(*piece);
		t->zeros = z == piece->n ? t->zeros + z : z;
	}
	return ERR_OK;
}

static la_ssize_t
read_piece(struct archive *ar, void *arg, const void **into)
{
	struct tar_reader *t = arg;
	struct slice piece = t->header.n > 0 ? t->header : t->piece;

	if (t->header.n > 0)
		t->header.n = 0;
	else if (t->piece.n > 0)
		t->piece.n = 0;
	else if (next_piece(t, &piece) != ERR_OK) {
		archive_set_error(ar, EIO, "stream");
		return -1;
	}
	*into = piece.p;
	return (la_ssize_t)piece.n;
}

static enum err
ends_early(struct tar_reader *t)
{
	if (t->name[0] != '\0')
		return err_set(t->ei, ERR_INPUT,
		    "the tar ends early, in or behind %s", t->name);
	return err_set(t->ei, ERR_INPUT, "the tar ends early");
}

/* Turns libarchive's failure into a sentence. */
static enum err
failed(struct tar_reader *t)
{
	const char *why = archive_error_string(t->tar);

	if (t->in_err != ERR_OK)
		return t->in_err;
	err_detail(t->ei, "libarchive: %s", why != NULL ? why : "");
	if (why != NULL && strstr(why, "runcated") != NULL && t->members > 0)
		return ends_early(t);
	if (t->members == 0)
		return err_set(t->ei, ERR_UNSUPPORTED, "not a tar archive");
	return err_set(
	    t->ei, ERR_INPUT, "the tar is damaged behind %s", t->name);
}

/*
 * The end mark was reached, or the stream ended: reads what is left, so that
 * damage behind the mark and a missing mark are noticed.
 */
static enum err
finish(struct tar_reader *t)
{
	uint64_t n = 0;
	struct slice piece;

	do {
		if (next_piece(t, &piece) != ERR_OK)
			return t->in_err;
		n += piece.n;
		if (n > PADDING_MAX)
			return err_set(t->ei, ERR_INPUT,
			    "more than %d MiB follow the end of the tar",
			    (int)(PADDING_MAX >> 20));
	} while (piece.n > 0);
	return t->zeros >= TAR_BLOCK ? ERR_OK : ends_early(t);
}

static const char *
refusal(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry) != NULL)
		return "a link";
	if (archive_entry_sparse_count(entry) > 0)
		return "a sparse file";
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
	case AE_IFDIR:
		return NULL;
	case AE_IFLNK:
		return "a link";
	default:
		return "a device or pipe";
	}
}

static enum err
check_member(
    struct tar_reader *t, const char *name, int64_t size, const char *why)
{
	if (name == NULL)
		return err_set(t->ei, ERR_INPUT,
		    "member %llu of the tar has no readable name",
		    (unsigned long long)t->members);
	size_t n = strnlen(name, sizeof(t->name) - 1);
	memcpy(t->name, name, n);
	t->name[n] = '\0';
	if (++t->members > t->limits.members)
		return err_set(t->ei, ERR_TOO_BIG,
		    "more than %llu members in the tar",
		    (unsigned long long)t->limits.members);
	if (why != NULL)
		return err_set(t->ei, ERR_INPUT, "%s is %s", t->name, why);
	if (size < 0 || (uint64_t)size > t->limits.member_bytes)
		return err_set(t->ei, ERR_TOO_BIG,
		    "%s has %lld bytes, more than %llu MiB", t->name,
		    (long long)size,
		    (unsigned long long)(t->limits.member_bytes >> 20));
	return ERR_OK;
}

static enum err
open_tar(struct tar_reader *t)
{
	t->opened = true;
	if (archive_read_open(t->tar, t, NULL, read_piece, NULL) != ARCHIVE_OK)
		return failed(t);
	return ERR_OK;
}

static enum err
next_by_libarchive(
    struct tar_reader *t, struct slice *path, uint64_t *size, bool *have)
{
	enum err e;

	if (!t->opened && (e = open_tar(t)) != ERR_OK)
		return e;
	do {
		int r = archive_read_next_header2(t->tar, t->entry);
		if (r == ARCHIVE_EOF)
			return finish(t);
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			return failed(t);
		e = check_member(t, archive_entry_pathname(t->entry),
		    archive_entry_size(t->entry), refusal(t->entry));
		if (e != ERR_OK)
			return e;
	} while (archive_entry_filetype(t->entry) != AE_IFREG);
	*have = true;
	*path = slice_of(archive_entry_pathname(t->entry));
	*size = (uint64_t)archive_entry_size(t->entry);
	return ERR_OK;
}

/* Has something in t->piece unless the stream is at its end. */
static enum err
fill_piece(struct tar_reader *t)
{
	return t->piece.n > 0 ? ERR_OK : next_piece(t, &t->piece);
}

static struct slice
take_piece(struct tar_reader *t, uint64_t most)
{
	struct slice s = t->piece;

	if (s.n > most)
		s.n = (size_t)most;
	t->piece.p += s.n;
	t->piece.n -= s.n;
	return s;
}

/* What is left of a plain member, and the fill behind it. */
static enum err
skip_plain(struct tar_reader *t)
{
	uint64_t n = t->left + t->pad;

	t->left = t->pad = 0;
	while (n > 0) {
		enum err e = fill_piece(t);

		if (e != ERR_OK)
			return e;
		if (t->piece.n == 0)
			return ends_early(t);
		n -= take_piece(t, n).n;
	}
	return ERR_OK;
}

/* The next block as t->header, n < TAR_BLOCK at the end of the stream. */
static enum err
read_header(struct tar_reader *t)
{
	size_t n = 0;
	enum err e = fill_piece(t);

	if (e == ERR_OK && t->piece.n >= TAR_BLOCK) {
		t->header = take_piece(t, TAR_BLOCK);
		return ERR_OK;
	}
	while (e == ERR_OK && n < TAR_BLOCK && t->piece.n > 0) {
		struct slice s = take_piece(t, TAR_BLOCK - n);

		memcpy(t->block + n, s.p, s.n);
		n += s.n;
		if (n < TAR_BLOCK)
			e = fill_piece(t);
	}
	t->header = (struct slice){t->block, n};
	return e;
}

/* *have false: libarchive must read on from here, or it is the end. */
static enum err
next_plain(struct tar_reader *t, bool *have, bool *end)
{
	enum err e;

	do {
		if ((e = skip_plain(t)) != ERR_OK ||
		    (e = read_header(t)) != ERR_OK)
			return e;
		*end = t->members > 0 &&
		       (t->header.n == 0 || (t->header.n == TAR_BLOCK &&
						ustar_is_end(t->header.p)));
		if (*end || t->header.n < TAR_BLOCK ||
		    !ustar_read(t->header.p, &t->plain))
			return ERR_OK;
		e = check_member(
		    t, t->plain.path, (int64_t)t->plain.size, NULL);
		if (e != ERR_OK)
			return e;
		t->header.n = 0;
		t->left = t->plain.size;
		t->pad = -t->left % TAR_BLOCK;
	} while (t->plain.directory);
	*have = true;
	return ERR_OK;
}

enum err
tar_reader_next(struct tar_reader *t, struct slice *path, uint64_t *size,
    bool *have, struct errinfo *ei)
{
	bool end = false;
	enum err e;

	*have = false;
	t->ei = ei;
	if (t->given_up)
		return next_by_libarchive(t, path, size, have);
	if ((e = next_plain(t, have, &end)) != ERR_OK)
		return e;
	if (end)
		return finish(t);
	if (!*have) {
		t->given_up = true;
		return next_by_libarchive(t, path, size, have);
	}
	*path = slice_of(t->plain.path);
	*size = t->plain.size;
	return ERR_OK;
}

static enum err
data_by_libarchive(struct tar_reader *t, struct slice *piece)
{
	const void *p;
	size_t n;
	la_int64_t offset;

	int r = archive_read_data_block(t->tar, &p, &n, &offset);
	if (r == ARCHIVE_EOF)
		return ERR_OK;
	if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
		return failed(t);
	*piece = (struct slice){p, n};
	return ERR_OK;
}

enum err
tar_reader_data(struct tar_reader *t, struct slice *piece, struct errinfo *ei)
{
	enum err e;

	t->ei = ei;
	*piece = (struct slice){"", 0};
	if (t->given_up)
		return data_by_libarchive(t, piece);
	if (t->left == 0)
		return ERR_OK;
	if ((e = fill_piece(t)) != ERR_OK)
		return e;
	if (t->piece.n == 0)
		return ends_early(t);
	*piece = take_piece(t, t->left);
	t->left -= piece->n;
	return ERR_OK;
}
