/* overview.c: see overview.h. */
#include "model/overview.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"

static int64_t
number(const struct rows *r, size_t row, const char *name)
{
	return row_int(r, row, rows_column(r, name));
}

static const char *
text(const struct rows *r, size_t row, const char *name, struct arena *a)
{
	return arena_strdup(a, row_text(r, row, rows_column(r, name)));
}

enum err
overview_totals(struct db *db, struct overview_totals *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(
	    db, Q_OVERVIEW_TOTALS, &r, ei, DB_I8(OVERVIEW_BUILDS_MAX));

	if (err != ERR_OK)
		return err;
	*out = (struct overview_totals){
	    .builds = number(r, 0, "builds"),
	    .tasks = number(r, 0, "tasks"),
	    .packages = number(r, 0, "packages"),
	    .recipes = number(r, 0, "recipes"),
	    .builders = number(r, 0, "builders"),
	    .since = row_time(r, 0, rows_column(r, "since")),
	};
	return ERR_OK;
}

enum err
overview_since(struct db *db, int64_t since, struct overview_recent *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_OVERVIEW_SINCE, &r, ei, DB_TM(since),
	    DB_I8(OVERVIEW_BUILDS_MAX));

	if (err != ERR_OK)
		return err;
	*out = (struct overview_recent){
	    .builds = number(r, 0, "builds"),
	    .succeeded = number(r, 0, "succeeded"),
	    .failed = number(r, 0, "failed"),
	    .running = number(r, 0, "running"),
	};
	return ERR_OK;
}

enum err
overview_new_since(struct db *db, struct arena *a, int64_t since,
    struct overview_new *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_OVERVIEW_NEW, &r, ei, DB_TM(since));

	*out = (struct overview_new){0};
	if (err != ERR_OK)
		return err;
	failure_rows_read(&out->newest, r, a);
	out->times = arena_calloc(a, out->newest.n + 1, sizeof(int64_t));
	out->on = arena_calloc(a, out->newest.n + 1, sizeof(int64_t));
	for (size_t i = 0; i < out->newest.n; i++) {
		out->times[i] = number(r, i, "similar") + 1;
		out->on[i] = number(r, i, "builders");
		out->total = number(r, i, "total");
		out->builders = number(r, i, "all_builders");
	}
	return ERR_OK;
}

enum err
overview_failing(struct db *db, struct arena *a, struct failing_package **out,
    size_t *n, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_OVERVIEW_FAILING, NULL, 0, &r, ei);

	*n = 0;
	*out = NULL;
	if (err != ERR_OK)
		return err;
	*n = rows_count(r);
	*out = arena_calloc(a, *n + 1, sizeof(**out));
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (struct failing_package){
		    .recipe = text(r, i, "recipe_name", a),
		    .version = text(r, i, "version_name", a),
		    .task = text(r, i, "task", a),
		    .machine = text(r, i, "machine", a),
		    .distro = text(r, i, "distro", a),
		    .builder = text(r, i, "builder", a),
		    .build_name = text(r, i, "name", a),
		    .build = (int)number(r, i, "build"),
		    .seen = row_time(r, i, rows_column(r, "started")),
		    .times = number(r, i, "times"),
		};
	return ERR_OK;
}

static struct target_history *
find_target(struct target_history *t, size_t *n, size_t max,
    const struct rows *r, size_t row, struct arena *a)
{
	const char *machine = row_text(r, row, rows_column(r, "machine"));
	const char *distro = row_text(r, row, rows_column(r, "distro"));
	const char *image = row_text(r, row, rows_column(r, "image"));

	for (size_t i = 0; i < *n; i++)
		if (strcmp(t[i].machine, machine) == 0 &&
		    strcmp(t[i].distro, distro) == 0 &&
		    strcmp(t[i].image, image) == 0)
			return &t[i];
	if (*n == max)
		return NULL;
	t[*n].machine = arena_strdup(a, machine);
	t[*n].distro = arena_strdup(a, distro);
	t[*n].image = arena_strdup(a, image);
	return &t[(*n)++];
}

static void
add_build(
    struct target_history *t, const struct rows *r, size_t row, struct arena *a)
{
	int elapsed = rows_column(r, "elapsed");
	enum build_status status = (enum build_status)number(r, row, "status");

	t->builds++;
	t->succeeded += status == BUILD_SUCCEEDED;
	if (t->n == TARGET_HISTORY)
		return;
	t->row[t->n++] = (struct build_row){
	    .id = (int)number(r, row, "id"),
	    .name = text(r, row, "name", a),
	    .status = status,
	    .started = row_time(r, row, rows_column(r, "started")),
	    .elapsed = row_is_null(r, row, elapsed)
			   ? NAN
			   : row_double(r, row, elapsed),
	};
}

enum err
overview_targets(struct db *db, struct arena *a, size_t max,
    struct target_history **out, size_t *n, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_OVERVIEW_TARGETS, NULL, 0, &r, ei);

	*n = 0;
	*out = arena_calloc(a, max + 1, sizeof(**out));
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < rows_count(r); i++) {
		struct target_history *t = find_target(*out, n, max, r, i, a);
		if (t != NULL)
			add_build(t, r, i, a);
	}
	return ERR_OK;
}
