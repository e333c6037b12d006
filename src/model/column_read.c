/* column_read.c: reads columns back; see column.h. */
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "model/column.h"
#include "model/column_format.h"
#include "model/unpack.h"

struct bit_reader {
	const unsigned char *p, *end;
	uint64_t held;
	unsigned nheld;
	bool bad;
};

/* At most 32 bits at a time. */
static inline uint64_t
take_bits(struct bit_reader *r, unsigned n)
{
	uint64_t v;

	while (r->nheld < n) {
		if (r->p == r->end) {
			r->bad = true;
			return 0;
		}
		r->held |= (uint64_t)*r->p++ << r->nheld;
		r->nheld += 8;
	}
	v = r->held & ((UINT64_C(1) << n) - 1);
	r->held >>= n;
	r->nheld -= n;
	return v;
}

static uint64_t
value_of(struct bit_reader *r, unsigned token)
{
	unsigned low;
	uint64_t v, high;

	if (token < 8)
		return token;
	low = (token - 8) / 4 + 1;
	if (low > 61) {
		r->bad = true;
		return 0;
	}
	high = (4 | (token & 3)) * (UINT64_C(1) << low);
	if (low <= 32)
		return high | take_bits(r, low);
	v = take_bits(r, 32);
	return high | v | take_bits(r, low - 32) << 32;
}

static enum err
damaged(struct errinfo *ei)
{
	return err_set(ei, ERR_INTERNAL, "damaged column");
}

static enum err
read_tokens(struct arena *a, struct unpack *u, size_t n, int64_t *out,
    struct errinfo *ei)
{
	struct slice frame = unpack_bytes(u, unpack_varint(u)), tokens;
	struct bit_reader r = {.p = u->p, .end = u->end};
	enum err err;

	if (u->bad)
		return damaged(ei);
	if ((err = zstd_unpack(a, frame, n, &tokens, ei)) != ERR_OK)
		return err;
	if (tokens.n != n)
		return damaged(ei);
	for (size_t i = 0; i < n; i++)
		out[i] = (int64_t)value_of(&r, (unsigned char)tokens.p[i]);
	return r.bad ? damaged(ei) : ERR_OK;
}

static enum err
read_planes(struct arena *a, struct unpack *u, size_t n, int64_t *out,
    struct errinfo *ei)
{
	unsigned width = unpack_byte(u);
	struct slice frame = unpack_bytes(u, unpack_left(u)), planes;
	const unsigned char *p;
	enum err err;

	if (u->bad || width == 0 || width > 8)
		return damaged(ei);
	if ((err = zstd_unpack(a, frame, n * width, &planes, ei)) != ERR_OK)
		return err;
	if (planes.n != n * width)
		return damaged(ei);
	p = (const unsigned char *)planes.p;
	for (size_t i = 0; i < n; i++) {
		uint64_t v = 0;
		for (unsigned b = 0; b < width; b++)
			v |= (uint64_t)p[b * n + i] << (8 * b);
		out[i] = (int64_t)v;
	}
	return ERR_OK;
}

/* The centres lie before the values; so they are read first and kept. */
static enum err
read_centres(struct arena *a, struct unpack *u, const uint32_t *group, size_t n,
    int64_t **out, struct errinfo *ei)
{
	size_t runs = 0;

	*out = NULL;
	if (group == NULL)
		return damaged(ei);
	for (size_t i = 0; i < n; i++)
		runs += i == 0 || group[i] != group[i - 1];
	if (runs > unpack_left(u))
		return damaged(ei);
	*out = arena_calloc(a, runs + 1, sizeof(**out));
	for (size_t i = 0; i < runs; i++)
		(*out)[i] = unpack_svarint(u);
	return u->bad ? damaged(ei) : ERR_OK;
}

static void
undo_transform(enum column_transform t, const int64_t *centre,
    const uint32_t *group, size_t n, int64_t *out)
{
	if (t == COLUMN_DIFFERENCE)
		for (size_t i = 1; i < n; i++)
			out[i] = wrap_add(out[i], out[i - 1]);
	if (t == COLUMN_GROUPS)
		for (size_t i = 0; i < n; i++) {
			if (i > 0 && group[i] != group[i - 1])
				centre++;
			out[i] = wrap_add(out[i], *centre);
		}
}

static enum err
read_values(struct arena *a, struct unpack *u, enum column_encoding e, size_t n,
    int64_t *out, struct errinfo *ei)
{
	switch (e) {
	case COLUMN_ZERO:
		if (n > 0)
			memset(out, 0, n * sizeof(*out));
		return ERR_OK;
	case COLUMN_TOKENS:
		return read_tokens(a, u, n, out, ei);
	case COLUMN_PLANES:
		return read_planes(a, u, n, out, ei);
	}
	return damaged(ei);
}

enum err
column_decode(struct arena *a, struct slice in, const uint32_t *group, size_t n,
    int64_t *out, struct errinfo *ei)
{
	struct unpack u = unpack_start(in);
	unsigned head = unpack_byte(&u);
	uint64_t divisor = (head & COLUMN_DIVISOR) != 0 ? unpack_varint(&u) : 1;
	enum column_transform t = head & 3;
	int64_t *centre = NULL;
	enum err err;

	if (u.bad || divisor == 0 || divisor > INT64_MAX || t > COLUMN_GROUPS ||
	    head >= 2 * COLUMN_SIGNED)
		return damaged(ei);
	if (t == COLUMN_GROUPS &&
	    (err = read_centres(a, &u, group, n, &centre, ei)) != ERR_OK)
		return err;
	err = read_values(a, &u, (head >> 2) & 3, n, out, ei);
	if (err != ERR_OK)
		return err;
	if ((head & COLUMN_SIGNED) != 0)
		for (size_t i = 0; i < n; i++)
			out[i] = unzigzag((uint64_t)out[i]);
	undo_transform(t, centre, group, n, out);
	if (divisor != 1)
		for (size_t i = 0; i < n; i++)
			out[i] = (int64_t)((uint64_t)out[i] * divisor);
	return ERR_OK;
}
