/* test_error_line.c: which lines of a log are errors, and how they are shown.
 * The lines are ones that the programs named beside them print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/error_line.h"

struct sample {
	const char *line;
	enum error_weight weight;
};

static void
all_are(enum line_kind kind, const struct sample *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct line_class c = error_line_class(slice_of(list[i].line));
		if (c.kind != kind || c.weight != list[i].weight)
			fail_msg("\"%s\" is of kind %d, weight %d",
			    list[i].line, (int)c.kind, (int)c.weight);
	}
}

#define ALL_ARE(kind, list) all_are(kind, list, sizeof(list) / sizeof(*(list)))

static void
errors_that_say_why(void **state)
{
	static const struct sample list[] = {
	    {"x.c:5:9: error: expected ',' or ';' before 'for'", 3},
	    {"x.c:2:10: fatal error: frob.h: No such file or directory", 3},
	    {"g++: fatal error: Killed signal terminated program cc1plus", 3},
	    {"gcc: error: unrecognized command-line option '-foo'", 3},
	    {"x.c:(.text.startup+0xe): undefined reference to `strdup2'", 3},
	    {"/usr/bin/ld: cannot find -lfrob", 3},
	    {"ld: cannot find -lfrob: No such file or directory", 3},
	    {"/usr/bin/ld: b.o:(.bss+0x0): multiple definition of `x'", 3},
	    {"ld.lld: error: undefined symbol: frob", 3},
	    {"{standard input}:12: Error: no such instruction: `frob'", 3},
	    {"/tmp/ccXyZ.s: Assembler messages: Fatal error: can't close", 3},
	    {"x.c:1:1: internal compiler error: in expand_expr, at expr.c", 3},
	    {"cc1plus: out of memory allocating 65536 bytes; cannot "
	     "allocate memory",
		3},
	    {"error[E0425]: cannot find value `x` in this scope", 3},
	    {"error: linking with `cc` failed: exit status: 1", 1},
	    {"thread 'main' panicked at src/main.rs:2:5:", 3},
	    {"./main.go:5:2: undefined: frob", 3},
	    {"panic: runtime error: index out of range [1]", 3},
	    {"CMake Error at CMakeLists.txt:5 (find_package):", 3},
	    {"CMake Error: The source directory \"/x\" does not exist.", 3},
	    {"../meson.build:7:0: ERROR: Dependency \"frob\" not found", 3},
	    {"meson.build:1:0: ERROR: Value \"x\" for option \"y\"", 3},
	    {"configure: error: Package requirements (a >= 2) were not met", 3},
	    {"ninja: error: unknown target 'frob'", 3},
	    {"make: *** No rule to make target 'x', needed by 'all'.  Stop.",
		3},
	    {"Makefile:3: *** missing separator.  Stop.", 3},
	    {"Hunk #1 FAILED at 3.", 3},
	    {"can't find file to patch at input line 5", 3},
	    {"patch: **** malformed patch at line 12: x", 3},
	    {"error: patch failed: x.c:1", 3},
	    {"Patch 0001-x.patch does not apply (enforce with -f)", 3},
	    {"fatal: repository 'https://example.org/x.git/' not found", 3},
	    {"KeyError: 'frob'", 3},
	    {"bb.fetch2.FetchError: Fetcher failure: unable to fetch", 3},
	    {"Exception: FileNotFoundError: [Errno 2] No such file: 'x'", 3},
	    {"ModuleNotFoundError: No module named 'frob'", 3},
	    {"AssertionError", 3},
	    {"ParseError at /home/builder/x_1.0.bb:18: unparsed line: 'x'", 3},
	    {"Nothing PROVIDES 'no-such-recipe'", 3},
	    {"ERROR: Nothing PROVIDES 'frob' (but x.bb DEPENDS on it)", 3},
	    {"ERROR: Nothing RPROVIDES 'frob'", 3},
	    {"ERROR: QA Issue: Fuzz detected:", 3},
	    {"ERROR: zlib-1.3-r0 do_package_qa: QA Issue: File /x in package",
		3},
	    {"ERROR: zlib-1.3-r0 do_fetch: Fetcher failure for URL: 'x'", 3},
	    {"ERROR: Task do_x in a.bb depends upon non-existent task do_y", 3},
	    {"| x.c:5:9: error: 'i' undeclared", 3},
	    {"cp: error writing 'x': No space left on device", 3},
	    {"Killed", 3},
	    {"./run.sh: line 5:  1234 Killed                  gcc -c x.c", 3},
	    {"x: main.c:12: main: Assertion `a == b' failed.", 3},
	    {"terminate called after throwing an instance of 'std::bad'", 3},
	    {"E: Unable to locate package frob", 3},
	    {"Error: nothing provides frob needed by packagegroup-core", 3},
	    {" *   - nothing provides frob >= 2 needed by x", 3},
	    {"curl: (6) Could not resolve host: example.org", 3},
	    {"\033[01m\033[Kx.c:5:9:\033[m\033[K \033[01;31m\033[Kerror: "
	     "\033[m\033[Kexpected ';'",
		3},
	    {"Receiving objects: 10%\rReceiving objects: 20%\rfatal: early EOF",
		3},
	    {"x.c:5:9: error: expected ';'\r", 3},
	    {"src/a.ts(3,5): error TS2304: Cannot find name 'x'.", 3},
	};

	(void)state;
	ALL_ARE(LINE_ERROR, list);
}

static void
errors_that_may_be_harmless(void **state)
{
	static const struct sample list[] = {
	    {"install: cannot stat 'x': No such file or directory", 2},
	    {"cp: cannot create regular file '/x': Permission denied", 2},
	    {"cat: frob.txt: No such file or directory", 2},
	    {"./x.sh: line 3: frob: command not found", 2},
	    {"/bin/sh: 1: frob: not found", 2},
	    {"bash: ./x: Permission denied", 2},
	    {"Segmentation fault (core dumped)", 2},
	    {"make[1]: *** [Makefile:5: x.o] Killed", 2},
	    {"FAIL: tests/frob.test", 2},
	    {"npm ERR! code ELIFECYCLE", 2},
	};

	(void)state;
	ALL_ARE(LINE_ERROR, list);
}

static void
errors_that_wrap_others(void **state)
{
	static const struct sample list[] = {
	    {"FAILED: src/x.c.o", 1},
	    {"1 out of 1 hunk FAILED -- saving rejects to file x.c.rej", 1},
	    {"configure: error: in `/home/builder/x/build':", 1},
	    {"autoreconf: error: aclocal failed with exit status: 1", 1},
	    {"subprocess.CalledProcessError: Command '['x']' returned "
	     "non-zero exit status 1.",
		1},
	    {"Exception: bb.process.ExecutionError: Execution of 'x' failed "
	     "with exit code 1:",
		1},
	    {"lto-wrapper: fatal error: make returned 2 exit status", 1},
	};

	(void)state;
	ALL_ARE(LINE_ERROR, list);
}

static void
trailers(void **state)
{
	static const struct sample list[] = {
	    {"ERROR: Logfile of failure stored in: /x/log.do_compile.12", 0},
	    {"ERROR: Task (/x/zlib_1.3.bb:do_compile) failed with exit code "
	     "'1'",
		0},
	    {"ERROR: Task 5 (/x/zlib_1.3.bb, do_compile) failed with exit "
	     "code '1'",
		0},
	    {"WARNING: exit code 1 from a shell command.", 0},
	    {"WARNING: /x/run.do_compile.12:203 exit 1 from 'exit 1'", 0},
	    {"ERROR: ExecutionError('/x/run.do_compile.12', 1, None, None)", 0},
	    {"ERROR: Execution of '/x/run.do_compile.12' failed with exit "
	     "code 1",
		0},
	    {"ERROR: zlib-1.3.1-r0 do_compile: oe_runmake failed", 0},
	    {"ERROR: oe_runmake failed", 0},
	    {"ERROR: meson failed", 0},
	    {"ERROR: Fatal QA errors were found, failing task.", 0},
	    {"ERROR: QA run found fatal errors. Please consider fixing.", 0},
	    {"ERROR: Function failed: do_compile (log file is at /x)", 0},
	    {"ERROR: zlib-1.3-r0 do_x: Error executing a python function in "
	     "exec_func_python() autogenerated:",
		0},
	    {"collect2: error: ld returned 1 exit status", 0},
	    {"clang: error: linker command failed with exit code 1", 0},
	    {"compilation terminated.", 0},
	    {"ninja: build stopped: subcommand failed.", 0},
	    {"make: *** [Makefile:12: x.o] Error 1", 1},
	    {"make[2]: *** [Makefile:12: x.o] Error 2", 1},
	    {"make: *** Waiting for unfinished jobs....", 0},
	    {"cc1: all warnings being treated as errors", 0},
	    {"2 errors generated.", 0},
	    {"error: aborting due to 3 previous errors", 0},
	    {"error: could not compile `x` (lib) due to 2 previous errors", 1},
	    {"-- Configuring incomplete, errors occurred!", 0},
	    {"Summary: There was 1 ERROR message, returning non-zero", 0},
	    {"Makefile:12: recipe for target 'all' failed", 0},
	};

	(void)state;
	ALL_ARE(LINE_TRAILER, list);
}

static void
context(void **state)
{
	static const struct sample list[] = {
	    {"    5 |         for (int i = 0; i < 10; i++)", 0},
	    {"      |         ^~~", 0},
	    {"   12 |   fprintf(stderr, \"error: %s\", x);", 0},
	    {"     ^~~~", 0},
	    {"  --> src/main.rs:3:5", 0},
	    {"x.c:5:25: note: each undeclared identifier is reported once", 0},
	    {"x.c: In function 'main':", 1},
	    {"x.cpp: In member function 'void a::b()':", 1},
	    {"x.c: At top level:", 1},
	    {"/usr/bin/ld: /tmp/cct6AgYu.o: in function `main':", 1},
	    {"In file included from /usr/include/stdio.h:5,", 1},
	    {"                 from x.c:1:", 1},
	    {"x.h:3:5:   required from 'class a<b>'", 1},
	    {"Traceback (most recent call last):", 1},
	    {"  File \"/x/y.py\", line 12, in <module>", 1},
	    {"note: run with `RUST_BACKTRACE=1` environment variable", 0},
	    {"Call Stack (most recent call first):", 0},
	};

	(void)state;
	ALL_ARE(LINE_CONTEXT, list);
}

static void
warnings(void **state)
{
	static const struct sample list[] = {
	    {"x.c:2:28: warning: implicit declaration of function 'f'", 0},
	    {"WARNING: zlib-1.3-r0 do_fetch: Failed to fetch URL x", 0},
	    {"x.c:1: warning: error: in a warning stays a warning", 0},
	    {"CMake Warning at CMakeLists.txt:3 (message):", 0},
	    {"/usr/bin/ld: warning: libx.so.1, needed by y, not found", 0},
	};

	(void)state;
	ALL_ARE(LINE_WARNING, list);
}

static void
everything_else(void **state)
{
	static const struct sample list[] = {
	    {"", 0},
	    {"x", 0},
	    {"gcc -Wall -Werror -Werror=format -c error.c -o error.o", 0},
	    {"  CC       lib/strerror.o", 0},
	    {"checking for strerror... yes", 0},
	    {"checking for error: header... no such file or directory", 0},
	    {"checking for library containing perror... none required", 0},
	    {"0 errors, 0 warnings", 0},
	    {"0 error: all is well", 0},
	    {"Build finished with no errors", 0},
	    {"no error: everything is fine", 0},
	    {"[ 12%] Building C object src/error.c.o", 0},
	    {"    printf(\"error: %s\", x);", 0},
	    {"    printf(\"frob: error: %s\", x);", 0},
	    {"    log(\"fatal error: %s\", x);", 0},
	    {"+ echo error: x", 0},
	    {"\techo \"error: x\"; exit 1", 0},
	    {"NOTE: Running task 12: ERROR: not this one", 0},
	    {"DEBUG: error: nor this one", 0},
	    {"-- Looking for fatal: no", 0},
	    {"make[1]: [Makefile:8: x] Error 1 (ignored)", 0},
	    {"make[1]: Leaving directory '/home/builder/error'", 0},
	    {"test-error: PASSED", 0},
	    {"Hunk #1 succeeded at 1 with fuzz 2.", 0},
	    {"perror: x", 0},
	    {"myerror: x", 0},
	    {"installing error.h in /usr/include", 0},
	    {"patching file error.c", 0},
	    {"Killedbyme", 0},
	    {"wasKilled by nobody", 0},
	    {"footnote: x", 0},
	};

	(void)state;
	ALL_ARE(LINE_PLAIN, list);
}

/* Whatever stands behind it: a line of any length is judged by its start. */
static void
any_bytes_are_taken(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(error_line_kind((struct slice){NULL, 0}), LINE_PLAIN);
	assert_int_equal(error_line_kind(SLICE("\033")), LINE_PLAIN);
	assert_int_equal(error_line_kind(SLICE("\033]0;x")), LINE_PLAIN);
	assert_int_equal(
	    error_line_kind(SLICE("\0\0\0\0\xff\xfe")), LINE_PLAIN);
	buf_adds(&b, "x.c:1:2: error: ");
	for (int i = 0; i < 100000; i++)
		buf_add(&b, "\0\xff", 2);
	assert_int_equal(
	    error_line_kind((struct slice){b.data, b.len}), LINE_ERROR);
	buf_clear(&b);
}

