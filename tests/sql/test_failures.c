/*
 * test_failures.c: failures and their logs into a database.  BUILDSTATS_DB
 * names a migrated database that nobody else uses.
 */
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "failure_help.h"
#include "model/build_info.h"
#include "model/failure_list.h"
#include "model/signature.h"
#include "tests/unit/fake_build.h"

/* The failure of a whole build that told[0] is about. */
static struct told_failure
told_of(const struct build *b, const struct taken_log *log)
{
	size_t n;
	const struct build_failure *f = build_failures(arena, b, &n);

	assert_true(n > 0);
	struct told_failure t =
	    told(b->packages[f->package].recipe, f->name, log);
	t.version = b->packages[f->package].version;
	return t;
}

/* Gives a build what lay beside it: a log, and the report that told it. */
static void
bring(struct build *b, const struct build *report, struct told_failure *f)
{
	b->told = f;
	b->ntold = 1;
	if (report == NULL)
		return;
	b->reports = report->reports;
	b->nreports = report->nreports;
}

/* ---- a report alone ---- */

static void
test_report_alone(void **state)
{
	const struct told_failure f[] = {
	    told("xz", "do_compile", broken_log("alone", 20)),
	    told("zlib", "do_install", NULL)};
	const struct build *b = report_of(1, f, 2);
	struct store_result r = store_prepared(b), again;
	int build;

	(void)state;
	assert_int_equal(r.what, STORED_NEW);
	assert_int_equal(r.nfailures, 2);
	assert_string_equal(r.failures[0].recipe, "xz");
	assert_string_equal(r.failures[0].task, "do_compile");
	assert_non_null(strstr(r.failures[0].first_line, "alone"));
	assert_int_equal(r.told[0], r.failures[0].id);
	assert_int_equal(r.told[1], r.failures[1].id);
	assert_int_not_equal(r.failures[0].signature, 0);
	assert_int_equal(r.failures[1].signature, 0);
	assert_int_equal(r.failures[0].known.times, 0);
	assert_true(r.failures[0].known.first == TIME_UNKNOWN);
	check(report_find(db, b->reports[0], &build, &ei));
	assert_int_equal(build, r.id);
	holds("(SELECT log IS NOT NULL AND machine = 'qemux86-64' AND "
	      "version = (SELECT id FROM recipe_version WHERE name = '1.0-r0') "
	      "AND signed = %d FROM failure WHERE id = %d)",
	    SIGNATURE_VERSION, r.told[0]);
	again = store_prepared(b);
	assert_int_equal(again.what, STORED_SAME);
	assert_int_equal(again.id, r.id);
	assert_int_equal(again.nfailures, 2);
	assert_int_equal(again.told[0], r.told[0]);
	assert_int_equal(again.told[1], r.told[1]);
	holds("(SELECT count(*) FROM failure WHERE build = %d) = 2", r.id);
}

static void
test_unknown_report(void **state)
{
	const unsigned char sha256[32] = {1, 2, 3};
	int build = 7;

	(void)state;
	check(report_find(db, sha256, &build, &ei));
	assert_int_equal(build, 0);
}

/* The same error from another build, host and time is known. */
static void
test_known(void **state)
{
	struct told_failure f =
	    told("zlib", "do_compile", broken_log("known", 5));
	int64_t now = (int64_t)time(NULL) * 1000000;
	struct store_result r = {0};
	const struct failure_known *k;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		f.seen = now - (3 - (int64_t)i) * INT64_C(3600000000);
		r = store_prepared(report_of(10 + i, &f, 1));
		assert_int_equal(r.failures[0].known.times, i);
	}
	k = &r.failures[0].known;
	assert_int_equal(k->builders, 3);
	assert_true(k->last - k->first == INT64_C(7200000000));
	/* other lines, but the same beginning of the same task */
	holds("(SELECT count(DISTINCT log) FROM failure WHERE build IN "
	      "(SELECT build FROM failure WHERE id = %d)) = 1",
	    r.told[0]);
}

