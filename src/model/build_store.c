/* build_store.c: keeps a build; see build_store.h. */
#include "model/build_store.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_row.h"
#include "model/derived.h"
#include "model/package_rows.h"
#include "model/series_block.h"
#include "model/task_pack.h"

DEFINE_CLEANUP(struct task_pack *, cleanup_pack, task_pack_free);

#define FAILURES_MAX 1000
#define YEAR_US (INT64_C(366) * 86400 * 1000000)
#define YEAR_2000_US (INT64_C(946684800) * 1000000)

struct store {
	struct db *db;
	struct arena *a;
	const struct build *b;
	struct errinfo *ei;
	struct package_ids ids;
	const struct derived_slots *ds;
	struct build_failure *failures;
	size_t nfailures;
};

/* What is stored under the identity, if anything. */
struct found {
	int id; /* 0: nothing */
	unsigned char content[32];
	int64_t started;
	enum build_status status;
	size_t tasks;
	size_t failed;
	bool finished;
};

/*
 * A month is a partition, so that times that nobody builds at would make
 * partitions without end.
 */
static enum err
check_started(int64_t started, struct errinfo *ei)
{
	int64_t now = (int64_t)time(NULL) * 1000000;
	char text[32];

	if (started == TIME_UNKNOWN)
		return err_set(ei, ERR_INPUT, "a build without a start");
	if (started >= YEAR_2000_US && started < now + 2 * YEAR_US)
		return ERR_OK;
	str_from_time(text, started);
	return err_set(
	    ei, ERR_INPUT, "a build can't have been started at %s", text);
}

enum err
build_store_prepare(struct db *db, int64_t started, struct errinfo *ei)
{
	enum err err = check_started(started, ei);

	return err != ERR_OK
		   ? err
		   : STMT_EXEC(db, Q_STORE_PARTITION, ei, DB_TM(started));
}

enum err
build_store_names(
    struct db *db, struct arena *a, const struct build *b, struct errinfo *ei)
{
	struct package_ids ids;
	enum err err = package_ids_find(db, a, b, &ids, ei);

	if (err == ERR_OK)
		err = build_row_facets(db, a, b, ei);
	return err == ERR_OK ? build_row_metrics(db, a, b, ei) : err;
}

/* Two uploads of one build: the second waits here, then finds it. */
static enum err
find(struct store *s, struct found *out)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int64_t key;
	enum err err;

	*out = (struct found){0};
	memcpy(&key, s->b->identity, sizeof(key));
	if ((err = STMT_EXEC(s->db, Q_STORE_LOCK, s->ei, DB_I8(key))) !=
		ERR_OK ||
	    (err = STMT_QUERY(s->db, Q_STORE_FIND, &r, s->ei,
		 db_bytea(s->b->identity, sizeof(s->b->identity)))) != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return ERR_OK;
	struct slice content = row_bytes(r, 0, 1);
	if (content.n == sizeof(out->content))
		memcpy(out->content, content.p, content.n);
	out->id = (int)row_int(r, 0, 0);
	out->started = row_time(r, 0, 2);
	out->status = (enum build_status)row_int(r, 0, 3);
	out->tasks = (size_t)row_int(r, 0, 4);
	out->finished = row_bool(r, 0, 5);
	out->failed = (size_t)row_int(r, 0, 6);
	return ERR_OK;
}

static enum stored
decide(const struct build *b, const struct found *f)
{
	if (f->id == 0)
		return STORED_NEW;
	if (memcmp(f->content, b->content, sizeof(f->content)) == 0)
		return STORED_SAME;
	if (b->ntasks < f->tasks || (f->finished && b->ended == TIME_UNKNOWN))
		return STORED_KEPT_RICHER;
	return STORED_REPLACED;
}

