/* live_fold.c: a live build becomes a build; see live_fold.h. */
#include <math.h>
#include <stdlib.h>
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
#include "model/depends.h"
#include "model/failure_store.h"
#include "model/live.h"
#include "model/live_fold.h"
#include "model/log_take.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct bundle *, cleanup_bundle, bundle_free);
DEFINE_CLEANUP(struct inflate *, cleanup_inflate, inflate_free);

#define LOG_BYTES_MAX ((uint64_t)1 << 30)  /* of one log, as it was */
#define LOGS_PACKED_MAX ((size_t)64 << 20) /* of all logs of a build */
#define QALOGS_MAX 200
#define QALOG_BYTES_MAX ((size_t)4 << 20)

struct fold {
	struct db *db;
	struct arena *a;
	const struct live_fold_options *options;
	struct live live;
	const char *bad; /* the file that can't be read */
	int build;
	bool running;
};

/* ---- reading ---- */

static const char *
uuid_text(struct arena *a, struct slice uuid)
{
	char hex[33];

	if (uuid.n != 16)
		return "";
	str_to_hex(hex, uuid.p, 16);
	return arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12,
	    hex + 16, hex + 20);
}

static void
read_live(struct fold *f, const struct rows *r)
{
	struct live *l = &f->live;
	struct arena *a = f->a;
	int builder = rows_column(r, "builder");
	int elapsed = rows_column(r, "elapsed");

	l->id = row_int(r, 0, rows_column(r, "id"));
	l->started = row_time(r, 0, rows_column(r, "started"));
	l->last_seen = row_time(r, 0, rows_column(r, "last_seen"));
	l->ended = row_time(r, 0, rows_column(r, "ended"));
	l->silent = row_bool(r, 0, rows_column(r, "silent"));
	l->status = arena_strdup(a, row_text(r, 0, rows_column(r, "status")));
	l->facts = arena_strdup(a, row_text(r, 0, rows_column(r, "facts")));
	l->reports = row_bool(r, 0, rows_column(r, "reports"));
	l->overtaken = row_bool(r, 0, rows_column(r, "overtaken"));
	l->uuid = uuid_text(a, row_bytes(r, 0, rows_column(r, "uuid")));
	l->name = arena_strdup(a, row_text(r, 0, rows_column(r, "name")));
	l->builder = row_is_null(r, 0, builder)
			 ? NULL
			 : arena_strdup(a, row_text(r, 0, builder));
	l->elapsed =
	    row_is_null(r, 0, elapsed) ? NAN : row_double(r, 0, elapsed);
	l->build = (int)row_int(r, 0, rows_column(r, "build"));
}

/* The one of this number; 0: which is due. */
static enum err
load_live(struct fold *f, int64_t id, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = id != 0 ? STMT_QUERY(f->db, Q_LIVE_GET, &r, ei,
				     DB_I8(id), DB_I4(f->options->silent))
			       : STMT_QUERY(f->db, Q_LIVE_NEXT, &r, ei,
				     DB_I4(f->options->silent));

	if (err == ERR_OK && rows_count(r) > 0)
		read_live(f, r);
	return err;
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
	    .message = arena_strdup(a, row_text(r, i, 10)),
	};
	t->pf = arena_printf(a, "%s-%s", t->recipe, t->version);
}

