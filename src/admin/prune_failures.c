/*
 * prune_failures.c: failures, and what is kept for them alone, for the verb
 * prune.
 */
#include <stdio.h>

#include "admin/admin.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/receipt.h"

static enum err
count_failures(struct db *db, int64_t before, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(db, Q_PRUNE_FAILURE_COUNT, &r, ei, DB_TM(before));

	if (err == ERR_OK)
		printf("would delete %lld failures and their logs\n",
		    (long long)row_int(r, 0, 0));
	return err;
}

enum err
prune_failures(struct db *db, int64_t before, bool dry_run, struct errinfo *ei)
{
	static const enum query rest[] = {Q_PRUNE_LOG, Q_PRUNE_SIGNATURE,
	    Q_PRUNE_REPORT, Q_PRUNE_BUILD_MOVED, Q_PRUNE_FAILURE_MOVED,
	    Q_PRUNE_RESULT_RUN, Q_PRUNE_RESULT_FILE, Q_PRUNE_RESULT_NAMES,
	    Q_PRUNE_BUILD_SIZE, Q_PRUNE_SIZE_UNIT, Q_PRUNE_CI_RUN};
	const struct db_param p = DB_TM(before);
	size_t n[sizeof(rest) / sizeof(rest[0])] = {0}, failures;
	enum err err;

	if (dry_run)
		return count_failures(db, before, ei);
	err = stmt_exec(db, Q_PRUNE_FAILURE, &p, 1, &failures, ei);
	for (size_t i = 0; err == ERR_OK && i < sizeof(n) / sizeof(n[0]); i++)
		err = stmt_exec(db, rest[i], NULL, 0, &n[i], ei);
	if (err == ERR_OK)
		printf("deleted %zu failures, %zu logs, %zu signatures\n",
		    failures, n[0], n[1]);
	return err;
}

enum err
prune_receipts(struct db *db, bool dry_run, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const struct db_param days = DB_I4(RECEIPT_DAYS);
	size_t n;
	enum err err;

	if (dry_run) {
		err = STMT_QUERY(db, Q_RECEIPT_OLD, &r, ei, days);
		n = err == ERR_OK ? (size_t)row_int(r, 0, 0) : 0;
	} else {
		err = stmt_exec(db, Q_RECEIPT_PRUNE, &days, 1, &n, ei);
	}
	if (err == ERR_OK)
		printf("%s %zu receipts\n",
		    dry_run ? "would delete" : "deleted", n);
	return err;
}
