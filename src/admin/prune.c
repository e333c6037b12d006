/*
 * prune.c: the verb prune.  Whole months go by dropping their partitions,
 * the rest of a month by deleting rows; all of it in one transaction, failures
 * and what was kept for them too (prune_failures.c).
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "db/stmt.h"

/* Dropping a partition waits for whoever reads it. */
#define STATEMENT_MS 600000
#define LOCK_MS 60000

static enum err
limit_of(struct admin *ad, int64_t *before, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err;

	if ((ad->before != NULL) + (ad->keep_months >= 0) + ad->receipts != 1)
		return admin_usage(ad, ei,
		    "prune: one of --before DATE, --keep-months N, --receipts");
	if (ad->receipts)
		return ERR_OK;
	if (ad->before != NULL) {
		if (str_to_time(ad->before, strlen(ad->before), before))
			return ERR_OK;
		return admin_usage(ad, ei, "--before: a date, e.g. 2026-03-01");
	}
	err = STMT_QUERY(
	    ad->db, Q_PRUNE_MONTHS_AGO, &r, ei, DB_I4(ad->keep_months));
	if (err == ERR_OK)
		*before = row_time(r, 0, 0);
	return err;
}

static enum err
drop_months(struct admin *ad, int64_t before, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(ad->db, Q_PRUNE_MONTHS, &r, ei, DB_TM(before));

	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		printf("%s month %s\n", ad->dry_run ? "would drop" : "dropped",
		    row_text(r, i, 0));
		if (!ad->dry_run)
			err = STMT_EXEC(ad->db, Q_PRUNE_PARTITION, ei,
			    DB_T(row_text(r, i, 0)));
	}
	return err;
}

static enum err
delete_rows(struct db *db, int64_t before, struct errinfo *ei)
{
	static const enum query steps[] = {Q_PRUNE_PACKAGE_BUILD,
	    Q_PRUNE_TASK_BLOCK, Q_PRUNE_SERIES_BLOCK, Q_PRUNE_BUILD_TEXT,
	    Q_PRUNE_BUILD};
	enum err err = ERR_OK;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		err = STMT_EXEC(db, steps[i], ei, DB_TM(before));
		if (err != ERR_OK)
			return err;
	}
	return STMT_EXEC(db, Q_PRUNE_FACETS, ei);
}

static enum err
prune(struct admin *ad, int64_t before, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	char date[32];
	enum err err;

	if ((err = STMT_EXEC(ad->db, Q_PRUNE_LOCK, ei)) != ERR_OK ||
	    (err = STMT_QUERY(ad->db, Q_PRUNE_COUNT, &r, ei, DB_TM(before))) !=
		ERR_OK ||
	    (err = drop_months(ad, before, ei)) != ERR_OK)
		return err;
	if (!ad->dry_run && (err = delete_rows(ad->db, before, ei)) != ERR_OK)
		return err;
	str_from_time(date, before);
	printf("%s %lld builds with %lld tasks, started before %s\n",
	    ad->dry_run ? "would delete" : "deleted",
	    (long long)row_int(r, 0, 0), (long long)row_int(r, 0, 1), date);
	err = prune_failures(ad->db, before, ad->dry_run, ei);
	return err == ERR_OK ? prune_receipts(ad->db, ad->dry_run, ei) : err;
}

enum err
cmd_prune(struct admin *ad, int n, char **argv, struct errinfo *ei)
{
	int64_t before = 0;
	enum err err;

	(void)n;
	(void)argv;
	if ((err = limit_of(ad, &before, ei)) != ERR_OK ||
	    (err = db_set_timeout(ad->db, STATEMENT_MS, LOCK_MS, ei)) !=
		ERR_OK ||
	    (err = db_begin(ad->db, DB_READ_WRITE, ei)) != ERR_OK)
		return err;
	err = ad->receipts ? prune_receipts(ad->db, ad->dry_run, ei)
			   : prune(ad, before, ei);
	return db_end(ad->db, err, ei);
}
