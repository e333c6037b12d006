/* test_critical.c: what waited for what, the critical path, slack and replay,
 * on builds small enough to work out by hand; and what holds for any. */
#include "archive/zstd.h"
#include "base/buf.h"
#include "time_help.h"

/* ---- real dependencies ---- */

/*
 *   a 0--2
 *   b     2-----5     needs a
 *   c     2---4       needs a
 *   d           5-6   needs b and c; the build ends at 7
 */
static const struct made *
diamond(void)
{
	add("d", "do_x", 5, 6);
	add("c", "do_x", 2, 4);
	add("b", "do_x", 2, 5);
	add("a", "do_x", 0, 2);
	return make(7, 2,
	    needs(DEPENDS_TASKS,
		"b.do_x>a.do_x;c.do_x>a.do_x;d.do_x>b.do_x c.do_x"));
}

static void
test_a_diamond(void **state)
{
	const struct made *m = diamond();

	(void)state;
	assert_int_equal(m->g.basis, GRAPH_TASKS);
	assert_int_equal(m->g.named, 4);
	assert_int_equal(m->g.said, 4);
	assert_int_equal(m->g.contradicted, 0);
	assert_string_equal(
	    path_of(m), "a.do_x(first) b.do_x(dependency) d.do_x(dependency)");
	NEAR(m->c.busy, 6);
	NEAR(m->c.paused, 0);
	NEAR(m->c.longest, 6);
	NEAR(slack_of(m, 0), 0);
	NEAR(slack_of(m, 1), 1); /* c might end at 5 */
	NEAR(slack_of(m, 2), 0);
	NEAR(slack_of(m, 3), 0);
}

static void
test_a_diamond_replayed(void **state)
{
	const struct made *m = diamond();

	(void)state;
	NEAR(critical_replay(&m->c, NULL, 2), 7);
	NEAR(without(m, 2, "b", ""), 6); /* then c decides */
	NEAR(without(m, 2, "c", ""), 7); /* it had slack */
	NEAR(without(m, 2, "a", "do_x"), 5);
	NEAR(without(m, 2, "", "do_x"), 1); /* what comes after stays */
	NEAR(without(m, 2, "nobody", ""), 7);
	/* One after the other: 2 + 3 + 2 + 1, and 1 behind. */
	NEAR(critical_replay(&m->c, NULL, 1), 9);
	NEAR(critical_replay(&m->c, NULL, 100), 7);
}

/* Pauses stay: half a second before each start, one before the first. */
static void
test_pauses_stay(void **state)
{
	const struct made *m;

	(void)state;
	add("a", "do_x", 1, 2);
	add("b", "do_x", 2.5, 4);
	add("c", "do_x", 4.5, 5);
	m = make(6, 4, needs(DEPENDS_TASKS, "b.do_x>a.do_x;c.do_x>b.do_x"));
	NEAR(m->c.pause[0], 1);
	NEAR(m->c.pause[1], 0.5);
	NEAR(m->c.pause[2], 0.5);
	NEAR(m->c.busy, 3);
	NEAR(m->c.paused, 1);
	NEAR(without(m, 4, "b", ""), 4.5);
	NEAR(slack_of(m, 0), 0);
	NEAR(slack_of(m, 1), 0);
}

/* Two threads, three tasks that need nothing: the third waits for a thread,
 * and that is the one that ended first. */
static void
test_threads_gate(void **state)
{
	const struct made *m;

	(void)state;
	add("a", "do_x", 0, 4);
	add("b", "do_x", 0, 3);
	add("c", "do_x", 3, 6);
	add("c", "do_y", 6, 7);
	m = make(7, 2,
	    needs(DEPENDS_TASKS, "c.do_y>c.do_x;a.do_x>q.do_x;"
				 "b.do_x>q.do_x"));
	assert_string_equal(
	    path_of(m), "b.do_x(first) c.do_x(thread) c.do_y(dependency)");
	NEAR(slack_of(m, 0), 3); /* a: until the end */
	NEAR(slack_of(m, 1), 0);
	NEAR(m->c.longest, 4);
	NEAR(critical_replay(&m->c, NULL, 3), 4);
	NEAR(without(m, 2, "b", ""), 4);
	NEAR(without(m, 2, "a", ""), 4); /* c takes its thread */
}

