/* test_task_file.c: numbers, names and task files of every age. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/build.h"
#include "model/pf.h"
#include "model/task_file.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ---- numbers ---- */

static void
numbers_keep_their_text(void **state)
{
	static const struct {
		const char *text;
		enum num_form form;
		int64_t value;
	} rows[] = {
	    {"0", NUM_INT, 0},
	    {"930", NUM_INT, 930},
	    {"-7", NUM_INT, -7},
	    {"9223372036854775807", NUM_INT, INT64_MAX},
	    {"-9223372036854775808", NUM_INT, INT64_MIN},
	    {"12.34", NUM_FIX2, 1234},
	    {"0.00", NUM_FIX2, 0},
	    {"-0.05", NUM_FIX2, -5},
	    {"1795352032.72", NUM_FIX2, 179535203272},
	    {"0.13291899999999998", NUM_USEC, 132919},
	    {"0.11444299999999999", NUM_USEC, 114443},
	    {"0.0", NUM_USEC, 0},
	    {"3e-06", NUM_USEC, 3},
	    {"4.9999999999999996e-06", NUM_USEC, 5},
	    {"5e-06", NUM_REAL, 0},
	    {"9.999999999999999e-05", NUM_USEC, 100},
	    {"0.0001", NUM_REAL, 0},
	    {"12.5", NUM_USEC, 12500000},
	    {"1e-07", NUM_REAL, 0},
	    {"0.1234567", NUM_REAL, 0},
	    {"-1.5", NUM_REAL, 0},
	    {"1e+16", NUM_REAL, 0},
	};
	char out[32];

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct slice s = slice_of(rows[i].text);
		enum num_form form;
		int64_t value;
		double d;
		assert_true(num_parse(s, &form, &value));
		assert_int_equal(form, rows[i].form);
		if (form != NUM_REAL)
			assert_true(value == rows[i].value);
		assert_int_equal(num_to_text(out, form, value), s.n);
		assert_string_equal(out, rows[i].text);
		assert_true(str_to_double(s.p, s.n, &d));
		assert_true(num_to_double(form, value) == d);
	}
}

static void
what_is_no_number_is_refused(void **state)
{
	static const char *const rows[] = {"", "-", "+1", "007", "-0", "-0.00",
	    "1.50e3", "1.500", ".5", "5.", "nan", "inf", "-inf", "1e400",
	    "9223372036854775808", "99999999999999999999.00", "1.2.3", "0x1",
	    "1e5", "--1", "1 ", "\xff"};
	enum num_form form;
	int64_t value;

	(void)state;
	for (size_t i = 0; i < N(rows); i++)
		assert_false(num_parse(slice_of(rows[i]), &form, &value));
}

/* Python's sum of seconds and microseconds, for all kinds of them. */
static void
microseconds_come_back(void **state)
{
	char text[32];

	(void)state;
	for (int64_t i = 0; i < 60000; i++) {
		int64_t us = i * 7919 * (1 + i % 40), back = -1;
		size_t n = num_to_text(text, NUM_USEC, us);
		struct slice s = {text, n};
		assert_true(num_parse_as(s, NUM_USEC, &back));
		assert_true(back == us);
	}
}

/* ---- names ---- */

static void
pf_is_split_as_oe_core_does(void **state)
{
	static const char *const rows[][3] = {
	    {"linux-libc-headers-6.10-r0", "linux-libc-headers", "6.10-r0"},
	    {"python3-native-3.12.1-r0", "python3-native", "3.12.1-r0"},
	    {"glib-2.0-1_2.78.0-r0", "glib-2.0", "1_2.78.0-r0"},
	    {"u-boot-tools-native-1_2024.01-r0", "u-boot-tools-native",
		"1_2024.01-r0"},
	    {"gcc-cross-x86_64-13.2.0-r0", "gcc-cross-x86_64", "13.2.0-r0"},
	    {"libx11-1_1.8.7-r0", "libx11", "1_1.8.7-r0"},
	    {"linux-yocto-6.6.21+git0+abcdef-r0", "linux-yocto",
		"6.6.21+git0+abcdef-r0"},
	    {"foo-1.0-2-r0", "foo-1.0", "2-r0"},
	    {"foo-git-r0", "foo", "git-r0"},
	    {"foo-r0", "foo-r0", ""},
	    {"foo", "foo", ""},
	    {"-", "-", ""},
	    {"--", "--", ""},
	    {"a-1-", "a", "1-"},
	};
	struct slice recipe, version;

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		bool ok = pf_split(slice_of(rows[i][0]), &recipe, &version);
		assert_true(slice_is(recipe, rows[i][1]));
		assert_true(slice_is(version, rows[i][2]));
		assert_int_equal(ok, rows[i][2][0] != '\0');
	}
}

