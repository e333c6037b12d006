/* package_history.c: see package_history.h. */
#include "model/package_history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/filter.h"
#include "model/package_name.h"

const char *const package_history_keys[] = {"started", "version", "machine",
    "distro", "builder", "branch", "image", "status", "elapsed", "cputime",
    NULL};

static const enum query orders[][2] = {
    {Q_PACKAGE_BY_STARTED, Q_PACKAGE_BY_STARTED_DOWN},
    {Q_PACKAGE_BY_VERSION, Q_PACKAGE_BY_VERSION_DOWN},
    {Q_PACKAGE_BY_MACHINE, Q_PACKAGE_BY_MACHINE_DOWN},
    {Q_PACKAGE_BY_DISTRO, Q_PACKAGE_BY_DISTRO_DOWN},
    {Q_PACKAGE_BY_BUILDER, Q_PACKAGE_BY_BUILDER_DOWN},
    {Q_PACKAGE_BY_BRANCH, Q_PACKAGE_BY_BRANCH_DOWN},
    {Q_PACKAGE_BY_IMAGE, Q_PACKAGE_BY_IMAGE_DOWN},
    {Q_PACKAGE_BY_STATUS, Q_PACKAGE_BY_STATUS_DOWN},
    {Q_PACKAGE_BY_ELAPSED, Q_PACKAGE_BY_ELAPSED_DOWN},
    {Q_PACKAGE_BY_CPUTIME, Q_PACKAGE_BY_CPUTIME_DOWN},
};

_Static_assert(
    sizeof(orders) / sizeof(orders[0]) + 1 ==
	sizeof(package_history_keys) / sizeof(package_history_keys[0]),
    "one pair of orders for each key");

static enum query
order_fragment(const struct list_order *order)
{
	for (size_t i = 0; package_history_keys[i] != NULL; i++)
		if (strcmp(package_history_keys[i], order->key) == 0)
			return orders[i][order->down];
	return Q_PACKAGE_BY_STARTED_DOWN;
}

static bool
is_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

static void
add_filter(
    struct sql *s, struct arena *a, const struct package_history_filter *f)
{
	filter_statuses(s, a, Q_PACKAGE_WHERE_STATUSES, f->statuses);
	filter_text(s, Q_PACKAGE_WHERE_MACHINE, f->machine);
	filter_text(s, Q_PACKAGE_WHERE_DISTRO, f->distro);
	filter_text(s, Q_PACKAGE_WHERE_BUILDER, f->builder);
	filter_text(s, Q_PACKAGE_WHERE_VERSION, f->version);
}

enum column {
	C_BUILD,
	C_NAME,
	C_BUILDER,
	C_MACHINE,
	C_DISTRO,
	C_IMAGE,
	C_BRANCH,
	C_COMMIT,
	C_VERSION,
	C_FAILED_TASK,
	C_STATUS,
	C_STARTED,
	C_ELAPSED,
	C_CPUTIME,
	C__MAX
};

static const char *const columns[C__MAX] = {"build", "name", "builder",
    "machine", "distro", "image", "branch", "commit", "version", "failed_task",
    "status", "started", "elapsed", "cputime"};

static double
hundredths(const struct rows *r, size_t row, int col)
{
	return row_is_null(r, row, col) ? NAN
					: (double)row_int(r, row, col) / 100;
}

static void
read_result(struct package_result *out, const struct rows *r, size_t row,
    const int col[C__MAX], struct arena *a)
{
#define TEXT(c) arena_strdup(a, row_text(r, row, col[c]))
	*out = (struct package_result){
	    .build = (int)row_int(r, row, col[C_BUILD]),
	    .name = TEXT(C_NAME),
	    .builder = TEXT(C_BUILDER),
	    .machine = TEXT(C_MACHINE),
	    .distro = TEXT(C_DISTRO),
	    .image = TEXT(C_IMAGE),
	    .branch = TEXT(C_BRANCH),
	    .commit = TEXT(C_COMMIT),
	    .version = TEXT(C_VERSION),
	    .failed_task = TEXT(C_FAILED_TASK),
	    .host_distro = "",
	    .bitbake_version = "",
	    .status = (enum build_status)row_int(r, row, col[C_STATUS]),
	    .started = row_time(r, row, col[C_STARTED]),
	    .elapsed = hundredths(r, row, col[C_ELAPSED]),
	    .cputime = hundredths(r, row, col[C_CPUTIME]),
	};
#undef TEXT
}

