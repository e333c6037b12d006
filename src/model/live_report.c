/* live_report.c: events of builds that report themselves; see live_report.h. */
#include "model/live_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "archive/digest.h"
#include "archive/inflate.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/live_event.h"
#include "model/task_file.h"
#include "json/jobj.h"

DEFINE_CLEANUP(struct inflate *, cleanup_inflate, inflate_free);
DEFINE_CLEANUP(struct task_files *, cleanup_task_files, task_files_free);
DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

/* Of a build; a fold holds its tasks and files in memory. */
#define BUILD_TASKS_MAX 200000
#define BUILD_BYTES_MAX (INT64_C(256) << 20)
#define RANGES_MAX 20000
#define LOG_PACKED_MAX ((size_t)24 << 20)
#define FOLD_NO (-1)
#define FOLD_CHANGED 30 /* seconds between two folds that nothing hurries */

struct request {
	struct db *db;
	struct arena *a;
	const struct live_target *to;
	struct errinfo *ei;
	struct live_shapes shapes;
	size_t nknown; /* shapes that were known before */
	struct live_reader reader;
	size_t n, cap;
	struct live_event *events;
	struct slice *lines; /* what is kept of each; "" */
	size_t lines_cap;
	bool *is_new;
};

/* ---- reading ---- */

/* What is told in the row, or in live_task, isn't kept again. */
static bool
is_kept(enum live_kind kind)
{
	return kind == LIVE_TASKS || kind == LIVE_FILE || kind == LIVE_RECIPE ||
	       kind == LIVE_QA || kind == LIVE_ENVIRONMENT ||
	       kind == LIVE_FINISHED;
}

/* A frame that was sent must give a log, of a size that is taken. */
static enum err
check_log(struct request *q, struct slice frame)
{
	CLEANUP(cleanup_inflate)
	struct inflate *in =
	    inflate_new(LIVE_LOG_MAX, inflate_read_slice, &frame);
	struct slice piece = {"", 0};
	enum err err;

	while ((err = inflate_next(in, &piece, q->ei)) == ERR_OK && piece.n > 0)
		continue;
	return err == ERR_OK ? ERR_OK
			     : err_prefix(q->ei, "line %zu: failure: log",
				   q->reader.line);
}

static enum err
pack_log(struct request *q, struct live_event *e)
{
	CLEANUP(buf_clear) struct buf packed = BUF_INIT;

	if (e->log.n == 0)
		return ERR_OK;
	if (e->log_packed)
		return check_log(q, e->log);
	zstd_pack(&packed, e->log.p, e->log.n, 3);
	e->log = (struct slice){
	    arena_strndup(q->a, packed.data, packed.len), packed.len};
	return ERR_OK;
}

static enum err
take_line(struct request *q, struct slice line)
{
	struct live_event *e;
	enum err err;

	if (q->n == LIVE_LINES_MAX)
		return err_set(q->ei, ERR_TOO_BIG,
		    "line %zu: more lines than are taken at once",
		    q->reader.line + 1);
	q->events =
	    arena_grow(q->a, q->events, &q->cap, q->n + 1, sizeof(*q->events));
	q->lines = arena_grow(
	    q->a, q->lines, &q->lines_cap, q->n + 1, sizeof(*q->lines));
	e = &q->events[q->n];
	err = live_event_read(&q->reader, line, e, q->ei);
	if (err == ERR_OK && e->kind == LIVE_FAILURE)
		err = pack_log(q, e);
	if (err != ERR_OK)
		return err;
	q->lines[q->n] = (struct slice){"", 0};
	if (is_kept(e->kind))
		q->lines[q->n] =
		    (struct slice){arena_strndup(q->a, line.p, line.n), line.n};
	q->n++;
	return ERR_OK;
}

/* The whole lines of what is there; the rest stays. */
static enum err
take_lines(struct request *q, struct buf *text, bool end)
{
	struct slice rest = {text->data, text->len}, line = {"", 0};
	enum err err = ERR_OK;
	size_t left;

	while (err == ERR_OK && rest.n > 0 &&
	       (end || memchr(rest.p, '\n', rest.n) != NULL)) {
		slice_line(&rest, &line);
		if (slice_trim(line).n > 0)
			err = take_line(q, line);
		else
			q->reader.line++;
	}
	left = rest.n;
	if (left > 0)
		memmove(text->data, rest.p, left);
	text->len = left;
	if (err == ERR_OK && left > LIVE_LINE_MAX)
		err = err_set(q->ei, ERR_TOO_BIG, "line %zu: longer than 8 MiB",
		    q->reader.line + 1);
	return err;
}

