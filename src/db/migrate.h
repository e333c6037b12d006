/*
 * migrate.h: brings a database's schema up to date.
 *
 * sql/migrate/NNNN_name.sql are numbered from 1 without a gap and only ever
 * go forward.  Each is applied in a transaction of its own together with its
 * row in schema_version, under a lock, so that two at once do no harm.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "base/err.h"

struct db;

struct migration {
	int version;
	char name[96]; /* of the file */
};

/* Called after each migration that was applied. */
typedef void (*migrate_fn)(void *arg, const struct migration *m);

/*
 * Applies what is missing, up to and including version `last` (0: all).
 * ERR_CONFLICT when the database is newer than the files.
 */
enum err db_migrate(struct db *db, const char *dir, int last, migrate_fn fn,
    void *arg, struct errinfo *ei) MUST_CHECK;

/* The highest version among the files. */
enum err db_migrate_latest(
    const char *dir, int *version, struct errinfo *ei) MUST_CHECK;

/* The database's version; 0 when it is empty. */
enum err db_schema_version(
    struct db *db, int *version, struct errinfo *ei) MUST_CHECK;

#endif
