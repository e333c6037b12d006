/*
 * test_store.c: builds into a database and back.  BUILDSTATS_DB names a
 * migrated database that nobody else uses.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"
#include "db/stmt.h"
#include "model/build_store.h"
#include "model/task_table.h"
#include "tests/unit/fake_build.h"

#define STARTED INT64_C(1795352032720000) /* 2026-11-22 */
#define DAY (INT64_C(86400) * 1000000)

static struct arena *arena;
static struct db *db;
static struct errinfo ei;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	db = db_new(getenv("BUILDSTATS_DB"));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	db_free(db);
	arena_free(arena);
	return 0;
}

static void
check(enum err err)
{
	if (err != ERR_OK)
		fail_msg("%s: %s (%s)", err_name(err), ei.text, ei.detail);
}

/* Fails unless the SQL condition holds. */
static void
holds(const char *condition)
{
	char text[1024];

	snprintf(text, sizeof(text),
	    "DO $$ BEGIN IF NOT (%s) THEN RAISE EXCEPTION 'not so'; END IF; "
	    "END $$",
	    condition);
	if (db_script(db, text, &ei) != ERR_OK)
		fail_msg("not so: %s (%s)", condition, ei.detail);
}

static struct build *
make(uint64_t seed, int64_t started)
{
	return fake_build(arena, &(struct fake){.seed = seed,
				     .packages = 12,
				     .names = 9,
				     .tasks = 100,
				     .shapes = 5,
				     .started = started});
}

static struct store_result
store(const struct build *b)
{
	struct store_result r;

	check(build_store_prepare(db, b->started, &ei));
	check(db_begin(db, DB_READ_WRITE, &ei));
	check(db_end(db, build_store(db, arena, b, &r, &ei), &ei));
	return r;
}

/* ---- what is stored comes back ---- */

static void
decorate(struct build *b)
{
	static const char *targets[] = {"core-image-minimal", "zlib"};
	static const char *tags[] = {"nightly", "with \"quotes\" \\ {}"};
	static struct layer layers[] = {{"meta", "master", "0123abc", 1},
	    {"meta-poky", "", "", -1}, {"meta-x", "b", "c", 0}};
	static const char *origin[] = {
	    "machine", "build.json", "host", "build_stats", NULL};
	static const char *repairs[] = {"disk throughput was divided by 100"};
	static struct rootfs rootfs[] = {{"/a\tb", 97517568}};
	static int64_t time[] = {1795352032, 1795352034, 1795352099};
	static double user[] = {.25, .5, 1}, rest[] = {0, .125, .0625};
	static struct series series[] = {
	    {.kind = SERIES_CPU,
		.subject = "",
		.flags = SERIES_TRUNCATED,
		.n = 3,
		.ncolumns = 3,
		.time = time,
		.column = {user, rest, rest}},
	    {.kind = SERIES_SPACE,
		.subject = "/a: b",
		.n = 0,
		.ncolumns = 1,
		.time = time,
		.column = {user}},
	};
	static struct build_text text = {.name = "host_stats", .size = 5};
	static struct buf packed;

	b->env.uuid = "01234567-89ab-cdef-0123-456789abcdef";
	b->env.ntargets = b->env.ntags = 2;
	b->env.targets = targets;
	b->env.tags = tags;
	b->env.nlayers = 3;
	b->env.layers = layers;
	b->env.origin = origin;
	b->env.json = "{\"a\":\"\\u0000\"}";
	b->nrepairs = 1;
	b->repairs = repairs;
	b->nrootfs = 1;
	b->rootfs = rootfs;
	b->nseries = 2;
	b->series = series;
	buf_reset(&packed);
	zstd_pack(&packed, "hello", 5, 3);
	text.zstd = (struct slice){packed.data, packed.len};
	b->ntexts = 1;
	b->texts = &text;
}