static void
text_is_fit_for_a_page(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	assert_string_equal(
	    error_line_text(a, SLICE("\033[31merror\033[m:\tx \r"), 100),
	    "error:\tx");
	assert_string_equal(
	    error_line_text(a, SLICE("10%\r20%\rdone"), 100), "done");
	assert_string_equal(error_line_text(a, SLICE("a\0b\x01\x7f\xffz"), 100),
	    "ab\xef\xbf\xbdz");
	assert_string_equal(
	    error_line_text(a, SLICE("\033]0;title\007x\033]open"), 100),
	    "x"
	    "open");
	assert_string_equal(error_line_text(a, SLICE("aä"), 2), "a");
	assert_string_equal(error_line_text(a, SLICE("aä"), 3), "aä");
	assert_string_equal(error_line_text(a, SLICE("abcdef"), 3), "abc");
	assert_string_equal(error_line_text(a, SLICE(""), 3), "");
	assert_string_equal(
	    error_line_text(a, SLICE("\xff\xff"), 4), "\xef\xbf\xbd");
	arena_free(a);
}

static void
brief_is_what_people_say(void **state)
{
	static const char *const list[][2] = {
	    {"x.c:2:3: error: implicit declaration of function 'zlib_init' "
	     "[-Werror=implicit-function-declaration]",
		"implicit declaration of function 'zlib_init'"},
	    {"x.c:2:10: fatal error: a/b.h: No such file or directory",
		"a/b.h: No such file or directory"},
	    {"x.c:(.text+0xe): undefined reference to `frob'",
		"undefined reference to `frob'"},
	    {"/usr/bin/ld: x.o: undefined reference to `frob'",
		"undefined reference to `frob'"},
	    {"/usr/bin/ld: cannot find -lfrob", "cannot find -lfrob"},
	    {"g++: fatal error: Killed signal terminated program cc1plus",
		"Killed signal terminated program cc1plus"},
	    {"configure: error: no frob", "no frob"},
	    {"ERROR: QA Issue: Fuzz detected:", "QA Issue: Fuzz detected:"},
	    {"ERROR: zlib-1.3-r0 do_fetch: Fetcher failure for URL: 'x'",
		"Fetcher failure for URL: 'x'"},
	    {"/usr/bin/install: cannot stat 'x': No such file or directory",
		"install: cannot stat 'x': No such file or directory"},
	    {"install: cannot stat 'x': No such file or directory",
		"install: cannot stat 'x': No such file or directory"},
	    {"make[1]: *** No rule to make target 'x'.  Stop.",
		"No rule to make target 'x'.  Stop."},
	    {"make: *** [Makefile:12: x.o] Error 1",
		"make: *** [Makefile:12: x.o] Error 1"},
	    {"CMake Error at CMakeLists.txt:5 (find_package): Could not find x",
		"Could not find x"},
	    {"fatal: repository 'x' not found", "repository 'x' not found"},
	    {"KeyError: 'x'", "KeyError: 'x'"},
	    {"error[E0425]: cannot find value `x` in this scope",
		"error[E0425]: cannot find value `x` in this scope"},
	    {"./main.go:5:2: undefined: frob", "undefined: frob"},
	    {"patch: **** malformed patch", "malformed patch"},
	    {"| x.c:1:1: error: y", "y"},
	    {"error:", "error:"},
	    {"", ""},
	};
	struct arena *a = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		assert_string_equal(
		    error_line_brief(a, list[i][0], 300), list[i][1]);
	assert_string_equal(error_line_brief(a, "aäb", 2), "a");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(errors_that_say_why),
	    cmocka_unit_test(errors_that_may_be_harmless),
	    cmocka_unit_test(errors_that_wrap_others),
	    cmocka_unit_test(trailers),
	    cmocka_unit_test(context),
	    cmocka_unit_test(warnings),
	    cmocka_unit_test(everything_else),
	    cmocka_unit_test(any_bytes_are_taken),
	    cmocka_unit_test(text_is_fit_for_a_page),
	    cmocka_unit_test(brief_is_what_people_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
