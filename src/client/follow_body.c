/* follow_body.c: what goes to a server in one request; see follow.h. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "client/files.h"
#include "client/follow.h"
#include "client/follow_tasks.h"
#include "client/follow_text.h"
#include "client/say.h"
#include "model/mask.h"
#include "model/task_file.h"
#include "json/jobj.h"

#define TASK_FILE_MAX ((size_t)4 << 20)
#define FILE_MAX_BYTES ((size_t)256 << 20)
#define PIECE ((int64_t)256 << 10)
#define BODY_MAX ((size_t)4 << 20) /* about; a log comes on top */
#define LOG_PLAIN_MAX ((size_t)4 << 20)
#define LOG_MAX ((size_t)128 << 20)

/* Numbers of tasks wait for company: half the build's age, but so long. */
#define WAIT_LEAST_MS 120000
#define WAIT_MOST_MS 900000
/* A snapshot at most so often: a sixth of the build's age, but so long. */
#define SNAPSHOT_LEAST_MS 10000
#define SNAPSHOT_MOST_MS 60000

DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);
DEFINE_CLEANUP(struct task_files *, cleanup_tasks, task_files_free);
DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

static int64_t
clamp(int64_t v, int64_t least, int64_t most)
{
	return v < least ? least : v > most ? most : v;
}

/* A clock that is wrong by years must not make the server refuse it all. */
static double
plausible(double t)
{
	double now = (double)time(NULL);

	if (now < 946684801)
		now = 946684801;
	return t < 946684801 || t > now + 43200 ? now : t;
}

static void
begin_event(struct follow_server *s, int64_t seq, double t, const char *kind)
{
	buf_addf(&s->body,
	    "{\"seq\":%" PRId64 ",\"time\":%.2f,\"event\":\"%s\"", seq,
	    plausible(t), kind);
	s->body_events++;
}

/* ---- notes ---- */

static void
add_log(struct follow *f, struct follow_server *s, const char *name)
{
	CLEANUP(buf_clear) struct buf masked = BUF_INIT;
	CLEANUP(buf_clear) struct buf packed = BUF_INIT;
	struct slice text;
	const char *path = arena_printf(f->scratch, "%s/%s", f->dir, name);

	if (file_read(f->scratch, path, LOG_MAX, &text, NULL) != ERR_OK)
		return;
	follow_mask(f, s, text, &masked);
	text =
	    (struct slice){masked.data != NULL ? masked.data : "", masked.len};
	if (text.n <= LOG_PLAIN_MAX) {
		follow_add_text(
		    f->scratch, &s->body, "log", "log_base64", text);
		return;
	}
	zstd_pack(&packed, text.p, text.n, 9);
	buf_adds(&s->body, ",\"log_zstd_base64\":\"");
	follow_add_base64(&s->body, buf_slice(&packed));
	buf_addc(&s->body, '"');
}

static void
add_member(struct follow *f, struct follow_server *s, const struct jobj *j,
    const char *key)
{
	const char *text = jobj_text(j, key);

	if (text[0] == '\0')
		return;
	buf_addf(&s->body, ",\"%s\":", key);
	buf_add_json(&s->body, follow_masked(f, s, text));
}

/* Failures and QA messages, member by member. */
static void
add_message(struct follow *f, struct follow_server *s,
    const struct follow_note *n, const struct jobj *j)
{
	static const char *const members[] = {
	    "recipe", "version", "task", "class", "level", "message"};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		add_member(f, s, j, members[i]);
	if (jobj_text(j, "file")[0] != '\0' && strcmp(n->kind, "failure") == 0)
		add_log(f, s, jobj_text(j, "file"));
}

static void
add_note(struct follow *f, struct follow_server *s, size_t number)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	const struct follow_note *n = &f->note[number];
	static const char event[] = ",\"event\":\"";
	const char *rest =
	    memmem(n->line.p, n->line.n, event, sizeof(event) - 1);

	if (rest == NULL || jobj_parse(n->line, &j, NULL) != ERR_OK)
		return;
	begin_event(s, (int64_t)number + 1, n->time, n->kind);
	if (strcmp(n->kind, "failure") == 0 || strcmp(n->kind, "qa") == 0) {
		add_message(f, s, n, j);
		buf_addc(&s->body, '}');
	} else {
		/* what stands behind the kind, to the end */
		rest += sizeof(event) - 1 + strlen(n->kind) + 1;
		buf_add(&s->body, rest, (size_t)(n->line.p + n->line.n - rest));
	}
	buf_addc(&s->body, '\n');
}

