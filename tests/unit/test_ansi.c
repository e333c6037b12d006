/* test_ansi.c: what a terminal would show of a line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/ansi.h"

/* "[red]text[]rest", for comparing. */
static const char *
show(struct arena *a, struct ansi_style *state, struct slice line)
{
	struct ansi_span spans[16];
	size_t n = ansi_line(a, state, line, spans, 16);
	struct buf b = BUF_INIT;
	const char *text;

	for (size_t i = 0; i < n; i++) {
		const char *c = ansi_classes(a, &spans[i].style);
		if (i > 0 || *c != '\0')
			buf_addf(&b, "[%s]", c);
		buf_adds(&b, spans[i].text);
		assert_true(utf8_clean(spans[i].text, strlen(spans[i].text)));
	}
	text = arena_strndup(a, b.data != NULL ? b.data : "", b.len);
	buf_clear(&b);
	return text;
}

static void
shows(const char *line, const char *wanted)
{
	struct arena *a = arena_new(0);
	struct ansi_style state = {0};

	assert_string_equal(show(a, &state, slice_of(line)), wanted);
	arena_free(a);
}

static void
colours(void **state)
{
	(void)state;
	shows("plain", "plain");
	shows("", "");
	shows("\033[31mred\033[0m plain", "[red]red[] plain");
	shows("\033[1;32mok\033[m", "[green bold]ok");
	shows("\033[91;44mx", "[bright-red on-blue]x");
	shows("\033[103mx", "[on-bright-yellow]x");
	shows("\033[31;39;41;49mx", "x");
	shows("\033[2;3;4;7mx\033[22;23;24;27my",
	    "[faint italic underline inverse]x[]y");
	shows(
	    "\033[01m\033[Kx.c:\033[m\033[K \033[01;31m\033[Kerror: \033[m\033["
	    "Ky",
	    "[bold]x.c:[] [red bold]error: []y");
	/* what isn't known of it changes nothing */
	shows("\033[5;8;9;58mx", "x");
}

static void
rich_colours_become_the_nearest(void **state)
{
	(void)state;
	shows("\033[38;5;1mx", "[red]x");
	shows("\033[38;5;9mx", "[bright-red]x");
	shows("\033[38;5;196mx", "[bright-red]x");
	shows("\033[38;5;21mx", "[blue]x");
	shows("\033[38;5;255mx", "[white]x");
	shows("\033[38;5;232mx", "[black]x");
	shows("\033[38;2;250;5;5mx", "[bright-red]x");
	shows("\033[48;2;0;200;10mx", "[on-green]x");
	shows("\033[38:2::250:5:5mx", "[bright-red]x");
	shows("\033[38:5:9mx", "[bright-red]x");
	shows("\033[38;5;9;1mx", "[bright-red bold]x");
	shows("\033[4:3mx\033[4:0my", "[underline]x[]y");
	/* too few or too large */
	shows("\033[38;5mx", "x");
	shows("\033[38;5;999mx", "x");
	shows("\033[38;2;1;2mx", "x");
	shows("\033[99999999999999999999mx", "x");
}

static void
the_cursor_moves(void **state)
{
	(void)state;
	shows("10%\r20%\rdone", "done");
	shows("100%\rok", "ok0%");
	shows("100%\r\033[Kok", "ok");
	shows("text\r", "text");
	shows("text\r\r", "text");
	shows("ab\bc", "ac");
	shows("\b\bx", "x");
	shows("abc\033[2Kx", "   x");
	shows("abc\033[1Gx", "xbc");
	shows("abc\033[99Gx", "xbc");
	shows("\033[31mab\r\033[32mx", "[green]x[red]b");
}

static void
other_sequences_go(void **state)
{
	(void)state;
	shows("a\033]0;title\007b", "ab");
	shows("a\033]8;;http://x\033\\link\033]8;;\033\\b", "alinkb");
	shows("a\033(Bb\033=c\033[?25lz", "abcz");
	shows("a\033[10;20Hb", "ab");
	shows("a\033Pdata\033\\b", "ab");
	shows("a\033", "a");
	shows("a\033[", "a");
	shows("a\033[31", "a");
	/* what isn't ended hides nothing */
	shows("a\033]0;title b", "a0;title b");
	shows("a\001\002\177b\tc", "ab\tc");
}

static void
bytes_that_are_no_text(void **state)
{
	struct arena *a = arena_new(0);
	struct ansi_style style = {0};

	(void)state;
	shows("\xff"
	      "a\xc3",
	    "\xef\xbf\xbd"
	    "a\xef\xbf\xbd");
	shows("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
	    "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	shows("\xc3\xa4\bb", "b");
	assert_string_equal(show(a, &style, SLICE("a\0b")), "ab");
	assert_string_equal(show(a, &style, SLICE("a\nb")), "ab");
	assert_string_equal(show(a, &style, (struct slice){NULL, 0}), "");
	arena_free(a);
}

static void
style_is_carried_over(void **state)
{
	struct arena *a = arena_new(0);
	struct ansi_style style = {0};

	(void)state;
	assert_string_equal(show(a, &style, SLICE("\033[31mone")), "[red]one");
	assert_string_equal(show(a, &style, SLICE("two")), "[red]two");
	assert_string_equal(
	    show(a, &style, SLICE("three\033[0m")), "[red]three");
	assert_string_equal(show(a, &style, SLICE("four")), "four");
	arena_free(a);
}

static void
what_is_left_joins_the_last_span(void **state)
{
	struct arena *a = arena_new(0);
	struct ansi_style style = {0};
	struct ansi_span out[2];
	CLEANUP(buf_clear) struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(
	    ansi_line(a, &style, SLICE("a\033[31mb\033[32mc\033[mdef"), out, 2),
	    2);
	assert_string_equal(out[0].text, "a");
	assert_string_equal(out[1].text, "bcdef");
	assert_int_equal(ansi_line(a, &style, SLICE("a"), out, 0), 0);
	for (int i = 0; i < 100000; i++)
		buf_addf(&b, "\033[%dmx", 31 + i % 2);
	assert_int_equal(
	    ansi_line(a, &style, (struct slice){b.data, b.len}, out, 2), 2);
	assert_int_equal(strlen(out[1].text), 99999);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(colours),
	    cmocka_unit_test(rich_colours_become_the_nearest),
	    cmocka_unit_test(the_cursor_moves),
	    cmocka_unit_test(other_sequences_go),
	    cmocka_unit_test(bytes_that_are_no_text),
	    cmocka_unit_test(style_is_carried_over),
	    cmocka_unit_test(what_is_left_joins_the_last_span),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
