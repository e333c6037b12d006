/* dry_run.c: shows what would leave the machine; see client.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/tar_reader.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "client/client.h"
#include "client/files.h"
#include "client/say.h"

#define PIECE ((size_t)128 << 10)
#define SHOWN_MAX ((size_t)8 << 20) /* bytes of a text that are shown */

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct tar_reader *, cleanup_tar, tar_reader_free);

struct showing {
	const struct client *c;
	const struct parcel *p;
	uint64_t at; /* in the parcel */
};

/* ---- where it is from ---- */

static void
show_masked(const struct masked *m)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct masked_place *at = &m->place[i];
		char line[24] = "";
		if (at->line > 0)
			snprintf(line, sizeof(line), " line %u", at->line);
		say_line("  masked in %s%s (%s): %s", at->member, line,
		    mask_rule_word(at->hit.rule), at->hit.preview);
	}
	if (m->count > m->n)
		say_line("  masked in %llu more places",
		    (unsigned long long)(m->count - m->n));
}

/* A buildhistory has thousands of files. */
static void
show_beside(const struct beside *b, bool made)
{
	size_t history = 0;

	for (size_t i = 0; i < b->n; i++) {
		const struct beside_file *f = &b->file[i];
		if (made && f->path != NULL && f->path == b->environment)
			continue;
		if (slice_starts(slice_of(f->member), "buildhistory/"))
			history++;
		else
			say_line("  with %s from %s", f->member, f->path);
	}
	if (history > 0)
		say_line("  with %zu files of buildhistory", history);
}

static void
show_sources(struct arena *a, const struct client *c, const struct run *run)
{
	CLEANUP(buf_clear) struct buf environment = BUF_INIT;
	struct beside_wish wish = {!c->o->no_logs, !c->o->no_event_log};
	struct beside b;
	struct errinfo ei;
	bool made;

	beside_find(a, run, wish, &b);
	made = beside_environment(a, &b, c->o, &environment, &ei) == ERR_OK &&
	       environment.len > 0;
	say_line("  from %s", run->path);
	if (made)
		say_line("  with %s made of the options", b.environment_member);
	if (b.events != NULL)
		say_line("  with %s, and %s if it tells that, made of %s",
		    BESIDE_EVENTS, BESIDE_TREE, b.events);
	show_beside(&b, made);
}

/* ---- what it holds ---- */

static long
read_parcel(void *arg, void *into, size_t n, struct errinfo *ei)
{
	struct showing *s = arg;
	ssize_t got;

	do {
		got = pread(s->p->fd, into, n, (off_t)s->at);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		err_set(ei, ERR_INTERNAL, "%s", strerror(errno));
	else
		s->at += (uint64_t)got;
	return got;
}

/* What was made here is shown, and with --verbose all that people can read. */
static bool
is_shown(const struct showing *s, const char *member)
{
	const char *name = strrchr(member, '/');

	name = name != NULL ? name + 1 : member;
	return strcmp(name, "build.json") == 0 ||
	       strcmp(name, BESIDE_EVENTS) == 0 ||
	       (s->c->o->verbose && masked_wants(member));
}

static void
show_text(const struct buf *text)
{
	struct slice rest = {text->data, text->len}, line;

	while (slice_line(&rest, &line)) {
		struct arena *a = arena_new(0);
		say_text("    ", utf8_scrub(a, line.p, line.n));
		arena_free(a);
	}
	if (text->failed)
		say_line("    ...");
}

static enum err
show_content(struct tar_reader *tar, bool shown, struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	struct slice piece;
	enum err e;

	text.limit = SHOWN_MAX;
	do {
		e = tar_reader_data(tar, &piece, ei);
		if (e == ERR_OK && shown)
			buf_add(&text, piece.p, piece.n);
	} while (e == ERR_OK && piece.n > 0);
	if (e == ERR_OK && shown)
		show_text(&text);
	return e;
}

static enum err
show_members(struct showing *s, struct errinfo *ei)
{
	CLEANUP(cleanup_tar)
	struct tar_reader *tar =
	    tar_reader_new(&tar_limits_default, read_parcel, s);
	struct slice path;
	uint64_t size;
	bool more = true;
	enum err e = ERR_OK;

	while (e == ERR_OK && more) {
		CLEANUP(cleanup_arena) struct arena *a = NULL;
		const char *member;
		e = tar_reader_next(tar, &path, &size, &more, ei);
		if (e != ERR_OK || !more)
			break;
		a = arena_new(0);
		member = utf8_scrub(a, path.p, path.n);
		say_line(
		    "  file %s, %llu bytes", member, (unsigned long long)size);
		e = show_content(tar, is_shown(s, member), ei);
	}
	return e;
}

/* ---- keeping it ---- */

static bool
save(struct arena *a, const struct client *c, const struct parcel *p)
{
	const char *path = arena_printf(
	    a, "%s/%s%s", c->o->save, path_base(a, p->name), p->suffix);
	struct showing s = {.p = p};
	CLEANUP(cleanup_fd) int fd = -1;
	char *piece = arena_alloc(a, PIECE);
	struct errinfo ei = {0};
	long got = 0;

	if (dir_make(c->o->save, 0777, &ei) != ERR_OK) {
		say_error("--save: %s", ei.text);
		return false;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	while (fd >= 0 && (got = read_parcel(&s, piece, PIECE, &ei)) > 0)
		if (!file_write(fd, piece, (size_t)got))
			break;
	if (fd < 0 || got != 0) {
		say_error("%s: %s", path, strerror(errno));
		return false;
	}
	say_line("  saved as %s", path);
	return true;
}

/* ---- all of it ---- */

static void
show_head(struct arena *a, const struct client *c, const struct run *run,
    const struct parcel *p)
{
	const char *token = c->o->token != NULL && c->o->token[0] != '\0'
				? "with a token"
				: "without a token";
	char bytes[16], packed[16];
	struct slice lines;
	bool known = !c->o->force && p->hash[0] != '\0' &&
		     sent_find(c->sent, a, c->target.base, p, &lines);

	say_bytes(packed, p->size);
	say_bytes(bytes, p->bytes);
	if (run == NULL)
		say_line("%s: %s, %s, to %s %s%s", p->name,
		    p->kind != NULL ? p->kind : "a tar", packed,
		    c->target.upload, token, known ? ": was sent before" : "");
	else
		say_line("%s: %zu files, %s, %s packed, to %s %s%s", p->name,
		    p->files, bytes, packed, c->target.upload, token,
		    known ? ": was sent before" : "");
}

bool
dry_run_show(struct arena *a, const struct client *c, const struct run *run,
    const struct parcel *p)
{
	struct showing s = {.c = c, .p = p};
	struct errinfo ei = {0};

	show_head(a, c, run, p);
	if (run != NULL)
		show_sources(a, c, run);
	show_masked(&p->masked);
	if (show_members(&s, &ei) != ERR_OK) {
		say_error("%s: %s", p->name, ei.text);
		return false;
	}
	return c->o->save == NULL || save(a, c, p);
}