static void
test_message_without_a_log(void **state)
{
	struct told_failure f[] = {told("nothing-here", "", NULL),
	    told("", "", NULL), told("", "", NULL)};
	struct store_result r;

	(void)state;
	f[0].kind = FAILURE_NO_PROVIDER;
	f[0].version = f[1].version = f[2].version = "";
	f[0].message = "\n  Nothing provides 'nothing-here'\nClose matches:";
	f[1].kind = f[2].kind = FAILURE_PARSE;
	f[1].message = "ERROR: ParseError at a.bb:1: unparsed line";
	f[2].message = "ERROR: ParseError at b.bb:9: not a function";
	r = store_prepared(report_of(20, f, 3));
	assert_int_equal(r.nfailures, 3);
	assert_int_equal(r.failures[0].kind, FAILURE_NO_PROVIDER);
	assert_non_null(strstr(r.failures[0].first_line, "Nothing provides"));
	assert_int_not_equal(r.told[1], r.told[2]);
	holds(
	    "(SELECT message LIKE '%%matches:' AND log IS NULL AND task IS NULL"
	    " AND sig_lines IS NOT NULL FROM failure WHERE id = %d)",
	    r.told[0]);
	holds("(SELECT recipe IS NULL FROM failure WHERE id = %d)", r.told[1]);
	r = store(report_of(20, f, 3));
	assert_int_equal(r.what, STORED_SAME);
	holds("(SELECT count(*) FROM failure WHERE build = %d) = 3", r.id);
}

/* Logs of several configurations of a recipe are several failures; two words
 * of one failure are one, and the fuller log is kept. */
static void
test_same_task_twice(void **state)
{
	const struct told_failure f[] = {
	    told("twice", "do_compile", broken_log("one", 5)),
	    told("twice", "do_compile", broken_log("other", 5)),
	    told("twice", "do_compile", broken_log("one", 9)),
	    told("twice", "do_compile", NULL)};
	struct store_result r = store_prepared(report_of(30, f, 4));

	(void)state;
	assert_int_equal(r.nfailures, 2);
	assert_int_equal(r.told[0], r.told[2]);
	assert_int_equal(r.told[0], r.told[3]);
	assert_int_not_equal(r.told[0], r.told[1]);
	holds("(SELECT l.lines = 9 FROM failure f JOIN log l ON l.id = f.log "
	      "WHERE f.id = %d)",
	    r.told[0]);
}

static void
test_impossible_values(void **state)
{
	struct told_failure f = told("r", "t", NULL);
	char *name = arena_alloc(arena, 9001);
	struct store_result r;

	(void)state;
	/* two bytes each: the cut must not halve one */
	for (size_t i = 0; i < 9000; i += 2)
		memcpy(name + i, "\xc3\xa9", 2);
	name[9000] = '\0';
	f.recipe = f.task = f.version = f.message = name;
	f.seen = INT64_MAX;
	r = store_prepared(report_of(40, &f, 1));
	holds("(SELECT octet_length(r.name) = 254 AND f.seen < now() + "
	      "interval '1 year' FROM failure f JOIN recipe r ON r.id = "
	      "f.recipe WHERE f.id = %d)",
	    r.told[0]);
	f.seen = INT64_MIN + 1;
	f.recipe = f.task = f.version = f.message = "";
	store_prepared(report_of(41, &f, 1));
}

/* ---- many ---- */

