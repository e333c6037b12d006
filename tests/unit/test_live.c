/*
 * test_live.c: events of builds that report themselves, read whole, cut and
 * wrong; what history says of builds that run.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/live_event.h"
#include "model/live_expect.h"
#include "model/task_file.h"

#define NOW INT64_C(1700000100000000)

static struct arena *arena;
static struct task_files *check;
static struct live_shapes shapes;
static struct live_event event;
static struct errinfo ei;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	check = task_files_new(arena, 1000);
	shapes = (struct live_shapes){0};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	task_files_free(check);
	arena_free(arena);
	return 0;
}

static enum err
read_event(const char *line, size_t n)
{
	struct live_reader r = {
	    .arena = arena, .shapes = &shapes, .check = check, .now = NOW};

	ei = (struct errinfo){0};
	return live_event_read(&r, (struct slice){line, n}, &event, &ei);
}

static void
good(const char *line)
{
	enum err err = read_event(line, strlen(line));

	if (err != ERR_OK)
		print_error("%s\n", ei.text);
	assert_int_equal(err, ERR_OK);
}

static void
bad(const char *line, const char *sentence)
{
	assert_int_equal(read_event(line, strlen(line)), ERR_INPUT);
	assert_string_equal(ei.text, sentence);
}

#define HEAD "{\"seq\":3,\"time\":1700000000.25,\"event\":"

/* ---- kinds ---- */

static const char *const lines[] = {
    HEAD "\"running\",\"done\":1,\"running\":[[\"a-1\",\"do_x\",1700000000]]}",
    HEAD "\"file\",\"path\":\"reduced_proc_stat.log\",\"text\":\"1\\n\"}",
    HEAD "\"failure\",\"recipe\":\"a\",\"version\":\"1\",\"task\":\"do_x\","
	 "\"log_base64\":\"aGVsbG8=\"}",
    HEAD "\"recipe\",\"recipe\":\"a\",\"version\":\"1\",\"tasks\":[{\"task\":"
	 "\"do_x\",\"status\":\"passed\",\"started\":1700000000,"
	 "\"elapsed\":2.5,\"metrics\":{\"utime\":7,\"x\":0.5}}]}",
    HEAD "\"qa\",\"level\":\"error\",\"class\":\"ldflags\"}",
    HEAD
    "\"environment\",\"distro\":\"poky\",\"layers\":[{\"name\":\"meta\"}]}",
    HEAD "\"finished\",\"status\":\"failed\",\"elapsed\":12}",
    HEAD "\"of another time\",\"x\":[{}]}",
    HEAD "\"tasks\",\"packages\":[\"a-1-r0\"],\"names\":[\"do_x\",\"do_y\"],"
	 "\"shapes\":[\"Event: TaskStarted \\nStarted: \\u0001 \\n\\u0002\\n"
	 "utime: \\u0001\\nEnded: \\u0001 \\n\"],\"package\":[0,0],"
	 "\"name\":[0,1],\"shape\":[0,0],\"coding\":[\"1d\",\"0\",\"1s0\"],"
	 "\"columns\":[[170000000000,150],[7,8],[250,50]]}",
};

/* Each is taken whole, and refused at each byte before. */
static void
test_kinds(void **state)
{
	static const enum live_kind kinds[] = {LIVE_RUNNING, LIVE_FILE,
	    LIVE_FAILURE, LIVE_RECIPE, LIVE_QA, LIVE_ENVIRONMENT, LIVE_FINISHED,
	    LIVE_OTHER, LIVE_TASKS};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		good(lines[i]);
		assert_int_equal(event.kind, kinds[i]);
		assert_int_equal(event.seq, 3);
		assert_int_equal(event.time, INT64_C(1700000000250000));
		for (size_t n = 0; n < strlen(lines[i]); n++)
			assert_int_equal(read_event(lines[i], n), ERR_INPUT);
	}
}

static void
same_block(size_t i, const char *pf, const char *task, const char *want)
{
	struct buf text = BUF_INIT;

	assert_string_equal(event.blocks[i].pf, pf);
	assert_string_equal(event.blocks[i].task, task);
	live_block_text(&text, &event.blocks[i]);
	assert_string_equal(text.data, want);
	buf_clear(&text);
}

static void
test_blocks(void **state)
{
	(void)state;
	good(lines[8]);
	assert_int_equal(event.nblocks, 2);
	same_block(0, "a-1-r0", "do_x",
	    "Event: TaskStarted \nStarted: 1700000000.00 \na-1-r0: do_x\n"
	    "utime: 7\nEnded: 1700000002.50 \n");
	same_block(1, "a-1-r0", "do_y",
	    "Event: TaskStarted \nStarted: 1700000001.50 \na-1-r0: do_y\n"
	    "utime: 8\nEnded: 1700000002.00 \n");
	good(lines[3]);
	same_block(0, "a-1", "do_x",
	    "Event: TaskStarted \nStarted: 1700000000.00 \na-1: do_x\n"
	    "Elapsed time: 2.50 seconds \nutime: 7\nx: 0.5\n"
	    "Status: PASSED \nEnded: 1700000002.50 \n");
	good(lines[2]);
	assert_int_equal(event.log.n, 5);
	assert_memory_equal(event.log.p, "hello", 5);
}

