/* oestats_fold.c: a live build becomes a build; see oestats.h. */
#include <string.h>
#include <strings.h>

#include "archive/digest.h"
#include "archive/inflate.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "db/stmt.h"
#include "model/build_store.h"
#include "model/bundle.h"
#include "model/content.h"
#include "model/failure_store.h"
#include "model/live.h"
#include "model/log_take.h"
#include "model/oestats.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct bundle *, cleanup_bundle, bundle_free);
DEFINE_CLEANUP(struct inflate *, cleanup_inflate, inflate_free);

#define LOG_BYTES_MAX ((uint64_t)1 << 30)  /* of one log, as it was */
#define LOGS_PACKED_MAX ((size_t)64 << 20) /* of all logs of a build */
#define QALOGS_MAX 200
#define QALOG_BYTES_MAX ((size_t)4 << 20)
#define DEPENDS_TEXT "depends"

struct fold {
	struct db *db;
	struct arena *a;
	unsigned rules;
	struct live live;
	int build;
	bool running;
};

/* ---- reading ---- */

static enum err
load_next(struct fold *f, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = stmt_query(f->db, Q_LIVE_NEXT, NULL, 0, &r, ei);

	if (err != ERR_OK || rows_count(r) == 0)
		return err;
	f->live = (struct live){
	    .id = row_int(r, 0, rows_column(r, "id")),
	    .started = row_time(r, 0, rows_column(r, "started")),
	    .last_seen = row_time(r, 0, rows_column(r, "last_seen")),
	    .ended = row_time(r, 0, rows_column(r, "ended")),
	    .silent = row_bool(r, 0, rows_column(r, "silent")),
	    .status =
		arena_strdup(f->a, row_text(r, 0, rows_column(r, "status"))),
	    .facts =
		arena_strdup(f->a, row_text(r, 0, rows_column(r, "facts"))),
	};
	return ERR_OK;
}

static void
read_task(struct fold *f, const struct rows *r, size_t i, struct live_task *t)
{
	struct arena *a = f->a;

	*t = (struct live_task){
	    .recipe = arena_strdup(a, row_text(r, i, 0)),
	    .version = arena_strdup(a, row_text(r, i, 1)),
	    .task = arena_strdup(a, row_text(r, i, 2)),
	    .ended = row_time(r, i, 3),
	    .seconds = row_double(r, i, 4),
	    .passed = row_bool(r, i, 5),
	    .number = (int)row_int(r, i, 6),
	    .logged = row_bool(r, i, 7),
	    .qalogged = row_bool(r, i, 8),
	    .depends = arena_strdup(a, row_text(r, i, 9)),
	};
	t->pf = arena_printf(a, "%s-%s", t->recipe, t->version);
}

static enum err
load_tasks(struct fold *f, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct live *l = &f->live;
	enum err err = STMT_QUERY(f->db, Q_LIVE_TASKS, &r, ei, DB_I8(l->id));

	if (err != ERR_OK)
		return err;
	l->n = rows_count(r);
	l->tasks = arena_calloc(f->a, l->n + 1, sizeof(*l->tasks));
	for (size_t i = 0; i < l->n; i++)
		read_task(f, r, i, &l->tasks[i]);
	return ERR_OK;
}

/* ---- logs ---- */

static enum err
load_log(struct fold *f, const struct live_task *t, const char *column,
    struct rows **r, struct slice *bytes, struct errinfo *ei)
{
	enum err err = STMT_QUERY(f->db, Q_LIVE_LOG, r, ei, DB_I8(f->live.id),
	    DB_T(t->recipe), DB_T(t->version), DB_T(t->task), DB_TM(t->ended));

	*bytes = (struct slice){"", 0};
	if (err == ERR_OK && rows_count(*r) > 0)
		*bytes = row_bytes(*r, 0, rows_column(*r, column));
	return err;
}

/* For inflate: all that is left. */
static long
read_slice(void *arg, void *into, size_t n, struct errinfo *ei)
{
	struct slice *s = arg;

	(void)ei;
	if (n > s->n)
		n = s->n;
	if (n > 0)
		memcpy(into, s->p, n);
	s->p += n;
	s->n -= n;
	return (long)n;
}

