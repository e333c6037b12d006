/*
 * test_logs.c: logs into a database and back, in part; receipts.  BUILDSTATS_DB
 * names a migrated database that nobody else uses.
 */
#include "base/buf.h"
#include "base/cleanup.h"
#include "failure_help.h"
#include "model/log_read.h"
#include "model/log_store.h"
#include "model/receipt.h"
#include "tests/unit/fake_build.h"

static int32_t
keep(const struct taken_log *log)
{
	int32_t id;

	check(log_store(db, arena, (struct log_list){&log, 1}, &id, &ei));
	assert_int_not_equal(id, 0);
	return id;
}

static int32_t
keep_text(const struct buf *b)
{
	return keep(log_take(
	    arena, (struct slice){b->len > 0 ? b->data : "", b->len}, 0));
}

static enum err
collect(void *arg, struct slice piece, struct errinfo *e)
{
	struct buf *b = arg;

	(void)e;
	assert_true(piece.n > 0);
	buf_add(b, piece.p, piece.n);
	return ERR_OK;
}

static void
same_range(int32_t id, const struct buf *text, uint64_t start, uint64_t n)
{
	CLEANUP(buf_clear) struct buf got = BUF_INIT;
	uint64_t have = start < text->len ? text->len - start : 0;

	check(log_bytes(
	    db, id, (struct log_range){start, n}, collect, &got, &ei));
	assert_int_equal(got.len, n < have ? n : have);
	if (got.len > 0)
		assert_memory_equal(got.data, text->data + start, got.len);
}

/* Lines from `from` on, compared with what memchr finds. */
static void
same_lines(int32_t id, const struct buf *text, uint32_t from, size_t max)
{
	struct slice rest = {text->len > 0 ? text->data : "", text->len}, line;
	struct log_window w = {.from = from, .max = max};
	uint32_t number = 0;
	size_t n = 0;

	check(log_lines(db, arena, id, &w, &ei));
	while (n < max && slice_line(&rest, &line)) {
		if (++number < from)
			continue;
		assert_true(n < w.n);
		assert_int_equal(w.line[n].number, number);
		assert_int_equal(w.line[n].size, line.n);
		assert_int_equal(w.line[n].text.n,
		    line.n < LOG_LINE_MAX ? line.n : LOG_LINE_MAX);
		assert_memory_equal(w.line[n].text.p, line.p, w.line[n].text.n);
		n++;
	}
	assert_int_equal(w.n, n);
}

/* Everything of it, and parts of it around the borders of its pieces. */
static void
same(int32_t id, const struct buf *text)
{
	struct log_info info;
	uint64_t seed = text->len;
	uint32_t lines;

	check(log_info_load(db, arena, id, &info, &ei));
	assert_int_equal(info.size, text->len);
	lines = info.lines;
	same_range(id, text, 0, UINT64_MAX);
	same_range(id, text, text->len, 5);
	same_range(id, text, text->len + 1, 5);
	same_range(id, text, UINT64_MAX, 5);
	for (uint64_t at = LOG_CHUNK_BYTES; at < text->len + LOG_CHUNK_BYTES;
	     at += LOG_CHUNK_BYTES) {
		same_range(id, text, at - 3, 5);
		same_range(id, text, at, 1);
		same_range(id, text, at - 1, LOG_CHUNK_BYTES + 2);
	}
	same_lines(id, text, 0, 3);
	same_lines(id, text, 1, 1000);
	same_lines(id, text, lines, 10);
	same_lines(id, text, lines + 1, 10);
	same_lines(id, text, UINT32_MAX, 10);
	for (int i = 0; i < 30; i++)
		same_lines(id, text,
		    (uint32_t)(1 + fake_random(&seed) % (lines + 1)), 20);
}

/* ---- shapes of logs ---- */

static void
test_short_lines(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct log_info info;
	int32_t id;

	(void)state;
	for (unsigned i = 1; i <= 60000; i++)
		buf_addf(&b, "line %u of a log that nobody reads\n", i);
	buf_adds(&b, "x.c:1:2: error: the end");
	id = keep_text(&b);
	same(id, &b);
	check(log_info_load(db, arena, id, &info, &ei));
	assert_int_equal(info.lines, 60001);
	assert_int_equal(info.first_error, 60001);
	assert_int_equal(info.nerrors, 1);
	assert_int_equal(info.error_lines[0], 60001);
	assert_true(info.nexcerpt > 1);
	assert_false(info.indexed);
	assert_int_equal(info.excerpt[info.nexcerpt - 1].number, 60001);
	assert_string_equal(
	    info.excerpt[info.nexcerpt - 1].text, "x.c:1:2: error: the end");
	holds("(SELECT count(*) FROM log_chunk WHERE log = %d) > 10", id);
}

