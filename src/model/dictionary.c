/* dictionary.c: see dictionary.h. */
#include "model/dictionary.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/str.h"
#include "db/stmt.h"
#include "model/intern.h"
#include "model/metric_unit.h"

/* What may be remembered before all of it is forgotten. */
#define CACHE_MAX ((size_t)8 << 20)
#define NDICTIONARIES 3
/* How long a facet is taken to be there still: pruning may take it away. */
#define FACETS_MS 60000
#define MONTH_CHARS 7 /* 2026-11 */

struct dictionary_cache {
	struct arena *arena;
	struct intern names[NDICTIONARIES];
	int32_t *ids[NDICTIONARIES]; /* 0: not known */
	size_t cap[NDICTIONARIES];
	struct intern metrics; /* known keys */
	struct arena *facets_arena;
	struct intern facets;        /* "kind\nname" of what was there lately */
	int64_t facets_until;        /* clock_ms() */
	char month[MONTH_CHARS + 1]; /* whose partitions are there, or "" */
};

static const struct {
	enum query find, insert;
} queries[NDICTIONARIES] = {
    [DICT_RECIPE] = {Q_RECIPE_FIND, Q_RECIPE_INSERT},
    [DICT_VERSION] = {Q_RECIPE_VERSION_FIND, Q_RECIPE_VERSION_INSERT},
    [DICT_TASK] = {Q_TASK_NAME_FIND, Q_TASK_NAME_INSERT},
};

static void
cache_free(void *p)
{
	struct dictionary_cache *c = p;

	arena_free(c->arena);
	arena_free(c->facets_arena);
	free(c);
}

/* The connection must be up, or the memory of the last one would be used. */
static enum err
cache_of(struct db *db, struct dictionary_cache **out, struct errinfo *ei)
{
	struct dictionary_cache *c;
	enum err err = db_connect(db, ei);

	if (err != ERR_OK)
		return err;
	c = db_cache(db);
	if (c == NULL || arena_used(c->arena) > CACHE_MAX) {
		if ((c = calloc(1, sizeof(*c))) == NULL)
			out_of_memory();
		c->arena = arena_new(0);
		for (size_t i = 0; i < NDICTIONARIES; i++)
			intern_init(&c->names[i], c->arena);
		intern_init(&c->metrics, c->arena);
		c->facets_arena = arena_new(0);
		intern_init(&c->facets, c->facets_arena);
		db_set_cache(db, c, cache_free);
	}
	*out = c;
	return ERR_OK;
}

static void
remember(
    struct dictionary_cache *c, enum dictionary d, const char *name, int32_t id)
{
	bool is_new;
	uint32_t at = intern_add(&c->names[d], slice_of(name), &is_new);

	c->ids[d] = arena_grow(
	    c->arena, c->ids[d], &c->cap[d], c->names[d].n, sizeof(**c->ids));
	c->ids[d][at] = id;
}

static int32_t
recall(const struct dictionary_cache *c, enum dictionary d, const char *name)
{
	uint32_t at;

	return intern_find(&c->names[d], slice_of(name), &at) ? c->ids[d][at]
							      : 0;
}

/* Fills missing, an array of at least names.n. */
static size_t
collect_missing(const struct dictionary_cache *c, enum dictionary d,
    struct name_list names, const char **missing)
{
	size_t count = 0;

	for (size_t i = 0; i < names.n; i++)
		if (recall(c, d, names.name[i]) == 0)
			missing[count++] = names.name[i];
	return count;
}

static enum err
find(struct db *db, struct dictionary_cache *c, enum dictionary d,
    struct name_list names, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(
	    db, queries[d].find, &r, ei, db_texts(names.name, names.n));

	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++)
		remember(c, d, row_text(r, i, 0), (int32_t)row_int(r, i, 1));
	return err;
}

/*
 * Looks the missing names up, inserts those that nobody has inserted, and
 * looks these up again.  What the aside connection commits is seen here, for
 * transactions that write read what is committed.
 */
static enum err
fill(struct db *db, struct dictionary_cache *c, enum dictionary d,
    const char **missing, size_t n, struct errinfo *ei)
{
	struct name_list names = {missing, n};
	enum err err = find(db, c, d, names, ei);

	if (err != ERR_OK)
		return err;
	names.n = collect_missing(c, d, names, missing);
	if (names.n == 0)
		return ERR_OK;
	err = STMT_EXEC(
	    db_aside(db), queries[d].insert, ei, db_texts(missing, names.n));
	return err == ERR_OK ? find(db, c, d, names, ei) : err;
}

enum err
dictionary_ids(struct db *db, struct arena *a, enum dictionary d,
    struct name_list names, int32_t *ids, struct errinfo *ei)
{
	const char **missing = arena_calloc(a, names.n + 1, sizeof(*missing));
	struct dictionary_cache *c;
	size_t nmissing;
	enum err err = cache_of(db, &c, ei);