static enum err
load_tasks(struct fold *f, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct live *l = &f->live;
	enum err err = STMT_QUERY(
	    f->db, Q_LIVE_TASKS, &r, ei, DB_I8(l->id), DB_I4(l->build));

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

static enum err
take_log(struct fold *f, struct slice zstd, const struct taken_log **out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_inflate)
	struct inflate *in =
	    inflate_new(LOG_BYTES_MAX, inflate_read_slice, &zstd);
	struct log_taker *t = log_taker_new(f->a, f->options->rules);
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
	struct told_failure *all =
	    arena_calloc(f->a, l->n + b->ntold + 1, sizeof(*all));

	if (b->ntold > 0)
		memcpy(all, b->told, b->ntold * sizeof(*all));
	b->told = all;
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
		    .message = t->message,
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
	    .name = DEPENDS_TOLD_TEXT,
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

static int
package_order(const void *x, const void *y)
{
	const struct package *a = x, *b = y;

	return strcmp(a->pf, b->pf);
}

/* A PF is split by guessing; here is what its parts are. */
static void
name_recipes(struct fold *f, struct build *b)
{
	const struct live *l = &f->live;
	struct package *told =
	    arena_calloc(f->a, l->n + l->nnamed + 1, sizeof(*told));
	struct package *list =
	    arena_calloc(f->a, b->npackages + 1, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		told[n++] = (struct package){
		    l->tasks[i].pf, l->tasks[i].recipe, l->tasks[i].version};
	for (size_t i = 0; i < l->nnamed; i++) {
		const struct live_about *x = &l->named[i];
		told[n++] = (struct package){
		    arena_printf(f->a, "%s-%s", x->recipe, x->version),
		    x->recipe, x->version};
	}
	if (n > 1)
		qsort(told, n, sizeof(*told), package_order);
	for (size_t i = 0; i < b->npackages; i++) {
		const struct package *found =
		    n > 0 ? bsearch(&b->packages[i], told, n, sizeof(*told),
				package_order)
			  : NULL;
		list[i] = b->packages[i];
		if (found == NULL)
			continue;
		list[i].recipe = found->recipe;
		list[i].version = found->version;
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

static void
tell_left_out(struct fold *f, struct build *b)
{
	const struct live *l = &f->live;
	const char **all =
	    arena_calloc(f->a, b->nrepairs + l->nleft_out + 1, sizeof(*all));

	if (b->nrepairs > 0)
		memcpy(all, b->repairs, b->nrepairs * sizeof(*all));
	b->repairs = all;
	for (size_t i = 0; i < l->nleft_out; i++)
		all[b->nrepairs++] = arena_printf(
		    f->a, "%s was left out: %s", l->left_out[i], l->why[i]);
}

/* What its files don't tell. */
static enum err
add_told(struct fold *f, struct build *b, struct errinfo *ei)
{
	size_t cap = 0;
	enum err err;

	if (!f->live.reports) {
		b->texts = NULL;
		b->ntexts = 0;
		tell_depends(f, b, &cap);
		if ((err = tell_qalogs(f, b, &cap, ei)) != ERR_OK)
			return err;
	}
	name_recipes(f, b);
	set_status(f, b);
	tell_left_out(f, b);
	return tell_failures(f, b, ei);
}

/* The run comes first; behind it may be error reports that are about others. */
static enum err
store(void *arg, const struct build *read, struct errinfo *ei)
{
	struct fold *f = arg;
	struct build b = *read;
	struct store_result stored = {0};
	enum err err = ERR_OK;

	if (f->build == 0)
		err = add_told(f, &b, ei);
	if (err != ERR_OK)
		return err;
	if (f->build == 0)
		hash_content(f, &b);
	err = build_store_prepare(db_aside(f->db), b.started, ei);
	if (err == ERR_OK)
		err = build_store(f->db, f->a, &b, &stored, ei);
	if (err == ERR_OK && f->build == 0)
		f->build = stored.id;
	return err;
}

static enum err
read_files(struct fold *f, struct errinfo *ei)
{
	struct bundle_limits limits = bundle_limits_default;
	CLEANUP(cleanup_bundle) struct bundle *bundle = NULL;
	enum err err;

	limits.mask = f->options->rules;
	bundle = bundle_new(&limits, store, f);
	bundle_note(bundle, NULL, f->live.last_seen);
	err = live_files(f->a, &f->live, bundle, &f->bad, ei);
	return err == ERR_OK ? bundle_end(bundle, ei) : err;
}

static enum err
fold(struct fold *f, int64_t id, struct errinfo *ei)
{
	enum err err = load_live(f, id, ei);

	if (err != ERR_OK || f->live.id == 0)
		return err;
	if (f->live.reports && f->live.overtaken)
		return STMT_EXEC(
		    f->db, Q_LIVE_OVERTAKEN, ei, DB_I8(f->live.id));
	if ((err = load_tasks(f, ei)) != ERR_OK ||
	    (f->live.reports && (err = live_pieces_load(
				     f->db, f->a, &f->live, ei)) != ERR_OK) ||
	    (err = read_files(f, ei)) != ERR_OK)
		return err;
	return STMT_EXEC(f->db, Q_LIVE_FOLDED, ei, DB_I8(f->live.id),
	    DB_I4(f->build), DB_I2(f->running), DB_I4(f->options->silent));
}

/* One that a file of it stops is tried without that. */
static bool
leave_out(struct fold *f, enum err err, const struct errinfo *ei)
{
	struct live *l = &f->live;
	size_t most = sizeof(l->left_out) / sizeof(l->left_out[0]);

	if ((err != ERR_INPUT && err != ERR_TOO_BIG) || f->bad == NULL ||
	    l->nleft_out == most)
		return false;
	l->left_out[l->nleft_out] = f->bad;
	l->why[l->nleft_out++] = arena_strdup(f->a, ei->text);
	return true;
}

static enum err
try_fold(struct fold *f, struct errinfo *ei)
{
	enum err err;

	do {
		struct live *l = &f->live, kept = *l;
		*l = (struct live){.nleft_out = kept.nleft_out};
		memcpy(l->left_out, kept.left_out, sizeof(l->left_out));
		memcpy(l->why, kept.why, sizeof(l->why));
		f->bad = NULL;
		f->build = 0;
		if ((err = db_begin(f->db, DB_READ_WRITE, ei)) != ERR_OK)
			return err;
		err = db_end(f->db, fold(f, kept.id, ei), ei);
	} while (err != ERR_OK && leave_out(f, err, ei));
	return err;
}

enum err
live_fold(struct db *db, const struct live_fold_options *options, bool *done,
    struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct fold f = {.db = db, .a = a, .options = options};
	enum err err = try_fold(&f, ei);

	*done = f.live.id != 0;
	if (err == ERR_OK || err == ERR_DB || err == ERR_BUSY || !*done)
		return err;
	log_error("live build %lld can't be folded: %s%s%s",
	    (long long)f.live.id, ei->text, ei->detail[0] != '\0' ? ": " : "",
	    ei->detail);
	return STMT_EXEC(db, Q_LIVE_PUT_OFF, ei, DB_I8(f.live.id));
}

enum err
live_fold_now(struct db *db, int64_t live,
    const struct live_fold_options *options, int *build, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct fold f = {.db = db, .a = a, .options = options};
	enum err err = fold(&f, live, ei);

	*build = f.build;
	return err;
}

enum err
live_clean(struct db *db, struct errinfo *ei)
{
	enum err err = stmt_exec(db, Q_LIVE_CLEAN_TASKS, NULL, 0, NULL, ei);

	return err == ERR_OK
		   ? stmt_exec(db, Q_LIVE_CLEAN_BUILDS, NULL, 0, NULL, ei)
		   : err;
}
