/* task_table.c: see task_table.h. */
#include "model/task_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/derived.h"
#include "model/metric_unit.h"
#include "model/task_block.h"
#include "model/task_columns.h"

/* What task_table_load hands out is the first member. */
struct loaded {
	struct task_table table;
	struct task_block *tb;
	int build;
	int64_t build_started;
	int64_t **value;      /* per column of the block, NULL until read */
	struct slice columns; /* all of them, or nothing until read */
};

/* Up to here reading all columns at once costs less than the queries for the
 * handful that a page shows. */
#define READ_ALL_MAX ((size_t)256 << 10)

static struct loaded *
loaded_of(struct task_table *t)
{
	return (struct loaded *)(void *)t;
}

static enum err
no_build(struct errinfo *ei, int build)
{
	return err_set(ei, ERR_NOT_FOUND, "no build %d", build);
}

/* ---- values ---- */

struct reader {
	struct db *db;
	struct arena *a;
	struct loaded *l;
	struct errinfo *ei;
};

static enum err
query_columns(struct reader *rd, struct rows **r)
{
	struct loaded *l = rd->l;
	enum err err = STMT_QUERY(rd->db, Q_LOAD_COLUMNS, r, rd->ei,
	    DB_I4(l->build), DB_TM(l->build_started));

	if (err == ERR_OK && rows_count(*r) != 1)
		err = no_build(rd->ei, l->build);
	return err;
}

/* The bytes of a column that is not in the core; *r holds them, or the table
 * does. */
static enum err
column_bytes(struct reader *rd, const struct block_column *bc, struct rows **r,
    struct slice *out)
{
	struct loaded *l = rd->l;
	enum err err;

	if (l->tb->columns_length <= READ_ALL_MAX) {
		if (l->columns.p == NULL) {
			if ((err = query_columns(rd, r)) != ERR_OK)
				return err;
			l->columns = row_bytes(*r, 0, 0);
			l->columns.p =
			    arena_strndup(rd->a, l->columns.p, l->columns.n);
		}
		/* A row may have been replaced by a shorter one. */
		if (bc->offset > l->columns.n ||
		    bc->length > l->columns.n - bc->offset)
			return no_build(rd->ei, l->build);
		*out = (struct slice){l->columns.p + bc->offset, bc->length};
		return ERR_OK;
	}
	err = STMT_QUERY(rd->db, Q_LOAD_COLUMN, r, rd->ei, DB_I4(l->build),
	    DB_TM(l->build_started), DB_I4((int64_t)bc->offset + 1),
	    DB_I4((int64_t)bc->length));
	if (err != ERR_OK)
		return err;
	if (rows_count(*r) != 1)
		return no_build(rd->ei, l->build);
	*out = row_bytes(*r, 0, 0);
	return ERR_OK;
}

static enum err
fetch(struct reader *rd, size_t c)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct loaded *l = rd->l;
	const struct block_column *bc = &l->tb->columns[c];
	struct column_source src = {.column = c, .bytes = {"", 0}};
	enum err err;

	for (unsigned i = 0; i < prediction_bases(bc->prediction); i++)
		src.base[i] = l->value[bc->base[i]];
	if (!bc->in_core &&
	    (err = column_bytes(rd, bc, &r, &src.bytes)) != ERR_OK)
		return err;
	return task_block_column(rd->a, l->tb, &src, &l->value[c], rd->ei);
}

static enum err
need(struct reader *rd, size_t c)
{
	const struct block_column *bc = &rd->l->tb->columns[c];
	enum err err;

	if (rd->l->value[c] != NULL)
		return ERR_OK;
	for (unsigned i = 0; i < prediction_bases(bc->prediction); i++)
		if (rd->l->value[bc->base[i]] == NULL &&
		    (err = fetch(rd, bc->base[i])) != ERR_OK)
			return err;
	return fetch(rd, c);
}

static bool
has_name(const struct loaded *l, size_t c, const char *name)
{
	const struct block_column *bc = &l->tb->columns[c];

	return bc->occurrence == 0 &&
	       strcmp(l->tb->metrics[bc->metric].name, name) == 0;
}

/* Adds to out[i] for the tasks that have column c: the first value replaces
 * NAN. */