static void
same_environment(const struct environment *a, const struct environment *b)
{
	assert_string_equal(a->uuid, b->uuid);
	assert_string_equal(a->builder, b->builder);
	assert_string_equal(a->machine, b->machine);
	assert_string_equal(a->distro, b->distro);
	assert_string_equal(a->distro_version, b->distro_version);
	assert_string_equal(a->image, b->image);
	assert_string_equal(a->host, b->host);
	assert_string_equal(a->host_info, b->host_info);
	assert_string_equal(a->host_distro, b->host_distro);
	assert_string_equal(a->host_arch, b->host_arch);
	assert_string_equal(a->bitbake_version, b->bitbake_version);
	assert_string_equal(a->branch, b->branch);
	assert_string_equal(a->commit, b->commit);
	assert_string_equal(a->mode, b->mode);
	assert_string_equal(a->json, b->json);
	assert_int_equal(a->ntargets, b->ntargets);
	for (size_t i = 0; i < a->ntargets; i++)
		assert_string_equal(a->targets[i], b->targets[i]);
	assert_int_equal(a->ntags, b->ntags);
	for (size_t i = 0; i < a->ntags; i++)
		assert_string_equal(a->tags[i], b->tags[i]);
	assert_int_equal(a->nlayers, b->nlayers);
	for (size_t i = 0; i < a->nlayers; i++) {
		assert_string_equal(a->layers[i].name, b->layers[i].name);
		assert_string_equal(a->layers[i].branch, b->layers[i].branch);
		assert_string_equal(a->layers[i].commit, b->layers[i].commit);
		assert_int_equal(a->layers[i].modified, b->layers[i].modified);
	}
	assert_string_equal(b->origin[0], "host");
	assert_string_equal(b->origin[3], "build.json");
	assert_null(b->origin[4]);
}

static void
test_there_and_back(void **state)
{
	struct build *b = make(1, STARTED), *back;
	struct store_result r;
	struct slice text;

	(void)state;
	decorate(b);
	r = store(b);
	assert_int_equal(r.what, STORED_NEW);
	assert_int_equal(r.tasks, b->ntasks);
	check(build_load(db, arena, r.id, &back, &ei));
	assert_true(fake_same_tasks(b, back));
	same_environment(&b->env, &back->env);
	assert_memory_equal(b->identity, back->identity, 32);
	assert_memory_equal(b->content, back->content, 32);
	assert_string_equal(b->name, back->name);
	assert_int_equal(b->status, back->status);
	assert_true(b->started == back->started && b->ended == back->ended);
	assert_true(b->cooker_cpu == back->cooker_cpu);
	assert_int_equal(b->build_stats.n, back->build_stats.n);
	assert_memory_equal(
	    b->build_stats.p, back->build_stats.p, b->build_stats.n);
	assert_string_equal(b->repairs[0], back->repairs[0]);
	assert_string_equal(b->rootfs[0].path, back->rootfs[0].path);
	assert_true(b->rootfs[0].bytes == back->rootfs[0].bytes);
	assert_int_equal(back->nseries, 2);
	assert_int_equal(back->series[0].flags, SERIES_TRUNCATED);
	assert_true(back->series[0].column[0][1] == .5);
	assert_string_equal(back->series[1].subject, "/a: b");
	check(build_text_load(db, arena, (struct build_key){r.id, b->started},
	    "host_stats", &text, &ei));
	assert_true(slice_is(text, "hello"));
	assert_int_equal(
	    build_text_load(db, arena, (struct build_key){r.id, b->started},
		"none", &text, &ei),
	    ERR_NOT_FOUND);
	assert_int_equal(
	    build_load(db, arena, 999999, &back, &ei), ERR_NOT_FOUND);
}

/* ---- the same build again ---- */

static void
test_again(void **state)
{
	struct build *b = make(2, STARTED);
	struct store_result first = store(b), again;

	(void)state;
	again = store(b);
	assert_int_equal(first.what, STORED_NEW);
	assert_int_equal(again.what, STORED_SAME);
	assert_int_equal(again.id, first.id);
	assert_int_equal(again.nfailures, first.nfailures);
	assert_true(first.nfailures > 0);
}

static void
test_replaced(void **state)
{
	struct build *b = make(3, STARTED), *poorer = make(3, STARTED);
	struct build *other = make(3, STARTED - 40 * DAY), *back;
	struct store_result r = store(b);
	int id = r.id;

	(void)state;
	/* fewer tasks, or without an end: what is there stays */
	poorer->content[0] ^= 1;
	poorer->ntasks--;
	r = store(poorer);
	assert_int_equal(r.what, STORED_KEPT_RICHER);
	assert_int_equal(r.id, id);
	assert_int_equal(r.tasks, b->ntasks);
	assert_true(r.nfailures > 0);
	poorer->ntasks++;
	poorer->ended = TIME_UNKNOWN;
	assert_int_equal(store(poorer).what, STORED_KEPT_RICHER);
	/* other content, even of another month, takes its place */
	other->content[0] ^= 2;
	r = store(other);
	assert_int_equal(r.what, STORED_REPLACED);
	assert_int_equal(r.id, id);
	check(build_load(db, arena, id, &back, &ei));
	assert_true(fake_same_tasks(other, back));
	holds("NOT EXISTS (SELECT FROM task_block x WHERE NOT EXISTS "
	      "(SELECT FROM build b WHERE b.id = x.build AND "
	      "b.started = x.started))");
	holds("NOT EXISTS (SELECT FROM package_build x WHERE NOT EXISTS "
	      "(SELECT FROM build b WHERE b.id = x.build AND "
	      "b.started = x.started))");
}

