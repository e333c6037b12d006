/* test_log_take.c: what is kept of a log's bytes, and what is found in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive/digest.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/log_take.h"

/* Taken in pieces of so many bytes. */
static const struct taken_log *
take(struct arena *a, struct slice s, size_t step, unsigned rules)
{
	struct log_taker *t = log_taker_new(a, rules);
	const struct taken_log *log;

	while (s.n > 0) {
		size_t n = s.n < step ? s.n : step;
		log_taker_add(t, s.p, n);
		s.p += n;
		s.n -= n;
	}
	log = log_taker_end(t);
	log_taker_free(t);
	return log;
}

static size_t
count_lines(const char *p, size_t n)
{
	size_t lines = 0;

	for (size_t i = 0; i < n; i++)
		lines += p[i] == '\n';
	return lines;
}

/* Its pieces hold these bytes, are cut where they should be, and know which
 * lines they begin with. */
static void
holds(const struct taken_log *log, struct slice s)
{
	struct arena *a = arena_new(0);
	unsigned char sha[DIGEST_BYTES];
	uint64_t at = 0;

	digest_of(s.p, s.n, sha);
	assert_memory_equal(log->sha256, sha, sizeof(sha));
	assert_int_equal(log->size, s.n);
	assert_int_equal(log->lines,
	    count_lines(s.p, s.n) + (s.n > 0 && s.p[s.n - 1] != '\n'));
	for (size_t i = 0; i < log->npieces; i++) {
		const struct log_piece *p = &log->pieces[i];
		struct slice out;
		assert_int_equal(
		    zstd_unpack(a, p->zstd, LOG_CHUNK_BYTES, &out, NULL),
		    ERR_OK);
		assert_int_equal(out.n, p->size);
		assert_true(out.n > 0 && out.n <= LOG_CHUNK_BYTES);
		assert_int_equal(p->start, at);
		assert_true(at + out.n <= s.n);
		assert_memory_equal(out.p, s.p + at, out.n);
		assert_int_equal(p->first_line, count_lines(s.p, at) + 1);
		at += out.n;
		/* not at a line's end only if the piece has none */
		if (i + 1 < log->npieces && out.p[out.n - 1] != '\n')
			assert_null(memchr(out.p, '\n', out.n));
	}
	assert_int_equal(at, s.n);
	arena_free(a);
}

static void
fill(struct buf *b, size_t n, unsigned seed, const char *letters, size_t nl)
{
	while (b->len < n) {
		seed = seed * 1103515245 + 12345;
		buf_addc(b, letters[(seed >> 16) % nl]);
	}
}

static void
bytes_are_kept_exactly(void **state)
{
	static const char odd[] = "\0\xff\x80\r\n\n ab\033[m\t\xc3";
	static const size_t sizes[] = {1, 2, 3, 1000, 65535, 65536, 65537,
	    131071, 131072, 131073, 200000, 400000};
	static const size_t steps[] = {1, 7, 4096, 1000000};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		CLEANUP(buf_clear) struct buf few = BUF_INIT;
		CLEANUP(buf_clear) struct buf many = BUF_INIT;
		fill(&few, sizes[i], 7, "a\0b\xff", 4);
		fill(&many, sizes[i], 5, odd, sizeof(odd) - 1);
		for (size_t k = 0; k < sizeof(steps) / sizeof(*steps); k++) {
			struct arena *a = arena_new(0);
			struct slice s = {few.data, few.len};
			holds(take(a, s, steps[k], 0), s);
			s = (struct slice){many.data, many.len};
			holds(take(a, s, steps[k], 0), s);
			holds(take(a, s, steps[k], MASK_DEFAULT), s);
			arena_free(a);
		}
	}
}

static void
ends_of_lines_are_kept(void **state)
{
	static const char *const texts[] = {
	    "\n", "a", "a\n", "a\r\nb\r\n", "a\n\n\nb", "\r", "\n\n", "a\r"};
	struct arena *a = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		holds(log_take(a, slice_of(texts[i]), MASK_DEFAULT),
		    slice_of(texts[i]));
	arena_free(a);
}

static void
an_empty_log_has_nothing(void **state)
{
	struct arena *a = arena_new(0);
	const struct taken_log *log = log_take(a, SLICE(""), MASK_DEFAULT);

	(void)state;
	holds(log, SLICE(""));
	assert_int_equal(log->lines, 0);
	assert_int_equal(log->npieces, 0);
	assert_int_equal(log->nexcerpt, 0);
	assert_int_equal(log->first_error, 0);
	assert_string_equal(log->first_line, "");
	arena_free(a);
}

