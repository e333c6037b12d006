/* step_store.c: see step_store.h. */
#include "model/step_store.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "db/stmt.h"
#include "model/filter.h"
#include "model/trend_find.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

/* ---- keeping them up to date ---- */

enum err
step_take_builds(struct db *db, bool *done, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_TREND_TAKE, NULL, 0, &r, ei);

	*done = err == ERR_OK && row_int(r, 0, 0) > 0;
	return err;
}

static struct db_param
real_or_null(double v)
{
	return isfinite(v) ? DB_D(v) : DB_N();
}

static enum err
add_step(struct db *db, int recipe, const struct trend *t, const struct step *s,
    struct errinfo *ei)
{
	const struct trend_group *g = &t->group[s->group];
	const struct trend_run *before = &t->run[s->before];
	const struct trend_run *after = &t->run[s->after];
	const struct step_sides *p = &s->sides;

	return STMT_EXEC(db, Q_TREND_STEP_ADD, ei, DB_I4(recipe),
	    DB_I4(s->task), DB_T(g->image), DB_T(g->machine), DB_T(g->builder),
	    DB_T(s->what == STEP_OF_CPU ? "cputime" : "elapsed"),
	    DB_I2(s->verdict), DB_TM(after->started), DB_I4(before->build),
	    DB_I4(after->build), DB_I4((int64_t)s->runs[0]),
	    DB_I4((int64_t)s->runs[1]), DB_D(s->change), DB_D(p->value.before),
	    DB_D(p->value.after), real_or_null(p->wall.before),
	    real_or_null(p->wall.after), real_or_null(p->cpu.before),
	    real_or_null(p->cpu.after), real_or_null(p->pressure.before),
	    real_or_null(p->pressure.after));
}

/* The newest ones of a group. */
static void
keep_newest(struct trend_group *g)
{
	if (g->n <= STEP_RUNS_MAX)
		return;
	g->run += g->n - STEP_RUNS_MAX;
	g->n = STEP_RUNS_MAX;
}

static enum err
add_steps(struct db *db, struct arena *a, int recipe, struct trend *t,
    struct errinfo *ei)
{
	enum err err = ERR_OK;

	for (size_t g = 0; g < t->ngroups && err == ERR_OK; g++) {
		struct step step[2 * STEPS_OF_GROUP];
		size_t n;
		keep_newest(&t->group[g]);
		n = steps_of_times(a, t, g, step);
		for (size_t i = 0; i < n && err == ERR_OK; i++)
			err = add_step(db, recipe, t, &step[i], ei);
	}
	return err;
}

static enum err
update_recipe(struct db *db, int recipe, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	const struct trend_query q = {
	    .recipe = recipe,
	    .name = "",
	    .task = "",
	    .metric = recipe != 0 ? "cputime" : "elapsed",
	    .machine = "",
	    .distro = "",
	    .builder = "",
	    .branch = "",
	    .version = "",
	    .image = "",
	    .since = TIME_UNKNOWN,
	    .until = TIME_UNKNOWN,
	};
	struct trend_found found;
	int64_t now = (int64_t)time(NULL) * 1000000;
	enum err err = trend_find(db, a, &q, &found, ei);

	if (err != ERR_OK)
		return err;
	trend_prepare(a, &found.trend, recipe == 0, now);
	err = STMT_EXEC(db, Q_TREND_FORGET, ei, DB_I4(recipe));
	if (err == ERR_OK)
		err = add_steps(db, a, recipe, &found.trend, ei);
	return err;
}

static enum err
update_next(struct db *db, bool *done, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_TREND_NEXT, NULL, 0, &r, ei);
	int recipe;

	*done = err == ERR_OK && rows_count(r) > 0;
	if (!*done)
		return err;
	recipe = (int)row_int(r, 0, 0);
	err = update_recipe(db, recipe, ei);
	return err == ERR_OK ? STMT_EXEC(db, Q_TREND_DONE, ei, DB_I4(recipe))
			     : err;
}

enum err
step_update_one(struct db *db, bool *done, struct errinfo *ei)
{
	enum err err = db_begin(db, DB_READ_WRITE, ei);

	*done = false;
	return err == ERR_OK ? db_end(db, update_next(db, done, ei), ei) : err;
}

enum err
steps_left(struct db *db, struct steps_left *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_TREND_LEFT, NULL, 0, &r, ei);

	*out = (struct steps_left){0};
	if (err != ERR_OK)
		return err;
	out->builds = row_int(r, 0, rows_column(r, "builds"));
	out->recipes = row_int(r, 0, rows_column(r, "recipes"));
	out->age = row_double(r, 0, rows_column(r, "age"));
	return ERR_OK;
}

/* ---- the list ---- */