static void
test_ten_thousand(void **state)
{
	size_t n = 10000;
	struct told_failure *f = arena_calloc(arena, n, sizeof(*f));
	const struct taken_log *log[50];
	struct store_result r;
	unsigned statements;

	(void)state;
	for (unsigned i = 0; i < 50; i++)
		log[i] = broken_log(
		    arena_printf(arena, "many%c%c", 'a' + i / 26, 'a' + i % 26),
		    30);
	for (size_t i = 0; i < n; i++) {
		f[i] = told(arena_printf(arena, "many-%zu", i / 4),
		    i % 4 < 2 ? "do_compile" : "do_install", log[i % 50]);
		if (i % 4 % 2 == 1)
			f[i].version = "2.0-r0";
	}
	db_take_query_count(db);
	r = store_prepared(report_of(50, f, n));
	statements = db_take_query_count(db);
	if (statements > 40)
		fail_msg("%u statements", statements);
	assert_int_equal(r.nfailures, 1000);
	holds("(SELECT count(*) FROM failure WHERE build = %d) = 10000", r.id);
	holds("(SELECT count(DISTINCT log) FROM failure WHERE build = %d) = 50",
	    r.id);
	for (size_t i = 0; i < n; i += 499)
		holds("(SELECT r.name = '%s' AND t.name = '%s' FROM failure f "
		      "JOIN "
		      "recipe r ON r.id = f.recipe JOIN task_name t ON t.id = "
		      "f.task WHERE f.id = %d)",
		    f[i].recipe, f[i].task, r.told[i]);
	assert_true(r.failures[0].known.times > 100);
	r = store_prepared(report_of(50, f, n));
	assert_int_equal(r.what, STORED_SAME);
	holds("(SELECT count(*) FROM failure WHERE build = %d) = 10000", r.id);
}

/* ---- with a build ---- */

static void
test_tasks_of_a_build(void **state)
{
	struct build *b = whole(60);
	size_t n;
	const struct build_failure *f = build_failures(arena, b, &n);
	struct store_result r = store_prepared(b);

	(void)state;
	assert_int_equal(r.nfailures, n);
	assert_int_equal(r.failed, n);
	for (size_t i = 0; i < n; i++) {
		const struct package *p = &b->packages[f[i].package];
		assert_string_equal(r.failures[i].recipe, p->recipe);
		assert_string_equal(r.failures[i].task, f[i].name);
		if (f[i].task != NULL &&
		    task_ended(b, f[i].task) != TIME_UNKNOWN)
			holds("(SELECT seen = 'epoch'::timestamptz + %lld * "
			      "interval '1 us' FROM failure WHERE id = %d)",
			    (long long)task_ended(b, f[i].task),
			    r.failures[i].id);
	}
	assert_int_equal(store_prepared(b).failures[0].id, r.failures[0].id);
}

/* A log that comes later joins the failure it belongs to. */
static void
test_log_later(void **state)
{
	struct build *b = whole(61);
	struct store_result first = store_prepared(b), r;
	struct told_failure f = told_of(b, broken_log("later", 5));

	(void)state;
	holds("(SELECT log IS NULL FROM failure WHERE id = %d)",
	    first.failures[0].id);
	bring(b, NULL, &f);
	r = store_prepared(b);
	assert_int_equal(r.what, STORED_SAME);
	assert_int_equal(r.told[0], first.failures[0].id);
	assert_int_equal(r.nfailures, first.nfailures);
	assert_non_null(strstr(r.failures[0].first_line, "later"));
	holds(
	    "(SELECT log IS NOT NULL AND sig_block IS NOT NULL AND first_line "
	    "LIKE '%%later%%' FROM failure WHERE id = %d)",
	    r.told[0]);
	/* and stays when a poorer build comes */
	b->told = NULL;
	b->ntold = 0;
	b->content[0] ^= 1;
	b->ntasks--;
	r = store_prepared(b);
	assert_int_equal(r.what, STORED_KEPT_RICHER);
	assert_int_equal(r.nfailures, first.nfailures);
	b->ntasks++;
	r = store_prepared(b);
	assert_int_equal(r.what, STORED_REPLACED);
	assert_int_equal(r.failures[0].id, first.failures[0].id);
	holds("(SELECT log IS NOT NULL FROM failure WHERE id = %d)",
	    first.failures[0].id);
}

