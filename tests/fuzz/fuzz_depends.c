/*
 * fuzz_depends.c: a dependency file, in two pieces and whole: what is kept is
 * the same and can be read back, and orders the tasks of a small build, in
 * which a replay of what was recorded takes as long as the recording.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "model/critical.h"

#define RECIPES 4
#define TASKS 4
#define SECONDS 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct depends_file
read_file(struct arena *a, enum depends_kind kind, const uint8_t *data,
    size_t n, size_t cut)
{
	struct depends_reader *r = depends_reader_new(kind);
	struct depends_file f;

	depends_reader_add(r, data, cut);
	depends_reader_add(r, data + cut, n - cut);
	depends_reader_end(r, a, &f);
	return f;
}

/* a.do_x 0-2, a.do_y 2-4, ..., b.do_x 1-3, ...: two or three at a time. */
static struct task_table
small_build(struct arena *a)
{
	static const char *tasks[TASKS] = {
	    "do_x", "do_y", "do_x_setscene", "do_prepare_recipe_sysroot"};
	static struct package packages[RECIPES] = {{"a-1-r0", "a", "1-r0"},
	    {"b-1-r0", "b", "1-r0"}, {"c-1-r0", "c", "1-r0"},
	    {"a-2-r0", "a", "2-r0"}};
	size_t n = RECIPES * TASKS;
	uint32_t *package = arena_calloc(a, n, sizeof(*package));
	uint32_t *name = arena_calloc(a, n, sizeof(*name));
	int64_t *started = arena_calloc(a, n, sizeof(*started));
	double *elapsed = arena_calloc(a, n, sizeof(*elapsed));

	for (size_t i = 0; i < n; i++) {
		package[i] = (uint32_t)(i / TASKS);
		name[i] = (uint32_t)(i % TASKS);
		started[i] = (int64_t)(i % TASKS * 8 + i / TASKS) * 1000000;
		elapsed[i] = i % 5 == 0 ? 0 : (double)(i % 7);
	}
	return (struct task_table){.n = n,
	    .npackages = RECIPES,
	    .packages = packages,
	    .ntask_names = TASKS,
	    .task_names = tasks,
	    .package = package,
	    .name = name,
	    .started = started,
	    .elapsed = elapsed};
}

static void
check_graph(struct arena *a, const struct depends_list *list)
{
	const struct task_table t = small_build(a);
	const struct graph_options o = {.span = {0, SECONDS * INT64_C(1000000)},
	    .told = list,
	    .scratch = a};
	struct task_graph g;
	struct critical c;

	task_graph_make(a, &t, &o, &g);
	critical_make(a, &g, &c);
	if (fabs(critical_replay(&c, NULL, g.threads) - SECONDS) > 1e-6)
		abort();
	if (!isfinite(critical_replay(&c, NULL, 1)))
		abort();
	for (size_t i = 0; i < g.n; i++)
		if (!(c.slack[i] >= 0) || !(c.pause[i] >= 0))
			abort();
}

static void
check_kept(struct arena *a, const struct depends_file *f)
{
	struct depends_list list;
	struct slice text;

	if (zstd_unpack(a, f->text.zstd, (size_t)64 << 20, &text, NULL) !=
		ERR_OK ||
	    text.n != f->text.size ||
	    depends_read(a, f->kind, text, &list, NULL) != ERR_OK ||
	    list.nedges != f->edges || list.nnames != f->names)
		abort();
	check_graph(a, &list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	enum depends_kind kind;
	struct depends_file whole, cut;
	struct depends_list told;

	if (size > 0) {
		kind = data[0] % 2 == 0 ? DEPENDS_TASKS : DEPENDS_RECIPES;
		whole = read_file(a, kind, data + 1, size - 1, 0);
		cut = read_file(a, kind, data + 1, size - 1, (size - 1) / 2);
		if (whole.edges != cut.edges || whole.odd != cut.odd ||
		    whole.names != cut.names ||
		    (whole.why == NULL) != (cut.why == NULL))
			abort();
		if (whole.why == NULL)
			check_kept(a, &whole);
	}
	depends_read_told(a, (struct slice){(const char *)data, size}, &told);
	if (told.nedges > 0)
		check_graph(a, &told);
	arena_free(a);
	return 0;
}