void
package_results_read(
    struct package_results *out, const struct rows *r, struct arena *a)
{
	int col[C__MAX];

	for (size_t i = 0; i < C__MAX; i++)
		col[i] = rows_column(r, columns[i]);
	out->n = rows_count(r);
	out->row = arena_calloc(a, out->n + 1, sizeof(*out->row));
	for (size_t i = 0; i < out->n; i++)
		read_result(&out->row[i], r, i, col, a);
}

enum err
package_history_find(struct db *db, struct arena *a,
    const struct package_history_query *q, struct package_results *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct sql s = {0};
	enum err err;

	*out = (struct package_results){0};
	sql_add(&s, Q_PACKAGE_ROWS);
	sql_add1(&s, Q_PACKAGE_FROM, DB_I4(q->recipe));
	add_filter(&s, a, &q->filter);
	sql_add(&s, order_fragment(&q->order));
	if (q->order.limit == 100)
		sql_add(&s, Q_LIMIT_100);
	else
		sql_add1(&s, Q_LIMIT, DB_I8(q->order.limit));
	if (q->order.offset > 0)
		sql_add1(&s, Q_OFFSET, DB_I8(q->order.offset));
	err = sql_query(db, &s, &r, ei);
	if (err == ERR_OK)
		package_results_read(out, r, a);
	return err;
}

enum err
package_history_count(struct db *db, struct arena *a,
    const struct package_history_query *q, int64_t cap, int64_t *total,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const struct package_history_filter *f = &q->filter;
	struct sql s = {0};
	enum err err;
	bool joined = is_given(f->machine) || is_given(f->distro) ||
		      is_given(f->builder) || is_given(f->version);

	*total = 0;
	sql_add(&s, Q_PACKAGE_COUNT);
	sql_add1(&s, joined ? Q_PACKAGE_FROM : Q_PACKAGE_FROM_BARE,
	    DB_I4(q->recipe));
	add_filter(&s, a, f);
	sql_add1(&s, Q_PACKAGE_COUNT_END, DB_I8(cap > 0 ? cap + 1 : INT64_MAX));
	err = sql_query(db, &s, &r, ei);
	if (err == ERR_OK)
		*total = row_int(r, 0, rows_column(r, "total"));
	return err;
}

static size_t
count_status(const struct package_results *r, enum build_status status)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->row[i].status == status;
	return n;
}

/* Appends what a statement finds before the oldest result of the window. */
static enum err
add_older(struct db *db, struct arena *a, int recipe, enum query q,
    struct package_results *window, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct package_results more, both = {0};
	int64_t oldest = window->row[PACKAGE_WINDOW - 1].started;
	enum err err = STMT_QUERY(db, q, &r, ei, DB_I4(recipe), DB_TM(oldest));

	if (err != ERR_OK)
		return err;
	package_results_read(&more, r, a);
	both.n = window->n + more.n;
	both.row = arena_calloc(a, both.n + 1, sizeof(*both.row));
	memcpy(both.row, window->row, window->n * sizeof(*both.row));
	memcpy(both.row + window->n, more.row, more.n * sizeof(*both.row));
	*window = both;
	return ERR_OK;
}

static int
by_time(const void *a, const void *b)
{
	const struct package_result *x = a, *y = b;

	if (x->started != y->started)
		return x->started < y->started ? 1 : -1;
	return (x->build < y->build) - (x->build > y->build);
}

