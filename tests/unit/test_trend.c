/* test_trend.c: which runs of a trend count, what is usual, their commits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/trend.h"

#define NOW INT64_C(1795000000000000)
#define DAY INT64_C(86400000000)

static struct arena *arena;
static struct trend_run run[400];
static struct trend trend;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	memset(run, 0, sizeof(run));
	trend = (struct trend){.run = run};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct trend_run *
add(const char *machine, const char *builder, double value)
{
	struct trend_run *r = &run[trend.n];

	*r = (struct trend_run){
	    .build = (int)trend.n + 1,
	    .started = NOW - (400 - (int64_t)trend.n) * DAY,
	    .image = trend.n % 2 == 0 ? "a" : "b",
	    .machine = machine,
	    .builder = builder,
	    .commit = "",
	    .status = BUILD_SUCCEEDED,
	    .value = value,
	    .wall = value,
	    .cpu = NAN,
	    .pressure = NAN,
	    .ran = 10,
	};
	trend.n++;
	return r;
}

static void
test_groups(void **state)
{
	(void)state;
	add("m1", "b1", 1);
	add("m1", "b2", 2);
	add("m1", "b2", 3);
	add("m2", "b2", 4);
	add("m1", "b2", 5);
	trend_prepare(arena, &trend, false, NOW);
	assert_int_equal(trend.ngroups, 3);
	assert_string_equal(trend.group[0].machine, "m1");
	assert_string_equal(trend.group[0].builder, "b2");
	assert_string_equal(trend.group[0].image, "");
	assert_int_equal(trend.group[0].n, 3);
	assert_int_equal(trend.group[0].run[0], 1);
	assert_int_equal(trend.group[0].run[2], 4);
	assert_int_equal(run[4].group, 0);
	assert_int_equal(trend.uses[TREND_COUNTS], 5);
}

static void
test_groups_by_image(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++)
		add("m", "b", i);
	trend_prepare(arena, &trend, true, NOW);
	assert_int_equal(trend.ngroups, 2);
	assert_string_equal(trend.group[0].image, "a");
	assert_string_equal(trend.group[1].image, "b");
}

/* Another branch takes another time. */
static void
test_groups_by_branch(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		struct trend_run *r = add("m", "b", i);
		r->branch = i < 4 ? "master" : "kirkstone";
		r->distro = "poky";
	}
	trend_prepare(arena, &trend, false, NOW);
	assert_int_equal(trend.ngroups, 2);
	assert_string_equal(trend.group[0].branch, "master");
	assert_int_equal(trend.group[0].n, 4);
	assert_true(trend.group[0].tell_branch && trend.group[1].tell_branch);
	assert_false(trend.group[0].tell_distro);
}

static void
test_nothing(void **state)
{
	struct trend_curve *c;

	(void)state;
	trend_prepare(arena, &trend, false, NOW);
	assert_int_equal(trend.ngroups, 0);
	assert_int_equal(trend_curve(arena, NULL, 0, NULL, 0, &c), 0);
}

static void
test_what_does_not_count(void **state)
{
	(void)state;
	for (int i = 0; i < 9; i++)
		add("m", "b", 1);
	run[1].status = BUILD_FAILED;
	run[2].started = 12345; /* 1970 */
	run[3].started = NOW + 2 * DAY;
	run[4].ran = 1;
	run[4].restored = 6;
	run[5].value = NAN;
	run[6].value = -3;
	run[7].ran = 4;
	run[8].value = 0; /* it is so fast */
	trend_prepare(arena, &trend, false, NOW);
	assert_int_equal(run[0].use, TREND_COUNTS);
	assert_int_equal(run[1].use, TREND_FAILED);
	assert_int_equal(run[2].use, TREND_CLOCK);
	assert_int_equal(run[3].use, TREND_CLOCK);
	assert_int_equal(run[4].use, TREND_PARTIAL);
	assert_int_equal(run[5].use, TREND_LACKS);
	assert_int_equal(run[6].use, TREND_LACKS);
	assert_int_equal(run[7].use, TREND_PARTIAL);
	assert_int_equal(run[8].use, TREND_COUNTS);
	assert_int_equal(trend.group[0].n, 2);
	assert_int_equal(trend.uses[TREND_PARTIAL], 2);
}

/* Most builds take it from shared state: those that made it are compared. */
static void
test_mostly_restored(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++) {
		add("m", "b", i % 8 == 0 ? 50 : 0.5);
		if (i % 8 != 0) {
			run[i].ran = 0;
			run[i].restored = 5;
		}
	}
	trend_prepare(arena, &trend, false, NOW);
	assert_int_equal(trend.uses[TREND_COUNTS], 5);
	assert_int_equal(trend.uses[TREND_PARTIAL], 35);
	assert_int_equal(run[8].use, TREND_COUNTS);
}

