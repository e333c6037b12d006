/* failure_list.c: see failure_list.h. */
#include "model/failure_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/failure_search.h"
#include "model/failure_store.h"

/*
 * Terms are looked for in this many of the newest failures first, one by one;
 * how many of them have the terms tells how many of the newest logs an index
 * should be asked for to fill a page.  What the index can't find is looked for
 * in more of the newest.
 */
#define LOOK_INTO 1000
#define LOOK_INTO_MAX (8 * LOOK_INTO)
#define LOGS_MAX 64 /* times 1 << LOGS_SHIFT; beyond that all are asked for */

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
	else if (limit == 101)
		sql_add(s, Q_FAILURES_LIMIT_101);
	else if (limit == 1001)
		sql_add(s, Q_FAILURES_LIMIT_1001);
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
	if (f->key > 0)
		sql_add(&s, Q_FAILURES_SORTED_END);
	sql_add(&s, Q_FAILURES_SIMILAR);
	add_limit(&s, similar + 1, 0);
	sql_add(&s, Q_FAILURES_PAGE_END);
	sql_add(&s, f->key > 0 ? Q_FAILURES_IN_PLACE : orders[0][f->down]);
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
	if (from.source == FAILURES_FILTERED)
		sql_add(&s, Q_FAILURES_COUNT_BY_SEEN);
	add_limit(&s, most, 0);
	sql_add(&s, Q_FAILURES_COUNT_END);
	err = sql_query(f->db, &s, &r, f->ei);
	if (err == ERR_OK)
		*n = row_int(r, 0, rows_column(r, "total"));
	return err;
}

/* What is known of the newest failures that were looked into. */
struct newest {
	int64_t window; /* how many */
	int64_t found;  /* with the terms */
	int64_t want;
	bool all;      /* there are no others */
	int64_t first; /* nine of ten of their logs have this number or more */
	int64_t last;  /* the highest number of any log */
};

static enum err
look(struct finder *f, int64_t window)
{
	return find_from(f,
	    (struct failure_from){
		.source = FAILURES_NEWEST, .down = f->down, .window = window});
}

static enum err
ask_index(struct finder *f)
{
	return find_from(f, (struct failure_from){.source = FAILURES_INDEXED});
}

static int64_t
found(const struct finder *f)
{
	return f->out->n > 0 ? f->order->offset + (int64_t)f->out->n : 0;
}

static enum err
measure(struct finder *f, struct newest *n)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct sql s = {0};
	enum err err;

	sql_add(&s, Q_FAILURES_SPAN);
	failure_search_from(
	    &s, &f->search, (struct failure_from){.source = FAILURES_FILTERED});
	sql_add(&s, orders[0][f->down]);
	sql_add1(&s, Q_LIMIT, DB_I8(n->window + 1));
	sql_add(&s, Q_FAILURES_SPAN_END);
	err = sql_query(f->db, &s, &r, f->ei);
	if (err != ERR_OK)
		return err;
	n->all = row_int(r, 0, rows_column(r, "total")) <= n->window;
	n->first = row_int(r, 0, rows_column(r, "first"));
	n->last = row_int(r, 0, rows_column(r, "last"));
	return ERR_OK;
}

/* A page from the newest logs is the page, unless a newer failure than its
 * last one has an older log, and the terms.  Those are few, and looked into. */
static enum err
is_newest(struct finder *f, int64_t first, bool *done)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const struct failure_row *last = &f->out->row[f->out->n - 1];
	const struct failure_from older = {
	    .source = FAILURES_NEWEST,
	    .down = true,
	    .window = LOOK_INTO,
	    .log_before = first,
	    .since = last->seen,
	};
	int64_t n = 0;
	enum err err = STMT_QUERY(f->db, Q_FAILURES_WITH_OLDER_LOGS, &r, f->ei,
	    DB_TM(last->seen), DB_I4(first), DB_I8(LOOK_INTO + 1));

	if (err != ERR_OK || row_int(r, 0, 0) > LOOK_INTO)
		return err;
	if (row_int(r, 0, 0) > 0)
		err = count_from(f, older, 1, &n);
	if (err == ERR_OK)
		*done = n == 0;
	return err;
}

/* Asks the index for so many of the newest logs; *done: that is the page. */
static enum err
ask_index_of(
    struct finder *f, const struct newest *n, int64_t count, bool *done)
{
	int64_t top = n->last >> LOGS_SHIFT;
	struct failure_from from = {.source = FAILURES_INDEXED};
	int32_t *logs = arena_calloc(f->search.arena, LOGS_MAX, sizeof(*logs));
	enum err err;

	from.nlogs = (size_t)(count >> LOGS_SHIFT) + 2;
	if (from.nlogs > LOGS_MAX || (int64_t)from.nlogs > top || !f->down)
		return ERR_OK;
	for (size_t i = 0; i < from.nlogs; i++)
		logs[i] = (int32_t)(top - (int64_t)i);
	from.logs = logs;
	err = find_from(f, from);
	if (err != ERR_OK || found(f) < n->want)
		return err;
	return is_newest(
	    f, (top - (int64_t)from.nlogs + 1) << LOGS_SHIFT, done);
}

