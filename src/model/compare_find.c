/* compare_find.c: see compare_find.h. */
#include "model/compare_find.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"

enum err
compare_before(struct db *db, const struct build_row *b, size_t max,
    int32_t *ids, size_t *n, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_COMPARE_BEFORE, &r, ei,
	    DB_T(b->machine), DB_T(b->distro), DB_T(b->image), DB_T(b->builder),
	    DB_TM(b->started), DB_I8((int64_t)max));

	*n = 0;
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < rows_count(r); i++)
		ids[(*n)++] = (int32_t)row_int(r, i, 0);
	return ERR_OK;
}

enum err
compare_tagged(struct db *db, const char *tag, int32_t *id, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_COMPARE_TAGGED, &r, ei, DB_T(tag));

	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return err_set(
		    ei, ERR_NOT_FOUND, "No build has the tag \"%s\".", tag);
	*id = (int32_t)row_int(r, 0, 0);
	return ERR_OK;
}

enum err
compare_candidates(struct db *db, struct arena *a, const struct build_row *b,
    struct build_list *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_COMPARE_CANDIDATES, &r, ei,
	    DB_T(b != NULL ? b->machine : ""), DB_I4(b != NULL ? b->id : 0));

	*out = (struct build_list){0};
	if (err != ERR_OK)
		return err;
	out->n = out->found = rows_count(r);
	out->row = arena_calloc(a, out->n + 1, sizeof(*out->row));
	build_rows_read(out->row, r, a);
	return ERR_OK;
}

/* The row of a name; rows come by name. */
static struct compare_number *
number_called(struct arena *a, struct compare_numbers *all, const char *name)
{
	struct compare_number *one;

	if (all->n > 0 && strcmp(all->number[all->n - 1].name, name) == 0)
		return &all->number[all->n - 1];
	all->number =
	    arena_grow(a, all->number, &all->cap, all->n + 1, sizeof(*one));
	one = &all->number[all->n++];
	one->name = arena_strdup(a, name);
	for (size_t i = 0; i < COMPARE_BUILDS_MAX; i++)
		one->value[i] = NAN;
	return one;
}

enum err
compare_numbers(struct db *db, struct arena *a, const int32_t *ids, size_t nids,
    struct compare_numbers *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(db, Q_COMPARE_NUMBERS, &r, ei, db_int4s(ids, nids));

	*out = (struct compare_numbers){0};
	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		struct compare_number *one = number_called(
		    a, out, row_text(r, i, rows_column(r, "name")));
		one->unit =
		    arena_strdup(a, row_text(r, i, rows_column(r, "unit")));
		for (size_t k = 0; k < nids; k++)
			if (ids[k] == row_int(r, i, rows_column(r, "build")))
				one->value[k] =
				    row_double(r, i, rows_column(r, "value"));
	}
	return err;
}
