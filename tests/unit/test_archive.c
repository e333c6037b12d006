/* test_archive.c: src/archive on good, cut, hostile and odd streams. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <zstd.h>

#include "archive/digest.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "tar_help.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ---- reading ---- */

struct seen {
	size_t files, bytes;
	struct buf names;
};

static enum err
see(void *arg, struct slice path, struct slice text, struct errinfo *ei)
{
	struct seen *s = arg;

	(void)ei;
	s->files++;
	s->bytes += text.n;
	buf_add(&s->names, path.p, path.n);
	buf_addc(&s->names, '\n');
	return ERR_OK;
}

static enum err
look(const struct buf *tar, size_t step, struct seen *s, struct errinfo *ei)
{
	struct memory_source from = source_of(tar, step);

	buf_clear(&s->names);
	*s = (struct seen){0};
	memset(ei, 0, sizeof(*ei));
	return each_member(&from, see, s, ei);
}

static void
assert_refused(const struct buf *tar, enum err code, const char *why)
{
	struct seen s = {0};
	struct errinfo ei;
	enum err e = look(tar, 100000, &s, &ei);

	assert_string_equal(ei.text, why);
	assert_int_equal(e, code);
	buf_clear(&s.names);
}

static struct buf
small_tar(void)
{
	struct buf tar = BUF_INIT;

	tar_add(&tar, "a/one", "first");
	tar_add_as(&tar, '5', "a/dir/", NULL, 0);
	tar_add(&tar, "./b", "");
	tar_add(&tar, "c", "third");
	tar_end(&tar);
	return tar;
}

static void
files_come_in_order_however_cut(void **state)
{
	static const size_t steps[] = {1, 7, 511, 512, 513, 100000};
	struct buf tar = small_tar();
	struct seen s = {0};
	struct errinfo ei;

	(void)state;
	for (size_t i = 0; i < N(steps); i++) {
		assert_int_equal(look(&tar, steps[i], &s, &ei), ERR_OK);
		assert_string_equal(s.names.data, "a/one\n./b\nc\n");
		assert_int_equal(s.bytes, 10);
	}
	buf_clear(&s.names);
	buf_clear(&tar);
}

static void
a_cut_tar_is_noticed_wherever_it_is_cut(void **state)
{
	struct buf tar = small_tar();
	size_t whole = tar.len;
	struct seen s = {0};
	struct errinfo ei;

	(void)state;
	/* The second block of the end mark may be missing. */
	for (size_t n = 0; n < whole - 512; n += 128) {
		struct buf cut = {.data = tar.data, .len = n, .cap = tar.cap};
		assert_int_not_equal(look(&cut, 4096, &s, &ei), ERR_OK);
	}
	struct buf cut = {.data = tar.data, .len = 5 * 512 + 5};
	assert_refused(&cut, ERR_INPUT, "the tar ends early, in or behind c");
	buf_clear(&s.names);
	buf_clear(&tar);
}

static void
other_things_are_no_tars(void **state)
{
	static const char *const rows[] = {"", "x", "BUILD_STATS",
	    "{\"json\": true}", "\x1f\x8b", "BZ", "\x28\xb5\x2f"};
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		buf_reset(&b);
		buf_adds(&b, rows[i]);
		assert_refused(&b, ERR_UNSUPPORTED, "not a tar archive");
	}
	buf_reset(&b);
	for (int i = 0; i < 4000; i++)
		buf_addc(&b, (char)(i * 37 + i / 256));
	assert_refused(&b, ERR_UNSUPPORTED, "not a tar archive");
	buf_clear(&b);
}

static void
links_and_devices_are_refused(void **state)
{
	static const struct {
		char type;
		const char *why;
	} rows[] = {
	    {'1', "x is a link"},
	    {'2', "x is a link"},
	    {'3', "x is a device or pipe"},
	    {'4', "x is a device or pipe"},
	    {'6', "x is a device or pipe"},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct buf tar = BUF_INIT;
		tar_add(&tar, "a", "good");
		tar_add_as(&tar, rows[i].type, "x", NULL, 0);
		tar_end(&tar);
		assert_refused(&tar, ERR_INPUT, rows[i].why);
		buf_clear(&tar);
	}
}

