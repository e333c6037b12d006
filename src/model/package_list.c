/* package_list.c: see package_list.h. */
#include "model/package_list.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/filter.h"
#include "model/package_name.h"
#include "model/package_tasks.h"

const char *const package_list_keys[] = {"recipe", "version", "status",
    "started", "elapsed", "cputime", "tasks", NULL};

static const enum query orders[][2] = {
    {Q_PACKAGES_BY_RECIPE, Q_PACKAGES_BY_RECIPE_DOWN},
    {Q_PACKAGES_BY_VERSION, Q_PACKAGES_BY_VERSION_DOWN},
    {Q_PACKAGES_BY_STATUS, Q_PACKAGES_BY_STATUS_DOWN},
    {Q_PACKAGES_BY_STARTED, Q_PACKAGES_BY_STARTED_DOWN},
    {Q_PACKAGES_BY_ELAPSED, Q_PACKAGES_BY_ELAPSED_DOWN},
    {Q_PACKAGES_BY_CPUTIME, Q_PACKAGES_BY_CPUTIME_DOWN},
    {Q_PACKAGES_BY_TASKS, Q_PACKAGES_BY_TASKS_DOWN},
};

/* The orders that need names; the others are cut before names are asked. */
#define NAMED_ORDERS 2

_Static_assert(sizeof(orders) / sizeof(orders[0]) + 1 ==
		   sizeof(package_list_keys) / sizeof(package_list_keys[0]),
    "one pair of orders for each key");

/* What package= names; possible is false when there is no such recipe. */
struct wanted {
	bool given, possible;
	struct package_name name;
};

static enum err
find_wanted(struct db *db, struct arena *a, const struct package_filter *f,
    struct wanted *w, struct errinfo *ei)
{
	enum err err;

	*w = (struct wanted){.possible = true};
	if (f->package == NULL || f->package[0] == '\0')
		return ERR_OK;
	w->given = true;
	err = package_name_find(db, a, f->package, &w->name, ei);
	w->possible = w->name.found;
	return err;
}

static void
add_filter(struct sql *s, struct arena *a, const struct package_query *q,
    const struct wanted *w)
{
	const struct build_row *build = q->build;
	const struct package_filter *f = &q->filter;

	sql_add1(s, Q_PACKAGES_WHERE_STARTED, DB_TM(build->started));
	sql_add1(s, Q_PACKAGES_WHERE_BUILD, DB_I4(build->id));
	filter_statuses(s, a, Q_PACKAGES_WHERE_STATUS, f->statuses);
	if (w->given)
		sql_add1(s, Q_PACKAGES_WHERE_RECIPE, DB_I4(w->name.recipe));
	if (w->given && w->name.version >= 0)
		sql_add1(s, Q_PACKAGES_WHERE_VERSION, DB_I4(w->name.version));
	if (f->task != NULL && f->task[0] != '\0')
		sql_add1(s, Q_PACKAGES_WHERE_TASK, db_text(f->task));
	if (f->min > 0)
		sql_add1(s, Q_PACKAGES_WHERE_MIN,
		    DB_I4((int64_t)fmin(ceil(f->min * 100), INT32_MAX)));
}

static size_t
order_index(const struct list_order *order)
{
	size_t i = 0;

	while (package_list_keys[i + 1] != NULL &&
	       strcmp(package_list_keys[i], order->key) != 0)
		i++;
	return i;
}

static void
add_rows(struct sql *s, struct arena *a, const struct package_query *q,
    const struct wanted *w)
{
	const struct list_order *order = &q->order;
	size_t i = order_index(order);

	sql_add(s, Q_PACKAGES_ROWS);
	if (i < NAMED_ORDERS)
		sql_add(s, Q_PACKAGES_NAMED);
	add_filter(s, a, q, w);
	sql_add(s, orders[i][order->down]);
	sql_add1(s, Q_LIMIT, DB_I8(order->limit));
	if (order->offset > 0)
		sql_add1(s, Q_OFFSET, DB_I8(order->offset));
	sql_add(s, Q_PACKAGES_CLOSE);
	sql_add(s, orders[i][order->down]);
}

static double
hundredths(const struct rows *r, size_t row, const char *name)
{
	int c = rows_column(r, name);

	return row_is_null(r, row, c) ? NAN : (double)row_int(r, row, c) / 100;
}

static void
read_row(struct package_row *p, const struct rows *r, size_t i,
    const struct build_row *build, struct arena *a)
{
	double first = hundredths(r, i, "first_start");

#define TEXT(name) arena_strdup(a, row_text(r, i, rows_column(r, name)))
	*p = (struct package_row){
	    .recipe = TEXT("recipe"),
	    .version = TEXT("version"),
	    .status =
		(enum build_status)row_int(r, i, rows_column(r, "status")),
	    .failed_task = TEXT("failed_task"),
	    .started = isnan(first) ? TIME_UNKNOWN
				    : build->started + (int64_t)(first * 1e6),
	    .elapsed = hundredths(r, i, "elapsed"),
	    .cputime = hundredths(r, i, "cputime"),
	    .tasks = (int64_t)package_tasks_count(
		row_bytes(r, i, rows_column(r, "tasks"))),
	};
#undef TEXT
	p->pf = p->version[0] == '\0'
		    ? p->recipe
		    : arena_printf(a, "%s-%s", p->recipe, p->version);
}

static enum err
find_totals(
    struct db *db, struct sql *s, struct package_list *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = sql_query(db, s, &r, ei);

	if (err != ERR_OK)
		return err;
	out->total = row_int(r, 0, rows_column(r, "total"));
	out->failed = row_int(r, 0, rows_column(r, "failed"));
	out->succeeded = row_int(r, 0, rows_column(r, "succeeded"));
	out->longest = hundredths(r, 0, "longest");
	return ERR_OK;
}

enum err
package_list_find(struct db *db, struct arena *a, const struct package_query *q,
    struct package_list *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct sql rows = {0}, totals = {0};
	struct wanted w;
	enum err err;

	*out = (struct package_list){.longest = NAN};
	err = find_wanted(db, a, &q->filter, &w, ei);
	if (err != ERR_OK || !w.possible)
		return err;
	sql_add(&totals, Q_PACKAGES_TOTALS);
	add_filter(&totals, a, q, &w);
	err = find_totals(db, &totals, out, ei);
	if (err != ERR_OK)
		return err;
	add_rows(&rows, a, q, &w);
	err = sql_query(db, &rows, &r, ei);
	if (err != ERR_OK)
		return err;
	out->n = rows_count(r);
	out->row = arena_calloc(a, out->n + 1, sizeof(*out->row));
	for (size_t i = 0; i < out->n; i++)
		read_row(&out->row[i], r, i, q->build, a);
	return ERR_OK;
}
