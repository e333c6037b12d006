/*
 * migrate.c: the verbs migrate and partitions.
 */
#include <stdio.h>

#include "admin/admin.h"
#include "db/migrate.h"
#include "db/stmt.h"

/* Another migration may hold the lock for as long as it takes. */
#define LOCK_MS 600000

static void
say(void *arg, const struct migration *m)
{
	(void)arg;
	printf("applied %s\n", m->name);
}

static enum err
partitions(struct db *db, struct errinfo *ei)
{
	return STMT_EXEC(db, Q_PARTITIONS_AHEAD, ei);
}

enum err
cmd_migrate(struct admin *ad, int n, char **argv, struct errinfo *ei)
{
	int version;
	enum err err;

	(void)n;
	(void)argv;
	if ((err = db_set_timeout(ad->db, 0, LOCK_MS, ei)) != ERR_OK ||
	    (err = db_migrate(ad->db, ad->sql_dir, 0, say, NULL, ei)) !=
		ERR_OK ||
	    (err = partitions(ad->db, ei)) != ERR_OK ||
	    (err = db_schema_version(ad->db, &version, ei)) != ERR_OK)
		return err;
	printf("schema version %d\n", version);
	return ERR_OK;
}

enum err
cmd_partitions(struct admin *ad, int n, char **argv, struct errinfo *ei)
{
	(void)n;
	(void)argv;
	return partitions(ad->db, ei);
}
