/* test_consumers.c: who took what, what might be done without, how many tasks
 * ran at a time. */
#include "archive/zstd.h"
#include "base/buf.h"
#include "time_help.h"

/*
 *   zlib do_fetch 1-2, do_compile 2-6; lua do_fetch 1-3, do_compile 6-8
 */
static const struct made *
two_recipes(void)
{
	add("zlib", "do_fetch", 1, 2);
	add("zlib", "do_compile", 2, 6);
	add("lua", "do_fetch", 1, 3);
	add("lua", "do_compile", 6, 8);
	return make(10, 2, NULL);
}

static void
check_row(const struct consumer *r, const char *recipe, const char *task,
    size_t tasks, double value)
{
	assert_string_equal(r->recipe, recipe);
	assert_string_equal(r->task, task);
	assert_int_equal(r->tasks, tasks);
	NEAR(r->value, value);
}

static void
test_sums(void **state)
{
	static const double value[] = {10, NAN, 5, 7};
	const struct made *m = two_recipes();
	struct consumers c;

	(void)state;
	consumers_make(arena, &m->c, BY_RECIPE, elapsed_of, false, &c);
	assert_int_equal(c.n, 2);
	check_row(&c.row[0], "zlib", "", 2, 5);
	check_row(&c.row[1], "lua", "", 2, 4);
	NEAR(c.total, 9);
	consumers_make(arena, &m->c, BY_TYPE, elapsed_of, false, &c);
	check_row(&c.row[0], "", "do_compile", 2, 6);
	check_row(&c.row[1], "", "do_fetch", 2, 3);
	consumers_make(arena, &m->c, BY_TASK, value, false, &c);
	assert_int_equal(c.n, 4);
	check_row(&c.row[0], "zlib", "do_fetch", 1, 10);
	assert_string_equal(c.row[3].task, "do_compile");
	assert_true(isnan(c.row[3].value));
	consumers_make(arena, &m->c, BY_RECIPE, value, true, &c);
	check_row(&c.row[0], "zlib", "", 2, 10);
	check_row(&c.row[1], "lua", "", 2, 7);
	NEAR(c.total, 10);
}

static void
test_on_the_path(void **state)
{
	const struct made *m = two_recipes();
	struct consumers c;

	(void)state;
	assert_string_equal(path_of(m),
	    "zlib.do_fetch(first) zlib.do_compile(recipe) "
	    "lua.do_compile(order)");
	consumers_make(arena, &m->c, BY_RECIPE, elapsed_of, false, &c);
	NEAR(c.row[0].on_path, 5);
	NEAR(c.row[1].on_path, 2);
	NEAR(c.row[0].slack, 0);
	consumers_make(arena, &m->c, BY_TASK, elapsed_of, false, &c);
	consumers_sort(&c, "slack", true);
	check_row(&c.row[0], "lua", "do_fetch", 1, 2);
	NEAR(c.row[0].slack, 3);
}

static void
test_orders(void **state)
{
	const struct made *m = two_recipes();
	struct consumers c;

	(void)state;
	consumers_make(arena, &m->c, BY_TASK, elapsed_of, false, &c);
	consumers_sort(&c, "recipe", false);
	assert_string_equal(c.row[0].recipe, "lua");
	assert_string_equal(c.row[0].task, "do_compile");
	consumers_sort(&c, "recipe", true);
	assert_string_equal(c.row[0].recipe, "zlib");
	assert_string_equal(c.row[0].task, "do_compile");
	consumers_sort(&c, "task", true);
	assert_string_equal(c.row[0].task, "do_fetch");
	consumers_sort(&c, "value", false);
	NEAR(c.row[0].value, 1);
	NEAR(c.row[3].value, 4);
}

static void
test_candidates(void **state)
{
	const struct made *m = two_recipes();
	struct candidate *c;
	size_t n = consumers_candidates(arena, &m->c, 10, &c);

	(void)state;
	assert_int_equal(n, 2 + 4 + 2);
	for (size_t i = 1; i < n; i++)
		assert_true(c[i - 1].seconds <= c[i].seconds);
	/* All do_compile: lua's then waits for what ended last, zlib's. */
	assert_string_equal(c[0].what.task, "do_compile");
	assert_int_equal(c[0].by, BY_TYPE);
	NEAR(c[0].seconds, 5);
}

/* ---- how many ran ---- */

static void
test_levels(void **state)
{
	const struct made *m = two_recipes();
	struct parallelism p;
	double sum = 0;

	(void)state;
	parallelism_make(arena, &m->g, &p);
	assert_int_equal(p.nlevels, 3);
	NEAR(p.level[0].seconds, 1 + 2);
	NEAR(p.level[1].seconds, 5);
	NEAR(p.level[2].seconds, 2);
	NEAR(p.mean, 0.9);
	for (size_t i = 0; i < p.nslices; i++)
		sum += p.slice[i] * 10 / (double)p.nslices;
	NEAR(sum, 9);
	NEAR(p.slice[0], 0);
	NEAR(p.slice[60], 2);
	NEAR(p.slice[100], 1);
}

/* Those of many threads are told in ranges. */
static void
test_many_levels(void **state)
{
	struct parallelism p;
	double sum = 0;

	(void)state;
	for (int i = 0; i < 100; i++)
		add("a", "do_x", i, 100);
	parallelism_make(arena, &make(100, 0, NULL)->g, &p);
	assert_true(p.nlevels <= PARALLEL_LEVELS + 1);
	assert_int_equal(p.level[1].from, 1);
	for (size_t i = 1; i < p.nlevels; i++) {
		assert_int_equal(p.level[i].from, p.level[i - 1].to + 1);
		sum += p.level[i].seconds;
	}
	NEAR(sum, 100);
	assert_true(p.level[p.nlevels - 1].to >= 100);
}

static void
test_no_tasks(void **state)
{
	const struct made *m = make(10, 0, NULL);
	struct candidate *c;
	struct consumers all;
	struct parallelism p;

	(void)state;
	parallelism_make(arena, &m->g, &p);
	assert_int_equal(p.nlevels, 1);
	NEAR(p.level[0].seconds, 10);
	consumers_make(arena, &m->c, BY_TASK, elapsed_of, false, &all);
	assert_int_equal(all.n, 0);
	assert_true(isnan(all.total));
	assert_int_equal(consumers_candidates(arena, &m->c, 10, &c), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	    TEST(test_sums),
	    TEST(test_on_the_path),
	    TEST(test_orders),
	    TEST(test_candidates),
	    TEST(test_levels),
	    TEST(test_many_levels),
	    TEST(test_no_tasks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
