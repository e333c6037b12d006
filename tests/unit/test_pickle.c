/* test_pickle.c: pickles as data, hostile ones above all. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/pickle.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

static const struct pickle *
read_bytes(struct arena *a, const char *p, size_t n)
{
	const struct pickle *out;
	struct errinfo ei;

	if (pickle_read(a, (struct slice){p, n}, PICKLE_NODES_MAX, &out, &ei) !=
	    ERR_OK)
		return NULL;
	assert_non_null(out);
	return out;
}

#define READ(a, lit) read_bytes(a, lit, sizeof(lit) - 1)

/* {"a": [1, -2, 3.5, None, True], "b": "x"}, as protocol 4 has it. */
static void
values_of_all_kinds(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	const struct pickle *p = READ(a,
	    "\x80\x04\x95\x27\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01"
	    "a\x94]\x94(K\x01J\xfe\xff\xff\xffG@\x0c\x00\x00\x00\x00\x00\x00N"
	    "\x88"
	    "e\x8c\x01"
	    "b\x94\x8c\x01x\x94u.");
	const struct pickle *list;

	(void)state;
	assert_non_null(p);
	list = pickle_get(p, "a");
	assert_int_equal(pickle_count(list), 5);
	assert_int_equal(pickle_integer(pickle_item(list, 0), 0), 1);
	assert_int_equal(pickle_integer(pickle_item(list, 1), 0), -2);
	assert_true(pickle_real(pickle_item(list, 2)) == 3.5);
	assert_int_equal(pickle_item(list, 3)->kind, PICKLE_NONE);
	assert_int_equal(pickle_integer(pickle_item(list, 4), 0), 1);
	assert_true(slice_is(pickle_text(pickle_get(p, "b")), "x"));
	assert_null(pickle_get(p, "c"));
	assert_int_equal(pickle_integer(NULL, 7), 7);
	assert_true(isnan(pickle_real(list)));
}

/* Protocol 2: GLOBAL, EMPTY_TUPLE, NEWOBJ, a dictionary, BUILD. */
static void
an_object_has_its_state(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	const struct pickle *p = READ(a,
	    "\x80\x02"
	    "cbb.event\nHeartbeatEvent\nq\x00)\x81q\x01}q\x02X\x04\x00\x00\x00"
	    "timeq\x03GA\xda\xc0\x62\xab\xfe\x9f\xbdsb.");

	(void)state;
	assert_non_null(p);
	assert_int_equal(p->kind, PICKLE_OBJECT);
	assert_true(slice_is(p->object.type->text, "bb.event.HeartbeatEvent"));
	assert_true(pickle_real(pickle_get(p, "time")) > 1.7e9);
}

static void
longs_up_to_64_bits(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);

	(void)state;
	assert_int_equal(pickle_integer(READ(a, "\x80\x04\x8a\x00."), 9), 0);
	assert_int_equal(
	    pickle_integer(READ(a, "\x80\x04\x8a\x01\xff."), 9), -1);
	assert_int_equal(pickle_integer(READ(a, "\x80\x04\x8a\x06\x00\x10\x20"
						"\x30\x40\x7f."),
			     9),
	    INT64_C(0x7f4030201000));
	assert_int_equal(
	    READ(a, "\x80\x04\x8a\x09\x01\x01\x01\x01\x01\x01\x01\x01\x01.")
		->kind,
	    PICKLE_OPAQUE);
}

/* os.system("touch /tmp/x"): named, never called. */
static void
calls_are_opaque(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	const struct pickle *p = READ(a,
	    "\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x04true\x94"
	    "\x85\x94R\x94.");

	(void)state;
	assert_non_null(p);
	assert_int_equal(p->kind, PICKLE_OPAQUE);
	/* What is filled into it goes nowhere. */
	p = READ(a, "\x80\x02"
		    "ccollections\ndefaultdict\n)RK\x01K\x02s(K\x03K\x04uN.");
	assert_non_null(p);
}

