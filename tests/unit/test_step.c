/*
 * test_step.c: whether a step is the work's or the machine's, by itself and in
 * a recorded series (tests/data/steps.csv: another level of compression after
 * sixty runs, and a machine that others began to use some forty-five later).
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
#include "model/step.h"

#define NOW INT64_C(1795000000000000)
#define DAY INT64_C(86400000000)
#define RUNS 160

static struct arena *arena;
static struct trend_run run[RUNS];
static struct trend_task task[RUNS][2];
static struct trend trend;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
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

/* ---- the verdict ---- */

static struct step_sides
sides(struct step_pair wall, struct step_pair cpu, struct step_pair pressure)
{
	return (struct step_sides){
	    .value = wall, .wall = wall, .cpu = cpu, .pressure = pressure};
}

#define P(before, after) ((struct step_pair){before, after})
#define UNKNOWN P(NAN, NAN)

static enum step_verdict
wall(struct step_pair w, struct step_pair cpu, struct step_pair pressure)
{
	struct step_sides s = sides(w, cpu, pressure);

	return step_verdict(&s, STEP_OF_WALL);
}

static enum step_verdict
cpu(struct step_pair w, struct step_pair c, struct step_pair pressure)
{
	struct step_sides s = sides(w, c, pressure);

	s.value = c;
	return step_verdict(&s, STEP_OF_CPU);
}

static void
test_wall_time(void **state)
{
	(void)state;
	/* Both step: the work. */
	assert_int_equal(wall(P(10, 13), P(8, 10.4), UNKNOWN), STEP_WORSE);
	assert_int_equal(wall(P(13, 10), P(10.4, 8), UNKNOWN), STEP_BETTER);
	/* Only wall time does: the machine. */
	assert_int_equal(wall(P(10, 13), P(8, 8.1), UNKNOWN), STEP_BUSIER);
	assert_int_equal(wall(P(10, 13), P(8, 8.1), P(5, 60)), STEP_BUSIER);
	assert_int_equal(wall(P(13, 10), P(8, 7.9), UNKNOWN), STEP_CALMER);
	/* CPU time goes the other way. */
	assert_int_equal(wall(P(10, 13), P(8, 6), UNKNOWN), STEP_BUSIER);
}

static void
test_pressure_with_wall_time(void **state)
{
	(void)state;
	/* CPU time explains two thirds of it: pressure decides. */
	assert_int_equal(wall(P(10, 16), P(8, 11.2), P(10, 12)), STEP_WORSE);
	assert_int_equal(wall(P(10, 16), P(8, 11.2), P(10, 50)), STEP_BUSIER);
	assert_int_equal(wall(P(16, 10), P(11.2, 8), P(50, 10)), STEP_CALMER);
	/* It falls while wall time rises. */
	assert_int_equal(wall(P(10, 16), P(8, 11.2), P(50, 10)), STEP_WORSE);
	/* CPU time explains all of it: more work presses, too. */
	assert_int_equal(wall(P(10, 16), P(8, 12.8), P(10, 50)), STEP_WORSE);
}

static void
test_cpu_time(void **state)
{
	(void)state;
	assert_int_equal(cpu(P(10, 13), P(8, 10.4), P(10, 50)), STEP_WORSE);
	assert_int_equal(cpu(P(13, 10), P(10.4, 8), UNKNOWN), STEP_BETTER);
	/* Threads of one core slow each other down. */
	assert_int_equal(cpu(P(10, 30), P(8, 10.4), P(5, 80)), STEP_BUSIER);
	/* Less pressure or none known makes no such claim. */
	assert_int_equal(cpu(P(10, 30), P(8, 10.4), UNKNOWN), STEP_WORSE);
	/* More CPU time in less wall time: more at once. */
	assert_int_equal(cpu(P(10, 7), P(8, 10.4), P(5, 80)), STEP_WORSE);
}

static void
test_unknown(void **state)
{
	(void)state;
	assert_int_equal(wall(P(10, 13), UNKNOWN, UNKNOWN), STEP_WORSE);
	assert_int_equal(wall(P(10, 13), UNKNOWN, P(5, 60)), STEP_BUSIER);
	assert_int_equal(wall(P(0, 13), P(0, 0), UNKNOWN), STEP_WORSE);
	assert_int_equal(wall(P(0, 0), P(0, 0), UNKNOWN), STEP_CALMER);
}

