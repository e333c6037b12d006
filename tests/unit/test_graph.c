/* test_graph.c: what a graph can be of, which of its points count, where they
 * stand, and what they come to. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/graph_parts.h"
#include "model/package_tasks.h"

#define NOW INT64_C(1795000000000000)
#define DAY INT64_C(86400000000)

static struct arena *arena;
static struct graph_point point[400];
static struct graph graph;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	memset(point, 0, sizeof(point));
	graph = (struct graph){.of = GRAPH_OF_BUILD, .point = point};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct graph_axis
axis(const char *text, enum graph_of of)
{
	struct graph_axis out;

	if (!graph_axis_read(text, of, &out))
		fail_msg("refused: %s", text);
	return out;
}

static struct graph_point *
add(const char *x_text, const char *group, double y)
{
	struct graph_point *p = &point[graph.n];

	*p = (struct graph_point){
	    .build = (int)graph.n + 1,
	    .started = NOW - (400 - (int64_t)graph.n) * DAY,
	    .name = "b",
	    .recipe = "",
	    .version = "",
	    .task = "",
	    .x = NAN,
	    .y = y,
	    .x_text = x_text,
	    .group_text = group,
	};
	graph.n++;
	return p;
}

static void
test_numbers(void **state)
{
	struct graph_axis a;

	(void)state;
	a = axis("elapsed", GRAPH_OF_BUILD);
	assert_int_equal(a.kind, GRAPH_NUMBER);
	assert_int_equal(a.number, GRAPH_WALL);
	assert_string_equal(a.unit, "s");
	a = axis("sum:elapsed", GRAPH_OF_BUILD);
	assert_int_equal(a.number, GRAPH_METRIC);
	assert_string_equal(a.part, "elapsed");
	assert_false(a.largest);
	a = axis("max:elapsed", GRAPH_OF_PACKAGE);
	assert_int_equal(a.number, GRAPH_WALL);
	assert_true(a.largest);
	a = axis("cputime", GRAPH_OF_BUILD);
	assert_int_equal(a.number, GRAPH_METRIC);
	a = axis("cputime", GRAPH_OF_TASK);
	assert_int_equal(a.number, GRAPH_CPU);
	a = axis("child_rusage.ru_maxrss", GRAPH_OF_BUILD);
	assert_true(a.largest); /* two at a time aren't one */
	assert_false(axis("sum:rusage.ru_maxrss", GRAPH_OF_BUILD).largest);
	a = axis("events.warnings", GRAPH_OF_BUILD);
	assert_int_equal(a.number, GRAPH_EVENT);
	assert_string_equal(a.part, "warnings");
	a = axis("net.tx", GRAPH_OF_BUILD);
	assert_int_equal(a.number, GRAPH_SERIES);
	assert_int_equal(a.series, SERIES_NET);
	assert_int_equal(a.column, 1);
	assert_int_equal(axis("net.tx", GRAPH_OF_TASK).number, GRAPH_METRIC);
	assert_int_equal(
	    axis("net.nothing", GRAPH_OF_BUILD).number, GRAPH_METRIC);
	/* One that nobody has seen yet. */
	a = axis("gpu.heat", GRAPH_OF_TASK);
	assert_int_equal(a.number, GRAPH_METRIC);
	assert_string_equal(a.unit, "");
}

static void
test_dimensions(void **state)
{
	struct graph_axis a;

	(void)state;
	assert_int_equal(axis("time", GRAPH_OF_BUILD).kind, GRAPH_TIME);
	a = axis("machine", GRAPH_OF_BUILD);
	assert_int_equal(a.kind, GRAPH_DIMENSION);
	assert_int_equal(a.dimension->source, GRAPH_ROW);
	a = axis("layer:meta-oe", GRAPH_OF_BUILD);
	assert_int_equal(a.dimension->source, GRAPH_LAYER);
	assert_string_equal(a.part, "meta-oe");
	assert_true(a.dimension->by_first);
	a = axis("variable:PARALLEL_MAKE", GRAPH_OF_TASK);
	assert_string_equal(a.part, "PARALLEL_MAKE");
	assert_int_equal(axis("task", GRAPH_OF_TASK).kind, GRAPH_DIMENSION);
	assert_true(graph_axis_fits("task", GRAPH_OF_TASK));
	assert_false(graph_axis_fits("task", GRAPH_OF_PACKAGE));
	assert_false(graph_axis_fits("recipe", GRAPH_OF_BUILD));
	assert_false(graph_axis_fits("packages", GRAPH_OF_TASK));
	assert_true(graph_axis_fits("cputime", GRAPH_OF_BUILD));
	assert_true(graph_axis_fits("nobody.knows", GRAPH_OF_BUILD));
}