static void
what_is_broken_is_refused(void **state)
{
	static const struct slice broken[] = {
	    SLICE(""),
	    SLICE("\x80\x04"),
	    SLICE("\x80\x06N."),
	    SLICE("\x80\x01N."),
	    SLICE("."),
	    SLICE("N0."),
	    SLICE("0"),
	    SLICE("(."),
	    SLICE("t."),
	    SLICE("N\x86."),
	    SLICE("(N\x86."),
	    SLICE("e"),
	    SLICE("(e"),
	    SLICE("N(e."),
	    SLICE("Na."),
	    SLICE("NNa."),
	    SLICE("}(Nu."),
	    SLICE("}(N"),
	    SLICE("}s."),
	    SLICE("]Ns."),
	    SLICE("h\x00."),
	    SLICE("j\xff\xff\xff\xff."),
	    SLICE("Nr\xff\xff\xff\xff."),
	    SLICE("q\x00"),
	    SLICE("\x94"),
	    SLICE("X\xff\xff\xff\x7f."),
	    SLICE("\x8d\xff\xff\xff\xff\xff\xff"
		  "\xff\xff."),
	    SLICE("\x95\xff\xff\xff\xff\xff\xff\xff\xffN."),
	    SLICE("\x8a\xff\x00."),
	    SLICE("\x8c\x05"
		  "ab."),
	    SLICE("cos"),
	    SLICE("cos\nsystem"),
	    SLICE("NN\x93."),
	    SLICE(")\x81."),
	    SLICE("Nb."),
	    SLICE("G\x00."),
	    SLICE("J\x00."),
	    /* opcodes that no event has */
	    SLICE("I1\n."),
	    SLICE("S'x'\n."),
	    SLICE("ios\nsystem\n."),
	    SLICE("(cos\nsystem\no."),
	    SLICE("Pid\n."),
	    SLICE("NQ."),
	    SLICE("\x82\x01."),
	    SLICE("\x92."),
	    SLICE("N2."),
	    SLICE("1"),
	    SLICE("\x97."),
	};
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		const struct pickle *out;
		struct errinfo ei = {0};
		assert_int_not_equal(
		    pickle_read(a, broken[i], 1000, &out, &ei), ERR_OK);
		assert_null(out);
		assert_true(strncmp(ei.text, "pickle byte ", 12) == 0);
	}
}

/* Lists in lists: 64 are fine. */
static void
depth_is_limited(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);

	(void)state;
	for (int depth = 60; depth < 70; depth++) {
		CLEANUP(buf_clear) struct buf b = BUF_INIT;
		for (int i = 0; i <= depth; i++)
			buf_addc(&b, ']');
		for (int i = 0; i < depth; i++)
			buf_addc(&b, 'a');
		buf_addc(&b, '.');
		assert_int_equal(read_bytes(a, b.data, b.len) != NULL,
		    depth <= PICKLE_DEPTH_MAX);
	}
}

/* A list in itself, and an object whose state is itself, end. */
static void
cycles_are_harmless(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	const struct pickle *p = READ(a, "\x80\x04]\x94h\x00"
					 "a.");

	(void)state;
	assert_non_null(p);
	assert_ptr_equal(pickle_item(p, 0), p);
	p = READ(a, "\x80\x04"
		    "cx\ny\n)\x81\x94h\x00"
		    "b.");
	assert_non_null(p);
	assert_ptr_equal(p->object.state, p);
	assert_null(pickle_get(p, "x"));
	buf_adds(&b, "]q");
	buf_addc(&b, '\0');
	for (int i = 0; i < 100; i++)
		buf_add(&b, "h\0a", 3);
	buf_addc(&b, '.');
	assert_null(read_bytes(a, b.data, b.len));
}

/* Every push counts, also of what is there already: no bomb of references. */
static void
memory_is_bounded(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	const struct pickle *out;
	struct errinfo ei;

	(void)state;
	buf_adds(&b, "]q");
	buf_addc(&b, '\0');
	for (int i = 0; i < 5000000; i++)
		buf_add(&b, "h\0", 2);
	buf_addc(&b, '.');
	assert_int_equal(
	    pickle_read(a, (struct slice){b.data, b.len}, 10000, &out, &ei),
	    ERR_TOO_BIG);
	assert_in_range(arena_used(a), 1, 1 << 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_of_all_kinds),
	    cmocka_unit_test(an_object_has_its_state),
	    cmocka_unit_test(longs_up_to_64_bits),
	    cmocka_unit_test(calls_are_opaque),
	    cmocka_unit_test(what_is_broken_is_refused),
	    cmocka_unit_test(depth_is_limited),
	    cmocka_unit_test(cycles_are_harmless),
	    cmocka_unit_test(memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
