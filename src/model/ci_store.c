/* ci_store.c: see ci.h. */
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_store.h"
#include "model/ci.h"

struct known {
	bool any;      /* it was told of before */
	bool complete; /* and had ended then */
	int build;     /* 0: it is gone */
	int64_t tasks; /* of that build */
};

static enum err
find(struct db *db, const struct ci_run *r, struct known *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *rows = NULL;
	int64_t key;
	enum err err;

	*out = (struct known){0};
	memcpy(&key, r->identity, sizeof(key));
	err = STMT_EXEC(db, Q_STORE_LOCK, ei, DB_I8(key));
	if (err == ERR_OK)
		err = STMT_QUERY(db, Q_CI_FIND, &rows, ei,
		    db_bytea(r->identity, sizeof(r->identity)));
	if (err != ERR_OK || rows_count(rows) == 0)
		return err;
	out->any = true;
	out->complete = row_bool(rows, 0, rows_column(rows, "complete"));
	out->tasks = row_int(rows, 0, rows_column(rows, "tasks"));
	if (row_bool(rows, 0, rows_column(rows, "present")))
		out->build = (int)row_int(rows, 0, rows_column(rows, "build"));
	return ERR_OK;
}

/* Statistics that name this page may be there already. */
static enum err
find_build(struct db *db, const struct ci_run *r, int *id, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *rows = NULL;
	enum err err;

	*id = 0;
	if (r->url[0] == '\0')
		return ERR_OK;
	err = STMT_QUERY(db, Q_CI_BUILD_OF_URL, &rows, ei, DB_T(r->url));
	if (err == ERR_OK && rows_count(rows) > 0)
		*id = (int)row_int(rows, 0, 0);
	return err;
}

static struct db_param
time_or_null(int64_t t)
{
	return t == TIME_UNKNOWN ? DB_N() : DB_TM(t);
}

static enum err
store_row(struct db *db, const struct ci_run *r, int build, struct errinfo *ei)
{
	return STMT_EXEC(db, Q_CI_STORE, ei,
	    db_bytea(r->identity, sizeof(r->identity)), DB_T(r->kind),
	    DB_T(r->url), DB_I4(build), DB_T(r->builder), DB_I4(r->number),
	    DB_T(r->result), DB_T(r->state), DB_T(r->reason), DB_T(r->worker),
	    time_or_null(r->started), time_or_null(r->complete),
	    db_texts(r->names, r->nproperties),
	    db_texts(r->properties, r->nproperties));
}

enum err
ci_store(struct db *db, struct arena *a, const struct ci_run *r,
    const struct build *b, struct ci_stored *out, struct errinfo *ei)
{
	struct store_result stored = {0};
	struct known known;
	enum err err = find(db, r, &known, ei);

	*out = (struct ci_stored){.build = known.build};
	if (err != ERR_OK)
		return err;
	/* A begin that was overtaken by its end. */
	if (known.complete && r->status == BUILD_RUNNING && known.build != 0)
		return ERR_OK;
	if (known.build == 0)
		err = find_build(db, r, &out->build, ei);
	if (err == ERR_OK && known.tasks == 0 &&
	    (known.build != 0 || out->build == 0)) {
		err = build_store(db, a, b, &stored, ei);
		out->build = stored.id;
		out->is_new = stored.what == STORED_NEW;
	}
	return err == ERR_OK ? store_row(db, r, out->build, ei) : err;
}

/* ---- asking ---- */

static const char *
text(struct arena *a, const struct rows *r, size_t row, const char *column)
{
	return arena_strdup(a, row_text(r, row, rows_column(r, column)));
}

static void
read_run(struct arena *a, const struct rows *r, size_t i, struct ci_run *out)
{
	*out = (struct ci_run){.kind = text(a, r, i, "kind"),
	    .url = text(a, r, i, "url"),
	    .builder = text(a, r, i, "builder"),
	    .number = row_int(r, i, rows_column(r, "number")),
	    .result = text(a, r, i, "result"),
	    .state = text(a, r, i, "state"),
	    .reason = text(a, r, i, "reason"),
	    .worker = text(a, r, i, "worker"),
	    .started = row_time(r, i, rows_column(r, "started")),
	    .complete = row_time(r, i, rows_column(r, "complete"))};
	out->nproperties =
	    row_texts(r, i, rows_column(r, "names"), a, &out->names);
	row_texts(r, i, rows_column(r, "properties"), a, &out->properties);
}

enum err
ci_load(struct db *db, struct arena *a, int build, struct ci_runs *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	CLEANUP(cleanup_rows) struct rows *url = NULL;
	enum err err = STMT_QUERY(db, Q_CI_OF_BUILD, &r, ei, DB_I4(build));

	*out = (struct ci_runs){.url = ""};
	if (err == ERR_OK)
		err = STMT_QUERY(db, Q_CI_URL_OF_BUILD, &url, ei, DB_I4(build));
	if (err != ERR_OK)
		return err;
	if (rows_count(url) > 0)
		out->url = arena_strdup(a, row_text(url, 0, 0));
	out->n = rows_count(r);
	out->run = arena_calloc(a, out->n + 1, sizeof(*out->run));
	for (size_t i = 0; i < out->n; i++)
		read_run(a, r, i, &out->run[i]);
	return ERR_OK;
}

enum err
ci_silent(struct db *db, struct errinfo *ei)
{
	return STMT_EXEC(db, Q_CI_SILENT, ei);
}