static void
lines_longer_than_a_chunk(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct arena *a = arena_new(0);
	const struct taken_log *log;

	(void)state;
	buf_adds(&b, "first\n");
	fill(&b, 3 << 20, 1, "abc def", 7);
	buf_adds(&b, "\nx.c:1:2: error: behind it\n");
	fill(&b, 6 << 20, 1, "0123456789", 10);
	log = take(a, (struct slice){b.data, b.len}, 100000, MASK_DEFAULT);
	holds(log, (struct slice){b.data, b.len});
	assert_int_equal(log->lines, 4);
	assert_int_equal(log->first_error, 3);
	assert_string_equal(log->first_line, "behind it");
	assert_true(log->nexcerpt == 4 && log->excerpt[2].number == 3);
	assert_string_equal(log->excerpt[0].text, "first");
	assert_int_equal(strlen(log->excerpt[1].text), 500);
	assert_string_equal(log->excerpt[2].text, "x.c:1:2: error: behind it");
	arena_free(a);
}

/* However it arrives, a long line is cut, and masked, in the same way. */
static void
how_it_arrives_does_not_matter(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct arena *a = arena_new(0);
	const struct taken_log *one, *two;
	struct slice s;

	(void)state;
	while (b.len < 400000)
		buf_adds(&b, "Authorization: Bearer abcdefghijk A_TOKEN = "
			     "'x y' https://u:p@h/ ");
	s = (struct slice){b.data, b.len};
	one = take(a, s, SIZE_MAX, MASK_DEFAULT);
	two = take(a, s, 777, MASK_DEFAULT);
	assert_memory_equal(one->sha256, two->sha256, 32);
	assert_int_equal(one->masked, two->masked);
	/* none of them was lost where the line is cut */
	assert_int_equal(one->masked % 3, 0);
	assert_int_equal(one->masked, b.len / 65 * 3);
	arena_free(a);
}

static void
masked_places_are_shown(void **state)
{
	struct arena *a = arena_new(0);
	const struct taken_log *log = log_take(a,
	    SLICE("one\n"
		  "fatal: unable to access 'https://joe:pw@example.org/x/'\n"
		  "-----BEGIN PRIVATE KEY-----\nabcd\nefgh\n"
		  "-----END PRIVATE KEY-----\n"),
	    MASK_DEFAULT);

	(void)state;
	holds(
	    log, SLICE("one\n"
		       "fatal: unable to access 'https://***@example.org/x/'\n"
		       "-----BEGIN PRIVATE KEY-----\n***\n***\n"
		       "-----END PRIVATE KEY-----\n"));
	assert_int_equal(log->masked, 2);
	assert_int_equal(log->nshown, 2);
	assert_int_equal(log->shown[0].line, 2);
	assert_int_equal(log->shown[0].hit.rule, MASK_CREDENTIALS);
	assert_string_equal(log->shown[0].hit.preview,
	    "fatal: unable to access 'https://***@example.org/x/'");
	assert_int_equal(log->shown[1].line, 3);
	assert_string_equal(
	    log->first_line, "unable to access 'https://***@example.org/x/'");
	arena_free(a);
}

static void
many_masked_places_are_counted(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct arena *a = arena_new(0);
	const struct taken_log *log;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_adds(&b, "A_TOKEN=ab B_TOKEN=cd C_TOKEN=ef\n");
	log = log_take(a, (struct slice){b.data, b.len}, MASK_DEFAULT);
	assert_int_equal(log->masked, 3000);
	assert_int_equal(log->nshown, LOG_MASKED_MAX);
	assert_int_equal(log->shown[LOG_MASKED_MAX - 1].line, 7);
	arena_free(a);
}