/* One that did far more doesn't make the others partial. */
static void
test_one_fuller_run(void **state)
{
	(void)state;
	for (int i = 0; i < 12; i++)
		add("m", "b", 1);
	run[5].ran = 100;
	trend_prepare(arena, &trend, false, NOW);
	assert_int_equal(trend.uses[TREND_COUNTS], 11);
	assert_int_equal(run[5].use, TREND_PARTIAL);
}

static void
test_curve(void **state)
{
	double v[300];
	const size_t cut[] = {100};
	struct trend_curve *c;
	size_t n, firsts = 0;

	(void)state;
	for (int i = 0; i < 300; i++)
		v[i] = i < 100 ? 10 : 20;
	v[50] = 1000;
	n = trend_curve(arena, v, 300, cut, 1, &c);
	assert_in_range(n, 90, TREND_CURVE_MAX);
	assert_int_equal(c[0].at, 0);
	assert_int_equal(c[n - 1].at, 299);
	for (size_t i = 0; i < n; i++) {
		assert_true(c[i].median == (c[i].at < 100 ? 10 : 20));
		assert_true(
		    c[i].low <= c[i].median && c[i].median <= c[i].high);
		firsts += c[i].first;
		if (i > 0)
			assert_true(c[i].at > c[i - 1].at);
	}
	assert_int_equal(firsts, 2);
	assert_true(trend_is_outlier(&c[10], 1000));
	assert_true(trend_is_outlier(&c[10], 1));
	assert_false(trend_is_outlier(&c[10], 10.5));
}

static void
test_short_curves(void **state)
{
	const double v[] = {3, 1, 2};
	struct trend_curve *c;

	(void)state;
	assert_int_equal(trend_curve(arena, v, 1, NULL, 0, &c), 1);
	assert_true(c[0].median == 3 && c[0].low == 3 && c[0].high == 3);
	assert_int_equal(trend_curve(arena, v, 3, NULL, 0, &c), 3);
	assert_true(c[0].median == 2 && c[2].median == 2);
}

static void
test_commits(void **state)
{
	static const char *const order[] = {"c", "", "a", "c", "b", "a"};
	const char *const *commit;
	int *number;

	(void)state;
	for (int i = 0; i < 6; i++)
		add("m", "b", 1)->commit = order[i];
	assert_int_equal(trend_commits(arena, &trend, &commit, &number), 3);
	assert_string_equal(commit[0], "c");
	assert_string_equal(commit[1], "a");
	assert_string_equal(commit[2], "b");
	assert_int_equal(number[0], 0);
	assert_int_equal(number[1], -1);
	assert_int_equal(number[2], 1);
	assert_int_equal(number[3], 0);
	assert_int_equal(number[4], 2);
	assert_int_equal(number[5], 1);
}

static void
test_what_was_made(void **state)
{
	struct trend_run *restored, *alone, *failed;

	(void)state;
	trend.made = true;
	add("m", "b", 1);
	restored = add("m", "b", 2);
	restored->ran = 1;
	restored->restored = 50;
	alone = add("m", "b", 3);
	alone->ran = 0;
	alone->status = BUILD_INCOMPLETE;
	failed = add("m", "b", 4);
	failed->status = BUILD_FAILED;
	trend_prepare(arena, &trend, false, NOW);
	assert_int_equal(trend.uses[TREND_COUNTS], 3);
	assert_int_equal(trend.uses[TREND_FAILED], 1);
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static void
test_medians_before(void **state)
{
	static const double value[] = {5, 1, 9, 3, 7, 4};
	double out[8];

	(void)state;
	for (size_t i = 0; i < 6; i++)
		add("m", "b", value[i]);
	add("m", "b", 8)->status = BUILD_FAILED;
	add("other", "b", 100);
	trend_prepare(arena, &trend, false, NOW);
	trend_medians_before(&trend, 3, out);
	assert_true(isnan(out[0]));
	assert_true(out[1] == 5 && out[2] == 3 && out[3] == 5);
	assert_true(out[4] == 3 && out[5] == 7);
	/* What doesn't count, and the first of another group. */
	assert_true(isnan(out[6]) && isnan(out[7]));
	trend_medians_before(&trend, 1, out);
	assert_true(out[5] == 7);
	trend_medians_before(&trend, 1000000, out);
	assert_true(out[5] == 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_groups),
	    T(test_groups_by_image),
	    T(test_groups_by_branch),
	    T(test_nothing),
	    T(test_what_does_not_count),
	    T(test_what_was_made),
	    T(test_mostly_restored),
	    T(test_one_fuller_run),
	    T(test_curve),
	    T(test_short_curves),
	    T(test_commits),
	    T(test_medians_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
