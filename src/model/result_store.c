/* result_store.c: see result_store.h. */
#include "model/result_store.h"

#include <string.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/result.h"
#include "model/result_pack.h"
#include "model/result_read.h"

#define HOUR (INT64_C(3600) * 1000000)

struct store {
	struct db *db;
	struct arena *a;
	const struct build *b;
	int build;
	struct errinfo *ei;
};

/* ---- the file ---- */

static enum err
busy(struct store *s)
{
	return err_set(
	    s->ei, ERR_BUSY, "somebody else is changing the same thing");
}

static enum err
send_file(struct store *s, const struct result_file *f, int *id)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	size_t n = f->npieces;
	int32_t *number = arena_calloc(s->a, n + 1, sizeof(*number));
	int64_t *start = arena_calloc(s->a, n + 1, sizeof(*start));
	int32_t *size = arena_calloc(s->a, n + 1, sizeof(*size));
	struct slice *data = arena_calloc(s->a, n + 1, sizeof(*data));
	enum err err;

	for (size_t i = 0; i < n; i++) {
		number[i] = (int32_t)i;
		start[i] = (int64_t)f->pieces[i].start;
		size[i] = (int32_t)f->pieces[i].size;
		data[i] = f->pieces[i].zstd;
	}
	err = STMT_QUERY(db_aside(s->db), Q_RESULT_FILE_STORE, &r, s->ei,
	    db_bytea(f->sha256, sizeof(f->sha256)), DB_I8((int64_t)f->size),
	    DB_I8((int64_t)f->masked), db_int4s(number, n), db_int8s(start, n),
	    db_int4s(size, n), db_byteas(data, n));
	*id = err == ERR_OK && rows_count(r) > 0 ? (int)row_int(r, 0, 0) : 0;
	return err;
}

/* What somebody else stores at this moment is seen a moment later. */
static enum err
store_file(struct store *s, const struct result_file *f, int *id)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db_aside(s->db), Q_RESULT_FILE_FIND, &r,
	    s->ei, db_bytea(f->sha256, sizeof(f->sha256)));

	*id = 0;
	if (err == ERR_OK && rows_count(r) > 0)
		*id = (int)row_int(r, 0, 0);
	if (err == ERR_OK && *id == 0)
		err = send_file(s, f, id);
	return err == ERR_OK && *id == 0 ? busy(s) : err;
}

/* ---- names ---- */

struct names {
	size_t n;
	struct slice *hash, *data;
	int32_t *id;
};

static void
pack_names(struct store *s, const struct result_run *run, struct names *out)
{
	out->n = run->ngroups;
	out->hash = arena_calloc(s->a, out->n + 1, sizeof(*out->hash));
	out->data = arena_calloc(s->a, out->n + 1, sizeof(*out->data));
	out->id = arena_calloc(s->a, out->n + 1, sizeof(*out->id));
	for (size_t i = 0; i < out->n; i++) {
		CLEANUP(buf_clear) struct buf packed = BUF_INIT;
		unsigned char *hash = arena_alloc(s->a, DIGEST_BYTES);
		result_pack_names(&packed, run, &run->groups[i]);
		digest_of(packed.data, packed.len, hash);
		out->hash[i] = (struct slice){(const char *)hash, DIGEST_BYTES};
		out->data[i] = (struct slice){
		    arena_strndup(s->a, packed.data, packed.len), packed.len};
	}
}

/* Rows of id and hash; returns how many are still unknown. */
static size_t
learn(struct names *names, const struct rows *r)
{
	size_t unknown = 0;

	for (size_t i = 0; i < rows_count(r); i++) {
		struct slice hash = row_bytes(r, i, 1);
		for (size_t k = 0; k < names->n; k++)
			if (hash.n == DIGEST_BYTES &&
			    memcmp(hash.p, names->hash[k].p, hash.n) == 0)
				names->id[k] = (int32_t)row_int(r, i, 0);
	}
	for (size_t k = 0; k < names->n; k++)
		unknown += names->id[k] == 0;
	return unknown;
}