/* A sparse member of 1 TB takes three blocks in a tar. */
static void
a_sparse_terabyte_is_refused(void **state)
{
	static const char pax[] = "22 GNU.sparse.major=1\n"
				  "22 GNU.sparse.minor=0\n"
				  "30 GNU.sparse.name=terabyte.x\n"
				  "37 GNU.sparse.realsize=1099511627776\n";
	static const char map[512] = "1\n1099511627776\n0\n";
	struct buf tar = BUF_INIT;
	struct seen s = {0};
	struct errinfo ei;

	(void)state;
	tar_add_as(&tar, 'x', "h", pax, sizeof(pax) - 1);
	tar_add_as(&tar, '0', "GNUSparseFile.1/terabyte.x", map, sizeof(map));
	tar_end(&tar);
	assert_int_not_equal(look(&tar, 4096, &s, &ei), ERR_OK);
	assert_non_null(strstr(ei.text, "terabyte.x"));
	buf_clear(&s.names);
	buf_clear(&tar);
}

static void
limits_hold(void **state)
{
	static const struct tar_limits limits = {
	    .members = 3, .inflated_bytes = 20000, .member_bytes = 5000};
	static const struct {
		size_t files, bytes;
		const char *why;
	} rows[] = {
	    {3, 4000, ""},
	    {4, 10, "more than 3 members in the tar"},
	    {1, 5001, "big has 5001 bytes, more than 0 MiB"},
	};
	char data[6000] = {0};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct buf tar = BUF_INIT;
		struct slice path, piece;
		struct errinfo ei = {0};
		uint64_t size;
		bool more = true;
		enum err e = ERR_OK;
		for (size_t k = 0; k < rows[i].files; k++)
			tar_add_as(&tar, '0', "big", data, rows[i].bytes);
		tar_end(&tar);
		struct memory_source from = source_of(&tar, 1000);
		struct tar_reader *t =
		    tar_reader_new(&limits, read_memory, &from);
		while (e == ERR_OK && more) {
			e = tar_reader_next(t, &path, &size, &more, &ei);
			piece.n = 1;
			while (e == ERR_OK && more && piece.n > 0)
				e = tar_reader_data(t, &piece, &ei);
		}
		assert_string_equal(ei.text, rows[i].why);
		assert_int_equal(
		    e, rows[i].why[0] != '\0' ? ERR_TOO_BIG : ERR_OK);
		tar_reader_free(t);
		buf_clear(&tar);
	}
}

/* Ten gigabytes of zeros in a member, a few hundred kilobytes as zstd: its
 * header alone is enough to refuse it, and so is what really comes out. */
static void
bombs_are_refused(void **state)
{
	struct buf tar = BUF_INIT, packed = BUF_INIT;
	struct tar_limits limits = tar_limits_default;
	struct slice path, piece = {"", 1};
	struct errinfo ei = {0};
	uint64_t size;
	bool more = true;
	enum err e = ERR_OK;

	(void)state;
	char *zeros = calloc(1, 8 << 20);
	limits.inflated_bytes = 100 << 20;
	struct zstd_stream *z = zstd_stream_new(1);
	for (int i = 0; i < 30; i++) {
		buf_reset(&tar);
		tar_add_as(&tar, '0', "bomb", NULL, 8 << 20);
		zstd_stream_add(z, &packed, tar.data, tar.len);
		zstd_stream_add(z, &packed, zeros, 8 << 20);
	}
	zstd_stream_end(z, &packed);
	free(zeros);
	assert_true(packed.len < 100000);
	struct memory_source from = source_of(&packed, 100000);
	struct tar_reader *t = tar_reader_new(&limits, read_memory, &from);
	while (e == ERR_OK && more) {
		e = tar_reader_next(t, &path, &size, &more, &ei);
		piece.n = 1;
		while (e == ERR_OK && more && piece.n > 0)
			e = tar_reader_data(t, &piece, &ei);
	}
	assert_int_equal(e, ERR_TOO_BIG);
	assert_string_equal(
	    ei.text, "more than 100 MiB come out of the archive");
	tar_reader_free(t);
	buf_clear(&tar);
	buf_clear(&packed);
}

static void
a_window_beyond_the_limit_is_refused(void **state)
{
	struct buf tar = small_tar(), packed = BUF_INIT;
	ZSTD_CCtx *c = ZSTD_createCCtx();
	ZSTD_inBuffer in = {tar.data, tar.len, 0}, none = {NULL, 0, 0};

	(void)state;
	ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, 27);
	buf_reserve(&packed, 100000);
	ZSTD_outBuffer out = {packed.data, 100000, 0};
	ZSTD_compressStream2(c, &out, &in, ZSTD_e_continue);
	assert_int_equal(ZSTD_compressStream2(c, &out, &none, ZSTD_e_end), 0);
	packed.len = out.pos;
	ZSTD_freeCCtx(c);
	struct seen s = {0};
	struct errinfo ei;
	assert_int_equal(look(&packed, 4096, &s, &ei), ERR_TOO_BIG);
	assert_non_null(strstr(ei.text, "without --ultra and --long"));
	buf_clear(&s.names);
	buf_clear(&tar);
	buf_clear(&packed);
}