static void
test_refused(void **state)
{
	static const char *const bad[] = {"",
	    "sum:", "max:", "layer:", "variable:", "events.",
	    "sum:events.warnings", "max:sum:elapsed", "a:b", ":"};
	struct graph_axis a;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (graph_axis_read(bad[i], GRAPH_OF_BUILD, &a))
			fail_msg("taken: '%s'", bad[i]);
}

static void
test_what_counts(void **state)
{
	(void)state;
	graph.x = axis("time", GRAPH_OF_BUILD);
	graph.y = axis("elapsed", GRAPH_OF_BUILD);
	add("", "", 1);
	add("", "", NAN);
	add("", "", 2)->started = 12345; /* 1970 */
	add("", "", 3)->started = NOW + 2 * DAY;
	add("", "", 0); /* it is so fast */
	graph_arrange(arena, &graph, NOW);
	assert_int_equal(graph.counted, 2);
	assert_int_equal(graph.lacks, 1);
	assert_int_equal(graph.clock, 2);
	assert_int_equal(graph.ngroups, 1);
	assert_int_equal(graph.nnamed, 1);
	/* Against a number the time doesn't matter, but both have to be known.
	 */
	graph.x = axis("cputime", GRAPH_OF_BUILD);
	graph.counted = graph.lacks = graph.clock = 0;
	point[0].x = 5;
	point[2].x = 6;
	graph_arrange(arena, &graph, NOW);
	assert_int_equal(graph.counted, 2);
	assert_true(point[2].counts);
	assert_int_equal(graph.clock, 0);
}

static void
test_nothing(void **state)
{
	struct graph_box *box;

	(void)state;
	graph.x = axis("machine", GRAPH_OF_BUILD);
	graph_arrange(arena, &graph, NOW);
	assert_int_equal(graph.nplaces, 0);
	assert_int_equal(graph.ngroups, 0);
	assert_int_equal(graph_boxes(arena, &graph, &box), 0);
	assert_true(isnan(graph_correlation(arena, &graph)));
}

static void
test_places(void **state)
{
	(void)state;
	graph.x = axis("machine", GRAPH_OF_BUILD);
	add("qemux86-64", "", 1);
	add("qemuarm", "", 2);
	add("", "", 3);
	add("qemuarm", "", 4);
	graph_arrange(arena, &graph, NOW);
	assert_int_equal(graph.nplaces, 3);
	assert_string_equal(graph.place[0].name, "");
	assert_string_equal(graph.place[1].name, "qemuarm");
	assert_int_equal(graph.place[1].n, 2);
	assert_true(graph.place[1].median == 3);
	assert_int_equal(point[0].place, 2);
	assert_int_equal(graph.ndrawn, 3);
	/* Commits follow each other, whatever they are called. */
	graph.x = axis("commit", GRAPH_OF_BUILD);
	graph_arrange(arena, &graph, NOW);
	assert_string_equal(graph.place[0].name, "qemux86-64");
	assert_string_equal(graph.place[1].name, "qemuarm");
	assert_int_equal(point[3].place, 1);
}

static void
test_many_places(void **state)
{
	(void)state;
	graph.of = GRAPH_OF_PACKAGE;
	graph.x = axis("recipe", GRAPH_OF_PACKAGE);
	for (int i = 0; i < 100; i++)
		add(arena_printf(arena, "r%02d", i), "", i);
	graph_arrange(arena, &graph, NOW);
	assert_int_equal(graph.nplaces, 100);
	assert_int_equal(graph.ndrawn, GRAPH_PLACES_MAX);
	assert_string_equal(graph.place[0].name, "r99"); /* the dearest */
	assert_string_equal(graph.place[99].name, "r00");
	assert_int_equal(point[7].place, 92);
}

static void
test_groups(void **state)
{
	(void)state;
	graph.x = axis("time", GRAPH_OF_BUILD);
	graph.group = axis("builder", GRAPH_OF_BUILD);
	for (int i = 0; i < 20; i++)
		add("", i < 10 ? "most" : i < 14 ? "some" : "few", i);
	graph_arrange(arena, &graph, NOW);
	assert_int_equal(graph.ngroups, 3);
	assert_int_equal(graph.nnamed, 3);
	assert_string_equal(graph.group_value[0].name, "most");
	assert_string_equal(graph.group_value[1].name, "few");
	assert_int_equal(point[12].group, 2);
	for (int i = 0; i < 40; i++)
		add("", arena_printf(arena, "g%d", i % 8), i);
	graph.counted = 0;
	graph_arrange(arena, &graph, NOW);
	assert_int_equal(graph.ngroups, 11);
	assert_int_equal(graph.nnamed, GRAPH_LOOKS - 1);
}

