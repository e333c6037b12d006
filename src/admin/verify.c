/*
 * verify.c: the verb verify.  Reads everything that is stored of every build
 * (or of one) and compares it with what its row says, logs too
 * (verify_logs.c): for a restored backup.
 */
#include <inttypes.h>
#include <stdio.h>

#include "admin/admin.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_store.h"
#include "model/package_tasks.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

struct row {
	int id;
	int64_t started;
	size_t tasks, packages;
};

/* The package_build rows hold the same tasks as the block. */
static enum err
check_packages(
    struct db *db, struct arena *a, const struct row *row, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct package_task *t;
	size_t n, tasks = 0;
	enum err err = STMT_QUERY(
	    db, Q_VERIFY_PACKAGES, &r, ei, DB_I4(row->id), DB_TM(row->started));

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < rows_count(r); i++) {
		err = package_tasks_decode(a, row_bytes(r, i, 0), &t, &n, ei);
		if (err != ERR_OK)
			return err;
		tasks += n;
	}
	if (rows_count(r) != row->packages || tasks != row->tasks)
		return err_set(ei, ERR_INTERNAL,
		    "%zu packages with %zu tasks instead of %zu with %zu",
		    rows_count(r), tasks, row->packages, row->tasks);
	return ERR_OK;
}

static enum err
check_build(struct db *db, const struct row *row, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct slice text;
	struct build *b;
	enum err err = build_load(db, a, row->id, &b, ei);

	if (err != ERR_OK)
		return err;
	if (b->ntasks != row->tasks)
		return err_set(ei, ERR_INTERNAL, "%zu tasks instead of %zu",
		    b->ntasks, row->tasks);
	for (size_t i = 0; i < b->ntexts; i++) {
		err = build_text_load(db, a,
		    (struct build_key){row->id, row->started}, b->texts[i].name,
		    &text, ei);
		if (err != ERR_OK)
			return err;
		if (text.n != b->texts[i].size)
			return err_set(ei, ERR_INTERNAL,
			    "%s has %zu bytes instead of %" PRIu64,
			    b->texts[i].name, text.n, b->texts[i].size);
	}
	return check_packages(db, a, row, ei);
}

/* Goes on after a damaged build; a database that fails ends it. */
static enum err
check_all(struct db *db, const struct rows *r, struct errinfo *ei)
{
	size_t wrong = 0;

	for (size_t i = 0; i < rows_count(r); i++) {
		const struct row row = {.id = (int)row_int(r, i, 0),
		    .started = row_time(r, i, 2),
		    .tasks = (size_t)row_int(r, i, 3),
		    .packages = (size_t)row_int(r, i, 4)};
		enum err err = check_build(db, &row, ei);
		if (err == ERR_DB || err == ERR_BUSY)
			return err;
		if (err == ERR_OK)
			continue;
		printf("! build %d (%s): %s\n", row.id, row_text(r, i, 1),
		    ei->text);
		wrong++;
	}
	printf("%zu builds read, %zu damaged\n", rows_count(r), wrong);
	return wrong == 0
		   ? ERR_OK
		   : err_set(ei, ERR_INTERNAL, "%zu builds are damaged", wrong);
}

enum err
cmd_verify(struct admin *ad, int n, char **argv, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int id = 0;
	enum err err;

	if (n > 0 && (err = admin_id(argv[0], &id, ei)) != ERR_OK)
		return err;
	if ((err = db_set_timeout(ad->db, 0, 60000, ei)) != ERR_OK ||
	    (err = db_begin(ad->db, DB_READ_ONLY, ei)) != ERR_OK)
		return err;
	err = STMT_QUERY(
	    ad->db, Q_VERIFY_LIST, &r, ei, id != 0 ? DB_I4(id) : DB_N());
	if (err == ERR_OK && id != 0 && rows_count(r) == 0)
		err = err_set(ei, ERR_NOT_FOUND, "no build %d", id);
	if (err == ERR_OK) {
		err = check_all(ad->db, r, ei);
		if (err == ERR_OK || err == ERR_INTERNAL) {
			struct errinfo more = {0};
			enum err logs = verify_logs(ad->db, id, &more);
			if (err == ERR_OK && (err = logs) != ERR_OK)
				*ei = more;
		}
	}
	return db_end(ad->db, err, ei);
}
