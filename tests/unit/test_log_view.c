/* test_log_view.c: byte ranges, and lines of a log in a document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "web/byte_range.h"
#include "web/log_rows.h"
#include "xml/doc.h"

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

/* ---- ranges */

static void
ranges(void **state)
{
	static const struct {
		const char *text;
		uint64_t size;
		enum byte_range want;
		uint64_t start, n;
	} cases[] = {
	    {NULL, 10, BYTE_RANGE_ALL, 0, 0},
	    {"", 10, BYTE_RANGE_ALL, 0, 0},
	    {"bytes=0-0", 10, BYTE_RANGE_PART, 0, 1},
	    {"bytes=2-5", 10, BYTE_RANGE_PART, 2, 4},
	    {"Bytes=2-5", 10, BYTE_RANGE_PART, 2, 4},
	    {"bytes= 2-5 ", 10, BYTE_RANGE_PART, 2, 4},
	    {"bytes=2-", 10, BYTE_RANGE_PART, 2, 8},
	    {"bytes=0-", 10, BYTE_RANGE_PART, 0, 10},
	    {"bytes=9-", 10, BYTE_RANGE_PART, 9, 1},
	    {"bytes=2-9999", 10, BYTE_RANGE_PART, 2, 8},
	    {"bytes=2-18446744073709551615", 10, BYTE_RANGE_PART, 2, 8},
	    {"bytes=-3", 10, BYTE_RANGE_PART, 7, 3},
	    {"bytes=-30", 10, BYTE_RANGE_PART, 0, 10},
	    {"bytes=10-", 10, BYTE_RANGE_BEYOND, 0, 0},
	    {"bytes=10-12", 10, BYTE_RANGE_BEYOND, 0, 0},
	    {"bytes=-0", 10, BYTE_RANGE_BEYOND, 0, 0},
	    {"bytes=0-", 0, BYTE_RANGE_BEYOND, 0, 0},
	    {"bytes=-1", 0, BYTE_RANGE_BEYOND, 0, 0},
	    /* what isn't understood is answered by the whole */
	    {"bytes=5-2", 10, BYTE_RANGE_ALL, 0, 0},
	    {"bytes=0-1,4-5", 10, BYTE_RANGE_ALL, 0, 0},
	    {"bytes=a-b", 10, BYTE_RANGE_ALL, 0, 0},
	    {"bytes=+1-2", 10, BYTE_RANGE_ALL, 0, 0},
	    {"bytes=1-+2", 10, BYTE_RANGE_ALL, 0, 0},
	    {"bytes=--2", 10, BYTE_RANGE_ALL, 0, 0},
	    {"bytes=-", 10, BYTE_RANGE_ALL, 0, 0},
	    {"bytes=", 10, BYTE_RANGE_ALL, 0, 0},
	    {"bytes", 10, BYTE_RANGE_ALL, 0, 0},
	    {"lines=1-2", 10, BYTE_RANGE_ALL, 0, 0},
	    {"bytes=99999999999999999999-", 10, BYTE_RANGE_ALL, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t start = 0, n = 0;
		enum byte_range got =
		    byte_range_read(cases[i].text, cases[i].size, &start, &n);
		if (got != cases[i].want ||
		    (got == BYTE_RANGE_PART &&
			(start != cases[i].start || n != cases[i].n)))
			fail_msg("%s of %d: %d, %d+%d", cases[i].text,
			    (int)cases[i].size, (int)got, (int)start, (int)n);
	}
}

static void
tags(void **state)
{
	(void)state;
	assert_false(byte_range_has_tag(NULL, "\"a\""));
	assert_false(byte_range_has_tag("", "\"a\""));
	assert_false(byte_range_has_tag("a", "\"a\""));
	assert_false(byte_range_has_tag("\"b\", \"ab\"", "\"a\""));
	assert_true(byte_range_has_tag("\"a\"", "\"a\""));
	assert_true(byte_range_has_tag("W/\"a\"", "\"a\""));
	assert_true(byte_range_has_tag("\"b\" , W/\"a\",\"c\"", "\"a\""));
	assert_true(byte_range_has_tag("*", "\"a\""));
}

/* ---- lines */

static struct log_line
line_of(uint32_t number, struct slice text)
{
	return (struct log_line){number, text, text.n};
}

static const char *
written(const struct log_rows *rows, enum form form)
{
	struct doc *doc = doc_new();
	struct page_context cx = {
	    .arena = arena, .doc = doc, .form = form, .site = "", .base = "/"};
	struct buf out = BUF_INIT;
	const char *text;

	doc_set_bare(doc, form == FORM_JSON);
	log_rows_add(&cx, rows);
	if (form == FORM_JSON)
		doc_write_json(doc, &out);
	else
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
plain_lines_are_attributes(void **state)
{
	const struct log_line lines[] = {
	    line_of(9, SLICE("a <b> & \"c\"")), line_of(10, SLICE(""))};
	const struct log_rows rows = {2, lines, 0, ""};
	const char *text = written(&rows, FORM_HTML);

	(void)state;
	expect(text, "number=\"9\" number-h=\" 9\" kind=\"plain\" "
		     "text-h=\"a &lt;b&gt; &amp; &quot;c&quot;\"/>");
	expect(text, "number=\"10\" number-h=\"10\" kind=\"plain\" "
		     "text-h=\"\"/>");
	assert_null(strstr(text, "<span"));
	assert_null(strstr(text, "current"));
}

static void
colours_are_spans(void **state)
{
	const struct log_line lines[] = {
	    line_of(1, SLICE("x.c:1:2: \033[01;31merror: \033[mno")),
	    line_of(2, SLICE("\033[32mgreen")), line_of(3, SLICE("still"))};
	const struct log_rows rows = {3, lines, 1, ""};
	const char *text = written(&rows, FORM_HTML);

	(void)state;
	expect(text, "kind=\"error\" current=\"true\"");
	expect(text, "<sign text=\"error\"/>");
	expect(text, "<span class=\"\" text=\"x.c:1:2: \"/>");
	expect(text, "<span class=\"red bold\" text=\"error: \"/>");
	expect(text, "<span class=\"green\" text=\"green\"/>");
	expect(text, "<span class=\"green\" text=\"still\"/>");
	text = written(&rows, FORM_JSON);
	expect(text, "\"text\":\"x.c:1:2: error: no\"");
	assert_null(strstr(text, "span"));
	assert_null(strstr(text, "sign"));
}

static void
hits_are_marked(void **state)
{
	const struct log_line lines[] = {
	    line_of(1, SLICE("Undefined, undefined")),
	    line_of(2, SLICE("\033[31mundefined\033[m")),
	    line_of(3, SLICE("nothing"))};
	const struct log_rows rows = {3, lines, 0, "undefined"};
	const char *text = written(&rows, FORM_HTML);

	(void)state;
	expect(text, "<hit class=\"\" text=\"Undefined\"/>");
	expect(text, "<span class=\"\" text=\", \"/>");
	expect(text, "<hit class=\"\" text=\"undefined\"/>");
	expect(text, "<hit class=\"red\" text=\"undefined\"/>");
	expect(text, "text-h=\"nothing\"");
}

/* A line of which only the beginning is here says how much there is. */
static void
long_lines_say_so(void **state)
{
	struct log_line line = line_of(1, SLICE("begin"));
	struct log_rows rows = {1, &line, 0, ""};

	(void)state;
	line.size = 5 + 100000000;
	expect(written(&rows, FORM_HTML), "text-h=\"\" cut=\"100000000\"");
	expect(written(&rows, FORM_HTML), "<span class=\"\" text=\"begin\"/>");
	expect(written(&rows, FORM_HTML),
	    "<rest bytes=\"100000000\" bytes-h=\"100 MB\"/>");
	expect(written(&rows, FORM_JSON), "\"cut\":100000000");
}

static void
bytes_that_are_no_text(void **state)
{
	static const char bytes[] = "a\0\0b \xff\xfe \x1b]0;title\x07 \x01 c\r";
	const struct log_line line =
	    line_of(1, (struct slice){bytes, sizeof(bytes) - 1});
	const struct log_rows rows = {1, &line, 0, "c"};
	const char *text = written(&rows, FORM_HTML);

	(void)state;
	assert_true(utf8_clean(text, strlen(text)));
	expect(text, "<hit class=\"\" text=\"c\"/>");
}

static void
hits_in_the_list(void **state)
{
	char long_line[3000];
	const char *text;

	(void)state;
	assert_string_equal(
	    log_rows_hit(arena, SLICE("an error"), "err", 200), "an error");
	memset(long_line, 'x', sizeof(long_line));
	memcpy(long_line + 2000, "NEEDLE", 6);
	text = log_rows_hit(
	    arena, (struct slice){long_line, sizeof(long_line)}, "needle", 200);
	expect(text, "NEEDLE");
	assert_true(strlen(text) < 220);
	text =
	    log_rows_hit(arena, (struct slice){long_line, 1000}, "needle", 200);
	assert_true(strlen(text) < 220);
	assert_int_equal(log_rows_digits(0), 1);
	assert_int_equal(log_rows_digits(9), 1);
	assert_int_equal(log_rows_digits(1000000), 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ranges),
	    cmocka_unit_test(tags),
	    cmocka_unit_test(plain_lines_are_attributes),
	    cmocka_unit_test(colours_are_spans),
	    cmocka_unit_test(hits_are_marked),
	    cmocka_unit_test(long_lines_say_so),
	    cmocka_unit_test(bytes_that_are_no_text),
	    cmocka_unit_test(hits_in_the_list),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
