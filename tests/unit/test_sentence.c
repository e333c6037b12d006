/* test_sentence.c: the sentences that open pages. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/sentence.h"

#define US INT64_C(1000000)
/* 2026-11-22 14:04 and 2026-11-23 */
#define THEN (INT64_C(1795356240) * US)
#define NOW (INT64_C(1795392000) * US)
#define DAY (INT64_C(86400) * US)

static void
expect(struct buf *b, const char *want)
{
	assert_string_equal(b->data != NULL ? b->data : "", want);
	buf_clear(b);
}

static void
test_day(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	sentence_day(&b, NOW, NOW);
	expect(&b, "23 Nov");
	sentence_day(&b, THEN, NOW);
	expect(&b, "22 Nov 14:04");
	sentence_day(&b, NOW - 365 * DAY, NOW);
	expect(&b, "23 Nov 2025");
	sentence_day(&b, NOW - 20 * DAY, NOW);
	expect(&b, "3 Nov");
	sentence_count(&b, 1, "task");
	expect(&b, "1 task");
	sentence_count(&b, 5427, "task");
	expect(&b, "5,427 tasks");
}

static const struct build_filter no_filter = {
    .since = TIME_UNKNOWN, .until = TIME_UNKNOWN};

static void
expect_builds(struct build_filter f, int64_t total, const char *want)
{
	struct buf b = BUF_INIT;
	const struct build_row latest = {.started = THEN};
	const struct builds_asked asked = {
	    .filter = &f,
	    .until = "2026-11-22",
	    .total = total,
	    .capped = total == 10000,
	    .now = NOW,
	    .latest = &latest,
	};

	sentence_builds(&b, &asked);
	expect(&b, want);
}

static void
test_builds(void **state)
{
	const char *tags[] = {"nightly", "release"};
	struct build_filter f = no_filter;

	(void)state;
	expect_builds(f, 0,
	    "No builds yet: push-build-results DIR sends what "
	    "bitbake recorded");
	expect_builds(f, 5, "5 builds, the latest of 22 Nov 14:04");
	f.machine = "qemux86-64";
	f.statuses[f.nstatuses++] = BUILD_FAILED;
	f.since = NOW - 3 * DAY;
	expect_builds(f, 2, "2 failed builds of qemux86-64 since 20 Nov");
	expect_builds(f, 1, "1 failed build of qemux86-64 since 20 Nov");
	expect_builds(
	    f, 0, "No build matches: failed builds of qemux86-64 since 20 Nov");
	f.until = f.since + DAY;
	expect_builds(f, 2, "2 failed builds of qemux86-64 on 20 Nov");
	f.until = TIME_UNKNOWN;
	f.statuses[f.nstatuses++] = BUILD_RUNNING;
	expect_builds(f, 10000,
	    "more than 10,000 failed or running builds of qemux86-64 since "
	    "20 Nov");
	f = no_filter;
	f.image = "core-image-minimal";
	f.machine = "qemuarm";
	f.package = "zlib";
	f.task = "do_compile";
	f.until = NOW;
	expect_builds(f, 3,
	    "3 builds of core-image-minimal for qemuarm with zlib that ran "
	    "do_compile until 22 Nov");
	f = no_filter;
	f.tags = tags;
	f.ntags = 2;
	f.q = "a b";
	expect_builds(
	    f, 3, "3 builds tagged nightly and release matching \"a b\"");
	expect_builds(f, 0,
	    "No build matches: tagged nightly and release matching \"a b\"");
}

static void
test_build(void **state)
{
	struct buf b = BUF_INIT;
	struct build_row row = {
	    .name = "20261122125228",
	    .image = "core-image-minimal",
	    .machine = "qemux86-64",
	    .builder = "vm",
	    .started = THEN,
	    .elapsed = 969.8,
	    .status = BUILD_FAILED,
	    .packages = 342,
	    .tasks = 5427,
	    .failed = 2,
	};

	(void)state;
	sentence_build(&b, &row, "do_image_ext4", "core-image-minimal", NOW);
	expect(&b, "core-image-minimal for qemux86-64 on vm failed after 16 "
		   "min 10 s: do_image_ext4 and 1 more of 5,427 tasks");
	row.failed = 1;
	sentence_build(&b, &row, "do_compile", "zlib", NOW);
	expect(&b, "core-image-minimal for qemux86-64 on vm failed after 16 "
		   "min 10 s: zlib do_compile of 5,427 tasks");
	row.status = BUILD_SUCCEEDED;
	row.failed = 0;
	sentence_build(&b, &row, "", "", NOW);
	expect(&b, "core-image-minimal for qemux86-64 on vm succeeded in 16 "
		   "min 10 s: 5,427 tasks of 342 recipes");
	row.status = BUILD_INCOMPLETE;
	row.elapsed = NAN;
	row.image = row.machine = row.builder = "";
	sentence_build(&b, &row, "", "", NOW);
	expect(&b, "build 20261122125228 was cut short: 5,427 tasks until "
		   "then");
	row.status = BUILD_RUNNING;
	sentence_build(&b, &row, "", "", NOW);
	expect(&b, "build 20261122125228 is running since 22 Nov 14:04: 5,427 "
		   "tasks so far");
}