enum err
package_window(struct db *db, struct arena *a, int recipe,
    struct package_results *out, struct errinfo *ei)
{
	/* As many as a page shows of each. */
	enum { ENOUGH = 12 };
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_PACKAGE_WINDOW, &r, ei, DB_I4(recipe));

	*out = (struct package_results){0};
	if (err != ERR_OK)
		return err;
	package_results_read(out, r, a);
	out->none_succeeded = count_status(out, BUILD_SUCCEEDED) == 0;
	if (out->n < PACKAGE_WINDOW)
		return ERR_OK;
	if (count_status(out, BUILD_FAILED) < ENOUGH)
		err =
		    add_older(db, a, recipe, Q_PACKAGE_MORE_FAILURES, out, ei);
	if (err == ERR_OK && count_status(out, BUILD_SUCCEEDED) < ENOUGH)
		err =
		    add_older(db, a, recipe, Q_PACKAGE_MORE_SUCCESSES, out, ei);
	out->none_succeeded = count_status(out, BUILD_SUCCEEDED) == 0;
	if (out->n > PACKAGE_WINDOW)
		qsort(out->row + PACKAGE_WINDOW, out->n - PACKAGE_WINDOW,
		    sizeof(*out->row), by_time);
	return err;
}

enum err
package_successes_on(struct db *db, struct arena *a, int recipe,
    const char *machine, struct package_results *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_PACKAGE_SUCCESSES_ON, &r, ei,
	    DB_I4(recipe), db_text(machine));

	*out = (struct package_results){0};
	if (err == ERR_OK)
		package_results_read(out, r, a);
	return err;
}

enum err
package_version_in(struct db *db, struct arena *a,
    const struct build_row *build, int recipe, const char **version,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_PACKAGE_IN_BUILD, &r, ei,
	    DB_I4(build->id), DB_TM(build->started), DB_I4(recipe));

	*version = "";
	if (err == ERR_OK && rows_count(r) > 0)
		*version = arena_strdup(a, row_text(r, 0, 0));
	return err;
}

/* One build may have several rows: several versions. */
static void
set_host(struct package_result *row, size_t n, const struct rows *r, size_t k,
    struct arena *a)
{
	int64_t id = row_int(r, k, rows_column(r, "id"));
	const char *host =
	    arena_strdup(a, row_text(r, k, rows_column(r, "host_distro")));
	const char *bitbake =
	    arena_strdup(a, row_text(r, k, rows_column(r, "bitbake_version")));

	for (size_t i = 0; i < n; i++) {
		if (row[i].build != id)
			continue;
		row[i].host_distro = host;
		row[i].bitbake_version = bitbake;
	}
}

enum err
package_load_hosts(struct db *db, struct arena *a, struct package_result *row,
    size_t n, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int32_t *ids = arena_calloc(a, n + 1, sizeof(*ids));
	enum err err;

	if (n == 0)
		return ERR_OK;
	for (size_t i = 0; i < n; i++)
		ids[i] = row[i].build;
	err = STMT_QUERY(db, Q_PACKAGE_ENVIRONMENTS, &r, ei, db_int4s(ids, n));
	if (err != ERR_OK)
		return err;
	for (size_t k = 0; k < rows_count(r); k++)
		set_host(row, n, r, k, a);
	return ERR_OK;
}

enum err
package_recipe_find(struct db *db, struct arena *a, const char *name,
    int *recipe, struct errinfo *ei)
{
	struct package_name found;
	enum err err = package_name_find(db, a, name, &found, ei);

	if (err != ERR_OK)
		return err;
	if (found.found && found.version < 0) {
		*recipe = found.recipe;
		return ERR_OK;
	}
	if (found.found)
		return err_set(ei, ERR_NOT_FOUND,
		    "\"%s\" is recipe %s in version %s: see "
		    "package/%s?version=%s",
		    name, found.recipe_name, found.version_name,
		    found.recipe_name, found.version_name);
	return err_set(ei, ERR_NOT_FOUND,
	    "no build with a recipe called \"%s\" has been sent here; "
	    "builds?q=%s searches builds by other words",
	    name, name);
}
