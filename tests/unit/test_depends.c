/* test_depends.c: dependency files as bitbake -g writes them, and worse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/buf.h"
#include "model/depends.h"

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

static struct depends_file
read_pieces(enum depends_kind kind, struct slice text, size_t piece)
{
	struct depends_reader *r = depends_reader_new(kind);
	struct depends_file f;

	for (size_t i = 0; i < text.n; i += piece)
		depends_reader_add(
		    r, text.p + i, text.n - i < piece ? text.n - i : piece);
	depends_reader_end(r, arena, &f);
	return f;
}

static struct depends_file
read_dot(enum depends_kind kind, const char *text)
{
	return read_pieces(kind, slice_of(text), strlen(text));
}

static struct slice
kept(const struct depends_file *f)
{
	struct slice text;

	assert_null(f->why);
	assert_int_equal(
	    zstd_unpack(arena, f->text.zstd, 1 << 24, &text, NULL), ERR_OK);
	assert_int_equal(text.n, f->text.size);
	return text;
}

static const char *
kept_text(const struct depends_file *f)
{
	struct slice s = kept(f);

	return arena_strndup(arena, s.p, s.n);
}

static const char example[] =
    "digraph depends {\n"
    "\"gcc.do_build\" [label=\"gcc do_build\\n:13-r0\\n/p/gcc_13.bb\"]\n"
    "\"zlib.do_compile\" [label=\"zlib do_compile\\n:1.3-r0\\n/p/z.bb\"]\n"
    "\"zlib.do_compile\" -> \"zlib.do_configure\"\n"
    "\"zlib.do_compile\" -> \"gcc-cross.do_populate_sysroot\"\n"
    "\"zlib.do_configure\" [label=\"zlib do_configure\\n:1.3-r0\\n/p/z.bb\"]\n"
    "\"zlib.do_configure\" -> \"zlib.do_patch\"\n"
    "}\n";

static void
test_as_bitbake_writes_it(void **state)
{
	struct depends_file f = read_dot(DEPENDS_TASKS, example);
	struct depends_list list;

	(void)state;
	assert_string_equal(f.text.name, DEPENDS_TASKS_TEXT);
	assert_int_equal(f.names, 5);
	assert_int_equal(f.edges, 3);
	assert_int_equal(f.odd, 0);
	assert_true(f.whole);
	assert_string_equal(kept_text(&f),
	    "1 2 3\n2 4\n\ngcc.do_build\nzlib.do_compile\nzlib.do_configure\n"
	    "gcc-cross.do_populate_sysroot\nzlib.do_patch\n");
	assert_int_equal(
	    depends_read(arena, DEPENDS_TASKS, kept(&f), &list, NULL), ERR_OK);
	assert_int_equal(list.nnames, 5);
	assert_int_equal(list.nedges, 3);
	assert_int_equal(list.edge[1].from, 1);
	assert_int_equal(list.edge[1].to, 3);
	assert_true(slice_is(list.name[3], "gcc-cross.do_populate_sysroot"));
}

static void
test_pieces(void **state)
{
	const char *whole, *text;

	(void)state;
	struct depends_file f = read_dot(DEPENDS_TASKS, example);
	whole = kept_text(&f);
	for (size_t piece = 1; piece < 40; piece++) {
		f = read_pieces(DEPENDS_TASKS, slice_of(example), piece);
		text = kept_text(&f);
		assert_string_equal(text, whole);
	}
}

static void
test_recipes(void **state)
{
	struct depends_file f = read_dot(DEPENDS_RECIPES,
	    "digraph depends {\n\"a\" -> \"b\"\n"
	    "\"a\" -> \"c\" [style=dashed]\n\"a\" -> \"d\" [style=solid]\n}");
	struct depends_list list;

	(void)state;
	assert_string_equal(f.text.name, DEPENDS_RECIPES_TEXT);
	assert_true(f.whole);
	assert_string_equal(kept_text(&f), "0 1 r2 3\n\na\nb\nc\nd\n");
	assert_int_equal(
	    depends_read(arena, DEPENDS_RECIPES, kept(&f), &list, NULL),
	    ERR_OK);
	assert_true(list.edge[1].runtime);
	assert_false(list.edge[2].runtime);
}

/* What graphviz would take, too. */
static void
test_other_ways_to_write_it(void **state)
{
	struct depends_file f = read_dot(DEPENDS_TASKS,
	    "/* made by hand */\r\ndigraph depends {\r\n"
	    "  node [shape=plaintext]\r\n\r\n# and\n// so\n"
	    "\ta.do_x->b.do_x ;\r\n \"c\\\"d.do_x\" -> \"b.do_x\" -> q;\n}\n");

	(void)state;
	assert_int_equal(f.odd, 0);
	assert_string_equal(
	    kept_text(&f), "0 1\n2 1\n1 3\n\na.do_x\nb.do_x\nc\"d.do_x\nq\n");
}

static void
test_braces(void **state)
{
	struct depends_file f = read_dot(DEPENDS_RECIPES,
	    "digraph {\n\"a\" -> {\"b\" \"c\"; d,\"e\" }\n"
	    "{a b}->{\"x}\" y} -> z [style=dashed]\n\"q\" -> {}\n}\n");

	(void)state;
	assert_int_equal(f.odd, 0);
	assert_string_equal(kept_text(&f),
	    "0 1 2 3 4 r5 r6\n1 r5 r6\n5 r7\n6 r7\n\n"
	    "a\nb\nc\nd\ne\nx}\ny\nz\nq\n");
}

