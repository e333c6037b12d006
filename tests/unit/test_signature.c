/* test_signature.c: which failures are the same; docs/signatures.md has these
 * examples, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/log_take.h"
#include "model/signature.h"

static void
becomes(const char *line, const char *wanted)
{
	CLEANUP(buf_clear) struct buf one = BUF_INIT;
	CLEANUP(buf_clear) struct buf two = BUF_INIT;

	signature_normalise(&one, slice_of(line));
	buf_addc(&one, '\0');
	if (strcmp(one.data, wanted) != 0)
		fail_msg("\"%s\" becomes \"%s\"", line, one.data);
	signature_normalise(&two, slice_of(one.data));
	buf_addc(&two, '\0');
	assert_string_equal(two.data, wanted);
}

static void
lines_are_normalised(void **state)
{
	static const char *const list[][2] = {
	    /* places */
	    {"/home/builder/poky/tmp/work/core2-64-poky-linux/zlib/1.3.1-r0/"
	     "git/x.c:5:25: error: 'i' undeclared",
		"x.c: error: 'i' undeclared"},
	    {"../../git/lib/x.c:12:3: error: y", "x.c: error: y"},
	    {"x.vala:3.5-3.9: error: y", "x.vala: error: y"},
	    {"CMake Error at src/CMakeLists.txt:5 (find_package):",
		"CMake Error at CMakeLists.txt (find_package):"},
	    {"  File \"/usr/lib/python3.12/site-packages/x.py\", line 12, in f",
		"File 'x.py', line <n>, in f"},
	    {"make[3]: *** [Makefile:12: sub/x.o] Error 1",
		"make: *** [Makefile: x.o] Error <n>"},
	    {"[ 45%] x", "x"},
	    {"[12/345] x", "x"},
	    {"| x", "x"},
	    {"ERROR: zlib-1.3.1-r0 do_compile: x", "ERROR: x"},
	    {"x86_64-poky-linux-gcc: error: y", "gcc: error: y"},
	    {"arm-poky-linux-gnueabi-ld: cannot find -lz",
		"ld: cannot find -lz"},
	    /* names that are made up */
	    {"ld: /tmp/cct6AgYu.o: in function `main':",
		"ld: <tmp>.o: in function 'main':"},
	    {"x: /tmp/tmp.Xa7bC9dE1f/y.c", "x: y.c"},
	    {"rm tmp.Xa7bC9dE1f tmpa1b2_c3d", "rm <tmp> <tmp>"},
	    {"run.do_compile.12345: line 203: x",
		"run.do_compile.<n>: line <n>: x"},
	    /* numbers of all kinds */
	    {"x.c:(.text.startup+0xe): undefined reference to `f'",
		"x.c:(.text+<hex>): undefined reference to 'f'"},
	    {"at 0x7ffd12ab, pid 4711[4711]", "at <hex>, pid <n>[<n>]"},
	    {"took 12ms, 0.5 s, 45% of 3.5GiB", "took <n>, <n> s, <n> of <n>"},
	    {"commit 2beb536a93d4 of 9f86d081884c7d659a2feaa0c55ad015",
		"commit <hash> of <hash>"},
	    {"deadbeef and cafe stay", "deadbeef and cafe stay"},
	    {"id 123e4567-e89b-12d3-a456-426614174000", "id <uuid>"},
	    {"2026-11-22 14:05:12.123 x 14:05:12 y", "<time> x <time> y"},
	    {"2026-11-22T14:05:12+01:00 x", "<time> x"},
	    {"Sun Nov 22 14:05:12 UTC 2026 x", "<time> x"},
	    {"Nov  2 14:05:12 vm1 x", "<time> vm1 x"},
	    {"mail joe@mail.example.org now", "mail <mail> now"},
	    /* versions that are noise, and ones that aren't */
	    {"zlib-1.3.1.tar.gz and zlib_1.3.1.bb",
		"zlib-<ver>.tar.gz and zlib_<ver>.bb"},
	    {"linux-yocto-6.6.21+git0+abcdef-r0", "linux-yocto-<ver>"},
	    {"needs 1.2.3 here", "needs <n> here"},
	    {"Package requirements (libfrob >= 2.0) were not met",
		"Package requirements (libfrob >= 2.0) were not met"},
	    {"version `GLIBC_2.38' not found",
		"version 'GLIBC_2.38' not found"},
	    {"python3.12: command not found", "python3.12: command not found"},
	    {"libssl.so.3: cannot open", "libssl.so.3: cannot open"},
	    {"No package 'glib-2.0' found", "No package 'glib-2.0' found"},
	    {"recipe 'zlib-1.3.1-r0' failed", "recipe 'zlib-<ver>' failed"},
	    /* identifiers */
	    {"\xe2\x80\x98zlib_init2\xe2\x80\x99 undeclared",
		"'zlib_init2' undeclared"},
	    {"undefined reference to `memcpy@GLIBC_2.14'",
		"undefined reference to 'memcpy@GLIBC_2.14'"},
	    {"error[E0425]: cannot find value `x_1`",
		"error[E0425]: cannot find value 'x_1'"},
	    {"x86_64 sha256 strdup2 -lfoo2", "x86_64 sha256 strdup2 -lfoo2"},
	    {"x.c: error: y [-Werror=unused-variable]", "x.c: error: y"},
	    {"https://joe:pw@example.org:80/a/b/zlib-1.3.1.tar.gz?x=1",
		"https://example.org/zlib-<ver>.tar.gz"},
	    /* blanks */
	    {"  a \t b\r", "a b"},
	    {"", ""},
	    {"   ", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		becomes(list[i][0], list[i][1]);
}

