/* test_package_view.c: what results of a recipe say, and nearness of builds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/nearness.h"
#include "model/package_view.h"

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

#define RESULT(b, m, v, s, t)                                                  \
	{                                                                      \
		.build = (b), .machine = (m), .distro = "poky",                \
		.version = (v), .status = (s), .failed_task = (t)              \
	}

/* Newest first. */
static const struct package_result rows[] = {
    RESULT(9, "arm", "2-r0", BUILD_INCOMPLETE, ""),
    RESULT(8, "arm", "2-r0", BUILD_FAILED, "do_compile"),
    RESULT(7, "x86", "2-r0", BUILD_SUCCEEDED, ""),
    RESULT(6, "arm", "2-r0", BUILD_FAILED, "do_install"),
    RESULT(5, "arm", "1-r0", BUILD_SUCCEEDED, ""),
    RESULT(4, "arm", "1-r0", BUILD_FAILED, "do_compile"),
    RESULT(3, "mips", "1-r0", BUILD_FAILED, "do_fetch"),
    RESULT(2, "x86", "1-r0", BUILD_FAILED, "do_compile"),
    RESULT(1, "ppc", "1-r0", BUILD_RUNNING, ""),
};
#define NROWS (sizeof(rows) / sizeof(rows[0]))

static void
test_targets(void **state)
{
	struct package_target *t;

	(void)state;
	assert_int_equal(package_targets(arena, rows, NROWS, 10, &t), 4);
	assert_string_equal(t[0].machine, "arm");
	assert_true(t[0].ended && !t[0].works && t[0].ever_good);
	assert_int_equal(rows[t[0].latest].build, 8);
	/* It fails since build 6; the failure before 5 is another one. */
	assert_int_equal(rows[t[0].first_bad].build, 6);
	assert_true(t[1].ended && t[1].works);
	assert_string_equal(t[2].machine, "mips");
	assert_false(t[2].works || t[2].ever_good);
	assert_int_equal(rows[t[2].first_bad].build, 3);
	assert_false(t[3].ended);
	assert_int_equal(package_targets(arena, rows, NROWS, 2, &t), 2);
	assert_int_equal(package_targets(arena, rows, 0, 2, &t), 0);
}

static void
test_versions_and_cells(void **state)
{
	struct package_target *t;
	const char **v;

	(void)state;
	assert_int_equal(package_versions(arena, rows, NROWS, 8, &v), 2);
	assert_string_equal(v[0], "2-r0");
	assert_int_equal(package_versions(arena, rows, NROWS, 1, &v), 1);
	package_targets(arena, rows, NROWS, 10, &t);
	/* An end says more than a build that was cut short. */
	assert_int_equal(package_cell(rows, NROWS, &t[0], "2-r0"), 1);
	assert_int_equal(package_cell(rows, NROWS, &t[0], "1-r0"), 4);
	assert_int_equal(package_cell(rows, NROWS, &t[2], "2-r0"), NROWS);
	assert_int_equal(package_cell(rows, NROWS, &t[3], "1-r0"), 8);
}

static void
test_newest(void **state)
{
	size_t at[9];

	(void)state;
	assert_int_equal(
	    package_newest(rows, NROWS, BUILD_SUCCEEDED, at, 9), 2);
	assert_int_equal(rows[at[0]].build, 7);
	assert_int_equal(rows[at[1]].build, 5);
	assert_int_equal(package_newest(rows, NROWS, BUILD_FAILED, at, 9), 4);
	assert_int_equal(rows[at[0]].build, 8);
	assert_int_equal(rows[at[1]].build, 6);
	assert_int_equal(rows[at[3]].build, 2);
	assert_int_equal(package_newest(rows, NROWS, BUILD_FAILED, at, 2), 2);
}

static void
test_nearness(void **state)
{
	const struct layer here_layers[] = {
	    {"meta", "master", "aaa", 0}, {"meta-oe", "master", "bbb", 0}};
	const struct layer there_layers[] = {
	    {"meta", "master", "aaa", 0}, {"meta-qt", "", "", 0}};
	const struct build_facts here = {
	    .machine = "arm",
	    .distro = "poky",
	    .version = "2-r0",
	    .branch = "master",
	    .host_distro = "",
	    .nlayers = 2,
	    .layers = here_layers,
	};
	struct build_facts there = here;
	struct difference d[8];
	double same = nearness(&here, &here);

	(void)state;
	there.layers = there_layers;
	there.version = "1-r0";
	there.host_distro = "debian-12";
	assert_true(nearness(&here, &there) < same);
	assert_true(nearness(&here, &there) == nearness(&there, &here));
	assert_int_equal(differences(arena, &here, &there, d, 8), 3);
	assert_string_equal(d[0].field, "version");
	assert_string_equal(d[0].here, "2-r0");
	assert_string_equal(d[0].there, "1-r0");
	assert_string_equal(d[1].field, "layer meta-oe");
	assert_string_equal(d[1].here, "master bbb");
	assert_string_equal(d[1].there, "absent");
	assert_string_equal(d[2].field, "layer meta-qt");
	assert_string_equal(d[2].there, "present");
	assert_int_equal(differences(arena, &here, &there, d, 1), 1);
	assert_int_equal(differences(arena, &here, &here, d, 8), 0);
	/* Another machine is further than another version. */
	there = here;
	there.machine = "x86";
	assert_true(nearness(&here, &there) < same - 16);
	there = (struct build_facts){0};
	assert_true(nearness(&here, &there) == 0);
	assert_int_equal(differences(arena, &here, &there, d, 8), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_targets),
	    cmocka_unit_test(test_versions_and_cells),
	    cmocka_unit_test(test_newest),
	    cmocka_unit_test(test_nearness),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
