/* test_task_block.c: the tasks of a build there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "fake_build.h"
#include "model/task_block.h"
#include "model/task_columns.h"

#define STARTED INT64_C(1795352032720000)

static struct arena *arena;
static struct buf core, columns;
static struct errinfo ei;

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
	buf_clear(&core);
	buf_clear(&columns);
	arena_free(arena);
	return 0;
}

static struct slice
slice_of_buf(const struct buf *b)
{
	return (struct slice){b->data, b->len};
}

static struct build *
encode(struct fake f)
{
	struct build *b;

	f.started = STARTED;
	b = fake_build(arena, &f);
	buf_reset(&core);
	buf_reset(&columns);
	assert_int_equal(task_block_encode(b, &core, &columns, &ei), ERR_OK);
	return b;
}

static struct task_block *
open_block(void)
{
	struct task_block *tb;

	assert_int_equal(
	    task_block_open(arena, slice_of_buf(&core), &tb, &ei), ERR_OK);
	return tb;
}

static void
there_and_back(struct fake f)
{
	struct build *b = encode(f), back = {0};
	struct task_block *tb = open_block();

	assert_int_equal(tb->ntasks, b->ntasks);
	assert_int_equal(
	    task_block_build(arena, tb, slice_of_buf(&columns), &back, &ei),
	    ERR_OK);
	assert_true(fake_same_tasks(b, &back));
	assert_int_equal(build_status_of(b), build_status_of(&back));
}

static void
test_sizes(void **state)
{
	(void)state;
	there_and_back((struct fake){.seed = 1, .shapes = 1});
	there_and_back((struct fake){
	    .seed = 2, .packages = 1, .names = 1, .tasks = 1, .shapes = 1});
	there_and_back((struct fake){
	    .seed = 3, .packages = 7, .names = 5, .tasks = 35, .shapes = 3});
	there_and_back((struct fake){.seed = 4,
	    .packages = 400,
	    .names = 16,
	    .tasks = 5000,
	    .shapes = 12});
}

static void
test_large(void **state)
{
	(void)state;
	there_and_back((struct fake){.seed = 5,
	    .packages = 3000,
	    .names = 20,
	    .tasks = 50000,
	    .shapes = 4});
}

static void
test_many_shapes(void **state)
{
	(void)state;
	there_and_back((struct fake){.seed = 6,
	    .packages = 100,
	    .names = 10,
	    .tasks = 900,
	    .shapes = 300});
}

/* A column alone gives what the whole block gives. */
static void
test_one_column(void **state)
{
	struct task_block *tb;
	int64_t **all;

	(void)state;
	encode((struct fake){
	    .seed = 7, .packages = 50, .names = 9, .tasks = 400, .shapes = 9});
	tb = open_block();
	all = arena_calloc(arena, tb->ncolumns, sizeof(*all));
	assert_int_equal(
	    task_block_values(arena, tb, slice_of_buf(&columns), all, &ei),
	    ERR_OK);
	for (size_t c = 0; c < tb->ncolumns; c++) {
		const struct block_column *bc = &tb->columns[c];
		struct column_source src = {.column = c, .bytes = {"", 0}};
		int64_t *one;
		for (unsigned i = 0; i < prediction_bases(bc->prediction); i++)
			src.base[i] = all[bc->base[i]];
		if (!bc->in_core)
			src.bytes = (struct slice){
			    columns.data + bc->offset, bc->length};
		assert_int_equal(
		    task_block_column(arena, tb, &src, &one, &ei), ERR_OK);
		assert_memory_equal(one, all[c], tb->ntasks * sizeof(*one));
	}
}

