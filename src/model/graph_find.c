/* graph_find.c: see graph_find.h. */
#include "model/graph_find.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/graph_parts.h"
#include "model/package_name.h"
#include "model/status_word.h"

struct reader {
	struct arena *a;
	const struct rows *r;
	struct graph *g;
	struct graph_found *found;
	size_t max;
	size_t row;
	/* columns, and those of what was chosen, -1 if they aren't there */
	int build, started, name, x_number, y_number, x_text, group_text;
	struct graph_point row_point; /* what all points of the row share */
	int *task;                    /* of each point, task_name.id */
};

/* ---- the statement ---- */

static bool
is_number(const struct graph_axis *axis, enum graph_number number)
{
	return axis->kind == GRAPH_NUMBER && axis->number == number;
}

static void
add_number(struct sql *s, const struct graph *g, const struct graph_axis *axis)
{
	bool x = axis == &g->x;

	if (is_number(axis, GRAPH_EVENT)) {
		sql_add1(
		    s, x ? Q_GRAPH_X_EVENT : Q_GRAPH_Y_EVENT, DB_T(axis->part));
	} else if (is_number(axis, GRAPH_METRIC) && g->of == GRAPH_OF_BUILD) {
		sql_add1(s, x ? Q_GRAPH_X_METRIC : Q_GRAPH_Y_METRIC,
		    DB_T(axis->part));
		sql_bind(s, DB_I4(axis->largest));
	}
}

static void
add_text(struct sql *s, const struct graph_axis *axis, bool x)
{
	if (axis->kind != GRAPH_DIMENSION)
		return;
	switch (axis->dimension->source) {
	case GRAPH_ROW:
	case GRAPH_STATUS:
	case GRAPH_TASK_NAME:
		break;
	case GRAPH_ENVIRONMENT:
		sql_add1(s,
		    x ? Q_GRAPH_X_ENVIRONMENT : Q_GRAPH_GROUP_ENVIRONMENT,
		    DB_T(axis->part));
		break;
	case GRAPH_LAYER:
		sql_add1(s, x ? Q_GRAPH_X_LAYER : Q_GRAPH_GROUP_LAYER,
		    DB_T(axis->part));
		break;
	case GRAPH_VARIABLE:
		sql_add1(s, x ? Q_GRAPH_X_VARIABLE : Q_GRAPH_GROUP_VARIABLE,
		    DB_T(axis->part));
		break;
	}
}

static void
add_columns(struct sql *s, const struct graph_query *q, const struct graph *g)
{
	sql_add(s, Q_GRAPH_ROWS);
	if (g->of != GRAPH_OF_BUILD)
		sql_add1(s, Q_GRAPH_PART_COLUMNS, DB_T(q->filter->task));
	add_number(s, g, &g->x);
	add_number(s, g, &g->y);
	add_text(s, &g->x, true);
	add_text(s, &g->group, false);
}

/* Of one recipe, which an index finds. */
static enum err
add_package(struct db *db, struct arena *a, struct sql *s,
    const struct graph_query *q, bool *possible, struct errinfo *ei)
{
	struct package_name p;
	enum err err = package_name_find(db, a, q->filter->package, &p, ei);

	*possible = err == ERR_OK && p.found;
	if (!*possible)
		return err;
	sql_add1(s, Q_GRAPH_FROM_PACKAGE, DB_I4(p.recipe));
	if (p.version >= 0)
		sql_add1(s, Q_BUILDS_WHERE_VERSION, DB_I4(p.version));
	err = build_filter_where(a, s, q->filter, ei);
	sql_add1(s, Q_GRAPH_PACKAGE_END, DB_I8((int64_t)q->max + 1));
	return err;
}

static enum err
add_newest(struct arena *a, struct sql *s, const struct graph_query *q,
    struct errinfo *ei)
{
	enum err err;

	sql_add(s, Q_GRAPH_FROM_NEWEST);
	err = build_filter_where(a, s, q->filter, ei);
	sql_add1(s, Q_GRAPH_PARTS_OF_NEWEST, DB_I8((int64_t)q->max + 1));
	sql_add1(s, Q_GRAPH_PART_END, DB_I8((int64_t)q->max + 1));
	return err;
}

