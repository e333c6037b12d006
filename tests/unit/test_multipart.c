/* test_multipart.c: src/web/multipart: bodies as clients send them, in pieces
 * of every size, and bodies that nobody should send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "web/multipart.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
/* The literal boundary of the oestats clients. */
#define OE "----------ThIs_Is_tHe_bouNdaRY_$"

/* Writes down what comes out: "name=content;" and "name<file>=content;". */
static enum err
begin(void *arg, const char *name, const char *filename, struct errinfo *ei)
{
	(void)ei;
	buf_adds(arg, name);
	if (filename != NULL)
		buf_addf(arg, "<%s>", filename);
	buf_addc(arg, '=');
	return ERR_OK;
}

static enum err
data(void *arg, const void *p, size_t n, struct errinfo *ei)
{
	(void)ei;
	assert_true(n > 0);
	buf_add(arg, p, n);
	return ERR_OK;
}

static enum err
end(void *arg, struct errinfo *ei)
{
	(void)ei;
	buf_addc(arg, ';');
	return ERR_OK;
}

static enum err
read_all(struct slice body, const char *boundary, size_t step, struct buf *out,
    struct errinfo *ei)
{
	const struct multipart_sink sink = {begin, data, end, out};
	struct multipart *m = multipart_new(slice_of(boundary), &sink);
	enum err err = ERR_OK;

	buf_reset(out);
	buf_adds(out, "");
	for (size_t i = 0; err == ERR_OK && i < body.n; i += step) {
		size_t n = body.n - i < step ? body.n - i : step;
		err = multipart_add(m, body.p + i, n, ei);
	}
	if (err == ERR_OK)
		err = multipart_end(m, ei);
	multipart_free(m);
	return err;
}

#define CD "Content-Disposition: form-data; "

static const struct {
	const char *what, *boundary;
	struct slice body;
	const char *want;
} good[] = {
    {"what the oestats client sends", OE,
	SLICE("--" OE "\r\n" CD "name=\"package\"\r\n\r\nzlib\r\n"
	      "--" OE "\r\n" CD "name=\"log\"; filename=\"log.txt\"\r\n"
	      "Content-Type: text/plain\r\n\r\nline 1\nline 2\n\r\n"
	      "--" OE "--\r\n"),
	"package=zlib;log<log.txt>=line 1\nline 2\n;"},
    {"empty values", "B",
	SLICE("--B\r\n" CD "name=\"a\"\r\n\r\n\r\n"
	      "--B\r\n" CD "name=b\r\n\r\n\r\n--B--"),
	"a=;b=;"},
    {"a preamble, blanks, an epilogue", "B",
	SLICE("hello\r\n--B \t\r\n" CD "name=\"a\"\r\n\r\n1\r\n--B--\r\nbye"),
	"a=1;"},
    {"what looks like a boundary", "B",
	SLICE("--B\r\n" CD "name=\"a\"\r\n\r\n\r\n--\r\n-B\r\n--A--B\r"
	      "\r\n--B--\r\n"),
	"a=\r\n--\r\n-B\r\n--A--B\r;"},
    {"headers in any order and case", "B",
	SLICE("--B\r\nX: y\r\ncontent-disposition:form-data;filename=x.txt ; "
	      "NAME=\"a\"\r\n\r\n1\r\n--B--"),
	"a<x.txt>=1;"},
    {"quotes in a name", "B",
	SLICE("--B\r\n" CD "name=\"a\\\"b;name=c\"\r\n\r\n1\r\n--B--"),
	"a\"b;name=c=1;"},
    {"an empty file name is a file", "B",
	SLICE("--B\r\n" CD "name=\"a\"; filename=\"\"\r\n\r\n\r\n--B--"),
	"a<>=;"},
    {"no parts", "B", SLICE("--B--\r\n"), ""},
};

static void
good_bodies(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < N(good); i++)
		for (size_t step = 1; step <= good[i].body.n; step++) {
			struct errinfo ei = {0};
			enum err err = read_all(
			    good[i].body, good[i].boundary, step, &out, &ei);
			if (err != ERR_OK)
				print_message(
				    "%s: %s\n", good[i].what, ei.text);
			assert_int_equal(err, ERR_OK);
			assert_string_equal(out.data, good[i].want);
		}
	buf_clear(&out);
}