static void
metrics_get_names_for_urls(void **state)
{
	static const char *const rows[][2] = {
	    {"rusage ru_utime", "rusage.ru_utime"},
	    {"Child rusage ru_maxrss", "child_rusage.ru_maxrss"},
	    {"IO read_bytes", "io.read_bytes"},
	    {"utime", "utime"},
	    {"CPU usage", "cpu.usage"},
	    {"a/b?c", "a_b_c"},
	    {"\xc3\xbc", "__"},
	    {"", "_"},
	};
	struct arena *a = arena_new(0);

	(void)state;
	for (size_t i = 0; i < N(rows); i++)
		assert_string_equal(
		    metric_name_of(a, slice_of(rows[i][0])), rows[i][1]);
	arena_free(a);
}

/* ---- task files ---- */

struct fixture {
	struct arena *arena;
	struct task_files *files;
	struct build build;
	struct errinfo ei;
};

static void
begin(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->arena = arena_new(0);
	f->files = task_files_new(f->arena, 1000000);
}

static enum err
give(struct fixture *f, const char *pf, const char *task, struct slice text)
{
	return task_files_read(
	    f->files, slice_of(pf), slice_of(task), text, &f->ei);
}

static enum err
end(struct fixture *f)
{
	size_t left_out;
	enum err e = task_files_finish(f->files, &f->build, &left_out, &f->ei);

	f->build.ended = 1;
	return e;
}

static void
clear(struct fixture *f)
{
	task_files_free(f->files);
	arena_free(f->arena);
}

static double
metric(const struct build *b, const struct task *t, const char *key)
{
	const struct shape *s = &b->shapes[t->shape];

	for (size_t i = 0; i < s->nslots; i++)
		if (strcmp(b->metrics[s->slots[i].metric].key, key) == 0)
			return task_value(b, t, i);
	return -1;
}

/* The blocks of the fixture's tasks from `first` on, joined. */
static void
assert_text(const struct fixture *f, size_t first, const char *want)
{
	struct buf out = BUF_INIT;

	for (size_t i = first; i < f->build.ntasks; i++)
		task_text(&out, &f->build, &f->build.tasks[i]);
	assert_string_equal(out.data, want);
	buf_clear(&out);
}

#define NOW                                                                    \
	"Event: TaskStarted \nStarted: 1700000010.00 \n"                       \
	"zlib-1.3.1-r0: do_compile\nElapsed time: 12.34 seconds\nutime: 12\n"  \
	"stime: 3\ncutime: 930\ncstime: 110\nIO rchar: 123\n"                  \
	"IO read_bytes: 0\nrusage ru_utime: 0.13291899999999998\n"             \
	"rusage ru_maxrss: 45000\nChild rusage ru_utime: 9.3\n"                \
	"Child rusage ru_stime: 5e-06\nStatus: PASSED \n"                      \
	"Ended: 1700000022.34 \n"
#define KILLED "Event: TaskStarted \nStarted: 1700000010.00 \n"
#define AGAIN                                                                  \
	"Event: TaskStarted \nStarted: 1700000030.00 \n"                       \
	"zlib-1.3.1-r0: do_compile\nElapsed time: 1.00 seconds\n"              \
	"Status: PASSED \nEnded: 1700000031.00 \n"

struct variant {
	const char *what, *text;
	size_t blocks;
	enum task_status status;
	double elapsed;
};

