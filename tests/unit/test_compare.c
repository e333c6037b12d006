/* test_compare.c: tasks of several builds side by side. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/compare.h"

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

/* A task as a test writes it; the list ends with recipe NULL. */
struct written {
	const char *recipe, *version, *task;
	double value;
};

/* One package a task: a table may name a recipe more than once. */
static struct task_table *
table_of(const struct written *w, double **value)
{
	struct task_table *t = arena_zalloc(arena, sizeof(*t));
	uint32_t *index;

	while (w[t->n].recipe != NULL)
		t->n++;
	t->npackages = t->ntask_names = t->n;
	t->packages = arena_calloc(arena, t->n + 1, sizeof(*t->packages));
	t->task_names = arena_calloc(arena, t->n + 1, sizeof(char *));
	index = arena_calloc(arena, t->n + 1, sizeof(*index));
	*value = arena_calloc(arena, t->n + 1, sizeof(**value));
	for (size_t i = 0; i < t->n; i++) {
		t->packages[i] = (struct package){
		    .recipe = w[i].recipe, .version = w[i].version};
		t->task_names[i] = w[i].task;
		index[i] = (uint32_t)i;
		(*value)[i] = w[i].value;
	}
	t->package = t->name = index;
	return t;
}

static void
add(struct compare *c, const struct written *w)
{
	double *value;
	struct task_table *t = table_of(w, &value);

	compare_add(c, t, value);
}

static const struct written first[] = {{"zlib", "1", "do_compile", 10},
    {"zlib", "1", "do_install", 2}, {"gcc", "13", "do_compile", 100},
    {"gone", "1", "do_compile", 7}, {0}};
static const struct written second[] = {{"gcc", "13", "do_compile", 150},
    {"zlib", "2", "do_compile", 4}, {"zlib", "2", "do_compile", 4},
    {"new", "1", "do_compile", 70}, {"zlib", "2", "do_install", 2}, {0}};

static const struct compare_options plain = {.package = "", .task = ""};

static struct compare *
two(void)
{
	struct compare *c = compare_new(arena);

	add(c, first);
	add(c, second);
	return c;
}

static void
test_tasks_of_both(void **state)
{
	struct compare_result r;

	(void)state;
	compare_make(two(), &plain, &r);
	assert_int_equal(r.n, 3);
	assert_string_equal(r.row[0].recipe, "gcc");
	assert_true(r.row[0].diff == 50 && r.row[0].share == 0.5);
	assert_string_equal(r.row[1].recipe, "zlib");
	assert_string_equal(r.row[1].task, "do_compile");
	assert_true(r.row[1].value[0] == 10 && r.row[1].value[1] == 8);
	assert_true(r.row[1].diff == -2);
	assert_true(r.row[2].diff == 0);
	assert_true(r.sum[0] == 112 && r.sum[1] == 160);
}

static void
test_others_are_told_apart(void **state)
{
	struct compare_result r;

	(void)state;
	compare_make(two(), &plain, &r);
	assert_int_equal(r.shared, 3);
	assert_int_equal(r.total[0].common_tasks, 3);
	assert_true(r.total[0].common == 112 && r.total[0].other == 7);
	assert_int_equal(r.total[1].other_tasks, 1);
	assert_true(r.total[1].other == 70);
}

static void
test_all_tasks(void **state)
{
	struct compare_options o = plain;
	struct compare_result r;

	(void)state;
	o.all = true;
	compare_make(two(), &o, &r);
	assert_int_equal(r.n, 5);
	/* What has no difference stands last. */
	assert_true(isnan(r.row[4].diff) && isnan(r.row[3].diff));
	assert_true(isnan(r.row[3].value[1]) && r.row[3].value[0] == 7);
	assert_true(r.sum[1] == 230);
}

static void
test_groups(void **state)
{
	struct compare_options o = plain;
	struct compare_result r;

	(void)state;
	o.by = COMPARE_PACKAGE;
	compare_make(two(), &o, &r);
	assert_int_equal(r.n, 2);
	assert_string_equal(r.row[1].recipe, "zlib");
	assert_string_equal(r.row[1].task, "");
	assert_true(r.row[1].value[0] == 12 && r.row[1].value[1] == 10);
	o.by = COMPARE_TYPE;
	compare_make(two(), &o, &r);
	assert_int_equal(r.n, 2);
	assert_string_equal(r.row[0].task, "do_compile");
	assert_true(r.row[0].value[0] == 110 && r.row[0].value[1] == 158);
	o.by = COMPARE_BUILD;
	compare_make(two(), &o, &r);
	assert_int_equal(r.n, 1);
	assert_true(r.row[0].value[0] == 112 && r.row[0].value[1] == 160);
	o.by = COMPARE_PACKAGE;
	o.largest = true;
	compare_make(two(), &o, &r);
	assert_true(r.row[1].value[0] == 10 && r.row[1].value[1] == 8);
}