	if (err != ERR_OK)
		return err;
	nmissing = collect_missing(c, d, names, missing);
	if (nmissing > 0 &&
	    (err = fill(db, c, d, missing, nmissing, ei)) != ERR_OK)
		return err;
	for (size_t i = 0; i < names.n; i++)
		if ((ids[i] = recall(c, d, names.name[i])) == 0)
			return err_set(ei, ERR_INTERNAL,
			    "a name could not be added to the dictionary");
	return ERR_OK;
}

enum err
dictionary_metrics(struct db *db, struct arena *a,
    const struct dictionary_metric *m, size_t n, struct errinfo *ei)
{
	const char **key = arena_calloc(a, n + 1, sizeof(*key));
	const char **name = arena_calloc(a, n + 1, sizeof(*name));
	const char **unit = arena_calloc(a, n + 1, sizeof(*unit));
	const char **kind = arena_calloc(a, n + 1, sizeof(*kind));
	struct dictionary_cache *c;
	size_t count = 0;
	uint32_t at;
	bool is_new;
	enum err err = cache_of(db, &c, ei);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < n; i++) {
		if (intern_find(&c->metrics, slice_of(m[i].key), &at))
			continue;
		key[count] = m[i].key;
		name[count] = m[i].name;
		unit[count] =
		    m[i].unit != NULL ? m[i].unit : metric_unit(m[i].name);
		kind[count++] = m[i].kind;
	}
	if (count == 0)
		return ERR_OK;
	err = STMT_EXEC(db_aside(db), Q_METRIC_INSERT, ei, db_texts(key, count),
	    db_texts(name, count), db_texts(unit, count),
	    db_texts(kind, count));
	for (size_t i = 0; err == ERR_OK && i < count; i++)
		intern_add(&c->metrics, slice_of(key[i]), &is_new);
	return err;
}

static void
forget_old_facets(struct dictionary_cache *c)
{
	int64_t now = clock_ms();

	if (now < c->facets_until && arena_used(c->facets_arena) <= CACHE_MAX)
		return;
	arena_reset(c->facets_arena);
	intern_init(&c->facets, c->facets_arena);
	c->facets_until = now + FACETS_MS;
}

/* Adds those that are missing. */
static enum err
add_facets(struct db *db, const char **kind, const char **name, size_t n,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	size_t missing;
	enum err err = STMT_QUERY(
	    db, Q_FACET_MISSING, &r, ei, db_texts(kind, n), db_texts(name, n));

	if (err != ERR_OK || (missing = rows_count(r)) == 0)
		return err;
	for (size_t i = 0; i < missing; i++) {
		kind[i] = row_text(r, i, 0);
		name[i] = row_text(r, i, 1);
	}
	return STMT_EXEC(db_aside(db), Q_FACET_INSERT, ei,
	    db_texts(kind, missing), db_texts(name, missing));
}

enum err
dictionary_facets(struct db *db, struct arena *a,
    const struct dictionary_facet *f, size_t n, struct errinfo *ei)
{
	const char **kind = arena_calloc(a, n + 1, sizeof(*kind));
	const char **name = arena_calloc(a, n + 1, sizeof(*name));
	const char **key = arena_calloc(a, n + 1, sizeof(*key));
	struct dictionary_cache *c;
	size_t count = 0;
	uint32_t at;
	bool is_new;
	enum err err = cache_of(db, &c, ei);

	if (err != ERR_OK)
		return err;
	forget_old_facets(c);
	for (size_t i = 0; i < n; i++) {
		key[count] = arena_printf(a, "%s\n%s", f[i].kind, f[i].name);
		if (intern_find(&c->facets, slice_of(key[count]), &at))
			continue;
		kind[count] = f[i].kind;
		name[count++] = f[i].name;
	}
	if (count == 0)
		return ERR_OK;
	err = add_facets(db, kind, name, count, ei);
	for (size_t i = 0; err == ERR_OK && i < count; i++)
		intern_add(&c->facets, slice_of(key[i]), &is_new);
	return err;
}

static void
month_of(int64_t us, char out[MONTH_CHARS + 1])
{
	char text[32];

	str_from_time(text, us);
	memcpy(out, text, MONTH_CHARS);
	out[MONTH_CHARS] = '\0';
}

enum err
dictionary_month(struct db *db, int64_t started, struct errinfo *ei)
{
	char month[MONTH_CHARS + 1], now[MONTH_CHARS + 1];
	struct dictionary_cache *c;
	enum err err = cache_of(db, &c, ei);

	if (err != ERR_OK)
		return err;
	month_of(started, month);
	if (strcmp(month, c->month) == 0)
		return ERR_OK;
	err = STMT_EXEC(db, Q_STORE_PARTITION, ei, DB_TM(started));
	month_of((int64_t)time(NULL) * 1000000, now);
	if (err == ERR_OK && strcmp(month, now) == 0)
		memcpy(c->month, month, sizeof(month));
	return err;
}
