/* build_list.c: see build_list.h. */
#include "model/build_list.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/filter.h"
#include "model/like.h"
#include "model/package_name.h"

/* This many words of q may use the trigram index, each with its fragment. */
#define INDEXED_WORDS 4

const char *const build_list_keys[] = {
    "started",
    "name",
    "builder",
    "machine",
    "distro",
    "image",
    "branch",
    "status",
    "elapsed",
    "packages",
    "tasks",
    "failed",
    NULL,
};

static const enum query orders[][2] = {
    {Q_BUILDS_BY_STARTED, Q_BUILDS_BY_STARTED_DOWN},
    {Q_BUILDS_BY_NAME, Q_BUILDS_BY_NAME_DOWN},
    {Q_BUILDS_BY_BUILDER, Q_BUILDS_BY_BUILDER_DOWN},
    {Q_BUILDS_BY_MACHINE, Q_BUILDS_BY_MACHINE_DOWN},
    {Q_BUILDS_BY_DISTRO, Q_BUILDS_BY_DISTRO_DOWN},
    {Q_BUILDS_BY_IMAGE, Q_BUILDS_BY_IMAGE_DOWN},
    {Q_BUILDS_BY_BRANCH, Q_BUILDS_BY_BRANCH_DOWN},
    {Q_BUILDS_BY_STATUS, Q_BUILDS_BY_STATUS_DOWN},
    {Q_BUILDS_BY_ELAPSED, Q_BUILDS_BY_ELAPSED_DOWN},
    {Q_BUILDS_BY_PACKAGES, Q_BUILDS_BY_PACKAGES_DOWN},
    {Q_BUILDS_BY_TASKS, Q_BUILDS_BY_TASKS_DOWN},
    {Q_BUILDS_BY_FAILED, Q_BUILDS_BY_FAILED_DOWN},
};

_Static_assert(sizeof(orders) / sizeof(orders[0]) + 1 ==
		   sizeof(build_list_keys) / sizeof(build_list_keys[0]),
    "one pair of orders for each key");

static enum err
add_words(struct sql *s, struct arena *a, const char *text, struct errinfo *ei)
{
	const char **pattern = arena_calloc(a, BUILD_WORDS_MAX, sizeof(char *));
	size_t n = like_patterns(a, text, pattern, BUILD_WORDS_MAX);

	if (n > BUILD_WORDS_MAX)
		return err_set(
		    ei, ERR_INPUT, "q: more than %d words", BUILD_WORDS_MAX);
	for (size_t i = 0; i < n && i < INDEXED_WORDS; i++)
		sql_add1(s, Q_BUILDS_WHERE_WORD, db_text(pattern[i]));
	if (n > INDEXED_WORDS)
		sql_add1(s, Q_BUILDS_WHERE_WORDS,
		    db_texts(pattern + INDEXED_WORDS, n - INDEXED_WORDS));
	return ERR_OK;
}

static void
add_statuses(struct sql *s, struct arena *a, const struct build_filter *f)
{
	int16_t *status;

	if (f->nstatuses == 1)
		sql_add1(s, Q_BUILDS_WHERE_STATUS, DB_I2((int)f->statuses[0]));
	if (f->nstatuses < 2)
		return;
	status = arena_calloc(a, f->nstatuses, sizeof(*status));
	for (size_t i = 0; i < f->nstatuses; i++)
		status[i] = (int16_t)f->statuses[i];
	sql_add1(s, Q_BUILDS_WHERE_STATUSES, db_int2s(status, f->nstatuses));
}

static bool
has_package(const struct build_filter *f)
{
	return f->package != NULL && f->package[0] != '\0';
}

/* Nothing of it needs a row of the table build. */
static bool
is_package_alone(const struct build_filter *f)
{
	const char *const texts[] = {f->builder, f->machine, f->distro,
	    f->image, f->branch, f->commit, f->layer, f->task, f->q};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i] != NULL && texts[i][0] != '\0')
			return false;
	return has_package(f) && f->ntags == 0 && f->nstatuses == 0 &&
	       f->since == TIME_UNKNOWN && f->until == TIME_UNKNOWN;
}

/* A version is at most once in a build; else it takes a DISTINCT. */
static enum query
package_source(
    const struct build_filter *f, const struct package_name *p, bool counted)
{
	bool once = f->exact && p->version < 0;

	if (counted && is_package_alone(f))
		return once ? Q_BUILDS_FROM_PACKAGE_ALONE_ONCE
			    : Q_BUILDS_FROM_PACKAGE_ALONE;
	return once ? Q_BUILDS_FROM_PACKAGE_ONCE : Q_BUILDS_FROM_PACKAGE;
}