/* What others determine costs next to nothing. */
static void
test_prediction(void **state)
{
	struct build *b;
	struct task_block *tb;
	size_t predicted = 0;

	(void)state;
	b = fake_build(arena, &(struct fake){.seed = 8,
				  .packages = 50,
				  .names = 10,
				  .tasks = 480,
				  .shapes = 1,
				  .started = STARTED});
	for (size_t i = 0; i < b->ntasks; i++) {
		int64_t *v = arena_alloc(arena, 16 * sizeof(*v));
		memcpy(v, b->tasks[i].values, 16 * sizeof(*v));
		v[2] = v[6] / 10000;
		v[3] = v[7] / 10000;
		v[5] = 512 * (v[9] + v[13]);
		v[12] = v[8];
		b->tasks[i].values = v;
	}
	assert_int_equal(task_block_encode(b, &core, &columns, &ei), ERR_OK);
	tb = open_block();
	for (size_t c = 0; c < tb->ncolumns; c++)
		if (tb->columns[c].prediction != PREDICT_NONE) {
			predicted++;
			if (tb->columns[c].prediction != PREDICT_SUM)
				assert_true(tb->columns[c].length <= 2);
		}
	assert_int_equal(predicted, 5);
}

static void
test_too_many_numbers(void **state)
{
	struct build b = {0};
	struct shape sh = {.status = TASK_PASSED,
	    .started = -1,
	    .ended = -1,
	    .elapsed = -1,
	    .text = {"", 0}};
	struct shape_slot *slots;
	size_t n = BLOCK_COLUMNS_MAX + 1;

	(void)state;
	slots = arena_calloc(arena, n, sizeof(*slots));
	b.metrics = arena_calloc(arena, n, sizeof(*b.metrics));
	for (size_t i = 0; i < n; i++) {
		slots[i].metric = (uint32_t)i;
		b.metrics[i].key = b.metrics[i].name = "x";
	}
	sh.slots = slots;
	sh.nslots = b.nmetrics = n;
	b.shapes = &sh;
	b.nshapes = 1;
	assert_int_equal(
	    task_block_encode(&b, &core, &columns, &ei), ERR_TOO_BIG);
}

static void
test_any_damage_is_seen(void **state)
{
	struct task_block *tb;
	uint64_t seed = 10;

	(void)state;
	encode((struct fake){
	    .seed = 9, .packages = 20, .names = 5, .tasks = 90, .shapes = 5});
	for (int i = 0; i < 500; i++) {
		size_t at = fake_random(&seed) % core.len;
		char bit = (char)(1 << fake_random(&seed) % 8);
		core.data[at] ^= bit;
		assert_int_equal(
		    task_block_open(arena, slice_of_buf(&core), &tb, &ei),
		    ERR_INTERNAL);
		core.data[at] ^= bit;
	}
	for (size_t n = 0; n < core.len; n += 7)
		assert_int_equal(task_block_open(arena,
				     (struct slice){core.data, n}, &tb, &ei),
		    ERR_INTERNAL);
}

/* As if the sum had been right: an error or other numbers, no crash. */
static void
fix_sum(struct buf *b)
{
	uint32_t sum = task_block_sum(b->data + 4, b->len - 4);

	for (size_t i = 0; i < 4; i++)
		b->data[i] = (char)(unsigned char)(sum >> (8 * i));
}

static void
test_damage_behind_the_sum(void **state)
{
	uint64_t seed = 11;
	char *was, *columns_was;

	(void)state;
	encode((struct fake){
	    .seed = 12, .packages = 20, .names = 5, .tasks = 90, .shapes = 5});
	was = arena_strndup(arena, core.data, core.len);
	columns_was = arena_strndup(arena, columns.data, columns.len);
	for (int i = 0; i < 4000; i++) {
		struct arena *a = arena_new(0);
		struct task_block *tb;
		struct build back = {0};
		memcpy(core.data, was, core.len);
		memcpy(columns.data, columns_was, columns.len);
		for (int k = 0; k <= i % 3; k++) {
			size_t at = fake_random(&seed) % core.len;
			core.data[at] = (char)fake_random(&seed);
			at = fake_random(&seed) % columns.len;
			columns.data[at] ^= (char)(i & 1);
		}
		fix_sum(&core);
		if (task_block_open(a, slice_of_buf(&core), &tb, &ei) ==
			ERR_OK &&
		    task_block_build(
			a, tb, slice_of_buf(&columns), &back, &ei) == ERR_OK)
			assert_true(back.ntasks <= BLOCK_TASKS_MAX);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_sizes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_large, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_many_shapes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_one_column, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_prediction, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_too_many_numbers, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_any_damage_is_seen, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_damage_behind_the_sum, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