static void
sign(struct arena *a, const char *log, struct signature out[3])
{
	assert_true(signature_make(
	    a, "zlib", "do_compile", log_take(a, slice_of(log), 0), "", out));
}

static bool
same(const struct signature *a, const struct signature *b, int strength)
{
	return memcmp(a[strength - 1].hash, b[strength - 1].hash,
		   SIGNATURE_BYTES) == 0;
}

static const char one_log[] =
    "x86_64-poky-linux-gcc -c /home/builder/a/tmp/work/x/1.0-r0/x.c\n"
    "/home/builder/a/tmp/work/x/1.0-r0/x.c: In function 'f':\n"
    "/home/builder/a/tmp/work/x/1.0-r0/x.c:5:2: error: 'i' undeclared\n"
    "    5 |  i = 2;\n"
    "      |  ^\n"
    "/home/builder/a/tmp/work/x/1.0-r0/y.c:7:2: error: 'k' undeclared\n"
    "make[1]: *** [Makefile:12: x.o] Error 1\n"
    "ERROR: Logfile of failure stored in: /home/builder/a/log.do_x.4711\n";

/* Another directory, host, process, version, order of what ran beside it. */
static void
the_same_failure_elsewhere(void **state)
{
	struct arena *a = arena_new(0);
	struct signature one[3], two[3];

	(void)state;
	sign(a, one_log, one);
	sign(a,
	    "cat: x: No such file or directory\n"
	    "aarch64-poky-linux-gcc -c /srv/b/x.c\n"
	    "/srv/b/build/tmp/work/x/1.1-r0/y.c:9:12: error: ‘k’ undeclared\n"
	    "  CC z.o\n"
	    "/srv/b/build/tmp/work/x/1.1-r0/x.c: In function ‘f’:\n"
	    "/srv/b/build/tmp/work/x/1.1-r0/x.c:6:2: error: ‘i’ undeclared\n"
	    "make[2]: *** [Makefile:12: x.o] Error 1\n"
	    "ERROR: Logfile of failure stored in: /srv/b/log.do_x.12\n",
	    two);
	assert_true(same(one, two, SIGNATURE_LINES));
	assert_false(same(one, two, SIGNATURE_BLOCK));
	assert_string_equal(one[SIGNATURE_LINES - 1].text,
	    "x.c: error: 'i' undeclared\ny.c: error: 'k' undeclared");
	sign(a, one_log, two);
	for (int s = SIGNATURE_BLOCK; s <= SIGNATURE_TASK; s++)
		assert_true(same(one, two, s));
	arena_free(a);
}

static void
another_identifier_is_another_failure(void **state)
{
	struct arena *a = arena_new(0);
	struct signature one[3], two[3];

	(void)state;
	sign(a, "x.c:5:2: error: 'i' undeclared\n", one);
	sign(a, "x.c:5:2: error: 'j' undeclared\n", two);
	for (int s = SIGNATURE_BLOCK; s <= SIGNATURE_TASK; s++)
		assert_false(same(one, two, s));
	arena_free(a);
}

static void
strengths_differ(void **state)
{
	struct arena *a = arena_new(0);
	struct signature one[3], two[3];

	(void)state;
	sign(a, one_log, one);
	/* other context: the same lines */
	sign(a,
	    "x.c:5:2: error: 'i' undeclared\nx.c:6:1: note: z\n"
	    "y.c:7:2: error: 'k' undeclared\n",
	    two);
	assert_false(same(one, two, SIGNATURE_BLOCK));
	assert_true(same(one, two, SIGNATURE_LINES));
	assert_true(same(one, two, SIGNATURE_TASK));
	/* one error less: the same task and first error */
	sign(a, "x.c:5:2: error: 'i' undeclared\n", two);
	assert_false(same(one, two, SIGNATURE_LINES));
	assert_true(same(one, two, SIGNATURE_TASK));
	assert_string_equal(two[SIGNATURE_TASK - 1].text,
	    "zlib do_compile\nx.c: error: 'i' undeclared");
	/* another recipe: the same lines, another task */
	assert_true(signature_make(
	    a, "xz", "do_compile", log_take(a, slice_of(one_log), 0), "", two));
	assert_true(same(one, two, SIGNATURE_LINES));
	assert_false(same(one, two, SIGNATURE_TASK));
	/* one text, three strengths: three hashes */
	sign(a, "x.c:5:2: error: 'i' undeclared\n", two);
	assert_memory_not_equal(two[0].hash, two[1].hash, SIGNATURE_BYTES);
	arena_free(a);
}

