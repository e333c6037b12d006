/* tar_help.h: tars made in memory, and recordings, for tests. */
#ifndef TESTS_TAR_HELP_H
#define TESTS_TAR_HELP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/tar_reader.h"
#include "base/buf.h"
#include "model/bundle.h"

/* Appends a member to a ustar; type '0' is a file. */
static inline void
tar_add_as(
    struct buf *tar, char type, const char *name, const void *data, size_t n)
{
	char h[512] = {0};
	unsigned sum = 0;

	memcpy(h, name, strnlen(name, 100));
	snprintf(h + 100, 8, "%07o", 0644);
	snprintf(h + 124, 12, "%011o", (unsigned)n);
	h[156] = type;
	if (type == '1' || type == '2')
		strcpy(h + 157, "target");
	memcpy(h + 257,
	    "ustar\0"
	    "00",
	    8);
	memset(h + 148, ' ', 8);
	for (size_t i = 0; i < sizeof(h); i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	buf_add(tar, h, sizeof(h));
	if (data == NULL)
		return;
	buf_add(tar, data, n);
	memset(h, 0, sizeof(h));
	buf_add(tar, h, (512 - n % 512) % 512);
}

static inline void
tar_add(struct buf *tar, const char *name, const char *text)
{
	tar_add_as(tar, '0', name, text, strlen(text));
}

static inline void
tar_end(struct buf *tar)
{
	static const char zeros[1024];

	buf_add(tar, zeros, sizeof(zeros));
}

/* Gives a text in pieces of `step` bytes. */
struct memory_source {
	struct slice rest;
	size_t step;
};

static inline long
read_memory(void *arg, void *into, size_t n, struct errinfo *ei)
{
	struct memory_source *s = arg;

	(void)ei;
	if (n > s->step)
		n = s->step;
	if (n > s->rest.n)
		n = s->rest.n;
	memcpy(into, s->rest.p, n);
	s->rest.p += n;
	s->rest.n -= n;
	return (long)n;
}

static inline struct memory_source
source_of(const struct buf *b, size_t step)
{
	return (struct memory_source){{b->data, b->len}, step};
}

/* A file below the source tree, whole. */
static inline struct buf
read_source_file(const char *name)
{
	const char *top = getenv("top_srcdir");
	struct buf path = BUF_INIT, out = BUF_INIT;
	char piece[65536];
	size_t n;

	buf_addf(&path, "%s/%s", top != NULL ? top : ".", name);
	FILE *f = fopen(path.data, "rb");
	if (f == NULL) {
		perror(path.data);
		exit(99);
	}
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&out, piece, n);
	fclose(f);
	buf_clear(&path);
	return out;
}

/* The members of a tar, each with its content, through fn. */
typedef enum err (*member_fn)(
    void *arg, struct slice path, struct slice text, struct errinfo *ei);

static inline enum err
each_member(
    struct memory_source *from, member_fn fn, void *arg, struct errinfo *ei)
{
	struct tar_reader *t = tar_reader_new(NULL, read_memory, from);
	struct buf text = BUF_INIT;
	struct slice path, piece;
	uint64_t size;
	bool more;
	enum err e;

	while ((e = tar_reader_next(t, &path, &size, &more, ei)) == ERR_OK &&
	       more) {
		buf_reset(&text);
		buf_adds(&text, "");
		while ((e = tar_reader_data(t, &piece, ei)) == ERR_OK &&
		       piece.n > 0)
			buf_add(&text, piece.p, piece.n);
		if (e == ERR_OK && text.len != size)
			e = err_set(ei, ERR_INTERNAL, "size is wrong");
		if (e == ERR_OK && fn != NULL)
			e = fn(
			    arg, path, (struct slice){text.data, text.len}, ei);
		if (e != ERR_OK)
			break;
	}
	buf_clear(&text);
	tar_reader_free(t);
	return e;
}

/* Reads a tar as the server does. */
static inline enum err
read_bundle(struct memory_source *from, const struct bundle_limits *limits,
    bundle_build_fn fn, void *arg, struct errinfo *ei)
{
	struct tar_reader *t = tar_reader_new(NULL, read_memory, from);
	struct bundle *bu = bundle_new(limits, fn, arg);
	enum err e = bundle_read_tar(bu, t, ei);

	if (e == ERR_OK)
		e = bundle_end(bu, ei);
	bundle_free(bu);
	tar_reader_free(t);
	return e;
}

#endif
