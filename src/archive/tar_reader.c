/*
 * tar_reader.c: see tar_reader.h.
 *
 * libarchive reads the tar; the bytes come through ahead.c, which bounds
 * the memory of decompression.  libarchive takes a tar that was cut between
 * two members for a whole one, so the end mark is looked for here.
 */
#include "archive/tar_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/ahead.h"
#include "base/memory.h"

#define TAR_BLOCK 512
/* Fill behind the end mark; tar's blocking factor is 20 unless told. */
#define PADDING_MAX ((uint64_t)4 << 20)

const struct tar_limits tar_limits_default = {
    .members = 400000,
    .inflated_bytes = (uint64_t)1 << 30,
    .member_bytes = (uint64_t)128 << 20,
};

struct tar_reader {
	struct tar_limits limits;
	struct ahead *in;
	struct archive *tar;
	struct archive_entry *entry;
	struct errinfo *ei; /* of the call at hand, for the callback */
	enum err in_err;    /* what the stream said */
	uint64_t members;   /* seen so far */
	uint64_t zeros;     /* zero bytes at the end of what was read */
	bool opened;
	char name[1025]; /* of the last member, for messages */
};

bool
tar_is_plain(struct slice head)
{
	return head.n >= TAR_BLOCK && memcmp(head.p + 257, "ustar", 5) == 0;
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
	struct slice piece;

	if (next_piece(t, &piece) != ERR_OK) {
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
check_member(struct tar_reader *t)
{
	int64_t size = archive_entry_size(t->entry);
	const char *name = archive_entry_pathname(t->entry);
	const char *why = refusal(t->entry);

	if (name == NULL)
		return err_set(t->ei, ERR_INPUT,
		    "member %llu of the tar has no readable name",
		    (unsigned long long)t->members);
	snprintf(t->name, sizeof(t->name), "%s", name);
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

enum err
tar_reader_next(struct tar_reader *t, struct slice *path, uint64_t *size,
    bool *have, struct errinfo *ei)
{
	enum err e;

	*have = false;
	t->ei = ei;
	if (!t->opened && (e = open_tar(t)) != ERR_OK)
		return e;
	do {
		int r = archive_read_next_header2(t->tar, t->entry);
		if (r == ARCHIVE_EOF)
			return finish(t);
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			return failed(t);
		if ((e = check_member(t)) != ERR_OK)
			return e;
	} while (archive_entry_filetype(t->entry) != AE_IFREG);
	*have = true;
	*path = slice_of(archive_entry_pathname(t->entry));
	*size = (uint64_t)archive_entry_size(t->entry);
	return ERR_OK;
}

enum err
tar_reader_data(struct tar_reader *t, struct slice *piece, struct errinfo *ei)
{
	const void *p;
	size_t n;
	la_int64_t offset;

	t->ei = ei;
	*piece = (struct slice){"", 0};
	int r = archive_read_data_block(t->tar, &p, &n, &offset);
	if (r == ARCHIVE_EOF)
		return ERR_OK;
	if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
		return failed(t);
	*piece = (struct slice){p, n};
	return ERR_OK;
}