static void
test_sentences(void **state)
{
	(void)state;
	bad("{}", "line 1: there is no \"seq\"");
	bad("{\"seq\":\"1\"}", "line 1: seq: expected an integer");
	bad("{\"seq\":0}", "line 1: seq: a number from 1 on");
	bad("{\"seq\":1,\"time\":1700100000}",
	    "line 1: time: before 2000, or more than a day in the future");
	bad("{\"seq\":1,\"time\":1}",
	    "line 1: time: before 2000, or more than a day in the future");
	bad(HEAD "\"running\",\"total\":-1}",
	    "line 1: running: total: number out of range");
	bad(HEAD "\"file\",\"path\":\"../x\",\"text\":\"\"}",
	    "line 1: file: path: the name ../x has the component '.' or '..'");
	bad(HEAD "\"failure\",\"recipe\":\"a/b\"}",
	    "line 1: failure: recipe: this is no name");
	bad(HEAD "\"tasks\",\"packages\":[],\"names\":[],\"shapes\":[\"#12\"]}",
	    "line 1: tasks: shapes[0]: this is no reference to a shape");
	bad(HEAD "\"tasks\",\"packages\":[\"a-1-r0\"],\"names\":[\"do_x\"],"
		 "\"shapes\":[\"Started: \\u0001\\n\"],\"package\":[0],"
		 "\"name\":[0],\"shape\":[0],\"coding\":[\"0\"],"
		 "\"columns\":[[9223372036854775807]]}",
	    "line 1: tasks: columns[0][0]: too large a number");
}

/* ---- history ---- */

static void
test_past(void **state)
{
	double few[] = {10, 12, 11, 13}, short_[] = {1, 2, 3, 4, 5};
	double long_[] = {1000, 1100, 1050, 3000, 1020, 1040};
	struct past p;

	(void)state;
	p = past_of(few, 0);
	assert_int_equal(p.n, 0);
	assert_true(isinf(p.limit));
	p = past_of(few, 4); /* too few for an alarm */
	assert_float_equal(p.median, 11.5, 1e-9);
	assert_true(isinf(p.limit));
	p = past_of(short_, 5); /* a minute above the largest ones */
	assert_float_equal(p.median, 3, 1e-9);
	assert_float_equal(p.limit, p.p95 + 60, 1e-9);
	p = past_of(long_, 6); /* three times what is usual */
	assert_float_equal(p.limit, 3 * 1045, 1e-9);
}

static void
test_pace(void **state)
{
	struct expectation e = expect_pace(100, 25, 100);

	(void)state;
	assert_float_equal(e.left, 300, 1e-9);
	assert_float_equal(e.least, 150, 1e-9);
	assert_float_equal(e.most, 600, 1e-9);
	assert_true(isnan(expect_pace(100, 9, 100).left));
	assert_true(isnan(expect_pace(59, 50, 100).left));
	assert_true(isnan(expect_pace(100, -1, -1).left));
	assert_true(isnan(expect_pace(100, 101, 100).left));
	assert_float_equal(expect_pace(100, 100, 100).left, 0, 1e-9);
}

#define TASKS 4

/* Four recipes, one after the other, of 100 s each. */
static struct task_table *
table(size_t n)
{
	static const char *const recipes[] = {"a", "b", "c", "d"};
	static const char *names[] = {"do_x"};
	struct task_table *t = arena_zalloc(arena, sizeof(*t));
	uint32_t *package = arena_calloc(arena, TASKS, sizeof(*package));
	uint32_t *zero = arena_calloc(arena, TASKS, sizeof(*zero));
	uint8_t *status = arena_calloc(arena, TASKS, sizeof(*status));
	int64_t *started = arena_calloc(arena, TASKS, sizeof(*started));
	double *elapsed = arena_calloc(arena, TASKS, sizeof(*elapsed));

	t->n = n;
	t->npackages = TASKS;
	t->packages = arena_calloc(arena, TASKS, sizeof(*t->packages));
	for (size_t i = 0; i < TASKS; i++) {
		t->packages[i].recipe = recipes[i];
		package[i] = (uint32_t)i;
		status[i] = TASK_PASSED;
		started[i] = NOW + (int64_t)i * 100000000;
		elapsed[i] = 100;
	}
	t->ntask_names = 1;
	t->task_names = names;
	t->package = package;
	t->name = t->block = zero;
	t->status = status;
	t->started = started;
	t->elapsed = elapsed;
	return t;
}

static struct expectation
expect(size_t done, double elapsed, double like_elapsed, double runs)
{
	const struct expect_runner runner = {"c", "do_x", runs};
	const struct expect_now now = {.done = table(done),
	    .nrunning = runs > 0,
	    .running = &runner,
	    .elapsed = elapsed};
	const struct expect_like like = {table(TASKS), NOW, like_elapsed};

	return expect_end(arena, &now, &like, 1);
}

static void
test_end(void **state)
{
	struct expectation e = expect(2, 200, 420, 0);

	(void)state;
	assert_int_equal(e.n, 1);
	assert_float_equal(e.done, 0.5, 1e-9);
	assert_float_equal(e.left, 220, 1e-9); /* as fast as that one */
	assert_float_equal(e.least, 165, 1e-9);
	assert_float_equal(e.most, 275, 1e-9);
	assert_float_equal(expect(2, 400, 420, 0).left, 440, 1e-9);
	assert_float_equal(expect(2, 4000, 420, 0).left, 660, 1e-9);
	/* what runs counts as far as it is, and no further than it took */
	assert_float_equal(expect(2, 250, 420, 50).left, 170, 1e-9);
	assert_float_equal(expect(2, 300, 420, 5000).left, 120, 1e-9);
	/* nothing is done: nothing is known of its speed */
	assert_float_equal(expect(0, 500, 420, 0).left, 420, 1e-9);
	assert_float_equal(expect(4, 400, 420, 0).left, 20, 1e-9);
	e = expect_end(arena, &(struct expect_now){.done = table(0)}, NULL, 0);
	assert_int_equal(e.n, 0);
	assert_true(isnan(e.left));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_blocks, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_sentences, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_past, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_pace, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_end, set_up, tear_down),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
