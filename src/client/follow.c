/* follow.c: the life of a follower; see follow.h. */
#include "client/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "client/files.h"
#include "client/say.h"
#include "client/stop.h"

#define TICK_MS 1000
#define SCAN_MS 5000
#define REQUEST_MS 10000 /* while it runs, one in so long or 500 events */
#define PATIENCE_MS 900000

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

/* Is it time to say something to this server? */
static bool
is_due(const struct follow *f, const struct follow_server *s)
{
	int64_t now = clock_ms();

	if (s->dead || now < s->not_before)
		return false;
	return f->over || s->last_request == 0 ||
	       (s->more && s->body_events >= FOLLOW_EVENTS_MAX) ||
	       now - s->last_request >= REQUEST_MS;
}

static void
serve(struct follow *f, struct follow_server *s)
{
	if (!is_due(f, s))
		return;
	if (s->id == 0) {
		follow_send(f, s);
		return;
	}
	if (s->body.len == 0) {
		s->more = false;
		follow_body(f, s);
	}
	if (s->body.len > 0)
		follow_send(f, s);
}

/* bitbake was killed: nobody else will write the end. */
static void
write_end(struct follow *f)
{
	CLEANUP(buf_clear) struct buf out = BUF_INIT;

	follow_line(&out, (double)time(NULL), "finished");
	buf_adds(&out, ",\"status\":\"interrupted\"}\n");
	if (!follow_add_found(f, &out))
		f->told_disk = true;
}

static void
look(struct follow *f)
{
	/* What says the end is written a moment before bitbake lets go. */
	bool gone = !follow_is_alive(f);

	follow_read_events(f);
	if (!f->over && gone) {
		f->over = true;
		follow_scan(f);
	} else if (f->looked == 0 || clock_ms() - f->looked >= SCAN_MS) {
		follow_scan(f);
	}
	if (f->over && !f->has_end)
		write_end(f);
}

static bool
all_done(const struct follow *f)
{
	for (size_t i = 0; i < f->nservers; i++)
		if (!follow_has_all(f, &f->server[i]))
			return false;
	return true;
}

static bool
any_dead(const struct follow *f)
{
	for (size_t i = 0; i < f->nservers; i++)
		if (f->server[i].dead)
			return true;
	return false;
}

static void
wait_a_tick(void)
{
	struct pollfd p = {.fd = stop_fd(), .events = POLLIN};

	(void)poll(&p, p.fd >= 0 ? 1 : 0, TICK_MS);
}

/* Does any server still answer? */
static bool
is_hopeful(const struct follow *f, int64_t since)
{
	if (clock_ms() - since >= PATIENCE_MS)
		return false;
	for (size_t i = 0; i < f->nservers; i++)
		if (!f->server[i].dead)
			return true;
	return false;
}

/* Nothing that waits for a server may be waited for here. */
static bool
is_stuck(const struct follow *f)
{
	for (size_t i = 0; i < f->nservers; i++)
		if (!f->server[i].dead && f->server[i].failures == 0 &&
		    !follow_has_all(f, &f->server[i]))
			return false;
	return true;
}

static bool
end(struct follow *f)
{
	bool done = all_done(f) && !any_dead(f);

	if (done)
		follow_remove(f);
	return done;
}

/* once: what can be sent now, without waiting for anything. */
static bool
follow_loop(struct follow *f, bool once)
{
	int64_t over_since = 0;
	bool flushed = once;

	while (!stop_requested()) {
		look(f);
		for (size_t i = 0; i < f->nservers; i++)
			serve(f, &f->server[i]);
		if (f->over && all_done(f))
			break;
		if (once && (!f->over || is_stuck(f)))
			break;
		if (f->over && over_since == 0)
			over_since = clock_ms();
		if (f->over && !is_hopeful(f, over_since))
			break;
		if (!flushed && f->nservers > 0 && f->server[0].id != 0) {
			struct arena *a = arena_new(0);
			flushed = true;
			follow_flush(f->c, path_dir(a, f->dir), f->dir);
			arena_free(a);
		}
		if (!(f->over && is_due(f, &f->server[0])))
			wait_a_tick();
	}
	return end(f);
}

/* However long: lines are logs, too. */
static void
print(const struct buf *text)
{
	if (text->len == 0)
		return;
	fwrite(text->data, 1, text->len, stdout);
	if (text->data[text->len - 1] != '\n')
		putchar('\n');
}

static void
show_server(struct follow *f, struct follow_server *s)
{
	CLEANUP(buf_clear) struct buf begin = BUF_INIT;

	printf("# to %s/api/v1/builds, %s a token\n", s->target.base,
	    s->token != NULL ? "with" : "without");
	follow_begin_body(f, s, &begin);
	print(&begin);
	do {
		follow_body(f, s);
		print(&s->body);
		follow_journal_text(f, s, buf_slice(&s->journal));
	} while (s->body.len > 0);
}

static void
show(struct follow *f)
{
	for (size_t i = 0; i < f->nservers; i++)
		show_server(f, &f->server[i]);
	fflush(stdout);
}

static int
take_lock(struct arena *a, const char *dir)
{
	int fd = open(arena_printf(a, "%s/lock", dir),
	    O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return -1;
	}
	/* Who it is, for people. */
	if (fd >= 0 && ftruncate(fd, 0) == 0)
		dprintf(fd, "%ld\n", (long)getpid());
	return fd;
}

static bool
follow_one(struct client *c, const char *dir, bool once)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	CLEANUP(cleanup_fd) int lock = -1;
	struct follow *f = arena_zalloc(a, sizeof(*f));
	struct errinfo ei = {0};
	bool ok;

	*f = (struct follow){.c = c,
	    .a = a,
	    .scratch = scratch,
	    .dir = dir,
	    .found = -1,
	    .dry_run = c->o->dry_run};
	if (!f->dry_run && (lock = take_lock(a, dir)) < 0) {
		say_detail("%s: another one follows it", dir);
		return true;
	}
	ok = follow_open(f, &ei) == ERR_OK;
	if (!ok) {
		say_error("%s: %s", dir, ei.text);
	} else if (f->dry_run) {
		follow_read_events(f);
		f->over = true;
		follow_scan(f);
		show(f);
	} else {
		if (f->nnotes == 0) {
			CLEANUP(buf_clear) struct buf out = BUF_INIT;
			follow_layers(f, &out);
			ok = follow_add_found(f, &out);
		}
		ok = follow_loop(f, once) && ok;
	}
	follow_close(f);
	return ok;
}

static bool
is_spool(struct arena *a, const char *dir)
{
	return access(arena_printf(a, "%s/begin.json", dir), F_OK) == 0;
}

bool
follow_flush(struct client *c, const char *dir, const char *but)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct dir_list list;
	struct errinfo ei;
	bool ok = true;

	if (dir_read(a, dir, &list, &ei) != ERR_OK)
		return true;
	for (size_t i = 0; i < list.n; i++) {
		const struct dir_entry *e = &list.entry[i];
		if (e->link || !S_ISDIR(e->st.st_mode) ||
		    (but != NULL && strcmp(path_base(a, but), e->name) == 0) ||
		    !is_spool(a, e->path))
			continue;
		ok = follow_one(c, e->path, true) && ok;
		/* Who follows another build meanwhile doesn't wait twice. */
		if (!ok && but != NULL)
			break;
	}
	return ok;
}

bool
follow_path(struct client *c, const char *dir)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct stat st;

	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)) {
		say_error("%s: no such directory", dir);
		return false;
	}
	return is_spool(a, dir) ? follow_one(c, dir, false)
				: follow_flush(c, dir, NULL);
}
