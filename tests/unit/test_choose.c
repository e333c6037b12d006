/* test_choose.c: which tasks are shown, in which order, and their sums. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/like.h"
#include "model/task_select.h"
#include "model/task_stats.h"
#include "model/top_rows.h"

#define US INT64_C(1000000)

static struct arena *arena;

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
	arena_free(arena);
	return 0;
}

/* ---- top_rows ---- */

static const double *sort_key;
static bool sort_down;

/* The order as the header says it, for qsort. */
static int
plain_order(const void *a, const void *b)
{
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	double x = sort_key[i], y = sort_key[k];

	if (isnan(x) != isnan(y))
		return isnan(x) ? 1 : -1;
	if (!isnan(x) && x != y)
		return (x < y) != sort_down ? -1 : 1;
	return i < k ? -1 : 1;
}

static void
test_top_equals_sort(void **state)
{
	static const size_t wants[] = {0, 1, 2, 7, 100, 999, 1000, 5000};
	double key[1000];
	uint32_t row[1000], all[1000];
	unsigned seed = 7;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		seed = seed * 1103515245 + 12345;
		key[i] = seed % 13 == 0 ? NAN : (double)(seed >> 16 & 255);
	}
	for (size_t w = 0; w < 2 * sizeof(wants) / sizeof(wants[0]); w++) {
		size_t want = wants[w / 2], got;
		for (uint32_t i = 0; i < 1000; i++)
			row[i] = all[i] = i;
		sort_key = key;
		sort_down = w % 2;
		qsort(all, 1000, sizeof(all[0]), plain_order);
		got = top_rows(row, 1000, key, sort_down, want);
		assert_int_equal(got, want < 1000 ? want : 1000);
		assert_memory_equal(row, all, got * sizeof(row[0]));
	}
	assert_int_equal(top_rows(row, 0, key, true, 5), 0);
}

/* ---- a small table ---- */

static struct package packages[] = {
    {"zlib-1.3-r0", "zlib", "1.3-r0"},
    {"acl-2-r0", "acl", "2-r0"},
    {"zlib-1.4-r0", "zlib", "1.4-r0"},
};
static const char *names[] = {
    "do_compile", "do_package", "do_package_setscene", "do_fetch"};
static const uint32_t package[] = {0, 0, 1, 1, 2, 2};
static const uint32_t name[] = {0, 1, 0, 2, 0, 0};
static const uint32_t block[] = {0, 0, 0, 0, 0, 1};
static const uint8_t status[] = {TASK_PASSED, TASK_PASSED, TASK_FAILED,
    TASK_PASSED, TASK_FAILED, TASK_PASSED};
static const int64_t started[] = {
    10 * US, 20 * US, TIME_UNKNOWN, 5 * US, 30 * US, 40 * US};
static const double elapsed[] = {4, 1, -1, 0.5, 9, 9};
static const struct task_table table = {
    .n = 6,
    .npackages = 3,
    .packages = packages,
    .ntask_names = 4,
    .task_names = names,
    .package = package,
    .name = name,
    .block = block,
    .status = status,
    .started = started,
    .elapsed = elapsed,
};

static void
expect_rows(struct task_filter f, const char *want)
{
	uint32_t row[6];
	char got[16] = "";
	size_t n = task_select(arena, &table, &f, row);

	for (size_t i = 0; i < n; i++)
		got[i] = (char)('0' + row[i]);
	assert_string_equal(got, want);
}

static void
test_select(void **state)
{
	(void)state;
	expect_rows((struct task_filter){0, "", "", 0}, "012345");
	expect_rows((struct task_filter){0, "do_compile", "", 0}, "0245");
	expect_rows((struct task_filter){0, "compile", "", 0}, "0245");
	expect_rows((struct task_filter){0, "", "zlib", 0}, "0145");
	expect_rows((struct task_filter){0, "", "zlib-1.4-r0", 0}, "45");
	expect_rows((struct task_filter){0, "", "zli", 0}, "");
	expect_rows((struct task_filter){1U << TASK_FAILED, "", "", 0}, "24");
	expect_rows((struct task_filter){1U << BUILD_RUNNING, "", "", 0}, "");
	/* What has no time took no minimum. */
	expect_rows((struct task_filter){0, "", "", 1}, "0145");
	expect_rows((struct task_filter){0, "compile", "zlib", 5}, "45");
}