/* What a replaced build has no more goes, unless somebody told of it. */
static void
test_replaced(void **state)
{
	struct build *b = whole(62);
	struct store_result first = store_prepared(b), r;
	struct told_failure f = told("elsewhere", "do_fetch", NULL);
	size_t n = first.nfailures;

	(void)state;
	assert_true(n > 2);
	f.message = "ERROR: Fetcher failure";
	bring(b, NULL, &f);
	r = store_prepared(b);
	assert_int_equal(r.nfailures, n + 1);
	b->ntold = 0;
	b->content[0] ^= 1;
	b->env.machine = "other";
	/* the failed tasks pass now, but for what build_stats says */
	for (size_t i = 0; i < b->nshapes; i++)
		b->shapes[i].status = TASK_PASSED;
	b->nfailed_at = 0;
	r = store_prepared(b);
	assert_int_equal(r.what, STORED_REPLACED);
	assert_int_equal(r.failed, 0);
	assert_int_equal(r.nfailures, 1);
	assert_string_equal(r.failures[0].recipe, "elsewhere");
	holds("(SELECT count(*) = 1 AND min(machine) = 'other' FROM failure "
	      "WHERE build = %d)",
	    r.id);
}

static void
test_given_number(void **state)
{
	struct told_failure f = told("numbered", "do_compile", NULL);
	struct store_result r;
	int first, other;

	(void)state;
	check(failure_reserve(db, 10, &first, &ei));
	check(failure_reserve(db, 1, &other, &ei));
	assert_true(other >= first + 10);
	f.number = first + 3;
	r = store_prepared(report_of(70, &f, 1));
	assert_int_equal(r.told[0], first + 3);
	assert_int_equal(store(report_of(70, &f, 1)).told[0], first + 3);
	/* a number that somebody else has is none */
	r = store_prepared(report_of(71, &f, 1));
	assert_int_not_equal(r.told[0], first + 3);
	assert_int_not_equal(failure_reserve(db, 0, &first, &ei), ERR_OK);
	assert_int_not_equal(failure_reserve(db, 1 << 30, &first, &ei), ERR_OK);
}

/* ---- a report, then its build; and the other way round ---- */

static void
test_takeover(void **state)
{
	struct build *b = whole(80);
	struct told_failure f = told_of(b, broken_log("takeover", 5));
	const struct build *report = report_of(80, &f, 1);
	struct store_result alone = store_prepared(report), r, again;
	struct build_info info;
	struct build *back;

	(void)state;
	bring(b, report, &f);
	r = store_prepared(b);
	assert_int_equal(r.what, STORED_NEW);
	assert_int_not_equal(r.id, alone.id);
	assert_int_equal(r.told[0], alone.told[0]);
	assert_int_equal(
	    build_load(db, arena, alone.id, &back, &ei), ERR_NOT_FOUND);
	check(build_find(
	    db, arena, arena_printf(arena, "%d", alone.id), &info, &ei));
	assert_int_equal(info.row.id, r.id);
	holds(
	    "(SELECT build = %d AND builder = (SELECT builder FROM build WHERE "
	    "id = build) AND log IS NOT NULL FROM failure WHERE id = %d)",
	    r.id, alone.told[0]);
	holds("(SELECT count(*) FROM failure WHERE build = %d) = 0", alone.id);
	holds("(SELECT count(*) FROM package_build WHERE build = %d) = 0",
	    alone.id);
	holds(
	    "(SELECT count(*) FROM task_block WHERE build = %d) = 0", alone.id);
	/* the report again, alone: the whole build and its failure */
	again = store_prepared(report);
	assert_int_equal(again.what, STORED_SAME);
	assert_int_equal(again.id, r.id);
	assert_int_equal(again.tasks, b->ntasks);
	assert_int_equal(again.told[0], alone.told[0]);
	/* and the build again */
	again = store_prepared(b);
	assert_int_equal(again.what, STORED_SAME);
	assert_int_equal(again.id, r.id);
	assert_int_equal(again.nfailures, r.nfailures);
}