/* The usual upload asks the dictionaries for nothing. */
static void
test_few_statements(void **state)
{
	unsigned n;

	(void)state;
	store(make(4, STARTED));
	db_take_query_count(db);
	store(make(5, STARTED));
	n = db_take_query_count(db);
	if (n > 12)
		fail_msg("%u statements", n);
}

static void
test_rollback_leaves_nothing(void **state)
{
	struct build *b = make(6, STARTED), *back;
	struct store_result r;

	(void)state;
	b->packages[0].recipe = "only-in-the-rolled-back";
	b->packages[0].pf = "only-in-the-rolled-back-1-r0";
	b->packages[0].version = "1-r0";
	check(build_store_prepare(db, b->started, &ei));
	check(db_begin(db, DB_READ_WRITE, &ei));
	check(build_store(db, arena, b, &r, &ei));
	assert_int_equal(db_end(db, ERR_INPUT, &ei), ERR_INPUT);
	assert_int_equal(
	    build_load(db, arena, r.id, &back, &ei), ERR_NOT_FOUND);
	holds("NOT EXISTS (SELECT FROM build WHERE name = 'fake6')");
	holds("NOT EXISTS (SELECT FROM task_block x WHERE NOT EXISTS "
	      "(SELECT FROM build b WHERE b.id = x.build))");
	/* ids that were given then are as good as before */
	r = store(b);
	assert_int_equal(r.what, STORED_NEW);
	check(build_load(db, arena, r.id, &back, &ei));
	assert_true(fake_same_tasks(b, back));
	holds("EXISTS (SELECT FROM package_build p JOIN recipe r "
	      "ON r.id = p.recipe WHERE r.name = 'only-in-the-rolled-back')");
}

/* ---- at the same time ---- */

#define AT_ONCE 40

/* Stores builds first, first + 1, ...; returns how many were new, or -1. */
static int
store_many(uint64_t first)
{
	int fresh = 0;

	for (uint64_t i = 0; i < AT_ONCE; i++) {
		struct build *b = make(first + i, STARTED);
		/* names that nobody has stored before, met by both */
		for (size_t p = 0; p < b->npackages; p++)
			b->packages[p].recipe = arena_printf(arena,
			    "at-once-%llu-%zu", (unsigned long long)i, p);
		struct store_result r;
		if (build_store_prepare(db, b->started, &ei) != ERR_OK ||
		    db_begin(db, DB_READ_WRITE, &ei) != ERR_OK ||
		    db_end(db, build_store(db, arena, b, &r, &ei), &ei) !=
			ERR_OK) {
			printf("# %s (%s)\n", ei.text, ei.detail);
			return -1;
		}
		fresh += r.what == STORED_NEW;
	}
	return fresh;
}

/* Two processes; returns the sum of what was new. */
static int
store_in_two(uint64_t first, uint64_t second)
{
	int status, mine;
	pid_t child;

	db_free(db);
	db = NULL;
	child = fork();
	assert_true(child >= 0);
	db = db_new(getenv("BUILDSTATS_DB"));
	if (child == 0) {
		int n = store_many(second);
		_exit(n < 0 ? 255 : n);
	}
	mine = store_many(first);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 255);
	assert_true(mine >= 0);
	return mine + WEXITSTATUS(status);
}

static void
test_same_builds_at_once(void **state)
{
	(void)state;
	assert_int_equal(store_in_two(1000, 1000), AT_ONCE);
}

static void
test_same_names_at_once(void **state)
{
	(void)state;
	assert_int_equal(store_in_two(2000, 3000), 2 * AT_ONCE);
	holds("NOT EXISTS (SELECT FROM recipe HAVING max(id) > "
	      "count(*) + 60)");
}

/* ---- months ---- */

