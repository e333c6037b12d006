/* test_jobj.c: small JSON objects, made, changed and read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "json/jobj.h"

static void
expect(struct jobj *j, const char *want)
{
	struct buf text = BUF_INIT;

	jobj_write(j, &text);
	assert_string_equal(text.data, want);
	buf_clear(&text);
}

static void
made(void **state)
{
	struct jobj *j = jobj_new();

	(void)state;
	expect(j, "{}");
	jobj_string(j, "a", "x\"\n/\xff");
	jobj_integer(j, "n", -5);
	jobj_add(j, "tags", "one");
	jobj_add(j, "tags", "two");
	jobj_add(j, "tags", "one");
	expect(j, "{\"a\":\"x\\\"\\n/\xef\xbf\xbd\",\"n\":-5,"
		  "\"tags\":[\"one\",\"two\"]}");
	jobj_string(j, "tags", "no list now");
	jobj_add(j, "tags", "again");
	assert_int_equal(jobj_count(j, "tags"), 1);
	jobj_free(j);
}

static void
changed(void **state)
{
	struct jobj *j;

	(void)state;
	assert_int_equal(
	    jobj_parse(
		SLICE(" {\"keep\":{\"deep\":[1.50,null]},\"s\":\"a\"} \n"), &j,
		NULL),
	    ERR_OK);
	jobj_string(j, "s", "b");
	expect(j, "{\"keep\":{\"deep\":[1.50,null]},\"s\":\"b\"}");
	jobj_free(j);
}

static void
read_back(void **state)
{
	struct jobj *j, *e;

	(void)state;
	assert_int_equal(
	    jobj_parse(
		SLICE("{\"s\":\"a\",\"n\":7,\"l\":[{\"x\":1},2]}"), &j, NULL),
	    ERR_OK);
	assert_string_equal(jobj_text(j, "s"), "a");
	assert_string_equal(jobj_text(j, "n"), "");
	assert_string_equal(jobj_text(j, "none"), "");
	assert_int_equal(jobj_number(j, "n", 0), 7);
	assert_int_equal(jobj_number(j, "s", -1), -1);
	assert_int_equal(jobj_count(j, "l"), 2);
	assert_int_equal(jobj_count(j, "s"), 0);
	e = jobj_element(j, "l", 0);
	assert_non_null(e);
	assert_null(jobj_element(j, "l", 1));
	assert_null(jobj_element(j, "l", 2));
	jobj_free(j);
	/* An element outlives its document. */
	assert_int_equal(jobj_number(e, "x", 0), 1);
	jobj_free(e);
}

static void
refused(void **state)
{
	static const char *const bad[] = {
	    "", " ", "[]", "7", "{", "{}x", "{\"a\":}", "null"};
	struct jobj *j;
	struct errinfo ei;
	char deep[300];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ei.text[0] = '\0';
		assert_int_equal(
		    jobj_parse(slice_of(bad[i]), &j, &ei), ERR_INPUT);
		assert_true(strncmp(ei.text, "no JSON object: ", 16) == 0);
	}
	memset(deep, '[', sizeof(deep));
	memcpy(deep, "{\"a\":", 5);
	assert_int_equal(
	    jobj_parse((struct slice){deep, sizeof(deep)}, &j, &ei), ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(made),
	    cmocka_unit_test(changed),
	    cmocka_unit_test(read_back),
	    cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