static void
test_long_lines(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		buf_addf(&b, "short %u\n\n", i);
		for (unsigned k = 0; k < 100000 * (i + 1); k++)
			buf_addc(&b, (char)('a' + k % 23));
		buf_addc(&b, '\n');
	}
	same(keep_text(&b), &b);
	/* the same, without an end */
	b.len--;
	same(keep_text(&b), &b);
	buf_adds(&b, "\n\n\n");
	same(keep_text(&b), &b);
}

static void
test_one_line(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;

	(void)state;
	while (b.len < 20 * LOG_CHUNK_BYTES + 7)
		buf_adds(&b, "0123456789abcdef");
	same(keep_text(&b), &b);
	b.len = LOG_CHUNK_BYTES;
	same(keep_text(&b), &b);
	b.data[b.len - 1] = '\n';
	same(keep_text(&b), &b);
}

static void
test_lines_end_where_pieces_do(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < 3 * LOG_CHUNK_BYTES; i++)
		buf_addc(&b, i % 64 == 63 ? '\n' : 'x');
	same(keep_text(&b), &b);
	buf_reset(&b);
	for (size_t i = 0; i < 3 * LOG_CHUNK_BYTES; i++)
		buf_addc(&b,
		    i % LOG_CHUNK_BYTES == LOG_CHUNK_BYTES - 1 ? '\n' : 'y');
	same(keep_text(&b), &b);
}

static void
test_odd_bytes(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	uint64_t seed = 7;

	(void)state;
	same(keep_text(&b), &b);
	buf_addc(&b, '\n');
	same(keep_text(&b), &b);
	buf_reset(&b);
	for (size_t i = 0; i < 400000; i++)
		buf_addc(&b, (char)(unsigned char)fake_random(&seed));
	same(keep_text(&b), &b);
	buf_reset(&b);
	for (size_t i = 0; i < 400000; i++)
		buf_addc(&b, '\0');
	same(keep_text(&b), &b);
	buf_reset(&b);
	for (size_t i = 0; i < 400000; i++)
		buf_addc(&b, '\n');
	same(keep_text(&b), &b);
}

static void
test_no_such_log(void **state)
{
	CLEANUP(buf_clear) struct buf got = BUF_INIT;
	struct log_window w = {.from = 1, .max = 5};
	struct log_info info;

	(void)state;
	assert_int_equal(
	    log_info_load(db, arena, 999999, &info, &ei), ERR_NOT_FOUND);
	check(log_lines(db, arena, 999999, &w, &ei));
	assert_int_equal(w.n, 0);
	check(log_bytes(
	    db, 999999, (struct log_range){0, 9}, collect, &got, &ei));
	assert_int_equal(got.len, 0);
}

static void
test_damaged(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct log_window w = {.from = 1, .max = 5};
	int32_t id;

	(void)state;
	buf_adds(&b, "this one is damaged\n");
	id = keep_text(&b);
	check(db_script(db,
	    arena_printf(
		arena, "UPDATE log_chunk SET size = 5 WHERE log = %d", id),
	    &ei));
	assert_int_equal(log_lines(db, arena, id, &w, &ei), ERR_INTERNAL);
	check(db_script(db,
	    arena_printf(
		arena, "UPDATE log_chunk SET data = 'x' WHERE log = %d", id),
	    &ei));
	assert_int_equal(log_lines(db, arena, id, &w, &ei), ERR_INTERNAL);
}

/* The same bytes are kept once, also within a list. */
static void
test_kept_once(void **state)
{
	const struct taken_log *log[300];
	int32_t id[300], again[300];
	long long count;

	(void)state;
	for (int i = 0; i < 300; i++)
		log[i] =
		    i % 10 == 9
			? NULL
			: broken_log(arena_printf(arena, "o%d", i % 250), 3);
	check(log_store(db, arena, (struct log_list){log, 300}, id, &ei));
	for (int i = 0; i < 300; i++) {
		assert_int_equal(id[i] == 0, i % 10 == 9);
		if (i >= 250)
			assert_int_equal(id[i], id[i - 250]);
	}
	count = number("SELECT count(*) FROM log");
	check(log_store(db, arena, (struct log_list){log, 300}, again, &ei));
	assert_memory_equal(id, again, sizeof(id));
	assert_int_equal(number("SELECT count(*) FROM log"), count);
}

/* ---- search inside ---- */

static void
found(int32_t id, const char *needle, uint32_t from, size_t max,
    struct log_search *s)
{
	*s = (struct log_search){.needle = needle, .from = from, .max = max};
	check(log_find(db, arena, id, s, &ei));
}