static void
test_other_metrics_are_never_the_machines(void **state)
{
	struct step_sides s = sides(P(10, 30), P(8, 8), P(5, 90));

	(void)state;
	s.value = P(4096, 8192);
	assert_int_equal(step_verdict(&s, STEP_OF_OTHER), STEP_WORSE);
	assert_int_equal(step_of_metric("elapsed"), STEP_OF_WALL);
	assert_int_equal(step_of_metric("cputime"), STEP_OF_CPU);
	assert_int_equal(step_of_metric("io.read_bytes"), STEP_OF_OTHER);
}

/* ---- the recorded series ---- */

static void
read_recorded(void)
{
	const char *top = getenv("top_srcdir");
	char path[4096], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/data/steps.csv",
	    top != NULL ? top : ".");
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	while (fgets(line, sizeof(line), f) != NULL && trend.n < RUNS) {
		size_t i = trend.n++;
		char *at = strchr(line, ',');
		double w = strtod(at + 1, &at), c = strtod(at + 1, &at);
		task[i][0] = (struct trend_task){4, 1.0, 1.0};
		task[i][1] = (struct trend_task){7, w, c};
		run[i] = (struct trend_run){
		    .build = (int)i,
		    .started = NOW - (RUNS - (int64_t)i) * DAY,
		    .image = "",
		    .machine = "m",
		    .builder = "b",
		    .commit = "",
		    .status = BUILD_SUCCEEDED,
		    .value = c + 1,
		    .wall = w + 1,
		    .cpu = c + 1,
		    .pressure = strtod(at + 1, NULL),
		    .ran = 2,
		    .ntasks = 2,
		    .task = task[i],
		};
	}
	fclose(f);
	assert_int_equal(trend.n, RUNS);
	trend_prepare(arena, &trend, false, NOW);
}

static void
test_recorded_cpu_time(void **state)
{
	struct step s[STEPS_OF_GROUP];

	(void)state;
	read_recorded();
	assert_int_equal(
	    steps_find(arena, &trend, 0, TREND_CPU, STEP_OF_CPU, s), 1);
	assert_in_range(s[0].after, 58, 62);
	assert_int_equal(s[0].before, s[0].after - 1);
	assert_int_equal(s[0].runs[0] + s[0].runs[1], RUNS);
	assert_int_equal(s[0].verdict, STEP_WORSE);
	assert_int_equal(s[0].task, 7);
	assert_true(s[0].change > 0.05 && s[0].change < 0.2);
}

static void
test_recorded_wall_time(void **state)
{
	struct step s[STEPS_OF_GROUP];

	(void)state;
	read_recorded();
	assert_int_equal(
	    steps_find(arena, &trend, 0, TREND_WALL, STEP_OF_WALL, s), 2);
	assert_in_range(s[0].after, 58, 62);
	assert_int_equal(s[0].verdict, STEP_WORSE);
	assert_in_range(s[1].after, 103, 122);
	assert_int_equal(s[1].verdict, STEP_BUSIER);
	assert_true(s[1].sides.pressure.after > 50);
}

/* The step of both is told once, that of the wall time alone stays. */
static void
test_recorded_both(void **state)
{
	struct step s[2 * STEPS_OF_GROUP];

	(void)state;
	read_recorded();
	assert_int_equal(steps_of_times(arena, &trend, 0, s), 2);
	assert_int_equal(s[0].what, STEP_OF_CPU);
	assert_int_equal(s[0].verdict, STEP_WORSE);
	assert_int_equal(s[1].what, STEP_OF_WALL);
	assert_int_equal(s[1].verdict, STEP_BUSIER);
}

static void
test_few_runs_have_no_steps(void **state)
{
	struct step s[STEPS_OF_GROUP];

	(void)state;
	for (trend.n = 0; trend.n < 9; trend.n++)
		run[trend.n] = (struct trend_run){
		    .started = NOW - DAY,
		    .machine = "m",
		    .builder = "b",
		    .image = "",
		    .status = BUILD_SUCCEEDED,
		    .value = trend.n < 4 ? 1 : 100,
		    .ran = 1,
		};
	trend_prepare(arena, &trend, false, NOW);
	assert_int_equal(
	    steps_find(arena, &trend, 0, TREND_VALUE, STEP_OF_CPU, s), 0);
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_wall_time),
	    T(test_pressure_with_wall_time),
	    T(test_cpu_time),
	    T(test_unknown),
	    T(test_other_metrics_are_never_the_machines),
	    T(test_recorded_cpu_time),
	    T(test_recorded_wall_time),
	    T(test_recorded_both),
	    T(test_few_runs_have_no_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
