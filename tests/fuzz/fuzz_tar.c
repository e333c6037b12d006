/* fuzz_tar.c: an upload as it comes, compressed or not. */
#include <stdint.h>

#include "archive/tar_reader.h"
#include "bundle_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static long
read_slice(void *arg, void *into, size_t n, struct errinfo *ei)
{
	struct slice *s = arg;

	(void)ei;
	if (n > s->n)
		n = s->n;
	memcpy(into, s->p, n);
	s->p += n;
	s->n -= n;
	return (long)n;
}

static enum err
read_member(struct tar_reader *t, struct bundle *bu, struct slice path,
    uint64_t size, struct errinfo *ei)
{
	struct slice piece;
	bool want;
	enum err e = bundle_member(bu, path, size, &want, ei);

	while (e == ERR_OK && want) {
		if ((e = tar_reader_data(t, &piece, ei)) != ERR_OK)
			return e;
		if (piece.n == 0)
			return bundle_member_end(bu, ei);
		e = bundle_data(bu, piece.p, piece.n, ei);
	}
	return e;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tar_limits limits = {.members = 1000,
	    .inflated_bytes = (uint64_t)4 << 20,
	    .member_bytes = (uint64_t)1 << 20};
	struct slice from = {(const char *)data, size}, path;
	struct tar_reader *t = tar_reader_new(&limits, read_slice, &from);
	struct bundle *bu = bundle_new(NULL, check_build, NULL);
	struct errinfo ei = {0};
	uint64_t bytes;
	bool more = true;
	enum err e = ERR_OK;

	while (e == ERR_OK && more) {
		e = tar_reader_next(t, &path, &bytes, &more, &ei);
		if (e == ERR_OK && more)
			e = read_member(t, bu, path, bytes, &ei);
	}
	if (e == ERR_OK)
		e = bundle_end(bu, &ei);
	require(e == ERR_OK || (ei.text[0] != '\0' && e == ei.code));
	bundle_free(bu);
	tar_reader_free(t);
	return 0;
}
