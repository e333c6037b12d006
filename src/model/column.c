/* column.c: writes columns; see column.h. */
#include "model/column.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/memory.h"
#include "model/column_format.h"
#include "model/unpack.h"

#define LEVEL 1
#define SAMPLES 31
#define NO_GROUP_RUN ((size_t)256) /* sampled apiece without groups */

struct column_coder {
	size_t cap;
	int64_t *work; /* values after the divisor */
	uint64_t *mapped;
	unsigned char *bytes; /* tokens or planes: 8 * cap + 16 */
	unsigned char *rest;  /* packed bits: 8 * cap + 16 */
	int64_t *centre;
	struct buf tokens, planes;
};

struct column_coder *
column_coder_new(void)
{
	struct column_coder *c = calloc(1, sizeof(*c));

	if (c == NULL)
		out_of_memory();
	return c;
}

static void
free_arrays(struct column_coder *c)
{
	free(c->work);
	free(c->mapped);
	free(c->bytes);
	free(c->rest);
	free(c->centre);
}

void
column_coder_free(struct column_coder *c)
{
	if (c == NULL)
		return;
	free_arrays(c);
	buf_clear(&c->tokens);
	buf_clear(&c->planes);
	free(c);
}

static void *
array(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		out_of_memory();
	return p;
}

static void
reserve(struct column_coder *c, size_t n)
{
	if (n <= c->cap)
		return;
	free_arrays(c);
	c->cap = n;
	c->work = array(n, sizeof(*c->work));
	c->mapped = array(n, sizeof(*c->mapped));
	c->bytes = array(n + 2, 8);
	c->rest = array(n + 2, 8);
	c->centre = array(n, sizeof(*c->centre));
}

static unsigned
bit_length(uint64_t u)
{
	return u == 0 ? 0 : 64 - (unsigned)__builtin_clzll(u);
}

uint64_t
column_cost(const int64_t *v, size_t n)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < n; i++)
		bits += bit_length(zigzag(v[i]));
	return bits;
}

static uint64_t
gcd(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t t = a % b;
		a = b;
		b = t;
	}
	return a;
}

/* The largest number that divides all values; 1 if there is no other. */
static int64_t
divisor_of(const int64_t *v, size_t n)
{
	uint64_t g = 0;

	for (size_t i = 0; i < n && g != 1; i++) {
		uint64_t m = v[i] < 0 ? 0 - (uint64_t)v[i] : (uint64_t)v[i];
		if (g == 0 || m % g != 0)
			g = gcd(m, g);
	}
	return g == 0 || g > INT64_MAX ? 1 : (int64_t)g;
}

