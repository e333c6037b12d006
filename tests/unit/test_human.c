/* test_human.c: numbers and times as people say them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/str.h"
#include "xml/doc.h"

static void
counts(void **state)
{
	static const struct {
		int64_t v;
		const char *text;
	} cases[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {5427, "5,427"},
	    {-1234567, "-1,234,567"},
	    {INT64_MIN, "-9,223,372,036,854,775,808"}};
	char out[HUMAN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    human_count(out, cases[i].v), cases[i].text);
}

static void
durations(void **state)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {{0, "0 s"}, {0.00001, "0.1 ms"}, {0.0004, "0.4 ms"},
	    {0.004, "4 ms"}, {0.0095, "0.01 s"}, {0.12, "0.12 s"},
	    {0.994, "0.99 s"}, {0.996, "1.0 s"}, {8.77, "8.8 s"},
	    {9.96, "10 s"}, {59.4, "59 s"}, {59.6, "1 min"}, {61, "1 min 1 s"},
	    {970, "16 min 10 s"}, {3599.6, "1 h"}, {7500, "2 h 5 min"},
	    {86399, "1 d"}, {100000, "1 d 4 h"}, {-970, "-16 min 10 s"},
	    {NAN, ""}, {INFINITY, ""}, {1e300, ""}};
	char out[HUMAN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    human_seconds(out, cases[i].v), cases[i].text);
}

static void
sizes(void **state)
{
	static const struct {
		double v;
		const char *unit, *text;
	} cases[] = {{0, "B", "0 B"}, {999, "B", "999 B"},
	    {999.7, "B", "1.0 kB"}, {1234, "B", "1.2 kB"}, {35e6, "B", "35 MB"},
	    {999.6e3, "B", "1.0 MB"}, {1.2e9, "B", "1.2 GB"},
	    {-1.2e9, "B", "-1.2 GB"}, {1024, "KiB", "1.0 MB"},
	    {5e6, "B/s", "5.0 MB/s"}, {930, "ticks", "930 ticks"},
	    {12345, "", "12,345"}, {0.5, "", "0.5"}, {12345.6, "", "12,346"},
	    {7, "1/s", "7 /s"}, {97.12, "%", "97.1 %"}, {60, "s", "1 min"},
	    {NAN, "B", ""}};
	char out[HUMAN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    human_measure(out, cases[i].v, cases[i].unit),
		    cases[i].text);
}

static void
shares(void **state)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {{0, "0 %"}, {1, "100 %"}, {0.971, "97.1 %"},
	    {0.9999, "99.9 %"}, {0.0001, "< 0.1 %"}, {0.5, "50.0 %"},
	    {1.5, "150.0 %"}, {NAN, ""}};
	char out[HUMAN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    human_share(out, cases[i].v), cases[i].text);
}

static int64_t
at(const char *text)
{
	int64_t us = 0;

	assert_true(str_to_time(text, slice_of(text).n, &us));
	return us;
}

static void
times(void **state)
{
	static const struct {
		const char *t, *text;
	} cases[] = {{"2026-11-22T12:53:47Z", "12:53"},
	    {"2026-11-21T12:53:47Z", "21 Nov 12:53"},
	    {"2026-03-03T00:05:00Z", "3 Mar 00:05"},
	    {"2024-03-03T12:00:00Z", "3 March 2024"},
	    {"1969-12-31T23:59:59.5Z", "31 December 1969"}};
	int64_t now = at("2026-11-22T23:00:00Z");
	char out[HUMAN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    human_time(out, at(cases[i].t), now), cases[i].text);
	assert_string_equal(human_time(out, INT64_MIN, now), "");
	assert_string_equal(
	    human_time(out, INT64_MAX, now), "10 January 294247");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counts),
	    cmocka_unit_test(durations),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(shares),
	    cmocka_unit_test(times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