static void
a_damaged_zstd_is_told_from_a_cut_one(void **state)
{
	struct buf rec = read_source_file("tests/data/F1.tar.zst");
	struct buf cut = {.data = rec.data, .len = rec.len / 2};

	(void)state;
	assert_refused(&cut, ERR_INPUT, "the zstd stream ends early");
	memset(rec.data + rec.len / 2, 0xa5, 200);
	struct seen s = {0};
	struct errinfo ei;
	assert_int_not_equal(look(&rec, 4096, &s, &ei), ERR_OK);
	buf_clear(&s.names);
	buf_clear(&rec);
}

static void
recordings_are_read(void **state)
{
	static const struct {
		const char *file;
		size_t files;
	} rows[] = {
	    {"tests/data/F1.tar.zst", 100},
	    {"tests/data/B1.tar.zst", 5438},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct buf rec = read_source_file(rows[i].file);
		struct seen s = {0};
		struct errinfo ei;
		assert_int_equal(look(&rec, 5000, &s, &ei), ERR_OK);
		assert_int_equal(s.files, rows[i].files);
		buf_clear(&s.names);
		buf_clear(&rec);
	}
}

/* ---- zstd and digests ---- */

static void
zstd_makes_the_round_trip(void **state)
{
	struct arena *a = arena_new(0);
	struct buf packed = BUF_INIT;
	struct errinfo ei;
	struct slice out;
	char text[100000];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i % 97 * (i % 13));
	zstd_pack(&packed, text, sizeof(text), 3);
	struct slice in = {packed.data, packed.len};
	assert_int_equal(zstd_unpack(a, in, sizeof(text), &out, &ei), ERR_OK);
	assert_int_equal(out.n, sizeof(text));
	assert_memory_equal(out.p, text, out.n);
	assert_int_equal(
	    zstd_unpack(a, in, sizeof(text) - 1, &out, &ei), ERR_INTERNAL);
	in.n--;
	assert_int_equal(
	    zstd_unpack(a, in, sizeof(text), &out, &ei), ERR_INTERNAL);
	assert_int_equal(
	    zstd_unpack(a, SLICE("garbage"), 100, &out, &ei), ERR_INTERNAL);
	buf_clear(&packed);
	arena_free(a);
}

static void
zstd_streams_make_the_round_trip(void **state)
{
	struct arena *a = arena_new(0);
	struct buf packed = BUF_INIT;
	struct zstd_stream *z = zstd_stream_new(3);
	struct errinfo ei;
	struct slice out;

	(void)state;
	for (int i = 0; i < 50000; i++)
		zstd_stream_add(z, &packed, &i, sizeof(i));
	zstd_stream_end(z, &packed);
	struct slice in = {packed.data, packed.len};
	assert_int_equal(zstd_unpack(a, in, 200000, &out, &ei), ERR_OK);
	assert_int_equal(out.n, 200000);
	assert_int_equal(zstd_unpack(a, in, 199999, &out, &ei), ERR_INTERNAL);
	zstd_stream_end(zstd_stream_new(3), NULL);
	buf_clear(&packed);
	arena_free(a);
}

static void
digests_are_sha256(void **state)
{
	static const char abc[] =
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	unsigned char out[DIGEST_BYTES];
	char hex[2 * DIGEST_BYTES + 1];
	struct digest *d = digest_new();

	(void)state;
	for (int i = 0; i < 2; i++) {
		digest_add(d, "a", 1);
		digest_add(d, "bc", 2);
		digest_end(d, out);
		str_to_hex(hex, out, sizeof(out));
		assert_string_equal(hex, abc);
	}
	digest_free(d);
	digest_of("abc", 3, out);
	str_to_hex(hex, out, sizeof(out));
	assert_string_equal(hex, abc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_come_in_order_however_cut),
	    cmocka_unit_test(a_cut_tar_is_noticed_wherever_it_is_cut),
	    cmocka_unit_test(other_things_are_no_tars),
	    cmocka_unit_test(links_and_devices_are_refused),
	    cmocka_unit_test(a_sparse_terabyte_is_refused),
	    cmocka_unit_test(limits_hold),
	    cmocka_unit_test(bombs_are_refused),
	    cmocka_unit_test(a_window_beyond_the_limit_is_refused),
	    cmocka_unit_test(a_damaged_zstd_is_told_from_a_cut_one),
	    cmocka_unit_test(recordings_are_read),
	    cmocka_unit_test(zstd_makes_the_round_trip),
	    cmocka_unit_test(zstd_streams_make_the_round_trip),
	    cmocka_unit_test(digests_are_sha256),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