enum err
build_filter_from(struct db *db, struct arena *a, struct sql *s,
    const struct build_filter *f, bool *possible, struct errinfo *ei)
{
	bool counted = s->part[0] == Q_BUILDS_COUNT;
	struct package_name p;
	enum err err;

	*possible = true;
	if (!has_package(f)) {
		sql_add(s, Q_BUILDS_FROM);
		return ERR_OK;
	}
	err = package_name_find(db, a, f->package, &p, ei);
	if (err != ERR_OK)
		return err;
	*possible = p.found;
	sql_add1(s, package_source(f, &p, counted), DB_I4(p.recipe));
	if (p.version >= 0)
		sql_add1(s, Q_BUILDS_WHERE_VERSION, DB_I4(p.version));
	return ERR_OK;
}

enum err
build_filter_where(struct arena *a, struct sql *s, const struct build_filter *f,
    struct errinfo *ei)
{
	filter_text(s, Q_BUILDS_WHERE_BUILDER, f->builder);
	filter_text(s, Q_BUILDS_WHERE_MACHINE, f->machine);
	filter_text(s, Q_BUILDS_WHERE_DISTRO, f->distro);
	filter_text(s, Q_BUILDS_WHERE_IMAGE, f->image);
	filter_text(s, Q_BUILDS_WHERE_BRANCH, f->branch);
	filter_text(s, Q_BUILDS_WHERE_COMMIT, f->commit);
	filter_text(s, Q_BUILDS_WHERE_LAYER, f->layer);
	filter_text(s, Q_BUILDS_WHERE_TASK, f->task);
	if (f->ntags > 0)
		sql_add1(s, Q_BUILDS_WHERE_TAGS, db_texts(f->tags, f->ntags));
	add_statuses(s, a, f);
	if (f->since != TIME_UNKNOWN)
		sql_add1(s, Q_BUILDS_WHERE_SINCE, DB_TM(f->since));
	if (f->until != TIME_UNKNOWN)
		sql_add1(s, Q_BUILDS_WHERE_UNTIL, DB_TM(f->until));
	return add_words(s, a, f->q, ei);
}

/* Through package_build the order is that table's, read as it stands. */
static enum query
order_fragment(const struct list_order *order, bool by_package)
{
	if (by_package && strcmp(order->key, "started") == 0)
		return order->down ? Q_BUILDS_BY_PACKAGE_STARTED_DOWN
				   : Q_BUILDS_BY_PACKAGE_STARTED;
	for (size_t i = 0; build_list_keys[i] != NULL; i++)
		if (strcmp(build_list_keys[i], order->key) == 0)
			return orders[i][order->down];
	return Q_BUILDS_BY_STARTED_DOWN;
}

enum column {
	C_ID,
	C_NAME,
	C_BUILDER,
	C_MACHINE,
	C_DISTRO,
	C_IMAGE,
	C_BRANCH,
	C_COMMIT,
	C_STARTED,
	C_ELAPSED,
	C_STATUS,
	C_PACKAGES,
	C_TASKS,
	C_FAILED,
	C__MAX
};

static const char *const columns[C__MAX] = {"id", "name", "builder", "machine",
    "distro", "image", "branch", "commit", "started", "elapsed", "status",
    "packages", "tasks", "failed"};

static void
read_row(struct build_row *out, const struct rows *r, size_t row,
    const int col[C__MAX], struct arena *a)
{
#define TEXT(c) arena_strdup(a, row_text(r, row, col[c]))
#define INT(c) (int)row_int(r, row, col[c])
	*out = (struct build_row){
	    .id = INT(C_ID),
	    .name = TEXT(C_NAME),
	    .builder = TEXT(C_BUILDER),
	    .machine = TEXT(C_MACHINE),
	    .distro = TEXT(C_DISTRO),
	    .image = TEXT(C_IMAGE),
	    .branch = TEXT(C_BRANCH),
	    .commit = TEXT(C_COMMIT),
	    .started = row_time(r, row, col[C_STARTED]),
	    .elapsed = row_is_null(r, row, col[C_ELAPSED])
			   ? NAN
			   : row_double(r, row, col[C_ELAPSED]),
	    .status = (enum build_status)INT(C_STATUS),
	    .packages = INT(C_PACKAGES),
	    .tasks = INT(C_TASKS),
	    .failed = INT(C_FAILED),
	};
#undef TEXT
#undef INT
}

void
build_rows_read(struct build_row *out, const struct rows *r, struct arena *a)
{
	int col[C__MAX];

	for (size_t i = 0; i < C__MAX; i++)
		col[i] = rows_column(r, columns[i]);
	for (size_t i = 0; i < rows_count(r); i++)
		read_row(&out[i], r, i, col, a);
}

