/* failure_near.c: see failure_near.h. */
#include "model/failure_near.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_info.h"
#include "model/nearness.h"

struct ranked {
	struct failure_row row;
	double near;
};

/* What is known of each build, once, sorted by number. */
struct known {
	size_t n;
	int32_t *id;
	struct build_facts *facts;
};

static int
by_number(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

static void
collect(struct arena *a, const struct failure_rows *rows, struct known *k)
{
	k->id = arena_calloc(a, rows->n + 1, sizeof(*k->id));
	k->facts = arena_calloc(a, rows->n + 1, sizeof(*k->facts));
	for (size_t i = 0; i < rows->n; i++)
		k->id[i] = rows->row[i].build;
	qsort(k->id, rows->n, sizeof(*k->id), by_number);
	for (size_t i = 0; i < rows->n; i++)
		if (k->n == 0 || k->id[k->n - 1] != k->id[i])
			k->id[k->n++] = k->id[i];
	for (size_t i = 0; i < k->n; i++)
		k->facts[i] = (struct build_facts){.commit = "",
		    .host_distro = "",
		    .bitbake_version = "",
		    .version = ""};
}

static struct build_facts *
facts_of(const struct known *k, int build)
{
	const int32_t id = build;
	const int32_t *at =
	    bsearch(&id, k->id, k->n, sizeof(*k->id), by_number);

	return at != NULL ? &k->facts[at - k->id] : NULL;
}

static enum err
load_builds(struct db *db, struct arena *a, struct known *k, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(db, Q_FAILURES_BUILDS, &r, ei, db_int4s(k->id, k->n));

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < rows_count(r); i++) {
		struct build_facts *f =
		    facts_of(k, (int)row_int(r, i, rows_column(r, "id")));
		f->commit =
		    arena_strdup(a, row_text(r, i, rows_column(r, "commit")));
		f->host_distro =
		    arena_strdup(a, row_text(r, i, rows_column(r, "host")));
		f->bitbake_version =
		    arena_strdup(a, row_text(r, i, rows_column(r, "bitbake")));
	}
	return ERR_OK;
}

/* Those of one build stand together. */
static void
set_layers(struct arena *a, const struct known *k, const struct layers_of *all)
{
	struct layer *layer = arena_calloc(a, all->n + 1, sizeof(*layer));

	for (size_t i = 0; i < all->n; i++) {
		struct build_facts *f = facts_of(k, all->layer[i].build);
		layer[i] = all->layer[i].layer;
		if (f->nlayers++ == 0)
			f->layers = &layer[i];
	}
}

static enum err
load_here(struct db *db, struct arena *a, const char *build,
    struct build_facts *here, struct errinfo *ei)
{
	struct build_info b;
	enum err err = build_find(db, a, build, &b, ei);

	if (err == ERR_OK)
		err = build_info_more(db, a, &b, ei);
	if (err == ERR_OK)
		*here = (struct build_facts){
		    .machine = b.row.machine,
		    .distro = b.row.distro,
		    .branch = b.row.branch,
		    .commit = b.row.commit,
		    .builder = b.row.builder,
		    .host_distro = b.host_distro,
		    .bitbake_version = b.bitbake_version,
		    .version = "",
		    .nlayers = b.nlayers,
		    .layers = b.layers,
		};
	return err;
}

static int
by_nearness(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->near != y->near)
		return x->near < y->near ? 1 : -1;
	if (x->row.seen != y->row.seen)
		return x->row.seen < y->row.seen ? 1 : -1;
	return (x->row.id < y->row.id) - (x->row.id > y->row.id);
}

static void
rank(struct arena *a, const struct build_facts *here, const struct known *k,
    struct failure_rows *rows)
{
	struct ranked *ranked = arena_calloc(a, rows->n + 1, sizeof(*ranked));

	for (size_t i = 0; i < rows->n; i++) {
		const struct failure_row *row = &rows->row[i];
		struct build_facts f = *facts_of(k, row->build);
		f.machine = row->machine;
		f.distro = row->distro;
		f.branch = row->branch;
		f.builder = row->builder;
		ranked[i] = (struct ranked){*row, nearness(here, &f)};
	}
	qsort(ranked, rows->n, sizeof(*ranked), by_nearness);
	for (size_t i = 0; i < rows->n; i++)
		rows->row[i] = ranked[i].row;
}

enum err
failures_by_nearness(struct db *db, struct arena *a, const char *build,
    struct failure_rows *rows, struct errinfo *ei)
{
	struct build_facts here;
	struct known known = {0};
	struct layers_of layers;
	enum err err = load_here(db, a, build, &here, ei);

	if (err != ERR_OK || rows->n == 0)
		return err;
	collect(a, rows, &known);
	err = load_builds(db, a, &known, ei);
	if (err == ERR_OK)
		err = build_layers(db, a, known.id, known.n, &layers, ei);
	if (err != ERR_OK)
		return err;
	set_layers(a, &known, &layers);
	rank(a, &here, &known, rows);
	return ERR_OK;
}
