/* tar_writer.c: see tar_writer.h. */
#include "archive/tar_writer.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/zstd.h"
#include "base/buf.h"

#define BLOCK 512
#define FLUSH_BYTES ((size_t)64 << 10)
#define OCTAL_MAX UINT64_C(077777777777)

/* Where the fields of a ustar header lie. */
enum {
	AT_NAME = 0,
	AT_MODE = 100,
	AT_UID = 108,
	AT_GID = 116,
	AT_SIZE = 124,
	AT_MTIME = 136,
	AT_SUM = 148,
	AT_TYPE = 156,
	AT_MAGIC = 257,
	AT_PREFIX = 345,
	NAME_MAX_BYTES = 100,
	PREFIX_MAX_BYTES = 155,
};

struct tar_writer {
	int fd;
	struct zstd_stream *zstd;
	struct buf out;   /* compressed, not yet written */
	uint64_t size;    /* of the current member */
	uint64_t left;    /* bytes that it still wants */
	int broken_errno; /* 0: fine */
};

struct tar_writer *
tar_writer_new(int fd, int level)
{
	struct tar_writer *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		fputs("out of memory\n", stderr);
		abort();
	}
	t->fd = fd;
	t->zstd = zstd_stream_new(level);
	return t;
}

void
tar_writer_free(struct tar_writer *t)
{
	if (t == NULL)
		return;
	zstd_stream_end(t->zstd, NULL);
	buf_clear(&t->out);
	free(t);
}

static enum err
flush(struct tar_writer *t, struct errinfo *ei)
{
	const char *p = t->out.data;
	size_t n = t->out.len;

	while (n > 0 && t->broken_errno == 0) {
		ssize_t put = write(t->fd, p, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			t->broken_errno = put < 0 ? errno : ENOSPC;
			break;
		}
		p += put;
		n -= (size_t)put;
	}
	buf_reset(&t->out);
	if (t->broken_errno != 0)
		return err_set(ei, ERR_INTERNAL, "cannot write the tar: %s",
		    strerror(t->broken_errno));
	return ERR_OK;
}

static enum err
add(struct tar_writer *t, const void *data, size_t n, struct errinfo *ei)
{
	zstd_stream_add(t->zstd, &t->out, data, n);
	if (t->out.len < FLUSH_BYTES && t->broken_errno == 0)
		return ERR_OK;
	return flush(t, ei);
}

/* Fills up the last block of n bytes. */
static enum err
pad(struct tar_writer *t, uint64_t n, struct errinfo *ei)
{
	static const char zeros[BLOCK];
	size_t over = (size_t)(n % BLOCK);

	return over == 0 ? ERR_OK : add(t, zeros, BLOCK - over, ei);
}

/* Splits path into ustar's prefix and name; false when it doesn't fit. */
static bool
put_path(char *header, const char *path)
{
	size_t n = strlen(path);
	const char *cut;

	if (n <= NAME_MAX_BYTES) {
		memcpy(header + AT_NAME, path, n);
		return true;
	}
	cut = strchr(path + n - NAME_MAX_BYTES - 1, '/');
	if (cut == NULL || cut == path || cut - path > PREFIX_MAX_BYTES)
		return false;
	memcpy(header + AT_PREFIX, path, (size_t)(cut - path));
	memcpy(header + AT_NAME, cut + 1, strlen(cut + 1));
	return true;
}

static enum err
put_header(struct tar_writer *t, char header[BLOCK], char type, uint64_t size,
    struct errinfo *ei)
{
	unsigned sum = 0;

	memcpy(header + AT_MODE, "0000644", 8);
	memcpy(header + AT_UID, "0000000", 8);
	memcpy(header + AT_GID, "0000000", 8);
	snprintf(header + AT_SIZE, 12, "%011llo",
	    (unsigned long long)(size & OCTAL_MAX));
	memcpy(header + AT_MTIME, "00000000000", 12);
	header[AT_TYPE] = type;
	memcpy(header + AT_MAGIC, "ustar\00000", 8);
	memset(header + AT_SUM, ' ', 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)header[i];
	snprintf(header + AT_SUM, 8, "%06o", sum);
	return add(t, header, BLOCK, ei);
}

/* "LENGTH path=PATH\n", where LENGTH counts itself. */
static enum err
put_long_path(struct tar_writer *t, const char *path, struct errinfo *ei)
{
	char header[BLOCK] = "PaxHeader";
	size_t rest = strlen(" path=\n") + strlen(path), n = rest + 1;
	struct buf text = BUF_INIT;
	enum err e;

	while (n != rest + (size_t)snprintf(NULL, 0, "%zu", n))
		n = rest + (size_t)snprintf(NULL, 0, "%zu", n);
	buf_addf(&text, "%zu path=%s\n", n, path);
	e = put_header(t, header, 'x', text.len, ei);
	if (e == ERR_OK)
		e = add(t, text.data, text.len, ei);
	if (e == ERR_OK)
		e = pad(t, text.len, ei);
	buf_clear(&text);
	return e;
}

enum err
tar_writer_member(
    struct tar_writer *t, const char *path, uint64_t size, struct errinfo *ei)
{
	char header[BLOCK] = {0};
	enum err e = ERR_OK;

	assert(t->left == 0 && path[0] != '/');
	if (size > OCTAL_MAX)
		return err_set(ei, ERR_TOO_BIG, "%s: too long for a tar", path);
	if (!put_path(header, path)) {
		memcpy(header + AT_NAME, "long", 4);
		e = put_long_path(t, path, ei);
	}
	t->size = t->left = size;
	return e != ERR_OK ? e : put_header(t, header, '0', size, ei);
}

enum err
tar_writer_data(
    struct tar_writer *t, const void *data, size_t n, struct errinfo *ei)
{
	enum err e;

	assert(n <= t->left);
	if (n == 0)
		return ERR_OK;
	t->left -= n;
	e = add(t, data, n, ei);
	if (e == ERR_OK && t->left == 0)
		e = pad(t, t->size, ei);
	return e;
}

enum err
tar_writer_end(struct tar_writer *t, struct errinfo *ei)
{
	static const char zeros[2 * BLOCK];
	enum err e;

	assert(t->left == 0);
	e = add(t, zeros, sizeof(zeros), ei);
	if (e != ERR_OK)
		return e;
	zstd_stream_end(t->zstd, &t->out);
	t->zstd = NULL;
	return flush(t, ei);
}
