/* live_view.c: see live_view.h. */
#include "model/live_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/package_tasks.h"
#include "model/pf.h"

#define US 1000000

struct view {
	struct db *db;
	struct arena *a;
	const struct build_info *b;
	int64_t now;
	struct live_view *out;
	struct errinfo *ei;
};

/* ---- progress ---- */

static int64_t
number_or_unknown(const struct rows *r, size_t row, const char *column)
{
	int col = rows_column(r, column);

	return row_is_null(r, row, col) ? -1 : row_int(r, row, col);
}

static struct live_progress
read_progress(const struct rows *r, size_t row)
{
	return (struct live_progress){
	    .build = (int)row_int(r, row, rows_column(r, "build")),
	    .done = number_or_unknown(r, row, "done"),
	    .total = number_or_unknown(r, row, "total"),
	    .setscene_done = number_or_unknown(r, row, "setscene_done"),
	    .setscene_total = number_or_unknown(r, row, "setscene_total"),
	};
}

enum err
live_progress_of(struct db *db, struct arena *a,
    const struct build_list *builds, struct live_progresses *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int32_t *id = arena_calloc(a, builds->n + 1, sizeof(*id));
	enum err err;

	*out = (struct live_progresses){0};
	for (size_t i = 0; i < builds->n; i++)
		id[i] = builds->row[i].id;
	err = STMT_QUERY(db, Q_LIVE_PROGRESS, &r, ei, db_int4s(id, builds->n));
	if (err != ERR_OK)
		return err;
	out->n = rows_count(r);
	out->progress = arena_calloc(a, out->n + 1, sizeof(*out->progress));
	for (size_t i = 0; i < out->n; i++)
		out->progress[i] = read_progress(r, i);
	return ERR_OK;
}

/* What runs has run since it was told, by our clock, and before that by the
 * client's. */
static double
running_for(const struct view *v, int64_t told, int64_t since)
{
	int64_t heard = v->out->heard;
	int64_t before = told > since ? told - since : 0;
	int64_t after = v->now > heard ? v->now - heard : 0;

	return (double)(before + after) / US;
}

static enum err
load_state(struct view *v, int64_t *told)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int32_t id = v->b->row.id;
	struct live_view *out = v->out;
	enum err err =
	    STMT_QUERY(v->db, Q_LIVE_PROGRESS, &r, v->ei, db_int4s(&id, 1));

	if (err != ERR_OK || rows_count(r) == 0)
		return err;
	out->known = true;
	out->progress = read_progress(r, 0);
	out->heard = row_time(r, 0, rows_column(r, "heard"));
	*told = row_time(r, 0, rows_column(r, "told"));
	out->elapsed = running_for(
	    v, *told != TIME_UNKNOWN ? *told : out->heard, v->b->row.started);
	return ERR_OK;
}

static void
read_runner(struct view *v, const struct rows *r, size_t i, int64_t told)
{
	struct live_runner *x = &v->out->runner[i];
	struct slice recipe, version;

	pf_split(slice_of(row_text(r, i, 0)), &recipe, &version);
	*x = (struct live_runner){
	    .recipe = arena_strndup(v->a, recipe.p, recipe.n),
	    .version = arena_strndup(v->a, version.p, version.n),
	    .task = arena_strdup(v->a, row_text(r, i, 1)),
	    .since = row_time(r, i, 2),
	};
	x->seconds = running_for(v, told, x->since);
}

static int
longest_first(const void *x, const void *y)
{
	const struct live_runner *a = x, *b = y;

	return (a->since > b->since) - (a->since < b->since);
}

static enum err
load_runners(struct view *v, int64_t told)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct live_view *out = v->out;
	enum err err =
	    STMT_QUERY(v->db, Q_LIVE_RUNNERS, &r, v->ei, DB_I4(v->b->row.id));

	if (err != ERR_OK)
		return err;
	out->n = rows_count(r);
	out->runner = arena_calloc(v->a, out->n + 1, sizeof(*out->runner));
	for (size_t i = 0; i < out->n; i++)
		read_runner(v, r, i, told);
	if (out->n > 1)
		qsort(out->runner, out->n, sizeof(*out->runner), longest_first);
	return ERR_OK;
}

/* ---- earlier runs ---- */

#define SAMPLES_MAX 60 /* of a recipe, as live_past gives */

struct samples {
	size_t n[PAST_ANY + 1];
	double seconds[PAST_ANY + 1][SAMPLES_MAX];
};

struct past_row {
	const char *recipe;
	bool builder, machine; /* the same */
	struct package_task *task;
	size_t n;
};

static enum err
load_task_ids(struct view *v, int *ids)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct live_view *out = v->out;
	const char **names = arena_calloc(v->a, out->n + 1, sizeof(*names));
	enum err err;

	for (size_t i = 0; i < out->n; i++)
		names[i] = out->runner[i].task;
	err = STMT_QUERY(
	    v->db, Q_LIVE_TASK_IDS, &r, v->ei, db_texts(names, out->n));
	for (size_t k = 0; err == ERR_OK && k < rows_count(r); k++)
		for (size_t i = 0; i < out->n; i++)
			if (strcmp(names[i], row_text(r, k, 1)) == 0)
				ids[i] = (int)row_int(r, k, 0);
	return err;
}

