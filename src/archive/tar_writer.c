/* tar_writer.c: see tar_writer.h; libarchive writes. */
#include "archive/tar_writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"

struct tar_writer {
	struct archive *tar;
	struct archive_entry *entry;
	uint64_t left; /* bytes that the current member still wants */
};

struct tar_writer *
tar_writer_new(int fd, int level)
{
	struct tar_writer *t = must(calloc(1, sizeof(*t)));
	char text[12];

	t->tar = must(archive_write_new());
	t->entry = must(archive_entry_new());
	snprintf(text, sizeof(text), "%d", level);
	archive_write_set_format_pax_restricted(t->tar);
	archive_write_add_filter_zstd(t->tar);
	archive_write_set_filter_option(
	    t->tar, "zstd", "compression-level", text);
	archive_write_set_bytes_in_last_block(t->tar, 1);
	/* A failure here comes again with the first member. */
	(void)archive_write_open_fd(t->tar, fd);
	return t;
}

void
tar_writer_free(struct tar_writer *t)
{
	if (t == NULL)
		return;
	archive_entry_free(t->entry);
	archive_write_fail(t->tar); /* no end mark behind half a tar */
	archive_write_free(t->tar);
	free(t);
}

static enum err
failed(struct tar_writer *t, struct errinfo *ei)
{
	int number = archive_errno(t->tar);
	const char *why = archive_error_string(t->tar);

	archive_write_fail(t->tar);
	return err_set(ei, ERR_INTERNAL, "cannot write the tar: %s",
	    number > 0    ? strerror(number)
	    : why != NULL ? why
			  : "it broke before");
}

enum err
tar_writer_member(
    struct tar_writer *t, const char *path, uint64_t size, struct errinfo *ei)
{
	assert(t->left == 0 && path[0] != '/');
	if (size > INT64_MAX)
		return err_set(ei, ERR_TOO_BIG, "%s: too long for a tar", path);
	archive_entry_clear(t->entry);
	archive_entry_set_pathname(t->entry, path);
	archive_entry_set_size(t->entry, (int64_t)size);
	archive_entry_set_filetype(t->entry, AE_IFREG);
	archive_entry_set_perm(t->entry, 0644);
	archive_entry_set_mtime(t->entry, 0, 0);
	/* A warning: the name isn't UTF-8, and an extra header says so. */
	if (archive_write_header(t->tar, t->entry) < ARCHIVE_WARN)
		return failed(t, ei);
	t->left = size;
	return ERR_OK;
}

enum err
tar_writer_data(
    struct tar_writer *t, const void *data, size_t n, struct errinfo *ei)
{
	assert(n <= t->left);
	if (n == 0)
		return ERR_OK;
	t->left -= n;
	if (archive_write_data(t->tar, data, n) != (la_ssize_t)n)
		return failed(t, ei);
	return ERR_OK;
}

enum err
tar_writer_end(struct tar_writer *t, struct errinfo *ei)
{
	assert(t->left == 0);
	if (archive_write_close(t->tar) != ARCHIVE_OK)
		return failed(t, ei);
	return ERR_OK;
}
