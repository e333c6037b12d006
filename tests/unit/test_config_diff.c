/* test_config_diff.c: which variables differ between two configurations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/config_diff.h"

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

static size_t
diff(const char *here, const char *there, struct config_difference *out,
    size_t max)
{
	struct slice x = slice_of(here), y = slice_of(there);

	return config_diff(arena, (struct config_side){&x, 1},
	    (struct config_side){&y, 1}, out, max);
}

static void
expect_same(const char *here, const char *there)
{
	struct config_difference d[4];
	size_t n = diff(here, there, d, 4);

	if (n > 0)
		fail_msg("%s: \"%s\" and \"%s\"", d[0].variable,
		    d[0].here != NULL ? d[0].here : "-",
		    d[0].there != NULL ? d[0].there : "-");
}

static void
expect_text(const char *text, const char *want)
{
	if (want == NULL)
		assert_null(text);
	else
		assert_string_equal(text, want);
}

/* One difference, and what it shows. */
static void
expect(const char *here, const char *there, const char *variable, const char *x,
    const char *y)
{
	struct config_difference d[4];

	assert_int_equal(diff(here, there, d, 4), 1);
	assert_string_equal(d[0].variable, variable);
	expect_text(d[0].here, x);
	expect_text(d[0].there, y);
}

static void
test_same(void **state)
{
	(void)state;
	expect_same("", "");
	expect_same("# A = \"1\"\n", "\n\n   # B = \"2\"\n");
	expect_same("A = \"1\"\nB = \"2\"\n", "B = '2'\r\nA=\"1\"");
	expect_same("A = \" x   y \"\n", "A = \"x \\\n  y\"\n");
	expect_same("A ?= \"1\"\nA = \"2\"", "A = \"2\"");
	expect_same("A = \"1\"\nA ?= \"2\"", "A = \"1\"");
	expect_same("A ?\?= \"1\"\nA ?\?= \"2\"", "A = \"2\"");
	expect_same("A ?\?= \"1\"\nA ?= \"2\"", "A = \"2\"");
	expect_same("A = \"1\"\nA += \"2\"", "A = \"1 2\"");
	expect_same("A = \"1\"\nA =+ \"2\"", "A = \"2 1\"");
	expect_same("A = \"1\"\nA .= \"2\"", "A = \"12\"");
	expect_same("A = \"1\"\nA =. \"2\"", "A = \"21\"");
	expect_same("A := \"1\"", "A = \"1\"");
	expect_same("A+=\"1\"\nA.=\"2\"\nB:=\"3\"", "A = \"12\"\nB = \"3\"");
	expect_same("export A = \"1\"", "A = \"1\"");
	expect_same("A = \"1\"\nunset A", "");
	expect_same(
	    "I:append = \" a\"\nI:append = \" b\"", "I:append = \" a b\"");
	expect_same("def f(d):\n    return 1\n", "do_x() {\n  y\n}\n");
	expect_same("A = unquoted\nA \"x\"\n= \"y\"\nA[x = \"y\"\n", "");
}

static void
test_different(void **state)
{
	(void)state;
	expect("A = \"1\"", "A = \"2\"", "A", "1", "2");
	expect("A = \"1\"", "", "A", "1", NULL);
	expect("", "A = \"\"", "A", NULL, "");
	expect("", "A ?\?= \"w\"", "A", NULL, "w");
	expect("A = \"1\"\nunset A", "A = \"1\"", "A", NULL, "1");
	expect("I:append = \" a\"\nI:append = \" b\"", "I:append = \" a\"",
	    "I:append", "a b", "a");
	expect("I_append_pn-x = \" a\"\nI_append_pn-x = \" b\"",
	    "I_append_pn-x = \" a\"", "I_append_pn-x", "a b", "a");
	/* No operator of the name: the last one counts. */
	expect("A_appendix = \"1\"\nA_appendix = \"2\"", "A_appendix = \"1\"",
	    "A_appendix", "2", "1");
	expect("V:pn-x = \"1\"", "V:pn-x = \"2\"", "V:pn-x", "1", "2");
	expect("do_x[nostamp] = \"1\"", "", "do_x[nostamp]", "1", NULL);
	expect("A = \"say \"x\" # y\"", "", "A", "say \"x\" # y", NULL);
	expect("require conf/x.conf\n", "", "require conf/x.conf", "yes", NULL);
	expect("A = \"1 \\\n# 2 \\\n3\"", "", "A", "1 # 2 3", NULL);
	expect("A = \"\xff\x01<b>\"", "", "A", "\xef\xbf\xbd\xef\xbf\xbd<b>",
	    NULL);
}