static enum err
read_lines(struct request *q, const struct live_source *from)
{
	CLEANUP(cleanup_inflate)
	struct inflate *in =
	    inflate_new(LIVE_INFLATED_MAX, from->read, from->arg);
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	struct slice piece = {"", 0};
	enum err err;

	buf_adds(&text, "");
	while (
	    (err = inflate_next(in, &piece, q->ei)) == ERR_OK && piece.n > 0) {
		buf_add(&text, piece.p, piece.n);
		if (memchr(piece.p, '\n', piece.n) == NULL &&
		    text.len <= LIVE_LINE_MAX)
			continue;
		if ((err = take_lines(q, &text, false)) != ERR_OK)
			return err;
	}
	return err == ERR_OK ? take_lines(q, &text, true) : err;
}

static enum err
load_shapes(struct request *q)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(q->db, Q_LIVE_SHAPES, &r, q->ei, DB_I8(q->to->live));

	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		struct slice text = row_bytes(r, i, 0);
		live_shapes_add(&q->shapes, q->a,
		    (struct slice){
			arena_strndup(q->a, text.p, text.n), text.n});
	}
	q->nknown = q->shapes.n;
	return err;
}

/* ---- applying ---- */

static int
seq_order(const void *x, const void *y)
{
	int64_t a, b;

	memcpy(&a, x, sizeof(a));
	memcpy(&b, y, sizeof(b));
	return (a > b) - (a < b);
}

/* Marks the events that weren't applied yet, each number once; *seqs are
 * theirs. */
static enum err
find_new(struct request *q, int64_t **seqs, size_t *n)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int64_t *all = arena_calloc(q->a, q->n + 1, sizeof(*all));
	bool *taken;
	enum err err;

	for (size_t i = 0; i < q->n; i++)
		all[i] = q->events[i].seq;
	err = STMT_QUERY(q->db, Q_LIVE_NEW_SEQS, &r, q->ei, DB_I8(q->to->live),
	    db_int8s(all, q->n));
	if (err != ERR_OK)
		return err;
	*n = rows_count(r);
	*seqs = arena_calloc(q->a, *n + 1, sizeof(**seqs));
	taken = arena_calloc(q->a, *n + 1, sizeof(*taken));
	for (size_t i = 0; i < *n; i++)
		(*seqs)[i] = row_int(r, i, 0);
	for (size_t i = 0; i < q->n; i++) {
		const int64_t *at = *n > 0 ? bsearch(&all[i], *seqs, *n,
						 sizeof(**seqs), seq_order)
					   : NULL;
		/* of several with one number the first counts */
		while (at != NULL && at > *seqs && at[-1] == *at)
			at--;
		if (at == NULL || taken[at - *seqs])
			continue;
		taken[at - *seqs] = true;
		q->is_new[i] = true;
	}
	return ERR_OK;
}

/* Sums of what is new. */
struct gain {
	int64_t accepted, ignored, tasks, bytes;
	int fold;
	const struct live_event *running, *finished;
};

static struct gain
gain_of(const struct request *q)
{
	struct gain g = {.fold = FOLD_NO};

	for (size_t i = 0; i < q->n; i++) {
		const struct live_event *e = &q->events[i];
		if (!q->is_new[i])
			continue;
		g.accepted++;
		g.ignored += e->kind == LIVE_OTHER;
		g.tasks += (int64_t)e->nblocks;
		g.bytes += (int64_t)q->lines[i].n;
		if (e->kind == LIVE_RUNNING &&
		    (g.running == NULL || e->time >= g.running->time))
			g.running = e;
		if (e->kind == LIVE_FINISHED && g.finished == NULL)
			g.finished = e;
		if (e->kind == LIVE_FINISHED || e->kind == LIVE_FAILURE)
			g.fold = 0;
		else if (is_kept(e->kind) && g.fold == FOLD_NO)
			g.fold = FOLD_CHANGED;
	}
	return g;
}

static enum err
add_piece(struct request *q, int number)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	CLEANUP(buf_clear) struct buf packed = BUF_INIT;

	for (size_t i = 0; i < q->n; i++) {
		if (!q->is_new[i] || q->lines[i].n == 0)
			continue;
		buf_add(&text, q->lines[i].p, q->lines[i].n);
		buf_addc(&text, '\n');
	}
	zstd_pack(&packed, text.data, text.len, 3);
	return STMT_EXEC(q->db, Q_LIVE_PIECE_ADD, q->ei, DB_I8(q->to->live),
	    DB_I4(number), db_bytea(packed.data, packed.len));
}

static enum err
add_failure(struct request *q, const struct live_event *e)
{
	CLEANUP(cleanup_jobj) struct jobj *facts = jobj_new();
	CLEANUP(buf_clear) struct buf text = BUF_INIT;

	if (e->message[0] != '\0')
		jobj_string(facts, "message", e->message);
	jobj_write(facts, &text);
	return STMT_EXEC(q->db, Q_LIVE_TASK_ADD, q->ei, DB_I8(q->to->live),
	    DB_T(e->about.recipe), DB_T(e->about.version), DB_T(e->about.task),
	    DB_TM(e->time), DB_D(0), DB_I2(0), DB_N(),
	    e->log.n > 0 ? db_bytea(e->log.p, e->log.n) : DB_N(), DB_N(),
	    db_jsonb(text.data));
}