/* What did not run passes on what it waits for; what was restored is its
 * setscene task, and needs nothing. */
static void
test_what_did_not_run(void **state)
{
	const struct made *m;

	(void)state;
	add("lib", "do_populate_sysroot_setscene", 0, 1);
	add("lib", "do_compile", 0, 5); /* for something else */
	add("app", "do_configure", 1.5, 2);
	add("image", "do_rootfs", 6, 7);
	m = make(7, 4,
	    needs(DEPENDS_TASKS,
		"app.do_configure>lib.do_populate_sysroot;"
		"lib.do_populate_sysroot>lib.do_compile;"
		"image.do_rootfs>app.do_build;"
		"app.do_build>app.do_package;app.do_package>app.do_configure "
		"lib.do_compile"));
	assert_int_equal(m->g.basis, GRAPH_TASKS);
	assert_int_equal(m->g.contradicted, 0);
	assert_int_equal(m->g.nodes, 4 + 2); /* do_build and do_package */
	assert_string_equal(
	    path_of(m), "lib.do_compile(first) image.do_rootfs(dependency)");
	NEAR(slack_of(m, 0), 3); /* app might end at 5, as lib's compile did */
	NEAR(slack_of(m, 2), 3);
	NEAR(without(m, 4, "lib", "do_compile"), 4);
}

static void
test_multiconfigs_are_plain(void **state)
{
	const struct made *m;

	(void)state;
	add("a", "do_x", 0, 2);
	add("b", "do_x", 2, 3);
	m = make(3, 2, needs(DEPENDS_TASKS, "mc:arm:b.do_x>mc:arm:a.do_x"));
	assert_int_equal(m->g.basis, GRAPH_TASKS);
	assert_int_equal(m->g.named, 2);
	assert_string_equal(path_of(m), "a.do_x(first) b.do_x(dependency)");
}

/* A task that was run twice: who needs it needs both. */
static void
test_run_again(void **state)
{
	const struct made *m;

	(void)state;
	add("a", "do_x", 0, 2);
	add("a", "do_x", 3, 4);
	block_of[1] = 1;
	add("b", "do_x", 4, 6);
	m = make(6, 2, needs(DEPENDS_TASKS, "b.do_x>a.do_x"));
	assert_int_equal(m->g.contradicted, 0);
	assert_string_equal(
	    path_of(m), "a.do_x(first) a.do_x(order) b.do_x(dependency)");
}

/* ---- files that can't be used ---- */

static void
test_a_cycle_is_refused(void **state)
{
	const struct made *m;

	(void)state;
	add("a", "do_x", 0, 2);
	add("b", "do_x", 2, 3);
	m = make(3, 2,
	    needs(DEPENDS_TASKS, "b.do_x>a.do_x;a.do_x>p.do_q;p.do_q>r.do_s;"
				 "r.do_s>p.do_q"));
	assert_int_equal(m->g.basis, GRAPH_OBSERVED);
	assert_int_equal(m->g.refusal, GRAPH_CYCLE);
	assert_true(strcmp(m->g.cycle, "p.do_q") == 0 ||
		    strcmp(m->g.cycle, "r.do_s") == 0);
	NEAR(critical_replay(&m->c, NULL, 2), 3);
	m = make(3, 2, needs(DEPENDS_TASKS, "a.do_x>a.do_x"));
	assert_int_equal(m->g.refusal, GRAPH_CYCLE);
	assert_string_equal(m->g.cycle, "a.do_x");
}