static void
test_months(void **state)
{
	/* 2026-01-01 00:00:00, and a hundredth of a second before */
	static const int64_t when[] = {INT64_C(1767225600000000),
	    INT64_C(1767225599990000), INT64_C(951782400000000),
	    INT64_C(1709164800000000)};
	struct build *back;

	(void)state;
	for (size_t i = 0; i < sizeof(when) / sizeof(when[0]); i++) {
		struct build *b = make(100 + i, when[i]);
		struct store_result r = store(b);
		check(build_load(db, arena, r.id, &back, &ei));
		assert_true(fake_same_tasks(b, back));
	}
	holds("(SELECT count(*) FROM task_block_2026_01) = 1");
	holds("(SELECT count(*) FROM task_block_2025_12) = 1");
	holds("(SELECT count(*) FROM package_build_2000_02) = 12");
	holds("(SELECT count(*) FROM package_build_2024_02) = 12");
	/* EXTERNAL is kept, or one metric could not be read alone */
	holds("(SELECT attstorage FROM pg_attribute WHERE attrelid = "
	      "'task_block_2024_02'::regclass AND attname = 'columns') = 'e'");
}

static void
test_impossible_months(void **state)
{
	(void)state;
	assert_int_equal(build_store_prepare(db, TIME_UNKNOWN, &ei), ERR_INPUT);
	assert_int_equal(build_store_prepare(db, 0, &ei), ERR_INPUT);
	assert_int_equal(
	    build_store_prepare(db, INT64_C(9000000000000000), &ei), ERR_INPUT);
	assert_int_equal(
	    build_store_prepare(db, INT64_MAX - 5, &ei), ERR_INPUT);
}

/* A new month waits for nobody who writes to another. */
static void
test_new_month_beside_an_upload(void **state)
{
	struct build *b = make(110, STARTED);
	struct store_result r;

	(void)state;
	check(build_store_prepare(db, b->started, &ei));
	check(db_begin(db, DB_READ_WRITE, &ei));
	check(build_store(db, arena, b, &r, &ei));
	check(
	    build_store_prepare(db_aside(db), INT64_C(1717200000000000), &ei));
	check(db_end(db, ERR_OK, &ei));
	holds("to_regclass('build_text_2024_06') IS NOT NULL");
}

/* ---- tables ---- */

static const struct task *
find_task(const struct build *b, const struct task_table *t, size_t i)
{
	for (size_t k = 0; k < b->ntasks; k++) {
		const struct task *x = &b->tasks[k];
		if (x->block == t->block[i] &&
		    strcmp(b->packages[x->package].pf,
			t->packages[t->package[i]].pf) == 0 &&
		    strcmp(b->task_names[x->name], t->task_names[t->name[i]]) ==
			0)
			return x;
	}
	fail_msg("no task %zu", i);
	return NULL;
}

/* What the first slot of that name says, NAN without one. */
static double
value_of(const struct build *b, const struct task *x, const char *name)
{
	const struct shape *sh = &b->shapes[x->shape];

	for (size_t k = 0; k < sh->nslots; k++)
		if (strcmp(b->metrics[sh->slots[k].metric].name, name) == 0)
			return task_value(b, x, k);
	return NAN;
}

static double
known(double d)
{
	return isnan(d) ? 0 : d;
}

static double
expected(const struct build *b, const struct task *x, const char *name)
{
	double e;

	if (strcmp(name, "elapsed") == 0) {
		e = task_elapsed(b, x);
		return e < 0 ? NAN : e;
	}
	if (strcmp(name, "read_ops") == 0) {
		double own = value_of(b, x, "rusage.ru_inblock");
		double children = value_of(b, x, "child_rusage.ru_inblock");
		return isnan(own) && isnan(children)
			   ? NAN
			   : known(own) + known(children);
	}
	if (strcmp(name, "cputime") == 0) {
		double s = value_of(b, x, "rusage.ru_stime");
		double u = value_of(b, x, "rusage.ru_utime");
		double cs = value_of(b, x, "child_rusage.ru_stime");
		double cu = value_of(b, x, "child_rusage.ru_utime");
		if (isnan(s) && isnan(u) && isnan(cs) && isnan(cu))
			return NAN;
		return known(s) + known(u) + known(cs) + known(cu);
	}
	return value_of(b, x, name);
}

static void
same_column(const struct build *b, const struct task_table *t,
    const struct task_column *c)
{
	for (size_t i = 0; i < t->n; i++) {
		double want = expected(b, find_task(b, t, i), c->name);
		if (c->value[i] != want && !(isnan(want) && isnan(c->value[i])))
			fail_msg("%s of %zu: %g instead of %g", c->name, i,
			    c->value[i], want);
	}
}

