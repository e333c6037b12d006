/* test_base.c: src/base. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

static void
arena_gives_aligned_memory(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	for (size_t n = 0; n < 200000; n = n * 3 + 1) {
		char *p = arena_zalloc(a, n);
		assert_true((uintptr_t)p % 16 == 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
	assert_string_equal(arena_printf(a, "%s-%d", "a", 7), "a-7");
	assert_string_equal(arena_strndup(a, "abc", 2), "ab");
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	arena_free(a);
}

static void
arena_says_when_it_is_over_its_cap(void **state)
{
	struct arena *a = arena_new(1000);

	(void)state;
	arena_alloc(a, 900);
	assert_false(arena_over(a));
	arena_alloc(a, 200);
	assert_true(arena_over(a));
	arena_free(a);
}

static void
arena_grow_keeps_what_was_there(void **state)
{
	struct arena *a = arena_new(0);
	int *list = NULL;
	size_t cap = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		list = arena_grow(a, list, &cap, (size_t)i + 1, sizeof(*list));
		list[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(list[i], i);
	arena_free(a);
}

static void
buf_stops_at_its_limit(void **state)
{
	struct buf b = {.limit = 5};

	(void)state;
	buf_adds(&b, "abc");
	buf_adds(&b, "def");
	assert_true(b.failed);
	assert_int_equal(b.len, 3);
	buf_adds(&b, "x");
	assert_int_equal(b.len, 3);
	buf_reset(&b);
	buf_addf(&b, "%d", 12345);
	assert_false(b.failed);
	assert_string_equal(b.data, "12345");
	buf_addf(&b, "%d", 6);
	assert_true(b.failed);
	buf_clear(&b);
}

static void
buf_writes_decimals(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_add_fixed(&b, 0, 2);
	buf_add_fixed(&b, 1234.5678, 2);
	buf_add_fixed(&b, -0.06, 1);
	buf_add_fixed(&b, -0.04, 1);
	buf_add_fixed(&b, 99.996, 2);
	buf_add_fixed(&b, 7.4, 0);
	buf_addc(&b, ' ');
	buf_add_fixed(&b, 1e15, 1);
	buf_add_fixed(&b, -1.0 / 0.0, 1);
	assert_string_equal(
	    b.data, "0.001234.57-0.10.0100.007 1000000000000000.0-inf");
	buf_clear(&b);
}

static void
buf_writes_varints(void **state)
{
	static const struct {
		int64_t v;
		size_t n;
		unsigned char bytes[10];
	} rows[] = {
	    {0, 1, {0}},
	    {-1, 1, {1}},
	    {1, 1, {2}},
	    {64, 2, {0x80, 0x01}},
	    {INT64_MIN, 10,
		{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b = BUF_INIT;
		buf_add_svarint(&b, rows[i].v);
		assert_int_equal(b.len, rows[i].n);
		assert_memory_equal(b.data, rows[i].bytes, b.len);
		buf_clear(&b);
	}
}

static void
err_text_is_always_printable(void **state)
{
	struct errinfo ei = {0};
	char big[2 * ERR_TEXT_MAX];

	(void)state;
	assert_int_equal(err_set(&ei, ERR_INPUT,
			     "a\x01\xff"
			     "b"),
	    ERR_INPUT);
	assert_string_equal(ei.text, "a??b");
	err_set(&ei, ERR_INPUT, "%s", "z\xc3\xbc");
	assert_string_equal(ei.text, "z\xc3\xbc");
	/* A character that the end of the buffer cuts goes as a whole. */
	memset(big, 'x', sizeof(big));
	memcpy(big + ERR_TEXT_MAX - 2, "\xc3\xbc", 3);
	err_set(&ei, ERR_INPUT, "%s", big);
	assert_true(utf8_clean(ei.text, strlen(ei.text)));
	assert_int_equal(strlen(ei.text), ERR_TEXT_MAX - 2);
	err_set(&ei, ERR_DB, "why");
	assert_int_equal(err_prefix(&ei, "place %d", 3), ERR_DB);
	assert_string_equal(ei.text, "place 3: why");
	assert_string_equal(err_name(ERR_TOO_BIG), "too big");
}

