/*
 * test_failure_search.c: the search for failures over twenty thousand made-up
 * ones: each search finds what looking at every failure finds, in that order,
 * and none reads a big table from end to end.  BUILDSTATS_DB names a migrated
 * database that nobody else uses; whoever made it may load auto_explain.
 */
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
#include "db/conn.h"
#include "model/failure_list.h"
#include "model/failure_near.h"
#include "model/log_words.h"

#define PAGE 100

static struct arena *arena;
static struct db *db;
static struct errinfo ei;
static struct buf plans; /* of what ran since it was emptied */
static bool used[Q__MAX + 1];

/* ---- the database ---- */

static void
collect(void *arg, const char *message)
{
	(void)arg;
	buf_adds(&plans, message);
}

static int32_t
word(const char *text)
{
	struct query_term t[QUERY_TERMS_MAX];

	assert_int_equal(query_terms(arena, text, t), 1);
	assert_true(t[0].is_word);
	return t[0].word;
}

/*
 * Logs of which all have "error" and "implicit", some have others, and words
 * that stand outside of the excerpt.  Some failures have logs of the oldest
 * again; some with new logs are old; the newest have none.
 */
static const char fill[] =
    "INSERT INTO recipe (name) SELECT 'searched-' || i"
    "  FROM generate_series(0, 39) i;"
    "INSERT INTO recipe_version (name) VALUES ('7.7-r0');"
    "INSERT INTO task_name (name) VALUES ('do_search'), ('do_seek')"
    "  ON CONFLICT DO NOTHING;"
    "INSERT INTO signature (strength, version, hash, text)"
    "  SELECT 1 + i %% 3, 1, decode(md5('search' || i), 'hex'), ''"
    "  FROM generate_series(0, 1499) i;"
    "INSERT INTO build (identity, content, name, builder, machine, distro,"
    "    image, branch, commit, layers, tags, started, status, packages,"
    "    tasks, failed) SELECT sha256(('search' || i)::bytea), '',"
    "    'search' || i, 'builder-' || i %% 90, 'machine-' || i %% 30, 'dis-'"
    "    || i %% 5, 'image-' || i %% 3, 'branch-' || i %% 4, md5(i::text),"
    "    ARRAY['meta'], ARRAY['nightly'], timestamptz '2030-01-01' + i *"
    "    interval '5 min', 2, 1, 1, 1 FROM generate_series(1, 4000) i;"
    "INSERT INTO log (sha256, size, lines, first_error, error_lines, excerpt,"
    "    excerpt_lines, words) SELECT sha256(('search' || i)::bytea), 1, 1, 1,"
    "    '{1}', 'CC -O2 -c file_' || i %% 500 || E'.c\\n' || i ||"
    "    ': Error: implicit declaration of function ''foo_' || i %% 2500 ||"
    "    '''' || CASE WHEN i %% 20 = 0 THEN ' often_said' ELSE '' END ||"
    "    CASE WHEN i %% 50 = 0 THEN ' seldom_said' ELSE '' END ||"
    "    CASE WHEN i %% 7000 = 1 THEN ' rarely_said' ELSE '' END, '{1}',"
    "    array_remove(ARRAY[%d, CASE WHEN i %% 33 = 0 THEN %d END,"
    "    CASE WHEN i %% 9000 = 5 THEN %d END], NULL)"
    "  FROM generate_series(1, 20000) i;"
    "CREATE TEMP TABLE f AS SELECT i, CASE WHEN i > 20200 THEN NULL"
    "    WHEN i > 20000 THEN i - 20000 ELSE i END AS l,"
    "    CASE WHEN i %% 400 = 7 THEN i - 10000"
    "    WHEN i > 20000 AND i <= 20200 THEN i - 4000 ELSE i END AS t"
    "  FROM generate_series(1, 20300) i;"
    "INSERT INTO failure (build, started, seen, kind, recipe, version, task,"
    "    log, sig_block, sig_lines, sig_task, first_line, message, signed,"
    "    builder, machine, distro, image, branch)"
    "  SELECT b.id, b.started, timestamptz '2030-01-01' + f.t * interval"
    "    '1 min', 1, r.id, v.id, t.id, l.id, s.id, s.id + 1, s.id + 2,"
    "    'searched line ' || f.i, CASE WHEN l.id IS NULL THEN 'Nothing PROVIDES"
    " it ' || f.i ELSE '' END, 1, b.builder, b.machine, b.distro, b.image,"
    "    b.branch FROM f"
    "    JOIN build b ON b.name = 'search' || 1 + f.i %% 4000"
    "    JOIN recipe r ON r.name = 'searched-' || f.i %% 40"
    "    JOIN recipe_version v ON v.name = '7.7-r0'"
    "    JOIN task_name t ON t.name = CASE WHEN f.i %% 4 = 0 THEN 'do_seek'"
    "         ELSE 'do_search' END"
    "    JOIN signature s ON s.hash = decode(md5('search' || f.i %% 500 * 3),"
    "         'hex')"
    "    LEFT JOIN log l ON l.sha256 = sha256(('search' || f.l)::bytea);"
    "UPDATE log SET words = NULL WHERE sha256 = ANY (SELECT"
    "    sha256(('search' || i)::bytea) FROM generate_series(5000, 5040) i)";