/* What bitbake wrote for recipes that truly fail. */
static const char *const pasted[][2] = {
    {"DEBUG: Executing shell function do_compile\n"
     "x.c: In function ‘main’:\n"
     "x.c:5:9: error: expected ‘,’ or ‘;’ before ‘for’\n"
     "    5 |         for (int i = 0; i < 10; i++)\n"
     "      |         ^~~\n"
     "x.c:5:25: error: ‘i’ undeclared (first use in this function)\n"
     "WARNING: exit code 1 from a shell command.\n",
	"expected ‘,’ or ‘;’ before ‘for’"},
    {"checking for gcc ... yes\n"
     "checking for libfrob >= 2.0... no\n"
     "WARNING: exit code 1 from a shell command.\n"
     "configure: error: Package requirements (libfrob >= 2.0) were "
     "not met: No package libfrob found\n",
	"Package requirements (libfrob >= 2.0) were not met: No "
	"package libfrob found"},
    {"checking for gcc ... yes\n"
     "g++: fatal error: Killed signal terminated program cc1plus\n"
     "compilation terminated.\n"
     "WARNING: exit code 1 from a shell command.\n",
	"Killed signal terminated program cc1plus"},
    {"x.c:2:28: warning: implicit declaration of function ‘strdup2’ "
     "[-Wimplicit-function-declaration]\n"
     "/home/builder/poky/hosttools/ld: /tmp/cct6AgYu.o: in function "
     "`main':\n"
     "x.c:(.text.startup+0xe): undefined reference to `strdup2'\n"
     "collect2: error: ld returned 1 exit status\n"
     "WARNING: exit code 1 from a shell command.\n",
	"undefined reference to `strdup2'"},
    {"x.c:2:5: error: implicit declaration of function 'zlib_init' "
     "[-Wimplicit-function-declaration]\n"
     "make: *** [Makefile:3: x.o] Error 1\n"
     "ERROR: oe_runmake failed\n",
	"implicit declaration of function 'zlib_init'"},
    {"install: cannot stat 'no-such-file': No such file or directory\n"
     "WARNING: exit code 1 from a shell command.\n",
	"install: cannot stat 'no-such-file': No such file or "
	"directory"},
    {"ERROR: QA Issue: Fuzz detected:\n\nchecking file x.c\n"
     "Hunk #1 succeeded at 1 with fuzz 2.\n"
     "ERROR: Fatal QA errors were found, failing task.\n",
	"QA Issue: Fuzz detected: checking file x.c"},
    {"CMake Error at CMakeLists.txt:5 (find_package):\n"
     "  Could not find a package configuration file provided by\n"
     "  \"Frob\" with any of the following names:\n"
     "\n"
     "    FrobConfig.cmake\n"
     "\n"
     "-- Configuring incomplete, errors occurred!\n",
	"Could not find a package configuration file provided by "
	"\"Frob\" with any of the following names:"},
    {"Traceback (most recent call last):\n"
     "  File \"/x/y.py\", line 3, in <module>\n"
     "    import frob\n"
     "ModuleNotFoundError: No module named 'frob'\n",
	"ModuleNotFoundError: No module named 'frob'"},
    {"make[1]: *** [Makefile:3: x] Error 2\n"
     "make: *** [Makefile:3: all] Error 2\n"
     "ERROR: oe_runmake failed\n",
	"make[1]: *** [Makefile:3: x] Error 2"},
    {"DEBUG: Executing python function do_image_tar\n"
     "DEBUG: Python function do_image_tar finished\n",
	""},
    {"ERROR: Nothing PROVIDES 'frob'\n"
     "ERROR: Logfile of failure stored in: /x\n"
     "ERROR: Task (/x.bb:do_x) failed with exit code '1'\n",
	"Nothing PROVIDES 'frob'"},
    {"\033[01m\033[Kx.c:5:9:\033[m\033[K \033[01;31m\033[Kerror: "
     "\033[m\033[Kexpected ';'\r\n",
	"expected ';'"},
};

static void
first_line_is_what_people_paste(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof(pasted) / sizeof(*pasted); i++)
		assert_string_equal(
		    log_take(a, slice_of(pasted[i][0]), 0)->first_line,
		    pasted[i][1]);
	arena_free(a);
}

static void
add_lines(struct buf *b, const char *line, int n)
{
	for (int i = 0; i < n; i++)
		buf_adds(b, line);
}

/* A clean-up that complains doesn't hide the reason; two real blocks are the
 * first error and the last block. */
static void
the_last_block_that_says_why(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct arena *a = arena_new(0);
	const struct taken_log *log;

	(void)state;
	buf_adds(&b, "cat: x: No such file or directory\n");
	add_lines(&b, "  CC x.o\n", 500);
	buf_adds(&b, "x.c:1:1: error: one\n");
	add_lines(&b, "  CC x.o\n", 500);
	buf_adds(&b, "x.c: In function 'f':\n");
	buf_adds(&b, "x.c:1:1: error: two\n");
	add_lines(&b, "  CC x.o\n", 50);
	buf_adds(&b, "y.c:1:1: error: three\n    1 | f(\n");
	add_lines(&b, "  CC x.o\n", 500);
	buf_adds(&b, "rm: cannot remove 'x': No such file or directory\n");
	log = log_take(a, (struct slice){b.data, b.len}, 0);
	assert_int_equal(log->first_error, 502);
	assert_string_equal(log->first_line, "two");
	assert_int_equal(log->nerrors, 5);
	assert_int_equal(log->error_lines[0], 1);
	assert_int_equal(log->error_lines[4], 1557);
	assert_int_equal(log->nblock, 4);
	assert_true(slice_is(log->block[0], "x.c: In function 'f':"));
	assert_true(slice_is(log->block[1], "x.c:1:1: error: two"));
	assert_true(slice_is(log->block[2], "y.c:1:1: error: three"));
	assert_true(slice_is(log->block[3], "    1 | f("));
	arena_free(a);
}

