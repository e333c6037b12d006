/* time_help.h: made-up builds whose tasks have a place in time. */
#ifndef TESTS_TIME_HELP_H
#define TESTS_TIME_HELP_H

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
#include "model/consumers.h"
#include "model/parallelism.h"

#define MOST 60000
#define NAMES 2048

static struct arena *arena;
static struct task_table table;
static uint32_t package_of[MOST], name_of[MOST], block_of[MOST];
static uint8_t status_of[MOST];
static int64_t started_of[MOST];
static double elapsed_of[MOST];
static struct package packages[NAMES];
static const char *names[NAMES];

static inline int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	table = (struct task_table){.packages = packages,
	    .task_names = names,
	    .package = package_of,
	    .name = name_of,
	    .block = block_of,
	    .status = status_of,
	    .started = started_of,
	    .elapsed = elapsed_of};
	return 0;
}

static inline int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static inline uint32_t
package_called(const char *recipe)
{
	size_t i = 0;

	while (i < table.npackages && strcmp(packages[i].recipe, recipe) != 0)
		i++;
	if (i == table.npackages)
		packages[table.npackages++] =
		    (struct package){arena_printf(arena, "%s-1-r0", recipe),
			arena_strdup(arena, recipe), "1-r0"};
	return (uint32_t)i;
}

static inline uint32_t
name_called(const char *task)
{
	size_t i = 0;

	while (i < table.ntask_names && strcmp(names[i], task) != 0)
		i++;
	if (i == table.ntask_names)
		names[table.ntask_names++] = arena_strdup(arena, task);
	return (uint32_t)i;
}

/* A task from one second of the build to another. */
static inline void
add(const char *recipe, const char *task, double from, double to)
{
	size_t i = table.n++;

	package_of[i] = package_called(recipe);
	name_of[i] = name_called(task);
	block_of[i] = 0;
	status_of[i] = TASK_PASSED;
	started_of[i] = isnan(from) ? TIME_UNKNOWN : llround(from * 1e6);
	elapsed_of[i] = isnan(to) ? -1 : to - from;
}

/* "a.do_x>b.do_y c.do_z;...": the first needs the others. */
static inline const struct depends_list *
needs(enum depends_kind kind, const char *text)
{
	struct depends_reader *r = depends_reader_new(kind);
	struct depends_file f;
	struct depends_list *list = arena_zalloc(arena, sizeof(*list));
	struct slice rest = slice_of(text), line, from, to, plain;
	struct buf dot = BUF_INIT;

	buf_adds(&dot, "digraph depends {\n");
	while (rest.n > 0) {
		slice_cut(&rest, ';', &line);
		slice_cut(&line, '>', &from);
		while (line.n > 0) {
			slice_cut(&line, ' ', &to);
			buf_addf(&dot, "\"%.*s\" -> \"%.*s\"\n", (int)from.n,
			    from.p, (int)to.n, to.p);
		}
	}
	buf_adds(&dot, "}\n");
	depends_reader_add(r, dot.data, dot.len);
	buf_clear(&dot);
	depends_reader_end(r, arena, &f);
	assert_null(f.why);
	assert_int_equal(
	    zstd_unpack(arena, f.text.zstd, 1 << 24, &plain, NULL), ERR_OK);
	assert_int_equal(plain.n, f.text.size);
	assert_int_equal(depends_read(arena, kind, plain, list, NULL), ERR_OK);
	return list;
}

struct made {
	struct task_graph g;
	struct critical c;
};

static inline struct made *
make(double seconds, size_t threads, const struct depends_list *told)
{
	struct made *m = arena_zalloc(arena, sizeof(*m));
	const struct graph_options o = {.span = {0, llround(seconds * 1e6)},
	    .threads = threads,
	    .scratch = arena,
	    .told = told};

	task_graph_make(arena, &table, &o, &m->g);
	critical_make(arena, &m->g, &m->c);
	return m;
}

/* The critical path in words: "a.do_x b.do_y(dependency)". */
static inline const char *
path_of(const struct made *m)
{
	const char *text = "";

	for (size_t i = 0; i < m->c.nsteps; i++) {
		uint32_t v = m->c.step[i], row = m->g.task[v].row;
		text = arena_printf(arena, "%s%s%s.%s(%s)", text,
		    i > 0 ? " " : "", packages[package_of[row]].recipe,
		    names[name_of[row]], gate_word((enum gate)m->c.how[v]));
	}
	return text;
}

/* Of the task that was added as number row. */
static inline uint32_t
node_of(const struct made *m, uint32_t row)
{
	for (uint32_t i = 0; i < m->g.n; i++)
		if (m->g.task[i].row == row)
			return i;
	return GRAPH_NONE;
}

static inline double
slack_of(const struct made *m, uint32_t row)
{
	return m->c.slack[node_of(m, row)];
}

static inline double
without(
    const struct made *m, size_t threads, const char *recipe, const char *task)
{
	struct consumer what = {.recipe = recipe, .task = task};

	return consumers_without(arena, &m->c, threads, &what);
}

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-6)

#endif