static const struct {
	const char *key;
	enum query up, down;
} orders[] = {
    {"seen", Q_STEP_BY_SEEN, Q_STEP_BY_SEEN_DOWN},
    {"change", Q_STEP_BY_CHANGE, Q_STEP_BY_CHANGE_DOWN},
    {"difference", Q_STEP_BY_DIFF, Q_STEP_BY_DIFF_DOWN},
    {"recipe", Q_STEP_BY_RECIPE, Q_STEP_BY_RECIPE_DOWN},
};

const char *const step_list_keys[] = {
    "seen", "change", "difference", "recipe", NULL};

static void
add_verdicts(struct sql *s, struct arena *a, unsigned bits)
{
	int16_t *verdict = arena_calloc(a, STEP_CALMER + 1, sizeof(*verdict));
	size_t n = 0;

	for (int16_t i = STEP_WORSE; i <= STEP_CALMER; i++)
		if ((bits & 1U << i) != 0)
			verdict[n++] = i;
	if (n > 0)
		sql_add1(s, Q_STEP_WHERE_VERDICTS, db_int2s(verdict, n));
}

static void
add_filter(struct sql *s, struct arena *a, const struct step_filter *f)
{
	sql_add1(
	    s, Q_STEP_FROM, DB_TM(f->since != TIME_UNKNOWN ? f->since : 0));
	filter_text(s, Q_STEP_WHERE_MACHINE, f->machine);
	filter_text(s, Q_STEP_WHERE_BUILDER, f->builder);
	filter_text(s, Q_STEP_WHERE_RECIPE, f->recipe);
	filter_text(s, Q_STEP_WHERE_TASK, f->task);
	add_verdicts(s, a, f->verdicts);
	if (f->until != TIME_UNKNOWN)
		sql_add1(s, Q_STEP_WHERE_UNTIL, DB_TM(f->until));
}

static double
number(const struct rows *r, size_t row, const char *name)
{
	int col = rows_column(r, name);

	return row_is_null(r, row, col) ? NAN : row_double(r, row, col);
}

static void
read_row(struct arena *a, const struct rows *r, size_t i, struct step_row *out)
{
#define TEXT(name) arena_strdup(a, row_text(r, i, rows_column(r, name)))
#define INT(name) row_int(r, i, rows_column(r, name))
#define PAIR(name) {number(r, i, name "_before"), number(r, i, name "_after")}
	*out = (struct step_row){
	    .recipe = TEXT("recipe"),
	    .task = TEXT("task"),
	    .image = TEXT("image"),
	    .machine = TEXT("machine"),
	    .distro = TEXT("distro"),
	    .builder = TEXT("builder"),
	    .branch = TEXT("branch"),
	    .metric = TEXT("metric"),
	    .build_name = TEXT("build_name"),
	    .verdict = (enum step_verdict)INT("verdict"),
	    .seen = row_time(r, i, rows_column(r, "seen")),
	    .build_before = (int)INT("build_before"),
	    .build_after = (int)INT("build_after"),
	    .runs_before = (size_t)INT("runs_before"),
	    .runs_after = (size_t)INT("runs_after"),
	    .change = number(r, i, "change"),
	    .sides =
		{
		    .value = PAIR("value"),
		    .wall = PAIR("wall"),
		    .cpu = PAIR("cpu"),
		    .pressure = PAIR("pressure"),
		},
	};
#undef TEXT
#undef INT
#undef PAIR
}

enum err
step_list_find(struct db *db, struct arena *a, const struct step_filter *f,
    const struct list_order *order, struct step_list *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct sql s = {0};
	enum err err;

	*out = (struct step_list){0};
	sql_add(&s, Q_STEP_ROWS);
	add_filter(&s, a, f);
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (strcmp(orders[i].key, order->key) == 0)
			sql_add(
			    &s, order->down ? orders[i].down : orders[i].up);
	sql_add1(&s, Q_LIMIT, DB_I8(order->limit));
	sql_add1(&s, Q_OFFSET, DB_I8(order->offset));
	if ((err = sql_query(db, &s, &r, ei)) != ERR_OK)
		return err;
	out->n = rows_count(r);
	out->row = arena_calloc(a, out->n + 1, sizeof(*out->row));
	for (size_t i = 0; i < out->n; i++)
		read_row(a, r, i, &out->row[i]);
	return ERR_OK;
}

enum err
step_list_count(struct db *db, struct arena *a, const struct step_filter *f,
    struct step_counts *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct sql s = {0};
	enum err err;

	sql_add(&s, Q_STEP_COUNT);
	add_filter(&s, a, f);
	if ((err = sql_query(db, &s, &r, ei)) != ERR_OK)
		return err;
	out->worse = row_int(r, 0, rows_column(r, "worse"));
	out->better = row_int(r, 0, rows_column(r, "better"));
	out->machine = row_int(r, 0, rows_column(r, "host"));
	return ERR_OK;
}
