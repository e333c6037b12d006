/*
 * test_failure_view.c: what pages of failures say, over a history that turns
 * good, bad, good again on several targets.  BUILDSTATS_DB names a migrated
 * database; recipes and signatures are the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_info.h"
#include "model/failure_view.h"
#include "model/package_name.h"
#include "model/turn.h"

#define US INT64_C(1000000)
#define HOUR (3600 * US)
#define DAY (24 * HOUR)
#define T0 (INT64_C(1782864000) * US) /* 2026-07-01, day 0 of the history */
/* Of signatures: no other test's. */
#define SIG 1900000000

static struct arena *arena;
static struct db *db;
static struct errinfo ei;
static int recipe;

static void
check(enum err err)
{
	if (err != ERR_OK)
		fail_msg("%s: %s (%s)", err_name(err), ei.text, ei.detail);
}

static void
run(const char *sql)
{
	if (db_script(db, sql, &ei) != ERR_OK)
		fail_msg("%s (%s)", sql, ei.detail);
}

/*
 * turn_b(name, machine, branch, builder, day, status of the recipe or 0 where
 * it wasn't built, signature or 0): a build with one package, and a failure.
 */
static const char helper[] =
    "INSERT INTO recipe (name) VALUES ('turner') ON CONFLICT DO NOTHING;"
    "INSERT INTO recipe_version (name) VALUES ('1.0-r0') ON CONFLICT DO "
    "NOTHING;"
    "INSERT INTO task_name (name) VALUES ('do_compile') ON CONFLICT DO "
    "NOTHING;"
    "SELECT build_partition('2026-07-01T00:00Z');"
    "SELECT build_partition('2026-08-01T00:00Z');"
    "CREATE OR REPLACE FUNCTION pg_temp.turn_b(n text, m text, br text, "
    "bu text, day float8, st int, sig int) RETURNS int LANGUAGE plpgsql AS $$ "
    "DECLARE t timestamptz := '2026-07-01T00:00Z'::timestamptz + day * "
    "interval '1 day'; i int; BEGIN "
    "INSERT INTO build (identity, content, name, builder, machine, distro, "
    "branch, commit, host, started, status, packages, tasks, failed, "
    "environment) VALUES (sha256(('turn' || n)::bytea), '', n, bu, m, 'poky', "
    "br, md5(n), 'host-' || bu, t, CASE st WHEN 2 THEN 2 ELSE 1 END, 1, 1, 0, "
    "jsonb_build_object('layers', jsonb_build_array(jsonb_build_object("
    "'name', 'meta', 'branch', br, 'commit', md5(n), 'modified', false), "
    "jsonb_build_object('name', 'meta-oe', 'commit', "
    "'0123456789abcdef0123')))) RETURNING id INTO i; "
    "IF st > 0 THEN INSERT INTO package_build (started, build, recipe, "
    "version, status, tasks, failed_task) VALUES (t, i, (SELECT id FROM "
    "recipe WHERE name = 'turner'), (SELECT id FROM recipe_version WHERE name "
    "= '1.0-r0'), st, '', CASE st WHEN 2 THEN (SELECT id FROM task_name WHERE "
    "name = 'do_compile') END); END IF; "
    "IF sig > 0 THEN INSERT INTO failure (build, started, seen, kind, recipe, "
    "version, task, sig_block, sig_lines, sig_task, first_line, signed, "
    "builder, machine, distro, image, branch) VALUES (i, t, t + interval '5 "
    "min', 1, (SELECT id FROM recipe WHERE name = 'turner'), (SELECT id FROM "
    "recipe_version WHERE name = '1.0-r0'), (SELECT id FROM task_name WHERE "
    "name = 'do_compile'), sig + day::int, sig, sig + 1000, 'broken', 1, bu, "
    "m, 'poky', '', br); END IF; RETURN i; END $$;";

