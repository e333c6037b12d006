/* test_packed.c: tasks of a package, series, units, varints. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "fake_build.h"
#include "model/metric_unit.h"
#include "model/package_tasks.h"
#include "model/series_block.h"
#include "model/unpack.h"

static struct arena *arena;
static struct buf out;
static struct errinfo ei;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	buf_clear(&out);
	arena_free(arena);
	return 0;
}

static struct slice
written(void)
{
	return (struct slice){out.data, out.len};
}

static void
test_varints(void **state)
{
	static const int64_t v[] = {
	    0, -1, 1, 63, 64, -64, -65, INT64_MAX, INT64_MIN};
	struct unpack u;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		buf_add_svarint(&out, v[i]);
	u = unpack_start(written());
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		assert_true(unpack_svarint(&u) == v[i]);
	assert_false(u.bad);
	assert_int_equal(unpack_left(&u), 0);
	unpack_byte(&u);
	assert_true(u.bad);
	/* ten bytes that go on, and a count that can't be */
	u = unpack_start(
	    SLICE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"));
	unpack_varint(&u);
	assert_true(u.bad);
	u = unpack_start(SLICE("\x7f"
			       "abc"));
	assert_int_equal(unpack_count(&u, 1), 0);
	assert_true(u.bad);
	u = unpack_start(SLICE("abc"));
	assert_int_equal(unpack_bytes(&u, UINT64_MAX).n, 0);
	assert_true(u.bad);
}

static void
test_package_tasks(void **state)
{
	struct package_task t[] = {
	    {7, 500, 120, 90, TASK_PASSED},
	    {3, PACKAGE_TASK_UNKNOWN, PACKAGE_TASK_UNKNOWN,
		PACKAGE_TASK_UNKNOWN, TASK_FAILED},
	    {9, 0, 0, 0, TASK_PASSED},
	    {2147483647, INT32_MAX, INT64_MAX - 2, 1, TASK_UNFINISHED},
	};
	struct package_task *back;
	size_t n;

	(void)state;
	package_tasks_encode(&out, t, 4);
	assert_int_equal(package_tasks_count(written()), 4);
	assert_int_equal(
	    package_tasks_decode(arena, written(), &back, &n, &ei), ERR_OK);
	assert_int_equal(n, 4);
	assert_int_equal(t[0].id, 9); /* sorted by start, unknown last */
	assert_int_equal(t[3].id, 3);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(back[i].id, t[i].id);
		assert_true(back[i].start == t[i].start);
		assert_true(back[i].elapsed == t[i].elapsed);
		assert_true(back[i].cputime == t[i].cputime);
		assert_int_equal(back[i].status, t[i].status);
	}
}

static void
test_package_tasks_small(void **state)
{
	struct package_task t[16], *back;
	size_t n;

	(void)state;
	for (int i = 0; i < 16; i++)
		t[i] =
		    (struct package_task){i + 1, i * 300, 50, 40, TASK_PASSED};
	package_tasks_encode(&out, t, 16);
	assert_true(out.len <= 16 * 5 + 1);
	buf_reset(&out);
	package_tasks_encode(&out, t, 0);
	assert_int_equal(
	    package_tasks_decode(arena, written(), &back, &n, &ei), ERR_OK);
	assert_int_equal(n, 0);
}

static void
test_package_tasks_damage(void **state)
{
	struct package_task t[20], *back;
	uint64_t seed = 1;
	size_t n;

	(void)state;
	for (int i = 0; i < 20; i++)
		t[i] = (struct package_task){
		    i + 1, i * 300, 50, 40, i % 2 ? TASK_PASSED : TASK_FAILED};
	package_tasks_encode(&out, t, 20);
	for (int i = 0; i < 5000; i++) {
		size_t at = fake_random(&seed) % out.len;
		char was = out.data[at];
		out.data[at] = (char)fake_random(&seed);
		struct slice s = {out.data, fake_random(&seed) % (out.len + 1)};
		if (package_tasks_decode(arena, s, &back, &n, &ei) == ERR_OK)
			assert_true(n <= s.n);
		out.data[at] = was;
		arena_reset(arena);
	}
}

