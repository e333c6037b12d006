/* test_plot.c: geometry and words of plots, calendar and logarithmic axes. */
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
#include "web/plot.h"

#define DAY (INT64_C(86400) * 1000000)

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

/* The document of a plot, as XML. */
static const char *
drawn(const struct plot *p)
{
	struct doc *doc = doc_new();
	struct page_context cx = {.arena = arena, .doc = doc};
	struct buf out = BUF_INIT;
	const char *text;

	plot_add(&cx, doc_content(doc), p);
	doc_write_xml(doc, &out);
	text = arena_strdup(arena, out.data);
	buf_clear(&out);
	doc_free(doc);
	return text;
}

static void
expect(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no '%s' in %s", part, text);
}

static void
expect_not(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("'%s' in %s", part, text);
}

static struct plot
plot_of(const struct plot_series *s, size_t n)
{
	return (struct plot){.title = "t",
	    .x = {.label = "x", .unit = "", .min = NAN, .max = NAN},
	    .y = {.label = "y", .unit = "s", .min = NAN, .max = NAN},
	    .series = s,
	    .nseries = n};
}

static void
test_points(void **state)
{
	static const struct plot_point pt[] = {{.x = 0, .y = 0},
	    {.x = 5, .y = 10, .url = "/there", .text = "five <ten>"},
	    {.x = 10, .y = NAN}};
	const struct plot_series s = {"ours", PLOT_POINTS, 2, 3, pt};
	struct plot p = plot_of(&s, 1);
	const char *text = drawn(&p);

	(void)state;
	expect(text, "x=\"0.00%\" y=\"100.00%\"");
	expect(text, "x=\"50.00%\" y=\"0.00%\"");
	expect(text, "url=\"/there\"");
	expect(text, "five &lt;ten&gt;");
	expect(text, "look=\"2\"");
	expect(text, "label=\"10 s\"");
}

static void
test_lines_break_at_gaps(void **state)
{
	static const struct plot_point pt[] = {{.x = 0, .y = 1},
	    {.x = 1, .y = 2}, {.x = 2, .y = NAN}, {.x = 3, .y = 4},
	    {.x = 4, .y = 3}};
	const struct plot_series line = {"", PLOT_LINE, 1, 5, pt};
	const struct plot_series steps = {"", PLOT_STEPS, 1, 5, pt};
	struct plot p = plot_of(&line, 1);

	(void)state;
	p.y.from_zero = true;
	expect(drawn(&p),
	    "path-d=\"M0.0,75.00L250.0,50.00M750.0,0.00L1000.0,25.00\"");
	p.series = &steps;
	expect(drawn(&p), "M0.0,75.00H250.0L250.0,50.00M750.0");
}

static void
test_band_goes_there_and_back(void **state)
{
	static const struct plot_point pt[] = {
	    {.x = 0, .y = 4, .low = 0}, {.x = 10, .y = 4, .low = 2}};
	const struct plot_series s = {"", PLOT_BAND, 1, 2, pt};
	struct plot p = plot_of(&s, 1);

	(void)state;
	expect(drawn(&p), "M0.0,0.00L1000.0,0.00L1000.0,50.00L0.0,100.00Z");
}

static void
test_bars_stand_on_the_ground(void **state)
{
	static const struct plot_point pt[] = {
	    {.x = 0, .to = 5, .y = 4}, {.x = 5, .to = 10, .y = 2}};
	const struct plot_series s = {"", PLOT_BARS, 1, 2, pt};
	struct plot p = plot_of(&s, 1);

	(void)state;
	expect(drawn(&p),
	    "x=\"50.00%\" y=\"50.00%\" width=\"50.00%\" height=\"50.00%\"");
}

static void
test_many_points_are_one_path(void **state)
{
	static struct plot_point pt[PLOT_MARKS_MAX + 1];
	const struct plot_series s = {
	    "", PLOT_POINTS, 1, PLOT_MARKS_MAX + 1, pt};
	struct plot p = plot_of(&s, 1);
	const char *text;

	(void)state;
	for (size_t i = 0; i <= PLOT_MARKS_MAX; i++)
		pt[i] = (struct plot_point){.x = (double)i, .y = 1};
	text = drawn(&p);
	expect(text, "kind=\"dots\"");
	expect(text, "h0M");
	expect_not(text, "<mark");
}

static void
test_nothing_and_one(void **state)
{
	static const struct plot_point one[] = {{.x = 3, .y = 3}};
	const struct plot_series none = {"", PLOT_LINE, 1, 0, one};
	const struct plot_series single = {"", PLOT_POINTS, 1, 1, one};
	struct plot p = plot_of(&none, 1);
	const char *text = drawn(&p);

	(void)state;
	expect(text, "empty=\"true\"");
	expect_not(text, "nan");
	p.series = &single;
	text = drawn(&p);
	expect(text, "empty=\"false\"");
	expect_not(text, "nan");
	p.x.scale = PLOT_CALENDAR;
	p.y.scale = PLOT_LOG;
	expect_not(drawn(&p), "nan");
}

static void
test_log_leaves_out_what_has_no_place(void **state)
{
	static const struct plot_point pt[] = {
	    {.x = 1, .y = 0}, {.x = 2, .y = 1}, {.x = 3, .y = 100}};
	const struct plot_series s = {"", PLOT_POINTS, 1, 3, pt};
	struct plot p = plot_of(&s, 1);
	const char *text;

	(void)state;
	p.y.scale = PLOT_LOG;
	text = drawn(&p);
	expect(text, "y=\"100.00%\"");
	expect(text, "y=\"0.00%\"");
	expect_not(text, "x=\"0.00%\"");
}