/* Every way of writing task files since 2011; the last block's facts. */
static const struct variant variants[] = {
    {"today", NOW, 1, TASK_PASSED, 12.34},
    {"name and time on one line, until 2016",
	"Event: TaskStarted \nStarted: 1400000010.00 \n"
	"zlib-1.3.1-r0: do_compile: Elapsed time: 12.34 seconds \n"
	"CPU usage: 34.5% \nStatus: PASSED \nEnded: 1400000022.34 \n",
	1, TASK_PASSED, 12.34},
    {"2011: Ended first, no newline at the end",
	"Event: TaskStarted \nStarted: 1300000010.00 \n"
	"zlib-1.3.1-r0: do_compile: Elapsed time: 12.34 seconds \n"
	"CPU usage: 34.5% \nEnded: 1300000022.34 \nStatus: PASSED ",
	1, TASK_PASSED, 12.34},
    {"2011: failed, no Ended",
	"Event: TaskStarted \nStarted: 1300000010.00 \n"
	"zlib-1.3.1-r0: do_compile: Elapsed time: 2.50 seconds \n"
	"CPU usage: 34.5% \nStatus: FAILED ",
	1, TASK_FAILED, 2.5},
    {"2011 to 2015: misaligned disk counters",
	"Event: TaskStarted \nStarted: 1400000010.00 \n"
	"StartReadsComp: 123 \nStartTimeIO: 7 \nEndReadsComp: 130 \n"
	"zlib-1.3.1-r0: do_compile: Elapsed time: 1.00 seconds \n"
	"Status: PASSED \nEnded: 1400000011.00 \n",
	1, TASK_PASSED, 1},
    {"no elapsed time",
	"Event: TaskStarted \nStarted: 1700000010.00 \nStatus: FAILED \n"
	"Ended: 1700000011.00 \n",
	1, TASK_FAILED, 1},
    {"failed before it started", "Status: FAILED \nEnded: 1700000011.00 \n", 1,
	TASK_FAILED, -1},
    {"killed", KILLED, 1, TASK_UNFINISHED, -1},
    {"killed while writing",
	"Event: TaskStarted \nStarted: 1700000010.00 \n"
	"zlib-1.3.1-r0: do_compile\nElapsed time: 3.00 seconds\nutime: 12\n"
	"rusage ru_min",
	1, TASK_UNFINISHED, 3},
    {"killed behind a key",
	"Event: TaskStarted \nStarted: 1700000010.00 \nutime:", 1,
	TASK_UNFINISHED, -1},
    {"empty", "", 1, TASK_UNFINISHED, -1},
    {"run again", NOW AGAIN, 2, TASK_PASSED, 1},
    {"killed, run again", KILLED AGAIN, 2, TASK_PASSED, 1},
    {"run again twice", NOW AGAIN KILLED, 3, TASK_UNFINISHED, -1},
    {"the clock was set back",
	"Event: TaskStarted \nStarted: 1700000010.00 \n"
	"zlib-1.3.1-r0: do_compile\nElapsed time: 3.00 seconds\n"
	"Status: PASSED \nEnded: 1600000000.00 \n",
	1, TASK_PASSED, 3},
    {"another one's name",
	"Event: TaskStarted \nzlib-9-r0: do_compile\nzlib-1.3.1-r0: "
	"do_compile_ptest\nStatus: PASSED \n",
	1, TASK_PASSED, -1},
    {"unknown lines and a new metric",
	"Event: TaskStarted \nStarted: 1700000010.00 \nenergy: 12.500 J\n"
	"weather: fine\n\n: 5\nload: 1e-07\nload: 3\nStatus: PASSED \n",
	1, TASK_PASSED, -1},
    {"carriage returns",
	"Event: TaskStarted \r\nStarted: 1700000010.00\r\nStatus: PASSED\r\n",
	1, TASK_PASSED, -1},
};

static void
check_variant(const struct variant *v)
{
	struct fixture f;

	begin(&f);
	/* Twice: the second one goes the fast way. */
	for (int i = 0; i < 2; i++)
		assert_int_equal(
		    give(&f, "zlib-1.3.1-r0", "do_compile", slice_of(v->text)),
		    ERR_OK);
	assert_int_equal(task_files_count(f.files), 2 * v->blocks);
	clear(&f);

	begin(&f);
	assert_int_equal(
	    give(&f, "zlib-1.3.1-r0", "do_compile", slice_of(v->text)), ERR_OK);
	assert_int_equal(end(&f), ERR_OK);
	assert_int_equal(f.build.ntasks, v->blocks);
	const struct task *t = &f.build.tasks[v->blocks - 1];
	assert_int_equal(f.build.shapes[t->shape].status, v->status);
	assert_true(task_elapsed(&f.build, t) == v->elapsed);
	assert_text(&f, 0, v->text);
	clear(&f);
}

static void
every_variant_is_read_and_written_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(variants); i++) {
		print_message("           %s\n", variants[i].what);
		check_variant(&variants[i]);
	}
}