static void
run(const char *sql)
{
	PGresult *r = PQexec(db->conn, sql);

	if (PQresultStatus(r) != PGRES_COMMAND_OK &&
	    PQresultStatus(r) != PGRES_TUPLES_OK)
		fail_msg("%s", PQerrorMessage(db->conn));
	PQclear(r);
}

static int
set_up(void **state)
{
	struct buf sql = BUF_INIT;

	(void)state;
	arena = arena_new(0);
	db = db_new(getenv("BUILDSTATS_DB"));
	assert_int_equal(db_connect(db, &ei), ERR_OK);
	run("SET statement_timeout = 0");
	buf_addf(&sql, fill, word("checking"), word("sometimes_checked"),
	    word("hardly_checked"));
	run(sql.data);
	buf_clear(&sql);
	run("VACUUM ANALYZE");
	PQsetNoticeProcessor(db->conn, collect, NULL);
	run("LOAD 'auto_explain'");
	run("SET auto_explain.log_min_duration = 0");
	run("SET client_min_messages = log");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	db_free(db);
	arena_free(arena);
	buf_clear(&plans);
	return 0;
}

/* ---- checks ---- */

static void
check(enum err err)
{
	if (err != ERR_OK)
		fail_msg("%s (%s)", ei.text, ei.detail);
	for (size_t i = 0; i < COMBOS_MAX; i++)
		for (size_t k = 0;
		     db->combo[i] != NULL && k < db->combo[i]->nparts; k++)
			used[db->combo[i]->part[k]] = true;
}

/* All of what ran was planned well, and something was planned at all. */
static void
plans_are_good(const char *what)
{
	static const char *const big[] = {
	    "failure ", "log ", "build ", "package_build"};

	char *seen = arena_strndup(arena, plans.data, plans.len);

	assert_true(plans.len > 0);
	buf_reset(&plans);
	for (const char *p = seen; (p = strstr(p, "Seq Scan on ")) != NULL; p++)
		for (size_t i = 0; i < sizeof(big) / sizeof(big[0]); i++)
			if (strncmp(p + 12, big[i], strlen(big[i])) == 0)
				fail_msg("%s: %.800s", what,
				    p - seen > 300 ? p - 300 : seen);
}

static const struct failure_filter any = {
    .since = TIME_UNKNOWN, .until = TIME_UNKNOWN};

static struct failure_rows
find(const struct failure_filter *f, const char *key, bool down, int64_t offset)
{
	const struct list_order order = {key, down, offset, PAGE};
	struct failure_rows rows;

	check(failure_list_find(db, arena, f, &order, &rows, &ei));
	return rows;
}

/* ---- words ---- */

/* Does a failure have the terms?  The same question, asked of every one. */
static void
add_terms(struct buf *sql, const char *q)
{
	struct query_term t[QUERY_TERMS_MAX];
	size_t n = query_terms(arena, q, t);

	for (size_t i = 0; i < n; i++) {
		char *text =
		    PQescapeLiteral(db->conn, t[i].text, strlen(t[i].text));
		buf_addf(sql,
		    " AND (strpos(coalesce(l.search, lower(f.first_line ||"
		    " f.message COLLATE \"C\")), lower(%s)) > 0 OR r.name = %s"
		    " OR f.machine = %s OR f.builder = %s",
		    text, text, text, text);
		if (t[i].is_word)
			buf_addf(sql, " OR l.words @> ARRAY[%d]", t[i].word);
		buf_adds(sql, ")");
		PQfreemem(text);
	}
}