static void
test_events(void **state)
{
	static const struct plot_point pt[] = {
	    {.x = 0, .y = 0}, {.x = 4, .y = 1}};
	static const struct plot_event ev[] = {{1, "step", "/b/1", true}};
	const struct plot_series s = {"", PLOT_LINE, 1, 2, pt};
	struct plot p = plot_of(&s, 1);

	(void)state;
	p.event = ev;
	p.nevents = 1;
	expect(drawn(&p),
	    "<event x=\"25.00%\" label=\"step\" url=\"/b/1\" worse=\"true\"");
}

/* ---- axes ---- */

static void
expect_calendar(int64_t from, int64_t to, const char *labels)
{
	struct chart_tick t[CHART_TICKS_MAX];
	size_t n = chart_calendar(arena, from, to, t);
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		assert_true(t[i].x >= 0 && t[i].x <= CHART_WIDTH);
		buf_addf(&b, "%s%s", i ? "," : "", t[i].label);
	}
	assert_string_equal(b.data == NULL ? "" : b.data, labels);
	buf_clear(&b);
}

static void
test_calendar(void **state)
{
	const int64_t nov22 = INT64_C(1795305600) * 1000000;

	(void)state;
	expect_calendar(nov22, nov22 + DAY, "22 Nov,06:00,12:00,18:00,23 Nov");
	expect_calendar(
	    nov22 + DAY / 24, nov22 + DAY / 8, "01:00,01:30,02:00,02:30,03:00");
	expect_calendar(nov22, nov22 + 5 * DAY,
	    "22 Nov,23 Nov,24 Nov,25 Nov,26 Nov,27 Nov");
	expect_calendar(
	    nov22, nov22 + 30 * DAY, "23 Nov,30 Nov,7 Dec,14 Dec,21 Dec");
	expect_calendar(
	    nov22, nov22 + 180 * DAY, "Dec,Jan 2027,Feb,Mar,Apr,May");
	expect_calendar(nov22, nov22 + 3650 * DAY, "2028,2030,2032,2034,2036");
	expect_calendar(nov22, nov22, "");
	expect_calendar(nov22, nov22 - DAY, "");
	expect_calendar(
	    -100 * DAY, 100 * DAY, "Oct,Nov,Dec,Jan 1970,Feb,Mar,Apr");
}

static void
test_decades(void **state)
{
	double v[CHART_TICKS_MAX];

	(void)state;
	assert_int_equal(chart_decades(1, 10, v), 4);
	assert_true(v[0] == 1 && v[3] == 10);
	assert_int_equal(chart_decades(0.001, 1000, v), 7);
	assert_true(chart_decades(1e-300, 1e300, v) <= CHART_TICKS_MAX);
	assert_int_equal(chart_decades(0, 10, v), 0);
	assert_int_equal(chart_decades(NAN, 10, v), 0);
}

static void
test_boxes(void **state)
{
	static const struct plot_point box[] = {{.x = -0.4,
	    .to = 0.4,
	    .low = 2,
	    .middle = 3,
	    .y = 5,
	    .text = "half of 9"}};
	const struct plot_series s = {"", PLOT_BOXES, 2, 1, box};
	static const char *const places[] = {"a"};
	struct plot p = plot_of(&s, 1);
	const char *text;

	(void)state;
	p.x.scale = PLOT_ORDER;
	p.x.nplaces = 1;
	p.x.places = places;
	p.y.min = 0;
	p.y.max = 10;
	text = drawn(&p);
	expect(text, "kind=\"boxes\"");
	expect(text, "x=\"10.00%\" y=\"50.00%\" width=\"80.00%\" "
		     "height=\"30.00%\" to=\"90.00%\" middle=\"70.00%\" "
		     "text=\"half of 9\"");
}

/* Two series of many points are told apart by their forms, one isn't. */
static void
test_many_of_several(void **state)
{
	struct plot_point *pt =
	    arena_calloc(arena, PLOT_MARKS_MAX + 1, sizeof(*pt));
	const struct plot_series s[] = {
	    {"a", PLOT_POINTS, 1, PLOT_MARKS_MAX + 1, pt},
	    {"b", PLOT_POINTS, 2, PLOT_MARKS_MAX + 1, pt}};
	struct plot p = plot_of(s, 2);

	(void)state;
	for (size_t i = 0; i <= PLOT_MARKS_MAX; i++)
		pt[i] = (struct plot_point){.x = (double)i, .y = 1};
	expect(drawn(&p), "<mark x=\"0.00%\" y=\"100.00%\"/>");
	expect_not(drawn(&p), "kind=\"dots\"");
	p.nseries = 1;
	expect(drawn(&p), "kind=\"dots\"");
	expect_not(drawn(&p), "<mark");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_points),
	    cmocka_unit_test(test_lines_break_at_gaps),
	    cmocka_unit_test(test_band_goes_there_and_back),
	    cmocka_unit_test(test_bars_stand_on_the_ground),
	    cmocka_unit_test(test_many_points_are_one_path),
	    cmocka_unit_test(test_many_of_several),
	    cmocka_unit_test(test_boxes),
	    cmocka_unit_test(test_nothing_and_one),
	    cmocka_unit_test(test_log_leaves_out_what_has_no_place),
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_calendar),
	    cmocka_unit_test(test_decades),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
