/* unzlib.c: see unzlib.h. */
#define ZLIB_CONST
#include "archive/unzlib.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/memory.h"

#define PIECE ((size_t)64 << 10)

struct unzlib {
	z_stream z;
	uint64_t left; /* bytes that may still come out */
	unzlib_fn fn;
	void *arg;
	enum unzlib_state state;
	unsigned char out[PIECE];
};

struct unzlib *
unzlib_new(uint64_t max, unzlib_fn fn, void *arg)
{
	struct unzlib *z = must(calloc(1, sizeof(*z)));

	z->left = max;
	z->fn = fn;
	z->arg = arg;
	if (inflateInit(&z->z) != Z_OK)
		out_of_memory();
	return z;
}

void
unzlib_free(struct unzlib *z)
{
	if (z == NULL)
		return;
	inflateEnd(&z->z);
	free(z);
}

enum unzlib_state
unzlib_add(struct unzlib *z, const void *p, size_t n)
{
	int r = Z_OK;

	z->z.next_in = p;
	z->z.avail_in = (uInt)n;
	while (z->state == UNZLIB_MORE) {
		size_t got;
		z->z.next_out = z->out;
		z->z.avail_out = (uInt)sizeof(z->out);
		r = inflate(&z->z, Z_NO_FLUSH);
		got = sizeof(z->out) - z->z.avail_out;
		if (got > z->left) {
			z->state = UNZLIB_LIMIT;
			break;
		}
		z->left -= got;
		if (got > 0)
			z->fn(z->arg, (const char *)z->out, got);
		if (r == Z_STREAM_END)
			z->state = UNZLIB_END;
		else if (r != Z_OK && r != Z_BUF_ERROR)
			z->state = UNZLIB_BROKEN;
		else if (z->z.avail_in == 0 && z->z.avail_out > 0)
			break;
	}
	return z->state;
}