/* *r is NULL if nothing can match. */
static enum err
query(struct db *db, struct arena *a, const struct graph_query *q,
    const struct graph *g, struct rows **r, struct errinfo *ei)
{
	struct sql s = {0};
	bool possible = true;
	enum err err;

	add_columns(&s, q, g);
	if (g->of == GRAPH_OF_BUILD) {
		err = build_filter_from(db, a, &s, q->filter, &possible, ei);
		if (err == ERR_OK && possible)
			err = build_filter_where(a, &s, q->filter, ei);
		sql_add1(&s, Q_GRAPH_BUILD_END, DB_I8((int64_t)q->max + 1));
	} else if (q->filter->package[0] != '\0') {
		err = add_package(db, a, &s, q, &possible, ei);
	} else {
		err = add_newest(a, &s, q, ei);
	}
	if (err != ERR_OK || !possible)
		return err;
	return sql_query(db, &s, r, ei);
}

/* ---- rows ---- */

static double
number(const struct reader *rd, const char *column)
{
	int col = rows_column(rd->r, column);

	return row_is_null(rd->r, rd->row, col)
		   ? NAN
		   : row_double(rd->r, rd->row, col);
}

static double
count(const struct reader *rd, const char *column)
{
	return (double)row_int(rd->r, rd->row, rows_column(rd->r, column));
}

/* How many a build has; one that is known by the report of a failure alone
 * doesn't tell. */
static double
count_of_build(const struct reader *rd, const char *column)
{
	bool told = count(rd, "tasks") > 0 || isfinite(number(rd, "wall"));

	return told ? count(rd, column) : NAN;
}

/* Hundredths; those before the start are a clock that was set. */
static double
seconds(const struct reader *rd, const char *column)
{
	int col = rows_column(rd->r, column);
	double v = row_is_null(rd->r, rd->row, col)
		       ? NAN
		       : (double)row_int(rd->r, rd->row, col) / 100;

	return v >= 0 ? v : NAN;
}

static double
chosen(const struct reader *rd, int column)
{
	return column < 0 || row_is_null(rd->r, rd->row, column)
		   ? NAN
		   : row_double(rd->r, rd->row, column);
}

static double
value_of(const struct reader *rd, const struct graph_axis *axis,
    const struct graph_part *p)
{
	bool x = axis == &rd->g->x, build = p == NULL;

	if (axis->kind == GRAPH_TIME)
		return (double)rd->row_point.started;
	if (axis->kind != GRAPH_NUMBER)
		return NAN;
	switch (axis->number) {
	case GRAPH_METRIC:
	case GRAPH_EVENT:
		break;
	case GRAPH_SERIES:
		return NAN; /* they follow */
	case GRAPH_WALL:
		return build ? number(rd, "wall") : p->wall[axis->largest];
	case GRAPH_CPU:
		return build ? NAN : p->cpu[axis->largest];
	case GRAPH_TASKS:
		return build ? count_of_build(rd, "tasks") : (double)p->n;
	case GRAPH_PACKAGES:
		return count_of_build(rd, "packages");
	case GRAPH_FAILED:
		return count_of_build(rd, "failed");
	case GRAPH_PRESSURE:
		return number(rd, "pressure");
	case GRAPH_SPAN:
		return seconds(rd, "span");
	case GRAPH_START:
		return build ? NAN : seconds(rd, "first_start") + p->start;
	}
	return chosen(rd, x ? rd->x_number : rd->y_number);
}

static const char *
text_of(const struct reader *rd, const struct graph_axis *axis, int column)
{
	if (axis->kind != GRAPH_DIMENSION)
		return "";
	switch (axis->dimension->source) {
	case GRAPH_ROW:
		column = rows_column(rd->r, axis->dimension->name);
		break;
	case GRAPH_STATUS:
	case GRAPH_TASK_NAME:
		return ""; /* set at the end */
	case GRAPH_ENVIRONMENT:
	case GRAPH_LAYER:
	case GRAPH_VARIABLE:
		break;
	}
	return arena_strdup(rd->a, row_text(rd->r, rd->row, column));
}

