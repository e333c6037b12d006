/* failure_list.c: see failure_list.h. */
#include "model/failure_list.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/failure_search.h"
#include "model/failure_store.h"

/*
 * Terms are looked for in this many of the newest failures first.  If that
 * finds less than a page, but enough to expect one in some more of them, some
 * more are looked into; else an index is asked, which takes the longer the
 * more logs have the terms.
 */
#define LOOK_INTO 1000
#define LOOK_INTO_MAX (8 * LOOK_INTO)

const char *const failure_list_keys[] = {
    "seen", "recipe", "task", "machine", "distro", "builder", NULL};

static const enum query orders[][2] = {
    {Q_FAILURES_BY_SEEN, Q_FAILURES_BY_SEEN_DOWN},
    {Q_FAILURES_BY_RECIPE, Q_FAILURES_BY_RECIPE_DOWN},
    {Q_FAILURES_BY_TASK, Q_FAILURES_BY_TASK_DOWN},
    {Q_FAILURES_BY_MACHINE, Q_FAILURES_BY_MACHINE_DOWN},
    {Q_FAILURES_BY_DISTRO, Q_FAILURES_BY_DISTRO_DOWN},
    {Q_FAILURES_BY_BUILDER, Q_FAILURES_BY_BUILDER_DOWN},
};

_Static_assert(sizeof(orders) / sizeof(orders[0]) + 1 ==
		   sizeof(failure_list_keys) / sizeof(failure_list_keys[0]),
    "one pair of orders for each key");

/* ---- reading rows ---- */

enum column {
	C_ID,
	C_BUILD,
	C_KIND,
	C_RECIPE,
	C_VERSION,
	C_TASK,
	C_FIRST_LINE,
	C_BUILDER,
	C_MACHINE,
	C_DISTRO,
	C_IMAGE,
	C_BRANCH,
	C_SEEN,
	C_STARTED,
	C_LOG,
	C_SIG_BLOCK,
	C_SIG_LINES,
	C_SIG_TASK,
	C_SIMILAR,
	C__MAX
};

static const char *const columns[C__MAX] = {"id", "build", "kind", "recipe",
    "version", "task", "first_line", "builder", "machine", "distro", "image",
    "branch", "seen", "started", "log", "sig_block", "sig_lines", "sig_task",
    "similar"};

static void
read_row(struct failure_row *out, const struct rows *r, size_t row,
    const int col[C__MAX], struct arena *a)
{
#define TEXT(c) arena_strdup(a, row_text(r, row, col[c]))
#define INT(c) (row_is_null(r, row, col[c]) ? 0 : (int)row_int(r, row, col[c]))
	*out = (struct failure_row){
	    .id = INT(C_ID),
	    .build = INT(C_BUILD),
	    .kind = (enum failure_kind)INT(C_KIND),
	    .recipe = TEXT(C_RECIPE),
	    .version = TEXT(C_VERSION),
	    .task = TEXT(C_TASK),
	    .first_line = TEXT(C_FIRST_LINE),
	    .builder = TEXT(C_BUILDER),
	    .machine = TEXT(C_MACHINE),
	    .distro = TEXT(C_DISTRO),
	    .image = TEXT(C_IMAGE),
	    .branch = TEXT(C_BRANCH),
	    .seen = row_time(r, row, col[C_SEEN]),
	    .started = row_time(r, row, col[C_STARTED]),
	    .log = INT(C_LOG),
	    .sig = {INT(C_SIG_BLOCK), INT(C_SIG_LINES), INT(C_SIG_TASK)},
	    .similar = INT(C_SIMILAR),
	};
#undef TEXT
#undef INT
}

void
failure_rows_read(
    struct failure_rows *out, const struct rows *r, struct arena *a)
{
	int col[C__MAX];

	out->n = rows_count(r);
	out->row = arena_calloc(a, out->n + 1, sizeof(*out->row));
	for (size_t i = 0; i < C__MAX; i++)
		col[i] = rows_column(r, columns[i]);
	for (size_t i = 0; i < out->n; i++)
		read_row(&out->row[i], r, i, col, a);
}