static void
test_table(void **state)
{
	struct build *b = make(200, STARTED);
	struct store_result r = store(b);
	struct task_table *t, *fresh;
	struct task_column *all, one;

	(void)state;
	check(task_table_load(db, arena, r.id, b->started, &t, &ei));
	assert_int_equal(t->n, b->ntasks);
	for (size_t i = 0; i < t->n; i++) {
		const struct task *x = find_task(b, t, i);
		assert_int_equal(t->status[i], b->shapes[x->shape].status);
		assert_true(t->started[i] == task_started(b, x));
		assert_true(t->elapsed[i] == task_elapsed(b, x));
	}
	for (size_t i = 1; i < t->nmetrics; i++)
		assert_true(strcmp(t->metrics[i - 1], t->metrics[i]) < 0);
	check(task_table_columns(db, arena, t, &all, &ei));
	for (size_t i = 0; i < t->nmetrics; i++) {
		assert_string_equal(all[i].name, t->metrics[i]);
		same_column(b, t, &all[i]);
		check(
		    task_table_load(db, arena, r.id, b->started, &fresh, &ei));
		check(task_table_column(
		    db, arena, fresh, t->metrics[i], &one, &ei));
		same_column(b, fresh, &one);
	}
	assert_int_equal(task_table_column(db, arena, t, "nothing", &one, &ei),
	    ERR_NOT_FOUND);
	assert_int_equal(
	    task_table_load(db, arena, 999999, b->started, &t, &ei),
	    ERR_NOT_FOUND);
}

/* ---- the connection ---- */

static void
test_reconnects(void **state)
{
	struct build *b = make(300, STARTED);
	struct db *other = db_new(getenv("BUILDSTATS_DB"));

	(void)state;
	store(b);
	/* once before anything is sent, and once it may be closing still */
	check(db_script(other,
	    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
	    "WHERE "
	    "datname = current_database() AND pid <> pg_backend_pid()",
	    &ei));
	b->identity[0] ^= 1;
	assert_int_equal(store(b).what, STORED_NEW);
	for (int i = 0; i < 20; i++) {
		check(db_script(other,
		    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
		    "WHERE datname = current_database() "
		    "AND pid <> pg_backend_pid()",
		    &ei));
		check(build_store_prepare(db, b->started, &ei));
	}
	db_free(other);
}

static void
test_lost_inside_a_transaction(void **state)
{
	struct build *b = make(301, STARTED), *back;
	struct db *other = db_new(getenv("BUILDSTATS_DB"));
	struct store_result r;

	(void)state;
	check(build_store_prepare(db, b->started, &ei));
	check(db_begin(db, DB_READ_WRITE, &ei));
	check(build_store(db, arena, b, &r, &ei));
	check(db_script(other,
	    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
	    "WHERE "
	    "datname = current_database() AND pid <> pg_backend_pid()",
	    &ei));
	assert_int_equal(build_load(db, arena, r.id, &back, &ei), ERR_DB);
	assert_string_equal(ei.text, "the database can't be reached");
	assert_int_equal(db_end(db, ERR_DB, &ei), ERR_DB);
	assert_int_equal(store(b).what, STORED_NEW);
	db_free(other);
}

static void
test_down(void **state)
{
	struct db *down = db_new("host=/nonexistent dbname=x");
	struct build *back;

	(void)state;
	assert_int_equal(build_load(down, arena, 1, &back, &ei), ERR_DB);
	assert_string_equal(ei.text, "the database can't be reached");
	assert_int_equal(db_begin(down, DB_READ_ONLY, &ei), ERR_DB);
	db_free(down);
	down = db_new("no connection string");
	assert_int_equal(db_connect(down, &ei), ERR_DB);
	db_free(down);
}

static void
test_settings(void **state)
{
	(void)state;
	holds("current_setting('TimeZone') = 'UTC'");
	holds("current_setting('statement_timeout') = '10s'");
	holds("current_setting('lock_timeout') = '5s'");
	check(db_set_timeout(db, 100, 0, &ei));
	assert_int_equal(db_script(db, "SELECT pg_sleep(30)", &ei), ERR_BUSY);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_there_and_back),
	    TEST(test_again),
	    TEST(test_replaced),
	    TEST(test_few_statements),
	    TEST(test_rollback_leaves_nothing),
	    TEST(test_same_builds_at_once),
	    TEST(test_same_names_at_once),
	    TEST(test_months),
	    TEST(test_impossible_months),
	    TEST(test_new_month_beside_an_upload),
	    TEST(test_table),
	    TEST(test_reconnects),
	    TEST(test_lost_inside_a_transaction),
	    TEST(test_down),
	    TEST(test_settings),
	};

	if (getenv("BUILDSTATS_DB") == NULL) {
		fputs("test_store: BUILDSTATS_DB: not set\n", stderr);
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