static void
integers_are_read_whole_or_not_at_all(void **state)
{
	static const struct {
		const char *s;
		bool ok;
		int64_t v;
	} rows[] = {
	    {"0", true, 0},
	    {"-1", true, -1},
	    {"+7", true, 7},
	    {"9223372036854775807", true, INT64_MAX},
	    {"-9223372036854775808", true, INT64_MIN},
	    {"9223372036854775808", false, 0},
	    {"", false, 0},
	    {"-", false, 0},
	    {"1 ", false, 0},
	    {"0x1", false, 0},
	    {"1.0", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t v = 0;
		assert_int_equal(
		    str_to_i64(rows[i].s, strlen(rows[i].s), &v), rows[i].ok);
		if (rows[i].ok)
			assert_true(v == rows[i].v);
	}
}

/* Left: what Python's repr prints.  Right: the number. */
static const struct {
	const char *repr;
	double d;
} reprs[] = {
    {"0.0", 0.0},
    {"-0.0", -0.0},
    {"3.0", 3.0},
    {"0.1", 0.1},
    {"0.13291899999999998", 132919 * 1e-6},
    {"0.11444299999999999", 114443 * 1e-6},
    {"5e-06", 5e-06},
    {"1.2e-05", 1.2e-05},
    {"9.999999999999999e-05", 9.999999999999999e-05},
    {"0.0001", 0.0001},
    {"123456789.123", 123456789.123},
    {"1795352032.72", 1795352032.72},
    {"1e+16", 1e16},
    {"9999999999999998.0", 9999999999999998.0},
    {"1.2345678901234568e+17", 123456789012345678.0},
    {"0.5", 0.5},
    {"600245241261456.2", 600245241261456.25},
    {"2.5", 2.5},
    {"1e+22", 1e22},
    {"1.7976931348623157e+308", 1.7976931348623157e+308},
    {"5e-324", 5e-324},
    {"0.3333333333333333", 1.0 / 3},
    {"-0.6666666666666666", -2.0 / 3},
    {"2.2250738585072014e-308", 2.2250738585072014e-308},
};

static void
doubles_are_printed_as_python_does(void **state)
{
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof(reprs) / sizeof(reprs[0]); i++) {
		size_t n = str_from_double(out, reprs[i].d);
		assert_string_equal(out, reprs[i].repr);
		assert_int_equal(n, strlen(out));
	}
}

static void
doubles_are_read_exactly(void **state)
{
	static const char *const bad[] = {"", "-", ".", "nan", "inf", "1e400",
	    "1.2.3", "1 ", " 1", "0x10", "1e", "--1", "1,5"};
	double d;

	(void)state;
	for (size_t i = 0; i < sizeof(reprs) / sizeof(reprs[0]); i++) {
		const char *s = reprs[i].repr;
		assert_true(str_to_double(s, strlen(s), &d));
		assert_memory_equal(&d, &reprs[i].d, sizeof(d));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(str_to_double(bad[i], strlen(bad[i]), &d));
	assert_false(str_to_double("1\0", 2, &d));
}

/* Any double comes back from its text, over all magnitudes. */
static void
doubles_make_the_round_trip(void **state)
{
	uint64_t x = 88172645463325252U;
	char out[32];
	double d, back;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		if (i % 2 == 0)
			memcpy(&d, &x, sizeof(d));
		else
			d = (double)(x % 50) + (double)(x >> 20) * 1e-9;
		if (!isfinite(d))
			continue;
		size_t n = str_from_double(out, d);
		assert_true(n < 32);
		assert_true(str_to_double(out, n, &back));
		assert_memory_equal(&d, &back, sizeof(d));
	}
}