/* ---- finding ---- */

struct finder {
	struct db *db;
	struct failure_search search;
	const struct list_order *order;
	size_t key; /* of orders; 0 is by time */
	bool down;  /* the order by time */
	struct failure_rows *out;
	struct errinfo *ei;
};

static void
add_limit(struct sql *s, int64_t limit, int64_t offset)
{
	if (limit == 100)
		sql_add(s, Q_LIMIT_100);
	else
		sql_add1(s, Q_LIMIT, DB_I8(limit));
	if (offset > 0)
		sql_add1(s, Q_OFFSET, DB_I8(offset));
}

static enum err
find_from(struct finder *f, struct failure_from from)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const struct failure_filter *filter = f->search.filter;
	int similar = filter->similar_max > 0 ? filter->similar_max : KNOWN_MAX;
	struct sql s = {0};
	enum err err;

	sql_add(&s, Q_FAILURES_PAGE);
	if (f->key > 0)
		sql_add(&s, Q_FAILURES_SORTED);
	sql_add(&s, Q_FAILURES_ROWS);
	failure_search_from(&s, &f->search, from);
	sql_add(&s, orders[0][f->down]);
	if (f->key > 0) {
		add_limit(&s, filter->exact ? INT64_MAX : FAILURE_WINDOW, 0);
		sql_add(&s, orders[f->key][f->order->down]);
	}
	add_limit(&s, f->order->limit, f->order->offset);
	sql_add1(&s, Q_FAILURES_PAGE_END, DB_I8(similar + 1));
	err = sql_query(f->db, &s, &r, f->ei);
	if (err == ERR_OK)
		failure_rows_read(f->out, r, f->search.arena);
	return err;
}

/* Counts up to `most`. */
static enum err
count_from(struct finder *f, struct failure_from from, int64_t most, int64_t *n)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct sql s = {0};
	enum err err;

	sql_add(&s, Q_FAILURES_COUNT);
	sql_add(&s, Q_FAILURES_ONE);
	failure_search_from(&s, &f->search, from);
	sql_add1(&s, Q_FAILURES_COUNT_END, DB_I8(most));
	err = sql_query(f->db, &s, &r, f->ei);
	if (err == ERR_OK)
		*n = row_int(r, 0, rows_column(r, "total"));
	return err;
}

/* Are there no more than so many failures, whatever their logs say? */
static enum err
is_all(struct finder *f, int64_t window, bool *all)
{
	int64_t n = 0;
	enum err err = count_from(f,
	    (struct failure_from){FAILURES_FILTERED, false, 0}, window + 1, &n);

	*all = n <= window;
	return err;
}

/*
 * How many failures must be looked into to find `want`, after `found` of
 * `window`; 0 if that would take longer than an index.
 */
static int64_t
look_further(int64_t found, int64_t window, int64_t want)
{
	int64_t need;

	if (found * 5 < want)
		return 0;
	need = want * window / found * 3 / 2;
	return need <= LOOK_INTO_MAX ? need : 0;
}

static enum err
look(struct finder *f, int64_t window)
{
	return find_from(
	    f, (struct failure_from){FAILURES_NEWEST, f->down, window});
}

static enum err
ask_index(struct finder *f)
{
	return find_from(
	    f, (struct failure_from){FAILURES_INDEXED, f->down, 0});
}

/* How many of those that were looked into have the terms. */
static int64_t
found(const struct finder *f)
{
	return f->out->n > 0 ? f->order->offset + (int64_t)f->out->n : 0;
}