static enum err
take_log(struct fold *f, struct slice zstd, const struct taken_log **out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_inflate)
	struct inflate *in = inflate_new(LOG_BYTES_MAX, read_slice, &zstd);
	struct log_taker *t = log_taker_new(f->a, f->rules);
	struct slice piece = {"", 0};
	enum err err;

	while ((err = inflate_next(in, &piece, ei)) == ERR_OK && piece.n > 0)
		log_taker_add(t, piece.p, piece.n);
	if (err == ERR_OK)
		*out = log_taker_end(t);
	log_taker_free(t);
	return err;
}

/* A log that can't be read must not cost the others their build. */
static enum err
told_log(struct fold *f, const struct live_task *t, struct told_failure *told,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct errinfo broken = {0};
	struct slice zstd;
	enum err err = load_log(f, t, "log", &r, &zstd, ei);

	if (err != ERR_OK || zstd.n == 0)
		return err;
	if (take_log(f, zstd, &told->log, &broken) == ERR_OK)
		return ERR_OK;
	told->message = "Its log can't be read.";
	log_warn("live build %lld: the log of %s %s: %s", (long long)f->live.id,
	    t->pf, t->task, broken.text);
	return ERR_OK;
}

static enum err
tell_failures(struct fold *f, struct build *b, struct errinfo *ei)
{
	const struct live *l = &f->live;
	size_t before = arena_used(f->a);

	b->told = arena_calloc(f->a, l->n + 1, sizeof(*b->told));
	for (size_t i = 0; i < l->n; i++) {
		const struct live_task *t = &l->tasks[i];
		struct told_failure *told = &b->told[b->ntold];
		enum err err = ERR_OK;
		if (t->passed)
			continue;
		*told = (struct told_failure){
		    .kind = FAILURE_TASK,
		    .recipe = t->recipe,
		    .version = t->version,
		    .task = t->task,
		    .message = "",
		    .seen = t->ended,
		    .number = t->number,
		};
		b->ntold++;
		if (t->logged && arena_used(f->a) - before < LOGS_PACKED_MAX)
			err = told_log(f, t, told, ei);
		else if (t->logged)
			told->message = "Its log was left out: the logs of "
					"this build are too many.";
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

/* ---- texts ---- */

static struct build_text *
add_text(struct fold *f, struct build *b, size_t *cap)
{
	b->texts =
	    arena_grow(f->a, b->texts, cap, b->ntexts + 1, sizeof(*b->texts));
	return &b->texts[b->ntexts++];
}

/* What each package said that it depends on. */
static void
tell_depends(struct fold *f, struct build *b, size_t *cap)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	CLEANUP(buf_clear) struct buf packed = BUF_INIT;
	const char *last = "";

	for (size_t i = 0; i < f->live.n; i++) {
		const struct live_task *t = &f->live.tasks[i];
		if (t->depends[0] == '\0' || strcmp(t->pf, last) == 0)
			continue;
		last = t->pf;
		buf_addf(&text, "%s: %s\n", t->pf, t->depends);
	}
	if (text.len == 0)
		return;
	zstd_pack(&packed, text.data, text.len, 3);
	*add_text(f, b, cap) = (struct build_text){
	    .name = DEPENDS_TEXT,
	    .size = text.len,
	    .zstd = {arena_strndup(f->a, packed.data, packed.len), packed.len},
	};
}

static enum err
tell_qalogs(struct fold *f, struct build *b, size_t *cap, struct errinfo *ei)
{
	size_t n = 0;

	for (size_t i = 0; i < f->live.n && n < QALOGS_MAX; i++) {
		CLEANUP(cleanup_rows) struct rows *r = NULL;
		const struct live_task *t = &f->live.tasks[i];
		struct errinfo broken = {0};
		struct slice zstd, text;
		enum err err;
		if (!t->qalogged)
			continue;
		if ((err = load_log(f, t, "qalog", &r, &zstd, ei)) != ERR_OK)
			return err;
		if (zstd_unpack(f->a, zstd, QALOG_BYTES_MAX, &text, &broken) !=
			ERR_OK ||
		    text.n == 0)
			continue;
		*add_text(f, b, cap) = (struct build_text){
		    .name = arena_printf(f->a, "qalog.%s", t->pf),
		    .size = text.n,
		    .zstd = {arena_strndup(f->a, zstd.p, zstd.n), zstd.n},
		};
		n++;
	}
	return ERR_OK;
}

/* ---- the build ---- */

/* A PF is split by guessing; here is what its parts are. */
static void
name_recipes(struct fold *f, struct build *b)
{
	struct package *list =
	    arena_calloc(f->a, b->npackages + 1, sizeof(*list));
	size_t at = 0;

	for (size_t i = 0; i < b->npackages; i++) {
		list[i] = b->packages[i];
		while (at < f->live.n &&
		       strcmp(f->live.tasks[at].pf, list[i].pf) < 0)
			at++;
		if (at == f->live.n ||
		    strcmp(f->live.tasks[at].pf, list[i].pf) != 0)
			continue;
		list[i].recipe = f->live.tasks[at].recipe;
		list[i].version = f->live.tasks[at].version;
	}
	b->packages = list;
}

/* The client's word counts where its tasks don't tell: a build may fail before
 * it has any. */
static void
set_status(struct fold *f, struct build *b)
{
	const struct live *l = &f->live;

	f->running = l->ended == TIME_UNKNOWN && !l->silent;
	if (f->running)
		b->status = BUILD_RUNNING;
	else if (b->status == BUILD_SUCCEEDED &&
		 strcasecmp(l->status, "Failed") == 0)
		b->status = BUILD_FAILED;
}

/* The same tasks in another state are something else to store. */
static void
hash_content(struct fold *f, struct build *b)
{
	unsigned char both[DIGEST_BYTES + 1];

	build_hash_content(f->a, b);
	memcpy(both, b->content, DIGEST_BYTES);
	both[DIGEST_BYTES] = (unsigned char)b->status;
	digest_of(both, sizeof(both), b->content);
}

static enum err
store(void *arg, const struct build *read, struct errinfo *ei)
{
	struct fold *f = arg;
	struct build b = *read;
	struct store_result stored;
	size_t cap = 0;
	enum err err;

	b.texts = NULL;
	b.ntexts = 0;
	name_recipes(f, &b);
	set_status(f, &b);
	tell_depends(f, &b, &cap);
	if ((err = tell_qalogs(f, &b, &cap, ei)) != ERR_OK ||
	    (err = tell_failures(f, &b, ei)) != ERR_OK)
		return err;
	hash_content(f, &b);
	err = build_store_prepare(db_aside(f->db), b.started, ei);
	if (err == ERR_OK)
		err = build_store(f->db, f->a, &b, &stored, ei);
	if (err == ERR_OK)
		f->build = stored.id;
	return err;
}

static enum err
fold(struct fold *f, struct errinfo *ei)
{
	CLEANUP(cleanup_bundle)
	struct bundle *bundle = bundle_new(&bundle_limits_default, store, f);
	enum err err = load_next(f, ei);

	if (err != ERR_OK || f->live.id == 0)
		return err;
	if ((err = load_tasks(f, ei)) != ERR_OK ||
	    (err = live_files(f->a, &f->live, bundle, ei)) != ERR_OK ||
	    (err = bundle_end(bundle, ei)) != ERR_OK)
		return err;
	return STMT_EXEC(f->db, Q_LIVE_FOLDED, ei, DB_I8(f->live.id),
	    DB_I4(f->build), DB_I2(f->running));
}

enum err
oestats_fold(struct db *db, unsigned rules, bool *done, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct fold f = {.db = db, .a = a, .rules = rules};
	enum err err = db_begin(db, DB_READ_WRITE, ei);

	*done = false;
	if (err != ERR_OK)
		return err;
	err = db_end(db, fold(&f, ei), ei);
	*done = f.live.id != 0;
	if (err == ERR_OK || err == ERR_DB || err == ERR_BUSY || !*done)
		return err;
	log_error("live build %lld can't be folded: %s%s%s",
	    (long long)f.live.id, ei->text, ei->detail[0] != '\0' ? ": " : "",
	    ei->detail);
	return STMT_EXEC(db, Q_LIVE_PUT_OFF, ei, DB_I8(f.live.id));
}

enum err
oestats_build(struct db *db, int64_t id, int *build, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	unsigned char uuid[16];
	enum err err;

	live_uuid(id, uuid);
	err = STMT_QUERY(db, Q_LIVE_BUILD_OF, &r, ei, DB_I8(id), db_uuid(uuid));
	if (err != ERR_OK)
		return err;
	if (row_is_null(r, 0, 0))
		return err_set(
		    ei, ERR_NOT_FOUND, "Nothing is known of this build yet.");
	*build = (int)row_int(r, 0, 0);
	return ERR_OK;
}