static enum err
clear(struct store *s, const struct found *f)
{
	static const enum query steps[] = {Q_STORE_CLEAR_PACKAGES,
	    Q_STORE_CLEAR_BLOCK, Q_STORE_CLEAR_SERIES, Q_STORE_CLEAR_TEXTS};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		enum err err = STMT_EXEC(
		    s->db, steps[i], s->ei, DB_I4(f->id), DB_TM(f->started));
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

static enum err
store_packages(struct store *s, int id)
{
	const struct package_rows_source src = {
	    .id = id, .b = s->b, .ids = &s->ids, .ds = s->ds};
	struct copy *c;
	enum err err = package_rows_send(s->db, s->a, &src, &c, s->ei);

	return err != ERR_OK ? err : copy_end(c, s->ei);
}

static enum err
store_block(struct store *s, int id, struct task_pack *pack)
{
	struct slice core, columns;
	enum err err = task_pack_end(pack, &core, &columns, s->ei);

	if (err != ERR_OK)
		return err;
	return STMT_EXEC(s->db, Q_STORE_BLOCK, s->ei, DB_TM(s->b->started),
	    DB_I4(id), db_bytea(core.p, core.n),
	    db_bytea(columns.p, columns.n));
}

static enum err
store_series(struct store *s, int id)
{
	CLEANUP(buf_clear) struct buf data = BUF_INIT;
	struct copy *c;
	enum err err;

	if (s->b->nseries == 0)
		return ERR_OK;
	if ((err = copy_begin(s->db, Q_STORE_SERIES, &c, s->ei)) != ERR_OK)
		return err;
	for (size_t i = 0; i < s->b->nseries; i++) {
		const struct series *x = &s->b->series[i];
		buf_reset(&data);
		series_block_encode(x, &data);
		const struct db_param row[] = {DB_TM(s->b->started), DB_I4(id),
		    DB_I2(x->kind), DB_T(x->subject), DB_I2(x->flags),
		    DB_I4((int64_t)x->n), db_bytea(data.data, data.len)};
		copy_row(c, row, sizeof(row) / sizeof(row[0]));
	}
	return copy_end(c, s->ei);
}

static enum err
store_texts(struct store *s, int id)
{
	struct copy *c;
	enum err err;

	if (s->b->ntexts == 0)
		return ERR_OK;
	if ((err = copy_begin(s->db, Q_STORE_TEXTS, &c, s->ei)) != ERR_OK)
		return err;
	for (size_t i = 0; i < s->b->ntexts; i++) {
		const struct build_text *x = &s->b->texts[i];
		const struct db_param row[] = {DB_TM(s->b->started), DB_I4(id),
		    DB_T(x->name), DB_I8((int64_t)x->size),
		    db_bytea(x->zstd.p, x->zstd.n)};
		copy_row(c, row, sizeof(row) / sizeof(row[0]));
	}
	return copy_end(c, s->ei);
}

/* The tasks are packed while the database takes in what comes before them. */
static enum err
store_all(struct store *s, int *id)
{
	CLEANUP(cleanup_pack)
	struct task_pack *pack = task_pack_start(s->b);
	struct build_row_source row = {
	    .b = s->b, .ds = s->ds, .failed = s->nfailures};
	enum err err = package_ids_find(s->db, s->a, s->b, &s->ids, s->ei);

	row.task_ids = s->ids.task;
	if (err != ERR_OK ||
	    (err = build_row_facets(s->db, s->a, s->b, s->ei)) != ERR_OK ||
	    (err = build_row_metrics(s->db, s->a, s->b, s->ei)) != ERR_OK ||
	    (err = build_row_store(s->db, s->a, &row, id, s->ei)) != ERR_OK ||
	    (err = store_packages(s, *id)) != ERR_OK ||
	    (err = store_block(s, *id, pack)) != ERR_OK ||
	    (err = store_series(s, *id)) != ERR_OK)
		return err;
	return store_texts(s, *id);
}

/* Of the build at hand, which is what is stored now. */
static void
tell(const struct store *s, struct store_result *out)
{
	const struct build *b = s->b;
	size_t n = s->nfailures < FAILURES_MAX ? s->nfailures : FAILURES_MAX;

	out->started = b->started;
	out->status = b->status;
	out->tasks = b->ntasks;
	out->failed = s->nfailures;
	out->nfailures = n;
	out->failures = arena_calloc(s->a, n + 1, sizeof(*out->failures));
	for (size_t i = 0; i < n; i++) {
		const struct package *p = &b->packages[s->failures[i].package];
		out->failures[i] =
		    (struct store_failure){arena_strdup(s->a, p->recipe),
			arena_strdup(s->a, p->version),
			arena_strdup(s->a, s->failures[i].name)};
	}
}

/* Of the stored one, which stays: the first failure of each package. */
static enum err
tell_stored(
    const struct store *s, const struct found *f, struct store_result *out)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(s->db, Q_STORE_FAILURES, &r, s->ei,
	    DB_I4(f->id), DB_TM(f->started));

	if (err != ERR_OK)
		return err;
	out->started = f->started;
	out->status = f->status;
	out->tasks = f->tasks;
	out->failed = f->failed;
	out->nfailures = rows_count(r);
	out->failures =
	    arena_calloc(s->a, out->nfailures + 1, sizeof(*out->failures));
	for (size_t i = 0; i < out->nfailures; i++)
		out->failures[i] = (struct store_failure){
		    arena_strdup(s->a, row_text(r, i, 0)),
		    arena_strdup(s->a, row_text(r, i, 1)),
		    arena_strdup(s->a, row_text(r, i, 2))};
	return ERR_OK;
}

enum err
build_store(struct db *db, struct arena *a, const struct build *b,
    struct store_result *out, struct errinfo *ei)
{
	struct store s = {.db = db, .a = a, .b = b, .ei = ei};
	struct found f;
	enum err err;

	*out = (struct store_result){0};
	if ((err = check_started(b->started, ei)) != ERR_OK ||
	    (err = find(&s, &f)) != ERR_OK)
		return err;
	out->what = decide(b, &f);
	out->id = f.id;
	if (out->what == STORED_KEPT_RICHER)
		return tell_stored(&s, &f, out);
	s.failures = build_failures(a, b, &s.nfailures);
	tell(&s, out);
	if (out->what == STORED_SAME)
		return ERR_OK;
	if (out->what == STORED_REPLACED && (err = clear(&s, &f)) != ERR_OK)
		return err;
	s.ds = derived_slots_of(a, b);
	return store_all(&s, &out->id);
}
