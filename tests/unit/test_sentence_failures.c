/* test_sentence_failures.c: the sentence of the search for failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/sentence_failures.h"

#define US INT64_C(1000000)
/* 2026-11-22 14:04:05 and 2026-11-23 */
#define THEN (INT64_C(1795356245) * US)
#define NOW (INT64_C(1795392000) * US)
#define DAY (INT64_C(86400) * US)

static const struct failure_filter no_filter = {
    .since = TIME_UNKNOWN, .until = TIME_UNKNOWN};

static void
expect(const struct failure_filter *f, int64_t total, const char *want)
{
	struct buf b = BUF_INIT;
	const struct failure_row latest = {.seen = THEN};
	const struct failures_asked asked = {
	    .filter = f,
	    .until = "2026-11-22",
	    .total = total,
	    .capped = total == 500,
	    .now = NOW,
	    .latest = total > 0 ? &latest : NULL,
	};

	sentence_failures(&b, &asked);
	assert_string_equal(b.data, want);
	buf_clear(&b);
}

static void
test_nothing_asked(void **state)
{
	(void)state;
	expect(&no_filter, 0, "No failures yet");
	expect(&no_filter, 1, "1 failure, the latest of 22 Nov 14:04");
	expect(&no_filter, 1234, "1,234 failures, the latest of 22 Nov 14:04");
	expect(&no_filter, 500,
	    "more than 500 failures, the latest of 22 Nov 14:04");
}

static void
test_filters(void **state)
{
	static const char *const tags[] = {"nightly", "arm"};
	struct failure_filter f = no_filter;

	(void)state;
	f.package = "zlib";
	f.machine = "qemuarm";
	f.since = NOW - 7 * DAY;
	expect(&f, 37, "37 failures of zlib on qemuarm since 16 Nov");
	expect(&f, 0, "No failures of zlib on qemuarm since 16 Nov");
	f.until = f.since + DAY;
	expect(&f, 1, "1 failure of zlib on qemuarm on 16 Nov");
	f.until = NOW;
	f.task = "do_compile";
	expect(&f, 2,
	    "2 failures of zlib do_compile on qemuarm since 16 Nov until 22 "
	    "Nov");
	f = no_filter;
	f.task = "do_compile";
	f.builder = "vm";
	f.distro = "poky";
	f.statuses = 1U << BUILD_FAILED | 1U << BUILD_RUNNING;
	expect(&f, 3,
	    "3 failures of do_compile with distro poky from vm in running or "
	    "failed builds");
	f = no_filter;
	f.tags = tags;
	f.ntags = 2;
	f.build = 7;
	f.signature = 9;
	expect(&f, 3,
	    "3 failures tagged nightly and arm in build 7 with signature 9");
}

static void
test_words(void **state)
{
	struct failure_filter f = no_filter;

	(void)state;
	f.q = "implicit declaration";
	expect(&f, 4, "4 failures with 'implicit declaration'");
	f.q = "\"implicit declaration\" zlib";
	expect(&f, 0, "No failures with \"implicit declaration\" zlib");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing_asked),
	    cmocka_unit_test(test_filters),
	    cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
