/*
 * test_ahead.c: tars long enough to be inflated in a thread; and that plain
 * headers, which we read ourselves, give what libarchive gives.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive/zstd.h"
#include "tar_help.h"

#define MEMBERS 3000

static const char odd_name[101] = "b/odd-1-r0/do_odd";

struct seen {
	size_t files;
	uint64_t sum; /* over paths and contents */
	size_t stop_at;
};

static uint64_t
mix(uint64_t h, struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	return h * 31 + s.n;
}

static enum err
see(void *arg, struct slice path, struct slice text, struct errinfo *ei)
{
	struct seen *s = arg;

	s->sum = mix(mix(s->sum, path), text);
	if (++s->files == s->stop_at)
		return err_set(ei, ERR_CONFLICT, "enough");
	return ERR_OK;
}

static enum err
walk(const struct buf *tar, size_t step, struct seen *s, struct errinfo *ei)
{
	struct memory_source from = source_of(tar, step);
	size_t stop_at = s->stop_at;

	*s = (struct seen){.stop_at = stop_at};
	*ei = (struct errinfo){0};
	return each_member(&from, see, s, ei);
}

/* Some MB: members of all lengths around a block and around a piece. */
static struct buf
long_tar(void)
{
	static char text[300000];
	struct buf tar = BUF_INIT;
	char name[101];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i % 23);
	for (size_t i = 0; i < MEMBERS; i++) {
		size_t n = i % 1000 == 999 ? sizeof(text) - i : i % 1700;
		snprintf(name, sizeof(name), "b/p%zu-1-r0/do_compile", i);
		tar_add_as(&tar, '0', name, text + i % 100, n % sizeof(text));
	}
	return tar;
}

static struct buf
packed(const struct buf *tar)
{
	struct buf out = BUF_INIT;

	zstd_pack(&out, tar->data, tar->len, 1);
	return out;
}

/*
 * A member in front that isn't plain leaves the whole rest to libarchive: a
 * size with a sign of base 256.
 */
static struct buf
behind_an_odd_one(const struct buf *tar)
{
	struct buf out = BUF_INIT;
	unsigned sum = 0;

	tar_add_as(&out, '0', odd_name, "", 0);
	memcpy(out.data + 124, "\x80\0\0\0\0\0\0\0\0\0\0", 12);
	memset(out.data + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)out.data[i];
	snprintf(out.data + 148, 8, "%06o", sum);
	buf_add(&out, tar->data, tar->len);
	return out;
}

static void
plain_and_odd_agree(void **state)
{
	struct buf tar = long_tar(), odd = BUF_INIT, first = BUF_INIT;
	struct seen a = {0}, b = {0}, c = {0};
	struct errinfo ei;

	(void)state;
	tar_end(&tar);
	odd = behind_an_odd_one(&tar);
	tar_add_as(&first, '0', odd_name, "", 0);
	buf_add(&first, tar.data, tar.len);
	assert_int_equal(walk(&tar, 70000, &a, &ei), ERR_OK);
	assert_int_equal(walk(&odd, 70000, &b, &ei), ERR_OK);
	assert_int_equal(walk(&first, 70000, &c, &ei), ERR_OK);
	assert_int_equal(a.files, MEMBERS);
	assert_int_equal(b.files, MEMBERS + 1);
	assert_int_equal(c.files, MEMBERS + 1);
	assert_true(b.sum == c.sum);
	assert_true(a.sum != c.sum);
	buf_clear(&tar);
	buf_clear(&odd);
	buf_clear(&first);
}

static void
pieces_do_not_matter(void **state)
{
	static const size_t steps[] = {511, 4096, 65536, 1 << 20};
	struct buf tar = long_tar(), zst;
	struct seen plain = {0}, s = {0};
	struct errinfo ei;

	(void)state;
	tar_end(&tar);
	zst = packed(&tar);
	assert_true(tar.len > 1 << 21);
	assert_int_equal(walk(&tar, 1 << 20, &plain, &ei), ERR_OK);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		assert_int_equal(walk(&tar, steps[i], &s, &ei), ERR_OK);
		assert_true(s.sum == plain.sum);
		assert_int_equal(walk(&zst, steps[i], &s, &ei), ERR_OK);
		assert_true(s.sum == plain.sum);
		assert_int_equal(s.files, MEMBERS);
	}
	buf_clear(&tar);
	buf_clear(&zst);
}

static void
cut_anywhere(void **state)
{
	struct buf tar = long_tar(), zst;
	struct seen s = {0};
	struct errinfo ei;

	(void)state;
	tar_end(&tar);
	zst = packed(&tar);
	for (size_t part = 1; part < 8; part++) {
		struct buf some = {.data = zst.data, .len = zst.len * part / 8};
		assert_int_equal(walk(&some, 65536, &s, &ei), ERR_INPUT);
		assert_string_equal(ei.text, "the zstd stream ends early");
		some =
		    (struct buf){.data = tar.data, .len = tar.len * part / 8};
		assert_int_equal(walk(&some, 65536, &s, &ei), ERR_INPUT);
		assert_non_null(strstr(ei.text, "ends early"));
	}
	buf_clear(&tar);
	buf_clear(&zst);
}

static void
damaged_halfway(void **state)
{
	struct buf tar = long_tar(), zst;
	struct seen s = {0};
	struct errinfo ei;

	(void)state;
	tar_end(&tar);
	zst = packed(&tar);
	memset(zst.data + zst.len / 2, 0xa5, 4000);
	assert_int_equal(walk(&zst, 65536, &s, &ei), ERR_INPUT);
	assert_true(s.files > 10 && s.files < MEMBERS);
	buf_clear(&tar);
	buf_clear(&zst);
}

/* The thread is in the midst of it when the reader has had enough. */
static void
left_in_the_middle(void **state)
{
	struct buf tar = long_tar(), zst;
	struct errinfo ei;

	(void)state;
	tar_end(&tar);
	zst = packed(&tar);
	for (size_t stop = 1; stop < MEMBERS; stop += 97) {
		struct seen s = {.stop_at = stop};
		assert_int_equal(walk(&zst, 65536, &s, &ei), ERR_CONFLICT);
		assert_int_equal(s.files, stop);
		assert_string_equal(ei.text, "enough");
	}
	buf_clear(&tar);
	buf_clear(&zst);
}

static long
breaks_off(void *arg, void *into, size_t n, struct errinfo *ei)
{
	struct memory_source *s = arg;

	if (s->rest.n < 100000) {
		err_set(ei, ERR_UPSTREAM, "the line went dead");
		return -1;
	}
	return read_memory(s, into, n, ei);
}

static void
a_read_that_fails(void **state)
{
	struct buf tar = long_tar();
	struct memory_source from = source_of(&tar, 65536);
	struct errinfo ei = {0};
	struct slice path;
	uint64_t size;
	bool more = true;
	enum err e = ERR_OK;

	(void)state;
	struct tar_reader *t = tar_reader_new(NULL, breaks_off, &from);
	while (e == ERR_OK && more)
		e = tar_reader_next(t, &path, &size, &more, &ei);
	assert_int_equal(e, ERR_UPSTREAM);
	assert_string_equal(ei.text, "the line went dead");
	tar_reader_free(t);
	buf_clear(&tar);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_and_odd_agree),
	    cmocka_unit_test(pieces_do_not_matter),
	    cmocka_unit_test(cut_anywhere),
	    cmocka_unit_test(damaged_halfway),
	    cmocka_unit_test(left_in_the_middle),
	    cmocka_unit_test(a_read_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