static void
add_limit(struct sql *s, const struct list_order *order)
{
	if (order->limit == 100)
		sql_add(s, Q_LIMIT_100);
	else
		sql_add1(s, Q_LIMIT, DB_I8(order->limit));
	if (order->offset > 0)
		sql_add1(s, Q_OFFSET, DB_I8(order->offset));
}

/* Runs what was put together, and leaves out a build's second row. */
static enum err
find_rows(struct db *db, struct arena *a, const struct sql *s,
    struct build_list *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = sql_query(db, s, &r, ei);
	size_t n = 0;

	if (err != ERR_OK)
		return err;
	out->found = rows_count(r);
	out->row = arena_calloc(a, out->found + 1, sizeof(*out->row));
	build_rows_read(out->row, r, a);
	for (size_t i = 0; i < out->found; i++)
		if (n == 0 || out->row[i].id != out->row[n - 1].id)
			out->row[n++] = out->row[i];
	out->n = n;
	return ERR_OK;
}

/* Newest first by words alone: a full page may be among the newest builds. */
static enum err
find_recent(struct db *db, struct arena *a, const struct build_filter *f,
    const struct list_order *order, struct build_list *out, struct errinfo *ei)
{
	struct sql s = {0};
	enum err err;

	if (f->q == NULL || f->q[0] == '\0' || has_package(f) ||
	    order_fragment(order, false) != Q_BUILDS_BY_STARTED_DOWN)
		return ERR_OK;
	sql_add(&s, Q_BUILDS_ROWS);
	sql_add(&s, Q_BUILDS_FROM_RECENT);
	err = build_filter_where(a, &s, f, ei);
	if (err != ERR_OK)
		return err;
	sql_add(&s, Q_BUILDS_BY_STARTED_DOWN);
	add_limit(&s, order);
	return find_rows(db, a, &s, out, ei);
}

enum err
build_list_find(struct db *db, struct arena *a,
    const struct build_filter *filter, const struct list_order *order,
    struct build_list *out, struct errinfo *ei)
{
	struct sql s = {0};
	bool possible;
	enum err err;

	*out = (struct build_list){0};
	err = find_recent(db, a, filter, order, out, ei);
	if (err != ERR_OK || (int64_t)out->n == order->limit)
		return err;
	*out = (struct build_list){0};
	sql_add(&s, Q_BUILDS_ROWS);
	err = build_filter_from(db, a, &s, filter, &possible, ei);
	if (err != ERR_OK || !possible)
		return err;
	err = build_filter_where(a, &s, filter, ei);
	if (err != ERR_OK)
		return err;
	sql_add(&s, order_fragment(order, has_package(filter)));
	add_limit(&s, order);
	return find_rows(db, a, &s, out, ei);
}

enum err
build_list_of(struct db *db, struct arena *a, const int32_t *ids, size_t n,
    struct build_list *out, struct errinfo *ei)
{
	struct sql s = {0};

	*out = (struct build_list){0};
	if (n == 0)
		return ERR_OK;
	sql_add(&s, Q_BUILDS_ROWS);
	sql_add(&s, Q_BUILDS_FROM);
	sql_add1(&s, Q_BUILDS_WHERE_IDS, db_int4s(ids, n));
	sql_add(&s, Q_BUILDS_BY_STARTED_DOWN);
	return find_rows(db, a, &s, out, ei);
}

enum err
build_list_count(struct db *db, struct arena *a,
    const struct build_filter *filter, int64_t cap, int64_t *total,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct sql s = {0};
	bool possible;
	enum err err;

	*total = 0;
	sql_add(&s, Q_BUILDS_COUNT);
	err = build_filter_from(db, a, &s, filter, &possible, ei);
	if (err != ERR_OK || !possible)
		return err;
	err = build_filter_where(a, &s, filter, ei);
	if (err != ERR_OK)
		return err;
	sql_add1(&s, Q_BUILDS_COUNT_END,
	    cap > 0 ? DB_I8(cap + 1) : DB_I8(INT64_MAX));
	err = sql_query(db, &s, &r, ei);
	if (err == ERR_OK)
		*total = row_int(r, 0, rows_column(r, "total"));
	return err;
}

enum err
build_facets(struct db *db, struct arena *a, struct facet **out, size_t *n,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(db, Q_BUILDS_FACETS, NULL, 0, &r, ei);

	*n = 0;
	*out = NULL;
	if (err != ERR_OK)
		return err;
	*n = rows_count(r);
	*out = arena_calloc(a, *n, sizeof(**out));
	for (size_t i = 0; i < *n; i++) {
		(*out)[i].kind =
		    arena_strdup(a, row_text(r, i, rows_column(r, "kind")));
		(*out)[i].name =
		    arena_strdup(a, row_text(r, i, rows_column(r, "name")));
	}
	return ERR_OK;
}
