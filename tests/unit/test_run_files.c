/* test_run_files.c: sampled logs, build_stats, and paths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/build_stats_file.h"
#include "model/member.h"
#include "model/sampled_log.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ---- sampled logs ---- */

struct result {
	struct series *list;
	size_t n;
	struct errinfo ei;
};

static enum err
read_log(struct arena *a, enum series_kind kind, const char *text, size_t step,
    struct result *r)
{
	struct sampled_log *log = sampled_log_new(a, kind, "x.log", "");
	size_t len = strlen(text);
	enum err e = ERR_OK;

	for (size_t at = 0; at < len && e == ERR_OK; at += step)
		e = sampled_log_add(
		    log, text + at, len - at < step ? len - at : step, &r->ei);
	r->n = 0;
	if (e == ERR_OK)
		r->list = sampled_log_end(log, &r->n);
	return e;
}

struct log_row {
	enum series_kind kind;
	const char *text;
	size_t series, samples; /* of the first one */
	unsigned flags;
	const char *subject;
	double last[SERIES_COLUMNS_MAX];
};

static const struct log_row log_rows[] = {
    {SERIES_CPU, "1700000000\n0.5 0.25 0.0\n\n1700000001\n1.0 0.0 1e-05\n\n", 1,
	2, 0, "", {1, 0, 1e-05}},
    {SERIES_MEMORY, "1700000000\n24684096 20132616 32868 3033648 0 1\n\n", 1, 1,
	0, "",
	{24684096 * 1024., 20132616 * 1024., 32868 * 1024., 3033648 * 1024., 0,
	    1024}},
    /* KiB/s, a hundred times too large */
    {SERIES_DISK, "1700000000\n100.0 200.0 0.01\n\n", 1, 1,
	SERIES_UNIT_REPAIRED, "", {1024, 2048, 1}},
    {SERIES_DISK, "1700000000\n0.0 0.0 0.0\n\n1700000001\n0.0 0.0 0.0\n\n", 1,
	2, SERIES_NO_DATA, "", {0, 0, 0}},
    {SERIES_SPACE, "1700000000\n/a b: c: 12\n/dev/vda: 7\n\n", 2, 1, 0,
	"/a b: c", {12}},
    {SERIES_NET,
	"1700000000\nlo: 9 8 0 0\neth0: 1 2 3 4\n\n"
	"1700000001\nlo: 9 8 7 6\n\n",
	2, 2, 0, "lo", {7, 6}},
    {SERIES_PRESSURE, "1700000000\n98.99 97.23 93.26 1018955\n\n", 1, 1, 0, "",
	{98.99, 97.23, 93.26, 1018955}},
    {SERIES_PRESSURE, "", 0, 0, 0, NULL, {0}},
    {SERIES_CPU, "\n\n\n", 0, 0, 0, NULL, {0}},
    /* the last block was cut: in its data, behind its time, in its time */
    {SERIES_CPU, "1700000000\n0.5 0.25 0.0\n\n1700000001\n1.0 0.", 1, 1,
	SERIES_TRUNCATED, "", {0.5, 0.25, 0}},
    {SERIES_CPU, "1700000000\n0.5 0.25 0.0\n\n1700000001\n", 1, 1,
	SERIES_TRUNCATED, "", {0.5, 0.25, 0}},
    {SERIES_CPU, "1700000000\n0.5 0.25 0.0\n\n17000", 1, 1, SERIES_TRUNCATED,
	"", {0.5, 0.25, 0}},
    {SERIES_CPU, "1700000000\n0.5 0.25 0.0\n", 0, 0, 0, NULL, {0}},
};