static enum err
load_past(struct view *v, struct past_row **out, size_t *n)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const struct live_view *l = v->out;
	const struct build_row *b = &v->b->row;
	const char **names = arena_calloc(v->a, l->n + 1, sizeof(*names));
	enum err err;

	for (size_t i = 0; i < l->n; i++)
		names[i] = l->runner[i].recipe;
	err = STMT_QUERY(v->db, Q_LIVE_PAST, &r, v->ei, db_texts(names, l->n),
	    DB_I4(b->id), DB_T(b->builder), DB_T(b->machine));
	*n = err == ERR_OK ? rows_count(r) : 0;
	*out = arena_calloc(v->a, *n + 1, sizeof(**out));
	for (size_t i = 0; err == ERR_OK && i < *n; i++) {
		struct past_row *x = &(*out)[i];
		x->recipe = arena_strdup(v->a, row_text(r, i, 0));
		x->builder = row_bool(r, i, 2);
		x->machine = row_bool(r, i, 3);
		err = package_tasks_decode(
		    v->a, row_bytes(r, i, 1), &x->task, &x->n, v->ei);
	}
	return err;
}

static void
add_sample(struct samples *s, enum live_past with, double seconds)
{
	if (s->n[with] < SAMPLES_MAX)
		s->seconds[with][s->n[with]++] = seconds;
}

static void
judge(struct view *v, struct live_runner *x, struct samples *s)
{
	for (enum live_past p = PAST_BUILDER; p <= PAST_ANY; p++) {
		if (s->n[p] < (p == PAST_ANY ? 1 : PAST_LEAST))
			continue;
		x->with = p;
		x->past = past_of(s->seconds[p], s->n[p]);
		break;
	}
	x->alarm = x->with != PAST_NONE && x->seconds > x->past.limit;
	v->out->nalarms += x->alarm;
}

static enum err
judge_runners(struct view *v)
{
	struct live_view *out = v->out;
	int *ids = arena_calloc(v->a, out->n + 1, sizeof(*ids));
	struct samples *s = arena_alloc(v->a, sizeof(*s));
	struct past_row *past;
	size_t n;
	enum err err = load_task_ids(v, ids);

	if (err != ERR_OK || (err = load_past(v, &past, &n)) != ERR_OK)
		return err;
	for (size_t i = 0; i < out->n; i++) {
		struct live_runner *x = &out->runner[i];
		memset(s->n, 0, sizeof(s->n));
		for (size_t k = 0; k < n; k++) {
			if (strcmp(past[k].recipe, x->recipe) != 0)
				continue;
			for (size_t t = 0; t < past[k].n; t++) {
				const struct package_task *p = &past[k].task[t];
				double seconds = (double)p->elapsed / 100;
				if (p->id != ids[i] || p->elapsed < 0 ||
				    p->status != TASK_PASSED)
					continue;
				add_sample(s, PAST_ANY, seconds);
				if (past[k].machine)
					add_sample(s, PAST_MACHINE, seconds);
				if (past[k].builder && past[k].machine)
					add_sample(s, PAST_BUILDER, seconds);
			}
		}
		judge(v, x, s);
	}
	return ERR_OK;
}

/* ---- the end ---- */

static enum err
load_like(struct view *v, struct expect_like *like, size_t *n)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const struct build_row *b = &v->b->row;
	enum err err = STMT_QUERY(v->db, Q_LIVE_LIKE, &r, v->ei, DB_T(b->image),
	    DB_T(b->machine), DB_I4(b->id), DB_T(v->b->mode), DB_T(b->builder),
	    DB_I4(LIKE_MAX));

	*n = 0;
	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		struct expect_like *x = &like[*n];
		struct task_table *t;
		bool ours = row_bool(r, i, 3);
		/* those of the same builder come first: others only without */
		if (i > 0 && v->out->from_builder && !ours)
			break;
		v->out->from_builder = ours;
		x->started = row_time(r, i, 1);
		x->elapsed = row_double(r, i, 2);
		err = task_table_load(
		    v->db, v->a, (int)row_int(r, i, 0), x->started, &t, v->ei);
		x->tasks = t;
		*n += err == ERR_OK;
	}
	return err;
}

static enum err
expect(struct view *v, const struct task_table *table)
{
	struct live_view *out = v->out;
	struct expect_runner *running =
	    arena_calloc(v->a, out->n + 1, sizeof(*running));
	struct expect_like like[LIKE_MAX];
	struct expect_now now = {.done = table,
	    .nrunning = out->n,
	    .running = running,
	    .elapsed = out->elapsed};
	size_t n;
	enum err err = load_like(v, like, &n);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < out->n; i++)
		running[i] = (struct expect_runner){out->runner[i].recipe,
		    out->runner[i].task, out->runner[i].seconds};
	out->end = expect_end(v->a, &now, like, n);
	if (out->end.n == 0) {
		out->end = expect_pace(
		    out->elapsed, out->progress.done, out->progress.total);
		out->by_pace = isfinite(out->end.left);
	}
	return ERR_OK;
}

enum err
live_view_load(struct db *db, struct arena *a, const struct live_subject *of,
    struct live_view *out, struct errinfo *ei)
{
	struct view v = {
	    .db = db, .a = a, .b = of->b, .now = of->now, .out = out, .ei = ei};
	int64_t told = TIME_UNKNOWN;
	enum err err;

	*out = (struct live_view){.heard = TIME_UNKNOWN,
	    .end = {.left = NAN, .least = NAN, .most = NAN, .done = NAN}};
	err = load_state(&v, &told);
	if (err != ERR_OK || !out->known)
		return err;
	if ((err = load_runners(&v, told)) != ERR_OK)
		return err;
	if (out->n > 0 && (err = judge_runners(&v)) != ERR_OK)
		return err;
	return expect(&v, of->table);
}