static PGresult *
look_at_all(const char *q, const char *condition, const char *order)
{
	struct buf sql = BUF_INIT;
	PGresult *r;

	buf_addf(&sql,
	    "SELECT f.id FROM failure f LEFT JOIN recipe r ON r.id = f.recipe"
	    " LEFT JOIN log l ON l.id = f.log WHERE %s",
	    condition);
	add_terms(&sql, q);
	buf_addf(&sql, " ORDER BY %s", order);
	r = PQexec(db->conn, sql.data);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql.data, PQerrorMessage(db->conn));
	buf_clear(&sql);
	buf_reset(&plans);
	return r;
}

static void
same_rows(const struct failure_rows *rows, const PGresult *all, int64_t offset,
    const char *what)
{
	int64_t left = PQntuples(all) - offset;
	size_t n = left < 0 ? 0 : left < PAGE ? (size_t)left : PAGE;

	if (rows->n != n)
		fail_msg("%s: %zu rows, not %zu", what, rows->n, n);
	for (size_t i = 0; i < n; i++)
		if (rows->row[i].id !=
		    atoi(PQgetvalue(all, (int)(offset + (int64_t)i), 0)))
			fail_msg("%s: row %zu is another one", what, i);
}

struct asked {
	const char *q;
	struct failure_filter filter;
	const char *condition;
};

static void
search(const struct asked *asked)
{
	static const int64_t offsets[] = {0, 40, 300};
	struct failure_filter f = asked->filter;
	PGresult *all;
	int64_t total;

	f.q = asked->q;
	f.since = f.until = TIME_UNKNOWN;
	for (int down = 0; down < 2; down++) {
		all = look_at_all(asked->q, asked->condition,
		    down ? "f.seen DESC, f.id DESC" : "f.seen, f.id");
		for (size_t i = 0; i < 3; i++) {
			struct failure_rows rows =
			    find(&f, "seen", down != 0, offsets[i]);
			plans_are_good(asked->q);
			same_rows(&rows, all, offsets[i], asked->q);
		}
		check(failure_list_count(db, arena, &f, 50, &total, &ei));
		plans_are_good(asked->q);
		assert_int_equal(
		    total, PQntuples(all) > 50 ? 51 : PQntuples(all));
		f.exact = true;
		check(failure_list_count(db, arena, &f, 0, &total, &ei));
		assert_int_equal(total, PQntuples(all));
		struct failure_rows rows = find(&f, "seen", down != 0, 0);
		same_rows(&rows, all, 0, asked->q);
		f.exact = false;
		buf_reset(&plans);
		PQclear(all);
	}
}

/* Common, not so common, rare, and absent ones; parts of words, phrases, words
 * outside of the excerpt, several, names, what has no log or isn't indexed. */
static void
test_words(void **state)
{
	static const char *const words[] = {"error", "rror", "often_said",
	    "ften_sai", "seldom_said", "rarely_said", "arely_sai",
	    "no_such_word", "\"declaration of function\"",
	    "\"function 'foo_77'\"", "\"error implicit\"", "checking",
	    "sometimes_checked", "hardly_checked", "often_said seldom_said",
	    "rarely_said checking", "error implicit of rror often_said cc",
	    "of -O2 rarely_said", "searched-12", "machine-7", "Provides",
	    "PROVIDES nothing", "foo_2017", "\": error\" often_said"};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		search(&(struct asked){words[i], any, "true"});
}