static void
check_log(const struct log_row *row, size_t step)
{
	struct arena *a = arena_new(0);
	struct result r = {0};

	assert_int_equal(read_log(a, row->kind, row->text, step, &r), ERR_OK);
	assert_int_equal(r.n, row->series);
	if (r.n > 0) {
		const struct series *s = &r.list[0];
		assert_int_equal(s->n, row->samples);
		assert_int_equal(s->flags, row->flags);
		assert_string_equal(s->subject, row->subject);
		assert_int_equal(s->time[0], 1700000000);
		for (unsigned c = 0; c < s->ncolumns; c++)
			assert_true(s->column[c][s->n - 1] == row->last[c]);
	}
	arena_free(a);
}

static void
logs_become_series(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(log_rows); i++)
		for (size_t step = 1; step < 200; step = step * 3 + 1)
			check_log(&log_rows[i], step);
}

static void
wrong_logs_are_refused_with_their_line(void **state)
{
	static const struct {
		enum series_kind kind;
		const char *text, *why;
	} rows[] = {
	    {SERIES_CPU, "nonsense\n", "x.log line 1: not a time"},
	    {SERIES_CPU, "-5\n", "x.log line 1: not a time"},
	    {SERIES_CPU, "99999999999\n", "x.log line 1: not a time"},
	    {SERIES_CPU, "1700000000\n0.5 0.5\n\n",
		"x.log line 2: not the numbers that belong here"},
	    {SERIES_CPU, "1700000000\n0.5 0.5 0.5 0.5\n\n",
		"x.log line 2: not the numbers that belong here"},
	    {SERIES_CPU, "1700000000\nnan 0.5 0.5\n\n",
		"x.log line 2: not the numbers that belong here"},
	    {SERIES_CPU, "1700000000\n0 0 0\n0 0 0\n\n",
		"x.log line 3: a second line of data"},
	    {SERIES_NET, "1700000000\n1 2 3 4\n\n",
		"x.log line 2: expected a name and numbers"},
	    {SERIES_NET, "1700000000\n: 1 2 3 4\n\n",
		"x.log line 2: expected a name and numbers"},
	    {SERIES_SPACE, "1700000000\n/a: 1e999\n\n",
		"x.log line 2: not the numbers that belong here"},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct arena *a = arena_new(0);
		struct result r = {0};
		assert_int_equal(
		    read_log(a, rows[i].kind, rows[i].text, 7, &r), ERR_INPUT);
		assert_string_equal(r.ei.text, rows[i].why);
		arena_free(a);
	}
}

static void
a_line_without_end_is_refused(void **state)
{
	struct arena *a = arena_new(0);
	struct sampled_log *log = sampled_log_new(a, SERIES_CPU, "x.log", "");
	struct errinfo ei = {0};
	enum err e = ERR_OK;

	(void)state;
	for (int i = 0; i < 10000 && e == ERR_OK; i++)
		e = sampled_log_add(log, "1", 1, &ei);
	assert_int_equal(e, ERR_INPUT);
	assert_string_equal(ei.text, "x.log line 1: a line that is too long");
	arena_free(a);
}

static void
a_log_stops_at_the_memory_limit(void **state)
{
	static const char block[] = "1700000000\n0.0 0.0 0.0\n\n";
	struct arena *a = arena_new(1 << 20);
	struct sampled_log *log = sampled_log_new(a, SERIES_CPU, "x.log", "");
	struct errinfo ei = {0};
	enum err e = ERR_OK;
	int i = 0;

	(void)state;
	for (; i < 1000000 && e == ERR_OK; i++)
		e = sampled_log_add(log, block, sizeof(block) - 1, &ei);
	assert_int_equal(e, ERR_TOO_BIG);
	assert_true(arena_used(a) < (3 << 20));
	arena_free(a);
}

/* ---- build_stats ---- */