/* The median of a sample: near enough, and the sample is small. */
static int64_t
median_of(const int64_t *v, const size_t *at, size_t n)
{
	int64_t sorted[SAMPLES] = {0};

	for (size_t i = 0; i < n; i++) {
		int64_t x = v[at[i]];
		size_t k = i;
		for (; k > 0 && sorted[k - 1] > x; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = x;
	}
	return sorted[n / 2];
}

static size_t
run_end(const uint32_t *group, size_t i, size_t n)
{
	uint32_t g;

	if (group == NULL)
		return n - i > NO_GROUP_RUN ? i + NO_GROUP_RUN : n;
	g = group[i];
	while (i < n && group[i] == g)
		i++;
	return i;
}

/* Adds what a run would cost in bits, by a sample; returns its centre. */
static int64_t
estimate_run(const int64_t *v, size_t start, size_t end, uint64_t cost[3])
{
	size_t at[SAMPLES];
	size_t n = end - start < SAMPLES ? end - start : SAMPLES;
	uint64_t bits[3] = {0};
	int64_t centre;

	for (size_t i = 0; i < n; i++)
		at[i] = start + i * (end - start) / n;
	centre = median_of(v, at, n);
	for (size_t i = 0; i < n; i++) {
		int64_t x = v[at[i]];
		int64_t before = at[i] > 0 ? v[at[i] - 1] : 0;
		bits[COLUMN_AS_IS] +=
		    bit_length(x < 0 ? zigzag(x) : (uint64_t)x);
		bits[COLUMN_DIFFERENCE] +=
		    bit_length(zigzag(wrap_sub(x, before)));
		bits[COLUMN_GROUPS] += bit_length(zigzag(wrap_sub(x, centre)));
	}
	for (size_t t = 0; t < 3; t++)
		cost[t] += bits[t] * (end - start) / n;
	cost[COLUMN_GROUPS] += 8 * ((bit_length(zigzag(centre)) + 6) / 7 + 1);
	return centre;
}

/*
 * Also fills c->centre, one a run.  Something else than the values as they
 * are must win clearly, for repeated values compress best so.
 */
static enum column_transform
choose_transform(struct column_coder *c, const uint32_t *group, size_t n)
{
	uint64_t cost[3] = {0}, best;
	enum column_transform t = COLUMN_AS_IS;
	size_t run = 0;

	for (size_t i = 0; i < n; run++) {
		size_t end = run_end(group, i, n);
		c->centre[run] = estimate_run(c->work, i, end, cost);
		i = end;
	}
	best = cost[COLUMN_AS_IS] - cost[COLUMN_AS_IS] / 16;
	if (cost[COLUMN_DIFFERENCE] < best) {
		best = cost[COLUMN_DIFFERENCE];
		t = COLUMN_DIFFERENCE;
	}
	if (group != NULL && cost[COLUMN_GROUPS] < best)
		t = COLUMN_GROUPS;
	return t;
}

static void
undo_groups(
    struct column_coder *c, struct buf *out, const uint32_t *group, size_t n)
{
	size_t run = 0;

	for (size_t i = 0; i < n; run++) {
		size_t end = run_end(group, i, n);
		buf_add_svarint(out, c->centre[run]);
		for (; i < end; i++)
			c->work[i] = wrap_sub(c->work[i], c->centre[run]);
	}
}

static void
undo_differences(int64_t *v, size_t n)
{
	for (size_t i = n; i-- > 1;)
		v[i] = wrap_sub(v[i], v[i - 1]);
}

/*
 * Fills c->mapped: numbers without a sign; *all has every bit that any of them
 * has.  Returns whether a sign had to be folded in.
 */
static bool
map(struct column_coder *c, size_t n, uint64_t *all)
{
	int64_t any = 0;

	*all = 0;
	for (size_t i = 0; i < n; i++)
		any |= c->work[i];
	for (size_t i = 0; i < n; i++) {
		c->mapped[i] =
		    any < 0 ? zigzag(c->work[i]) : (uint64_t)c->work[i];
		*all |= c->mapped[i];
	}
	return any < 0;
}

struct bit_writer {
	unsigned char *p;
	uint64_t held;
	unsigned nheld;
};

/*
 * At most 56 bits at a time.  Writes eight bytes wherever it is and moves on
 * by the full ones: widths vary so much that a loop would be mispredicted.
 */
static inline void
put_bits(struct bit_writer *w, uint64_t bits, unsigned n)
{
	w->held |= bits << w->nheld;
	w->nheld += n;
	uint64_t le = htole64(w->held);
	memcpy(w->p, &le, sizeof(le));
	w->p += w->nheld >> 3;
	w->held >>= w->nheld & ~7u;
	w->nheld &= 7;
}

static void
make_tokens(struct column_coder *c, size_t n)
{
	struct bit_writer w = {.p = c->rest};

	for (size_t i = 0; i < n; i++) {
		uint64_t u = c->mapped[i];
		/* As if bit 2 were set: up to 7, nothing is left over. */
		unsigned low = 61 - (unsigned)__builtin_clzll(u | 4);
		unsigned token = 4 + 4 * low + ((unsigned)(u >> low) & 3);
		c->bytes[i] = (unsigned char)(u < 8 ? u : token);
		u &= (UINT64_C(1) << low) - 1;
		if (low > 32) {
			put_bits(&w, u & UINT32_MAX, 32);
			u >>= 32;
			low -= 32;
		}
		put_bits(&w, u, low);
	}
	if (w.nheld > 0)
		*w.p++ = (unsigned char)w.held;
	buf_reset(&c->planes);
	zstd_pack(&c->planes, c->bytes, n, LEVEL);
	buf_reset(&c->tokens);
	buf_add_varint(&c->tokens, c->planes.len);
	buf_add(&c->tokens, c->planes.data, c->planes.len);
	buf_add(&c->tokens, c->rest, (size_t)(w.p - c->rest));
}

/*
 * Do values repeat?  Then zstd finds them again as planes.  A small table of
 * what was seen lately tells well enough.
 */
static bool
repeats(const uint64_t *u, size_t n)
{
	uint64_t seen[256] = {0};
	size_t hits = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t *s = &seen[u[i] * UINT64_C(0x9e3779b97f4a7c15) >> 56];
		hits += *s == u[i];
		*s = u[i];
	}
	return hits > n / 2;
}

static void
make_planes(struct column_coder *c, size_t n, uint64_t all)
{
	unsigned width = (bit_length(all) + 7) / 8;

	for (unsigned b = 0; b < width; b++)
		for (size_t i = 0; i < n; i++)
			c->bytes[b * n + i] =
			    (unsigned char)(c->mapped[i] >> (8 * b));
	buf_reset(&c->planes);
	buf_addc(&c->planes, (char)width);
	zstd_pack(&c->planes, c->bytes, n * width, LEVEL);
}

void
column_encode(struct column_coder *c, struct buf *out, const int64_t *v,
    const uint32_t *group, size_t n)
{
	size_t head = out->len;
	enum column_transform t;
	enum column_encoding e = COLUMN_ZERO;
	int64_t divisor = divisor_of(v, n);
	uint64_t all;
	bool is_signed;

	reserve(c, n);
	buf_addc(out, 0);
	if (divisor != 1) {
		buf_add_varint(out, (uint64_t)divisor);
		for (size_t i = 0; i < n; i++)
			c->work[i] = v[i] / divisor;
	} else if (n > 0) {
		memcpy(c->work, v, n * sizeof(*v));
	}
	t = choose_transform(c, group, n);
	if (t == COLUMN_GROUPS)
		undo_groups(c, out, group, n);
	if (t == COLUMN_DIFFERENCE)
		undo_differences(c->work, n);
	is_signed = map(c, n, &all);
	if (all != 0) {
		make_tokens(c, n);
		e = COLUMN_TOKENS;
		/* Up to 7 a token is the value itself. */
		if (all > 7 && repeats(c->mapped, n)) {
			make_planes(c, n, all);
			if (c->planes.len < c->tokens.len)
				e = COLUMN_PLANES;
		}
		const struct buf *b =
		    e == COLUMN_PLANES ? &c->planes : &c->tokens;
		buf_add(out, b->data, b->len);
	}
	if (!out->failed)
		out->data[head] =
		    (char)(t | e << 2 | (divisor != 1 ? COLUMN_DIVISOR : 0) |
			   (is_signed ? COLUMN_SIGNED : 0));
}