static void
test_words_and_filters(void **state)
{
	static const struct asked asked[] = {
	    {"error", {.machine = "machine-3"}, "f.machine = 'machine-3'"},
	    {"often_said", {.machine = "machine-3"}, "f.machine = 'machine-3'"},
	    {"often_said", {.distro = "dis-1"}, "f.distro = 'dis-1'"},
	    {"seldom_said", {.builder = "builder-9"},
		"f.builder = 'builder-9'"},
	    {"no_such_word", {.builder = "builder-9"},
		"f.builder = 'builder-9'"},
	    {"\"implicit declaration\"", {.package = "searched-7"},
		"r.name = 'searched-7'"},
	    {"sometimes_checked", {.package = "searched-9-7.7-r0"},
		"r.name = 'searched-9'"},
	    {"rarely_said", {.task = "do_search"},
		"f.task = (SELECT id FROM task_name WHERE name = 'do_search')"},
	    {"error", {.branch = "no-such"}, "f.branch = 'no-such'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		search(&asked[i]);
}

/* A part of a word that is too short for an index is found among the newest. */
static void
test_short_words(void **state)
{
	struct failure_filter f = any;
	struct failure_rows rows;

	(void)state;
	f.q = "zq";
	assert_int_equal(find(&f, "seen", true, 0).n, 0);
	f.q = "-o2";
	rows = find(&f, "seen", true, 0);
	assert_int_equal(rows.n, PAGE);
	plans_are_good(f.q);
	f.q = "a b c d e f g h i j k l m n o p q";
	assert_int_equal(
	    failure_list_find(db, arena, &f,
		&(struct list_order){"seen", true, 0, 1}, &rows, &ei),
	    ERR_INPUT);
}

/* ---- filters ---- */

static struct failure_filter
filter_of(unsigned bits)
{
	static const char *const tags[] = {"nightly"};
	struct failure_filter f = any;
	const char **text[] = {&f.builder, &f.machine, &f.distro, &f.image,
	    &f.branch, &f.layer, &f.commit, &f.package, &f.task, &f.q};
	static const char *const values[] = {"builder-7", "machine-7", "dis-2",
	    "image-1", "branch-3", "meta", "8f14e45f", "searched-7-7.7-r0",
	    "do_search", "error"};

	for (size_t i = 0; i < 10; i++)
		*text[i] = (bits >> i & 1) ? values[i] : "";
	f.ntags = bits >> 10 & 1;
	f.tags = tags;
	f.statuses = (bits >> 11 & 1) ? 1U << BUILD_FAILED : 0;
	f.since = (bits >> 12 & 1) ? INT64_C(1893456000000000) : TIME_UNKNOWN;
	f.until = (bits >> 13 & 1) ? INT64_C(1894656000000000) : TIME_UNKNOWN;
	f.build = (bits >> 14 & 1) ? 77 : 0;
	return f;
}

static void
filter(const struct failure_filter *f, const char *what)
{
	int64_t total;
	struct failure_rows rows = find(f, "seen", true, 0);

	plans_are_good(what);
	check(failure_list_count(db, arena, f, 500, &total, &ei));
	plans_are_good(what);
	if (rows.n < PAGE)
		assert_int_equal(total, rows.n);
	else
		assert_true(total >= PAGE);
}

static void
test_filters(void **state)
{
	PGresult *r = PQexec(db->conn,
	    "SELECT sig_block, sig_lines, sig_task FROM failure"
	    " WHERE first_line LIKE 'searched line 1%' LIMIT 1");
	char what[64];

	(void)state;
	buf_reset(&plans);
	for (unsigned i = 0; i < 15; i++)
		for (unsigned more = 0; more < 2; more++) {
			/* alone, and with words */
			struct failure_filter f =
			    filter_of(1U << i | more << 9);
			snprintf(what, sizeof(what), "filter %u", i);
			filter(&f, what);
		}
	for (int i = 0; i < 3; i++) {
		struct failure_filter f = any;
		f.signature = atoi(PQgetvalue(r, 0, i));
		filter(&f, "signature");
		f.q = "implicit";
		filter(&f, "signature and words");
		assert_true(find(&f, "seen", true, 0).n > 0);
	}
	PQclear(r);
	struct failure_filter all = filter_of((1U << 14) - 1);
	filter(&all, "all of them");
	all = any;
	all.package = "no-such";
	assert_int_equal(find(&all, "seen", true, 0).n, 0);
	all.package = "";
	all.signature = INT32_MAX;
	assert_int_equal(find(&all, "seen", true, 0).n, 0);
}

/* ---- orders ---- */

static int
compare(
    const char *key, const struct failure_row *a, const struct failure_row *b)
{
	const char *const keys[] = {"recipe", a->recipe, b->recipe, "task",
	    a->task, b->task, "machine", a->machine, b->machine, "distro",
	    a->distro, b->distro, "builder", a->builder, b->builder};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i += 3)
		if (strcmp(keys[i], key) == 0)
			return strcmp(keys[i + 1], keys[i + 2]);
	return a->seen < b->seen ? -1 : a->seen > b->seen;
}

static void
in_order(const struct failure_rows *rows, const char *key, bool down)
{
	assert_int_equal(rows->n, PAGE);
	for (size_t i = 1; i < rows->n; i++) {
		int d = compare(key, &rows->row[i - 1], &rows->row[i]);
		if (down ? d < 0 : d > 0)
			fail_msg("%s: row %zu is out of order", key, i);
		if (d == 0)
			assert_true(rows->row[i - 1].seen >= rows->row[i].seen);
	}
}

static void
test_orders(void **state)
{
	static const char *const words[] = {
	    "", "error", "often_said", "sometimes_checked"};

	(void)state;
	for (size_t k = 0; failure_list_keys[k] != NULL; k++)
		for (size_t w = 0; w < 8; w++) {
			struct failure_filter f = any;
			struct failure_rows rows;
			const char *key = failure_list_keys[k];
			bool down = w >= 4;
			f.q = words[w % 4];
			rows = find(&f, key, down, down ? 40 : 0);
			plans_are_good(key);
			in_order(&rows, key, down);
		}
	struct failure_filter f = any;
	f.exact = true;
	struct failure_rows rows = find(&f, "machine", false, 0);
	in_order(&rows, "machine", false);
}

/* As a page asks, and counts. */
static void
test_page(void **state)
{
	const struct list_order page = {"seen", true, 0, PAGE + 1};
	struct failure_rows rows;
	int64_t total;

	(void)state;
	buf_reset(&plans);
	check(failure_list_find(db, arena, &any, &page, &rows, &ei));
	assert_int_equal(rows.n, PAGE + 1);
	check(failure_list_count(db, arena, &any, 1000, &total, &ei));
	assert_int_equal(total, 1001);
	plans_are_good("a page");
}

static void
test_nearness(void **state)
{
	const struct list_order newest = {"seen", true, 0, FAILURES_NEAR_MAX};
	struct failure_filter f = any;
	struct failure_rows rows;

	(void)state;
	f.q = "implicit";
	check(failure_list_find(db, arena, &f, &newest, &rows, &ei));
	assert_int_equal(rows.n, FAILURES_NEAR_MAX);
	const struct failure_row middle = rows.row[250];
	char id[16];
	snprintf(id, sizeof(id), "%d", middle.build);
	buf_reset(&plans);
	check(failures_by_nearness(db, arena, id, &rows, &ei));
	plans_are_good("near");
	/* nothing is nearer than the build itself */
	assert_int_equal(rows.row[0].build, middle.build);
	assert_string_equal(rows.row[1].machine, middle.machine);
	assert_int_equal(
	    failures_by_nearness(db, arena, "999999999", &rows, &ei),
	    ERR_NOT_FOUND);
}

/* ---- one, those of a build ---- */

static void
test_one(void **state)
{
	struct failure_filter f = any;
	struct failure_rows rows = find(&f, "seen", true, 0), of_build;
	struct failure_row one;

	(void)state;
	check(failure_find(db, arena, rows.row[7].id, &one, &ei));
	plans_are_good("one");
	assert_string_equal(one.first_line, rows.row[7].first_line);
	assert_string_equal(one.recipe, rows.row[7].recipe);
	assert_string_equal(one.version, "7.7-r0");
	assert_int_equal(one.similar, rows.row[7].similar);
	assert_true(one.similar > 0);
	f.similar_max = 3;
	assert_int_equal(find(&f, "seen", true, 0).row[7].similar, 3);
	assert_int_equal(
	    failure_find(db, arena, 2000000000, &one, &ei), ERR_NOT_FOUND);
	buf_reset(&plans);
	check(failures_of_build(
	    db, arena, rows.row[7].build, 50, &of_build, &ei));
	plans_are_good("of a build");
	assert_true(of_build.n >= 5);
	for (size_t i = 0; i < of_build.n; i++)
		assert_int_equal(of_build.row[i].build, rows.row[7].build);
}

static void
test_all_fragments_used(void **state)
{
	(void)state;
	for (size_t q = 0; q < Q__MAX; q++)
		if (query_texts[q].kind == QUERY_FRAGMENT &&
		    strncmp(query_texts[q].name, "failures_", 9) == 0 &&
		    !used[q])
			fail_msg(
			    "%s is used by nothing here", query_texts[q].name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_words_and_filters),
	    cmocka_unit_test(test_short_words),
	    cmocka_unit_test(test_filters),
	    cmocka_unit_test(test_orders),
	    cmocka_unit_test(test_page),
	    cmocka_unit_test(test_nearness),
	    cmocka_unit_test(test_one),
	    cmocka_unit_test(test_all_fragments_used),
	};

	if (getenv("BUILDSTATS_DB") == NULL) {
		fputs("test_failure_search: BUILDSTATS_DB: not set\n", stderr);
		return 2;
	}
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
