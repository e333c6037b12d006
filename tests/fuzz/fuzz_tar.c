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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tar_limits limits = {.members = 1000,
	    .inflated_bytes = (uint64_t)4 << 20,
	    .member_bytes = (uint64_t)1 << 20};
	struct slice from = {(const char *)data, size};
	struct tar_reader *t = tar_reader_new(&limits, read_slice, &from);
	struct bundle *bu = bundle_new(NULL, check_build, NULL);
	struct errinfo ei = {0};
	enum err e = bundle_read_tar(bu, t, &ei);

	if (e == ERR_OK)
		e = bundle_end(bu, &ei);
	require(e == ERR_OK || (ei.text[0] != '\0' && e == ei.code));
	bundle_free(bu);
	tar_reader_free(t);
	return 0;
}