static bool
is_full(const struct follow_server *s)
{
	return s->body_events >= FOLLOW_EVENTS_MAX || s->body.len >= BODY_MAX;
}

/* All but the end, which comes when all else is there. */
static void
add_notes(struct follow *f, struct follow_server *s)
{
	size_t n = s->notes;

	for (; n < f->nnotes && !is_full(s); n++)
		if (strcmp(f->note[n].kind, "finished") != 0)
			add_note(f, s, n);
	if (n > s->notes)
		buf_addf(&s->journal, "notes %zu\n", n);
	s->more = s->more || n < f->nnotes;
}

/* ---- tasks ---- */

/* A task's file from what was sent to what is complete. */
static struct slice
new_text(struct follow *f, struct arena *a, const struct follow_item *i,
    const struct follow_server *s)
{
	struct slice text = {0}, line, rest;
	int64_t sent = i->sent[s->number];
	struct buf kept = BUF_INIT;
	const char *path = arena_printf(a, "%s/%s", f->run, i->member);

	if (file_read(a, path, TASK_FILE_MAX, &text, NULL) != ERR_OK ||
	    text.n < (size_t)i->ready)
		return (struct slice){0};
	text.p += sent;
	text.n = (size_t)(i->ready - sent);
	if (f->left_lines.n == 0)
		return text;
	for (rest = text; slice_line(&rest, &line);) {
		bool keep = true;
		for (size_t k = 0; k < f->left_lines.n; k++)
			keep = keep &&
			       !slice_starts(line, f->left_lines.texts[k].p);
		if (keep)
			buf_addf(&kept, "%.*s\n", (int)line.n, line.p);
	}
	text = (struct slice){arena_strndup(a, kept.data, kept.len), kept.len};
	buf_clear(&kept);
	return text;
}

/* Does the reader take it? */
static bool
is_readable(const struct follow_item *i, struct slice text)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct task_files *tf = task_files_new(a, 1000);
	struct errinfo ei;
	bool ok = task_files_read(tf, slice_of(i->pf), slice_of(i->task), text,
		      &ei) == ERR_OK;

	if (!ok)
		say_note("%s", ei.text);
	task_files_free(tf);
	return ok;
}

static bool
is_pending_task(const struct follow_item *i, const struct follow_server *s)
{
	return i->task != NULL && i->ready > i->sent[s->number];
}

static size_t
take_tasks(struct follow *f, struct follow_server *s, struct arena *a,
    struct task_files *tf)
{
	struct errinfo ei;
	size_t taken = 0, at = s->body_events;

	for (size_t k = 0; k < f->nitems; k++) {
		struct follow_item *i = &f->item[k];
		struct slice text;
		if (!is_pending_task(i, s))
			continue;
		if (at + taken >= FOLLOW_EVENTS_MAX) {
			s->more = true;
			break;
		}
		text = new_text(f, a, i, s);
		if (text.n > 0 && is_readable(i, text)) {
			if (task_files_read(tf, slice_of(i->pf),
				slice_of(i->task), text, &ei) != ERR_OK)
				say_note("%s", ei.text);
			taken++;
		}
		buf_addf(&s->journal, "item %" PRId64 " 0 %s\n", i->ready,
		    i->member);
	}
	return taken;
}

static void
add_tasks(struct follow *f, struct follow_server *s)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_tasks)
	struct task_files *tf = task_files_new(a, 100000);
	struct intern told;
	struct build b = {0};
	struct errinfo ei = {0};
	size_t left_out, before = s->body.len;
	size_t n = take_tasks(f, s, a, tf);

	if (n == 0)
		return;
	intern_init(&told, a);
	begin_event(s, s->next_seq++, (double)time(NULL), "tasks");
	buf_addc(&s->body, ',');
	if (task_files_finish(tf, &b, &left_out, &ei) != ERR_OK ||
	    follow_tasks_write(a, &b, &s->shapes, &told, &s->body, &ei) !=
		ERR_OK) {
		say_note("%s", ei.text);
		s->body.len = before;
		return;
	}
	buf_adds(&s->body, "}\n");
	s->body_events += n - 1;
	for (size_t i = 0; i < told.n; i++)
		buf_addf(&s->journal, "shape %s\n", told.texts[i].p);
}

