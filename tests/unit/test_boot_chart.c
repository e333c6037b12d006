/* test_boot_chart.c: bars, their lanes and their kinds. */
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
#include "model/boot_chart.h"

#define US INT64_C(1000000)
#define MOST 13000

static struct arena *arena;
static struct task_table table;
static uint32_t zeros[MOST];
static uint8_t status[MOST];
static int64_t started[MOST];
static double elapsed[MOST];
static const char *names[] = {"do_compile"};
static struct package package = {.recipe = "zlib", .pf = "zlib-1"};

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	table = (struct task_table){.npackages = 1,
	    .packages = &package,
	    .ntask_names = 1,
	    .task_names = names,
	    .package = zeros,
	    .name = zeros,
	    .status = status,
	    .started = started,
	    .elapsed = elapsed};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void
add(double from, double length)
{
	size_t i = table.n++;

	status[i] = TASK_PASSED;
	started[i] = isnan(from) ? TIME_UNKNOWN : (int64_t)(from * (double)US);
	elapsed[i] = length;
}

static struct boot_chart
chart_of(double seconds, double min, bool one_a_lane)
{
	const struct chart_span span = {0, (int64_t)(seconds * (double)US)};
	const struct boot_options o = {
	    .min = min, .one_a_lane = one_a_lane, .package = "", .task = ""};
	struct boot_chart c;

	boot_chart_make(arena, &table, &span, &o, &c);
	return c;
}

/* No two bars of a lane overlap. */
static void
check_lanes(const struct boot_chart *c)
{
	double *end = arena_calloc(arena, c->lanes + 1, sizeof(*end));

	for (size_t i = 0; i < c->n; i++) {
		assert_true(c->bar[i].lane < c->lanes);
		assert_true(c->bar[i].start >= end[c->bar[i].lane]);
		end[c->bar[i].lane] = c->bar[i].end;
	}
}

static void
test_as_few_lanes_as_needed(void **state)
{
	struct boot_chart c;

	(void)state;
	add(0, 10);
	add(0, 5);
	add(5, 5); /* begins as the one before ends */
	add(7, 1);
	add(20, 1);
	c = chart_of(30, 0, false);
	assert_int_equal(c.n, 5);
	assert_int_equal(c.lanes, 3);
	check_lanes(&c);
	assert_int_equal(c.bar[4].lane, 0);
	c = chart_of(30, 0, true);
	assert_int_equal(c.lanes, 5);
	assert_int_equal(c.bar[3].lane, 3);
}

static void
test_only_long_ones(void **state)
{
	struct boot_chart c;

	(void)state;
	add(0, 7.99);
	add(1, 8);
	add(2, 100);
	c = chart_of(200, 8, false);
	assert_int_equal(c.n, 2);
	assert_true(c.bar[0].start == 1 && c.bar[0].end == 9);
}

static void
test_odd_times(void **state)
{
	struct boot_chart c;

	(void)state;
	add(NAN, 5);
	add(-10, 15); /* began before the axis */
	add(90, -1);  /* never finished */
	add(95, 50);  /* ends behind it */
	add(-10, 5);  /* all before */
	add(200, 5);  /* all behind */
	add(50, 0);
	c = chart_of(100, 0, false);
	assert_int_equal(c.untimed, 3);
	assert_int_equal(c.n, 4);
	assert_true(c.bar[0].start == 0 && c.bar[0].end == 5);
	assert_true(c.bar[2].start == 90 && c.bar[2].end == 100);
	assert_true(c.bar[3].end == 100);
	check_lanes(&c);
}

static void
test_looks(void **state)
{
	struct boot_chart c;

	(void)state;
	add(0, 50);
	add(50, 50);
	status[1] = TASK_FAILED;
	c = chart_of(100, 0, false);
	assert_int_equal(c.nlooks, 2);
	assert_int_equal(c.look[1].status, TASK_FAILED);
	assert_int_equal(c.look[1].kind, KIND_COMPILE);
	assert_string_equal(c.look[0].path, "M0.00,0.08h500.00v0.84H0.00z");
	assert_string_equal(c.look[1].path, "M500.00,0.08h500.00v0.84H500.00z");
}

static void
test_nothing(void **state)
{
	struct boot_chart c = chart_of(10, 0, false);

	(void)state;
	assert_int_equal(c.n, 0);
	assert_int_equal(c.lanes, 0);
	assert_int_equal(c.nlooks, 0);
	add(0, 1);
	c = chart_of(0, 0, false);
	assert_int_equal(c.n, 0);
}

static void
test_many(void **state)
{
	struct boot_chart c;
	size_t most = 0;

	(void)state;
	for (size_t i = 0; i < 12000; i++)
		add((double)(i * 7919 % 5000), (double)(i * 104729 % 97));
	c = chart_of(6000, 0, false);
	assert_int_equal(c.n, 12000);
	check_lanes(&c);
	/* As many lanes as tasks run at a time, and no more. */
	for (int t = 0; t < 5200; t++) {
		size_t running = 0;
		for (size_t i = 0; i < c.n; i++)
			running += c.bar[i].start <= t && c.bar[i].end > t;
		most = running > most ? running : most;
	}
	assert_true(c.lanes >= most && c.lanes <= most + 3);
}

static void
test_kinds(void **state)
{
	static const struct {
		const char *task;
		enum task_kind kind;
	} cases[] = {{"do_fetch", KIND_FETCH}, {"do_unpack", KIND_FETCH},
	    {"do_prepare_recipe_sysroot", KIND_CONFIGURE},
	    {"do_configure", KIND_CONFIGURE},
	    {"do_compile_ptest_base", KIND_COMPILE},
	    {"do_install", KIND_INSTALL}, {"do_populate_sysroot", KIND_INSTALL},
	    {"do_populate_sysroot_setscene", KIND_SETSCENE},
	    {"do_package_write_rpm", KIND_PACKAGE},
	    {"do_packagedata", KIND_PACKAGE}, {"do_rootfs", KIND_IMAGE},
	    {"do_image_ext4", KIND_IMAGE}, {"do_something", KIND_OTHER},
	    {"", KIND_OTHER}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (task_kind_of(cases[i].task) != cases[i].kind)
			fail_msg("%s is %s", cases[i].task,
			    task_kind_word(task_kind_of(cases[i].task)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Along the lower edges of bars, and from one to the next. */
static void
test_line(void **state)
{
	static const uint32_t bars[] = {0, 2};
	struct boot_chart c;

	(void)state;
	add(0, 25);
	add(10, 40);
	add(50, 50);
	c = chart_of(100, 0, true);
	assert_string_equal(boot_chart_line(arena, &c, bars, 2),
	    "M0.00,0.92H250.00L500.00,2.92H1000.00");
	assert_string_equal(boot_chart_line(arena, &c, bars, 0), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(test_as_few_lanes_as_needed),
	    TEST(test_only_long_ones), TEST(test_odd_times), TEST(test_looks),
	    TEST(test_nothing), TEST(test_many), TEST(test_kinds),
	    TEST(test_line)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
