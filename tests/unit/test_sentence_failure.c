/* test_sentence_failure.c: the sentences about failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "web/sentence_failure.h"

#define US INT64_C(1000000)
/* 2026-11-23 14:30 */
#define NOW (INT64_C(1795444200) * US)
#define DAY (INT64_C(86400) * US)
#define HOUR (INT64_C(3600) * US)

static void
expect(struct buf *b, const char *want)
{
	assert_string_equal(b->data != NULL ? b->data : "", want);
	buf_clear(b);
}

static void
expect_known(struct failure_known known, const char *want)
{
	struct buf b = BUF_INIT;

	sentence_known(&b, &known, NOW);
	expect(&b, want);
}

static void
test_known(void **state)
{
	struct failure_known k = {0, TIME_UNKNOWN, TIME_UNKNOWN, 0};

	(void)state;
	expect_known(k, "new: not seen before");
	k = (struct failure_known){41, NOW - 20 * DAY, NOW - HOUR, 3};
	expect_known(k, "known: 41 times since 3 Nov, 3 builders today");
	k.builders = 1;
	expect_known(k, "known: 41 times since 3 Nov, 1 builder today");
	k.builders = 0;
	k.last = NOW - 5 * DAY;
	expect_known(k, "known: 41 times since 3 Nov, last on 18 Nov");
	k = (struct failure_known){1, NOW - 20 * DAY, NOW - 20 * DAY, 0};
	expect_known(k, "known: once on 3 Nov");
	k = (struct failure_known){1, NOW - HOUR, NOW - HOUR, 1};
	expect_known(k, "known: once today, 1 builder");
	k = (struct failure_known){5, NOW - HOUR, NOW - HOUR, 2};
	expect_known(k, "known: 5 times today, 2 builders");
	/* Within 24 hours, by the calendar yesterday. */
	k = (struct failure_known){1, NOW - 15 * HOUR, NOW - 15 * HOUR, 1};
	expect_known(k, "known: once on 22 Nov, 1 builder today");
	k = (struct failure_known){2, NOW - 400 * DAY, NOW - 400 * DAY, 0};
	expect_known(k, "known: 2 times since 19 Oct 2025");
	k = (struct failure_known){KNOWN_MAX, NOW - 20 * DAY, NOW, 12};
	expect_known(
	    k, "known: at least 1,000 times since 3 Nov, 12 builders today");
	k = (struct failure_known){3, TIME_UNKNOWN, TIME_UNKNOWN, 0};
	expect_known(k, "known: 3 times");
}

static void
expect_failure(struct failure_said said, const char *want)
{
	struct buf b = BUF_INIT;

	said.now = NOW;
	sentence_failure(&b, &said);
	expect(&b, want);
}

static void
test_task(void **state)
{
	struct failure_said f = {
	    .kind = FAILURE_TASK,
	    .recipe = "zlib",
	    .task = "do_compile",
	    .machine = "qemuarm",
	    .first_line = "implicit declaration of 'zlib_init'",
	    .known = {41, NOW - 20 * DAY, NOW - HOUR, 3},
	};

	(void)state;
	expect_failure(f,
	    "zlib do_compile on qemuarm: implicit declaration of 'zlib_init' "
	    "(known: 41 times since 3 Nov, 3 builders today)");
	f.known.times = 0;
	expect_failure(f,
	    "zlib do_compile on qemuarm: implicit declaration of 'zlib_init' "
	    "(new: not seen before)");
	f.machine = "";
	expect_failure(f, "zlib do_compile: implicit declaration of "
			  "'zlib_init' (new: not seen before)");
	f.machine = "qemuarm";
	f.recipe = "";
	expect_failure(f, "do_compile on qemuarm: implicit declaration of "
			  "'zlib_init' (new: not seen before)");
	f.recipe = "zlib";
	f.task = "";
	expect_failure(f, "zlib for qemuarm: implicit declaration of "
			  "'zlib_init' (new: not seen before)");
}

static void
test_option(void **state)
{
	struct failure_said f = {
	    .kind = FAILURE_TASK,
	    .recipe = "zlib",
	    .task = "do_compile",
	    .machine = "",
	    .first_line = "unused variable 'x' [-Werror=unused-variable]",
	};

	(void)state;
	expect_failure(
	    f, "zlib do_compile: unused variable 'x' (new: not seen before)");
	f.first_line = "bad option [-Wx] here";
	expect_failure(f, "zlib do_compile: bad option [-Wx] here (new: not "
			  "seen before)");
	f.first_line = " [-Wx]";
	expect_failure(f, "zlib do_compile:  [-Wx] (new: not seen before)");
}

/* Nothing to compare: neither new nor known. */
static void
test_without_log(void **state)
{
	struct failure_said f = {
	    .kind = FAILURE_TASK,
	    .recipe = "zlib",
	    .task = "do_compile",
	    .machine = "qemuarm",
	    .first_line = "",
	};

	(void)state;
	expect_failure(f, "zlib do_compile on qemuarm failed");
	f.known = (struct failure_known){2, NOW - 3 * DAY, NOW - 3 * DAY, 0};
	expect_failure(f, "zlib do_compile on qemuarm failed (known: 2 times "
			  "since 20 Nov)");
	f = (struct failure_said){.kind = FAILURE_TASK};
	expect_failure(f, "A build failed");
	f = (struct failure_said){
	    .kind = FAILURE_TASK,
	    .recipe = "",
	    .task = "",
	    .machine = "",
	    .first_line = "",
	};
	expect_failure(f, "A build failed");
}

