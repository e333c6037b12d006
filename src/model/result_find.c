/* result_find.c: see result_find.h. */
#include "model/result_find.h"

#include <stdlib.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "db/stmt.h"
#include "model/mask.h"
#include "model/result_log.h"
#include "model/result_read.h"
#include "json/jevents.h"

#define PIECES_AT_ONCE 8
#define LINE_MAX_BYTES ((size_t)64 << 10)
#define OUT_BYTES ((size_t)32 << 10)

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

/* ---- the file ---- */

struct sink {
	result_piece_fn fn;
	void *arg;
	uint64_t next; /* byte that comes next */
};

static enum err
give(struct sink *s, const struct rows *r, size_t i, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	uint64_t start = (uint64_t)row_int(r, i, 1);
	struct slice piece;
	enum err err =
	    zstd_unpack(a, row_bytes(r, i, 3), RESULT_PIECE, &piece, ei);

	if (err != ERR_OK)
		return err;
	if (s->next < start || s->next - start > piece.n)
		return err_set(
		    ei, ERR_INTERNAL, "A part of a test result file is gone.");
	piece.p += s->next - start;
	piece.n -= (size_t)(s->next - start);
	s->next += piece.n;
	return s->fn(s->arg, piece, ei);
}

static enum err
file_from(struct db *db, int file, struct sink *s, struct errinfo *ei)
{
	enum err err = ERR_OK;

	for (bool more = true; err == ERR_OK && more;) {
		CLEANUP(cleanup_rows) struct rows *r = NULL;
		err = STMT_QUERY(db, Q_RESULT_PIECES, &r, ei, DB_I4(file),
		    DB_I8((int64_t)s->next), DB_I4(PIECES_AT_ONCE));
		more = err == ERR_OK && rows_count(r) == PIECES_AT_ONCE;
		for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++)
			err = give(s, r, i, ei);
	}
	return err;
}

enum err
result_file_bytes(
    struct db *db, int file, result_piece_fn fn, void *arg, struct errinfo *ei)
{
	struct sink s = {fn, arg, 0};

	return file_from(db, file, &s, ei);
}

/* ---- the log ---- */

struct finder {
	const struct result_place *place;
	result_piece_fn fn;
	void *arg;
	struct jevents *events;
	struct result_inflate *inflate;
	unsigned depth;     /* the run's own object is 1 */
	unsigned match;     /* so many objects below it lead to the log */
	bool leads;         /* the last key does, too */
	const char *member; /* "log", "stdout", "stderr" */
	bool taking;        /* the string at hand is the log */
	bool any, done;     /* something was found; nothing more will be */
	char sections[80];  /* "ptestresult.sections" */
	const char *suite;  /* "glib-2.0" */
	struct mask mask;
	struct buf line, out;
	bool cut; /* the line was too long */
	enum err failed;
	struct errinfo *ei;
};

static void
send(struct finder *f, size_t least)
{
	if (f->out.len < least || f->out.len == 0)
		return;
	if (f->failed == ERR_OK)
		f->failed = f->fn(
		    f->arg, (struct slice){f->out.data, f->out.len}, f->ei);
	buf_reset(&f->out);
}

static void
end_line(struct finder *f, bool lf)
{
	mask_line(&f->mask, (struct slice){f->line.data, f->line.len}, &f->out,
	    NULL, 0);
	if (f->cut)
		buf_adds(&f->out, " [the rest of this line is left out]");
	if (lf)
		buf_addc(&f->out, '\n');
	buf_reset(&f->line);
	f->cut = false;
	send(f, OUT_BYTES);
}

static void
on_log(void *arg, const char *p, size_t n)
{
	struct finder *f = arg;

	while (n > 0) {
		const char *lf = memchr(p, '\n', n);
		size_t len = lf != NULL ? (size_t)(lf - p) : n;
		size_t room = LINE_MAX_BYTES - f->line.len;
		f->cut |= len > room;
		buf_add(&f->line, p, len < room ? len : room);
		if (lf != NULL)
			end_line(f, true);
		len += lf != NULL;
		p += len;
		n -= len;
	}
}

static void
begin_log(struct finder *f, bool compressed)
{
	if (f->any)
		buf_addf(&f->out, "\n==== %s ====\n", f->member);
	f->any = f->taking = true;
	f->mask.in_key = false;
	result_inflate_begin(f->inflate, compressed);
}

static void
end_log(struct finder *f)
{
	enum result_log_state state = result_inflate_end(f->inflate);

	f->taking = false;
	if (f->line.len > 0)
		end_line(f, false);
	if (state != RESULT_LOG_GOOD)
		buf_addf(&f->out, "\n[%s]\n",
		    state == RESULT_LOG_LIMIT
			? "the log is longer than is shown"
			: "what follows can't be inflated");
}

/* ---- the way to it ---- */

/* How many objects lead to the one that holds the log. */
static unsigned
way_length(const struct finder *f)
{
	return f->suite != NULL ? 3 : 2;
}

