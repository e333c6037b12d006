/* sizes.c: see sizes.h. */
#include "model/sizes.h"

#include <stdlib.h>
#include <string.h>

#include "archive/digest.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "model/unpack.h"

#define FORMAT 1
#define LEVEL 12
#define PART_BYTES_MIN 5

static int
by_name(const void *x, const void *y)
{
	const struct size_part *a = x, *b = y;

	return strcmp(a->name, b->name);
}

static void
add_text(struct buf *b, const char *s)
{
	size_t n = strlen(s);

	buf_add_varint(b, n);
	buf_add(b, s, n);
}

/* The name stands in the hash: of two things each keeps its own unit. */
void
size_unit_pack(struct arena *a, struct size_unit *u)
{
	CLEANUP(buf_clear) struct buf raw = BUF_INIT;
	CLEANUP(buf_clear) struct buf zstd = BUF_INIT;

	if (u->nparts > 1)
		qsort(u->part, u->nparts, sizeof(*u->part), by_name);
	buf_add_varint(&raw, FORMAT);
	buf_add_varint(&raw, u->kind);
	add_text(&raw, u->name);
	buf_add_varint(&raw, (uint64_t)(u->bytes + 1));
	buf_add_varint(&raw, u->nparts);
	u->nfiles = 0;
	for (size_t i = 0; i < u->nparts; i++) {
		const struct size_part *p = &u->part[i];
		add_text(&raw, p->name);
		add_text(&raw, p->version);
		buf_add_varint(&raw, (uint64_t)(p->bytes + 1));
		buf_add_varint(&raw, p->nfiles);
		buf_add_varint(&raw, p->files.n);
		buf_add(&raw, p->files.p, p->files.n);
		u->nfiles += p->nfiles;
	}
	digest_of(raw.data, raw.len, u->sha256);
	zstd_pack(&zstd, raw.data, raw.len, LEVEL);
	u->data.p = arena_strndup(a, zstd.data, zstd.len);
	u->data.n = zstd.len;
}

static const char *
take_text(struct arena *a, struct unpack *u)
{
	struct slice s = unpack_bytes(u, unpack_varint(u));

	return utf8_scrub(a, s.p, s.n);
}

static int64_t
take_bytes(struct unpack *u)
{
	uint64_t n = unpack_varint(u);

	u->bad |= n > INT64_MAX;
	return (int64_t)(n & INT64_MAX) - 1;
}

static struct size_part
take_part(struct arena *a, struct unpack *u)
{
	struct size_part p = {.name = take_text(a, u)};

	p.version = take_text(a, u);
	p.bytes = take_bytes(u);
	p.nfiles = unpack_varint(u);
	p.files = unpack_bytes(u, unpack_varint(u));
	return p;
}

static void
take_unit(struct arena *a, struct unpack *in, struct size_unit *u)
{
	size_t n;

	in->bad |= unpack_varint(in) != FORMAT;
	unpack_varint(in); /* kind, name and bytes are known */
	take_text(a, in);
	take_bytes(in);
	n = unpack_count(in, PART_BYTES_MIN);
	u->part = arena_calloc(a, n + 1, sizeof(*u->part));
	for (u->nparts = 0; u->nparts < n && !in->bad; u->nparts++)
		u->part[u->nparts] = take_part(a, in);
	in->bad |= unpack_left(in) > 0;
}

enum err
size_unit_unpack(struct arena *a, struct size_unit *u, struct errinfo *ei)
{
	struct slice raw;
	struct unpack in;
	enum err err = zstd_unpack(a, u->data, SIZE_UNIT_MAX, &raw, ei);

	u->nparts = 0;
	if (err != ERR_OK)
		return err;
	in = unpack_start(raw);
	take_unit(a, &in, u);
	return in.bad
		   ? err_set(ei, ERR_INTERNAL, "damaged sizes of %s", u->name)
		   : ERR_OK;
}

enum err
size_part_files(struct arena *a, const struct size_part *p,
    struct file_list *out, struct errinfo *ei)
{
	return file_list_unpack(a, p->files, p->nfiles, out, ei);
}

const struct size_part *
size_part_find(const struct size_unit *u, const char *name)
{
	const struct size_part key = {.name = name};

	return u->nparts == 0 ? NULL
			      : bsearch(&key, u->part, u->nparts,
				    sizeof(*u->part), by_name);
}
