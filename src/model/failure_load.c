/* failure_load.c: stored failures of a build; see failure_store.h. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/failure_rows.h"

#define RESERVE_MAX 100000

static void
read_row(
    struct failure_row_of *f, const struct rows *r, size_t i, struct arena *a)
{
	f->tell = (struct failure_stored){.id = (int)row_int(r, i, 0),
	    .kind = (enum failure_kind)row_int(r, i, 1),
	    .signature = (int)row_int(r, i, 7),
	    .recipe = arena_strdup(a, row_text(r, i, 9)),
	    .version = arena_strdup(a, row_text(r, i, 10)),
	    .task = arena_strdup(a, row_text(r, i, 11)),
	    .first_line = arena_strdup(a, row_text(r, i, 12)),
	    .known = {.first = TIME_UNKNOWN, .last = TIME_UNKNOWN}};
	f->key = (struct failure_key){.kind = (int16_t)row_int(r, i, 1),
	    .recipe = (int32_t)row_int(r, i, 2),
	    .version = (int32_t)row_int(r, i, 3),
	    .task = (int32_t)row_int(r, i, 4),
	    .sig_task = (int32_t)row_int(r, i, 6)};
	f->log = (int32_t)row_int(r, i, 5);
	f->bare = row_bool(r, i, 8);
}

enum err
failure_rows_load(struct db *db, struct arena *a, struct failure_rows_of *rows,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(db, Q_FAILURE_STORED, &r, ei, DB_I4(rows->build),
		rows->max > 0 ? DB_I8((int64_t)rows->max) : DB_N());

	rows->n = 0;
	if (err != ERR_OK)
		return err;
	rows->n = rows_count(r);
	rows->row = arena_calloc(a, rows->n + 1, sizeof(*rows->row));
	for (size_t i = 0; i < rows->n; i++)
		read_row(&rows->row[i], r, i, a);
	return ERR_OK;
}

static int
by_number(const void *x, const void *y)
{
	const struct failure_stored *a = x, *b = y;

	return (a->id > b->id) - (a->id < b->id);
}

enum err
failure_rows_known(
    struct db *db, int build, struct failures_stored *all, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err;

	if (all->n == 0)
		return ERR_OK;
	qsort(all->failure, all->n, sizeof(*all->failure), by_number);
	err = STMT_QUERY(db, Q_FAILURE_KNOWN, &r, ei, DB_I4(build));
	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		const struct failure_stored key = {.id = (int)row_int(r, i, 0)};
		struct failure_stored *f = bsearch(&key, all->failure, all->n,
		    sizeof(*all->failure), by_number);
		if (f != NULL)
			f->known = (struct failure_known){row_int(r, i, 1),
			    row_time(r, i, 2), row_time(r, i, 3),
			    (int)row_int(r, i, 4)};
	}
	return err;
}

enum err
failure_stored_load(struct db *db, struct arena *a, int build, size_t max,
    struct failures_stored *out, struct errinfo *ei)
{
	struct failure_rows_of rows = {.build = build, .max = max};
	enum err err = failure_rows_load(db, a, &rows, ei);

	*out = (struct failures_stored){0};
	if (err != ERR_OK)
		return err;
	out->n = rows.n;
	out->failure = arena_calloc(a, rows.n + 1, sizeof(*out->failure));
	for (size_t i = 0; i < rows.n; i++)
		out->failure[i] = rows.row[i].tell;
	return failure_rows_known(db, build, out, ei);
}

enum err
failure_reserve(struct db *db, int n, int *first, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err;

	*first = 0;
	if (n < 1 || n > RESERVE_MAX)
		return err_set(
		    ei, ERR_INTERNAL, "%d numbers can't be reserved", n);
	err = STMT_QUERY(db, Q_FAILURE_RESERVE, &r, ei, DB_I4(n));
	if (err == ERR_OK)
		*first = (int)row_int(r, 0, 0);
	return err;
}

enum err
report_find(struct db *db, const unsigned char sha256[32], int *build,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(db, Q_REPORT_FIND, &r, ei, db_bytea(sha256, 32));

	*build = err == ERR_OK && rows_count(r) > 0 ? (int)row_int(r, 0, 0) : 0;
	return err;
}