static const struct {
	struct slice body;
	enum err code;
	const char *why;
} bad[] = {
    {SLICE(""), ERR_INPUT,
	"The form does not hold the boundary that its Content-Type names."},
    {SLICE("--A\r\n" CD "name=\"a\"\r\n\r\n1\r\n--A--\r\n"), ERR_INPUT,
	"The form does not hold the boundary that its Content-Type names."},
    {SLICE("--B\r\n" CD "name=\"a\"\r\n\r\n1"), ERR_INPUT,
	"The form breaks off before its last boundary."},
    {SLICE("--B\r\n" CD "name=\"a\"\r\n\r\n1\r\n--B"), ERR_INPUT,
	"The form breaks off before its last boundary."},
    {SLICE("--B\r\n" CD), ERR_INPUT,
	"The form breaks off before its last boundary."},
    {SLICE("--Bx\r\n"), ERR_INPUT,
	"The form's boundary is followed by something else."},
    {SLICE("--B\r\n" CD "filename=\"a\"\r\n\r\n1\r\n--B--"), ERR_INPUT,
	"Part 1 of the form has no name."},
    {SLICE("--B\r\n\r\n1\r\n--B--"), ERR_INPUT,
	"Part 1 of the form has no name."},
};

static void
bad_bodies(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		for (size_t step = 1; step <= bad[i].body.n + 1; step++) {
			struct errinfo ei = {0};
			assert_int_equal(
			    read_all(bad[i].body, "B", step, &out, &ei),
			    bad[i].code);
			assert_string_equal(ei.text, bad[i].why);
		}
	buf_clear(&out);
}

static void
limits(void **state)
{
	struct buf body = BUF_INIT, out = BUF_INIT;
	struct errinfo ei = {0};

	(void)state;
	for (int i = 0; i <= MULTIPART_PARTS_MAX; i++)
		buf_adds(&body, "--B\r\n" CD "name=\"a\"\r\n\r\n1\r\n");
	buf_adds(&body, "--B--\r\n");
	assert_int_equal(
	    read_all((struct slice){body.data, body.len}, "B", 1000, &out, &ei),
	    ERR_TOO_BIG);
	buf_reset(&body);
	buf_adds(&body, "--B\r\n" CD "name=\"");
	for (int i = 0; i < MULTIPART_HEADERS_MAX; i++)
		buf_addc(&body, 'x');
	assert_int_equal(
	    read_all((struct slice){body.data, body.len}, "B", 1000, &out, &ei),
	    ERR_TOO_BIG);
	buf_reset(&body);
	buf_adds(&body, "--B");
	for (int i = 0; i < 2 * MULTIPART_HEADERS_MAX; i++)
		buf_addc(&body, ' ');
	assert_int_not_equal(
	    read_all((struct slice){body.data, body.len}, "B", 1000, &out, &ei),
	    ERR_OK);
	buf_clear(&body);
	buf_clear(&out);
}

/* Nothing of a file stays behind in memory. */
static void
long_files(void **state)
{
	static char piece[65536];
	struct buf out = BUF_INIT;
	const struct multipart_sink sink = {begin, data, end, &out};
	struct multipart *m = multipart_new(SLICE("B"), &sink);
	struct errinfo ei = {0};

	(void)state;
	memset(piece, '\r', sizeof(piece));
	buf_adds(&out, "--B\r\n" CD "name=\"a\"; filename=\"f\"\r\n\r\n");
	assert_int_equal(multipart_add(m, out.data, out.len, &ei), ERR_OK);
	for (int i = 0; i < 100; i++) {
		buf_reset(&out);
		assert_int_equal(
		    multipart_add(m, piece, sizeof(piece), &ei), ERR_OK);
		assert_true(out.len > sizeof(piece) - 16);
	}
	assert_int_equal(multipart_add(m, "\r\n--B--", 7, &ei), ERR_OK);
	assert_int_equal(multipart_end(m, &ei), ERR_OK);
	multipart_free(m);
	buf_clear(&out);
}

static void
boundaries(void **state)
{
	static const struct {
		const char *type, *want;
	} cases[] = {
	    {"multipart/form-data; boundary=" OE, OE},
	    {"multipart/form-data; boundary=\"a b\"; x=y", "a b"},
	    {"Multipart/Form-Data; charset=x; Boundary=B", "B"},
	    {"multipart/form-data; boundary=B; x", "B"},
	    {"multipart/form-data", NULL},
	    {"multipart/form-data; boundary=", NULL},
	    {"multipart/form-data; boundary=\"\"", NULL},
	    {"multipart/form-data; boundary=\"x", NULL},
	    {"multipart/mixed; boundary=B", NULL},
	    {"text/plain; boundary=B", NULL},
	    {"", NULL},
	};
	char longest[512] = "multipart/form-data; boundary=";
	struct slice s;

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		bool found = multipart_boundary(cases[i].type, &s);
		assert_true(found == (cases[i].want != NULL));
		if (found)
			assert_true(slice_is(s, cases[i].want));
	}
	memset(longest + strlen(longest), 'b', MULTIPART_BOUNDARY_MAX);
	assert_true(multipart_boundary(longest, &s));
	strcat(longest, "b");
	assert_false(multipart_boundary(longest, &s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_bodies),
	    cmocka_unit_test(bad_bodies),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(long_files),
	    cmocka_unit_test(boundaries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
