/* test_charts.c: axes, reduction of samples, path data, whole charts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/chart_axis.h"
#include "model/chart_points.h"
#include "model/series_chart.h"
#include "model/task_table.h"

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

static void
expect_near(double got, double want)
{
	if (!(fabs(got - want) < 1e-6))
		fail_msg("%g instead of %g", got, want);
}

static void
test_ticks(void **state)
{
	static const struct {
		double seconds;
		const char *second;
	} cases[] = {
	    {5, "1 s"},
	    {20.47, "5 s"},
	    {100, "15 s"},
	    {1063.28, "5 min"},
	    {7200, "15 min"},
	    {20000, "1 h"},
	    {90000, "6 h"},
	    {600000, "1 d"},
	    {0, NULL},
	    {NAN, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct chart_tick tick[CHART_TICKS_MAX];
		size_t n = chart_ticks(arena, cases[i].seconds, tick);
		if (cases[i].second == NULL) {
			assert_int_equal(n, 0);
			continue;
		}
		assert_true(n >= 3 && n <= 9);
		assert_string_equal(tick[0].label, "0");
		expect_near(tick[0].x, 0);
		assert_string_equal(tick[1].label, cases[i].second);
		assert_true(tick[n - 1].x <= CHART_WIDTH);
	}
}

static void
test_long_axis_has_bounded_ticks(void **state)
{
	struct chart_tick tick[CHART_TICKS_MAX];

	(void)state;
	for (double s = 0.5; s < 1e9; s *= 1.7) {
		size_t n = chart_ticks(arena, s, tick);
		assert_true(n >= 1 && n <= CHART_TICKS_MAX);
		for (size_t i = 0; i < n; i++)
			assert_true(tick[i].x >= 0 && tick[i].x <= CHART_WIDTH);
	}
}

static void
test_grid(void **state)
{
	double grid[CHART_GRID_MAX], min = 0, max = 1;

	(void)state;
	assert_int_equal(chart_grid(&min, &max, grid), 2);
	expect_near(grid[0], 0.5);
	expect_near(grid[1], 1);
	expect_near(max, 1);
	min = 0, max = 24.68e9;
	assert_int_equal(chart_grid(&min, &max, grid), 3);
	expect_near(max / 1e9, 30);
	min = 21.7e9, max = 22.9e9;
	assert_true(chart_grid(&min, &max, grid) >= 2);
	assert_true(min <= 21.7e9 && max >= 22.9e9);
	assert_true(min >= 21e9 && max <= 23.5e9);
	min = 0, max = 0.57;
	assert_int_equal(chart_grid(&min, &max, grid), 3);
	assert_true(max == 0.6);
	min = INFINITY, max = 0;
	assert_true(chart_grid(&min, &max, grid) >= 1);
	expect_near(min, 0);
	assert_true(max >= 1);
	min = 5, max = 5;
	assert_true(chart_grid(&min, &max, grid) >= 1);
	assert_true(min <= 5 && max > 5);
	min = 0, max = 1786;
	assert_int_equal(chart_grid_seconds(&min, &max, grid), 3);
	expect_near(grid[0], 600);
	expect_near(max, 1800);
	min = 0, max = 0.3;
	assert_int_equal(chart_grid_seconds(&min, &max, grid), 3);
	expect_near(grid[0], 0.1);
	min = 0, max = 60 * 86400;
	assert_int_equal(chart_grid_seconds(&min, &max, grid), 3);
	expect_near(grid[0], 20 * 86400);
}

static void
test_place_repairs_clock(void **state)
{
	/* Set back by an hour between the third sample and the fourth. */
	const int64_t time[] = {1000, 1002, 1004, -2594, -2592, -2590};
	const struct chart_axis axis = {1000, 100};
	struct chart_samples s;

	(void)state;
	chart_place(arena, time, 6, &axis, &s);
	assert_int_equal(s.n, 6);
	assert_int_equal(s.outside, 0);
	for (size_t i = 0; i < 6; i++)
		expect_near(s.t[i], 2.0 * (double)i);
	expect_near(s.gap, 30);
}

