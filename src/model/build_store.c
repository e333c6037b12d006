/* build_store.c: keeps a build; see build_store.h. */
#include "model/build_store.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_row.h"
#include "model/derived.h"
#include "model/dictionary.h"
#include "model/package_rows.h"
#include "model/result_store.h"
#include "model/series_block.h"
#include "model/size_store.h"
#include "model/takeover.h"
#include "model/task_pack.h"

DEFINE_CLEANUP(struct task_pack *, cleanup_pack, task_pack_free);

#define FAILURES_MAX 1000
#define ALONE_MAX 20 /* records of test results alone */
#define CI_MAX 10    /* builds of one page */
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
	bool asked;              /* for records of test results alone */
	struct build_key *alone; /* builds that its reports alone had made */
	size_t nalone;
	bool sizes_alone; /* there are builds of a buildhistory alone */
};

/* What is stored of the build, if anything. */
struct found {
	int id;   /* 0: nothing */
	bool own; /* under the same identity; else by its report */
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

	return err != ERR_OK ? err : dictionary_month(db, started, ei);
}

enum err
build_store_names(
    struct db *db, struct arena *a, struct build *b, struct errinfo *ei)
{
	struct package_ids ids;
	enum err err = package_ids_find(db, a, b, &ids, ei);

	if (err == ERR_OK)
		err = build_row_facets(db, a, b, ei);
	if (err == ERR_OK)
		err = build_row_metrics(db, a, b, ei);
	if (err == ERR_OK)
		err = failure_prepare(db, a, b, ei);
	if (err == ERR_OK && b->sizes != NULL)
		err = size_units_store(db_aside(db), a, b->sizes, ei);
	b->named = err == ERR_OK;
	return err;
}

static int
by_key(const void *x, const void *y)
{
	int64_t a, b;

	memcpy(&a, x, sizeof(a));
	memcpy(&b, y, sizeof(b));
	return (a > b) - (a < b);
}

/*
 * Two uploads of one build, or of one report: the second waits here, then
 * finds what the first has stored.  In order, so that they can't wait for each
 * other.
 */
static enum err
lock(const struct store *s)
{
	const struct build *b = s->b;
	size_t n = b->nreports + 1;
	int64_t *key = arena_calloc(s->a, n, sizeof(*key));
	enum err err = ERR_OK;

	memcpy(&key[0], b->identity, sizeof(*key));
	for (size_t i = 1; i < n; i++)
		memcpy(&key[i], b->reports[i - 1], sizeof(*key));
	qsort(key, n, sizeof(*key), by_key);
	for (size_t i = 0; err == ERR_OK && i < n; i++)
		if (i == 0 || key[i] != key[i - 1])
			err = STMT_EXEC(
			    s->db, Q_STORE_LOCK, s->ei, DB_I8(key[i]));
	return err;
}

static void
read_found(const struct rows *r, size_t row, struct found *f)
{
	struct slice content = row_bytes(r, row, 1);

	if (content.n == sizeof(f->content))
		memcpy(f->content, content.p, content.n);
	f->id = (int)row_int(r, row, 0);
	f->started = row_time(r, row, 2);
	f->status = (enum build_status)row_int(r, row, 3);
	f->tasks = (size_t)row_int(r, row, 4);
	f->finished = row_bool(r, row, 5);
	f->failed = (size_t)row_int(r, row, 6);
	f->own = row_bool(r, row, 7);
}

static struct slice *
reports_of(const struct store *s)
{
	const struct build *b = s->b;
	struct slice *hash = arena_calloc(s->a, b->nreports + 1, sizeof(*hash));

	for (size_t i = 0; i < b->nreports; i++)
		hash[i] = (struct slice){
		    (const char *)b->reports[i], sizeof(b->reports[i])};
	return hash;
}

static bool
is_report_alone(const struct build *b)
{
	for (size_t i = 0; i < b->nreports; i++)
		if (memcmp(b->identity, b->reports[i], sizeof(b->identity)) ==
		    0)
			return true;
	return false;
}

static void
add_alone(struct store *s, const struct found *f)
{
	for (size_t i = 0; i < s->nalone; i++)
		if (s->alone[i].id == f->id)
			return;
	s->alone[s->nalone++] = (struct build_key){f->id, f->started};
}

static struct db_param
text(const char *s)
{
	return db_text(s != NULL ? s : "");
}

/* By the build's identity and one of its reports, or NULL; the build itself
 * stands first.  The first time records of test results alone are looked for,
 * too. */