static enum err
find_by_time(struct finder *f)
{
	int64_t want = f->order->offset + f->order->limit;
	int64_t window = want > LOOK_INTO / 2 ? 2 * want : LOOK_INTO;
	bool all;
	enum err err;

	if (window > LOOK_INTO_MAX)
		window = LOOK_INTO_MAX;
	err = look(f, window);
	if (err != ERR_OK || found(f) >= want)
		return err;
	err = is_all(f, window, &all);
	if (err != ERR_OK || all)
		return err;
	if (!f->search.indexed)
		return look(f, LOOK_INTO_MAX);
	window = look_further(found(f), window, want);
	if (window > 0)
		err = look(f, window);
	if (err != ERR_OK || found(f) >= want)
		return err;
	return ask_index(f);
}

/* In another order, or all of them: no few of the newest will do. */
static enum err
find_at_once(struct finder *f)
{
	bool all;
	enum err err = is_all(f, LOOK_INTO, &all);

	if (err != ERR_OK)
		return err;
	if (f->search.indexed && !all)
		return ask_index(f);
	return look(f, f->search.filter->exact ? INT64_MAX : LOOK_INTO_MAX);
}

static enum err
find_terms(struct finder *f)
{
	return f->key == 0 && !f->search.filter->exact ? find_by_time(f)
						       : find_at_once(f);
}

static void
set_order(struct finder *f)
{
	for (size_t i = 0; failure_list_keys[i] != NULL; i++)
		if (strcmp(failure_list_keys[i], f->order->key) == 0)
			f->key = i;
	f->down = f->key > 0 || f->order->down;
}

enum err
failure_list_find(struct db *db, struct arena *a,
    const struct failure_filter *filter, const struct list_order *order,
    struct failure_rows *out, struct errinfo *ei)
{
	struct finder f = {.db = db, .order = order, .out = out, .ei = ei};
	enum err err = failure_search_read(db, a, filter, &f.search, ei);

	*out = (struct failure_rows){0};
	if (err != ERR_OK || !f.search.possible)
		return err;
	set_order(&f);
	if (f.search.nterms > 0)
		return find_terms(&f);
	return find_from(
	    &f, (struct failure_from){FAILURES_FILTERED, f.down, 0});
}

/* Few failures are looked into, however rare the terms are; else an index
 * knows. */
static enum err
count_terms(struct finder *f, int64_t most, int64_t *total)
{
	struct failure_from from = {FAILURES_NEWEST, true, LOOK_INTO};
	bool all = false;
	enum err err = ERR_OK;

	if (!f->search.indexed)
		from.window = INT64_MAX;
	else
		err = is_all(f, LOOK_INTO, &all);
	if (f->search.indexed && !all)
		from.source = FAILURES_INDEXED;
	return err != ERR_OK ? err : count_from(f, from, most, total);
}

enum err
failure_list_count(struct db *db, struct arena *a,
    const struct failure_filter *filter, int64_t cap, int64_t *total,
    struct errinfo *ei)
{
	struct finder f = {.db = db, .ei = ei};
	int64_t most = cap > 0 ? cap + 1 : INT64_MAX;
	enum err err = failure_search_read(db, a, filter, &f.search, ei);

	*total = 0;
	if (err != ERR_OK || !f.search.possible)
		return err;
	if (f.search.nterms > 0)
		return count_terms(&f, most, total);
	return count_from(&f,
	    (struct failure_from){FAILURES_FILTERED, false, 0}, most, total);
}

/* ---- one, and those of a build ---- */

enum err
failure_find(struct db *db, struct arena *a, int id, struct failure_row *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct failure_rows found;
	enum err err = STMT_QUERY(
	    db, Q_FAILURE_BY_ID, &r, ei, DB_I4(id), DB_I8(KNOWN_MAX + 1));

	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return err_set(ei, ERR_NOT_FOUND, "There is no such failure.");
	failure_rows_read(&found, r, a);
	*out = found.row[0];
	return ERR_OK;
}

enum err
failures_of_build(struct db *db, struct arena *a, int build, size_t max,
    struct failure_rows *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(
	    db, Q_FAILURES_OF_BUILD, &r, ei, DB_I4(build), DB_I8((int64_t)max));

	*out = (struct failure_rows){0};
	if (err == ERR_OK)
		failure_rows_read(out, r, a);
	return err;
}
