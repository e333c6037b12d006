/* failure_store.c: see failure_store.h. */
#include "model/failure_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/failure_merge.h"
#include "model/failure_rows.h"
#include "model/signature.h"

struct store {
	struct db *db;
	struct arena *a;
	const struct build *b;
	struct failure_target to;
	struct errinfo *ei;
	struct merged_failures own;
	struct failure_rows_of stored; /* sorted by their keys */
	struct failure_row_of **is;    /* per own one; NULL: not stored yet */
	int32_t *id;                   /* per own one */
};

/* ---- which of the stored ones they are ---- */

static int
row_order(const void *x, const void *y)
{
	const struct failure_row_of *a = x, *b = y;
	int d = failure_key_order(x, y);

	return d != 0 ? d : a->tell.id - b->tell.id;
}

/* The first stored one of this kind, recipe and task. */
static size_t
lower_bound(const struct store *s, const struct failure_key *key)
{
	size_t lo = 0, hi = s->stored.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (failure_key_order(&s->stored.row[mid], key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* How much alike two must be to be one. */
enum likeness {
	LIKE_NUMBER,  /* the number that was given out */
	LIKE_EXACTLY, /* the same error, too */
	LIKE_KNOWN,   /* what both know is the same */
	LIKE_TASK     /* the same task, whatever it says now */
};

static bool
is_like(const struct merged_failure *f, const struct failure_row_of *row,
    enum likeness how)
{
	switch (how) {
	case LIKE_NUMBER:
		return f->number == row->tell.id;
	case LIKE_EXACTLY:
		return f->key.sig_task == row->key.sig_task &&
		       f->key.version == row->key.version;
	case LIKE_KNOWN:
		return failure_same(&f->key, &row->key);
	case LIKE_TASK:
		return true;
	}
	return false;
}

static void
match(struct store *s, enum likeness how)
{
	for (size_t i = 0; i < s->own.n; i++) {
		const struct merged_failure *f = &s->own.failure[i];
		for (size_t k = lower_bound(s, &f->key);
		     s->is[i] == NULL && k < s->stored.n; k++) {
			struct failure_row_of *row = &s->stored.row[k];
			if (failure_key_order(&f->key, row) != 0)
				break;
			if (row->taken || !is_like(f, row, how))
				continue;
			row->taken = true;
			s->is[i] = row;
		}
	}
}

/* The best matches first. */
static enum err
find_stored(struct store *s)
{
	enum err err;

	s->is = arena_calloc(s->a, s->own.n + 1, sizeof(*s->is));
	if (s->to.mode == FAILURES_NEW)
		return ERR_OK;
	s->stored.build = s->to.build;
	err = failure_rows_load(s->db, s->a, &s->stored, s->ei);
	if (err != ERR_OK)
		return err;
	if (s->stored.n > 1)
		qsort(s->stored.row, s->stored.n, sizeof(*s->stored.row),
		    row_order);
	match(s, LIKE_NUMBER);
	match(s, LIKE_EXACTLY);
	match(s, LIKE_KNOWN);
	if (s->to.mode == FAILURES_REPLACE)
		match(s, LIKE_TASK);
	return ERR_OK;
}

/* ---- what is new of them ---- */

/* Columns of failure_insert and failure_update. */
struct columns {
	size_t n;
	int32_t *number; /* or id */
	int64_t *seen;
	int16_t *kind;
	int32_t *recipe, *version, *task, *log;
	int32_t *sig[3];
	const char **first_line, **message;
};

static void
columns_init(struct columns *c, struct arena *a, size_t n)
{
	c->n = 0;
	c->number = arena_calloc(a, n + 1, sizeof(*c->number));
	c->seen = arena_calloc(a, n + 1, sizeof(*c->seen));
	c->kind = arena_calloc(a, n + 1, sizeof(*c->kind));
	c->recipe = arena_calloc(a, n + 1, sizeof(*c->recipe));
	c->version = arena_calloc(a, n + 1, sizeof(*c->version));
	c->task = arena_calloc(a, n + 1, sizeof(*c->task));
	c->log = arena_calloc(a, n + 1, sizeof(*c->log));
	for (size_t k = 0; k < 3; k++)
		c->sig[k] = arena_calloc(a, n + 1, sizeof(*c->sig[k]));
	c->first_line = arena_calloc(a, n + 1, sizeof(*c->first_line));
	c->message = arena_calloc(a, n + 1, sizeof(*c->message));
}

static void
columns_add(struct columns *c, const struct merged_failure *f, int32_t number,
    const struct told_part *part)
{
	size_t i = c->n++;

	c->number[i] = number;
	c->seen[i] = f->seen;
	c->kind[i] = f->key.kind;
	c->recipe[i] = f->key.recipe;
	c->version[i] = f->key.version;
	c->task[i] = f->key.task;
	if (part == NULL)
		return;
	c->log[i] = part->log;
	for (size_t k = 0; k < 3; k++)
		c->sig[k][i] = part->sig[k];
	c->first_line[i] = part->first_line;
	c->message[i] = part->message;
}

static int
by_value(const void *x, const void *y)
{
	const int32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

/* A number that was given out, and that somebody has by now, is none; nor is
 * one that was given twice. */
static enum err
drop_taken(struct store *s, struct columns *c)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int32_t *given = arena_calloc(s->a, c->n + 1, sizeof(*given));
	int32_t *taken;
	size_t n = 0, ntaken;
	enum err err;

	for (size_t i = 0; i < c->n; i++)
		if (c->number[i] != 0)
			given[n++] = c->number[i];
	if (n == 0)
		return ERR_OK;
	err = STMT_QUERY(s->db, Q_FAILURE_TAKEN, &r, s->ei, db_int4s(given, n));
	if (err != ERR_OK)
		return err;
	qsort(given, n, sizeof(*given), by_value);
	ntaken = rows_count(r);
	taken = arena_calloc(s->a, ntaken + n + 1, sizeof(*taken));
	for (size_t i = 0; i < ntaken; i++)
		taken[i] = (int32_t)row_int(r, i, 0);
	for (size_t i = 1; i < n; i++)
		if (given[i] == given[i - 1])
			taken[ntaken++] = given[i];
	qsort(taken, ntaken, sizeof(*taken), by_value);
	for (size_t i = 0; i < c->n; i++)
		if (bsearch(&c->number[i], taken, ntaken, sizeof(*taken),
			by_value) != NULL)
			c->number[i] = 0;
	return ERR_OK;
}

static enum err
insert(struct store *s)
{
	static const struct told_part nothing = {
	    .first_line = "", .message = ""};
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct columns c;
	size_t next = 0;
	enum err err;

	columns_init(&c, s->a, s->own.n);
	for (size_t i = 0; i < s->own.n; i++) {
		const struct merged_failure *f = &s->own.failure[i];
		if (s->is[i] == NULL)
			columns_add(&c, f, f->number,
			    f->part != NULL ? f->part : &nothing);
	}
	if (c.n == 0)
		return ERR_OK;
	if ((err = drop_taken(s, &c)) != ERR_OK)
		return err;
	err = STMT_QUERY(s->db, Q_FAILURE_INSERT, &r, s->ei, DB_I4(s->to.build),
	    db_int4s(c.number, c.n), db_times(c.seen, c.n),
	    db_int2s(c.kind, c.n), db_int4s(c.recipe, c.n),
	    db_int4s(c.version, c.n), db_int4s(c.task, c.n),
	    db_int4s(c.log, c.n), db_int4s(c.sig[0], c.n),
	    db_int4s(c.sig[1], c.n), db_int4s(c.sig[2], c.n),
	    db_texts(c.first_line, c.n), db_texts(c.message, c.n),
	    DB_I2(SIGNATURE_VERSION));
	for (size_t i = 0; err == ERR_OK && i < s->own.n; i++)
		if (s->is[i] == NULL)
			s->id[i] = (int32_t)row_int(r, next++, 0);
	return err;
}

/* What a stored one learns: a log, or what stood in for one. */
static const struct told_part *
news(const struct store *s, const struct merged_failure *f,
    const struct failure_row_of *row)
{
	if (f->part == NULL)
		return NULL;
	if (f->part->log == 0)
		return row->log == 0 && row->bare ? f->part : NULL;
	return row->log == 0 || s->to.mode == FAILURES_REPLACE ? f->part : NULL;
}

static enum err
update(struct store *s)
{
	struct columns c;

	columns_init(&c, s->a, s->own.n);
	for (size_t i = 0; i < s->own.n; i++) {
		struct failure_row_of *row = s->is[i];
		const struct merged_failure *f = &s->own.failure[i];
		const struct told_part *part;
		if (row == NULL)
			continue;
		part = news(s, f, row);
		if (part == NULL && s->to.mode != FAILURES_REPLACE)
			continue;
		columns_add(&c, f, row->tell.id, part);
		if (s->to.mode != FAILURES_REPLACE)
			c.seen[c.n - 1] = TIME_UNKNOWN; /* as it is */
		if (part == NULL)
			continue;
		row->tell.signature = part->sig[1];
		row->tell.first_line = part->first_line;
	}
	if (c.n == 0)
		return ERR_OK;
	return STMT_EXEC(s->db, Q_FAILURE_UPDATE, s->ei,
	    db_int4s(c.number, c.n), db_times(c.seen, c.n),
	    db_int4s(c.version, c.n), db_int4s(c.log, c.n),
	    db_int4s(c.sig[0], c.n), db_int4s(c.sig[1], c.n),
	    db_int4s(c.sig[2], c.n), db_texts(c.first_line, c.n),
	    DB_I2(SIGNATURE_VERSION), db_texts(c.message, c.n));
}

/* A failure that somebody told of stays, whatever the tasks say now. */
static bool
is_gone(const struct failure_row_of *row)
{
	return !row->taken && row->key.kind == FAILURE_TASK && row->log == 0 &&
	       row->bare;
}

static enum err
replace(struct store *s)
{
	int32_t *gone = arena_calloc(s->a, s->stored.n + 1, sizeof(*gone));
	size_t n = 0;
	enum err err;

	for (size_t i = 0; i < s->stored.n; i++)
		if (is_gone(&s->stored.row[i]))
			gone[n++] = s->stored.row[i].tell.id;
	err = STMT_EXEC(s->db, Q_FAILURE_FOLLOW, s->ei, DB_I4(s->to.build));
	if (err != ERR_OK || n == 0)
		return err;
	return STMT_EXEC(s->db, Q_FAILURE_DELETE, s->ei, db_int4s(gone, n));
}

/* ---- what the answer says ---- */

static void
tell_own(const struct store *s, struct failures_stored *out, size_t i)
{
	const struct merged_failure *f = &s->own.failure[i];

	out->failure[out->n++] = (struct failure_stored){.id = s->id[i],
	    .kind = (enum failure_kind)f->key.kind,
	    .recipe = f->recipe,
	    .version = f->version,
	    .task = f->task,
	    .first_line = f->part != NULL ? f->part->first_line : "",
	    .signature = f->part != NULL ? f->part->sig[1] : 0,
	    .known = {.first = TIME_UNKNOWN, .last = TIME_UNKNOWN}};
}

/* Those of the build at hand, and what else is stored of it. */
static enum err
tell(const struct store *s, struct failures_stored *out)
{
	out->failure = arena_calloc(
	    s->a, s->own.n + s->stored.n + 1, sizeof(*out->failure));
	for (size_t i = 0; i < s->own.n; i++) {
		if (s->is[i] != NULL)
			out->failure[out->n++] = s->is[i]->tell;
		else
			tell_own(s, out, i);
	}
	for (size_t i = 0; i < s->stored.n; i++) {
		const struct failure_row_of *row = &s->stored.row[i];
		if (!row->taken &&
		    (s->to.mode == FAILURES_ADD || !is_gone(row)))
			out->failure[out->n++] = row->tell;
	}
	out->told = arena_calloc(s->a, s->b->ntold + 1, sizeof(*out->told));
	for (size_t i = 0; i < s->b->ntold; i++)
		out->told[i] = out->failure[s->own.told[i]].id;
	return failure_rows_known(s->db, s->to.build, out, s->ei);
}

enum err
failure_prepare(
    struct db *db, struct arena *a, struct build *b, struct errinfo *ei)
{
	enum err err;

	if (b->ntold == 0 || b->parts != NULL)
		return ERR_OK;
	err = told_parts_store(db, a, b, &b->parts, ei);
	return err == ERR_OK ? failure_names(db, a, b, ei) : err;
}

enum err
failure_store(struct db *db, struct arena *a, const struct build *b,
    struct failure_target to, struct failures_stored *out, struct errinfo *ei)
{
	struct build ready = *b;
	struct store s = {.db = db, .a = a, .b = &ready, .to = to, .ei = ei};
	enum err err = ERR_OK;

	*out = (struct failures_stored){0};
	if (b->ntold > 0 && b->parts == NULL)
		err = told_parts_store(db_aside(db), a, b, &ready.parts, ei);
	if (err != ERR_OK ||
	    (err = failure_merge(db, a, &ready, &s.own, ei)) != ERR_OK ||
	    (err = find_stored(&s)) != ERR_OK)
		return err;
	s.id = arena_calloc(a, s.own.n + 1, sizeof(*s.id));
	if ((err = insert(&s)) != ERR_OK || (err = update(&s)) != ERR_OK ||
	    (to.mode == FAILURES_REPLACE && (err = replace(&s)) != ERR_OK))
		return err;
	return tell(&s, out);
}
