/* test_results.c: test results: their pieces, and what two runs differ in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive/unzlib.h"
#include "base/arena.h"
#include "base/base64_stream.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/mask.h"
#include "model/result_load.h"
#include "model/result_read.h"
#include "json/jevents.h"

/* ---- base64 and zlib ---- */

static void
base64_comes_in_pieces(void **state)
{
	static const char text[] = "VGhlIHF1\naWNrIGJy b3duIGZveA==";

	(void)state;
	for (size_t step = 1; step < sizeof(text); step++) {
		struct base64 b = {0};
		unsigned char out[BASE64_ROOM(sizeof(text))];
		size_t n = 0, got;
		for (size_t i = 0; i < sizeof(text) - 1; i += step) {
			size_t left = sizeof(text) - 1 - i;
			assert_true(base64_add(&b, text + i,
			    left < step ? left : step, out + n, &got));
			n += got;
		}
		assert_int_equal(n, 19);
		assert_memory_equal(out, "The quick brown fox", 19);
	}
	struct base64 b = {0};
	unsigned char out[16];
	size_t got;
	assert_false(base64_add(&b, "A*", 2, out, &got));
	b = (struct base64){0};
	assert_false(base64_add(&b, "AA==A", 5, out, &got));
}

static void
count_bytes(void *arg, const char *p, size_t n)
{
	(void)p;
	*(size_t *)arg += n;
}

/* 1,000 times 'a'. */
static const unsigned char packed[] = {0x78, 0x9c, 0x4b, 0x4c, 0x1c, 0x05, 0xa3,
    0x60, 0x14, 0x0c, 0x77, 0x00, 0x00, 0xf9, 0xd8, 0x7a, 0xf8};

static void
zlib_has_a_limit(void **state)
{
	size_t n = 0;
	struct unzlib *z = unzlib_new(1000, count_bytes, &n);

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(packed); i++)
		assert_int_equal(unzlib_add(z, packed + i, 1), UNZLIB_MORE);
	assert_int_equal(
	    unzlib_add(z, packed + sizeof(packed) - 1, 1), UNZLIB_END);
	assert_int_equal(n, 1000);
	unzlib_free(z);
	z = unzlib_new(999, count_bytes, &n);
	assert_int_equal(unzlib_add(z, packed, sizeof(packed)), UNZLIB_LIMIT);
	unzlib_free(z);
	z = unzlib_new(999, count_bytes, &n);
	assert_int_equal(unzlib_add(z, "no zlib", 7), UNZLIB_BROKEN);
	unzlib_free(z);
}

/* ---- events ---- */

/* "{k:tnt}" for {"a": "text": 1 ...: a letter an event. */
static enum err
spell(void *arg, enum jevent event, struct slice text, struct errinfo *ei)
{
	static const char letters[] = "{}[]kt.\"nTFN";

	(void)text;
	(void)ei;
	if (event != JEVENT_PIECE)
		buf_addc(arg, letters[event]);
	return ERR_OK;
}

static void
reads_as(const char *text, const char *want)
{
	for (size_t step = 1; step <= strlen(text) + 1; step++) {
		CLEANUP(buf_clear) struct buf got = BUF_INIT;
		struct jevents *j = jevents_new("x", spell, &got);
		struct errinfo ei = {0};
		enum err err = ERR_OK;
		for (size_t i = 0; i < strlen(text) && err == ERR_OK; i += step)
			err = jevents_add(j, text + i,
			    strlen(text) - i < step ? strlen(text) - i : step,
			    &ei);
		if (err == ERR_OK)
			err = jevents_end(j, &ei);
		buf_addc(&got, '\0');
		if (want == NULL)
			assert_int_equal(err, ERR_INPUT);
		else if (err != ERR_OK || strcmp(got.data, want) != 0)
			fail_msg("%s gives %s, %s", text, got.data, ei.text);
		jevents_free(j);
	}
}

