/*
 * test_change_point.c: steps in made-up series, and in a recorded one whose
 * steps are known (tests/data/steps.csv: sixty runs of a compressor at one
 * level, sixty at the next, forty more while the machine was kept busy; others
 * began to use it some fifteen runs before that, as its pressure shows).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/change_point.h"

#define MOST 400

static struct arena *arena;
static double series[MOST];
static size_t length;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	length = 0;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* Repeatable noise: about normal, standard deviation 1. */
static double
noise(void)
{
	static uint64_t s = 88172645463325252u;
	double sum = 0;

	for (int i = 0; i < 12; i++) {
		s ^= s << 13;
		s ^= s >> 7;
		s ^= s << 17;
		sum += (double)(s >> 11) * 0x1p-53;
	}
	return sum - 6;
}

static void
add(size_t n, double level, double sd)
{
	for (size_t i = 0; i < n; i++)
		series[length++] = level + sd * noise();
}

static size_t
find(struct change_point out[8])
{
	return change_points(arena, series, length, out, 8);
}

static void
test_one_step(void **state)
{
	struct change_point c[8];

	(void)state;
	add(30, 100, 2);
	add(30, 110, 2);
	assert_int_equal(find(c), 1);
	assert_in_range(c[0].at, 29, 31);
	assert_true(fabs(c[0].before - 100) < 1 && fabs(c[0].after - 110) < 1);
	assert_true(c[0].noise > 1 && c[0].noise < 3.5 && c[0].p < 1e-6);
}

static void
test_noise_alone_has_no_step(void **state)
{
	struct change_point c[8];

	(void)state;
	for (int i = 0; i < 200; i++) {
		length = 0;
		add(100, 50, 5);
		assert_int_equal(find(c), 0);
	}
}

static void
test_several_steps(void **state)
{
	static const double levels[] = {100, 130, 90, 91, 60};
	struct change_point c[8];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		add(25, levels[i], 3);
	assert_int_equal(find(c), 3); /* 90 to 91 is within the noise */
	assert_in_range(c[0].at, 24, 26);
	assert_in_range(c[1].at, 49, 51);
	assert_in_range(c[2].at, 99, 101);
}

static void
test_outliers_are_no_steps(void **state)
{
	struct change_point c[8];

	(void)state;
	add(60, 10, 0.2);
	for (size_t i = 7; i < 60; i += 13)
		series[i] = 300;
	assert_int_equal(find(c), 0);
	add(60, 12, 0.2);
	series[90] = 1e9;
	assert_int_equal(find(c), 1);
	assert_in_range(c[0].at, 59, 61);
}

static void
test_small_steps_don_t_matter(void **state)
{
	struct change_point c[8];

	(void)state;
	add(50, 1000, 0.1);
	add(50, 1010, 0.1); /* sure, but one percent */
	assert_int_equal(find(c), 0);
}

static void
test_short_and_odd_series(void **state)
{
	struct change_point c[8];

	(void)state;
	assert_int_equal(find(c), 0);
	add(9, 1, 0);
	series[8] = 50;
	assert_int_equal(find(c), 0);
	length = 0;
	add(40, 0, 0);
	assert_int_equal(find(c), 0);
	add(40, 5, 0); /* from nothing */
	assert_int_equal(find(c), 1);
	assert_int_equal(c[0].at, 40);
	for (size_t i = 0; i < length; i++)
		series[i] = NAN;
	assert_int_equal(find(c), 0);
}

static void
test_gaps_are_counted(void **state)
{
	struct change_point c[8];

	(void)state;
	add(20, 1, 0.01);
	for (int i = 0; i < 10; i++)
		series[length++] = NAN;
	add(20, 2, 0.01);
	assert_int_equal(find(c), 1);
	assert_int_equal(c[0].at, 30);
}

static void
test_the_largest_are_kept(void **state)
{
	static const double levels[] = {10, 20, 50, 51.9, 90, 80};
	struct change_point c[2];

	(void)state;
	for (size_t i = 0; i < 6; i++)
		add(20, levels[i], 0.1);
	assert_int_equal(change_points(arena, series, length, c, 2), 2);
	assert_int_equal(c[0].at, 40);
	assert_int_equal(c[1].at, 80);
}

/* ---- recorded ---- */

static void
read_recorded(int column)
{
	const char *top = getenv("top_srcdir");
	char path[4096], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/data/steps.csv",
	    top != NULL ? top : ".");
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	while (fgets(line, sizeof(line), f) != NULL && length < MOST) {
		char *at = line;
		for (int i = 0; i < column; i++)
			at = strchr(at, ',') + 1;
		series[length++] = strtod(at, NULL);
	}
	fclose(f);
	assert_int_equal(length, 160);
}

static void
test_recorded_wall_time(void **state)
{
	struct change_point c[8];

	(void)state;
	read_recorded(1);
	assert_int_equal(find(c), 2);
	assert_in_range(c[0].at, 58, 62);
	assert_in_range(c[1].at, 103, 122);
}

/* A busy machine makes no step of the CPU time. */
static void
test_recorded_cpu_time(void **state)
{
	struct change_point c[8];

	(void)state;
	read_recorded(2);
	assert_int_equal(find(c), 1);
	assert_in_range(c[0].at, 58, 62);
}

static void
test_quantiles(void **state)
{
	double v[] = {5, 1, 4, 2, 3};

	(void)state;
	assert_true(number_median(v, 5) == 3);
	assert_true(number_quantile(v, 5, 0) == 1);
	assert_true(number_quantile(v, 5, 1) == 5);
	assert_true(number_quantile(v, 5, 0.1) == 1.4);
	assert_true(number_median(v, 4) == 2.5);
	assert_true(isnan(number_median(v, 0)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_one_step, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_noise_alone_has_no_step, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_several_steps, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_outliers_are_no_steps, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_small_steps_don_t_matter, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_short_and_odd_series, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_gaps_are_counted, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_the_largest_are_kept, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_recorded_wall_time, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_recorded_cpu_time, set_up, tear_down),
	    cmocka_unit_test(test_quantiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