static void
test_package(void **state)
{
	const struct package_result rows[] = {
	    {.version = "1.3.2-r0",
		.failed_task = "do_compile",
		.started = THEN},
	    {.version = "1.3.1-r0",
		.failed_task = "",
		.started = THEN - 9 * DAY},
	};
	struct package_target t[] = {
	    {.machine = "qemuarm", .ended = true, .first_bad = 1, .latest = 0},
	    {.machine = "x86", .ended = true, .works = true},
	    {.machine = "mips", .ended = true, .works = true},
	    {.machine = "ppc"},
	};
	struct package_said said = {
	    .recipe = "zlib",
	    .row = rows,
	    .n = 2,
	    .target = t,
	    .ntargets = 4,
	    .now = NOW,
	};
	struct buf b = BUF_INIT;

	(void)state;
	sentence_package(&b, &said);
	expect(&b, "zlib 1.3.2 builds on 2 of 3 targets; do_compile fails on "
		   "qemuarm since 13 Nov");
	t[0].works = true;
	sentence_package(&b, &said);
	expect(&b, "zlib 1.3.2 builds on all 3 targets");
	said.ntargets = 1;
	sentence_package(&b, &said);
	expect(&b, "zlib 1.3.2 builds for qemuarm");
	t[0].works = false;
	sentence_package(&b, &said);
	expect(&b, "zlib 1.3.2 builds nowhere; do_compile fails on qemuarm "
		   "since 13 Nov");
	t[1].works = t[2].works = false;
	said.ntargets = 3;
	sentence_package(&b, &said);
	expect(&b, "zlib 1.3.2 builds nowhere; do_compile fails on qemuarm "
		   "since 13 Nov, do_compile fails on x86 since 22 Nov and on "
		   "1 more");
	said.target = &t[3];
	said.ntargets = 1;
	sentence_package(&b, &said);
	expect(&b, "zlib 1.3.2 has not been built to its end yet");
}

static void
test_overview(void **state)
{
	struct overview_totals totals = {.builds = 4};
	struct overview_recent day = {.builds = 14, .succeeded = 11};
	const struct build_row latest = {.started = THEN};
	struct overview_said said = {
	    .totals = &totals,
	    .day = &day,
	    .nfailing = 2,
	    .latest = &latest,
	    .now = NOW,
	};
	struct buf b = BUF_INIT;

	(void)state;
	sentence_overview(&b, &said);
	expect(&b, "2 packages fail; 14 builds in the last 24 hours, 11 "
		   "succeeded");
	day.builds = 0;
	said.nfailing = 1;
	sentence_overview(&b, &said);
	expect(&b, "1 package fails; 4 builds in all, the latest of 22 Nov");
	said.nfailing = 0;
	sentence_overview(&b, &said);
	expect(&b, "Nothing fails; 4 builds in all, the latest of 22 Nov");
	said.nfailing = OVERVIEW_FAILING;
	sentence_overview(&b, &said);
	expect(&b, "12 packages or more fail; 4 builds in all, the latest of "
		   "22 Nov");
	totals.builds = OVERVIEW_BUILDS_MAX;
	said.nfailing = 0;
	sentence_overview(&b, &said);
	expect(&b,
	    "Nothing fails; at least 10,000 builds in all, the latest of "
	    "22 Nov");
	totals.builds = 0;
	sentence_overview(&b, &said);
	expect(&b, "No builds yet");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_day),
	    cmocka_unit_test(test_builds),
	    cmocka_unit_test(test_build),
	    cmocka_unit_test(test_package),
	    cmocka_unit_test(test_overview),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
