/* build_row.c: see build_row.h. */
#include "model/build_row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_json.h"
#include "model/dictionary.h"
#include "model/metric_unit.h"

#define ROW_PARAMS 28 /* the last one is the id, for an update */

struct texts {
	struct buf environment, metrics, rootfs;
};

static void
texts_clear(struct texts *t)
{
	buf_clear(&t->environment);
	buf_clear(&t->metrics);
	buf_clear(&t->rootfs);
}

static struct db_param
text(const char *s)
{
	return db_text(s != NULL ? s : "");
}

static int
by_value(const void *x, const void *y)
{
	const int32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static struct db_param
sorted_ids(struct arena *a, const int32_t *ids, size_t n)
{
	int32_t *copy = arena_calloc(a, n + 1, sizeof(*copy));

	if (n > 0) {
		memcpy(copy, ids, n * sizeof(*copy));
		qsort(copy, n, sizeof(*copy), by_value);
	}
	return db_int4s(copy, n);
}

static struct db_param
layer_names(struct arena *a, const struct environment *e)
{
	const char **names = arena_calloc(a, e->nlayers + 1, sizeof(*names));

	for (size_t i = 0; i < e->nlayers; i++)
		names[i] = e->layers[i].name;
	return db_texts(names, e->nlayers);
}

/* How much the build's tasks, and others, waited for a processor: the mean of
 * its samples, percent. */
static struct db_param
cpu_pressure(const struct build *b)
{
	for (size_t i = 0; i < b->nseries; i++) {
		const struct series *s = &b->series[i];
		double sum = 0;
		if (s->kind != SERIES_PRESSURE || s->n == 0 ||
		    strcmp(s->subject, "cpu") != 0)
			continue;
		for (size_t k = 0; k < s->n; k++)
			sum += s->column[0][k];
		return isfinite(sum) ? DB_D(sum / (double)s->n) : DB_N();
	}
	return DB_N();
}

/* In the order of store_insert and store_update. */
static void
fill(struct arena *a, const struct build_row_source *src,
    const struct texts *json, const unsigned char uuid[16],
    struct db_param p[ROW_PARAMS])
{
	const struct build *b = src->b;
	const struct environment *e = &b->env;
	size_t i = 0;

	p[i++] = db_bytea(b->identity, sizeof(b->identity));
	p[i++] = db_bytea(b->content, sizeof(b->content));
	p[i++] = uuid != NULL ? db_uuid(uuid) : DB_N();
	p[i++] = text(b->name);
	p[i++] = text(e->builder);
	p[i++] = text(e->machine);
	p[i++] = text(e->distro);
	p[i++] = text(e->image);
	p[i++] = text(e->branch);
	p[i++] = text(e->commit);
	p[i++] = text(e->host);
	p[i++] = db_texts(e->targets, e->ntargets);
	p[i++] = layer_names(a, e);
	p[i++] = db_texts(e->tags, e->ntags);
	p[i++] = sorted_ids(a, src->task_ids, b->ntask_names);
	p[i++] = DB_TM(b->started);
	p[i++] = b->ended == TIME_UNKNOWN || b->ended < b->started
		     ? DB_N()
		     : DB_D((double)(b->ended - b->started) / 1e6);
	p[i++] = DB_I2(b->status);
	p[i++] = DB_I4((int64_t)b->npackages);
	p[i++] = DB_I4((int64_t)b->ntasks);
	p[i++] = DB_I4((int64_t)src->failed);
	p[i++] = db_jsonb(json->environment.data);
	p[i++] = db_jsonb(json->metrics.data);
	p[i++] = db_jsonb(json->rootfs.data);
	p[i++] = db_texts(b->repairs, b->nrepairs);
	p[i++] = db_bytea(b->build_stats.p, b->build_stats.n);
	p[i++] = cpu_pressure(b);
}

enum err
build_row_store(struct db *db, struct arena *a,
    const struct build_row_source *src, int *id, struct errinfo *ei)
{
	CLEANUP(texts_clear) struct texts json = {0};
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct db_param p[ROW_PARAMS];
	const char *uuid_text = src->b->env.uuid;
	unsigned char uuid[16];
	bool has_uuid = uuid_text != NULL &&
			str_to_uuid(uuid_text, strlen(uuid_text), uuid);
	enum err err;

	build_json_environment(&json.environment, src->b);
	build_json_metrics(&json.metrics, src->b, src->ds);
	build_json_rootfs(&json.rootfs, src->b);
	fill(a, src, &json, has_uuid ? uuid : NULL, p);
	p[ROW_PARAMS - 1] = DB_I4(*id);
	err = *id == 0
		  ? stmt_query(db, Q_STORE_INSERT, p, ROW_PARAMS - 1, &r, ei)
		  : stmt_query(db, Q_STORE_UPDATE, p, ROW_PARAMS, &r, ei);
	if (err != ERR_OK)
		return err;
	*id = (int)row_int(r, 0, 0);
	*src->alone = row_bool(r, 0, 1);
	return ERR_OK;
}

static void
add_facet(
    struct dictionary_facet *f, size_t *n, const char *kind, const char *name)
{
	if (name != NULL && *name != '\0')
		f[(*n)++] = (struct dictionary_facet){kind, name};
}

enum err
build_row_facets(
    struct db *db, struct arena *a, const struct build *b, struct errinfo *ei)
{
	const struct environment *e = &b->env;
	struct dictionary_facet *f =
	    arena_calloc(a, 5 + e->nlayers + e->ntags, sizeof(*f));
	size_t n = 0;

	add_facet(f, &n, "builder", e->builder);
	add_facet(f, &n, "machine", e->machine);
	add_facet(f, &n, "distro", e->distro);
	add_facet(f, &n, "image", e->image);
	add_facet(f, &n, "branch", e->branch);
	for (size_t i = 0; i < e->nlayers; i++)
		add_facet(f, &n, "layer", e->layers[i].name);
	for (size_t i = 0; i < e->ntags; i++)
		add_facet(f, &n, "tag", e->tags[i]);
	return n == 0 ? ERR_OK : dictionary_facets(db, a, f, n, ei);
}

enum err
build_row_metrics(
    struct db *db, struct arena *a, const struct build *b, struct errinfo *ei)
{
	size_t most =
	    b->nmetrics + 8 + b->nnumbers + b->nseries * SERIES_COLUMNS_MAX;
	struct dictionary_metric *m = arena_calloc(a, most, sizeof(*m));
	size_t n = 0;

	for (size_t i = 0; i < b->nmetrics; i++)
		m[n++] = (struct dictionary_metric){
		    b->metrics[i].key, b->metrics[i].name, "task", NULL};
	for (size_t i = 0; derived_metrics[i] != NULL; i++)
		m[n++] = (struct dictionary_metric){
		    derived_metrics[i], derived_metrics[i], "derived", NULL};
	for (size_t i = 0; i < b->nnumbers; i++)
		m[n++] = (struct dictionary_metric){b->numbers[i].name,
		    b->numbers[i].name, "build", b->numbers[i].unit};
	for (size_t i = 0; i < b->nseries; i++) {
		const char *const *column = series_columns(b->series[i].kind);
		for (size_t k = 0; column[k] != NULL; k++) {
			const char *name = arena_printf(a, "%s.%s",
			    series_kind_name(b->series[i].kind), column[k]);
			m[n++] = (struct dictionary_metric){
			    name, name, "series", NULL};
		}
	}
	return dictionary_metrics(db, a, m, n, ei);
}