static void
expect_order(const char *column, bool down, const char *want)
{
	uint32_t row[] = {0, 1, 2, 3, 4, 5};
	const double *key = task_sort_key(arena, &table, column);
	char got[8] = "";

	assert_non_null(key);
	top_rows(row, 6, key, down, 6);
	for (size_t i = 0; i < 6; i++)
		got[i] = (char)('0' + row[i]);
	assert_string_equal(got, want);
}

static void
test_sort_keys(void **state)
{
	(void)state;
	expect_order("elapsed", true, "450132");
	expect_order("elapsed", false, "310452");
	expect_order("started", false, "301452");
	expect_order("recipe", false, "230145");
	expect_order("recipe", true, "014523");
	expect_order("version", false, "014523");
	expect_order("package", true, "450123");
	expect_order("task", false, "024513");
	expect_order("status", true, "240135");
	expect_order("block", true, "501234");
	assert_null(task_sort_key(arena, &table, "cputime"));
	assert_null(task_sort_key(arena, &table, ""));
}

static void
test_types(void **state)
{
	const double cputime[] = {1, 2, NAN, 5, 1, 1};
	struct task_type *type;
	size_t n = task_types(arena, &table, cputime, &type);

	(void)state;
	assert_int_equal(n, 3); /* do_fetch never ran */
	assert_string_equal(type[0].task, "do_package_setscene");
	assert_string_equal(type[1].task, "do_compile");
	assert_int_equal(type[1].tasks, 4);
	assert_true(type[1].elapsed == 22 && type[1].cputime == 3);
	task_types(arena, &table, NULL, &type);
	assert_string_equal(type[0].task, "do_compile");
}

static void
test_failures(void **state)
{
	uint32_t row[4];

	(void)state;
	/* The fifth was run again: what counts is how that went. */
	assert_int_equal(task_failures(arena, &table, row, 4), 1);
	assert_int_equal(row[0], 2);
	assert_int_equal(task_failures(arena, &table, row, 0), 0);
}

static void
test_failed_setscene_is_made_good(void **state)
{
	static const uint32_t p[] = {0, 0, 1}, t[] = {1, 2, 2}, b[] = {0, 0, 0};
	static const uint8_t s[] = {TASK_PASSED, TASK_FAILED, TASK_FAILED};
	struct task_table small = table;
	uint32_t row[4];

	(void)state;
	small.n = 3;
	small.package = p;
	small.name = t;
	small.block = b;
	small.status = s;
	assert_int_equal(task_failures(arena, &small, row, 4), 1);
	assert_int_equal(row[0], 2);
}

static void
test_reuse(void **state)
{
	struct task_table small = table;

	(void)state;
	/* zlib 1.3 made its package, acl restored it. */
	assert_true(task_reuse(arena, &table) == 0.5);
	small.n = 1;
	assert_true(isnan(task_reuse(arena, &small)));
}

static void
test_patterns(void **state)
{
	const char *out[3];

	(void)state;
	assert_int_equal(like_patterns(arena, "  a%b \t c_d\\ ", out, 3), 2);
	assert_string_equal(out[0], "%a\\%b%");
	assert_string_equal(out[1], "%c\\_d\\\\%");
	assert_int_equal(like_patterns(arena, "1 2 3 4 5", out, 3), 5);
	assert_string_equal(out[2], "%3%");
	assert_int_equal(like_patterns(arena, " ", out, 3), 0);
	assert_int_equal(like_patterns(arena, NULL, out, 3), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_top_equals_sort),
	    cmocka_unit_test(test_select),
	    cmocka_unit_test(test_sort_keys),
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_failures),
	    cmocka_unit_test(test_failed_setscene_is_made_good),
	    cmocka_unit_test(test_reuse),
	    cmocka_unit_test(test_patterns),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