static void
values_are_what_the_file_says(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	assert_int_equal(
	    give(&f, "zlib-1.3.1-r0", "do_compile", slice_of(NOW)), ERR_OK);
	assert_int_equal(end(&f), ERR_OK);
	const struct build *b = &f.build;
	const struct task *t = b->tasks;
	assert_true(task_started(b, t) == 1700000010000000);
	assert_true(task_ended(b, t) == 1700000022340000);
	assert_true(metric(b, t, "utime") == 12);
	assert_true(metric(b, t, "IO rchar") == 123);
	assert_true(metric(b, t, "rusage ru_utime") == 0.13291899999999998);
	assert_true(metric(b, t, "Child rusage ru_stime") == 5e-06);
	assert_string_equal(b->packages[0].recipe, "zlib");
	assert_string_equal(b->packages[0].version, "1.3.1-r0");
	clear(&f);
}

static void
unknown_numbers_become_metrics(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	assert_int_equal(
	    give(&f, "a-1-r0", "do_x",
		SLICE("Event: TaskStarted\nenergy: 12.500 J\nload: 3\n"
		      "share: 4.25%\nversion: 1.2.3\nno number: x 5\n")),
	    ERR_OK);
	assert_int_equal(end(&f), ERR_OK);
	assert_int_equal(f.build.nmetrics, 3);
	assert_true(metric(&f.build, f.build.tasks, "energy") == 12.5);
	assert_true(metric(&f.build, f.build.tasks, "load") == 3);
	assert_true(metric(&f.build, f.build.tasks, "share") == 4.25);
	clear(&f);
}

/* Numbers differ, the shape is one. */
static void
like_files_share_a_shape(void **state)
{
	struct fixture f;
	char text[512], pf[32];

	(void)state;
	begin(&f);
	for (int i = 0; i < 500; i++) {
		snprintf(pf, sizeof(pf), "p%d-1.0-r0", i);
		snprintf(text, sizeof(text),
		    "Event: TaskStarted \nStarted: 17000%05d.%02d \n"
		    "%s: do_fetch\nElapsed time: %d.00 seconds\nutime: %d\n"
		    "rusage ru_utime: %s\nStatus: PASSED \n",
		    i, i % 100, pf, i, i * i,
		    i % 3 == 0   ? "0.25"
		    : i % 3 == 1 ? "0.0"
				 : "0.13291899999999998");
		assert_int_equal(
		    give(&f, pf, "do_fetch", slice_of(text)), ERR_OK);
	}
	assert_int_equal(end(&f), ERR_OK);
	assert_int_equal(f.build.nshapes, 1);
	assert_int_equal(f.build.npackages, 500);
	clear(&f);
}

static void
wrong_files_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text;
		size_t n; /* 0: strlen */
		const char *why;
	} rows[] = {
	    {"\x89PNG\r\n\x1a\n", 0, "a-1-r0/do_x is no task file"},
	    {"foo: 12\n", 0, "a-1-r0/do_x is no task file"},
	    {"\n", 0, "a-1-r0/do_x is no task file"},
	    {"Event: TaskStarted\nab\0c\n", 24,
		"a-1-r0/do_x line 2: a NUL byte: not a text"},
	    {"Started: nan \n", 0,
		"a-1-r0/do_x line 1: Started is not a number"},
	    {"Started: -5.00 \n", 0,
		"a-1-r0/do_x line 1: Started is not a time"},
	    {"Started: 1700000010.00 \nEnded: 1e+300 \n", 0,
		"a-1-r0/do_x line 2: Ended is not a time"},
	    {"Ended: 99999999999.00 \n", 0,
		"a-1-r0/do_x line 1: Ended is not a time"},
	    {"Elapsed time: -1.00 seconds\n", 0,
		"a-1-r0/do_x line 1: Elapsed time is not a duration"},
	    {"Elapsed time: inf seconds\n", 0,
		"a-1-r0/do_x line 1: Elapsed time is not a number"},
	    {"a-1-r0: do_x: Elapsed time: -1.00 seconds \n", 0,
		"a-1-r0/do_x line 1: Elapsed time is not a duration"},
	    {"utime: -1\n", 0, "a-1-r0/do_x line 1: utime is not a duration"},
	    {"rusage ru_utime: -0.5\n", 0,
		"a-1-r0/do_x line 1: rusage ru_utime is not a duration"},
	    {"IO rchar: 99999999999999999999\n", 0,
		"a-1-r0/do_x line 1: IO rchar is not a number"},
	    {"Child rusage ru_nvcsw: x\n", 0,
		"a-1-r0/do_x line 1: Child rusage ru_nvcsw is not a number"},
	    {KILLED "Started: 17\n", 0, NULL},
	    {KILLED KILLED "utime: x\n", 0,
		"a-1-r0/do_x line 5: utime is not a number"},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct slice text = {rows[i].text,
		    rows[i].n != 0 ? rows[i].n : strlen(rows[i].text)};
		struct fixture f;
		begin(&f);
		enum err e = give(&f, "a-1-r0", "do_x", text);
		if (rows[i].why != NULL)
			assert_string_equal(f.ei.text, rows[i].why);
		assert_int_equal(e, ERR_INPUT);
		clear(&f);
	}
}