static enum err
store_names(struct store *s, const struct result_run *run, struct names *names)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	CLEANUP(cleanup_rows) struct rows *found = NULL;
	struct db *aside = db_aside(s->db);
	enum err err;

	pack_names(s, run, names);
	if (names->n == 0)
		return ERR_OK;
	err = STMT_QUERY(aside, Q_RESULT_NAMES_STORE, &r, s->ei,
	    db_byteas(names->hash, names->n), db_byteas(names->data, names->n));
	if (err != ERR_OK || learn(names, r) == 0)
		return err;
	err = STMT_QUERY(aside, Q_RESULT_NAMES_FIND, &found, s->ei,
	    db_byteas(names->hash, names->n));
	return err == ERR_OK && learn(names, found) > 0 ? busy(s) : err;
}

/* ---- runs ---- */

enum decision { INSERT, REPLACE, LEAVE };

static enum err
decide(struct store *s, const struct result_run *run, int build,
    enum decision *out, int *old)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct slice content;
	int64_t log_bytes, cases;
	enum err err = STMT_QUERY(
	    s->db, Q_RESULT_RUN_STORED, &r, s->ei, DB_I4(build), DB_T(run->id));

	*out = INSERT;
	if (err != ERR_OK || rows_count(r) == 0)
		return err;
	*old = (int)row_int(r, 0, 0);
	content = row_bytes(r, 0, 1);
	log_bytes = row_int(r, 0, 2);
	cases = row_int(r, 0, 3);
	if ((int64_t)run->ncases < cases ||
	    (run->log_bytes == 0 && log_bytes > 0))
		*out = LEAVE;
	else if (log_bytes == (int64_t)run->log_bytes &&
		 content.n == sizeof(run->content) &&
		 memcmp(content.p, run->content, content.n) == 0)
		*out = LEAVE;
	else
		*out = REPLACE;
	return ERR_OK;
}

static enum err
store_failed(struct store *s, const struct result_run *run, int id)
{
	size_t most = run->counts[RESULT_FAILED], n = 0;
	int32_t *number = arena_calloc(s->a, most + 1, sizeof(*number));
	const char **line = arena_calloc(s->a, most + 1, sizeof(*line));
	const char **excerpt = arena_calloc(s->a, most + 1, sizeof(*excerpt));

	for (size_t i = 0; i < run->ncases && n < RESULT_EXCERPTS_MAX; i++) {
		const struct result_case *c = &run->cases[i];
		if (c->excerpt[0] == '\0')
			continue;
		number[n] = (int32_t)i;
		line[n] = c->first_line;
		excerpt[n++] = c->excerpt;
	}
	if (n == 0)
		return ERR_OK;
	return STMT_EXEC(s->db, Q_RESULT_FAILED_INSERT, s->ei, DB_I4(id),
	    db_int4s(number, n), db_texts(line, n), db_texts(excerpt, n));
}

static enum err
insert(struct store *s, const struct result_run *run, int build, int file)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	CLEANUP(buf_clear) struct buf cases = BUF_INIT;
	const size_t *n = run->counts;
	struct names names;
	enum err err = store_names(s, run, &names);

	if (err != ERR_OK)
		return err;
	result_pack_cases(&cases, run);
	err = STMT_QUERY(s->db, Q_RESULT_RUN_INSERT, &r, s->ei, DB_I4(build),
	    DB_T(run->id), db_bytea(run->content, sizeof(run->content)),
	    DB_I4(file), DB_I8((int64_t)run->position), DB_T(run->type),
	    DB_T(run->machine), DB_T(run->image),
	    db_bytea(run->same, sizeof(run->same)),
	    run->ran == TIME_UNKNOWN ? DB_N() : DB_TM(run->ran),
	    DB_I4(s->b->results_alone && build == s->build),
	    DB_T(run->configuration), DB_I4((int64_t)n[RESULT_PASSED]),
	    DB_I4((int64_t)n[RESULT_FAILED]), DB_I4((int64_t)n[RESULT_SKIPPED]),
	    DB_I4((int64_t)n[RESULT_EXPECTED]),
	    DB_I4((int64_t)n[RESULT_BLOCKED]), DB_I4((int64_t)n[RESULT_OTHER]),
	    DB_D(run->seconds), DB_I8((int64_t)run->log_bytes),
	    db_int4s(names.id, names.n), db_bytea(cases.data, cases.len));
	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return busy(s);
	return store_failed(s, run, (int)row_int(r, 0, 0));
}

