/* metric_list.c: see metric_list.h. */
#include "model/metric_list.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"

enum err
metric_list(struct db *db, struct arena *a, struct metric_entry **out,
    size_t *n, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_METRIC_LIST, NULL, 0, &r, ei);

	*n = 0;
	*out = NULL;
	if (err != ERR_OK)
		return err;
	*n = rows_count(r);
	*out = arena_calloc(a, *n + 1, sizeof(**out));
#define TEXT(name) arena_strdup(a, row_text(r, i, rows_column(r, name)))
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (struct metric_entry){
		    .name = TEXT("name"),
		    .key = TEXT("key"),
		    .unit = TEXT("unit"),
		    .kind = TEXT("kind"),
		    .seen = row_time(r, i, rows_column(r, "first_seen")),
		};
#undef TEXT
	return ERR_OK;
}

enum err
build_latest(struct db *db, int *id, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_BUILD_LATEST, NULL, 0, &r, ei);

	*id = 0;
	if (err == ERR_OK && rows_count(r) > 0)
		*id = (int)row_int(r, 0, rows_column(r, "id"));
	return err;
}