static void
test_build_then_report(void **state)
{
	struct build *b = whole(83);
	struct told_failure f = told_of(b, broken_log("build first", 5));
	const struct build *report = report_of(81, &f, 1);
	struct store_result r, alone;
	int build;

	(void)state;
	bring(b, report, &f);
	r = store_prepared(b);
	check(report_find(db, report->reports[0], &build, &ei));
	assert_int_equal(build, r.id);
	alone = store_prepared(report);
	assert_int_equal(alone.what, STORED_SAME);
	assert_int_equal(alone.id, r.id);
	assert_int_equal(alone.told[0], r.told[0]);
	holds("(SELECT count(*) FROM build WHERE id > %d) = 0", r.id);
}

/* Both had given out a number before it showed that they are one. */
static void
test_late_takeover(void **state)
{
	struct build *b = whole(82);
	struct told_failure f = told_of(b, broken_log("late", 5));
	const struct build *report = report_of(82, &f, 1);
	struct store_result bare = store_prepared(b);
	struct store_result alone = store_prepared(report), r;
	struct failure_row row;

	(void)state;
	assert_int_not_equal(bare.failures[0].id, alone.told[0]);
	bring(b, report, &f);
	r = store_prepared(b);
	assert_int_equal(r.what, STORED_SAME);
	assert_int_equal(r.told[0], bare.failures[0].id);
	assert_int_equal(r.nfailures, bare.nfailures);
	check(failure_find(db, arena, alone.told[0], &row, &ei));
	assert_int_equal(row.id, bare.failures[0].id);
	assert_int_not_equal(row.log, 0);
}

/* ---- at the same time ---- */

#define AT_ONCE 40

/* Stores reports, each with an error of its own; returns how many were new,
 * or -1. */