/* ---- which build ---- */

static const char *
commit_of(const struct result_run *run)
{
	for (size_t i = 0; i < run->nlayers; i++)
		if (strcmp(run->layers[i].name, "meta") == 0)
			return run->layers[i].commit;
	return "";
}

/* Builds that fit, best first; only one if a builder isn't known: of two that
 * build the same nobody can tell whose results these are. */
static enum err
find_build(struct db *db, const struct result_run *run, const char *builder,
    int *id, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	bool during;
	enum err err;

	*id = 0;
	if (run->ran == TIME_UNKNOWN || run->machine[0] == '\0')
		return ERR_OK;
	err = STMT_QUERY(db, Q_RESULT_BUILDS, &r, ei, DB_T(run->machine),
	    DB_TM(run->ran), DB_T(builder != NULL ? builder : ""),
	    DB_T(run->distro), DB_T(run->image), DB_T(commit_of(run)));
	if (err != ERR_OK || rows_count(r) == 0)
		return err;
	during = row_bool(r, 0, 2);
	/* Without an image only what was running then will do. */
	if (!during && run->image[0] == '\0')
		return ERR_OK;
	for (size_t i = 1; i < rows_count(r); i++)
		if (row_bool(r, i, 2) == during &&
		    strcmp(row_text(r, i, 1), row_text(r, 0, 1)) != 0)
			return ERR_OK;
	*id = (int)row_int(r, 0, 0);
	return ERR_OK;
}

enum err
result_find_build(
    struct db *db, const struct build *b, int *id, struct errinfo *ei)
{
	enum err err = ERR_OK;

	*id = 0;
	for (size_t i = 0; err == ERR_OK && *id == 0 && i < b->nresults; i++)
		err = find_build(db, b->results[i].run, b->env.builder, id, ei);
	return err;
}

/* A file gathers the results of one build after the other: what was made long
 * before this build began is of an earlier one, if that is known. */
static enum err
owner_of(struct store *s, const struct result_run *run, int *build)
{
	int other;
	enum err err;

	*build = s->build;
	if (s->b->results_alone || run->ran == TIME_UNKNOWN ||
	    run->ran > s->b->started - HOUR)
		return ERR_OK;
	err = find_build(s->db, run, s->b->env.builder, &other, s->ei);
	if (err == ERR_OK && other != 0)
		*build = other;
	return err;
}

static enum err
store_one(struct store *s, const struct told_result *told)
{
	enum decision what = INSERT;
	int build, old = 0, file;
	enum err err = owner_of(s, told->run, &build);

	if (err == ERR_OK)
		err = decide(s, told->run, build, &what, &old);
	if (err != ERR_OK || what == LEAVE)
		return err;
	if (what == REPLACE)
		err = STMT_EXEC(s->db, Q_RESULT_RUN_DELETE, s->ei, DB_I4(old));
	if (err == ERR_OK)
		err = store_file(s, told->file, &file);
	return err == ERR_OK ? insert(s, told->run, build, file) : err;
}

enum err
result_store(struct db *db, struct arena *a, const struct build *b, int build,
    struct errinfo *ei)
{
	struct store s = {db, a, b, build, ei};
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < b->nresults; i++)
		err = store_one(&s, &b->results[i]);
	return err;
}