static void
add_values(const struct loaded *l, size_t c, double *out)
{
	enum num_form form = l->tb->columns[c].form;
	size_t i = 0;

	for (size_t s = 0; s < l->tb->nshapes; s++) {
		size_t end = l->tb->shape_end[s];
		if (task_block_slot(l->tb, (uint32_t)s, c) < 0)
			i = end;
		for (; i < end; i++) {
			double v = num_to_double(form, l->value[c][i]);
			out[i] = isnan(out[i]) ? v : out[i] + v;
		}
	}
}

/* All columns of a metric: one a form; no task has two of them. */
static enum err
add_metric(struct reader *rd, const char *name, double *out, const char **key)
{
	const struct task_block *tb = rd->l->tb;

	for (size_t c = 0; c < tb->ncolumns; c++) {
		enum err err;
		if (!has_name(rd->l, c, name))
			continue;
		if ((err = need(rd, c)) != ERR_OK)
			return err;
		add_values(rd->l, c, out);
		if (key != NULL)
			*key = tb->metrics[tb->columns[c].metric].key;
	}
	return ERR_OK;
}

static const struct derived_metric *
derived_by_name(const char *name)
{
	for (size_t d = 0; d < NDERIVED; d++)
		if (strcmp(derived_sums[d].name, name) == 0)
			return &derived_sums[d];
	return NULL;
}