/* One point; false if there are enough. */
static bool
add_point(struct reader *rd, const struct graph_part *part)
{
	struct graph *g = rd->g;
	struct graph_point *p = &g->point[g->n];

	if (g->n == rd->max) {
		rd->found->more = true;
		return false;
	}
	*p = rd->row_point;
	p->x = value_of(rd, &g->x, part);
	p->y = value_of(rd, &g->y, part);
	if (part != NULL && g->of == GRAPH_OF_TASK) {
		p->status = part->status;
		rd->task[g->n] = part->id;
	}
	g->n++;
	return true;
}

static void
read_row(struct reader *rd)
{
	const struct rows *r = rd->r;
	bool parts = rd->g->of != GRAPH_OF_BUILD;
	int status = rows_column(r, parts ? "part_status" : "status");
#define TEXT(c) arena_strdup(rd->a, row_text(r, rd->row, rows_column(r, c)))
	rd->row_point = (struct graph_point){
	    .build = (int)row_int(r, rd->row, rd->build),
	    .started = row_time(r, rd->row, rd->started),
	    .name = arena_strdup(rd->a, row_text(r, rd->row, rd->name)),
	    .recipe = parts ? TEXT("recipe") : "",
	    .version = parts ? TEXT("version") : "",
	    .task = "",
	    .status = build_status_word(
		(enum build_status)row_int(r, rd->row, status)),
	    .x_text = text_of(rd, &rd->g->x, rd->x_text),
	    .group_text = text_of(rd, &rd->g->group, rd->group_text),
	};
#undef TEXT
}

/* False if there are enough points. */
static bool
add_parts(struct reader *rd, bool asked)
{
	const struct rows *r = rd->r;
	int only = rows_column(r, "only_task");
	int id =
	    row_is_null(r, rd->row, only) ? 0 : (int)row_int(r, rd->row, only);
	struct graph_part *part;
	size_t n;

	if (asked && id == 0)
		return false;
	n = graph_parts(rd->a, row_bytes(r, rd->row, rows_column(r, "packed")),
	    rd->g->of, id, &part);
	for (size_t i = 0; i < n; i++)
		if (!add_point(rd, &part[i]))
			return false;
	return true;
}

/* ---- names of tasks ---- */