static enum err
add_shapes(struct request *q)
{
	size_t n = q->shapes.n - q->nknown;
	struct slice *hash = arena_calloc(q->a, n + 1, sizeof(*hash));
	struct slice *text = arena_calloc(q->a, n + 1, sizeof(*text));

	if (n == 0)
		return ERR_OK;
	for (size_t i = 0; i < n; i++) {
		struct live_shape *s = &q->shapes.shape[q->nknown + i];
		hash[i] = (struct slice){(char *)s->hash, sizeof(s->hash)};
		text[i] = s->text;
	}
	return STMT_EXEC(q->db, Q_LIVE_SHAPES_ADD, q->ei, DB_I8(q->to->live),
	    db_byteas(hash, n), db_byteas(text, n));
}

static enum err
advance(struct request *q, const struct gain *g, const int64_t *seqs, size_t n)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const struct live_event *run = g->running, *end = g->finished;
	bool took = end != NULL && isfinite(end->finished.elapsed);
	enum err err = STMT_QUERY(q->db, Q_LIVE_ADVANCE, &r, q->ei,
	    DB_I8(q->to->live), db_int8s(seqs, n), DB_I4(g->bytes > 0),
	    DB_I4(g->tasks), DB_I8(g->bytes), DB_I8(g->ignored),
	    run != NULL ? db_jsonb(run->json) : DB_N(),
	    run != NULL ? DB_TM(run->time) : DB_N(),
	    end != NULL ? DB_TM(end->time) : DB_N(),
	    DB_T(end != NULL ? end->finished.status : ""),
	    took ? DB_D(end->finished.elapsed) : DB_N(), DB_I4(g->fold));

	if (err == ERR_OK && row_int(r, 0, 0) > RANGES_MAX)
		return err_set(q->ei, ERR_INPUT,
		    "the numbers of this build's events have more gaps than "
		    "are remembered");
	return err;
}

static enum err
check_room(struct request *q, const struct gain *g, int *number)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(q->db, Q_LIVE_LOCK, &r, q->ei, DB_I8(q->to->live));

	(void)number;
	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return err_set(
		    q->ei, ERR_CONFLICT, "This build's report is closed.");
	if (g == NULL)
		return ERR_OK;
	*number = (int)row_int(r, 0, 0);
	if (row_int(r, 0, 1) + g->tasks > BUILD_TASKS_MAX ||
	    row_int(r, 0, 2) + g->bytes > BUILD_BYTES_MAX)
		return err_set(q->ei, ERR_TOO_BIG,
		    "This build has reported more than this server takes of "
		    "one.");
	return ERR_OK;
}

static enum err
apply(struct request *q, struct live_applied *out)
{
	int64_t *seqs;
	size_t n;
	int number = 0;
	struct gain g;
	enum err err = check_room(q, NULL, NULL);

	if (err != ERR_OK || (err = find_new(q, &seqs, &n)) != ERR_OK)
		return err;
	g = gain_of(q);
	*out = (struct live_applied){.accepted = g.accepted,
	    .duplicate = (int64_t)q->n - g.accepted,
	    .ignored = g.ignored};
	if (g.accepted == 0)
		return ERR_OK;
	if ((err = check_room(q, &g, &number)) != ERR_OK ||
	    (err = add_shapes(q)) != ERR_OK ||
	    (g.bytes > 0 && (err = add_piece(q, number)) != ERR_OK))
		return err;
	for (size_t i = 0; err == ERR_OK && i < q->n; i++)
		if (q->is_new[i] && q->events[i].kind == LIVE_FAILURE)
			err = add_failure(q, &q->events[i]);
	return err == ERR_OK ? advance(q, &g, seqs, n) : err;
}

enum err
live_report(struct db *db, struct arena *a, const struct live_source *from,
    struct live_applied *out, struct errinfo *ei)
{
	CLEANUP(cleanup_task_files)
	struct task_files *check = task_files_new(a, BUILD_TASKS_MAX);
	struct request q = {.db = db, .a = a, .to = from->to, .ei = ei};
	enum err err = load_shapes(&q);

	*out = (struct live_applied){0};
	q.reader = (struct live_reader){
	    .arena = a, .shapes = &q.shapes, .check = check, .now = from->now};
	if (err != ERR_OK || (err = read_lines(&q, from)) != ERR_OK)
		return err;
	if (q.n == 0)
		return err_set(ei, ERR_INPUT, "There is no event in it.");
	q.is_new = arena_calloc(a, q.n, sizeof(*q.is_new));
	if ((err = db_begin(db, DB_READ_WRITE, ei)) != ERR_OK)
		return err;
	return db_end(db, apply(&q, out), ei);
}