#define B(name, machine, branch, builder, day, status, sig)                    \
	"SELECT pg_temp.turn_b('" name "','" machine "','" branch              \
	"','" builder "'," day "," status "," sig ");"

#define S "1900000000"

/* Oldest first. */
static const char history[] =
    /* arm: good, bad, good again, bad again until now. */
    B("arm-good-1", "arm", "master", "b1", "0", "1", "0")
	B("arm-bad-1", "arm", "master", "b1", "1", "2", S)
	    B("arm-bad-2", "arm", "master", "b2", "2", "2", S)
		B("arm-good-2", "arm", "master", "b1", "3", "1", "0")
		    B("arm-cut", "arm", "master", "b1", "3.5", "3", "0")
			B("arm-bad-3", "arm", "master", "b1", "4", "2", S)
			    B("arm-bad-4", "arm", "master", "b1", "5", "2", S)
    /* x86: bad, gone; another branch of it was never good before. */
    B("x86-bad", "x86", "master", "b1", "2.2", "2", S)
	B("x86-good", "x86", "master", "b3", "2.8", "1", "0")
	    B("x86-good-2", "x86", "master", "b3", "6", "1", "0")
		B("x86-topic", "x86", "topic", "b3", "4.2", "2", S)
    /* mips: never good, never again. */
    B("mips-bad", "mips", "master", "b1", "4.5", "2", S)
    /* The same recipe elsewhere, of another kind of failure. */
    B("ppc-bad", "ppc", "master", "b1", "4.6", "2", "1900000500");

static int
set_up(void **state)
{
	struct package_name name;

	(void)state;
	arena = arena_new(0);
	db = db_new(getenv("BUILDSTATS_DB"));
	run(helper);
	run(history);
	check(package_name_find(db, arena, "turner", &name, &ei));
	assert_true(name.found);
	recipe = name.recipe;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	run("DELETE FROM failure WHERE recipe = (SELECT id FROM recipe "
	    "WHERE name = 'turner');"
	    "DELETE FROM build_text WHERE build IN (SELECT build FROM "
	    "package_build WHERE recipe = (SELECT id FROM recipe WHERE name = "
	    "'turner'));"
	    "DELETE FROM build WHERE id IN (SELECT build FROM package_build "
	    "WHERE recipe = (SELECT id FROM recipe WHERE name = 'turner'));"
	    "DELETE FROM package_build WHERE recipe = (SELECT id FROM recipe "
	    "WHERE name = 'turner')");
	db_free(db);
	arena_free(arena);
	return 0;
}

/* The recipe's results, newest first; and one of them by its build's name. */
static struct package_results
results(void)
{
	struct package_results r;

	check(package_window(db, arena, recipe, &r, &ei));
	return r;
}

static size_t
index_of(const struct package_results *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->row[i].name, name) == 0)
			return i;
	fail_msg("no build %s", name);
	return 0;
}

/* ---- where it turned ---- */

static void
expect_turn(const char *failed, const char *good, const char *bad)
{
	struct package_results r = results();
	size_t i = index_of(&r, failed);
	struct turn found, computed = turn_in(r.row, r.n, i);

	check(turn_find(db, arena, recipe, &r.row[i], &found, &ei));
	assert_string_equal(found.bad.name, bad);
	assert_string_equal(computed.bad.name, bad);
	assert_int_equal(found.has_good, good != NULL);
	assert_int_equal(computed.has_good, good != NULL);
	if (good == NULL)
		return;
	assert_string_equal(found.good.name, good);
	assert_string_equal(computed.good.name, good);
}

static void
test_turn(void **state)
{
	(void)state;
	expect_turn("arm-bad-4", "arm-good-2", "arm-bad-3");
	expect_turn("arm-bad-3", "arm-good-2", "arm-bad-3");
	/* Seen from an older failure the later turns haven't happened. */
	expect_turn("arm-bad-2", "arm-good-1", "arm-bad-1");
	expect_turn("x86-bad", NULL, "x86-bad");
	expect_turn("mips-bad", NULL, "mips-bad");
	/* Without a good one on the branch, one on another. */
	expect_turn("x86-topic", "x86-good", "x86-topic");
}