static void
test_find(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct log_search s;
	int32_t id;

	(void)state;
	for (unsigned i = 1; i <= 30000; i++)
		buf_addf(&b, "%s line %u%s\n", i % 2 ? "odd" : "even", i,
		    i % 1000 == 0 ? " Needle needle" : "");
	id = keep_text(&b);
	found(id, "nEEdle", 0, 100, &s);
	assert_int_equal(s.total, 30);
	assert_int_equal(s.n, 30);
	for (size_t i = 0; i < 30; i++)
		assert_int_equal(s.line[i], 1000 * (i + 1));
	found(id, "needle", 15001, 3, &s);
	assert_int_equal(s.total, 30);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.line[0], 16000);
	found(id, "odd", 29000, 2, &s);
	assert_int_equal(s.total, LOG_FOUND_MAX);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.line[0], 29001);
	found(id, "line 30000", 1, 9, &s);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.line[0], 30000);
	found(id, "", 1, 9, &s);
	assert_int_equal(s.total, 0);
	found(id, "1\neven", 1, 9, &s);
	assert_int_equal(s.total, 0);
	found(id, "nowhere", 1, 9, &s);
	assert_int_equal(s.total, 0);
}

/* Over the borders of pieces, in lines that are longer than they are. */
static void
test_find_over_borders(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct log_search s;
	int32_t id;

	(void)state;
	for (int shift = 0; shift < 8; shift++) {
		buf_reset(&b);
		buf_adds(&b, "first\n");
		while (b.len < LOG_CHUNK_BYTES - 7 + (size_t)shift)
			buf_addc(&b, 'x');
		buf_adds(&b, "needle");
		while (b.len < 3 * LOG_CHUNK_BYTES)
			buf_addc(&b, 'y');
		buf_adds(&b, "needle\nnext\nneedle");
		id = keep_text(&b);
		found(id, "needle", 1, 9, &s);
		assert_int_equal(s.total, 2);
		assert_int_equal(s.line[0], 2);
		assert_int_equal(s.line[1], 4);
		found(id, "xneedley", 1, 9, &s);
		assert_int_equal(s.n, 1);
		assert_int_equal(s.line[0], 2);
		found(id, "next", 1, 9, &s);
		assert_int_equal(s.line[0], 3);
		found(id, "y", 3, 9, &s);
		assert_int_equal(s.total, 1);
		assert_int_equal(s.n, 0);
	}
}

/* ---- receipts ---- */

static void
test_receipt(void **state)
{
	const struct receipt_upload u = {
	    .bytes = 12345, .sha256 = {1, 2, 255}, .raw = "2026/raw.tar"};
	struct receipt *r = receipt_new("bundle");
	char code[RECEIPT_CODE_MAX], other[RECEIPT_CODE_MAX];
	struct receipt_row row;

	(void)state;
	receipt_count(r, "task files", 300);
	receipt_count(r, "task files", 44);
	receipt_count(r, "logs", 2);
	receipt_build(r, 7);
	receipt_build(r, 9);
	receipt_build(r, 7);
	receipt_note(r, RECEIPT_MASKED, "a/log", 12, "https://...@host/");
	for (uint32_t i = 0; i < RECEIPT_NOTES_MAX + 5; i++)
		receipt_note(r, RECEIPT_IGNORED, "b\xff<x>", i, "not \"this\"");
	check(receipt_store(db, r, &u, code, &ei));
	check(receipt_store(db, r, &u, other, &ei));
	receipt_free(r);
	assert_int_equal(strlen(code), 20);
	assert_string_not_equal(code, other);
	check(receipt_load(db, arena, code, &row, &ei));
	assert_string_equal(row.code, code);
	assert_string_equal(row.kind, "bundle");
	assert_string_equal(row.raw, "2026/raw.tar");
	assert_int_equal(row.bytes, 12345);
	assert_int_equal(strncmp(row.sha256, "0102ff00", 8), 0);
	assert_int_equal(row.nbuilds, 2);
	assert_int_equal(row.builds[1], 9);
	holds(
	    "(SELECT content -> 'read' -> 0 ->> 'what' = 'task files' AND "
	    "content -> 'read' -> 0 ->> 'n' = '344' AND content -> 'dropped' "
	    "->> 'ignored' = '5' AND jsonb_array_length(content -> 'ignored') "
	    "= %d AND content -> 'ignored' -> 3 ->> 'line' = '3' AND content "
	    "-> 'masked' -> 0 ->> 'text' = 'https://...@host/' AND content -> "
	    "'duplicate' = '[]' FROM receipt WHERE code = '%s')",
	    RECEIPT_NOTES_MAX, code);
}

static void
test_no_such_receipt(void **state)
{
	static const char *const wrong[] = {"", "x", "../../../etc/passwd",
	    "00000000000000000000", "\xff(bcdefghij012345678"};
	struct receipt_row row;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(receipt_load(db, arena, wrong[i], &row, &ei),
		    ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_short_lines),
	    TEST(test_long_lines),
	    TEST(test_one_line),
	    TEST(test_lines_end_where_pieces_do),
	    TEST(test_odd_bytes),
	    TEST(test_no_such_log),
	    TEST(test_damaged),
	    TEST(test_kept_once),
	    TEST(test_find),
	    TEST(test_find_over_borders),
	    TEST(test_receipt),
	    TEST(test_no_such_receipt),
	};

	if (getenv("BUILDSTATS_DB") == NULL) {
		fputs("test_logs: BUILDSTATS_DB: not set\n", stderr);
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