static int
by_number(const void *a, const void *b)
{
	const int32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static enum err
name_tasks(struct db *db, struct reader *rd, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct graph *g = rd->g;
	int32_t *id = arena_alloc(rd->a, (g->n + 1) * sizeof(*id));
	const char **name;
	size_t n = 0;
	enum err err;

	memcpy(id, rd->task, g->n * sizeof(*id));
	if (g->n == 0)
		return ERR_OK;
	qsort(id, g->n, sizeof(*id), by_number);
	for (size_t i = 0; i < g->n; i++)
		if (n == 0 || id[n - 1] != id[i])
			id[n++] = id[i];
	err = STMT_QUERY(db, Q_TREND_TASK_NAMES, &r, ei, db_int4s(id, n));
	if (err != ERR_OK)
		return err;
	name = arena_calloc(rd->a, n, sizeof(*name));
	for (size_t i = 0; i < rows_count(r); i++) {
		int32_t key = (int32_t)row_int(r, i, rows_column(r, "id"));
		const int32_t *at =
		    bsearch(&key, id, n, sizeof(*id), by_number);
		if (at != NULL)
			name[at - id] = arena_strdup(
			    rd->a, row_text(r, i, rows_column(r, "name")));
	}
	for (size_t i = 0; i < g->n; i++) {
		const int32_t *at =
		    bsearch(&rd->task[i], id, n, sizeof(*id), by_number);
		if (at != NULL && name[at - id] != NULL)
			g->point[i].task = name[at - id];
	}
	return ERR_OK;
}

static const char *
late_text(const struct graph_axis *axis, const struct graph_point *p,
    const char *text)
{
	if (axis->kind != GRAPH_DIMENSION)
		return text;
	if (axis->dimension->source == GRAPH_STATUS)
		return p->status;
	return axis->dimension->source == GRAPH_TASK_NAME ? p->task : text;
}

/* ---- all of it ---- */

/* Rows are newest first, points oldest first. */
static void
turn_round(struct graph *g)
{
	for (size_t i = 0, k = g->n; i + 1 < k; i++) {
		struct graph_point p = g->point[--k];
		g->point[k] = g->point[i];
		g->point[i] = p;
	}
}

static void
find_columns(struct reader *rd)
{
	const struct graph *g = rd->g;
	bool build = g->of == GRAPH_OF_BUILD;
#define CHOSEN(column, there) ((there) ? rows_column(rd->r, column) : -1)
#define NUMBERED(axis)                                                         \
	(is_number(axis, GRAPH_EVENT) ||                                       \
	    (build && is_number(axis, GRAPH_METRIC)))
#define TOLD(axis)                                                             \
	((axis)->kind == GRAPH_DIMENSION &&                                    \
	    (axis)->dimension->source >= GRAPH_ENVIRONMENT)
	rd->build = rows_column(rd->r, "build");
	rd->started = rows_column(rd->r, "started");
	rd->name = rows_column(rd->r, "name");
	rd->x_number = CHOSEN("x_number", NUMBERED(&g->x));
	rd->y_number = CHOSEN("y_number", NUMBERED(&g->y));
	rd->x_text = CHOSEN("x_text", TOLD(&g->x));
	rd->group_text = CHOSEN("group_text", TOLD(&g->group));
#undef TOLD
#undef NUMBERED
#undef CHOSEN
}

static void
read_all(struct reader *rd, const struct graph_query *q)
{
	bool parts = rd->g->of != GRAPH_OF_BUILD;

	find_columns(rd);
	for (rd->row = 0; rd->row < rows_count(rd->r); rd->row++) {
		read_row(rd);
		if (!(parts ? add_parts(rd, q->filter->task[0] != '\0')
			    : add_point(rd, NULL)))
			return;
	}
}

static bool
is_any(const struct graph *g, enum graph_number number)
{
	return is_number(&g->x, number) || is_number(&g->y, number);
}

static enum err
fill_blocks(
    struct db *db, struct reader *rd, const char *task, struct errinfo *ei)
{
	struct graph *g = rd->g;
	bool dropped = false;
	enum err err = ERR_OK;

	if (g->of != GRAPH_OF_BUILD && is_any(g, GRAPH_METRIC)) {
		rd->found->blocks = true;
		err = graph_blocks(db, g, task, &dropped, ei);
	} else if (is_any(g, GRAPH_SERIES)) {
		rd->found->blocks = true;
		err = graph_series(db, rd->a, g, &dropped, ei);
	}
	rd->found->more |= dropped;
	return err;
}

static enum err
complete(struct db *db, struct reader *rd, const struct graph_query *q,
    struct errinfo *ei)
{
	struct graph *g = rd->g;
	enum err err = ERR_OK;

	if (g->of == GRAPH_OF_TASK)
		err = name_tasks(db, rd, ei);
	turn_round(g);
	if (err == ERR_OK)
		err = fill_blocks(db, rd, q->filter->task, ei);
	for (size_t i = 0; i < g->n; i++) {
		struct graph_point *p = &g->point[i];
		p->x_text = late_text(&g->x, p, p->x_text);
		p->group_text = late_text(&g->group, p, p->group_text);
	}
	return err;
}

enum err
graph_find(struct db *db, struct arena *a, const struct graph_query *q,
    struct graph *g, struct graph_found *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct reader rd = {.a = a, .g = g, .found = out, .max = q->max};
	enum err err;

	*out = (struct graph_found){0};
	g->n = 0;
	g->point = arena_calloc(a, q->max + 1, sizeof(*g->point));
	rd.task = arena_calloc(a, q->max + 1, sizeof(*rd.task));
	err = query(db, a, q, g, &r, ei);
	if (err != ERR_OK || r == NULL)
		return err;
	rd.r = r;
	read_all(&rd, q);
	return complete(db, &rd, q, ei);
}

enum err
graph_seen(struct db *db, struct arena *a, struct facet **out, size_t *n,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_GRAPH_SEEN, NULL, 0, &r, ei);

	*n = 0;
	*out = NULL;
	if (err != ERR_OK)
		return err;
	*n = rows_count(r);
	*out = arena_calloc(a, *n + 1, sizeof(**out));
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (struct facet){
		    arena_strdup(a, row_text(r, i, rows_column(r, "kind"))),
		    arena_strdup(a, row_text(r, i, rows_column(r, "name")))};
	return ERR_OK;
}