/*
 * What was found among the newest tells in how many more there is a page, half
 * as many again to be sure.  An index is asked for the logs from that time:
 * all that have the terms, whatever else the failures must be; to look into a
 * log costs a third of that.
 */
static enum err
find_further(struct finder *f, const struct newest *n)
{
	int64_t span = n->last - n->first + 1;
	bool done = false;
	enum err err = ERR_OK;

	if (n->found > 0 && n->found * span <= n->window * n->window / 3)
		err = ask_index_of(
		    f, n, span * n->want / n->found * 3 / 2, &done);
	else if (n->found > 0 &&
		 n->window * n->want / n->found * 3 / 2 <= LOOK_INTO_MAX) {
		err = look(f, n->window * n->want / n->found * 3 / 2);
		done = found(f) >= n->want;
	}
	return err != ERR_OK || done ? err : ask_index(f);
}

static enum err
find_by_time(struct finder *f)
{
	int64_t want = f->order->offset + f->order->limit;
	struct newest n = {.window = LOOK_INTO, .want = want};
	enum err err;

	if (want > LOOK_INTO / 2)
		n.window = 2 * want < LOOK_INTO_MAX ? 2 * want : LOOK_INTO_MAX;
	err = look(f, n.window);
	n.found = found(f);
	if (err != ERR_OK || n.found >= want)
		return err;
	err = measure(f, &n);
	if (err != ERR_OK || n.all)
		return err;
	return f->search.indexed ? find_further(f, &n) : look(f, LOOK_INTO_MAX);
}

/* All of them, in any order. */
static enum err
find_all(struct finder *f)
{
	struct newest n = {.window = LOOK_INTO};
	enum err err = measure(f, &n);

	if (err != ERR_OK)
		return err;
	return f->search.indexed && !n.all ? ask_index(f) : look(f, INT64_MAX);
}

/* ---- other orders of what was found ---- */

static const char *
text_of(const struct failure_row *row, size_t key)
{
	const char *const texts[] = {"", row->recipe, row->task, row->machine,
	    row->distro, row->builder};

	return texts[key];
}

struct placed {
	struct failure_row row;
	size_t key;
	bool down;
	size_t place; /* by time */
};

/* What has no name comes last in both directions. */
static int
by_key(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	const char *s = text_of(&x->row, x->key), *t = text_of(&y->row, y->key);
	int d = strcmp(s, t);

	if (d != 0 && (s[0] == '\0' || t[0] == '\0'))
		return s[0] == '\0' ? 1 : -1;
	if (d != 0)
		return x->down ? -d : d;
	return (x->place > y->place) - (x->place < y->place);
}

/* The page of the newest matches, put in order. */
static enum err
find_by_key(struct finder *f)
{
	const struct list_order asked = *f->order;
	const struct list_order newest = {"seen", true, 0, FAILURE_WINDOW};
	struct finder g = *f;
	struct placed *p;
	size_t from, n;
	enum err err;

	g.order = &newest;
	g.key = 0;
	err = find_by_time(&g);
	if (err != ERR_OK)
		return err;
	n = f->out->n;
	from = asked.offset < (int64_t)n ? (size_t)asked.offset : n;
	p = arena_calloc(f->search.arena, n + 1, sizeof(*p));
	for (size_t i = 0; i < n; i++)
		p[i] = (struct placed){f->out->row[i], f->key, asked.down, i};
	qsort(p, n, sizeof(*p), by_key);
	for (size_t i = 0; i < n; i++)
		f->out->row[i] = p[i].row;
	f->out->row += from;
	f->out->n = n - from;
	if ((int64_t)f->out->n > asked.limit)
		f->out->n = (size_t)asked.limit;
	return ERR_OK;
}

static enum err
find_terms(struct finder *f)
{
	if (f->search.filter->exact)
		return find_all(f);
	return f->key > 0 ? find_by_key(f) : find_by_time(f);
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
	    &f, (struct failure_from){.source = FAILURES_FILTERED});
}

/* Few failures are looked into, however rare the terms are; else an index
 * knows. */
static enum err
count_terms(struct finder *f, int64_t most, int64_t *total)
{
	struct failure_from from = {
	    .source = FAILURES_NEWEST, .down = true, .window = INT64_MAX};
	struct newest n = {.window = LOOK_INTO};
	enum err err = measure(f, &n);

	if (f->search.indexed && !n.all)
		from.source = FAILURES_INDEXED;
	return err != ERR_OK ? err : count_from(f, from, most, total);
}

enum err
failure_list_count(struct db *db, struct arena *a,
    const struct failure_filter *filter, int64_t cap, int64_t *total,
    struct errinfo *ei)
{
	struct finder f = {.db = db, .down = true, .ei = ei};
	int64_t most = cap > 0 ? cap + 1 : INT64_MAX;
	enum err err = failure_search_read(db, a, filter, &f.search, ei);

	*total = 0;
	if (err != ERR_OK || !f.search.possible)
		return err;
	if (f.search.nterms > 0)
		return count_terms(&f, most, total);
	return count_from(&f,
	    (struct failure_from){.source = FAILURES_FILTERED}, most, total);
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
