/* build_info.c: see build_info.h. */
#include "model/build_info.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"

/* What a row of the result r in the arena a holds in a column. */
#define TEXT(row, name) arena_strdup(a, row_text(r, row, rows_column(r, name)))
#define TEXTS(row, name, out) row_texts(r, row, rows_column(r, name), a, out)

static double
real_or_nan(const struct rows *r, size_t row, const char *name)
{
	int c = rows_column(r, name);

	return row_is_null(r, row, c) ? NAN : row_double(r, row, c);
}

static enum err
no_such(const char *id, struct errinfo *ei)
{
	return err_set(ei, ERR_NOT_FOUND, "there is no build \"%s\" here", id);
}

/* A build's number; 0 if the text is neither a number nor a known UUID. */
static enum err
find_id(struct db *db, const char *text, int *id, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	unsigned char uuid[16];
	int64_t number;
	enum err err;

	*id = 0;
	if (str_to_i64(text, strlen(text), &number)) {
		*id = number > 0 && number <= INT32_MAX ? (int)number : 0;
		return ERR_OK;
	}
	if (!str_to_uuid(text, strlen(text), uuid))
		return ERR_OK;
	err = STMT_QUERY(db, Q_BUILD_ID_BY_UUID, &r, ei, db_uuid(uuid));
	if (err == ERR_OK && rows_count(r) > 0)
		*id = (int)row_int(r, 0, 0);
	return err;
}

static void
read_info(struct build_info *b, const struct rows *r, struct arena *a)
{
	build_rows_read(&b->row, r, a);
	b->uuid = TEXT(0, "uuid");
	b->host = TEXT(0, "host");
	b->host_info = TEXT(0, "host_info");
	b->host_distro = TEXT(0, "host_distro");
	b->host_arch = TEXT(0, "host_arch");
	b->distro_version = TEXT(0, "distro_version");
	b->bitbake_version = TEXT(0, "bitbake_version");
	b->mode = TEXT(0, "mode");
	b->cooker_cpu = real_or_nan(r, 0, "cooker_cpu");
	b->ntargets = TEXTS(0, "targets", &b->targets);
	b->ntags = TEXTS(0, "tags", &b->tags);
	b->nrepairs = TEXTS(0, "repairs", &b->repairs);
}

enum err
build_find(struct db *db, struct arena *a, const char *id,
    struct build_info *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int number;
	enum err err = find_id(db, id, &number, ei);

	*out = (struct build_info){0};
	if (err != ERR_OK)
		return err;
	if (number == 0)
		return no_such(id, ei);
	err = STMT_QUERY(db, Q_BUILD_BY_ID, &r, ei, DB_I4(number));
	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return no_such(id, ei);
	read_info(out, r, a);
	return ERR_OK;
}

enum err
build_layers(struct db *db, struct arena *a, const int32_t *ids, size_t nids,
    struct layers_of *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err;

	*out = (struct layers_of){0};
	err = STMT_QUERY(db, Q_BUILD_LAYERS, &r, ei, db_int4s(ids, nids));
	if (err != ERR_OK)
		return err;
	out->n = rows_count(r);
	out->layer = arena_calloc(a, out->n + 1, sizeof(*out->layer));
	for (size_t i = 0; i < out->n; i++) {
		int modified = rows_column(r, "modified");
		out->layer[i].build =
		    (int)row_int(r, i, rows_column(r, "build"));
		out->layer[i].layer = (struct layer){
		    .name = TEXT(i, "name"),
		    .branch = TEXT(i, "branch"),
		    .commit = TEXT(i, "commit"),
		    .modified = row_is_null(r, i, modified)
				    ? -1
				    : row_bool(r, i, modified),
		};
	}
	return ERR_OK;
}

size_t
layers_of_build(
    struct arena *a, const struct layers_of *all, int build, struct layer **out)
{
	size_t from = 0, n = 0;

	while (from < all->n && all->layer[from].build != build)
		from++;
	while (from + n < all->n && all->layer[from + n].build == build)
		n++;
	*out = arena_calloc(a, n + 1, sizeof(**out));
	for (size_t i = 0; i < n; i++)
		(*out)[i] = all->layer[from + i].layer;
	return n;
}

static enum err
load_layers(
    struct db *db, struct arena *a, struct build_info *b, struct errinfo *ei)
{
	const int32_t id = b->row.id;
	struct layers_of all;
	enum err err = build_layers(db, a, &id, 1, &all, ei);

	if (err != ERR_OK)
		return err;
	b->nlayers = layers_of_build(a, &all, id, &b->layers);
	return ERR_OK;
}

static enum err
load_origins(
    struct db *db, struct arena *a, struct build_info *b, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_BUILD_ORIGIN, &r, ei, DB_I4(b->row.id));

	if (err != ERR_OK)
		return err;
	b->norigins = rows_count(r);
	b->origins = arena_calloc(a, b->norigins + 1, sizeof(*b->origins));
	for (size_t i = 0; i < b->norigins; i++)
		b->origins[i] =
		    (struct build_origin){TEXT(i, "field"), TEXT(i, "source")};
	return ERR_OK;
}

static enum err
load_metrics(
    struct db *db, struct arena *a, struct build_info *b, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(db, Q_BUILD_METRICS, &r, ei, DB_I4(b->row.id));

	if (err != ERR_OK)
		return err;
	b->nmetrics = rows_count(r);
	b->metrics = arena_calloc(a, b->nmetrics + 1, sizeof(*b->metrics));
	for (size_t i = 0; i < b->nmetrics; i++)
		b->metrics[i] = (struct metric_sum){TEXT(i, "name"),
		    TEXT(i, "unit"), TEXT(i, "kind"), real_or_nan(r, i, "sum"),
		    real_or_nan(r, i, "max")};
	return ERR_OK;
}

static enum err
load_rootfs(
    struct db *db, struct arena *a, struct build_info *b, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_BUILD_ROOTFS, &r, ei, DB_I4(b->row.id));

	if (err != ERR_OK)
		return err;
	b->nrootfs = rows_count(r);
	b->rootfs = arena_calloc(a, b->nrootfs + 1, sizeof(*b->rootfs));
	for (size_t i = 0; i < b->nrootfs; i++)
		b->rootfs[i] = (struct rootfs){TEXT(i, "path"),
		    (int64_t)fmin(real_or_nan(r, i, "bytes"), 9e18)};
	return ERR_OK;
}

static enum err
load_texts(
    struct db *db, struct arena *a, struct build_info *b, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(
	    db, Q_BUILD_TEXTS, &r, ei, DB_I4(b->row.id), DB_TM(b->row.started));

	if (err != ERR_OK)
		return err;
	b->ntexts = rows_count(r);
	b->texts = arena_calloc(a, b->ntexts + 1, sizeof(*b->texts));
	for (size_t i = 0; i < b->ntexts; i++)
		b->texts[i] = (struct text_entry){
		    TEXT(i, "name"), row_int(r, i, rows_column(r, "size"))};
	return ERR_OK;
}

enum err
build_info_more(
    struct db *db, struct arena *a, struct build_info *b, struct errinfo *ei)
{
	static enum err (*const loads[])(struct db *, struct arena *,
	    struct build_info *, struct errinfo *) = {
	    load_layers, load_origins, load_metrics, load_rootfs, load_texts};
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < 5; i++)
		err = loads[i](db, a, b, ei);
	return err;
}