static void
test_another_build_is_refused(void **state)
{
	const struct made *m;

	(void)state;
	add("a", "do_x", 0, 2);
	add("b", "do_x", 2, 3);
	add("c", "do_x", 3, 4);
	m = make(4, 2, needs(DEPENDS_TASKS, "z.do_x>a.do_x"));
	assert_int_equal(m->g.refusal, GRAPH_UNKNOWN);
	assert_int_equal(m->g.basis, GRAPH_OBSERVED);
	m = make(4, 2, needs(DEPENDS_TASKS, "a.do_x>b.do_x;b.do_x>c.do_x"));
	assert_int_equal(m->g.refusal, GRAPH_CONTRADICTED);
	assert_int_equal(m->g.contradicted, 2);
	assert_int_equal(m->g.basis, GRAPH_OBSERVED);
}

/* By way of something that did not run, too. */
static void
test_contradicted_through_others(void **state)
{
	const struct made *m;

	(void)state;
	for (int i = 0; i < 30; i++) {
		const char *recipe = arena_printf(arena, "r%d", i);
		add(recipe, "do_a", i, i + 1);
		add(recipe, "do_b", i + 1, i + 1.5);
	}
	struct buf b = BUF_INIT;
	for (int i = 0; i < 30; i++)
		buf_addf(&b, "r%d.do_b>r%d.do_a;", i, i);
	buf_adds(&b, "r0.do_a>q.do_q;q.do_q>r29.do_b");
	m = make(31, 4, needs(DEPENDS_TASKS, b.data));
	buf_clear(&b);
	assert_int_equal(m->g.basis, GRAPH_TASKS);
	assert_int_equal(m->g.contradicted, 1);
	NEAR(critical_replay(&m->c, NULL, 4), 31);
}

/* ---- files of recipes ---- */

static void
test_recipes(void **state)
{
	const struct made *m;

	(void)state;
	add("lib", "do_compile", 0, 3);
	add("lib", "do_populate_sysroot", 3, 4);
	add("app", "do_fetch", 0, 1);
	add("app", "do_prepare_recipe_sysroot", 4.2, 5);
	add("app", "do_compile", 5, 6);
	m = make(6, 2, needs(DEPENDS_RECIPES, "app>lib virtual/libc"));
	assert_int_equal(m->g.basis, GRAPH_RECIPES);
	assert_int_equal(m->g.named, 5);
	assert_string_equal(path_of(m),
	    "lib.do_compile(first) lib.do_populate_sysroot(dependency) "
	    "app.do_prepare_recipe_sysroot(dependency) "
	    "app.do_compile(dependency)");
	NEAR(slack_of(m, 2), 3);
}

static void
test_what_clients_told(void **state)
{
	struct depends_list list;

	(void)state;
	depends_read_told(arena,
	    slice_of("app-1.0-r3: lib  zlib-native\nlib-2-r0: \nnonsense\n"),
	    &list);
	assert_int_equal(list.kind, DEPENDS_RECIPES);
	assert_int_equal(list.nedges, 2);
	assert_true(slice_is(list.name[list.edge[1].from], "app"));
	assert_true(slice_is(list.name[list.edge[1].to], "zlib-native"));
}

/* ---- the observed order ---- */

static void
test_observed(void **state)
{
	const struct made *m;

	(void)state;
	add("a", "do_x", 0, 3);
	add("a", "do_y", 3.5, 5); /* its own recipe's, half a second before */
	add("b", "do_x", 0, 1);
	add("b", "do_y", 5.2, 9); /* what ended last: its own ended long ago */
	m = make(9, 0, NULL);
	assert_int_equal(m->g.basis, GRAPH_OBSERVED);
	assert_int_equal(m->g.refusal, GRAPH_NO_FILE);
	assert_int_equal(m->g.threads, 2);
	assert_false(m->g.threads_told);
	assert_string_equal(
	    path_of(m), "a.do_x(first) a.do_y(recipe) b.do_y(order)");
	NEAR(slack_of(m, 2), 4); /* b.do_x, until a.do_y ended */
	/* a.do_y starts at 0.5; b.do_y 0.2 after b.do_x, which it needs. */
	NEAR(without(m, 2, "a", ""), 1 + 0.2 + 3.8);
}