/* A build that left no package, as parse errors do, is bad itself. */
static void
test_turn_without_package(void **state)
{
	const struct package_result failed = {
	    .build = 7,
	    .name = "parse",
	    .machine = "x86",
	    .distro = "poky",
	    .branch = "master",
	    .started = T0 + 10 * DAY,
	};
	struct turn turn;

	(void)state;
	check(turn_find(db, arena, recipe, &failed, &turn, &ei));
	assert_string_equal(turn.bad.name, "parse");
	assert_string_equal(turn.good.name, "x86-good-2");
}

static struct build_facts
facts_of(const struct package_result *r)
{
	struct build_facts f = {.commit = r->commit};
	int32_t id = r->build;
	struct layers_of all;
	struct layer *layer;

	check(build_layers(db, arena, &id, 1, &all, &ei));
	layer = arena_calloc(arena, all.n + 1, sizeof(*layer));
	for (size_t i = 0; i < all.n; i++)
		layer[i] = all.layer[i].layer;
	f.layers = layer;
	f.nlayers = all.n;
	return f;
}

static void
test_ranges(void **state)
{
	struct package_results r = results();
	struct package_result *good = &r.row[index_of(&r, "arm-good-2")];
	struct package_result *bad = &r.row[index_of(&r, "arm-bad-3")];
	struct build_facts x = facts_of(good), y = facts_of(bad);
	struct turn_ranges ranges = turn_ranges(arena, &x, &y);

	(void)state;
	assert_int_equal(ranges.n, 1);
	assert_int_equal(ranges.same, 1);
	assert_string_equal(ranges.range[0].layer, "meta");
	assert_string_equal(ranges.range[0].command,
	    arena_printf(
		arena, "git log --oneline %s..%s", good->commit, bad->commit));
}

static struct turn_ranges
ranges_of(const char *from, const char *to)
{
	const struct layer x = {"meta", "", from, -1};
	const struct layer y = {"meta", "", to, 1};
	const struct build_facts a = {.commit = "", .layers = &x, .nlayers = 1};
	const struct build_facts b = {.commit = "", .layers = &y, .nlayers = 1};

	return turn_ranges(arena, &a, &b);
}

/* Nothing but hexadecimal digits gets into a command. */
static void
test_revisions(void **state)
{
	static const char too_long[] = "0123456789012345678901234567890123456"
				       "7890123456789012345678901234";
	static const char *const wrong[] = {"", "012345", "0123456; reboot",
	    "$(reboot)", "<unknown>", "-0123456", "0123456\n", too_long};
	const struct build_facts a = {.commit = "0123abc0"};
	const struct build_facts b = {.commit = "89abcdef"};
	struct turn_ranges r;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		r = ranges_of(wrong[i], "0123456789");
		assert_int_equal(r.n + r.same, 0);
		r = ranges_of("0123456789", wrong[i]);
		assert_int_equal(r.n + r.same, 0);
	}
	r = ranges_of("0123456", "0123456789ABCDEF");
	assert_int_equal(r.same, 1);
	r = ranges_of("0123456", "1123456789ABCDEF");
	assert_int_equal(r.n, 1);
	assert_true(r.range[0].modified);
	/* Layers unknown: oe-core's own commit. */
	r = turn_ranges(arena, &a, &b);
	assert_int_equal(r.n, 1);
	assert_string_equal(
	    r.range[0].command, "git log --oneline 0123abc0..89abcdef");
}

/* ---- new or known ---- */

static int
failure_of(const char *build)
{
	struct package_results r = results();
	int32_t id = r.row[index_of(&r, build)].build;
	struct failures_of_builds f;

	check(failure_view_of_builds(
	    db, arena, &(struct recipe_builds){recipe, &id, 1}, &f, &ei));
	assert_int_equal(f.n, 1);
	assert_string_equal(f.failure[0].task, "do_compile");
	return f.failure[0].id;
}