static enum err
add_derived(struct reader *rd, const struct derived_metric *d, double *out)
{
	for (size_t i = 0; d->parts[i] != NULL; i++) {
		enum err err = add_metric(rd, d->parts[i], out, NULL);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

bool
task_table_has(const struct task_table *t, const char *name)
{
	for (size_t i = 0; i < t->nmetrics; i++)
		if (strcmp(t->metrics[i], name) == 0)
			return true;
	return false;
}

enum err
task_table_column(struct db *db, struct arena *a, struct task_table *t,
    const char *name, struct task_column *out, struct errinfo *ei)
{
	struct reader rd = {db, a, loaded_of(t), ei};
	const struct derived_metric *d = derived_by_name(name);
	double *v;
	enum err err = ERR_OK;

	if (!task_table_has(t, name))
		return err_set(ei, ERR_NOT_FOUND, "no metric %s", name);
	*out = (struct task_column){
	    .name = name, .key = "", .unit = metric_unit(name)};
	v = arena_alloc(a, (t->n + 1) * sizeof(*v));
	for (size_t i = 0; i < t->n; i++)
		v[i] = NAN;
	if (strcmp(name, "elapsed") == 0) {
		for (size_t i = 0; i < t->n; i++)
			if (t->elapsed[i] >= 0)
				v[i] = t->elapsed[i];
	} else if (d != NULL) {
		err = add_derived(&rd, d, v);
	} else {
		err = add_metric(&rd, name, v, &out->key);
	}
	out->value = v;
	return err;
}

enum err
task_table_columns(struct db *db, struct arena *a, struct task_table *t,
    struct task_column **out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct loaded *l = loaded_of(t);
	struct reader rd = {db, a, l, ei};
	enum err err = query_columns(&rd, &r);

	*out = arena_calloc(a, t->nmetrics + 1, sizeof(**out));
	if (err != ERR_OK)
		return err;
	err = task_block_values(a, l->tb, row_bytes(r, 0, 0), l->value, ei);
	for (size_t i = 0; err == ERR_OK && i < t->nmetrics; i++)
		err =
		    task_table_column(db, a, t, t->metrics[i], &(*out)[i], ei);
	return err;
}

/* ---- the core ---- */

static int
by_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static bool
any_part(const struct task_block *tb, const struct derived_metric *d)
{
	for (size_t i = 0; d->parts[i] != NULL; i++)
		for (size_t m = 0; m < tb->nmetrics; m++)
			if (strcmp(tb->metrics[m].name, d->parts[i]) == 0)
				return true;
	return false;
}

/* Names of what the block holds and of what can be made from it. */
static void
list_metrics(struct arena *a, struct loaded *l)
{
	struct task_table *t = &l->table;
	size_t n = 0, kept = 0;
	const char **names =
	    arena_calloc(a, l->tb->nmetrics + NDERIVED + 2, sizeof(*names));

	for (size_t m = 0; m < l->tb->nmetrics; m++)
		names[n++] = l->tb->metrics[m].name;
	for (size_t d = 0; d < NDERIVED; d++)
		if (any_part(l->tb, &derived_sums[d]))
			names[n++] = derived_sums[d].name;
	names[n++] = "elapsed";
	qsort(names, n, sizeof(*names), by_text);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || strcmp(names[i], names[kept - 1]) != 0)
			names[kept++] = names[i];
	t->metrics = names;
	t->nmetrics = kept;
}

/* The numbers that a shape calls started, ended and elapsed. */
struct known {
	const int64_t *value; /* NULL: the shape has none */
	enum num_form form;
};

static struct known
known_of(const struct loaded *l, size_t shape, int slot)
{
	uint32_t c;

	if (slot < 0)
		return (struct known){NULL, NUM_INT};
	c = l->tb->shape_column[shape][slot];
	return (struct known){l->value[c], l->tb->columns[c].form};
}

/* As task_started() and task_elapsed() of one task, through a build of one
 * that has just these three numbers. */
static void
fill_times(
    struct loaded *l, size_t s, size_t i, int64_t *started, double *elapsed)
{
	const struct shape *sh = &l->tb->shapes[s];
	const struct known k[3] = {known_of(l, s, sh->started),
	    known_of(l, s, sh->ended), known_of(l, s, sh->elapsed)};
	struct shape_slot slots[3] = {
	    {0, k[0].form}, {0, k[1].form}, {0, k[2].form}};
	int64_t values[3] = {0};
	struct shape three = {.nslots = 3,
	    .slots = slots,
	    .started = sh->started < 0 ? -1 : 0,
	    .ended = sh->ended < 0 ? -1 : 1,
	    .elapsed = sh->elapsed < 0 ? -1 : 2};
	const struct build one = {.nshapes = 1, .shapes = &three};
	const struct task task = {.values = values};

	for (size_t j = 0; j < 3; j++)
		if (k[j].value != NULL)
			values[j] = k[j].value[i];
	started[i] = task_started(&one, &task);
	elapsed[i] = task_elapsed(&one, &task);
}

static enum err
fill_table(struct reader *rd)
{
	struct arena *a = rd->a;
	struct loaded *l = rd->l;
	struct task_table *t = &l->table;
	int64_t *started = arena_calloc(a, t->n + 1, sizeof(*started));
	double *elapsed = arena_calloc(a, t->n + 1, sizeof(*elapsed));
	uint8_t *status = arena_calloc(a, t->n + 1, 1);
	size_t i = 0;

	for (size_t c = 0; c < l->tb->ncolumns; c++)
		if (l->tb->columns[c].in_core) {
			enum err err = need(rd, c);
			if (err != ERR_OK)
				return err;
		}
	for (size_t s = 0; s < l->tb->nshapes; s++)
		for (; i < l->tb->shape_end[s]; i++) {
			status[i] = (uint8_t)l->tb->shapes[s].status;
			fill_times(l, s, i, started, elapsed);
		}
	t->status = status;
	t->started = started;
	t->elapsed = elapsed;
	return ERR_OK;
}

enum err
task_table_load(struct db *db, struct arena *a, int build, int64_t started,
    struct task_table **out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct loaded *l = arena_zalloc(a, sizeof(*l));
	struct slice core;
	enum err err;

	*out = NULL;
	err = STMT_QUERY(db, Q_LOAD_CORE, &r, ei, DB_I4(build), DB_TM(started));
	if (err != ERR_OK)
		return err;
	if (rows_count(r) != 1)
		return no_build(ei, build);
	core = row_bytes(r, 0, 0);
	core.p = arena_strndup(a, core.p, core.n);
	if ((err = task_block_open(a, core, &l->tb, ei)) != ERR_OK)
		return err;
	l->build = build;
	l->build_started = started;
	l->value = arena_calloc(a, l->tb->ncolumns + 1, sizeof(*l->value));
	l->table = (struct task_table){.n = l->tb->ntasks,
	    .npackages = l->tb->npackages,
	    .packages = l->tb->packages,
	    .ntask_names = l->tb->ntask_names,
	    .task_names = l->tb->task_names,
	    .package = l->tb->package,
	    .name = l->tb->name,
	    .block = l->tb->block};
	list_metrics(a, l);
	if ((err = fill_table(&(struct reader){db, a, l, ei})) != ERR_OK)
		return err;
	*out = &l->table;
	return ERR_OK;
}
