/* size_store.c: see size_store.h. */
#include "model/size_store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_json.h"
#include "model/dictionary.h"

#define HASH_BYTES 32
/* One statement takes so many. */
#define BATCH 2000

/* ---- units ---- */

static struct slice
hash_of(const struct size_unit *u)
{
	return (struct slice){(const char *)u->sha256, HASH_BYTES};
}

static int
by_hash(const void *x, const void *y)
{
	const struct size_unit *a = *(struct size_unit *const *)x,
			       *b = *(struct size_unit *const *)y;

	return memcmp(a->sha256, b->sha256, HASH_BYTES);
}

/* Those without an id, by hash; two of one content stand together. */
static size_t
unknown(struct arena *a, struct sizes *s, struct size_unit ***out)
{
	struct size_unit **u = arena_calloc(a, s->n + 1, sizeof(*u));
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->unit[i].id == 0)
			u[n++] = &s->unit[i];
	if (n > 1)
		qsort(u, n, sizeof(*u), by_hash);
	*out = u;
	return n;
}

static void
learn(const struct rows *r, struct size_unit **u, size_t n)
{
	for (size_t i = 0; i < rows_count(r); i++) {
		struct slice hash = row_bytes(r, i, 1);
		int32_t id = (int32_t)row_int(r, i, 0);
		size_t low = 0, high = n;
		while (low < high) {
			size_t mid = low + (high - low) / 2;
			if (memcmp(u[mid]->sha256, hash.p, HASH_BYTES) < 0)
				low = mid + 1;
			else
				high = mid;
		}
		for (;
		     low < n && memcmp(u[low]->sha256, hash.p, HASH_BYTES) == 0;
		     low++)
			u[low]->id = id;
	}
}

static enum err
find(struct db *db, struct arena *a, struct sizes *s, size_t *left,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct size_unit **u;
	size_t n = unknown(a, s, &u);
	struct slice *hash = arena_calloc(a, n + 1, sizeof(*hash));
	enum err err;

	for (size_t i = 0; i < n; i++)
		hash[i] = hash_of(u[i]);
	err = STMT_QUERY(db, Q_SIZE_UNIT_FIND, &r, ei, db_byteas(hash, n));
	if (err != ERR_OK)
		return err;
	learn(r, u, n);
	*left = unknown(a, s, &u);
	return ERR_OK;
}

static enum err
recipe_ids(struct db *db, struct arena *a, struct size_unit *const *u, size_t n,
    int32_t *id, struct errinfo *ei)
{
	const char **name = arena_calloc(a, n + 1, sizeof(*name));
	int32_t *found = arena_calloc(a, n + 1, sizeof(*found));
	size_t known = 0;
	enum err err;

	for (size_t i = 0; i < n; i++)
		if (u[i]->recipe[0] != '\0')
			name[known++] = u[i]->recipe;
	err = dictionary_ids(
	    db, a, DICT_RECIPE, (struct name_list){name, known}, found, ei);
	for (size_t i = 0, k = 0; err == ERR_OK && i < n; i++)
		id[i] = u[i]->recipe[0] != '\0' ? found[k++] : 0;
	return err;
}

static enum err
send(struct db *db, struct arena *a, struct size_unit *const *u, size_t n,
    struct errinfo *ei)
{
	struct slice *hash = arena_calloc(a, n, sizeof(*hash)),
		     *data = arena_calloc(a, n, sizeof(*data));
	int16_t *kind = arena_calloc(a, n, sizeof(*kind));
	int32_t *recipe = arena_calloc(a, n, sizeof(*recipe)),
		*files = arena_calloc(a, n, sizeof(*files));
	int64_t *bytes = arena_calloc(a, n, sizeof(*bytes));
	const char **name = arena_calloc(a, n, sizeof(*name));
	enum err err = recipe_ids(db, a, u, n, recipe, ei);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < n; i++) {
		hash[i] = hash_of(u[i]);
		kind[i] = (int16_t)u[i]->kind;
		name[i] = u[i]->name;
		bytes[i] = u[i]->bytes;
		files[i] = (int32_t)u[i]->nfiles;
		data[i] = u[i]->data;
	}
	return STMT_EXEC(db, Q_SIZE_UNIT_STORE, ei, db_byteas(hash, n),
	    db_int2s(kind, n), db_texts(name, n), db_int4s(recipe, n),
	    db_int8s(bytes, n), db_int4s(files, n), db_byteas(data, n));
}

enum err
size_units_store(
    struct db *db, struct arena *a, struct sizes *s, struct errinfo *ei)
{
	struct size_unit **u;
	size_t left, n;
	enum err err = find(db, a, s, &left, ei);

	if (err != ERR_OK || left == 0)
		return err;
	n = unknown(a, s, &u);
	for (size_t i = 0; err == ERR_OK && i < n; i += BATCH)
		err = send(db, a, u + i, n - i < BATCH ? n - i : BATCH, ei);
	if (err == ERR_OK)
		err = find(db, a, s, &left, ei);
	if (err == ERR_OK && left > 0)
		err = err_set(
		    ei, ERR_BUSY, "somebody else is changing the same thing");
	return err;
}

/* ---- of builds ---- */