static void
test_files_in_order(void **state)
{
	const struct slice x[] = {SLICE("M = \"a\""), SLICE("M ?= \"b\"")};
	const struct slice y[] = {SLICE("M ?= \"b\""), SLICE("M = \"a\"")};
	struct config_difference d[4];

	(void)state;
	assert_int_equal(config_diff(arena, (struct config_side){x, 2},
			     (struct config_side){y, 2}, d, 4),
	    0);
	assert_int_equal(config_diff(arena, (struct config_side){x, 2},
			     (struct config_side){y, 1}, d, 4),
	    1);
	assert_string_equal(d[0].here, "a");
	assert_string_equal(d[0].there, "b");
}

static void
test_order_and_bound(void **state)
{
	struct config_difference d[2];

	(void)state;
	assert_int_equal(
	    diff("DL_DIR = \"/a\"\nZ = \"1\"\n", "A = \"2\"\n", d, 2), 3);
	assert_string_equal(d[0].variable, "A");
	assert_string_equal(d[1].variable, "Z");
	assert_int_equal(diff("DL_DIR = \"/a\"\nZ = \"1\"\n", "", d, 2), 2);
	assert_string_equal(d[1].variable, "DL_DIR");
	assert_true(d[1].local && !d[0].local);
	assert_int_equal(diff("A = \"1\"", "", NULL, 0), 1);
}

#define WORDS                                                                  \
	"one-of-the-words two-of-the-words three-of-the-words "                \
	"four-of-the-words five-of-the-words"

static void
test_long_lists(void **state)
{
	struct config_difference d[1];
	char *text = malloc(4000), *p = text;

	(void)state;
	expect("L = \"" WORDS " opengl\"", "L = \"x11 " WORDS "\"", "L",
	    "… opengl", "… x11");
	expect("L = \"" WORDS " a\"", "L = \"" WORDS "\"", "L", "… a", "…");
	p += sprintf(p, "L = \"");
	for (size_t i = 0; i < 500; i++)
		p += sprintf(p, "ä%zu ", i);
	sprintf(p, "\"");
	assert_int_equal(diff(text, "", d, 1), 1);
	assert_true(strlen(d[0].here) < CONFIG_VALUE_MAX + 8);
	assert_true(utf8_clean(d[0].here, strlen(d[0].here)));
	free(text);
}

/* More variables, longer lines than anyone has: bounded, not refused. */
static void
test_too_much(void **state)
{
	size_t cap = 400000, n = 0;
	char *text = malloc(cap);
	struct config_difference d[1];

	(void)state;
	for (size_t i = 0; i < 10000; i++)
		n += (size_t)snprintf(
		    text + n, cap - n, "V%zu = \"%zu\"\n", i, i);
	assert_int_equal(diff(text, "", d, 1), CONFIG_VARIABLES_MAX);
	memset(text, 'x', cap - 1);
	text[cap - 1] = '\0';
	memcpy(text, "A = \"", 5);
	memcpy(text + cap - 20, "\"\nB = \"1\"\n\0", 12);
	expect(text, "", "B", "1", NULL);
	for (size_t i = 0; i + 1 < cap; i++)
		text[i] = i % 2 == 0 ? '\\' : '\n';
	expect_same(text, "");
	/* Each line makes the value longer. */
	n = 0;
	while (n + 32 < cap)
		n += (size_t)snprintf(
		    text + n, cap - n, "A += \"0123456789\"\n");
	assert_int_equal(diff(text, "", d, 1), 1);
	assert_true(arena_used(arena) < (size_t)32 << 20);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same),
	    cmocka_unit_test(test_different),
	    cmocka_unit_test(test_files_in_order),
	    cmocka_unit_test(test_order_and_bound),
	    cmocka_unit_test(test_long_lists),
	    cmocka_unit_test(test_too_much),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
