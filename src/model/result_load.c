/* result_load.c: see result_load.h. */
#include "model/result_load.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/result_pack.h"

static void
read_counts(const struct rows *r, size_t row, size_t counts[RESULT_CLASSES])
{
	for (size_t c = 0; c < RESULT_CLASSES; c++)
		counts[c] = (size_t)row_int(r, row,
		    rows_column(r, result_class_word((enum result_class)c)));
}

static const char *
text(struct arena *a, const struct rows *r, size_t row, const char *column)
{
	return arena_strdup(a, row_text(r, row, rows_column(r, column)));
}

static int64_t
number(const struct rows *r, size_t row, const char *column)
{
	return row_int(r, row, rows_column(r, column));
}

static void
copy_bytes(
    const struct rows *r, size_t row, const char *column, void *to, size_t n)
{
	struct slice s = row_bytes(r, row, rows_column(r, column));

	if (s.n == n)
		memcpy(to, s.p, n);
}

static void
read_view(
    struct arena *a, const struct rows *r, size_t i, struct result_view *v)
{
	v->id = (int)number(r, i, "id");
	v->run = (struct result_run){.id = text(a, r, i, "name"),
	    .configuration = text(a, r, i, "configuration"),
	    .type = text(a, r, i, "type"),
	    .machine = text(a, r, i, "machine"),
	    .image = text(a, r, i, "image"),
	    .ran = row_time(r, i, rows_column(r, "ran")),
	    .seconds = row_double(r, i, rows_column(r, "seconds")),
	    .position = (uint64_t)number(r, i, "position"),
	    .log_bytes = (uint64_t)number(r, i, "log_bytes")};
	copy_bytes(r, i, "same", v->run.same, sizeof(v->run.same));
	copy_bytes(r, i, "sha256", v->sha256, sizeof(v->sha256));
	read_counts(r, i, v->run.counts);
	v->timed = row_bool(r, i, rows_column(r, "timed"));
	v->alone = row_bool(r, i, rows_column(r, "alone"));
	v->file = (int)number(r, i, "file");
	v->size = (uint64_t)number(r, i, "size");
	v->masked = (uint64_t)number(r, i, "masked");
}

enum err
result_views_load(struct db *db, struct arena *a, int build,
    struct result_views *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_RESULT_RUNS, &r, ei, DB_I4(build));

	*out = (struct result_views){0};
	if (err != ERR_OK)
		return err;
	out->n = rows_count(r);
	out->view = arena_calloc(a, out->n + 1, sizeof(*out->view));
	for (size_t i = 0; i < out->n; i++) {
		read_view(a, r, i, &out->view[i]);
		for (size_t c = 0; c < RESULT_CLASSES; c++)
			out->counts[c] += out->view[i].run.counts[c];
	}
	return ERR_OK;
}

/* ---- cases ---- */

/* The lists of names, in the order of the ids. */
static enum err
load_names(struct db *db, struct arena *a, const int32_t *id, size_t n,
    struct slice *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(db, Q_RESULT_NAMES_LOAD, &r, ei, db_int4s(id, n));

	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		struct slice data = row_bytes(r, i, 1);
		const char *copy = arena_strndup(a, data.p, data.n);
		for (size_t k = 0; k < n; k++)
			if (id[k] == (int32_t)row_int(r, i, 0))
				out[k] = (struct slice){copy, data.n};
	}
	return err;
}

static enum err
load_run(struct db *db, struct arena *a, int id, struct result_run *run,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_RESULT_CASES, &r, ei, DB_I4(id));
	struct slice *names;
	int32_t *ids;
	size_t n;

	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return err_set(ei, ERR_NOT_FOUND, "There are no such results.");
	n = row_int4s(r, 0, 0, a, &ids);
	names = arena_calloc(a, n + 1, sizeof(*names));
	err = load_names(db, a, ids, n, names, ei);
	return err == ERR_OK
		   ? result_unpack(a, names, n, row_bytes(r, 0, 1), run, ei)
		   : err;
}

/* Cases, suites, and what is kept of failed ones' logs. */
static enum err
load_cases(
    struct db *db, struct arena *a, struct result_view *v, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = load_run(db, a, v->id, &v->run, ei);

	if (err == ERR_OK && v->run.counts[RESULT_FAILED] > 0)
		err =
		    STMT_QUERY(db, Q_RESULT_FAILED_LOAD, &r, ei, DB_I4(v->id));
	for (size_t i = 0; err == ERR_OK && r != NULL && i < rows_count(r);
	     i++) {
		size_t n = (size_t)row_int(r, i, 0);
		if (n >= v->run.ncases)
			continue;
		v->run.cases[n].first_line = arena_strdup(a, row_text(r, i, 1));
		v->run.cases[n].excerpt = arena_strdup(a, row_text(r, i, 2));
	}
	return err;
}

/* ---- the run before ---- */

static enum err
find_before(
    struct db *db, struct arena *a, struct result_view *v, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct result_before *b = &v->before;
	enum err err = STMT_QUERY(db, Q_RESULT_BEFORE, &r, ei,
	    db_bytea(v->run.same, sizeof(v->run.same)), DB_TM(v->run.ran),
	    DB_I4(v->id));

	if (err != ERR_OK || rows_count(r) == 0)
		return err;
	b->id = (int)number(r, 0, "id");
	b->build = (int)number(r, 0, "build");
	b->name = text(a, r, 0, "name");
	b->build_name = text(a, r, 0, "build_name");
	b->commit = text(a, r, 0, "commit");
	b->ran = row_time(r, 0, rows_column(r, "ran"));
	read_counts(r, 0, b->counts);
	return ERR_OK;
}

/* Finds the run before and compares; the cases are loaded. */
static enum err
compare_with_last(
    struct db *db, struct arena *a, struct result_view *v, struct errinfo *ei)
{
	struct result_run before = {0};
	enum err err = find_before(db, a, v, ei);

	if (err != ERR_OK || v->before.build == 0)
		return err;
	err = load_run(db, a, v->before.id, &before, ei);
	if (err == ERR_OK)
		result_compare(a, v, &before);
	return err;
}

enum err
result_views_fill(struct db *db, struct arena *a, struct result_views *views,
    struct errinfo *ei)
{
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < views->n; i++) {
		struct result_view *v = &views->view[i];
		err = load_cases(db, a, v, ei);
		if (err == ERR_OK)
			err = compare_with_last(db, a, v, ei);
		for (size_t t = 0; t < RESULT_TURNS; t++)
			views->turns[t] += v->turns[t];
	}
	return err;
}