static void
test_known(void **state)
{
	const struct failure_like like = {{SIG + 4, SIG, SIG + 1000}};
	const struct failure_like none = {{0}};
	struct failure_strength s[STRENGTHS];
	int64_t now = T0 + 5 * DAY + 12 * HOUR;

	(void)state;
	check(failure_view_known(
	    db, &like, failure_of("arm-bad-4"), now, s, &ei));
	/* Day 4 rounds: arm-bad-3, x86-topic and mips-bad share their block. */
	assert_int_equal(s[0].known.times, 3);
	assert_int_equal(s[1].known.times, 6);
	assert_int_equal(s[2].known.times, 6);
	assert_int_equal(s[1].known.first, T0 + DAY + 300 * US);
	assert_int_equal(s[1].known.last, T0 + 108 * HOUR + 300 * US);
	assert_int_equal(s[1].builders, 3);
	assert_int_equal(s[1].known.builders, 1); /* mips-bad, b1 */
	check(failure_view_known(db, &like, 0, now, s, &ei));
	assert_int_equal(s[1].known.times, 7);
	check(failure_view_known(db, &none, 0, now, s, &ei));
	assert_int_equal(s[1].known.times, 0);
	assert_int_equal(s[1].known.first, TIME_UNKNOWN);
	assert_int_equal(failure_view_strength(&like), SIGNATURE_LINES);
	assert_int_equal(failure_view_strength(&none), 0);
}

static const struct spread_target *
target(const struct failure_spread *s, const char *machine, const char *branch)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->target[i].machine, machine) == 0 &&
		    strcmp(s->target[i].branch, branch) == 0)
			return &s->target[i];
	fail_msg("no target %s", machine);
	return NULL;
}

static void
test_spread(void **state)
{
	const struct failure_like like = {{0, SIG, 0}};
	struct package_results r = results();
	struct failure_spread s;
	const struct spread_target *t;

	(void)state;
	check(failure_view_spread(db, arena, &like, &s, &ei));
	check(failure_view_gone(db, arena, &s, &ei));
	assert_int_equal(s.n, 4);
	assert_false(s.more);
	assert_string_equal(s.target[0].machine, "arm"); /* the latest */
	t = target(&s, "arm", "master");
	assert_int_equal(t->times, 4);
	assert_int_equal(t->builders, 2);
	assert_int_equal(t->hosts, 2);
	assert_int_equal(t->first, T0 + DAY + 300 * US);
	assert_int_equal(t->last, T0 + 5 * DAY + 300 * US);
	/* The success between the failures doesn't count. */
	assert_int_equal(t->gone_build, 0);
	t = target(&s, "x86", "master");
	assert_int_equal(t->gone_build, r.row[index_of(&r, "x86-good")].build);
	assert_int_equal(
	    t->gone_since, r.row[index_of(&r, "x86-good")].started);
	/* Another branch's success is another target's. */
	assert_int_equal(target(&s, "x86", "topic")->gone_build, 0);
	assert_int_equal(target(&s, "mips", "master")->gone_build, 0);
}

static void
test_times(void **state)
{
	const struct failure_like like = {{0, SIG, 0}};
	const struct failure_known days = {
	    .first = T0 + DAY + 300 * US, .last = T0 + 5 * DAY + 300 * US};
	const struct failure_known years = {
	    .first = T0 - 9000 * DAY, .last = T0 + 9 * DAY};
	struct failure_times t;
	int64_t sum = 0;

	(void)state;
	check(failure_view_times(db, arena, &like, &days, &t, &ei));
	assert_int_equal(t.step, 6 * HOUR);
	assert_int_equal(t.from, T0 + DAY);
	assert_int_equal(t.n, 17);
	for (size_t i = 0; i < t.n; i++)
		sum += t.count[i];
	assert_int_equal(sum, 7);
	assert_int_equal(t.count[0], 1);
	assert_int_equal(t.count[16], 1);
	/* Years are as many bars as days. */
	check(failure_view_times(db, arena, &like, &years, &t, &ei));
	assert_true(t.n <= FAILURE_BINS_MAX);
}

