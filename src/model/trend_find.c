/* trend_find.c: see trend_find.h. */
#include "model/trend_find.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/filter.h"
#include "model/intern.h"
#include "model/metric_unit.h"
#include "model/package_tasks.h"
#include "model/size_store.h"
#include "model/task_table.h"

#define SETSCENE "_setscene"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

enum column {
	C_STARTED,
	C_BUILD,
	C_STATUS,
	C_WALL,
	C_CPU,
	C_TASKS,
	C_VERSION,
	C_NAME,
	C_BUILDER,
	C_MACHINE,
	C_DISTRO,
	C_IMAGE,
	C_BRANCH,
	C_COMMIT,
	C_PRESSURE,
	C__MAX
};

static const char *const columns[C__MAX] = {"started", "build", "status",
    "wall", "cpu", "tasks", "version", "name", "builder", "machine", "distro",
    "image", "branch", "commit", "pressure"};

struct reader {
	struct arena *a;
	const struct rows *r;
	int col[C__MAX];
	struct intern texts; /* most are the same */
};

static bool
is_time(const char *metric)
{
	return strcmp(metric, "elapsed") == 0 || strcmp(metric, "cputime") == 0;
}

static bool
is_size(const char *metric)
{
	return strcmp(metric, "package_size") == 0;
}

/* ---- rows ---- */

static const char *
text(struct reader *rd, size_t row, enum column c)
{
	struct slice s = slice_of(row_text(rd->r, row, rd->col[c]));
	bool is_new;
	uint32_t at = intern_add(&rd->texts, s, &is_new);

	return rd->texts.texts[at].p;
}

static double
number(const struct reader *rd, size_t row, enum column c)
{
	double v = row_is_null(rd->r, row, rd->col[c])
		       ? NAN
		       : row_double(rd->r, row, rd->col[c]);

	return v >= 0 ? v : NAN;
}

static void
read_run(struct reader *rd, size_t row, struct trend_run *out)
{
	*out = (struct trend_run){
	    .build = (int)row_int(rd->r, row, rd->col[C_BUILD]),
	    .started = row_time(rd->r, row, rd->col[C_STARTED]),
	    .name = text(rd, row, C_NAME),
	    .version = text(rd, row, C_VERSION),
	    .image = text(rd, row, C_IMAGE),
	    .builder = text(rd, row, C_BUILDER),
	    .machine = text(rd, row, C_MACHINE),
	    .distro = text(rd, row, C_DISTRO),
	    .branch = text(rd, row, C_BRANCH),
	    .commit = text(rd, row, C_COMMIT),
	    .status = (enum build_status)row_int(rd->r, row, rd->col[C_STATUS]),
	    .value = NAN,
	    .wall = number(rd, row, C_WALL),
	    .cpu = number(rd, row, C_CPU),
	    .pressure = number(rd, row, C_PRESSURE),
	};
}

static double
seconds(int64_t hundredths)
{
	return hundredths == PACKAGE_TASK_UNKNOWN ? NAN
						  : (double)hundredths / 100;
}

/* A damaged list tells nothing; the others are worth showing. */
static void
read_tasks(struct reader *rd, size_t row, struct trend_run *out)
{
	struct slice packed = row_bytes(rd->r, row, rd->col[C_TASKS]);
	struct trend_task *t;
	struct package_task *p;
	struct errinfo ignored = {0};
	size_t n;

	if (package_tasks_decode(rd->a, packed, &p, &n, &ignored) != ERR_OK)
		n = 0;
	t = arena_alloc(rd->a, (n + 1) * sizeof(*t));
	for (size_t i = 0; i < n; i++)
		t[i] = (struct trend_task){
		    p[i].id, seconds(p[i].elapsed), seconds(p[i].cputime)};
	out->task = t;
	out->ntasks = n;
}

/* ---- tasks ---- */

static int
by_id(const void *x, const void *y)
{
	const struct trend_name *a = x, *b = y;

	return (a->id > b->id) - (a->id < b->id);
}

