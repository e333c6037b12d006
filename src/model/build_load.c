/* build_load.c: gives a stored build back; see build_store.h. */
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_store.h"
#include "model/series_block.h"
#include "model/task_block.h"

#define TEXT_MAX ((size_t)256 << 20)

struct load {
	struct db *db;
	struct arena *a;
	struct errinfo *ei;
	int id;
	struct build *b;
};

static const char *
text(const struct load *l, const struct rows *r, size_t row, const char *name)
{
	return arena_strdup(l->a, row_text(r, row, rows_column(r, name)));
}

static struct slice
bytes(const struct load *l, const struct rows *r, size_t row, const char *name)
{
	struct slice s = row_bytes(r, row, rows_column(r, name));

	return (struct slice){arena_strndup(l->a, s.p, s.n), s.n};
}

static void
take_hash(const struct rows *r, const char *name, unsigned char out[32])
{
	struct slice s = row_bytes(r, 0, rows_column(r, name));

	if (s.n == 32)
		memcpy(out, s.p, 32);
}

static void
take_environment(const struct load *l, const struct rows *r)
{
	struct environment *e = &l->b->env;

	e->uuid = text(l, r, 0, "uuid");
	e->builder = text(l, r, 0, "builder");
	e->machine = text(l, r, 0, "machine");
	e->distro = text(l, r, 0, "distro");
	e->distro_version = text(l, r, 0, "distro_version");
	e->image = text(l, r, 0, "image");
	e->host = text(l, r, 0, "host");
	e->host_info = text(l, r, 0, "host_info");
	e->host_distro = text(l, r, 0, "host_distro");
	e->host_arch = text(l, r, 0, "host_arch");
	e->bitbake_version = text(l, r, 0, "bitbake_version");
	e->branch = text(l, r, 0, "branch");
	e->commit = text(l, r, 0, "commit");
	e->mode = text(l, r, 0, "mode");
	e->json = text(l, r, 0, "sent");
	e->ntargets =
	    row_texts(r, 0, rows_column(r, "targets"), l->a, &e->targets);
	e->ntags = row_texts(r, 0, rows_column(r, "tags"), l->a, &e->tags);
}

static enum err
load_row(struct load *l)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct build *b = l->b;
	enum err err = STMT_QUERY(l->db, Q_LOAD_BUILD, &r, l->ei, DB_I4(l->id));
	int elapsed;

	if (err != ERR_OK)
		return err;
	if (rows_count(r) != 1)
		return err_set(l->ei, ERR_NOT_FOUND, "no build %d", l->id);
	take_hash(r, "identity", b->identity);
	take_hash(r, "content", b->content);
	take_environment(l, r);
	b->name = text(l, r, 0, "name");
	b->status = (enum build_status)row_int(r, 0, rows_column(r, "status"));
	b->started = row_time(r, 0, rows_column(r, "started"));
	elapsed = rows_column(r, "elapsed");
	b->ended =
	    row_is_null(r, 0, elapsed)
		? TIME_UNKNOWN
		: b->started + (int64_t)(row_double(r, 0, elapsed) * 1e6 + .5);
	b->cooker_cpu = row_double(r, 0, rows_column(r, "cooker_cpu"));
	b->build_stats = bytes(l, r, 0, "build_stats");
	b->nrepairs =
	    row_texts(r, 0, rows_column(r, "repairs"), l->a, &b->repairs);
	return ERR_OK;
}

static enum err
load_layers(struct load *l)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct environment *e = &l->b->env;
	enum err err =
	    STMT_QUERY(l->db, Q_LOAD_LAYERS, &r, l->ei, DB_I4(l->id));

	if (err != ERR_OK)
		return err;
	e->nlayers = rows_count(r);
	e->layers = arena_calloc(l->a, e->nlayers + 1, sizeof(*e->layers));
	for (size_t i = 0; i < e->nlayers; i++)
		e->layers[i] = (struct layer){text(l, r, i, "name"),
		    text(l, r, i, "branch"), text(l, r, i, "commit"),
		    (int)row_int(r, i, rows_column(r, "modified"))};
	return ERR_OK;
}

static enum err
load_origin(struct load *l)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(l->db, Q_LOAD_ORIGIN, &r, l->ei, DB_I4(l->id));
	const char **origin;

	if (err != ERR_OK)
		return err;
	origin = arena_calloc(l->a, 2 * rows_count(r) + 1, sizeof(*origin));
	for (size_t i = 0; i < rows_count(r); i++) {
		origin[2 * i] = text(l, r, i, "key");
		origin[2 * i + 1] = text(l, r, i, "value");
	}
	l->b->env.origin = origin;
	return ERR_OK;
}