static void
test_boxes(void **state)
{
	struct graph_box *box;

	(void)state;
	graph.x = axis("machine", GRAPH_OF_BUILD);
	graph.group = axis("builder", GRAPH_OF_BUILD);
	for (int i = 10; i >= 0; i--)
		add("m", "b", i);
	add("a", "c", 7);
	add("a", "b", NAN);
	graph_arrange(arena, &graph, NOW);
	assert_int_equal(graph_boxes(arena, &graph, &box), 2);
	assert_int_equal(box[0].place, 0);
	assert_int_equal(box[0].group, 1);
	assert_int_equal(box[0].n, 1);
	assert_true(box[0].median == 7 && box[0].least == 7);
	assert_int_equal(box[1].n, 11);
	assert_true(box[1].least == 0 && box[1].low == 1 && box[1].q1 == 2.5 &&
		    box[1].median == 5 && box[1].q3 == 7.5 &&
		    box[1].high == 9 && box[1].most == 10);
}

static void
test_order_of_group(void **state)
{
	const struct graph_point **p;

	(void)state;
	graph.x = axis("cputime", GRAPH_OF_BUILD);
	graph.group = axis("builder", GRAPH_OF_BUILD);
	for (int i = 0; i < 9; i++)
		add("", i % 3 == 0 ? "b" : "a", i)->x = 100 - i;
	graph_arrange(arena, &graph, NOW);
	assert_int_equal(graph_of_group(arena, &graph, 1, &p), 3);
	assert_true(p[0]->x == 94 && p[1]->x == 97 && p[2]->x == 100);
}

static void
test_correlation(void **state)
{
	(void)state;
	graph.x = axis("cputime", GRAPH_OF_BUILD);
	for (int i = 0; i < 20; i++)
		add("", "", exp(i))->x = i;
	graph_arrange(arena, &graph, NOW);
	assert_true(fabs(graph_correlation(arena, &graph) - 1) < 1e-9);
	for (int i = 0; i < 20; i++)
		point[i].y = -point[i].y;
	assert_true(fabs(graph_correlation(arena, &graph) + 1) < 1e-9);
	for (int i = 0; i < 20; i++)
		point[i].y = 3;
	assert_true(isnan(graph_correlation(arena, &graph)));
	/* 1 2 3 4 5 6 7 8 against 2 1 4 3 6 5 8 7: 1 - 6 * 8 / (8 * 63). */
	graph.n = 8;
	for (int i = 0; i < 8; i++) {
		point[i].x = i;
		point[i].y = i % 2 == 0 ? i + 1 : i - 1;
	}
	assert_true(
	    fabs(graph_correlation(arena, &graph) - (1 - 48.0 / 504)) < 1e-9);
}

static void
test_parts(void **state)
{
	struct package_task task[] = {{.id = 5,
					  .start = 100,
					  .elapsed = 300,
					  .cputime = 250,
					  .status = TASK_PASSED},
	    {.id = 3,
		.start = 0,
		.elapsed = 100,
		.cputime = PACKAGE_TASK_UNKNOWN,
		.status = TASK_PASSED},
	    {.id = 5,
		.start = 500,
		.elapsed = 200,
		.cputime = 50,
		.status = TASK_FAILED}};
	struct buf packed = BUF_INIT;
	struct slice bytes;
	struct graph_part *p;

	(void)state;
	package_tasks_encode(&packed, task, 3);
	bytes = (struct slice){packed.data, packed.len};
	assert_int_equal(graph_parts(arena, bytes, GRAPH_OF_PACKAGE, 0, &p), 1);
	assert_true(p->wall[0] == 6 && p->wall[1] == 3 && p->cpu[0] == 3 &&
		    p->cpu[1] == 2.5 && p->start == 0);
	assert_int_equal(p->n, 3);
	assert_int_equal(graph_parts(arena, bytes, GRAPH_OF_TASK, 0, &p), 2);
	assert_int_equal(p[0].id, 3);
	assert_true(isnan(p[0].cpu[0]));
	assert_string_equal(p[0].status, "succeeded");
	assert_true(p[1].wall[0] == 5 && p[1].start == 1);
	assert_string_equal(p[1].status, "failed");
	assert_int_equal(graph_parts(arena, bytes, GRAPH_OF_PACKAGE, 5, &p), 1);
	assert_int_equal(p->n, 2);
	assert_int_equal(graph_parts(arena, bytes, GRAPH_OF_TASK, 9, &p), 0);
	/* Damaged: nothing, not a wrong something. */
	assert_int_equal(graph_parts(arena, (struct slice){packed.data, 3},
			     GRAPH_OF_TASK, 0, &p),
	    0);
	buf_clear(&packed);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_numbers),
	    TEST(test_dimensions),
	    TEST(test_refused),
	    TEST(test_what_counts),
	    TEST(test_nothing),
	    TEST(test_places),
	    TEST(test_many_places),
	    TEST(test_groups),
	    TEST(test_boxes),
	    TEST(test_order_of_group),
	    TEST(test_correlation),
	    TEST(test_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