static void
build_stats_are_read(void **state)
{
	static const char text[] =
	    "Host Info: Linux vm 6.1.0 #1 SMP x86_64 x86_64 \n"
	    "Build Started: 1700000000.12 \n"
	    "Uncompressed Rootfs size: 93M\t/b/tmp/work/m-oe-linux/img/1.0/"
	    "rootfs\n"
	    "Uncompressed Rootfs size: 1.5K\t/other\n"
	    "Uncompressed Rootfs size: lots\t/wrong\n"
	    "Event Time: 1\nsome host data\n"
	    "Failed at: zlib-1.3.1-r0 at task: do_compile \n"
	    "Failed at: nonsense \n"
	    "Elapsed time: 10.50 seconds \nCPU usage: 87.3% \n";
	struct arena *a = arena_new(0);
	struct build_stats s;
	struct errinfo ei;

	(void)state;
	assert_int_equal(build_stats_read(a, SLICE(text), &s, &ei), ERR_OK);
	assert_true(s.started == 1700000000120000);
	assert_true(s.ended == 1700000010620000);
	assert_true(slice_is(s.start_text, "1700000000.12"));
	assert_true(s.cooker_cpu == 87.3);
	assert_true(
	    slice_is(s.host_info, "Linux vm 6.1.0 #1 SMP x86_64 x86_64"));
	assert_int_equal(s.nrootfs, 2);
	assert_true(s.rootfs[0].bytes == 93 << 20);
	assert_true(s.rootfs[1].bytes == 1536);
	assert_int_equal(s.nfailed, 1);
	assert_true(slice_is(s.failed[0].pf, "zlib-1.3.1-r0"));
	assert_true(slice_is(s.failed[0].task, "do_compile"));
	arena_free(a);
}

static void
wrong_build_stats_are_refused(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *why;
	} rows[] = {
	    {"garbage\n", 0, "build_stats: no line of it is known"},
	    {"Build Started: nan \n", 0,
		"build_stats line 1: Build Started: not a time"},
	    {"Host Info: x\nBuild Started: -1.00 \n", 0,
		"build_stats line 2: Build Started: not a time"},
	    {"Build Started: 9e300 \n", 0,
		"build_stats line 1: Build Started: not a time"},
	    {"Elapsed time: -3.00 seconds \n", 0,
		"build_stats line 1: Elapsed time: not a duration"},
	    {"Elapsed time: inf seconds \n", 0,
		"build_stats line 1: Elapsed time: not a duration"},
	    {"CPU usage: x% \n", 0,
		"build_stats line 1: CPU usage: not a number"},
	    {"a\0b\n", 4, "build_stats line 1: a NUL byte: not a text"},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct arena *a = arena_new(0);
		struct slice text = {rows[i].text,
		    rows[i].n != 0 ? rows[i].n : strlen(rows[i].text)};
		struct build_stats s;
		struct errinfo ei;
		assert_int_equal(build_stats_read(a, text, &s, &ei), ERR_INPUT);
		assert_string_equal(ei.text, rows[i].why);
		arena_free(a);
	}
}

/* ---- paths ---- */