static int
by_id(const void *x, const void *y)
{
	const int32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static enum err
store_units(struct db *db, struct arena *a, int id, const struct build *b,
    struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf metrics = BUF_INIT;
	int32_t *ids = arena_calloc(a, b->sizes->n + 1, sizeof(*ids));
	size_t n = b->sizes->n;
	enum err err = size_units_store(db_aside(db), a, b->sizes, ei);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < n; i++)
		ids[i] = b->sizes->unit[i].id;
	qsort(ids, n, sizeof(*ids), by_id);
	build_json_numbers(&metrics, b);
	return STMT_EXEC(db, Q_BUILD_SIZE_STORE, ei, DB_I4(id),
	    db_int4s(ids, n), db_jsonb(metrics.data), DB_I4(b->sizes_alone));
}

enum err
size_store(struct db *db, struct arena *a, int id, const struct build *b,
    struct errinfo *ei)
{
	enum err err = ERR_OK;

	if (b->sizes != NULL && b->sizes->n > 0)
		err = store_units(db, a, id, b, ei);
	return err == ERR_OK ? STMT_EXEC(db, Q_BUILD_SIZE_APPLY, ei, DB_I4(id))
			     : err;
}

enum err
size_find_about(
    struct db *db, const struct build *b, int *id, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_BUILD_SIZE_ABOUT, &r, ei, DB_T(b->name),
	    DB_T(b->env.machine), DB_T(b->env.host));

	*id = err == ERR_OK && rows_count(r) == 1 ? (int)row_int(r, 0, 0) : 0;
	return err;
}

enum err
size_find_alone(struct db *db, const struct build *b, int id,
    struct build_key *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_BUILD_SIZE_ALONE, &r, ei, DB_T(b->name),
	    DB_T(b->env.machine), DB_T(b->env.host), DB_I4(id));

	*out = (struct build_key){0};
	if (err == ERR_OK && rows_count(r) == 1)
		*out = (struct build_key){
		    (int)row_int(r, 0, 0), row_time(r, 0, 1)};
	return err;
}

/* ---- back ---- */

enum err
size_ids(struct db *db, struct arena *a, int build, struct unit_ids *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_BUILD_SIZE_UNITS, &r, ei, DB_I4(build));

	*out = (struct unit_ids){0};
	if (err == ERR_OK && rows_count(r) > 0)
		out->n = row_int4s(r, 0, 0, a, &out->id);
	return err;
}

static enum err
read_unit(struct arena *a, const struct rows *r, size_t i, struct size_unit *u,
    struct errinfo *ei)
{
	struct slice data = row_bytes(r, i, rows_column(r, "data"));

	*u = (struct size_unit){
	    .id = (int32_t)row_int(r, i, rows_column(r, "id")),
	    .kind = (enum size_kind)row_int(r, i, rows_column(r, "kind")),
	    .name = arena_strdup(a, row_text(r, i, rows_column(r, "name"))),
	    .recipe = arena_strdup(a, row_text(r, i, rows_column(r, "recipe"))),
	    .bytes = row_int(r, i, rows_column(r, "bytes")),
	    .nfiles = (size_t)row_int(r, i, rows_column(r, "files")),
	    .data = data,
	};
	return size_unit_unpack(a, u, ei);
}

enum err
size_load(struct db *db, struct arena *a, struct unit_ids ids,
    struct sizes *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = ERR_OK;

	*out = (struct sizes){0};
	if (ids.n == 0)
		return ERR_OK;
	err = STMT_QUERY(db, Q_SIZE_UNITS, &r, ei, db_int4s(ids.id, ids.n));
	if (err != ERR_OK)
		return err;
	out->unit = arena_calloc(a, rows_count(r) + 1, sizeof(*out->unit));
	for (; err == ERR_OK && out->n < rows_count(r); out->n++)
		err = read_unit(a, r, out->n, &out->unit[out->n], ei);
	return err;
}

/* Takes what both have out of x. */
static struct unit_ids
without(struct arena *a, const struct unit_ids *x, const struct unit_ids *y)
{
	struct unit_ids out = {0, arena_calloc(a, x->n + 1, sizeof(*out.id))};

	for (size_t i = 0, k = 0; i < x->n; i++) {
		while (k < y->n && y->id[k] < x->id[i])
			k++;
		if (k == y->n || y->id[k] != x->id[i])
			out.id[out.n++] = x->id[i];
	}
	return out;
}

enum err
size_load_differing(struct db *db, struct arena *a, const int build[2],
    struct sizes out[2], bool *known, struct errinfo *ei)
{
	struct unit_ids ids[2] = {{0}};
	enum err err = size_ids(db, a, build[0], &ids[0], ei);

	if (err == ERR_OK)
		err = size_ids(db, a, build[1], &ids[1], ei);
	*known = err == ERR_OK && ids[0].n > 0 && ids[1].n > 0;
	for (size_t i = 0; *known && err == ERR_OK && i < 2; i++)
		err = size_load(
		    db, a, without(a, &ids[i], &ids[1 - i]), &out[i], ei);
	return err;
}

enum err
size_of_recipe(struct db *db, int recipe, struct unit_ids builds, double *bytes,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_SIZE_OF_RECIPE, &r, ei, DB_I4(recipe),
	    db_int4s(builds.id, builds.n));

	for (size_t i = 0; i < builds.n; i++)
		bytes[i] = NAN;
	for (size_t i = 0, k = 0; err == ERR_OK && i < builds.n; i++) {
		while (k < rows_count(r) &&
		       (int32_t)row_int(r, k, 0) < builds.id[i])
			k++;
		if (k < rows_count(r) &&
		    (int32_t)row_int(r, k, 0) == builds.id[i])
			bytes[i] = row_double(r, k, 1);
	}
	return err;
}