static void
test_place_leaves_out(void **state)
{
	const int64_t time[] = {90, 100, 110, 120, 500};
	const struct chart_axis axis = {100, 30};
	struct chart_samples s;

	(void)state;
	chart_place(arena, time, 5, &axis, &s);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.outside, 2);
	assert_int_equal(s.from[0], 1);
	assert_int_equal(s.from[2], 3);
	expect_near(s.gap, 30);
}

static struct chart_samples
samples_of(size_t n, double step)
{
	struct chart_samples s = {.n = n, .ncolumns = 1, .gap = 30};

	s.t = arena_calloc(arena, n, sizeof(double));
	s.v[0] = arena_calloc(arena, n, sizeof(double));
	for (size_t i = 0; i < n; i++) {
		s.t[i] = (double)i * step;
		s.v[0][i] = (double)(i % 2);
	}
	return s;
}

static void
test_reduce_keeps_few(void **state)
{
	struct chart_samples s = samples_of(10000, 1);
	struct chart_points *p = arena_alloc(arena, sizeof(*p));

	(void)state;
	chart_reduce(&s, 10000, p);
	assert_true(p->n > 200 && p->n <= CHART_BUCKETS);
	for (size_t i = 0; i < p->n; i++) {
		assert_true(fabs(p->v[0][i] - 0.5) < 0.02);
		assert_int_equal(p->after_gap[i], i == 0);
		assert_true(i == 0 || p->t[i] > p->t[i - 1]);
	}
	s = samples_of(5, 1);
	chart_reduce(&s, 4, p); /* the last one stands at the very end */
	assert_int_equal(p->n, 5);
	expect_near(p->t[4], 4);
	s.n = 0;
	chart_reduce(&s, 4, p);
	assert_int_equal(p->n, 0);
}

static void
test_gap_breaks_line(void **state)
{
	struct chart_samples s = samples_of(4, 10);
	struct chart_points *p = arena_alloc(arena, sizeof(*p));
	const struct chart_scale scale = {100, 0, 1};
	const char *line;

	(void)state;
	s.t[2] = 70;
	s.t[3] = 80;
	chart_reduce(&s, 100, p);
	assert_true(p->after_gap[2]);
	line = chart_line_path(arena, &scale, p, p->v[0]);
	assert_string_equal(line, "M0 100L100 0M700 100L800 0");
	assert_string_equal(chart_area_path(arena, &scale, p, p->v[0], NULL),
	    "M0 100L100 0L100 100 0 100Z"
	    "M700 100L800 0L800 100 700 100Z");
}

static void
test_paths(void **state)
{
	struct chart_points *p = arena_zalloc(arena, sizeof(*p));
	const struct chart_scale scale = {10, 0, 4};
	const double below[] = {1, 1, 2};

	(void)state;
	p->n = 3;
	p->after_gap[0] = true;
	for (int i = 0; i < 3; i++) {
		p->t[i] = i * 3.3333;
		p->v[0][i] = i + 2;
	}
	assert_string_equal(chart_line_path(arena, &scale, p, p->v[0]),
	    "M0 50L333.3 25 666.7 0");
	assert_string_equal(chart_area_path(arena, &scale, p, p->v[0], below),
	    "M0 50L333.3 25 666.7 0L666.7 50 333.3 75 0 75Z");
	p->n = 1; /* a single sample is seen, too */
	assert_string_equal(
	    chart_line_path(arena, &scale, p, p->v[0]), "M-1 50L1 50");
	p->v[0][0] = NAN; /* never reaches a path as a word */
	assert_null(strstr(chart_line_path(arena, &scale, p, p->v[0]), "n"));
}