static void
times_are_utc_and_checked(void **state)
{
	static const struct {
		const char *s;
		bool ok;
		const char *out;
	} rows[] = {
	    {"2026-11-22", true, "2026-11-22T00:00:00Z"},
	    {"2026-11-22T12:53:47Z", true, "2026-11-22T12:53:47Z"},
	    {"2026-11-22T12:53:47.25Z", true, "2026-11-22T12:53:47.25Z"},
	    {"2026-11-22 12:53", true, "2026-11-22T12:53:00Z"},
	    {"1969-12-31T23:59:59.5Z", true, "1969-12-31T23:59:59.5Z"},
	    {"2024-02-29", true, "2024-02-29T00:00:00Z"},
	    {"2026-02-29", false, ""},
	    {"2026-13-01", false, ""},
	    {"2026-11-22T25:00:00Z", false, ""},
	    {"2026-11-22Tgarbage", false, ""},
	    {"", false, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[32];
		int64_t us;
		assert_int_equal(
		    str_to_time(rows[i].s, strlen(rows[i].s), &us), rows[i].ok);
		if (!rows[i].ok)
			continue;
		str_from_time(out, us);
		assert_string_equal(out, rows[i].out);
	}
}

static void
utf8_is_scrubbed(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
	    {"plain\ttext\n", "plain\ttext\n"},
	    {"z\xc3\xbc", "z\xc3\xbc"},
	    {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
	    {"a\x1b[0m", "a\xef\xbf\xbd[0m"},
	    {"\xff", "\xef\xbf\xbd"},
	    {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
	    {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	    {"\xc3", "\xef\xbf\xbd"},
	    {"<b>&\"", "<b>&\""},
	    {"\xe2\x80\xae"
	     "x",
		"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		"x"},
	    {"\xe2\x80\xa6", "\xe2\x80\xa6"},
	};
	struct arena *a = arena_new(0);

	(void)state;
	assert_true(utf8_clean(NULL, 0));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i].in);
		const char *out = utf8_scrub(a, rows[i].in, n);
		assert_string_equal(out, rows[i].out);
		assert_int_equal(utf8_clean(rows[i].in, n),
		    strcmp(rows[i].in, rows[i].out) == 0);
	}
	arena_free(a);
}

static void
slices_are_cut(void **state)
{
	struct slice rest = SLICE("a:b:"), head;

	(void)state;
	assert_true(slice_cut(&rest, ':', &head));
	assert_true(slice_is(head, "a"));
	assert_true(slice_cut(&rest, ':', &head));
	assert_true(slice_is(head, "b"));
	assert_false(slice_cut(&rest, ':', &head));
	assert_int_equal(head.n, 0);
	rest = SLICE("one\ntwo");
	assert_true(slice_line(&rest, &head));
	assert_true(slice_is(head, "one"));
	assert_true(slice_line(&rest, &head));
	assert_true(slice_is(head, "two"));
	assert_false(slice_line(&rest, &head));
	assert_true(slice_is(slice_trim(SLICE(" \tx\r\n")), "x"));
}

static void
hex_and_uuids(void **state)
{
	unsigned char out[16];
	char text[33];
	static const char uuid[] = "0192F3d6-0a1b-4c2d-8e3f-001122334455";

	(void)state;
	assert_true(str_to_uuid(uuid, 36, out));
	str_to_hex(text, out, 16);
	assert_string_equal(text, "0192f3d60a1b4c2d8e3f001122334455");
	assert_false(str_to_uuid(uuid, 35, out));
	assert_false(
	    str_to_uuid("0192F3d600a1b-4c2d-8e3f-00112233445", 36, out));
	assert_false(str_from_hex(out, "0g", 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(arena_gives_aligned_memory),
	    cmocka_unit_test(arena_says_when_it_is_over_its_cap),
	    cmocka_unit_test(arena_grow_keeps_what_was_there),
	    cmocka_unit_test(buf_stops_at_its_limit),
	    cmocka_unit_test(buf_writes_varints),
	    cmocka_unit_test(buf_writes_decimals),
	    cmocka_unit_test(err_text_is_always_printable),
	    cmocka_unit_test(integers_are_read_whole_or_not_at_all),
	    cmocka_unit_test(doubles_are_printed_as_python_does),
	    cmocka_unit_test(doubles_are_read_exactly),
	    cmocka_unit_test(doubles_make_the_round_trip),
	    cmocka_unit_test(times_are_utc_and_checked),
	    cmocka_unit_test(utf8_is_scrubbed),
	    cmocka_unit_test(slices_are_cut),
	    cmocka_unit_test(hex_and_uuids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