/* The ids that occur, each once. */
static size_t
task_ids(struct arena *a, const struct trend *t, int32_t **out)
{
	size_t n = 0, cap = 0;
	int32_t *id = NULL;
	bool *seen;
	int most = 0;

	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->run[i].ntasks; k++)
			if (t->run[i].task[k].id > most)
				most = t->run[i].task[k].id;
	seen = arena_calloc(a, (size_t)most + 1, sizeof(*seen));
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->run[i].ntasks; k++) {
			int x = t->run[i].task[k].id;
			if (x < 0 || seen[x])
				continue;
			seen[x] = true;
			id = arena_grow(a, id, &cap, n + 1, sizeof(*id));
			id[n++] = x;
		}
	*out = id;
	return n;
}

static enum err
load_names(
    struct db *db, struct arena *a, struct trend_found *f, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct trend_name *name;
	int32_t *id;
	size_t n = task_ids(a, &f->trend, &id);
	enum err err;

	if (n == 0)
		return ERR_OK;
	err = STMT_QUERY(db, Q_TREND_TASK_NAMES, &r, ei, db_int4s(id, n));
	if (err != ERR_OK)
		return err;
	f->nnames = rows_count(r);
	name = arena_alloc(a, (f->nnames + 1) * sizeof(*name));
	for (size_t i = 0; i < f->nnames; i++)
		name[i] = (struct trend_name){
		    (int)row_int(r, i, rows_column(r, "id")),
		    arena_strdup(a, row_text(r, i, rows_column(r, "name")))};
	qsort(name, f->nnames, sizeof(*name), by_id);
	f->names = name;
	return ERR_OK;
}

const char *
trend_task_name(const struct trend_found *f, int id)
{
	const struct trend_name key = {id, ""}, *found = NULL;

	if (f->nnames > 0)
		found = bsearch(
		    &key, f->names, f->nnames, sizeof(*f->names), by_id);
	return found != NULL ? found->name : "";
}

static bool
is_restored(const struct trend_found *f, int id)
{
	const char *name = trend_task_name(f, id);
	size_t n = strlen(name), m = strlen(SETSCENE);

	return n > m && strcmp(name + n - m, SETSCENE) == 0;
}

static void
add_up(double *sum, double v)
{
	if (isfinite(v))
		*sum = isfinite(*sum) ? *sum + v : v;
}

/* Times are those of the tasks that were asked for, added up. */
static void
sum_tasks(const bool *restored, int task, struct trend_run *r)
{
	r->wall = r->cpu = NAN;
	for (size_t i = 0; i < r->ntasks; i++) {
		const struct trend_task *t = &r->task[i];
		if (task != 0 && t->id != task)
			continue;
		r->ran += !restored[t->id];
		r->restored += restored[t->id];
		add_up(&r->wall, t->wall);
		add_up(&r->cpu, t->cpu);
	}
	/* Hundredths, as they are kept. */
	r->wall = round(r->wall * 100) / 100;
	r->cpu = round(r->cpu * 100) / 100;
}

static int
task_id(const struct trend_found *f, const char *name)
{
	for (size_t i = 0; i < f->nnames; i++)
		if (strcmp(f->names[i].name, name) == 0)
			return f->names[i].id;
	return -1;
}

static void
sum_all(struct arena *a, const struct trend_query *q, struct trend_found *f)
{
	int task = q->task[0] != '\0' ? task_id(f, q->task) : 0;
	int most = f->nnames > 0 ? f->names[f->nnames - 1].id : 0;
	bool *restored;

	/* Ids without a name are possible, as after a partial restore. */
	for (size_t i = 0; i < f->trend.n; i++)
		for (size_t k = 0; k < f->trend.run[i].ntasks; k++)
			if (f->trend.run[i].task[k].id > most)
				most = f->trend.run[i].task[k].id;
	restored = arena_calloc(a, (size_t)most + 1, sizeof(*restored));
	for (size_t i = 0; i < f->nnames; i++)
		restored[f->names[i].id] = is_restored(f, f->names[i].id);
	/* Asked for a restored task, that is what has to have run. */
	if (task > 0)
		restored[task] = false;
	for (size_t i = 0; i < f->trend.n; i++)
		sum_tasks(restored, task, &f->trend.run[i]);
}