/* Told threads count unless more tasks ran. */
static void
test_threads(void **state)
{
	const struct made *m;

	(void)state;
	add("a", "do_x", 0, 3);
	add("b", "do_x", 1, 2);
	add("c", "do_x", 3, 4);
	m = make(4, 8, NULL);
	assert_int_equal(m->g.most, 2);
	assert_int_equal(m->g.threads, 8);
	assert_true(m->g.threads_told);
	m = make(4, 1, NULL);
	assert_int_equal(m->g.threads, 2);
	assert_int_equal(m->g.threads_given, 1);
	assert_false(m->g.threads_told);
}

/* ---- odd builds ---- */

static void
test_no_and_one_task(void **state)
{
	const struct made *m = make(10, 0, NULL);

	(void)state;
	assert_int_equal(m->g.n, 0);
	assert_int_equal(m->c.nsteps, 0);
	NEAR(critical_replay(&m->c, NULL, 1), 10);
	add("a", "do_x", 2, 5);
	m = make(10, 0, NULL);
	assert_string_equal(path_of(m), "a.do_x(first)");
	NEAR(slack_of(m, 0), 0);
	NEAR(without(m, 1, "a", ""), 7);
}

/* No time, no length, negative, before the build, never finished. */
static void
test_odd_times(void **state)
{
	const struct made *m;

	(void)state;
	add("a", "do_x", NAN, NAN);
	add("b", "do_x", 3, 3);
	add("b", "do_y", 3, 3);
	add("c", "do_x", -100, -50);
	add("d", "do_x", 4, NAN); /* runs until the end */
	add("e", "do_x", 50, 60); /* behind the end */
	m = make(10, 0, NULL);
	assert_int_equal(m->g.n, 3);
	assert_int_equal(m->g.untimed, 3);
	assert_int_equal(m->g.most, 1);
	assert_string_equal(path_of(m), "b.do_x(first) b.do_y(recipe) "
					"d.do_x(thread)");
	NEAR(critical_replay(&m->c, NULL, 1), 10);
	NEAR(without(m, 1, "d", ""), 4);
}

/* A task of no length runs beside a long one. */
static void
test_no_length_needs_a_thread(void **state)
{
	const struct made *m;

	(void)state;
	add("a", "do_x", 0, 10);
	add("b", "do_x", 5, 5);
	m = make(10, 0, NULL);
	assert_int_equal(m->g.threads, 2);
	NEAR(critical_replay(&m->c, NULL, 2), 10);
}

/* ---- any build ---- */

static uint64_t seed;

static double
chance(void)
{
	seed = seed * UINT64_C(6364136223846793005) +
	       UINT64_C(1442695040888963407);
	return (double)(seed >> 33) / (double)(UINT64_C(1) << 31);
}

/* n tasks as a builder with some threads would run them, in hundredths. */
static double
any_build(size_t n, size_t threads)
{
	double *free_at = arena_calloc(arena, threads, sizeof(*free_at));
	double now = 3, last = 0;

	for (size_t i = 0; i < n; i++) {
		size_t t = 0;
		double length = chance() < 0.2 ? 0 : floor(chance() * 500);
		for (size_t k = 1; k < threads; k++)
			t = free_at[k] < free_at[t] ? k : t;
		now = fmax(now, free_at[t]) + floor(chance() * 40) / 100;
		add(arena_printf(arena, "r%zu", (size_t)(chance() * 40)),
		    arena_printf(arena, "do_%zu", i % 900), now,
		    now + length / 100);
		free_at[t] = now + length / 100;
		last = fmax(last, free_at[t]);
	}
	return last + 2;
}

