/* spool_apply.c: see spool_apply.h. */
#include "model/spool_apply.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "db/stmt.h"
#include "model/build.h"
#include "model/oestats.h"
#include "model/spool.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

#define BATCH_EVENTS 500
#define BATCH_BYTES ((int64_t)8 << 20)
#define READ_MAX 64

/* A segment that was read to this size, so that nobody is asked about it until
 * it grows. */
struct read_to {
	char name[SPOOL_NAME_MAX];
	int64_t size;
};

struct spool_source {
	char *dir;
	int lock; /* -1: not ours */
	size_t next;
	struct read_to read[READ_MAX];
};

/* What is read of a segment in one transaction. */
struct batch {
	const char *name;
	int64_t from, to;
	size_t n;
	struct oestats_event *events;
	enum spool_found last; /* what came behind it */
};

struct spool_source *
spool_source_new(const char *dir)
{
	struct spool_source *s = must(calloc(1, sizeof(*s)));

	s->dir = must(strdup(dir));
	s->lock = -1;
	return s;
}

void
spool_source_free(struct spool_source *s)
{
	if (s == NULL)
		return;
	if (s->lock >= 0)
		close(s->lock);
	free(s->dir);
	free(s);
}

static enum err
find_position(
    struct db *db, const char *name, int64_t *position, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_SPOOL_POSITION, &r, ei, DB_T(name));

	*position = 0;
	if (err == ERR_OK && rows_count(r) > 0)
		*position = row_int(r, 0, 0);
	return err;
}

/* ---- one batch ---- */

static void
read_batch(struct spool_source *s, const struct spool_segment *seg,
    struct arena *a, struct batch *b)
{
	struct spool_record r;

	b->events = arena_calloc(a, BATCH_EVENTS, sizeof(*b->events));
	b->to = b->from;
	b->n = 0;
	while (b->n < BATCH_EVENTS && b->to - b->from < BATCH_BYTES) {
		b->last = spool_read(seg, b->to, a, &r);
		if (b->last != SPOOL_RECORD)
			return;
		if (oestats_decode(&r, &b->events[b->n])) {
			b->n++;
		} else {
			log_error("%s/%s: what stands at %lld is no event",
			    s->dir, b->name, (long long)b->to);
			spool_put_aside(s->dir, b->name);
		}
		b->to = r.end;
	}
}

static enum err
store_batch(
    struct db *db, struct arena *a, const struct batch *b, struct errinfo *ei)
{
	const struct db_param params[] = {
	    DB_T(b->name), DB_I8(b->from), DB_I8(b->to)};
	size_t affected;
	enum err err = db_begin(db, DB_READ_WRITE, ei);

	if (err != ERR_OK)
		return err;
	err = stmt_exec(db, Q_SPOOL_ADVANCE, params, 3, &affected, ei);
	if (err == ERR_OK && affected == 0)
		err = err_set(ei, ERR_BUSY,
		    "somebody else has read on in the segment %s", b->name);
	if (err == ERR_OK)
		err = oestats_apply(db, a, b->events, b->n, ei);
	return db_end(db, err, ei);
}

/* The database is there, but refuses it. */
static bool
is_refused(enum err err)
{
	return err != ERR_OK && err != ERR_DB && err != ERR_BUSY;
}

/* What is refused must not keep the rest waiting for ever: it is tried alone,
 * and if that fails as well passed over, the segment being put aside. */
static enum err
store_one_by_one(struct spool_source *s, struct db *db,
    const struct spool_segment *seg, struct batch *b, struct errinfo *ei)
{
	int64_t end = b->to;
	enum err err = ERR_OK;

	for (b->to = b->from; err == ERR_OK && b->from < end; b->from = b->to) {
		CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
		struct oestats_event *e = arena_alloc(a, sizeof(*e));
		struct spool_record r;
		if (spool_read(seg, b->from, a, &r) != SPOOL_RECORD)
			return ERR_OK;
		b->events = e;
		b->n = oestats_decode(&r, e);
		b->to = r.end;
		err = store_batch(db, a, b, ei);
		if (!is_refused(err))
			continue;
		log_error("%s/%s: what stands at %lld was refused: %s: %s",
		    s->dir, b->name, (long long)b->from, ei->text, ei->detail);
		spool_put_aside(s->dir, b->name);
		b->n = 0;
		err = store_batch(db, a, b, ei);
	}
	return err;
}