/* ---- metrics of task blocks ---- */

static bool
wants(const struct trend_query *q, const struct trend_run *run,
    const struct task_table *t, size_t i)
{
	const struct package *p = &t->packages[t->package[i]];

	return strcmp(p->recipe, q->name) == 0 &&
	       strcmp(p->version, run->version) == 0 &&
	       (q->task[0] == '\0' ||
		   strcmp(t->task_names[t->name[i]], q->task) == 0);
}

static enum err
load_block(struct db *db, struct arena *scratch, const struct trend_query *q,
    struct trend_run *run, struct errinfo *ei)
{
	bool largest = strcmp(metric_unit(q->metric), "KiB") == 0;
	struct task_table *t;
	struct task_column c;
	enum err err =
	    task_table_load(db, scratch, run->build, run->started, &t, ei);

	if (err == ERR_OK)
		err = task_table_column(db, scratch, t, q->metric, &c, ei);
	if (err == ERR_NOT_FOUND) /* this build has no such metric */
		return ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < t->n; i++) {
		if (!isfinite(c.value[i]) || !wants(q, run, t, i))
			continue;
		if (largest)
			run->value = isfinite(run->value)
					 ? fmax(run->value, c.value[i])
					 : c.value[i];
		else
			add_up(&run->value, c.value[i]);
	}
	return err;
}

/* The tables of a hundred builds would be too much at once. */
static enum err
load_blocks(struct db *db, const struct trend_query *q, struct trend *t,
    struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < t->n; i++) {
		err = load_block(db, scratch, q, &t->run[i], ei);
		arena_reset(scratch);
	}
	return err;
}

/* ---- sizes ---- */