/* ---- files ---- */

/* These hold more than numbers. */
static bool
is_prose(const char *member)
{
	return strcmp(member, "build_stats") == 0 ||
	       strcmp(member, "monitor_disk.log") == 0 ||
	       strncmp(member, "host_stats", 10) == 0;
}

/* Whole lines, unless it is over. */
static struct slice
next_piece(const struct follow *f, const struct follow_item *i,
    struct slice text, int64_t sent)
{
	int64_t n = i->ready - sent < PIECE ? i->ready - sent : PIECE;
	struct slice piece = {text.p + sent, (size_t)n};
	const char *end = memrchr(piece.p, '\n', piece.n);

	if (end != NULL)
		piece.n = (size_t)(end + 1 - piece.p);
	else if (!f->over)
		piece.n = 0;
	return piece;
}

static void
add_piece(struct follow *f, struct follow_server *s,
    const struct follow_item *i, struct slice piece, int64_t *out)
{
	CLEANUP(buf_clear) struct buf masked = BUF_INIT;

	if (is_prose(i->member)) {
		follow_mask(f, s, piece, &masked);
		piece = buf_slice(&masked);
	}
	begin_event(s, s->next_seq++, (double)time(NULL), "file");
	buf_adds(&s->body, ",\"path\":");
	buf_add_json(&s->body, i->member);
	buf_addf(&s->body, ",\"offset\":%" PRId64, *out);
	follow_add_text(f->scratch, &s->body, "text", "base64", piece);
	buf_adds(&s->body, "}\n");
	*out += (int64_t)piece.n;
}

static void
add_file(struct follow *f, struct follow_server *s, const struct follow_item *i)
{
	int64_t sent = i->sent[s->number], out = i->out[s->number];
	const char *path = arena_printf(f->scratch, "%s/%s", f->run, i->member);
	struct slice text, piece;

	if (file_read(f->scratch, path, FILE_MAX_BYTES, &text, NULL) !=
		ERR_OK ||
	    text.n < (size_t)i->ready) {
		/* It is gone: nothing of it can be sent any more. */
		buf_addf(&s->journal, "item %" PRId64 " %" PRId64 " %s\n",
		    i->ready, out, i->member);
		return;
	}
	while (sent < i->ready && !is_full(s)) {
		piece = next_piece(f, i, text, sent);
		if (piece.n == 0)
			break;
		add_piece(f, s, i, piece, &out);
		sent += (int64_t)piece.n;
	}
	s->more = s->more || (sent < i->ready && is_full(s));
	buf_addf(&s->journal, "item %" PRId64 " %" PRId64 " %s\n", sent, out,
	    i->member);
}

static void
add_files(struct follow *f, struct follow_server *s)
{
	for (size_t k = 0; k < f->nitems; k++) {
		const struct follow_item *i = &f->item[k];
		if (i->task != NULL || i->ready <= i->sent[s->number])
			continue;
		if (is_full(s)) {
			s->more = true;
			return;
		}
		add_file(f, s, i);
		arena_reset(f->scratch);
	}
}

/* ---- what runs now ---- */

static uint64_t
mix(uint64_t h, uint64_t v)
{
	return (h ^ v) * UINT64_C(0x100000001b3);
}

/* Tells snapshots apart. */
static uint64_t
snapshot_of(const struct follow *f)
{
	uint64_t h = mix(mix(1469598103934665603u, (uint64_t)f->done),
	    (uint64_t)f->setscene_done);

	for (size_t k = 0; k < f->nitems; k++)
		if (f->item[k].started > 0)
			h = mix(h, k + 1);
	return mix(h, (uint64_t)f->total);
}

