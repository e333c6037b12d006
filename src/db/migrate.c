/*
 * migrate.c: see migrate.h.
 */
#include "db/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "db/conn.h"

struct list {
	struct migration *m;
	size_t n, cap;
};

static void
list_clear(struct list *l)
{
	free(l->m);
}

static int
by_version(const void *a, const void *b)
{
	const struct migration *x = a, *y = b;

	return (x->version > y->version) - (x->version < y->version);
}

/* "0001_builds.sql" */
static bool
is_migration(const char *name, int *version)
{
	int64_t v;
	size_t n = strlen(name);

	if (n < 10 || n >= sizeof(((struct migration *)0)->name) ||
	    name[4] != '_' || strcmp(name + n - 4, ".sql") != 0 ||
	    !str_to_i64(name, 4, &v))
		return false;
	*version = (int)v;
	return true;
}

static void
list_add(struct list *l, int version, const char *name)
{
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 16 : l->cap * 2;
		l->m = realloc(l->m, l->cap * sizeof(*l->m));
		if (l->m == NULL)
			out_of_memory();
	}
	l->m[l->n].version = version;
	snprintf(l->m[l->n].name, sizeof(l->m[l->n].name), "%s", name);
	l->n++;
}

static enum err
check_gapless(const struct list *l, const char *dir, struct errinfo *ei)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->m[i].version != (int)i + 1)
			return err_set(ei, ERR_INTERNAL,
			    "%s: %s: number %zu expected", dir, l->m[i].name,
			    i + 1);
	if (l->n == 0)
		return err_set(ei, ERR_NOT_FOUND, "%s: no migrations", dir);
	return ERR_OK;
}

static enum err
read_list(const char *dir, struct list *l, struct errinfo *ei)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	int version;

	if (d == NULL)
		return err_set(
		    ei, ERR_NOT_FOUND, "%s: %s", dir, strerror(errno));
	while ((e = readdir(d)) != NULL)
		if (is_migration(e->d_name, &version))
			list_add(l, version, e->d_name);
	closedir(d);
	if (l->n > 0)
		qsort(l->m, l->n, sizeof(*l->m), by_version);
	return check_gapless(l, dir, ei);
}

static enum err
read_file(
    const char *dir, const char *name, struct buf *out, struct errinfo *ei)
{
	char path[4096];
	char piece[8192];
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	CLEANUP(cleanup_file) FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(
		    ei, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(out, piece, n);
	if (ferror(f))
		return err_set(ei, ERR_INTERNAL, "%s: can't be read", path);
	return ERR_OK;
}

static enum err
current_version(struct db *db, int *version, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_SCHEMA_CURRENT, &r, ei);

	if (err == ERR_OK)
		*version = (int)row_int(r, 0, 0);
	return err;
}

/* Runs inside a transaction. */
static enum err
apply(struct db *db, const char *dir, const struct migration *m,
    struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	enum err err = read_file(dir, m->name, &text, ei);

	if (err != ERR_OK)
		return err;
	if ((err = db_script(db, text.data, ei)) != ERR_OK) {
		err_prefix(ei, "%s", m->name);
		return err;
	}
	return STMT_EXEC(
	    db, Q_SCHEMA_ADD, ei, DB_I4(m->version), DB_T(m->name));
}

/* One step under the lock: *done when nothing is left. */
static enum err
step(struct db *db, const char *dir, const struct list *l, int last,
    const struct migration **applied, struct errinfo *ei)
{
	int version = 0;
	enum err err;

	*applied = NULL;
	if ((err = conn_simple(db, Q_SCHEMA_LOCK, ei)) != ERR_OK ||
	    (err = conn_simple(db, Q_SCHEMA_TABLE, ei)) != ERR_OK ||
	    (err = current_version(db, &version, ei)) != ERR_OK)
		return err;
	if (version > (int)l->n)
		return err_set(ei, ERR_CONFLICT,
		    "the database has version %d, this program only %zu",
		    version, l->n);
	if (version >= last)
		return ERR_OK;
	*applied = &l->m[version];
	return apply(db, dir, *applied, ei);
}

enum err
db_migrate(struct db *db, const char *dir, int last, migrate_fn fn, void *arg,
    struct errinfo *ei)
{
	CLEANUP(list_clear) struct list l = {0};
	const struct migration *applied;
	enum err err = read_list(dir, &l, ei);

	if (err != ERR_OK)
		return err;
	if (last <= 0 || last > (int)l.n)
		last = (int)l.n;
	do {
		if ((err = db_begin(db, DB_READ_WRITE, ei)) != ERR_OK)
			return err;
		err = step(db, dir, &l, last, &applied, ei);
		if ((err = db_end(db, err, ei)) != ERR_OK)
			return err;
		if (applied != NULL && fn != NULL)
			fn(arg, applied);
	} while (applied != NULL);
	return ERR_OK;
}

enum err
db_migrate_latest(const char *dir, int *version, struct errinfo *ei)
{
	CLEANUP(list_clear) struct list l = {0};
	enum err err = read_list(dir, &l, ei);

	*version = (int)l.n;
	return err;
}

enum err
db_schema_version(struct db *db, int *version, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_SCHEMA_EXISTS, &r, ei);

	*version = 0;
	if (err != ERR_OK || !row_bool(r, 0, 0))
		return err;
	return current_version(db, version, ei);
}