static enum err
find_by(
    struct store *s, const unsigned char *report, bool alone, struct found *out)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const unsigned char *identity = s->b->identity;
	const struct environment *e = &s->b->env;
	bool results = !s->asked && s->b->ntasks > 0 && e->machine != NULL &&
		       e->machine[0] != '\0';
	enum err err =
	    STMT_QUERY(s->db, Q_STORE_FIND, &r, s->ei, db_bytea(identity, 32),
		report != NULL ? db_bytea(report, 32) : DB_N(),
		results ? DB_T(e->machine) : DB_N(), DB_TM(s->b->started),
		text(e->builder), text(e->distro), text(e->image),
		text(e->commit), db_texts(e->targets, e->ntargets));

	s->asked = true;
	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		struct found f = {0};
		read_found(r, i, &f);
		if (out->id == 0 && (f.own || alone))
			*out = f;
		else if (!alone && !f.own && row_bool(r, i, 8))
			add_alone(s, &f);
	}
	return err;
}

/* Results or sizes that came alone are of a build that is here, if one
 * fits. */
static enum err
find_of_part(struct store *s, struct found *out)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int id;
	enum err err = s->b->sizes_alone
			   ? size_find_about(s->db, s->b, &id, s->ei)
			   : result_find_build(s->db, s->b, &id, s->ei);

	if (err != ERR_OK || id == 0)
		return err;
	err = STMT_QUERY(s->db, Q_STORE_FIND_ID, &r, s->ei, DB_I4(id));
	if (err == ERR_OK && rows_count(r) > 0)
		read_found(r, 0, out);
	return err;
}

static enum err
find_alone_sizes(struct store *s, int id)
{
	struct build_key alone;
	enum err err = size_find_alone(s->db, s->b, id, &alone, s->ei);

	if (err == ERR_OK && alone.id != 0)
		add_alone(s,
		    &(struct found){.id = alone.id, .started = alone.started});
	return err;
}

/* What an autobuilder told of the page that this build names. */
static enum err
find_of_ci(struct store *s)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const char *url = s->b->env.ci_url;
	enum err err;

	if (s->b->ntasks == 0 || url[0] == '\0')
		return ERR_OK;
	err = STMT_QUERY(s->db, Q_CI_ALONE, &r, s->ei, DB_T(url));
	for (size_t i = 0; err == ERR_OK && i < rows_count(r) && i < CI_MAX;
	     i++)
		add_alone(s, &(struct found){.id = (int)row_int(r, i, 0),
				 .started = row_time(r, i, 1)});
	return err;
}

/* A report alone is part of whichever build has it; a whole build takes the
 * place of those that its reports had made. */
static enum err
find(struct store *s, struct found *out)
{
	const struct build *b = s->b;
	bool alone = is_report_alone(b);
	enum err err = lock(s);

	*out = (struct found){0};
	s->alone = arena_calloc(
	    s->a, b->nreports + ALONE_MAX + CI_MAX + 2, sizeof(*s->alone));
	if (err == ERR_OK && (b->results_alone || b->sizes_alone))
		err = find_of_part(s, out);
	if (err == ERR_OK && out->id != 0)
		return ERR_OK;
	if (err == ERR_OK)
		err = find_of_ci(s);
	if (err == ERR_OK && b->nreports == 0)
		err = find_by(s, NULL, false, out);
	for (size_t i = 0; err == ERR_OK && i < b->nreports; i++)
		err = find_by(s, b->reports[i], alone, out);
	return err;
}

static enum stored
decide(const struct build *b, const struct found *f)
{
	if (f->id == 0)
		return STORED_NEW;
	if (!f->own || memcmp(f->content, b->content, sizeof(f->content)) == 0)
		return STORED_SAME;
	if (b->ntasks < f->tasks || (f->finished && b->ended == TIME_UNKNOWN))
		return STORED_KEPT_RICHER;
	return STORED_REPLACED;
}

static enum err
store_packages(struct store *s, int id)
{
	const struct package_rows_source src = {
	    .id = id, .b = s->b, .ids = &s->ids, .ds = s->ds};
	struct copy *c;
	enum err err = package_rows_send(s->db, s->a, &src, &c, s->ei);

	return err != ERR_OK || c == NULL ? err : copy_end(c, s->ei);
}

static enum err
store_block(struct store *s, int id, struct task_pack *pack)
{
	struct slice core, columns;
	enum err err = task_pack_end(pack, &core, &columns, s->ei);

	if (err != ERR_OK)
		return err;
	return STMT_LATER(s->db, Q_STORE_BLOCK, s->ei, DB_TM(s->b->started),
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
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < s->b->ntexts; i++) {
		const struct build_text *x = &s->b->texts[i];
		err = STMT_LATER(s->db, Q_STORE_TEXT, s->ei,
		    DB_TM(s->b->started), DB_I4(id), DB_T(x->name),
		    DB_I8((int64_t)x->size), db_bytea(x->zstd.p, x->zstd.n));
	}
	return err;
}