static void
a_file_that_comes_twice_is_refused(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	assert_int_equal(give(&f, "a-1-r0", "do_x", SLICE(NOW)), ERR_OK);
	assert_int_equal(give(&f, "b-1-r0", "do_x", SLICE(NOW)), ERR_OK);
	assert_int_equal(give(&f, "a-1-r0", "do_x", SLICE(NOW)), ERR_OK);
	assert_int_equal(end(&f), ERR_INPUT);
	assert_string_equal(f.ei.text, "a-1-r0/do_x comes twice");
	clear(&f);
}

static void
odd_names_are_scrubbed(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	assert_int_equal(give(&f,
			     "<b>\x1b"
			     "a\xff-1-r0",
			     "do_x", SLICE(NOW)),
	    ERR_OK);
	assert_int_equal(end(&f), ERR_OK);
	assert_string_equal(f.build.packages[0].recipe, "<b>\xef\xbf\xbd"
							"a\xef\xbf\xbd");
	clear(&f);
}

/* Lines made to differ in every file must not fill the memory. */
static void
shapes_stay_within_bounds(void **state)
{
	struct fixture f;
	char text[256];
	size_t left_out;

	(void)state;
	begin(&f);
	for (int i = 0; i < 9000; i++) {
		char task[32];
		snprintf(task, sizeof(task), "do_%d", i);
		snprintf(text, sizeof(text),
		    "Event: TaskStarted \nnoise %d\nStatus: PASSED \n", i);
		assert_int_equal(
		    give(&f, "a-1-r0", task, slice_of(text)), ERR_OK);
	}
	assert_int_equal(
	    task_files_finish(f.files, &f.build, &left_out, &f.ei), ERR_OK);
	assert_true(f.build.nshapes <= 4097);
	assert_int_equal(left_out, 9000 - 4096);
	clear(&f);
}

static void
control_bytes_are_left_out(void **state)
{
	struct fixture f;
	size_t left_out;

	(void)state;
	begin(&f);
	assert_int_equal(
	    give(&f, "a-1-r0", "do_x",
		SLICE(
		    "Event: TaskStarted\na\x01: 5\nx\x02y\nStatus: PASSED\n")),
	    ERR_OK);
	assert_int_equal(
	    task_files_finish(f.files, &f.build, &left_out, &f.ei), ERR_OK);
	assert_int_equal(left_out, 2);
	assert_text(&f, 0, "Event: TaskStarted\nStatus: PASSED\n");
	clear(&f);
}

/* ---- what tasks say together ---- */

static void
give_status(
    struct fixture *f, const char *pf, const char *task, const char *status)
{
	char text[128];

	snprintf(text, sizeof(text), "Event: TaskStarted \n%s", status);
	assert_int_equal(give(f, pf, task, slice_of(text)), ERR_OK);
}

#define PASSED "Status: PASSED \n"
#define FAILED "Status: FAILED \n"

