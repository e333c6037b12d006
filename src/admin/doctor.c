/*
 * doctor.c: the verb doctor: is the database what the programs expect, and
 * how large is it?  Every check prints a line; what is wrong begins with "!".
 */
#include <stdio.h>

#include "admin/admin.h"
#include "base/cleanup.h"
#include "db/migrate.h"
#include "db/stmt.h"

struct doctor {
	struct admin *ad;
	struct errinfo *ei;
	unsigned wrong;
};

static void
found(struct doctor *d, bool ok, const char *what)
{
	printf("%s %s\n", ok ? " " : "!", what);
	d->wrong += !ok;
}

static enum err
check_server(struct doctor *d)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	char line[160];
	enum err err = STMT_QUERY(d->ad->db, Q_DOCTOR_SERVER, &r, d->ei);

	if (err != ERR_OK)
		return err;
	snprintf(line, sizeof(line), "PostgreSQL %s%s, database %.1f MB",
	    row_text(r, 0, 0), row_bool(r, 0, 2) ? " (standby)" : "",
	    (double)row_int(r, 0, 3) / 1e6);
	found(d, row_int(r, 0, 1) >= 130000, line);
	found(d, row_bool(r, 0, 4), "extension pg_trgm");
	return ERR_OK;
}

static enum err
check_schema(struct doctor *d)
{
	char line[120];
	int have, want;
	enum err err;

	if ((err = db_migrate_latest(d->ad->sql_dir, &want, d->ei)) != ERR_OK ||
	    (err = db_schema_version(d->ad->db, &have, d->ei)) != ERR_OK)
		return err;
	snprintf(line, sizeof(line), "schema version %d of %d", have, want);
	found(d, have == want, line);
	if (have != 0)
		return ERR_OK;
	return err_set(d->ei, ERR_NOT_FOUND,
	    "the database is empty: run buildstats-admin migrate");
}

static enum err
check_partitions(struct doctor *d)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	char line[120];
	enum err err = STMT_QUERY(d->ad->db, Q_DOCTOR_AHEAD, &r, d->ei);

	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		snprintf(
		    line, sizeof(line), "partitions of %s", row_text(r, i, 0));
		found(d, row_bool(r, i, 1), line);
	}
	return err;
}

static enum err
check_orphans(struct doctor *d)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	char line[120];
	enum err err = STMT_QUERY(d->ad->db, Q_DOCTOR_ORPHANS, &r, d->ei);

	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		long long n = row_int(r, i, 1);
		snprintf(line, sizeof(line), "orphans: %s: %lld",
		    row_text(r, i, 0), n);
		found(d, n == 0, line);
	}
	return err;
}

static enum err
print_sizes(struct doctor *d)
{
	CLEANUP(cleanup_rows) struct rows *counts = NULL;
	CLEANUP(cleanup_rows) struct rows *sizes = NULL;
	long long total = 0, tasks;
	enum err err;

	err = STMT_QUERY(d->ad->db, Q_DOCTOR_COUNTS, &counts, d->ei);
	if (err == ERR_OK)
		err = STMT_QUERY(d->ad->db, Q_DOCTOR_SIZES, &sizes, d->ei);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < rows_count(sizes); i++) {
		printf("  %-16s %12lld bytes\n", row_text(sizes, i, 0),
		    (long long)row_int(sizes, i, 1));
		total += row_int(sizes, i, 1);
	}
	tasks = row_int(counts, 0, 1);
	printf("  %lld builds, %lld tasks", (long long)row_int(counts, 0, 0),
	    tasks);
	if (tasks > 0)
		printf(", %.1f bytes per task, everything counted",
		    (double)total / (double)tasks);
	putchar('\n');
	return ERR_OK;
}

enum err
cmd_doctor(struct admin *ad, int n, char **argv, struct errinfo *ei)
{
	struct doctor d = {.ad = ad, .ei = ei};
	enum err err;

	(void)n;
	(void)argv;
	if ((err = db_set_timeout(ad->db, 0, 60000, ei)) != ERR_OK ||
	    (err = check_server(&d)) != ERR_OK ||
	    (err = check_schema(&d)) != ERR_OK ||
	    (err = check_partitions(&d)) != ERR_OK ||
	    (err = check_orphans(&d)) != ERR_OK ||
	    (err = print_sizes(&d)) != ERR_OK)
		return err;
	if (d.wrong == 0)
		return ERR_OK;
	return err_set(ei, ERR_INTERNAL,
	    "%u thing%s wrong, marked with ! above", d.wrong,
	    d.wrong == 1 ? " is" : "s are");
}