static enum err
store_names(const struct store *s)
{
	enum err err;

	if (s->b->named)
		return ERR_OK;
	err = build_row_facets(s->db, s->a, s->b, s->ei);
	return err == ERR_OK ? build_row_metrics(s->db, s->a, s->b, s->ei)
			     : err;
}

/* The tasks are packed while the database takes in what comes before them. */
static enum err
store_all(struct store *s, int *id)
{
	CLEANUP(cleanup_pack)
	struct task_pack *pack = task_pack_start(s->b);
	struct build_row_source row = {
	    .b = s->b,
	    .ds = s->ds,
	    .failed = s->nfailures,
	    .alone = &s->sizes_alone,
	};
	enum err err = package_ids_find(s->db, s->a, s->b, &s->ids, s->ei);

	row.task_ids = s->ids.task;
	if (err != ERR_OK || (err = store_names(s)) != ERR_OK ||
	    (err = build_row_store(s->db, s->a, &row, id, s->ei)) != ERR_OK ||
	    (err = store_packages(s, *id)) != ERR_OK ||
	    (err = store_block(s, *id, pack)) != ERR_OK ||
	    (err = store_series(s, *id)) != ERR_OK)
		return err;
	err = store_texts(s, *id);
	return err == ERR_OK ? events_store(s->db, *id, &s->b->events, s->ei)
			     : err;
}

static enum err
take_over(const struct store *s, int id)
{
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < s->nalone; i++)
		err = build_takeover(s->db, s->alone[i], id, s->ei);
	return err;
}

static enum err
add_reports(const struct store *s, int id)
{
	if (s->b->nreports == 0)
		return ERR_OK;
	return STMT_LATER(s->db, Q_REPORT_ADD, s->ei, DB_I4(id),
	    db_byteas(reports_of(s), s->b->nreports));
}

/* What a build's own failures become; those of a poorer one don't count. */
static enum err
store_failures(const struct store *s, struct store_result *out)
{
	struct build b = *s->b;
	struct failure_target to = {.build = out->id, .mode = FAILURES_ADD};
	struct failures_stored f;
	enum err err;

	if (out->what == STORED_KEPT_RICHER)
		b.ntasks = b.nfailed_at = 0;
	else if (out->what == STORED_NEW && s->nalone == 0)
		to.mode = FAILURES_NEW;
	else if (out->what != STORED_SAME)
		to.mode = FAILURES_REPLACE;
	if ((err = take_over(s, out->id)) != ERR_OK ||
	    (err = add_reports(s, out->id)) != ERR_OK ||
	    (err = failure_store(s->db, s->a, &b, to, &f, s->ei)) != ERR_OK)
		return err;
	out->nfailures = f.n < FAILURES_MAX ? f.n : FAILURES_MAX;
	out->failures = f.failure;
	out->told = f.told;
	return ERR_OK;
}

/* Stores what is better than what is there. */
static enum err
store_build(struct store *s, const struct found *f, struct store_result *out)
{
	enum err err;

	out->started = s->b->started;
	out->status = s->b->status;
	out->tasks = s->b->ntasks;
	out->failed = s->nfailures;
	if (out->what == STORED_REPLACED &&
	    (err = build_clear(s->db, (struct build_key){f->id, f->started},
		 s->ei)) != ERR_OK)
		return err;
	s->ds = derived_slots_of(s->a, s->b);
	return store_all(s, &out->id);
}

/* What replaces a build leaves the sizes that are known of it. */
static enum err
store_sizes(const struct store *s, const struct store_result *out)
{
	if (s->b->sizes == NULL && out->what != STORED_REPLACED &&
	    !s->sizes_alone)
		return ERR_OK;
	return size_store(s->db, s->a, out->id, s->b, s->ei);
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
	*out = (struct store_result){.id = f.id,
	    .what = decide(b, &f),
	    .started = f.started,
	    .status = f.status,
	    .tasks = f.tasks,
	    .failed = f.failed};
	if (out->what == STORED_NEW || out->what == STORED_REPLACED) {
		s.failures = build_failures(a, b, &s.nfailures);
		if ((err = store_build(&s, &f, out)) != ERR_OK)
			return err;
	}
	if (out->what == STORED_NEW && s.sizes_alone && !b->sizes_alone &&
	    (err = find_alone_sizes(&s, out->id)) != ERR_OK)
		return err;
	if ((err = store_failures(&s, out)) == ERR_OK)
		err = store_sizes(&s, out);
	return err == ERR_OK ? result_store(db, a, b, out->id, ei) : err;
}