static int
store_many(bool ahead)
{
	int fresh = 0;

	for (unsigned i = 0; i < AT_ONCE; i++) {
		/* in different orders: that is how waiting ends badly */
		struct told_failure f[2];
		f[ahead] = told("same-time", "do_compile",
		    broken_log(arena_printf(arena, "c%u", i), 4));
		f[!ahead] = told("same-time-too", "do_compile",
		    broken_log(arena_printf(arena, "d%u", i), 4));
		const struct build *b = report_of(1000 + i, f, 2);
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

static void
test_same_reports_at_once(void **state)
{
	int status, mine;
	pid_t child;

	(void)state;
	db_free(db);
	db = NULL;
	child = fork();
	assert_true(child >= 0);
	db = db_new(getenv("BUILDSTATS_DB"));
	if (child == 0) {
		int n = store_many(true);
		_exit(n < 0 ? 255 : n);
	}
	mine = store_many(false);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 255);
	assert_true(mine >= 0);
	assert_int_equal(mine + WEXITSTATUS(status), AT_ONCE);
	holds(
	    "(SELECT count(*) FROM failure f JOIN recipe r ON r.id = f.recipe "
	    "WHERE r.name LIKE 'same-time%%') = %d",
	    2 * AT_ONCE);
	holds(
	    "NOT EXISTS (SELECT FROM log GROUP BY sha256 HAVING count(*) > 1)");
}

/* A whole build and its report from two senders: one build in the end, whoever
 * comes first. */
static void
test_report_and_build_at_once(void **state)
{
	int status;
	pid_t child;

	(void)state;
	db_free(db);
	db = NULL;
	child = fork();
	assert_true(child >= 0);
	db = db_new(getenv("BUILDSTATS_DB"));
	for (unsigned i = 0; i < AT_ONCE; i++) {
		struct told_failure f = told("both", "do_compile",
		    broken_log(arena_printf(arena, "e%u", i), 4));
		struct build *report = report_of(2000 + i, &f, 1);
		struct build *b = whole(2000 + i);
		bring(b, report, &f);
		store(child == 0 ? report : b);
	}
	if (child == 0)
		_exit(0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	holds("(SELECT count(*) = %d AND bool_and(b.tasks > 0) AND count("
	      "DISTINCT b.id) = %d FROM failure f JOIN recipe r ON r.id = "
	      "f.recipe JOIN build b ON b.id = f.build WHERE r.name = 'both')",
	    AT_ONCE, AT_ONCE);
	holds("NOT EXISTS (SELECT FROM report r WHERE NOT EXISTS "
	      "(SELECT FROM build b WHERE b.id = r.build))");
}

/* Numbers in a row, while others take some. */
static void
test_reserved_at_once(void **state)
{
	int first, status;
	pid_t child;

	(void)state;
	db_free(db);
	db = NULL;
	child = fork();
	assert_true(child >= 0);
	db = db_new(getenv("BUILDSTATS_DB"));
	if (child == 0) {
		for (int i = 0; i < 200; i++)
			if (number("SELECT nextval('failure_id')") < 1)
				_exit(1);
		_exit(0);
	}
	check(db_script(db, "CREATE TABLE taken (id bigint PRIMARY KEY)", &ei));
	for (int i = 0; i < 50; i++) {
		check(failure_reserve(db, 100, &first, &ei));
		check(db_script(db,
		    arena_printf(arena,
			"INSERT INTO taken SELECT generate_series(%d, %d)",
			first, first + 99),
		    &ei));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	check(db_script(db, "DROP TABLE taken", &ei));
}

/* ---- few statements, good plans ---- */

static void
test_few_statements(void **state)
{
	struct told_failure f =
	    told("few", "do_compile", broken_log("few0", 2000));
	unsigned n;

	(void)state;
	store_prepared(report_of(90, &f, 1));
	f.log = broken_log("few1", 2000);
	db_take_query_count(db);
	store_prepared(report_of(91, &f, 1));
	n = db_take_query_count(db);
	if (n > 16)
		fail_msg("%u statements", n);
}

static void
fill(void)
{
	check(db_script(db,
	    "INSERT INTO log (sha256, size, lines, first_error, error_lines, "
	    "excerpt, excerpt_lines, words) SELECT sha256(i::text::bytea), 9, "
	    "9, 1, '{1}', 'error ' || i, '{1}', '{}' FROM generate_series(1, "
	    "20000) "
	    "i; INSERT INTO log_chunk SELECT id, 0, 0, 9, 1, '' FROM log WHERE "
	    "size = 9; INSERT INTO signature (strength, version, hash, text) "
	    "SELECT 1 + i % 3, 1, decode(md5(i::text), 'hex'), '' FROM "
	    "generate_series(1, 20000) i; INSERT INTO failure (build, started, "
	    "seen, kind, recipe, version, task, log, sig_block, sig_lines, "
	    "sig_task, first_line, signed, builder, machine, distro, image, "
	    "branch) SELECT 1000000 + i / 5, now(), now() - i * interval '1 "
	    "minute', 1, i % 900, i % 2000, i % 20, (SELECT min(id) FROM log) "
	    "+ i % 10000, 1 + i % 5000, 1 + i % 3000, 1 + i % 1000, '', 1, "
	    "'b' || i % 40, 'm', "
	    "'d', 'i', 'master' FROM generate_series(1, 20000) i; INSERT INTO "
	    "report (sha256, build) SELECT sha256(i::text::bytea), i FROM "
	    "generate_series(1, 20000) i; INSERT INTO receipt (code, kind, "
	    "bytes, sha256, builds, content, raw) SELECT i, 'bundle', 1, '', "
	    "'{}', '{}', '' FROM generate_series(1, 20000) i; "
	    "INSERT INTO build_moved SELECT 2000000 + i, i FROM "
	    "generate_series(1, 2000) i; INSERT INTO failure_moved SELECT "
	    "2000000 + i, i FROM generate_series(1, 2000) i; "
	    "INSERT INTO task_name (name) SELECT 'plan' || i FROM "
	    "generate_series(1, 2000) i; "
	    "INSERT INTO recipe (name) SELECT 'plan' || i FROM "
	    "generate_series(1, 2000) i; INSERT INTO recipe_version (name) "
	    "SELECT 'plan' || i FROM generate_series(1, 2000) i; "
	    "INSERT INTO build (identity, content, name, started, status, "
	    "packages, tasks, failed) SELECT sha256(i::text::bytea), '', i, "
	    "now(), 1, 1, 1, 1 FROM generate_series(1, 20000) i",
	    &ei));
	fill_results();
}

static void
test_plans(void **state)
{
	(void)state;
	fill();
	plan_is_good(Q_FAILURE_KNOWN, "1000001");
	plan_is_good(Q_FAILURE_STORED, "1000001, 1000");
	plan_is_good(Q_FAILURE_INSERT, "1, ARRAY[0], ARRAY[now()], '{1}', "
				       "'{1}', '{1}', '{1}', '{1}', '{1}',"
				       " '{1}', '{1}', '{x}', '{x}', 1");
	plan_is_good(Q_FAILURE_UPDATE,
	    "'{1}', ARRAY[now()], '{1}', '{1}', '{1}', '{1}', '{1}', '{x}', 1, "
	    "'{x}'");
	plan_is_good(Q_FAILURE_TAKEN, "'{1}'");
	plan_is_good(Q_FAILURE_DELETE, "'{1}'");
	plan_is_good(Q_FAILURE_FOLLOW, "1");
	plan_is_good(Q_LOG_STORE,
	    "'{x}', '{1}', '{1}', '{1}', '{\"{}\"}', '{x}', '{\"{}\"}', '{x}', "
	    "'{1}', '{1}', '{1}', '{1}', '{x}'");
	plan_is_good(Q_LOG_FIND, "'{x}'");
	plan_is_good(Q_LOG_INFO, "1");
	plan_is_good(Q_LOG_PIECE_OF_LINE, "1, 1");
	plan_is_good(Q_LOG_PIECE_BEHIND, "1, 1, 1");
	plan_is_good(Q_LOG_PIECE_OF_BYTE, "1, 1");
	plan_is_good(Q_LOG_PIECES, "1, 0, 8");
	plan_is_good(Q_LOG_LIST, "1");
	plan_is_good(Q_LOG_LIST_OF_BUILD, "1, 1000001");
	plan_is_good(Q_LOG_REFRESH, "1, 1, '{}', '', '{}'");
	plan_is_good(Q_SIGNATURE_STORE, "'{x}', '{1}', 1, '{x}'");
	plan_is_good(Q_SIGNATURE_FIND, "'{x}', 1");
	plan_is_good(Q_SIGNATURE_SET, "1, '{1}', '{1}', '{1}', '{1}', '{x}'");
	plan_is_good(Q_REPORT_FIND, "'x'");
	plan_is_good(Q_REPORT_ADD, "1, '{x}'");
	plan_is_good(
	    Q_STORE_FIND, "'x', 'x', 'm', now(), 'b', 'd', 'i', 'c', '{t}'");
	plan_is_good(Q_BUILD_BY_ID, "1");
	plan_is_good(Q_RECEIPT_LOAD, "'x'");
	plan_is_good(Q_TAKEOVER_SAME, "1000001, 1000002");
	plan_is_good(Q_TAKEOVER_FAILURES, "1000001, 1000002");
	plan_is_good(Q_TAKEOVER_REPORTS, "1, 2");
	plan_is_good(Q_TAKEOVER_BUILD, "1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_report_alone),
	    TEST(test_unknown_report),
	    TEST(test_known),
	    TEST(test_message_without_a_log),
	    TEST(test_same_task_twice),
	    TEST(test_impossible_values),
	    TEST(test_ten_thousand),
	    TEST(test_tasks_of_a_build),
	    TEST(test_log_later),
	    TEST(test_replaced),
	    TEST(test_given_number),
	    TEST(test_takeover),
	    TEST(test_build_then_report),
	    TEST(test_late_takeover),
	    TEST(test_same_reports_at_once),
	    TEST(test_report_and_build_at_once),
	    TEST(test_reserved_at_once),
	    TEST(test_few_statements),
	    TEST(test_plans),
	};

	if (getenv("BUILDSTATS_DB") == NULL) {
		fputs("test_failures: BUILDSTATS_DB: not set\n", stderr);
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