static void
test_what_is_not_understood(void **state)
{
	static const char *const lines[] = {"\"a\" -> ", "\"a", "-> \"b\"",
	    "\"\" -> \"b\"", "\"a\" -> {\"b\" \"c\"", "{\"a\"} {\"b\"}",
	    "\"a\" \"b\"", "\"a\\\" -> \"b\"", "\"\x80\" -> \"b\"",
	    "\"a\x01\" -> \"b\"", "\"a\"-\"b\""};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *text = arena_printf(arena,
		    "digraph depends {\n%s\n\"x\" -> \"y\"\n}\n", lines[i]);
		struct depends_file f = read_dot(DEPENDS_TASKS, text);
		assert_int_equal(f.odd, 1);
		assert_int_equal(f.edges, 1);
		assert_null(f.why);
	}
}

static void
test_long_lines_and_names(void **state)
{
	struct buf b = BUF_INIT;
	struct depends_file f;

	(void)state;
	buf_adds(&b, "digraph {\n\"a\" [label=\"");
	for (int i = 0; i < 100000; i++)
		buf_addc(&b, 'x');
	buf_adds(&b, "\"]\n\"");
	for (int i = 0; i < 300; i++)
		buf_addc(&b, 'y');
	buf_adds(&b, "\" -> \"a\"\n\"a\" -> \"b\"");
	f = read_pieces(DEPENDS_TASKS, (struct slice){b.data, b.len}, 4096);
	assert_int_equal(f.odd, 2);
	assert_int_equal(f.edges, 1);
	assert_false(f.whole);
	buf_clear(&b);
}

static void
test_nothing_in_it(void **state)
{
	static const char *const texts[] = {"", "\n", "digraph depends {\n}\n",
	    ("\x7f"
	     "ELF\x01\x02"),
	    "\"a\"\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct depends_file f = read_dot(DEPENDS_TASKS, texts[i]);
		assert_string_equal(f.why, "it holds no dependencies");
		assert_null(f.text.name);
	}
}

static void
test_too_many(void **state)
{
	struct depends_reader *r = depends_reader_new(DEPENDS_TASKS);
	struct depends_file f;
	struct buf b = BUF_INIT;

	(void)state;
	for (int i = 0; i < DEPENDS_NAMES_MAX + 1000; i++) {
		buf_reset(&b);
		buf_addf(&b, "\"recipe-%d.do_compile\" -> \"x\"\n", i);
		depends_reader_add(r, b.data, b.len);
	}
	depends_reader_end(r, arena, &f);
	assert_string_equal(f.why, "it names too many tasks");
	r = depends_reader_new(DEPENDS_TASKS);
	buf_reset(&b);
	for (int i = 0; i < 1000; i++)
		buf_adds(&b, "\"a\" -> \"b\"\n");
	for (int i = 0; i <= DEPENDS_EDGES_MAX / 1000; i++)
		depends_reader_add(r, b.data, b.len);
	depends_reader_end(r, arena, &f);
	assert_string_equal(f.why, "it holds too many dependencies");
	buf_clear(&b);
}

/* Written again it is read as the same. */
static void
test_written_again(void **state)
{
	static const char *const dots[] = {
	    example, "\"a\" -> \"b\" [style=dotted]\n\"a\\\\\\\"\" -> \"a\"\n"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		enum depends_kind kind =
		    i == 0 ? DEPENDS_TASKS : DEPENDS_RECIPES;
		struct depends_file f = read_dot(kind, dots[i]);
		const char *first = kept_text(&f);
		struct depends_list list;
		struct buf b = BUF_INIT;
		assert_int_equal(
		    depends_read(arena, kind, kept(&f), &list, NULL), ERR_OK);
		depends_write(&b, &list);
		f = read_dot(kind, b.data);
		buf_clear(&b);
		assert_true(f.whole);
		assert_int_equal(f.odd, 0);
		assert_string_equal(kept_text(&f), first);
	}
}

static void
test_damaged(void **state)
{
	static const char *const texts[] = {"", "0 1", "0 1\n\na\n",
	    "0 x\n\na\n", "\n\n0\n", "0 0x\n\na\n", "99999999999 0\n\na\n",
	    " 0\n\na\n", "0 r\n\na\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct depends_list list;
		struct errinfo ei;
		enum err e = depends_read(
		    arena, DEPENDS_TASKS, slice_of(texts[i]), &list, &ei);
		if (i == 4)
			assert_int_equal(e, ERR_OK);
		else
			assert_int_equal(e, ERR_INTERNAL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	    TEST(test_as_bitbake_writes_it),
	    TEST(test_pieces),
	    TEST(test_recipes),
	    TEST(test_other_ways_to_write_it),
	    TEST(test_braces),
	    TEST(test_what_is_not_understood),
	    TEST(test_long_lines_and_names),
	    TEST(test_nothing_in_it),
	    TEST(test_too_many),
	    TEST(test_written_again),
	    TEST(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