static void
test_long_error(void **state)
{
	char line[301];
	struct failure_said f = {
	    .kind = FAILURE_TASK, .recipe = "a", .task = "b", .machine = "c"};
	struct buf b = BUF_INIT;

	(void)state;
	memset(line, 'x', 300);
	line[300] = '\0';
	line[130] = ' ';
	f.first_line = line;
	sentence_failure(&b, &f);
	assert_int_equal(strlen(b.data),
	    strlen("a b on c: ") + 130 + strlen("… (new: not seen before)"));
	buf_clear(&b);
	/* No blank near: between characters, never inside one. */
	for (size_t i = 0; i + 1 < 300; i += 2)
		memcpy(line + i, "ä", 2);
	memmove(line + 1, line, 299);
	line[0] = 'x';
	sentence_failure(&b, &f);
	assert_true(utf8_clean(b.data, b.len));
	assert_non_null(strstr(b.data, "ä… (new"));
	buf_clear(&b);
}

static void
test_other_kinds(void **state)
{
	struct failure_said f = {
	    .kind = FAILURE_NO_PROVIDER,
	    .recipe = "libfoo",
	    .task = "",
	    .machine = "qemuarm",
	    .first_line = "Nothing PROVIDES 'libfoo' (but /srv/poky/meta/"
			  "recipes/bar/bar_1.0.bb DEPENDS on or otherwise "
			  "requires it)",
	    .known = {2, NOW - 3 * DAY, NOW - HOUR, 1},
	};

	(void)state;
	expect_failure(f,
	    "Nothing provides libfoo, which bar_1.0.bb needs, for qemuarm "
	    "(known: 2 times since 20 Nov, 1 builder today)");
	f.machine = "";
	f.known.times = 0;
	expect_failure(f, "Nothing provides libfoo, which bar_1.0.bb needs "
			  "(new: not seen before)");
	f.first_line = "Nothing RPROVIDES 'libfoo'";
	expect_failure(f, "Nothing provides libfoo (new: not seen before)");
	f.first_line = "libfoo was skipped: needs opengl";
	expect_failure(f, "Nothing provides libfoo: libfoo was skipped: needs "
			  "opengl (new: not seen before)");
	f.first_line = "";
	expect_failure(f, "Nothing provides libfoo");
	f.recipe = "";
	expect_failure(f, "Nothing provides what is needed");

	f.kind = FAILURE_PARSE;
	f.first_line = "unparsed line: 'do_install() {'";
	f.machine = "qemuarm";
	expect_failure(f, "Parsing failed for qemuarm: unparsed line: "
			  "'do_install() {' (new: not seen before)");
	f.recipe = "zlib";
	expect_failure(f, "zlib does not parse for qemuarm: unparsed line: "
			  "'do_install() {' (new: not seen before)");
	f.first_line = "ParseError at /srv/poky/meta/zlib_1.0.bb:18: unparsed "
		       "line: 'x'";
	expect_failure(f, "zlib does not parse for qemuarm: zlib_1.0.bb:18: "
			  "unparsed line: 'x' (new: not seen before)");
	f.first_line = "ParseError in configuration INHERITs";
	expect_failure(f, "zlib does not parse for qemuarm: configuration "
			  "INHERITs (new: not seen before)");
	f.first_line = "";
	expect_failure(f, "zlib does not parse for qemuarm");
}

static void
expect_signature(struct signature_said said, const char *want)
{
	struct buf b = BUF_INIT;

	said.now = NOW;
	sentence_signature(&b, &said);
	expect(&b, want);
}

static void
test_signature(void **state)
{
	struct signature_said s = {
	    .line = "implicit declaration of 'zlib_init'",
	    .times = 41,
	    .builders = 3,
	    .first = NOW - 20 * DAY,
	    .last = NOW - 2 * HOUR,
	};

	(void)state;
	expect_signature(s, "implicit declaration of 'zlib_init': 41 times "
			    "since 3 Nov on 3 builders, last 2 h ago");
	s.last = NOW - 5 * DAY;
	s.builders = 1;
	expect_signature(s, "implicit declaration of 'zlib_init': 41 times "
			    "since 3 Nov on 1 builder, last on 18 Nov");
	s.times = 1;
	s.last = NOW - HOUR;
	expect_signature(
	    s, "implicit declaration of 'zlib_init': once, 60 min ago");
	s.last = NOW;
	expect_signature(
	    s, "implicit declaration of 'zlib_init': once, just now");
	s.times = 0;
	s.line = "";
	expect_signature(s, "No error: not seen any more");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_known),
	    cmocka_unit_test(test_task),
	    cmocka_unit_test(test_option),
	    cmocka_unit_test(test_without_log),
	    cmocka_unit_test(test_long_error),
	    cmocka_unit_test(test_other_kinds),
	    cmocka_unit_test(test_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