static void
test_stats(void **state)
{
	struct chart_samples s = samples_of(3, 1);
	struct chart_stats stats;

	(void)state;
	s.t[2] = 9; /* stands for eight seconds */
	s.v[0][0] = 1;
	s.v[0][1] = 7;
	s.v[0][2] = 2;
	stats = chart_stats_of(&s, 0);
	expect_near(stats.peak, 7);
	expect_near(stats.last, 2);
	expect_near(stats.mean, (1 + 7 + 8 * 2) / 10.0);
	s.n = 0;
	assert_true(isnan(chart_stats_of(&s, 0).mean));
}

/* ---- whole charts ---- */

static struct series
series_of(
    enum series_kind kind, const char *subject, size_t n, unsigned columns)
{
	struct series s = {
	    .kind = kind, .subject = subject, .n = n, .ncolumns = columns};
	int64_t *time = arena_calloc(arena, n + 1, sizeof(*time));

	for (size_t i = 0; i < n; i++)
		time[i] = 1000 + 2 * (int64_t)i;
	s.time = time;
	for (unsigned c = 0; c < columns; c++) {
		double *v = arena_calloc(arena, n + 1, sizeof(*v));
		for (size_t i = 0; i < n; i++)
			v[i] = c + 1;
		s.column[c] = v;
	}
	return s;
}

static const struct chart *
find_chart(const struct charts *all, const char *kind, const char *subject)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->chart[i].kind, kind) == 0 &&
		    strcmp(all->chart[i].subject, subject) == 0)
			return &all->chart[i];
	return NULL;
}

static void
test_kinds(void **state)
{
	const struct chart_span span = {1000 * US, 1100 * US};
	struct series s[] = {
	    series_of(SERIES_CPU, "", 10, 3),
	    series_of(SERIES_MEMORY, "", 10, 6),
	    series_of(SERIES_DISK, "", 10, 3),
	    series_of(SERIES_NET, "lo", 10, 2),
	    series_of(SERIES_NET, "eth0", 10, 2),
	    series_of(SERIES_PRESSURE, "memory", 10, 4),
	    series_of(SERIES_PRESSURE, "cpu", 10, 4),
	    series_of(SERIES_SPACE, "/dev/vda", 10, 1),
	    series_of(SERIES_CPU, "", 10, 2), /* a column short */
	};
	struct charts all;
	const struct chart *c;

	(void)state;
	charts_make(arena, &span, s, sizeof(s) / sizeof(s[0]), NULL, &all);
	assert_int_equal(all.n, 6);
	c = find_chart(&all, "cpu", "");
	assert_int_equal(c->nlines, 3);
	assert_true(c->line[2].stacked);
	expect_near(c->line[1].peak, 2);
	c = find_chart(&all, "memory", "");
	/* total 1 - free 2 - cached 7 is no use below nothing */
	expect_near(c->line[0].peak, 0);
	expect_near(c->line[1].peak, 3 + 4);
	assert_int_equal(c->nlines, 2); /* swap was never used */
	assert_null(find_chart(&all, "network", "lo"));
	c = find_chart(&all, "network", "eth0");
	expect_near(c->line[1].last, 1); /* 2 bytes in 2 seconds */
	c = find_chart(&all, "pressure", "");
	assert_int_equal(c->nlines, 2);
	assert_string_equal(c->line[0].name, "cpu");
	assert_string_equal(c->line[1].name, "memory");
	assert_true(c->line[0].line[0] == 'M');
	assert_non_null(find_chart(&all, "space", "/dev/vda"));
}

static void
test_interfaces_are_few(void **state)
{
	static const char *const names[] = {
	    "a", "b", "c", "d", "e", "f", "idle"};
	const struct chart_span span = {1000 * US, 1100 * US};
	struct series s[7];
	struct charts all;

	(void)state;
	for (int i = 0; i < 7; i++)
		s[i] = series_of(SERIES_NET, names[i], i < 6 ? 5 + i : 0, 2);
	charts_make(arena, &span, s, 7, NULL, &all);
	assert_int_equal(all.n, 4);
	assert_int_equal(all.hidden, 2);
	assert_null(find_chart(&all, "network", "a"));
	assert_non_null(find_chart(&all, "network", "f"));
}