static void
add_snapshot(struct follow *f, struct follow_server *s)
{
	bool comma = false;

	begin_event(s, s->next_seq++, (double)time(NULL), "running");
	buf_adds(&s->body, ",\"running\":[");
	for (size_t k = 0; k < f->nitems; k++) {
		const struct follow_item *i = &f->item[k];
		if (i->started == 0)
			continue;
		buf_adds(&s->body, comma ? ",[" : "[");
		comma = true;
		buf_add_json(&s->body, i->pf);
		buf_addc(&s->body, ',');
		buf_add_json(&s->body, i->task);
		buf_addf(&s->body, ",%.0f]", i->started);
	}
	buf_addc(&s->body, ']');
	if (f->total > 0)
		buf_addf(&s->body, ",\"done\":%" PRId64 ",\"total\":%" PRId64,
		    f->done, f->total);
	if (f->setscene_total > 0)
		buf_addf(&s->body,
		    ",\"setscene_done\":%" PRId64
		    ",\"setscene_total\":%" PRId64,
		    f->setscene_done, f->setscene_total);
	buf_adds(&s->body, "}\n");
}

static void
snapshot_if_due(struct follow *f, struct follow_server *s)
{
	int64_t now = clock_ms(), age = now - f->begun;
	uint64_t is = snapshot_of(f);

	if (f->over || is == s->snapshot ||
	    (s->snapshot != 0 &&
		now - s->last_snapshot <
		    clamp(age / 6, SNAPSHOT_LEAST_MS, SNAPSHOT_MOST_MS)))
		return;
	add_snapshot(f, s);
	s->snapshot = is;
	s->last_snapshot = now;
}

/* ---- all together ---- */

/* Are there enough numbers, or have they waited long enough? */
static bool
bulk_is_due(const struct follow *f, const struct follow_server *s)
{
	int64_t now = clock_ms(), oldest = now;
	size_t n = 0;

	if (f->over)
		return true;
	for (size_t k = 0; k < f->nitems; k++) {
		const struct follow_item *i = &f->item[k];
		if (!is_pending_task(i, s))
			continue;
		n++;
		oldest = i->since < oldest ? i->since : oldest;
	}
	return n >= FOLLOW_EVENTS_MAX ||
	       (n > 0 && now - oldest >= clamp((now - f->begun) / 2,
					     WAIT_LEAST_MS, WAIT_MOST_MS));
}

static bool
items_are_sent(const struct follow *f, const struct follow_server *s)
{
	for (size_t k = 0; k < f->nitems; k++)
		if (f->item[k].ready > f->item[k].sent[s->number])
			return false;
	return true;
}

bool
follow_has_all(const struct follow *f, const struct follow_server *s)
{
	return s->dead || (f->over && f->has_end && s->finished &&
			      s->notes == f->nnotes && items_are_sent(f, s));
}

static void
add_end(struct follow *f, struct follow_server *s)
{
	for (size_t n = 0; n < f->nnotes; n++)
		if (strcmp(f->note[n].kind, "finished") == 0)
			add_note(f, s, n);
	buf_adds(&s->journal, "finished yes\n");
}

void
follow_body(struct follow *f, struct follow_server *s)
{
	buf_reset(&s->body);
	buf_reset(&s->journal);
	s->body_events = 0;
	s->more = false;
	add_notes(f, s);
	if (bulk_is_due(f, s) && !is_full(s)) {
		add_tasks(f, s);
		add_files(f, s);
	}
	snapshot_if_due(f, s);
	if (f->over && f->has_end && !s->more && !s->finished)
		add_end(f, s);
	arena_reset(f->scratch);
}

void
follow_begin_body(
    const struct follow *f, const struct follow_server *s, struct buf *out)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	struct buf text = BUF_INIT;

	if (jobj_parse(f->begin, &j, NULL) != ERR_OK)
		return;
	if (s->builder != NULL)
		jobj_string(j, "builder", s->builder);
	else if (jobj_text(j, "builder")[0] != '\0')
		jobj_string(
		    j, "builder", follow_masked(f, s, jobj_text(j, "builder")));
	jobj_write(j, &text);
	if ((s->mask & MASK_HOSTS) != 0)
		follow_mask(f, s, buf_slice(&text), out);
	else
		buf_add(out, text.data, text.len);
	buf_clear(&text);
}