static void
test_choosing(void **state)
{
	struct compare_options o = plain;
	struct compare_result r;

	(void)state;
	o.min = 9;
	compare_make(two(), &o, &r);
	assert_int_equal(r.n, 2);
	o = plain;
	o.min_diff = 3;
	compare_make(two(), &o, &r);
	assert_int_equal(r.n, 1);
	o = plain;
	o.min_share = 0.2;
	compare_make(two(), &o, &r);
	assert_int_equal(r.n, 2);
	o = plain;
	o.package = "zlib";
	compare_make(two(), &o, &r);
	assert_int_equal(r.n, 2);
	assert_true(r.sum[0] == 12);
	/* Totals are of the builds, whatever rows are chosen. */
	assert_true(r.total[0].common == 112);
	o.task = "do_install";
	compare_make(two(), &o, &r);
	assert_int_equal(r.n, 1);
}

static void
test_unknown_values(void **state)
{
	static const struct written a[] = {{"x", "1", "do_a", NAN},
	    {"x", "1", "do_b", 0}, {0}},
				    b[] = {{"x", "1", "do_a", 3},
					{"x", "1", "do_b", 5}, {0}};
	struct compare *c = compare_new(arena);
	struct compare_result r;

	(void)state;
	add(c, a);
	add(c, b);
	compare_make(c, &plain, &r);
	assert_int_equal(r.n, 2);
	assert_true(r.row[0].diff == 5 && isnan(r.row[0].share));
	assert_true(isnan(r.row[1].diff));
}

static void
test_nothing_in_common(void **state)
{
	static const struct written a[] = {{"x", "1", "do_a", 1}, {0}},
				    b[] = {{"y", "1", "do_a", 3}, {0}},
				    none[] = {{0}};
	struct compare *c = compare_new(arena);
	struct compare_result r;

	(void)state;
	add(c, a);
	add(c, b);
	add(c, none);
	compare_make(c, &plain, &r);
	assert_int_equal(r.n, 0);
	assert_int_equal(r.shared, 0);
	assert_true(isnan(r.sum[0]) && isnan(r.total[2].common));
	assert_int_equal(r.total[1].other_tasks, 1);
}

static void
test_changes(void **state)
{
	struct compare_change *x;
	struct compare *c = two();
	size_t n = compare_changes(c, &x);

	(void)state;
	assert_int_equal(n, 3);
	assert_string_equal(x[0].recipe, "new");
	assert_int_equal(x[0].kind, CHANGE_NEW);
	assert_null(x[0].version[0]);
	assert_true(x[0].cost[1] == 70);
	assert_string_equal(x[1].recipe, "zlib");
	assert_int_equal(x[1].kind, CHANGE_VERSION);
	assert_string_equal(x[1].version[1], "2");
	assert_string_equal(x[2].recipe, "gone");
	assert_int_equal(x[2].kind, CHANGE_GONE);
}

static void
test_order(void **state)
{
	struct compare_result r;

	(void)state;
	compare_make(two(), &plain, &r);
	assert_true(compare_sort(&r, "recipe", false));
	assert_string_equal(r.row[0].recipe, "gcc");
	assert_true(compare_sort(&r, "recipe", true));
	assert_string_equal(r.row[0].recipe, "zlib");
	assert_true(compare_sort(&r, "2", false));
	assert_true(r.row[0].value[1] == 2);
	assert_true(compare_sort(&r, "share", true));
	assert_true(r.row[0].share == 0.5 && r.row[1].share == -0.2);
	assert_false(compare_sort(&r, "11", true));
	assert_false(compare_sort(&r, "", true));
	assert_false(compare_sort(&r, "2x", true));
}

static void
test_median(void **state)
{
	static const struct written w[3][4] = {
	    {{"x", "1", "do_a", 1}, {"x", "1", "do_b", 5}, {0}},
	    {{"x", "2", "do_a", 100}, {0}},
	    {{"x", "3", "do_a", 3}, {"x", "3", "do_b", 7}, {0}}};
	static const struct written now[] = {
	    {"x", "3", "do_a", 6}, {"x", "3", "do_b", 6}, {0}};
	const struct task_table *t[3];
	const double *v[3];
	struct compare *c = compare_new(arena);
	struct compare_change *x;
	struct compare_result r;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		double *value;
		t[i] = table_of(w[i], &value);
		v[i] = value;
	}
	compare_add_median(c, t, v, 3);
	add(c, now);
	compare_make(c, &plain, &r);
	assert_int_equal(r.n, 2);
	assert_true(r.row[0].value[0] == 3 && r.row[0].diff == 3);
	assert_true(r.row[1].value[0] == 6 && r.row[1].diff == 0);
	assert_int_equal(compare_changes(c, &x), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tasks_of_both),
	    cmocka_unit_test(test_others_are_told_apart),
	    cmocka_unit_test(test_all_tasks),
	    cmocka_unit_test(test_groups),
	    cmocka_unit_test(test_choosing),
	    cmocka_unit_test(test_unknown_values),
	    cmocka_unit_test(test_nothing_in_common),
	    cmocka_unit_test(test_changes),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_median),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
