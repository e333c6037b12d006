/*
 * task_block_read.c: reads the columns of an opened block; see task_block.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/column.h"
#include "model/task_block.h"
#include "model/task_columns.h"
#include "model/unpack.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

static enum err
damaged(struct errinfo *ei)
{
	return err_set(ei, ERR_INTERNAL, "damaged task block");
}

int
task_block_slot(const struct task_block *tb, uint32_t shape, size_t c)
{
	const struct shape *sh = &tb->shapes[shape];

	for (size_t k = 0; k < sh->nslots; k++)
		if (tb->shape_column[shape][k] == c)
			return (int)k;
	return -1;
}

/* The groups of the tasks that have column c; returns how many there are. */
static size_t
collect_groups(const struct task_block *tb, size_t c, uint32_t *group)
{
	size_t n = 0, start = 0;

	for (size_t s = 0; s < tb->nshapes; s++) {
		size_t end = tb->shape_end[s];
		if (task_block_slot(tb, (uint32_t)s, c) >= 0)
			for (size_t i = start; i < end; i++)
				group[n++] = tb->run[i];
		start = end;
	}
	return n;
}

/* Puts the values at their tasks and adds what was predicted. */
static void
scatter(const struct task_block *tb, const struct column_source *src,
    const int64_t *values, int64_t *out)
{
	const struct block_column *bc = &tb->columns[src->column];
	unsigned nbases = prediction_bases(bc->prediction);
	size_t start = 0;

	for (size_t s = 0; s < tb->nshapes; s++) {
		size_t end = tb->shape_end[s];
		bool predicted = nbases > 0;
		for (unsigned j = 0; j < nbases; j++)
			predicted =
			    predicted &&
			    task_block_slot(tb, (uint32_t)s, bc->base[j]) >= 0;
		if (task_block_slot(tb, (uint32_t)s, src->column) < 0) {
			start = end;
			continue;
		}
		for (size_t i = start; i < end; i++)
			out[i] = *values++;
		for (size_t i = start; predicted && i < end; i++)
			out[i] = wrap_add(out[i],
			    prediction_value(bc->prediction, src->base[0][i],
				nbases == 2 ? src->base[1][i] : 0));
		start = end;
	}
}

enum err
task_block_column(struct arena *a, const struct task_block *tb,
    const struct column_source *src, int64_t **out, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *tmp = arena_new(0);
	const struct block_column *bc = &tb->columns[src->column];
	uint32_t *group = arena_alloc(tmp, (tb->ntasks + 1) * sizeof(*group));
	size_t n = collect_groups(tb, src->column, group);
	int64_t *values = arena_alloc(tmp, (n + 1) * sizeof(*values));
	struct slice bytes = src->bytes;
	enum err err;

	*out = NULL;
	if (bc->in_core)
		bytes = (struct slice){tb->core.p + bc->offset, bc->length};
	if (bytes.n != bc->length ||
	    task_block_sum(bytes.p, bytes.n) != bc->sum)
		return damaged(ei);
	err = column_decode(tmp, bytes, group, n, values, ei);
	if (err != ERR_OK)
		return err;
	*out = arena_calloc(a, tb->ntasks + 1, sizeof(**out));
	scatter(tb, src, values, *out);
	return ERR_OK;
}

static enum err
read_column(struct arena *a, const struct task_block *tb, size_t c,
    struct slice columns, int64_t **value, struct errinfo *ei)
{
	const struct block_column *bc = &tb->columns[c];
	struct column_source src = {.column = c, .bytes = {"", 0}};

	for (unsigned i = 0; i < prediction_bases(bc->prediction); i++)
		src.base[i] = value[bc->base[i]];
	if (!bc->in_core)
		src.bytes = (struct slice){columns.p + bc->offset, bc->length};
	return task_block_column(a, tb, &src, &value[c], ei);
}

enum err
task_block_values(struct arena *a, const struct task_block *tb,
    struct slice columns, int64_t **value, struct errinfo *ei)
{
	if (columns.n != tb->columns_length)
		return damaged(ei);
	/* Those without prediction first. */
	for (int pass = 0; pass < 2; pass++)
		for (size_t c = 0; c < tb->ncolumns; c++) {
			bool predicted =
			    tb->columns[c].prediction != PREDICT_NONE;
			enum err err;
			if (predicted != (pass == 1))
				continue;
			err = read_column(a, tb, c, columns, value, ei);
			if (err != ERR_OK)
				return err;
		}
	return ERR_OK;
}

/* Builds keep packages sorted bytewise, blocks by first start. */
static int
by_pf(const void *x, const void *y)
{
	const struct package *a = x, *b = y;

	return strcmp(a->pf, b->pf);
}

struct placed {
	struct package package; /* first, for by_pf */
	uint32_t rank;
};

/* new_index[rank]: where the package of that rank went. */
static uint32_t *
sort_packages(struct arena *a, const struct task_block *tb, struct build *out)
{
	struct placed *p = arena_calloc(a, tb->npackages + 1, sizeof(*p));
	uint32_t *new_index =
	    arena_calloc(a, tb->npackages + 1, sizeof(*new_index));

	for (size_t i = 0; i < tb->npackages; i++)
		p[i] = (struct placed){tb->packages[i], (uint32_t)i};
	if (tb->npackages > 0)
		qsort(p, tb->npackages, sizeof(*p), by_pf);
	out->npackages = tb->npackages;
	out->packages =
	    arena_calloc(a, tb->npackages + 1, sizeof(*out->packages));
	for (size_t i = 0; i < tb->npackages; i++) {
		out->packages[i] = p[i].package;
		new_index[p[i].rank] = (uint32_t)i;
	}
	return new_index;
}

static void
make_tasks(struct arena *a, const struct task_block *tb, int64_t *const *value,
    struct build *out)
{
	const uint32_t *new_index = sort_packages(a, tb, out);

	out->ntasks = tb->ntasks;
	out->tasks = arena_calloc(a, tb->ntasks + 1, sizeof(*out->tasks));
	for (size_t i = 0; i < tb->ntasks; i++) {
		const struct shape *sh = &tb->shapes[tb->shape[i]];
		int64_t *v = arena_calloc(a, sh->nslots + 1, sizeof(*v));
		for (size_t k = 0; k < sh->nslots; k++)
			v[k] = value[tb->shape_column[tb->shape[i]][k]][i];
		out->tasks[i] =
		    (struct task){.package = new_index[tb->package[i]],
			.name = tb->name[i],
			.shape = tb->shape[i],
			.block = tb->block[i],
			.values = v};
	}
	if (tb->ntasks > 0)
		qsort(
		    out->tasks, tb->ntasks, sizeof(*out->tasks), task_compare);
}

enum err
task_block_build(struct arena *a, const struct task_block *tb,
    struct slice columns, struct build *out, struct errinfo *ei)
{
	int64_t **value = arena_calloc(a, tb->ncolumns + 1, sizeof(*value));
	enum err err;

	if ((err = task_block_values(a, tb, columns, value, ei)) != ERR_OK)
		return err;
	out->nmetrics = tb->nmetrics;
	out->metrics = tb->metrics;
	out->nshapes = tb->nshapes;
	out->shapes = tb->shapes;
	out->ntask_names = tb->ntask_names;
	out->task_names = tb->task_names;
	make_tasks(a, tb, value, out);
	return ERR_OK;
}