static void
test_no_data(void **state)
{
	const struct chart_span span = {1000 * US, 1100 * US};
	struct series s = series_of(SERIES_DISK, "", 0, 3);
	struct charts all;

	(void)state;
	charts_make(arena, &span, &s, 1, NULL, &all);
	assert_int_equal(all.n, 0);
	s.flags = SERIES_NO_DATA;
	charts_make(arena, &span, &s, 1, NULL, &all);
	assert_int_equal(all.n, 1);
	assert_int_equal(all.chart[0].samples, 0);
	assert_string_equal(all.chart[0].line[0].line, "");
	s = series_of(SERIES_DISK, "", 3, 3);
	((double *)(uintptr_t)s.column[0])[1] = NAN;
	charts_make(arena, &span, &s, 1, NULL, &all);
	assert_int_equal(all.chart[0].samples, 2);
}

static void
test_running_tasks(void **state)
{
	const struct chart_span span = {1000 * US, 1100 * US};
	const int64_t started[] = {1000 * US, 1000 * US, 1050 * US,
	    TIME_UNKNOWN, 5000 * US, 1090 * US, 1095 * US};
	const double elapsed[] = {50, 100, 50, 5, 5, 0, 0};
	const struct task_table t = {
	    .n = 7, .started = started, .elapsed = elapsed};
	struct chart c = {0};
	struct charts all;

	(void)state;
	assert_true(chart_of_tasks(arena, &span, &t, &c));
	assert_int_equal(c.samples, 5);
	expect_near(c.line[0].mean, 2);
	/* One ends as another starts; those without length count, too. */
	expect_near(c.line[0].peak, 3);
	assert_int_equal(strncmp(c.line[0].line, "M2.1 ", 5), 0);
	charts_make(arena, &span, NULL, 0, &t, &all);
	assert_int_equal(all.n, 1);
}

static void
test_span(void **state)
{
	const int64_t started[] = {1010 * US};
	const double elapsed[] = {25};
	const struct task_table t = {
	    .n = 1, .started = started, .elapsed = elapsed};
	struct series s = series_of(SERIES_CPU, "", 10, 3);
	struct chart_span span;

	(void)state;
	span = chart_span_of(1000 * US, 12.5, &s, 1, &t);
	assert_true(span.end == 1000 * US + 12 * US + US / 2);
	span = chart_span_of(1000 * US, NAN, &s, 1, NULL);
	assert_true(span.end == 1018 * US);
	span = chart_span_of(1000 * US, NAN, &s, 1, &t);
	assert_true(span.end == 1035 * US);
	/* A clock that said 1970 at first must not stretch the axis. */
	span = chart_span_of(0, NAN, &s, 1, &t);
	assert_true(span.end == 1035 * US);
	((int64_t *)(uintptr_t)s.time)[9] = INT64_MAX;
	span = chart_span_of(1000 * US, NAN, &s, 1, NULL);
	assert_true(span.end == 1001 * US);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ticks),
	    cmocka_unit_test(test_long_axis_has_bounded_ticks),
	    cmocka_unit_test(test_grid),
	    cmocka_unit_test(test_place_repairs_clock),
	    cmocka_unit_test(test_place_leaves_out),
	    cmocka_unit_test(test_reduce_keeps_few),
	    cmocka_unit_test(test_gap_breaks_line),
	    cmocka_unit_test(test_paths),
	    cmocka_unit_test(test_stats),
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_interfaces_are_few),
	    cmocka_unit_test(test_no_data),
	    cmocka_unit_test(test_running_tasks),
	    cmocka_unit_test(test_span),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