/* ---- segments ---- */

/* Nobody will write to it, and nothing is left to be read. */
static enum err
finish(struct spool_source *s, struct db *db, const struct batch *b,
    struct errinfo *ei)
{
	if (b->last == SPOOL_BROKEN) {
		log_warn("%s/%s: what stands behind %lld is not whole and was "
			 "not acknowledged, or is damaged",
		    s->dir, b->name, (long long)b->to);
		spool_put_aside(s->dir, b->name);
	}
	spool_remove(s->dir, b->name);
	return STMT_EXEC(db, Q_SPOOL_FORGET, ei, DB_T(b->name));
}

static struct read_to *
find_read(struct spool_source *s, const char *name)
{
	for (size_t i = 0; i < READ_MAX; i++)
		if (strcmp(s->read[i].name, name) == 0)
			return &s->read[i];
	return NULL;
}

static void
note_read(struct spool_source *s, const struct spool_segment *seg)
{
	struct read_to *at = find_read(s, seg->name);

	if (at == NULL)
		at = &s->read[s->next++ % READ_MAX];
	memcpy(at->name, seg->name, sizeof(at->name));
	at->size = seg->size;
}

static bool
is_read(struct spool_source *s, const struct spool_segment *seg)
{
	const struct read_to *at = find_read(s, seg->name);

	return !seg->over &&
	       (seg->size == 0 || (at != NULL && at->size == seg->size));
}

static enum err
apply_segment(struct spool_source *s, struct db *db,
    const struct spool_segment *seg, uint64_t *applied, struct errinfo *ei)
{
	struct batch b = {.name = seg->name, .last = SPOOL_RECORD};
	enum err err = find_position(db, seg->name, &b.from, ei);

	while (err == ERR_OK && b.last == SPOOL_RECORD) {
		CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
		read_batch(s, seg, a, &b);
		if (b.to == b.from)
			break;
		*applied += b.n;
		err = store_batch(db, a, &b, ei);
		if (is_refused(err))
			err = store_one_by_one(s, db, seg, &b, ei);
		b.from = b.to;
	}
	if (err == ERR_OK && b.last == SPOOL_END)
		note_read(s, seg);
	if (err == ERR_OK && seg->over && b.last != SPOOL_RECORD)
		err = finish(s, db, &b, ei);
	return err;
}

enum err
spool_apply(struct spool_source *s, struct db *db, uint64_t *applied,
    struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	const char **names;
	size_t n;
	enum err err;

	if (s->lock < 0)
		s->lock = spool_lock(s->dir);
	if (s->lock < 0)
		return ERR_OK;
	err = spool_list(a, s->dir, &names, &n, ei);
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		struct spool_segment seg;
		if (!spool_open(s->dir, names[i], &seg))
			continue;
		if (!is_read(s, &seg))
			err = apply_segment(s, db, &seg, applied, ei);
		spool_close(&seg);
	}
	return err;
}

enum err
spool_source_clean(struct spool_source *s, struct db *db, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	const char **names;
	size_t n;
	enum err err = spool_list(a, s->dir, &names, &n, ei);

	if (err == ERR_OK)
		err = STMT_EXEC(db, Q_SPOOL_KEEP, ei, db_texts(names, n));
	return err == ERR_OK ? stmt_exec(db, Q_SPOOL_CLEAN, NULL, 0, NULL, ei)
			     : err;
}

enum err
spool_unread(struct db *db, struct arena *a, const char *dir, int64_t *bytes,
    int64_t *oldest, struct errinfo *ei)
{
	const char **names;
	size_t n;
	enum err err = spool_list(a, dir, &names, &n, ei);

	*bytes = 0;
	*oldest = TIME_UNKNOWN;
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		struct spool_segment seg;
		int64_t from, time;
		if (!spool_open(dir, names[i], &seg))
			continue;
		err = find_position(db, names[i], &from, ei);
		if (err == ERR_OK && from < seg.size) {
			*bytes += seg.size - from;
			time = spool_time(&seg, from);
			if (*oldest == TIME_UNKNOWN || time < *oldest)
				*oldest = time;
		}
		spool_close(&seg);
	}
	return err;
}