static void
grammar_is_checked(void **state)
{
	static const char *const wrong[] = {"", "{", "[1,]", "{\"a\"}",
	    "{\"a\":}", "{\"a\":1,}", "{,}", "[1 2]", "]", "[}", "{]", "1 2",
	    "tru", "01x", "{a:1}", "'a'", "[\"a]", "{\"a\":1}}", "+", "-"};

	(void)state;
	reads_as("{}", "{}");
	reads_as(" [ ] ", "[]");
	reads_as("{\"a\": [1, -2.5e3, true, false, null, \"x\\u00e9\\\"\"]}",
	    "{k[nnTFNt\"]}");
	reads_as("{\"a\":{\"b\":{}},\"c\":\"\"}", "{k{k{}}kt\"}");
	reads_as("12", "n");
	reads_as("NaN", "N");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		reads_as(wrong[i], NULL);
}

/* ---- what is read ---- */

static const struct result_run *
read_run(struct arena *a, const char *text)
{
	struct result_reader *r = result_reader_new(a, "t.json", MASK_DEFAULT);
	const struct result_file *f = NULL;
	struct errinfo ei = {0};

	if (result_reader_add(r, text, strlen(text), &ei) != ERR_OK ||
	    result_reader_end(r, &f, &ei) != ERR_OK)
		fail_msg("%s", ei.text);
	result_reader_free(r);
	return &f->runs[0];
}

static void
suites_are_the_longest_that_fit(void **state)
{
	static const char text[] =
	    "{\"r\":{\"configuration\":{},\"result\":{"
	    "\"ptestresult.glib-2.0.a.b\":{\"status\":\"PASSED\"},"
	    "\"ptestresult.glib-2.x\":{\"status\":\"PASSED\"},"
	    "\"ptestresult.sections\":{\"glib-2.0\":{},\"glib-2\":{}},"
	    "\"ping.A.b\":{\"status\":\"ERROR\"}}}}";
	struct arena *a = arena_new(0);
	const struct result_run *run = read_run(a, text);

	(void)state;
	assert_int_equal(run->ngroups, 3);
	assert_string_equal(run->groups[0].name, "ping");
	assert_string_equal(run->groups[1].name, "ptestresult.glib-2");
	assert_string_equal(run->groups[2].name, "ptestresult.glib-2.0");
	assert_int_equal(run->counts[RESULT_PASSED], 2);
	assert_int_equal(run->counts[RESULT_FAILED], 1);
	arena_free(a);
}

/* ---- two runs ---- */

static void
turn(const char *was, const char *is, enum result_turn want)
{
	static const char form[] =
	    "{\"r\":{\"configuration\":{},\"result\":{%s}}}";
	struct arena *a = arena_new(0);
	struct result_view v = {0};
	const struct result_run *before =
	    read_run(a, arena_printf(a, form, was));

	v.run = *read_run(a, arena_printf(a, form, is));
	result_compare(a, &v, before);
	if (v.turns[want] != 1)
		fail_msg("%s then %s: not %s", was, is, result_turn_word(want));
	arena_free(a);
}

static void
turns_are_told(void **state)
{
#define IS(name, status) "\"" name "\":{\"status\":\"" status "\"}"
	(void)state;
	turn(IS("a.b", "PASSED"), IS("a.b", "FAILED"), RESULT_FAILING);
	turn(IS("a.b", "SKIPPED"), IS("a.b", "ERROR"), RESULT_FAILING);
	turn(IS("a.b", "FAIL"), IS("a.b", "PASS"), RESULT_PASSING);
	turn(IS("a.b", "FAIL"), IS("a.b", "SKIPPED"), RESULT_AS_BEFORE);
	turn(IS("a.b", "FAILED"), IS("a.b", "ERROR"), RESULT_AS_BEFORE);
	turn("", IS("a.b", "FAILED"), RESULT_NEW);
	turn(IS("a.b", "FAILED"), "", RESULT_GONE);
	turn(IS("a.at 0x7ffd12 in 12 ms", "PASSED"),
	    IS("a.at 0x55aa77bb in 9 ms", "FAILED"), RESULT_FAILING);
	turn(IS("a.deadbeef1", "PASSED"), IS("a.cafebabe22", "PASSED"),
	    RESULT_AS_BEFORE);
	turn(IS("a.facade", "PASSED"), IS("a.decade", "PASSED"), RESULT_NEW);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(base64_comes_in_pieces),
	    cmocka_unit_test(zlib_has_a_limit),
	    cmocka_unit_test(grammar_is_checked),
	    cmocka_unit_test(suites_are_the_longest_that_fit),
	    cmocka_unit_test(turns_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