static enum err
load_rootfs(struct load *l)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct build *b = l->b;
	enum err err =
	    STMT_QUERY(l->db, Q_LOAD_ROOTFS, &r, l->ei, DB_I4(l->id));

	if (err != ERR_OK)
		return err;
	b->nrootfs = rows_count(r);
	b->rootfs = arena_calloc(l->a, b->nrootfs + 1, sizeof(*b->rootfs));
	for (size_t i = 0; i < b->nrootfs; i++)
		b->rootfs[i] = (struct rootfs){text(l, r, i, "path"),
		    row_int(r, i, rows_column(r, "bytes"))};
	return ERR_OK;
}

static enum err
load_tasks(struct load *l)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct task_block *tb;
	enum err err = STMT_QUERY(
	    l->db, Q_LOAD_BLOCK, &r, l->ei, DB_I4(l->id), DB_TM(l->b->started));

	if (err != ERR_OK)
		return err;
	if (rows_count(r) != 1)
		return err_set(
		    l->ei, ERR_INTERNAL, "build %d has lost its tasks", l->id);
	err = task_block_open(l->a, row_bytes(r, 0, 0), &tb, l->ei);
	if (err != ERR_OK)
		return err;
	return task_block_build(l->a, tb, row_bytes(r, 0, 1), l->b, l->ei);
}

static enum err
load_texts(struct load *l)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct build *b = l->b;
	enum err err = STMT_QUERY(
	    l->db, Q_LOAD_TEXTS, &r, l->ei, DB_I4(l->id), DB_TM(b->started));

	if (err != ERR_OK)
		return err;
	b->ntexts = rows_count(r);
	b->texts = arena_calloc(l->a, b->ntexts + 1, sizeof(*b->texts));
	for (size_t i = 0; i < b->ntexts; i++)
		b->texts[i] = (struct build_text){text(l, r, i, "name"),
		    (uint64_t)row_int(r, i, rows_column(r, "size")),
		    bytes(l, r, i, "data")};
	return ERR_OK;
}

enum err
build_load(struct db *db, struct arena *a, int id, struct build **out,
    struct errinfo *ei)
{
	struct load l = {.db = db, .a = a, .ei = ei, .id = id};
	enum err err;

	*out = NULL;
	l.b = arena_zalloc(a, sizeof(*l.b));
	if ((err = load_row(&l)) != ERR_OK ||
	    (err = load_layers(&l)) != ERR_OK ||
	    (err = load_origin(&l)) != ERR_OK ||
	    (err = load_rootfs(&l)) != ERR_OK ||
	    (err = load_tasks(&l)) != ERR_OK ||
	    (err = load_texts(&l)) != ERR_OK ||
	    (err = events_load(db, a, id, &l.b->events, ei)) != ERR_OK ||
	    (err = build_series_load(db, a,
		 (struct build_key){id, l.b->started}, &l.b->series,
		 &l.b->nseries, ei)) != ERR_OK)
		return err;
	*out = l.b;
	return ERR_OK;
}

enum err
build_text_load(struct db *db, struct arena *a, struct build_key key,
    const char *name, struct slice *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_LOAD_TEXT, &r, ei, DB_I4(key.id),
	    DB_TM(key.started), DB_T(name));

	if (err != ERR_OK)
		return err;
	if (rows_count(r) != 1)
		return err_set(
		    ei, ERR_NOT_FOUND, "build %d has no text %s", key.id, name);
	return zstd_unpack(a, row_bytes(r, 0, 1), TEXT_MAX, out, ei);
}

enum err
build_series_load(struct db *db, struct arena *a, struct build_key key,
    struct series **out, size_t *n, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(
	    db, Q_LOAD_SERIES, &r, ei, DB_I4(key.id), DB_TM(key.started));

	*n = 0;
	*out = NULL;
	if (err != ERR_OK)
		return err;
	*out = arena_calloc(a, rows_count(r) + 1, sizeof(**out));
	for (size_t i = 0; i < rows_count(r); i++) {
		struct series *s = &(*out)[i];
		s->kind = (enum series_kind)row_int(r, i, 0);
		s->subject = arena_strdup(a, row_text(r, i, 1));
		s->flags = (unsigned)row_int(r, i, 2);
		s->n = (size_t)row_int(r, i, 3);
		err = series_block_decode(a, row_bytes(r, i, 4), s, ei);
		if (err != ERR_OK)
			return err;
	}
	*n = rows_count(r);
	return ERR_OK;
}
