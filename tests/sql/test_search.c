/*
 * test_search.c: after test_store, which leaves builds to find: prepares and
 * runs the statements that searches put together from fragments: every filter
 * alone, all of them together, every order.  At the end no fragment may be left
 * that nothing used, but for those of
 * test_failure_search.
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
#include "db/conn.h"
#include "model/build_list.h"
#include "model/package_history.h"
#include "model/package_list.h"

static struct arena *arena;
static struct db *db;
static struct errinfo ei;
static bool used[Q__MAX + 1];

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
		fail_msg("%s (%s)", ei.text, ei.detail);
	for (size_t i = 0; i < COMBOS_MAX; i++)
		for (size_t k = 0;
		     db->combo[i] != NULL && k < db->combo[i]->nparts; k++)
			used[db->combo[i]->part[k]] = true;
}

/* ---- builds ---- */

static const char *const tags[] = {"nightly", "release"};

/* Filter number i; with none of a bit set nothing is asked for. */
static struct build_filter
build_filter_of(unsigned bits)
{
	struct build_filter f = {.since = TIME_UNKNOWN, .until = TIME_UNKNOWN};
	const char **text[] = {&f.builder, &f.machine, &f.distro, &f.image,
	    &f.branch, &f.layer, &f.commit, &f.package, &f.task, &f.q};
	static const char *const values[] = {"b", "qemux86-64", "poky",
	    "core-image", "master", "meta", "0123", "no-such", "do_compile",
	    "many %words_ \\here of all the kinds"};

	for (size_t i = 0; i < 10; i++)
		*text[i] = (bits >> i & 1) ? values[i] : "";
	if (bits >> 10 & 1) {
		f.tags = tags;
		f.ntags = 2;
	}
	if (bits >> 11 & 1) {
		f.nstatuses = 2;
		f.statuses[0] = BUILD_FAILED;
		f.statuses[1] = BUILD_INCOMPLETE;
	}
	if (bits >> 12 & 1)
		f.since = INT64_C(1700000000000000);
	if (bits >> 13 & 1)
		f.until = INT64_C(1900000000000000);
	return f;
}
#define BUILD_FILTERS 14

static void
search_builds(const struct build_filter *f, const struct list_order *order)
{
	struct build_list list;
	int64_t total;

	check(build_list_find(db, arena, f, order, &list, &ei));
	check(build_list_count(db, arena, f, 0, &total, &ei));
	check(build_list_count(db, arena, f, 1000, &total, &ei));
}

static void
test_builds(void **state)
{
	struct list_order order = {.key = "started", .down = true, .limit = 5};
	struct build_filter f;

	(void)state;
	for (unsigned i = 0; i < BUILD_FILTERS; i++) {
		f = build_filter_of(1u << i);
		search_builds(&f, &order);
	}
	/* The name of a package that there is changes the statement. */
	for (size_t i = 0; i < 8; i++) {
		f = build_filter_of(i % 4 < 2 ? (1u << BUILD_FILTERS) - 1 : 0);
		f.package = i % 2 == 0 ? "recipe0001" : "recipe0001-1.1-r0";
		f.exact = i >= 4;
		search_builds(&f, &order);
		order.down = i % 2 == 0;
	}
	f = build_filter_of(0);
	f.nstatuses = 1;
	search_builds(&f, &order);
	order.limit = 100;
	search_builds(&f, &order);
	f.nstatuses = 0;
	for (size_t i = 0; build_list_keys[i] != NULL; i++)
		for (int down = 0; down < 2; down++) {
			order.key = build_list_keys[i];
			order.down = down != 0;
			order.offset = 3 * down;
			search_builds(&f, &order);
		}
	order.limit = 0;
	order.offset = 0;
	search_builds(&f, &order);
}

/* ---- the packages of a build ---- */

static void
test_packages(void **state)
{
	static const struct build_row build = {
	    .id = 1, .started = INT64_C(1795352032720000)};
	static const struct package_filter filters[] = {{0},
	    {.statuses = 1u << BUILD_FAILED}, {.package = "recipe0001"},
	    {.package = "recipe0001-1.1-r0"}, {.package = "none-1"},
	    {.task = "do_compile"}, {.min = 1.5},
	    {.statuses = 6,
		.package = "recipe0001-1.1-r0",
		.task = "do_compile",
		.min = 8}};
	struct package_list list;

	(void)state;
	for (size_t k = 0; package_list_keys[k] != NULL; k++)
		for (size_t i = 0; i < 2 * sizeof(filters) / sizeof(filters[0]);
		     i++) {
			struct package_query q = {.build = &build,
			    .filter = filters[i / 2],
			    .order = {.key = package_list_keys[k],
				.down = i % 2 == 1,
				.offset = i % 2,
				.limit = 7}};
			if (q.filter.package == NULL)
				q.filter.package = "";
			if (q.filter.task == NULL)
				q.filter.task = "";
			check(package_list_find(db, arena, &q, &list, &ei));
		}
}

/* ---- a recipe over all builds ---- */

static void
search_history(const struct package_history_query *q)
{
	struct package_results list;
	int64_t total;

	check(package_history_find(db, arena, q, &list, &ei));
	check(package_history_count(db, arena, q, 0, &total, &ei));
	check(package_history_count(db, arena, q, 100, &total, &ei));
}

static void
test_history(void **state)
{
	static const struct package_history_filter filters[] = {
	    {0, "", "", "", ""}, {4, "", "", "", ""}, {0, "m", "", "", ""},
	    {0, "", "d", "", ""}, {0, "", "", "b", ""},
	    {0, "", "", "", "1.0-r0"}, {6, "m", "d", "b", "1.0-r0"}};
	struct package_results list;
	const char *version;
	static const struct build_row build = {
	    .id = 1, .started = INT64_C(1795352032720000)};

	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		for (size_t k = 0; package_history_keys[k] != NULL; k++)
			for (int down = 0; down < 2; down++)
				search_history(&(struct package_history_query){
				    .recipe = 1,
				    .filter = filters[i],
				    .order = {.key = package_history_keys[k],
					.down = down != 0,
					.offset = 2 * down,
					.limit = 9}});
	check(package_window(db, arena, 1, &list, &ei));
	check(package_successes_on(db, arena, 1, "m", &list, &ei));
	check(package_version_in(db, arena, &build, 1, &version, &ei));
}

/* Those of failures, graphs, trends and steps have tests of their own, and
 * receipts list builds by their numbers. */
static bool
tried_elsewhere(const char *name)
{
	return strcmp(name, "builds_where_ids") == 0 ||
	       strncmp(name, "failures_", 9) == 0 ||
	       strncmp(name, "graph_", 6) == 0 ||
	       strncmp(name, "trend_", 6) == 0 ||
	       strncmp(name, "step_", 5) == 0;
}

static void
test_all_fragments_used(void **state)
{
	size_t unused = 0;

	(void)state;
	for (size_t q = 0; q < Q__MAX; q++)
		if (query_texts[q].kind == QUERY_FRAGMENT && !used[q] &&
		    !tried_elsewhere(query_texts[q].name)) {
			print_error("%s is used by nothing here\n",
			    query_texts[q].name);
			unused++;
		}
	assert_int_equal(unused, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_builds),
	    TEST(test_packages),
	    TEST(test_history),
	    TEST(test_all_fragments_used),
	};

	if (getenv("BUILDSTATS_DB") == NULL) {
		fputs("test_search: BUILDSTATS_DB: not set\n", stderr);
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
