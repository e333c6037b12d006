/* unpack.c: see unpack.h. */
#include "model/unpack.h"

struct unpack
unpack_start(struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	return (struct unpack){.p = p, .end = p == NULL ? p : p + s.n};
}

size_t
unpack_left(const struct unpack *u)
{
	return (size_t)(u->end - u->p);
}

unsigned
unpack_byte(struct unpack *u)
{
	if (u->p == u->end) {
		u->bad = true;
		return 0;
	}
	return *u->p++;
}

uint64_t
unpack_varint(struct unpack *u)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		unsigned b = unpack_byte(u);
		v |= (uint64_t)(b & 0x7f) << shift;
		if ((b & 0x80) == 0)
			return v;
	}
	u->bad = true;
	return 0;
}

int64_t
unpack_svarint(struct unpack *u)
{
	return unzigzag(unpack_varint(u));
}

struct slice
unpack_bytes(struct unpack *u, uint64_t n)
{
	struct slice s = {(const char *)u->p, (size_t)n};

	if (n > unpack_left(u)) {
		u->bad = true;
		return (struct slice){"", 0};
	}
	u->p += n;
	return s;
}

size_t
unpack_count(struct unpack *u, size_t each)
{
	uint64_t n = unpack_varint(u);

	if (n > unpack_left(u) / (each > 0 ? each : 1)) {
		u->bad = true;
		return 0;
	}
	return (size_t)n;
}