static void
members_are_known_by_their_paths(void **state)
{
	static const struct {
		const char *path;
		enum member_kind kind;
		const char *dir, *pf;
	} rows[] = {
	    {"build_stats", MEMBER_BUILD_STATS, "", ""},
	    {"x/y/2026/build_stats", MEMBER_BUILD_STATS, "x/y/2026", ""},
	    {"x/2026/zlib-1-r0/do_fetch", MEMBER_TASK, "x/2026", "zlib-1-r0"},
	    {"zlib-1-r0/do_fetch", MEMBER_TASK, "", "zlib-1-r0"},
	    {"do_fetch", MEMBER_OTHER, NULL, NULL},
	    {"r/zlib-1-r0/do_fetch.log", MEMBER_OTHER, NULL, NULL},
	    {"r/zlib-1-r0/configure", MEMBER_PERHAPS_TASK, "r", "zlib-1-r0"},
	    {"r/README/configure", MEMBER_OTHER, NULL, NULL},
	    {"r/reduced_proc_stat.log", MEMBER_LOG, "r", ""},
	    {"r/reduced_proc_pressure/io.log", MEMBER_LOG, "r", ""},
	    {"r/reduced_proc_pressure/do_x", MEMBER_OTHER, NULL, NULL},
	    {"r/reduced_proc_net.log", MEMBER_NET_LOG, "r", ""},
	    {"r/proc_stat.log", MEMBER_OTHER, NULL, NULL},
	    {"r/host_stats_do_x_failure", MEMBER_TEXT, "r", ""},
	    {"s/build.json", MEMBER_BUILD_JSON, "s", ""},
	    {"s/console.log", MEMBER_CONSOLE, "s", ""},
	    {"s/error-report/a.txt", MEMBER_REPORT, "s", ""},
	    {"error-report/a.txt", MEMBER_REPORT, "", ""},
	    {"tmp/log/error-report/a.txt", MEMBER_REPORT, "tmp", ""},
	    {"log/error-report/a.txt", MEMBER_REPORT, "", ""},
	    {"s/error-report/do_x", MEMBER_OTHER, NULL, NULL},
	    {"s/buildhistory/images/m/glibc/i/build-id.txt", MEMBER_BUILD_ID,
		"s", ""},
	    {"s/buildhistory/metadata-revs", MEMBER_REVS, "s", ""},
	    {"s/buildhistory/packages/x-1-r0/do_x", MEMBER_HISTORY, NULL, NULL},
	    {"s/toasterstatlist", MEMBER_OTHER, NULL, NULL},
	    {"s/.buildname", MEMBER_OTHER, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct member m;
		member_read(&m, slice_of(rows[i].path));
		assert_int_equal(m.kind, rows[i].kind);
		if (rows[i].dir != NULL)
			assert_true(slice_is(m.dir, rows[i].dir));
		if (rows[i].pf != NULL && rows[i].pf[0] != '\0')
			assert_true(slice_is(m.pf, rows[i].pf));
	}
}

static void
bad_paths_are_refused(void **state)
{
	static const char deep[] = "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/"
				   "17/18/19/20/21/22/23/24/25";
	static const char *const bad[] = {"/etc/passwd", "../x", "a/../b",
	    "a//b", "", "a/", "a/./b", "..", "./..", "a/..", deep};
	static const char *const good[] = {
	    "a", "./a", "././a/b", "...", "a b/<b>", "\xff\x01"};
	struct errinfo ei;
	struct slice s;
	char big[10001];

	(void)state;
	for (size_t i = 0; i < N(bad); i++) {
		s = slice_of(bad[i]);
		assert_int_equal(
		    member_check_path(&bundle_limits_default, &s, &ei),
		    ERR_INPUT);
	}
	for (size_t i = 0; i < N(good); i++) {
		s = slice_of(good[i]);
		assert_int_equal(
		    member_check_path(&bundle_limits_default, &s, &ei), ERR_OK);
	}
	memset(big, 'x', sizeof(big) - 1);
	for (size_t n = 256; n < sizeof(big); n += 4872) {
		s = (struct slice){big, n};
		assert_int_equal(
		    member_check_path(&bundle_limits_default, &s, &ei),
		    ERR_INPUT);
	}
	s = (struct slice){"a\0b", 3};
	assert_int_equal(
	    member_check_path(&bundle_limits_default, &s, &ei), ERR_INPUT);
	assert_true(dir_holds(SLICE("a"), SLICE("a/b")));
	assert_true(dir_holds(SLICE(""), SLICE("a")));
	assert_false(dir_holds(SLICE("a"), SLICE("ab")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(logs_become_series),
	    cmocka_unit_test(wrong_logs_are_refused_with_their_line),
	    cmocka_unit_test(a_line_without_end_is_refused),
	    cmocka_unit_test(a_log_stops_at_the_memory_limit),
	    cmocka_unit_test(build_stats_are_read),
	    cmocka_unit_test(wrong_build_stats_are_refused),
	    cmocka_unit_test(members_are_known_by_their_paths),
	    cmocka_unit_test(bad_paths_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
