/* graph_blocks.c: metrics of points that stand in task blocks; see
 * graph_parts.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/graph_parts.h"
#include "model/task_table.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

struct filling {
	struct graph *g;
	const char *task;
	struct graph_point **point; /* of one build, in order */
	size_t n;
	struct task_table *table;
};

static int
compare_points(const struct graph_point *x, const struct graph_point *y)
{
	int c = strcmp(x->recipe, y->recipe);

	if (c == 0)
		c = strcmp(x->version, y->version);
	return c != 0 ? c : strcmp(x->task, y->task);
}

static int
by_name(const void *a, const void *b)
{
	return compare_points(*(const struct graph_point *const *)a,
	    *(const struct graph_point *const *)b);
}

static struct graph_point *
point_of(const struct filling *f, size_t i)
{
	const struct task_table *t = f->table;
	const struct package *p = &t->packages[t->package[i]];
	const char *name = t->task_names[t->name[i]];
	struct graph_point key = {.recipe = p->recipe,
	    .version = p->version,
	    .task = f->g->of == GRAPH_OF_TASK ? name : ""};
	struct graph_point *pointer = &key, **found;

	if (f->task[0] != '\0' && strcmp(f->task, name) != 0)
		return NULL;
	found = bsearch(
	    &pointer, f->point, f->n, sizeof(struct graph_point *), by_name);
	return found != NULL ? *found : NULL;
}

static void
fill(const struct filling *f, const struct graph_axis *axis,
    const struct task_column *c, bool is_x)
{
	for (size_t i = 0; i < f->table->n; i++) {
		struct graph_point *p;
		double both[2];
		if (!isfinite(c->value[i]) || (p = point_of(f, i)) == NULL)
			continue;
		both[0] = both[1] = is_x ? p->x : p->y;
		graph_add(both, c->value[i]);
		*(is_x ? &p->x : &p->y) = both[axis->largest];
	}
}

static bool
stands_in_blocks(const struct graph_axis *axis)
{
	return axis->kind == GRAPH_NUMBER && axis->number == GRAPH_METRIC;
}

static enum err
fill_axis(struct db *db, struct arena *scratch, struct filling *f, bool is_x,
    struct errinfo *ei)
{
	const struct graph_axis *axis = is_x ? &f->g->x : &f->g->y;
	struct task_column c;
	enum err err;

	/* A build may have no such metric. */
	if (!stands_in_blocks(axis) || !task_table_has(f->table, axis->part))
		return ERR_OK;
	err = task_table_column(db, scratch, f->table, axis->part, &c, ei);
	if (err == ERR_OK)
		fill(f, axis, &c, is_x);
	return err;
}

static enum err
fill_build(
    struct db *db, struct arena *scratch, struct filling *f, struct errinfo *ei)
{
	struct task_table *t;
	enum err err = task_table_load(
	    db, scratch, f->point[0]->build, f->point[0]->started, &t, ei);

	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	if (err != ERR_OK)
		return err;
	f->table = t;
	qsort(f->point, f->n, sizeof(*f->point), by_name);
	err = fill_axis(db, scratch, f, true, ei);
	return err == ERR_OK ? fill_axis(db, scratch, f, false, ei) : err;
}

/* The tables of a hundred builds would be too much at once. */
enum err
graph_blocks(struct db *db, struct graph *g, const char *task, bool *dropped,
    struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	struct filling f = {.g = g, .task = task};
	size_t builds = 0, end = g->n;
	enum err err = ERR_OK;

	while (err == ERR_OK && end > 0 && builds < GRAPH_BLOCKS_MAX) {
		size_t from = end - 1;
		while (from > 0 &&
		       g->point[from - 1].build == g->point[end - 1].build)
			from--;
		f.n = end - from;
		f.point =
		    arena_alloc(scratch, f.n * sizeof(struct graph_point *));
		for (size_t i = 0; i < f.n; i++)
			f.point[i] = &g->point[from + i];
		err = fill_build(db, scratch, &f, ei);
		arena_reset(scratch);
		end = from;
		builds++;
	}
	*dropped = end > 0;
	g->point += end;
	g->n -= end;
	return err;
}