static void
test_signature(void **state)
{
	static const char *const wrong[] = {
	    "2000000000", "0", "1x", "", "-1", "99999999999999999999"};
	struct signature_row s;
	int id;

	(void)state;
	run("INSERT INTO signature (id, strength, version, hash, text) "
	    "OVERRIDING SYSTEM VALUE VALUES (1900000000, 2, 1, 'turn-test', "
	    "'a line')");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    signature_find(db, arena, wrong[i], &id, &s, &ei),
		    ERR_NOT_FOUND);
	check(signature_find(db, arena, "1900000000", &id, &s, &ei));
	assert_int_equal(id, SIG);
	assert_string_equal(s.text, "a line");
	assert_int_equal(s.strength, SIGNATURE_LINES);
	run("DELETE FROM signature WHERE hash = 'turn-test'");
}

static void
test_more(void **state)
{
	struct failure_more more;

	(void)state;
	check(failure_view_more(db, arena, failure_of("mips-bad"), &more, &ei));
	assert_int_equal(more.recipe, recipe);
	assert_string_equal(more.message, "");
	check(failure_view_more(db, arena, 2000000000, &more, &ei));
	assert_int_equal(more.recipe, 0);
}

/* ---- configurations ---- */

static void
add_text(const struct build_row *b, const char *name, const char *text)
{
	struct buf packed = BUF_INIT;
	char *hex, *sql;

	zstd_pack(&packed, text, strlen(text), 3);
	hex = arena_alloc(arena, 2 * packed.len + 1);
	str_to_hex(hex, packed.data, packed.len);
	sql = arena_printf(arena,
	    "INSERT INTO build_text (started, build, name, size, data) SELECT "
	    "started, id, '%s', %zu, '\\x%s' FROM build WHERE id = %d",
	    name, strlen(text), hex, b->id);
	run(sql);
	buf_clear(&packed);
}

static void
test_configs(void **state)
{
	struct package_results r = results();
	const struct package_result *x = &r.row[index_of(&r, "arm-bad-4")];
	const struct package_result *y = &r.row[index_of(&r, "arm-good-2")];
	const struct build_row here = {.id = x->build, .started = x->started};
	const struct build_row there = {.id = y->build, .started = y->started};
	struct config_difference d[4];
	struct config_side side[2];

	(void)state;
	check(failure_view_configs(db, arena, &here, &there, side, &ei));
	assert_int_equal(side[0].n + side[1].n, 0);
	/* auto.conf comes before local.conf, whatever their names say. */
	add_text(&here, "local.conf", "A = \"local\"\nB = \"1\"\n");
	add_text(&here, "auto.conf", "A = \"auto\"\n");
	add_text(&here, "host_stats", "C = \"1\"\n");
	add_text(&there, "local.conf", "A = \"local\"\nB = \"2\"\n");
	check(failure_view_configs(db, arena, &here, &there, side, &ei));
	assert_int_equal(side[0].n, 2);
	assert_int_equal(side[1].n, 1);
	assert_int_equal(config_diff(arena, side[0], side[1], d, 4), 1);
	assert_string_equal(d[0].variable, "B");
	assert_string_equal(d[0].here, "1");
	assert_string_equal(d[0].there, "2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_turn),
	    cmocka_unit_test(test_turn_without_package),
	    cmocka_unit_test(test_ranges),
	    cmocka_unit_test(test_revisions),
	    cmocka_unit_test(test_known),
	    cmocka_unit_test(test_spread),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_signature),
	    cmocka_unit_test(test_more),
	    cmocka_unit_test(test_configs),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