static const char *
log_member(const struct finder *f, struct slice key)
{
	static const char *const members[] = {"log", "stdout", "stderr"};
	size_t n = f->suite != NULL ? 1 : 3;

	for (size_t i = 0; i < n; i++)
		if (slice_is(key, members[i]))
			return members[i];
	return NULL;
}

/* Names were scrubbed and cut when they were stored. */
static bool
is_test(const struct finder *f, struct slice key)
{
	CLEANUP(cleanup_arena) struct arena *a = NULL;

	if (slice_is(key, f->place->test))
		return true;
	if (utf8_clean(key.p, key.n) && key.n <= RESULT_NAME_MAX)
		return false;
	a = arena_new(0);
	return strcmp(utf8_cut(a, utf8_scrub(a, key.p, key.n), RESULT_NAME_MAX),
		   f->place->test) == 0;
}

static bool
leads(struct finder *f, struct slice key)
{
	unsigned way = way_length(f);

	if (f->match > way)
		return slice_is(key, "compressed");
	if (f->match == way)
		return (f->member = log_member(f, key)) != NULL;
	if (f->match == 0)
		return slice_is(key, "result");
	if (f->suite == NULL)
		return is_test(f, key);
	return slice_is(key, f->match == 1 ? f->sections : f->suite);
}

static void
open_container(struct finder *f, bool object)
{
	if (object && f->leads && f->depth == f->match + 1 &&
	    f->match <= way_length(f))
		f->match++;
	f->leads = false;
	f->depth++;
}

static void
close_container(struct finder *f)
{
	f->depth--;
	f->leads = false;
	if (f->depth > 0 && f->match > f->depth - 1)
		f->match = f->depth - 1;
	if (f->depth == 0 || (f->any && f->match < way_length(f)))
		f->done = true;
}

static void
begin_text(struct finder *f)
{
	unsigned way = way_length(f);

	if (f->leads && f->depth == f->match + 1 && f->match >= way)
		begin_log(f, f->match > way);
	f->leads = false;
}

static enum err
on_event(void *arg, enum jevent event, struct slice text, struct errinfo *ei)
{
	struct finder *f = arg;

	f->ei = ei;
	switch (event) {
	case JEVENT_OBJECT:
	case JEVENT_ARRAY:
		open_container(f, event == JEVENT_OBJECT);
		break;
	case JEVENT_OBJECT_END:
	case JEVENT_ARRAY_END:
		close_container(f);
		break;
	case JEVENT_KEY:
		f->leads = f->depth == f->match + 1 && leads(f, text);
		break;
	case JEVENT_TEXT:
		begin_text(f);
		break;
	case JEVENT_PIECE:
		if (f->taking)
			result_inflate_add(f->inflate, text);
		break;
	case JEVENT_TEXT_END:
		if (f->taking)
			end_log(f);
		break;
	default:
		f->leads = false;
		break;
	}
	/* What has been found is enough: any error ends the reading. */
	if (f->failed == ERR_OK && f->done)
		return ERR_NOT_FOUND;
	return f->failed;
}

static enum err
on_piece(void *arg, struct slice piece, struct errinfo *ei)
{
	struct finder *f = arg;

	return jevents_add(f->events, piece.p, piece.n, ei);
}

/* "ptestresult.glib-2.0": the section glib-2.0 of ptestresult.sections. */
static bool
split_suite(struct finder *f)
{
	struct slice rest = slice_of(f->place->suite), kind;

	if (rest.n == 0)
		return true;
	if (!slice_cut(&rest, '.', &kind) || kind.n > 60)
		return false;
	memcpy(f->sections, kind.p, kind.n);
	memcpy(f->sections + kind.n, ".sections", sizeof(".sections"));
	f->suite = rest.p;
	return true;
}

static enum err
find(struct db *db, struct finder *f, struct errinfo *ei)
{
	struct sink s = {on_piece, f, f->place->position};
	enum err err = file_from(db, f->place->file, &s, ei);

	if (err == ERR_NOT_FOUND && f->done)
		err = ERR_OK;
	if (err == ERR_OK && !f->any)
		return err_set(
		    ei, ERR_NOT_FOUND, "There is no such log in the results.");
	f->ei = ei;
	send(f, 0);
	return err == ERR_OK ? f->failed : err;
}

enum err
result_log_find(struct db *db, const struct result_place *place,
    result_piece_fn fn, void *arg, struct errinfo *ei)
{
	struct finder f = {.place = place,
	    .fn = fn,
	    .arg = arg,
	    .mask = {.rules = place->rules}};
	enum err err;

	if (!split_suite(&f))
		return err_set(ei, ERR_NOT_FOUND, "There is no such suite.");
	f.events = jevents_new("a stored file", on_event, &f);
	f.inflate = result_inflate_new(RESULT_LOG_MAX, on_log, &f);
	err = find(db, &f, ei);
	jevents_free(f.events);
	result_inflate_free(f.inflate);
	buf_clear(&f.line);
	buf_clear(&f.out);
	return err;
}
