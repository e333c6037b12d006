/* test_column.c: columns of integers there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "fake_build.h"
#include "model/column.h"

#define MANY 50000

static struct arena *arena;
static struct column_coder *coder;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	coder = column_coder_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	column_coder_free(coder);
	arena_free(arena);
	return 0;
}

/* Returns the bytes it took. */
static size_t
there_and_back(const int64_t *v, const uint32_t *group, size_t n)
{
	struct buf b = BUF_INIT;
	struct errinfo ei = {0};
	int64_t *out = arena_calloc(arena, n + 1, sizeof(*out));
	size_t length;

	column_encode(coder, &b, v, group, n);
	assert_int_equal(column_decode(arena, (struct slice){b.data, b.len},
			     group, n, out, &ei),
	    ERR_OK);
	for (size_t i = 0; i < n; i++)
		if (v[i] != out[i])
			fail_msg("%lld became %lld at %zu", (long long)v[i],
			    (long long)out[i], i);
	length = b.len;
	buf_clear(&b);
	return length;
}

static void
test_extremes(void **state)
{
	static const int64_t v[] = {0, 1, -1, INT64_MAX, INT64_MIN, 7, 8, -8,
	    INT64_MIN + 1, INT64_MAX - 1, (int64_t)1 << 32, -((int64_t)1 << 33),
	    0, INT64_MIN, INT64_MIN, INT64_MAX};
	static const int64_t least[] = {INT64_MIN, INT64_MIN, 0, INT64_MIN};
	uint32_t group[16];

	(void)state;
	for (size_t n = 0; n <= 16; n++) {
		for (size_t i = 0; i < n; i++)
			group[i] = (uint32_t)(i / 3);
		there_and_back(v, NULL, n);
		there_and_back(v, group, n);
	}
	there_and_back(least, NULL, 4);
}

static void
test_every_length(void **state)
{
	int64_t v[64 * 8];
	uint64_t seed = 1;

	(void)state;
	for (unsigned bits = 0; bits < 64; bits++)
		for (size_t i = 0; i < 8; i++)
			v[8 * bits + i] = (int64_t)(fake_random(&seed) >> bits);
	there_and_back(v, NULL, 64 * 8);
}

/* Values of each kind that the coder treats differently. */
static void
fill(int64_t *v, uint32_t *group, size_t n, unsigned kind)
{
	uint64_t seed = kind + 1;

	for (size_t i = 0; i < n; i++) {
		int64_t r = (int64_t)(fake_random(&seed) >> 40);
		group[i] = (uint32_t)(i / 100);
		switch (kind) {
		case 0:
			v[i] = 0;
			break;
		case 1:
			v[i] = 4096 * (r % 50);
			break;
		case 2: /* grows */
			v[i] = (i > 0 ? v[i - 1] : 1000000000) + r % 500;
			break;
		case 3: /* each group around a centre */
			v[i] =
			    1000000 * (int64_t)((group[i] * 7) % 13) + r % 300;
			break;
		case 4: /* few values */
			v[i] = (int64_t[]){12, 70000, 12, -5}[r % 4];
			break;
		default:
			v[i] = r;
			break;
		}
	}
}

static void
test_kinds(void **state)
{
	int64_t *v = arena_calloc(arena, MANY, sizeof(*v));
	uint32_t *group = arena_calloc(arena, MANY, sizeof(*group));
	/* a generous bound on what each may take */
	static const size_t most[] = {
	    16, MANY, MANY * 5 / 4, MANY * 5 / 4, MANY * 3 / 4, MANY * 13 / 4};

	(void)state;
	for (unsigned kind = 0; kind < 6; kind++) {
		fill(v, group, MANY, kind);
		size_t took = there_and_back(v, group, MANY);
		if (took > most[kind])
			fail_msg("kind %u took %zu bytes", kind, took);
		there_and_back(v, NULL, MANY);
	}
}

/* Damage is an error or other numbers, never a crash; run with sanitizers. */
static void
test_damage(void **state)
{
	int64_t v[600], out[600];
	uint32_t group[600];
	uint64_t seed = 99;

	(void)state;
	for (unsigned kind = 0; kind < 6; kind++) {
		struct buf b = BUF_INIT;
		struct errinfo ei = {0};
		fill(v, group, 600, kind);
		column_encode(coder, &b, v, group, 600);
		for (int i = 0; i < 3000; i++) {
			size_t at = fake_random(&seed) % b.len;
			size_t len =
			    i % 3 == 0 ? fake_random(&seed) % b.len : b.len;
			char was = b.data[at];
			char *copy;
			b.data[at] = (char)fake_random(&seed);
			copy = malloc(len + 1); /* exact, for the sanitizer */
			memcpy(copy, b.data, len);
			if (column_decode(arena, (struct slice){copy, len},
				group, 600, out, &ei) != ERR_OK)
				assert_int_equal(ei.code, ERR_INTERNAL);
			free(copy);
			b.data[at] = was;
			if (i % 100 == 0)
				arena_reset(arena);
		}
		buf_clear(&b);
	}
}

static void
test_wrong_number(void **state)
{
	int64_t v[100], out[101];
	uint32_t group[101] = {0};
	struct errinfo ei = {0};
	struct buf b = BUF_INIT;

	(void)state;
	fill(v, group, 100, 5);
	column_encode(coder, &b, v, NULL, 100);
	assert_int_equal(column_decode(arena, (struct slice){b.data, b.len},
			     NULL, 101, out, &ei),
	    ERR_INTERNAL);
	assert_int_equal(column_decode(arena, (struct slice){b.data, b.len},
			     NULL, 99, out, &ei),
	    ERR_INTERNAL);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_extremes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_every_length, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_damage, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_wrong_number, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