static void
statuses_follow_from_the_last_blocks(void **state)
{
	static const struct {
		const char *task[3][2]; /* name, text */
		const char *failed_at;
		enum build_status status;
		size_t failures;
	} rows[] = {
	    {{{"do_a", PASSED}, {"do_b", PASSED}}, NULL, BUILD_SUCCEEDED, 0},
	    {{{"do_a", PASSED}, {"do_b", FAILED}}, NULL, BUILD_FAILED, 1},
	    {{{"do_a", PASSED}, {"do_b", ""}}, NULL, BUILD_INCOMPLETE, 0},
	    {{{"do_a", FAILED}, {"do_b", ""}}, NULL, BUILD_FAILED, 1},
	    {{{"do_a", FAILED "Event: TaskStarted \n" PASSED}}, NULL,
		BUILD_SUCCEEDED, 0},
	    {{{"do_a", PASSED "Event: TaskStarted \n" FAILED}}, NULL,
		BUILD_FAILED, 1},
	    {{{"do_a_setscene", FAILED}, {"do_a", PASSED}}, NULL,
		BUILD_SUCCEEDED, 0},
	    {{{"do_a_setscene", FAILED}, {"do_a_b", PASSED}}, NULL,
		BUILD_FAILED, 1},
	    {{{"do_a_setscene", FAILED}, {"do_a", FAILED}}, NULL, BUILD_FAILED,
		2},
	    {{{"do_a_setscene", FAILED}}, NULL, BUILD_FAILED, 1},
	    /* build_stats knows more, as much, or less than the task files */
	    {{{"do_a", PASSED}}, "do_b", BUILD_FAILED, 1},
	    {{{"do_a", ""}}, "do_a", BUILD_FAILED, 1},
	    {{{"do_a", FAILED}}, "do_a", BUILD_FAILED, 1},
	    {{{"do_a", PASSED}}, "do_a", BUILD_SUCCEEDED, 0},
	    {{{"do_a", PASSED}}, "do_a_setscene", BUILD_SUCCEEDED, 0},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct fixture f;
		size_t n;
		begin(&f);
		give_status(&f, "zz-1-r0", "do_other", PASSED);
		for (int k = 0; k < 3 && rows[i].task[k][0] != NULL; k++)
			give_status(&f, "a-1-r0", rows[i].task[k][0],
			    rows[i].task[k][1]);
		for (int k = 0; k < 2 && rows[i].failed_at != NULL; k++)
			task_files_failed_at(f.files, SLICE("a-1-r0"),
			    slice_of(rows[i].failed_at));
		assert_int_equal(end(&f), ERR_OK);
		assert_int_equal(package_status(&f.build, 0), rows[i].status);
		assert_int_equal(package_status(&f.build, 1), BUILD_SUCCEEDED);
		build_failures(f.arena, &f.build, &n);
		assert_int_equal(n, rows[i].failures);
		assert_int_equal(build_status_of(&f.build), rows[i].status);
		f.build.ended = TIME_UNKNOWN;
		assert_int_equal(build_status_of(&f.build), BUILD_INCOMPLETE);
		clear(&f);
	}
}

static void
tasks_come_sorted(void **state)
{
	static const char *const pfs[] = {"c-1-r0", "a-1-r0", "b-1-r0"};
	static const char *const tasks[] = {"do_y", "do_z", "do_x"};
	struct fixture f;

	(void)state;
	begin(&f);
	for (size_t i = 0; i < N(pfs); i++)
		for (size_t k = 0; k < N(tasks); k++)
			give_status(&f, pfs[i], tasks[k], PASSED);
	assert_int_equal(end(&f), ERR_OK);
	assert_string_equal(f.build.packages[0].pf, "a-1-r0");
	assert_string_equal(f.build.task_names[0], "do_x");
	for (size_t i = 0; i < f.build.ntasks; i++) {
		assert_int_equal(f.build.tasks[i].package, i / 3);
		assert_int_equal(f.build.tasks[i].name, i % 3);
	}
	assert_int_equal(package_first(&f.build, 2), 6);
	assert_int_equal(package_first(&f.build, 3), 9);
	clear(&f);
}

static void
a_known_recipe_settles_the_split(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	give_status(&f, "foo-1.0-2-r0", "do_x", PASSED);
	task_files_name_recipe(f.files, SLICE("foo-1.0-2-r0"), "foo");
	task_files_name_recipe(f.files, SLICE("bar-1-r0"), "bar");
	assert_int_equal(end(&f), ERR_OK);
	assert_string_equal(f.build.packages[0].recipe, "foo");
	assert_string_equal(f.build.packages[0].version, "1.0-2-r0");
	clear(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_keep_their_text),
	    cmocka_unit_test(what_is_no_number_is_refused),
	    cmocka_unit_test(microseconds_come_back),
	    cmocka_unit_test(pf_is_split_as_oe_core_does),
	    cmocka_unit_test(metrics_get_names_for_urls),
	    cmocka_unit_test(every_variant_is_read_and_written_again),
	    cmocka_unit_test(values_are_what_the_file_says),
	    cmocka_unit_test(unknown_numbers_become_metrics),
	    cmocka_unit_test(like_files_share_a_shape),
	    cmocka_unit_test(wrong_files_are_refused_with_their_line),
	    cmocka_unit_test(a_file_that_comes_twice_is_refused),
	    cmocka_unit_test(odd_names_are_scrubbed),
	    cmocka_unit_test(shapes_stay_within_bounds),
	    cmocka_unit_test(control_bytes_are_left_out),
	    cmocka_unit_test(statuses_follow_from_the_last_blocks),
	    cmocka_unit_test(tasks_come_sorted),
	    cmocka_unit_test(a_known_recipe_settles_the_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