static bool
shows(const struct taken_log *log, uint32_t number, const char *text)
{
	for (size_t i = 0; i < log->nexcerpt; i++)
		if (log->excerpt[i].number == number)
			return strcmp(log->excerpt[i].text, text) == 0;
	return false;
}

static void
fits(const struct taken_log *log)
{
	size_t bytes = 0;

	assert_true(log->nexcerpt <= LOG_EXCERPT_LINES);
	for (size_t i = 0; i < log->nexcerpt; i++) {
		bytes += strlen(log->excerpt[i].text) + 1;
		assert_true(i == 0 || log->excerpt[i].number >
					  log->excerpt[i - 1].number);
		assert_true(strlen(log->excerpt[i].text) <= 500);
	}
	assert_true(bytes <= LOG_EXCERPT_BYTES);
}

static void
excerpts(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct arena *a = arena_new(0);
	const struct taken_log *log;

	(void)state;
	/* far more than a chunk on both sides */
	for (int i = 1; i <= 200000; i++)
		buf_addf(&b, i % 50000 ? "line %d\n" : "x.c: error: %d\n", i);
	log = log_take(a, (struct slice){b.data, b.len}, 0);
	fits(log);
	assert_true(shows(log, 50000, "x.c: error: 50000"));
	assert_true(shows(log, 49995, "line 49995"));
	assert_true(shows(log, 50010, "line 50010"));
	assert_true(shows(log, 100000, "x.c: error: 100000"));
	assert_true(shows(log, 150001, "line 150001"));
	assert_true(shows(log, 200000, "x.c: error: 200000"));
	assert_true(shows(log, 199998, "line 199998"));
	assert_int_equal(log->first_error, 50000);
	arena_free(a);
}

static void
excerpt_without_an_error_is_the_end(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct arena *a = arena_new(0);
	const struct taken_log *log;

	(void)state;
	for (int i = 1; i <= 100; i++)
		buf_addf(&b, "line %d\n", i);
	log = log_take(a, (struct slice){b.data, b.len}, 0);
	assert_int_equal(log->nexcerpt, 20);
	assert_int_equal(log->excerpt[0].number, 81);
	assert_string_equal(log->excerpt[19].text, "line 100");
	assert_int_equal(log->first_error, 0);
	arena_free(a);
}

static void
errors_without_end(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct arena *a = arena_new(0);
	const struct taken_log *log;

	(void)state;
	for (int i = 1; i <= 20000; i++)
		buf_addf(&b, "x.c:%d:1: error: number %d\n", i, i);
	log = log_take(a, (struct slice){b.data, b.len}, 0);
	fits(log);
	assert_int_equal(log->nerrors, LOG_ERRORS_MAX);
	assert_int_equal(log->nblock, 64);
	assert_string_equal(log->first_line, "number 1");
	assert_true(log->nexcerpt > 60);
	arena_free(a);
}

static void
markup_and_controls_are_text(void **state)
{
	struct arena *a = arena_new(0);
	const struct taken_log *log = log_take(
	    a, SLICE("x.c:1:1: error: <script>\0\x01&\xff</script>\n"), 0);

	(void)state;
	assert_string_equal(log->first_line, "<script>&\xef\xbf\xbd</script>");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bytes_are_kept_exactly),
	    cmocka_unit_test(ends_of_lines_are_kept),
	    cmocka_unit_test(an_empty_log_has_nothing),
	    cmocka_unit_test(lines_longer_than_a_chunk),
	    cmocka_unit_test(how_it_arrives_does_not_matter),
	    cmocka_unit_test(masked_places_are_shown),
	    cmocka_unit_test(many_masked_places_are_counted),
	    cmocka_unit_test(first_line_is_what_people_paste),
	    cmocka_unit_test(the_last_block_that_says_why),
	    cmocka_unit_test(excerpts),
	    cmocka_unit_test(excerpt_without_an_error_is_the_end),
	    cmocka_unit_test(errors_without_end),
	    cmocka_unit_test(markup_and_controls_are_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