static void
check_series(enum series_kind kind, const double *value, size_t n,
    unsigned ncolumns, double error)
{
	int64_t time[8];
	struct series s = {.kind = kind,
			  .subject = "",
			  .n = n,
			  .ncolumns = ncolumns,
			  .time = time},
		      back = {.kind = kind, .n = n};

	for (size_t i = 0; i < n; i++)
		time[i] = 1795352000 + (int64_t)(i * i);
	for (unsigned c = 0; c < ncolumns; c++)
		s.column[c] = value;
	buf_reset(&out);
	series_block_encode(&s, &out);
	assert_int_equal(
	    series_block_decode(arena, written(), &back, &ei), ERR_OK);
	assert_int_equal(back.ncolumns, ncolumns);
	for (size_t i = 0; i < n; i++) {
		assert_true(back.time[i] == time[i]);
		for (unsigned c = 0; c < ncolumns; c++)
			if (!(fabs(back.column[c][i] - value[i]) <= error))
				fail_msg("kind %d column %u: %g became %g",
				    kind, c, value[i], back.column[c][i]);
	}
}

static void
test_series(void **state)
{
	static const double fraction[] = {0, 1, .33333, .12345, .5};
	static const double bytes[] = {
	    0, 8e9, 1024, 1e15, 9007199254740991.0, 65536};
	static const double percent[] = {0, 99.99, 12.34, .01, 100};
	static const double rate[] = {0.4, 43123206.7, 1e9};

	(void)state;
	check_series(SERIES_CPU, fraction, 5, 3, 0.00005001);
	check_series(SERIES_MEMORY, bytes, 6, 6, 0);
	check_series(SERIES_NET, bytes, 6, 2, 0);
	check_series(SERIES_SPACE, bytes, 6, 1, 0);
	check_series(SERIES_PRESSURE, percent, 5, 3, 0);
	check_series(SERIES_DISK, rate, 3, 3, 0.5);
	check_series(SERIES_DISK, rate, 0, 3, 0);
}

static void
test_series_damage(void **state)
{
	int64_t time[300];
	double v[300];
	struct series s = {.kind = SERIES_CPU,
	    .n = 300,
	    .ncolumns = 3,
	    .time = time,
	    .column = {v, v, v}};
	uint64_t seed = 2;

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		time[i] = (int64_t)i;
		v[i] = (double)(fake_random(&seed) % 1000) / 1000;
	}
	v[7] = NAN;
	v[8] = INFINITY;
	series_block_encode(&s, &out);
	for (int i = 0; i < 4000; i++) {
		struct series back = {.kind = SERIES_CPU, .n = 300};
		size_t at = fake_random(&seed) % out.len;
		char was = out.data[at];
		out.data[at] = (char)fake_random(&seed);
		if (series_block_decode(arena, written(), &back, &ei) == ERR_OK)
			assert_true(back.ncolumns <= SERIES_COLUMNS_MAX);
		out.data[at] = was;
		arena_reset(arena);
	}
}

static void
test_units(void **state)
{
	static const char *const cases[][2] = {
	    {"rusage.ru_utime", "s"},
	    {"child_rusage.ru_maxrss", "KiB"},
	    {"io.read_bytes", "B"},
	    {"io.syscr", ""},
	    {"utime", "ticks"},
	    {"cputime", "s"},
	    {"read_ops", "blocks"},
	    {"pressure.stall", "us"},
	    {"pressure.avg10", "%"},
	    {"disk.busy", ""},
	    {"disk.read", "B/s"},
	    {"something.new", ""},
	    {"my_bytes", "B"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(metric_unit(cases[i][0]), cases[i][1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_varints, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_package_tasks, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_package_tasks_small, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_package_tasks_damage, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_series, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_series_damage, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_units, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