/* A change of these is a change of the normaliser: raise SIGNATURE_VERSION. */
static void
hashes_are_kept(void **state)
{
	static const char *const known[] = {"6868c75929afb23759ca10d1abd0c38d",
	    "b90e4ce4a1145c07eeead00f3603062f",
	    "ce315642f2e492523fd9224213e027e3"};
	struct arena *a = arena_new(0);
	struct signature one[3];

	(void)state;
	assert_int_equal(SIGNATURE_VERSION, 1);
	sign(a, one_log, one);
	for (int i = 0; i < 3; i++) {
		char hex[2 * SIGNATURE_BYTES + 1];
		str_to_hex(hex, one[i].hash, SIGNATURE_BYTES);
		assert_string_equal(hex, known[i]);
	}
	arena_free(a);
}

static void
without_a_log_the_message_counts(void **state)
{
	struct arena *a = arena_new(0);
	struct signature one[3], two[3];

	(void)state;
	assert_false(signature_make(a, "x", "", NULL, "", one));
	assert_false(signature_make(a, "x", "", NULL, " \n\t\n", one));
	assert_false(signature_make(
	    a, "x", "do_x", log_take(a, SLICE("all is well\n"), 0), "", one));
	assert_true(
	    signature_make(a, "x", "", NULL, "Nothing provides 'frob'", one));
	assert_string_equal(one[1].text, "Nothing provides 'frob'");
	assert_true(
	    signature_make(a, "x", "", log_take(a, SLICE("all is well\n"), 0),
		"Nothing provides 'frob'", two));
	assert_true(same(one, two, SIGNATURE_LINES));
	assert_true(signature_make(a, "", "", NULL,
	    "ParseError at /home/builder/x_1.0.bb:18: unparsed line: 'y'",
	    one));
	assert_string_equal(
	    one[1].text, "ParseError at x_<ver>.bb: unparsed line: 'y'");
	arena_free(a);
}

static void
only_a_trailer_is_something(void **state)
{
	struct arena *a = arena_new(0);
	struct signature one[3];

	(void)state;
	sign(a,
	    "make[1]: *** [Makefile:3: x.o] Error 1\n"
	    "make: *** [Makefile:7: all] Error 2\n"
	    "ERROR: oe_runmake failed\n",
	    one);
	assert_string_equal(one[1].text, "make: *** [Makefile: all] Error <n>\n"
					 "make: *** [Makefile: x.o] Error <n>");
	assert_false(signature_make(a, "x", "do_x",
	    log_take(a, SLICE("ERROR: oe_runmake failed\n"), 0), "", one));
	arena_free(a);
}

static void
texts_are_cut_and_clean(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct arena *a = arena_new(0);
	struct signature one[3], two[3];

	(void)state;
	for (int i = 0; i < 60; i++)
		buf_addf(&b, "x%c.c: error: \xff\x01 ää ää ää ää ää ää ää %s\n",
		    'a' + i % 26, i < 26 ? "one" : "two");
	sign(a, b.data, one);
	for (int i = 0; i < 3; i++) {
		assert_true(strlen(one[i].text) <= SIGNATURE_TEXT_MAX);
		assert_true(utf8_clean(one[i].text, strlen(one[i].text)));
	}
	assert_true(strlen(one[1].text) > SIGNATURE_TEXT_MAX - 4);
	/* what is cut off counts, too */
	b.data[b.len - 2] = '0';
	sign(a, b.data, two);
	assert_string_equal(one[0].text, two[0].text);
	assert_false(same(one, two, SIGNATURE_BLOCK));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_normalised),
	    cmocka_unit_test(the_same_failure_elsewhere),
	    cmocka_unit_test(another_identifier_is_another_failure),
	    cmocka_unit_test(strengths_differ),
	    cmocka_unit_test(hashes_are_kept),
	    cmocka_unit_test(without_a_log_the_message_counts),
	    cmocka_unit_test(only_a_trailer_is_something),
	    cmocka_unit_test(texts_are_cut_and_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