static int
by_number(const void *x, const void *y)
{
	const int32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

/* What a recipe's packages weighed in each of the builds. */
static enum err
load_sizes(struct db *db, struct arena *a, const struct trend_query *q,
    struct trend *t, struct errinfo *ei)
{
	struct unit_ids builds = {t->n, arena_calloc(a, t->n + 1, sizeof(int))};
	double *bytes = arena_calloc(a, t->n + 1, sizeof(*bytes));
	enum err err;

	for (size_t i = 0; i < t->n; i++)
		builds.id[i] = t->run[i].build;
	if (t->n > 1)
		qsort(builds.id, t->n, sizeof(*builds.id), by_number);
	err = size_of_recipe(db, q->recipe, builds, bytes, ei);
	for (size_t i = 0; err == ERR_OK && i < t->n; i++) {
		const int32_t *at = bsearch(&t->run[i].build, builds.id, t->n,
		    sizeof(*builds.id), by_number);
		t->run[i].value = bytes[at - builds.id];
	}
	return err;
}

/* Numbers of builds as a whole have units of their own. */
static enum err
find_metric(struct db *db, struct arena *a, const struct trend_query *q,
    struct trend_found *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err;

	out->unit = metric_unit(q->metric);
	if (is_time(q->metric))
		return ERR_OK;
	err = STMT_QUERY(db, Q_METRIC_CALLED, &r, ei, DB_T(q->metric));
	if (err != ERR_OK || rows_count(r) == 0)
		return err;
	out->unit = arena_strdup(a, row_text(r, 0, rows_column(r, "unit")));
	out->trend.made =
	    strcmp(row_text(r, 0, rows_column(r, "kind")), "build") == 0;
	return ERR_OK;
}

/* ---- queries ---- */

static void
add_recipe(struct sql *s, const struct trend_query *q)
{
	sql_add1(s, Q_TREND_ROWS, DB_I4(q->recipe));
	filter_text(s, Q_PACKAGE_WHERE_VERSION, q->version);
	if (q->since != TIME_UNKNOWN)
		sql_add1(s, Q_TREND_WHERE_SINCE, DB_TM(q->since));
	if (q->until != TIME_UNKNOWN)
		sql_add1(s, Q_TREND_WHERE_UNTIL, DB_TM(q->until));
}

static void
add_builds(struct sql *s, const struct trend_query *q)
{
	bool largest = strcmp(metric_unit(q->metric), "KiB") == 0;

	sql_add(s, Q_TREND_BUILD_ROWS);
	sql_bind(s, DB_T(q->metric));
	sql_bind(s, DB_I4(largest));
	sql_bind(s, DB_T(q->metric));
	if (q->since != TIME_UNKNOWN)
		sql_add1(s, Q_TREND_BUILD_WHERE_SINCE, DB_TM(q->since));
	if (q->until != TIME_UNKNOWN)
		sql_add1(s, Q_TREND_BUILD_WHERE_UNTIL, DB_TM(q->until));
}

static enum err
query(struct db *db, const struct trend_query *q, size_t max, struct rows **r,
    struct errinfo *ei)
{
	struct sql s = {0};

	if (q->recipe != 0)
		add_recipe(&s, q);
	else
		add_builds(&s, q);
	filter_text(&s, Q_PACKAGE_WHERE_MACHINE, q->machine);
	filter_text(&s, Q_PACKAGE_WHERE_DISTRO, q->distro);
	filter_text(&s, Q_PACKAGE_WHERE_BUILDER, q->builder);
	filter_text(&s, Q_TREND_WHERE_BRANCH, q->branch);
	filter_text(&s, Q_TREND_WHERE_IMAGE, q->image);
	if (q->build != 0)
		sql_add1(&s, Q_TREND_WHERE_BUILD, DB_I4(q->build));
	sql_add1(&s, q->recipe != 0 ? Q_TREND_END : Q_TREND_BUILD_END,
	    DB_I8((int64_t)max + 1));
	return sql_query(db, &s, r, ei);
}

/* Rows are newest first, runs oldest first. */
static void
read_all(struct arena *a, const struct rows *r, const struct trend_query *q,
    size_t n, struct trend *t)
{
	struct reader rd = {.a = a, .r = r};
	int value = q->recipe != 0 ? -1 : rows_column(r, "value");

	intern_init(&rd.texts, a);
	for (size_t c = 0; c < C__MAX; c++)
		rd.col[c] = rows_column(r, columns[c]);
	t->n = n;
	t->run = arena_calloc(a, n + 1, sizeof(*t->run));
	for (size_t row = 0; row < n; row++) {
		struct trend_run *run = &t->run[n - 1 - row];
		read_run(&rd, row, run);
		if (q->recipe != 0) {
			read_tasks(&rd, row, run);
			continue;
		}
		run->ran = (size_t)row_int(r, row, rd.col[C_TASKS]);
		if (!row_is_null(r, row, value))
			run->value = row_double(r, row, value);
	}
}

static void
set_times(const struct trend_query *q, struct trend *t)
{
	bool wall = strcmp(q->metric, "elapsed") == 0;

	if (!is_time(q->metric))
		return;
	for (size_t i = 0; i < t->n; i++)
		t->run[i].value = wall ? t->run[i].wall : t->run[i].cpu;
}

enum err
trend_find(struct db *db, struct arena *a, const struct trend_query *q,
    struct trend_found *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	size_t max = q->max > 0 ? q->max : TREND_RUNS_MAX, n;
	enum err err;

	*out = (struct trend_found){.blocks = q->recipe != 0 &&
					      !is_time(q->metric) &&
					      !is_size(q->metric)};
	if (out->blocks && max > TREND_BLOCKS_MAX)
		max = TREND_BLOCKS_MAX;
	if ((err = find_metric(db, a, q, out, ei)) != ERR_OK ||
	    (err = query(db, q, max, &r, ei)) != ERR_OK)
		return err;
	n = rows_count(r);
	out->more = n > max;
	read_all(a, r, q, n < max ? n : max, &out->trend);
	if (q->recipe != 0) {
		err = load_names(db, a, out, ei);
		sum_all(a, q, out);
	}
	set_times(q, &out->trend);
	if (err == ERR_OK && q->recipe != 0 && is_size(q->metric))
		err = load_sizes(db, a, q, &out->trend, ei);
	if (err == ERR_OK && out->blocks)
		err = load_blocks(db, q, &out->trend, ei);
	return err;
}