/* Needs between tasks that allow it, and a few that don't. */
static const struct depends_list *
any_needs(size_t n)
{
	struct buf b = BUF_INIT;
	const struct depends_list *list;

	for (size_t i = 1; i < n; i++) {
		size_t k = (size_t)(chance() * (double)i);
		double end = (double)started_of[k] / 1e6 + elapsed_of[k];
		if (end > (double)started_of[i] / 1e6)
			continue;
		buf_addf(&b, "%s.%s>%s.%s;", packages[package_of[i]].recipe,
		    names[name_of[i]], packages[package_of[k]].recipe,
		    names[name_of[k]]);
	}
	list = needs(DEPENDS_TASKS, b.data);
	buf_clear(&b);
	return list;
}

static void
check(const struct made *m, double seconds)
{
	const struct critical *c = &m->c;
	double end = 0;

	NEAR(critical_replay(c, NULL, m->g.threads), seconds);
	assert_true(c->nsteps > 0);
	for (size_t i = 0; i < c->nsteps; i++) {
		const struct graph_task *t = &m->g.task[c->step[i]];
		assert_true(t->start >= end);
		end = t->end;
		NEAR(c->slack[c->step[i]], 0);
	}
	for (size_t i = 0; i < m->g.n; i++) {
		assert_true(c->slack[i] >= 0);
		assert_true(c->pause[i] >= 0);
		assert_true(
		    c->slack[i] + m->g.task[i].end <= m->g.seconds + 1e-6);
		for (uint32_t k = m->g.first_need[i];
		     k < m->g.first_need[i + 1]; k++)
			assert_true(
			    m->g.need[k] >= m->g.n ||
			    m->g.task[m->g.need[k]].end <= m->g.task[i].start);
	}
	NEAR(c->busy + c->paused, end - m->g.task[c->step[0]].start);
	assert_true(c->longest <= seconds + 1e-6);
}

/* What is saved by a task is at most what it takes when nothing waits for a
 * thread; less work makes no worse order then. */
static void
check_unlimited(const struct made *m)
{
	size_t threads = m->g.n + 1;
	double all = critical_replay(&m->c, NULL, threads);

	for (size_t i = 0; i < m->g.n; i += m->g.n / 7 + 1) {
		uint8_t *gone = arena_calloc(arena, m->g.n + 1, 1);
		double then;
		gone[i] = 1;
		then = critical_replay(&m->c, gone, threads);
		assert_true(
		    then >=
		    all - (m->g.task[i].end - m->g.task[i].start) - 1e-6);
	}
}

static void
test_any_build(void **state)
{
	(void)state;
	for (seed = 1; seed < 4000; seed += 97) {
		size_t n = 1 + (size_t)(chance() * 120);
		size_t threads = 1 + (size_t)(chance() * 9);
		double seconds;
		table.n = table.npackages = table.ntask_names = 0;
		seconds = any_build(n, threads);
		check(make(seconds, 0, NULL), seconds);
		check(make(seconds, threads + 3, NULL), seconds);
		if (n > 60) {
			const struct made *m =
			    make(seconds, threads, any_needs(n));
			check(m, seconds);
			check_unlimited(m);
		}
	}
}

static void
test_fifty_thousand(void **state)
{
	struct candidate *candidate;
	const struct made *m;
	double seconds;

	(void)state;
	seed = 5;
	seconds = any_build(50000, 64);
	m = make(seconds, 0, NULL);
	check(m, seconds);
	assert_true(consumers_candidates(arena, &m->c, 3, &candidate) > 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	    TEST(test_a_diamond),
	    TEST(test_a_diamond_replayed),
	    TEST(test_pauses_stay),
	    TEST(test_threads_gate),
	    TEST(test_what_did_not_run),
	    TEST(test_multiconfigs_are_plain),
	    TEST(test_run_again),
	    TEST(test_a_cycle_is_refused),
	    TEST(test_another_build_is_refused),
	    TEST(test_contradicted_through_others),
	    TEST(test_recipes),
	    TEST(test_what_clients_told),
	    TEST(test_observed),
	    TEST(test_threads),
	    TEST(test_no_and_one_task),
	    TEST(test_odd_times),
	    TEST(test_no_length_needs_a_thread),
	    TEST(test_any_build),
	    TEST(test_fifty_thousand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
