/* push.c: from a source to its line; see client.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "client/client.h"
#include "client/files.h"
#include "client/history.h"
#include "client/lone_reports.h"
#include "client/say.h"
#include "client/spool.h"

#define SHRUNK_TRIES 3

/* One upload on its way. */
struct job {
	struct client *c;
	struct arena *a;
	const char *what; /* how complaints call it */
	const char *mark;
	struct parcel parcel;
	struct spooled spooled; /* fd -1: nothing of it is in a spool */
	int temp;               /* where it is packed otherwise, or -1 */
};

/*
 * One line a build on stdout, and nothing else: scripts count on it.  Below it
 * those of its failures, where they were asked for; people who look on see
 * them on stderr.
 */
static void
print_lines(const struct client *c, struct slice lines)
{
	for (struct slice line; slice_line(&lines, &line);) {
		if (!slice_starts(line, "  ") || c->o->failures)
			say_line("%.*s", (int)line.n, line.p);
		else
			say_aside("%.*s", (int)line.n, line.p);
	}
}

static bool
is_sent_already(struct job *j)
{
	const struct client *c = j->c;
	struct slice lines;

	if (c->o->force || j->parcel.hash[0] == '\0' ||
	    !sent_find(c->sent, j->a, c->target.base, &j->parcel, &lines))
		return false;
	say_detail("%s: was sent before", j->what);
	/* The watcher remembers by marks, which this one may not have. */
	if (!c->o->watch)
		print_lines(c, lines);
	else if (j->mark != NULL &&
		 !sent_has_mark(c->sent, c->target.base, j->mark))
		sent_add(c->sent, c->target.base, &j->parcel, j->mark, lines);
	return true;
}

/* A watcher tries for hours: it says once that the server is away. */
static void
say_later(struct job *j, const struct errinfo *ei)
{
	struct client *c = j->c;

	if (c->o->watch && c->told_away)
		say_detail("%s: %s", j->what, ei->text);
	else if (j->spooled.fd >= 0)
		say_error("%s: kept in %s for --flush: %s", j->what,
		    c->o->spool, ei->text);
	else
		say_error("%s: %s", j->what, ei->text);
	c->told_away = true;
}

static enum outcome
end_job(struct job *j, enum outcome out, const struct errinfo *ei)
{
	if (out == OUT_LATER)
		say_later(j, ei);
	else if (out != OUT_SENT && out != OUT_KNOWN)
		say_error("%s: %s", j->what, ei->text);
	/* What was refused was packed here just now and can be again. */
	if (out == OUT_LATER || out == OUT_FAILED)
		spool_later(&j->spooled, ei->text);
	else
		spool_done(&j->spooled);
	return out;
}

static enum outcome
send_job(struct job *j, struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf lines = BUF_INIT;
	struct client *c = j->c;
	struct slice text;
	enum outcome out;

	if (c->away) {
		err_set(ei, ERR_UPSTREAM, "%s", c->why_away);
		return OUT_LATER;
	}
	say_detail("%s: sending %llu bytes to %s", j->what,
	    (unsigned long long)j->parcel.size, c->target.upload);
	out = upload_send(c, j->a, &j->parcel, &lines, ei);
	if (out != OUT_SENT)
		return out;
	text = (struct slice){lines.data, lines.len};
	print_lines(c, text);
	if (j->parcel.hash[0] != '\0')
		sent_add(c->sent, c->target.base, &j->parcel, j->mark, text);
	return OUT_SENT;
}

/* It is packed: keep it safe first, then send it. */
static enum outcome
deliver(struct job *j)
{
	const struct client *c = j->c;
	struct errinfo ei = {0};

	if (is_sent_already(j)) {
		spool_abandon(&j->spooled);
		return OUT_KNOWN;
	}
	if (c->o->spool != NULL &&
	    spool_keep(j->a, c->o->spool, &j->spooled, &j->parcel,
		c->target.base, &ei) != ERR_OK) {
		spool_abandon(&j->spooled);
		say_error("%s: %s", j->what, ei.text);
		return OUT_FAILED;
	}
	return end_job(j, send_job(j, &ei), &ei);
}

/* Where a parcel is packed: the spool or a nameless file. */
static enum err
begin_job(struct job *j, int *fd, struct errinfo *ei)
{
	const struct options *o = j->c->o;

	j->spooled.fd = j->temp = -1;
	if (o->spool != NULL && !o->dry_run) {
		enum err e = spool_begin(j->a, o->spool, &j->spooled, ei);
		*fd = j->spooled.fd;
		return e;
	}
	*fd = j->temp = parcel_temp();
	if (*fd < 0)
		return err_set(ei, ERR_INTERNAL,
		    "no temporary file to pack into: %s", strerror(errno));
	return ERR_OK;
}

static void
discard(struct job *j)
{
	spool_abandon(&j->spooled);
	if (j->temp >= 0)
		close(j->temp);
	j->temp = -1;
}

static enum outcome
give_up(struct job *j, const struct errinfo *ei)
{
	discard(j);
	say_error("%s: %s", j->what, ei->text);
	return OUT_FAILED;
}

static enum outcome
finish_job(struct job *j, const struct run *run)
{
	enum outcome out = OUT_SHOWN;

	if (!j->c->o->dry_run)
		out = deliver(j);
	else if (!dry_run_show(j->a, j->c, run, &j->parcel))
		out = OUT_FAILED;
	if (j->temp >= 0)
		close(j->temp);
	return out;
}

enum outcome
push_run(
    struct client *c, struct arena *a, const struct run *run, const char *mark)
{
	struct job j = {.c = c, .a = a, .what = run->path, .mark = mark};
	struct errinfo ei = {0};
	enum err e = ERR_CONFLICT;
	int fd;

	j.spooled.fd = j.temp = -1;
	/* Without a spool nothing is gained by packing for a server that is
	 * away. */
	if (c->away && c->o->spool == NULL && !c->o->dry_run) {
		say_error("%s: not sent: %s", j.what, c->why_away);
		return OUT_LATER;
	}
	for (int i = 0; e == ERR_CONFLICT && i < SHRUNK_TRIES; i++) {
		discard(&j);
		if (begin_job(&j, &fd, &ei) != ERR_OK)
			return give_up(&j, &ei);
		e = parcel_pack_run(a, run, c->o, fd, &j.parcel, &ei);
	}
	return e != ERR_OK ? give_up(&j, &ei) : finish_job(&j, run);
}

enum outcome
push_tar(struct client *c, struct arena *a, const char *path, const char *mark)
{
	bool standard = strcmp(path, "-") == 0;
	struct job j = {.c = c, .a = a, .what = path, .mark = mark};
	CLEANUP(cleanup_fd) int in = -1;
	struct errinfo ei = {0};
	int fd;

	j.spooled.fd = j.temp = -1;
	if (standard)
		j.what = "stdin";
	in = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	if (in < 0) {
		err_set(&ei, ERR_INTERNAL, "%s", strerror(errno));
		return give_up(&j, &ei);
	}
	if (begin_job(&j, &fd, &ei) != ERR_OK ||
	    parcel_copy_tar(a, standard ? "stdin" : parcel_tar_name(a, path),
		in, fd, &j.parcel, &ei) != ERR_OK)
		return give_up(&j, &ei);
	return finish_job(&j, NULL);
}

/* An error report by itself, whose name tells of which build it is. */
static enum outcome
push_report(struct client *c, struct arena *a, const char *path)
{
	struct job j = {.c = c, .a = a, .what = path};
	struct errinfo ei = {0};
	int fd;

	if (begin_job(&j, &fd, &ei) != ERR_OK ||
	    parcel_pack_report(a,
		&(struct parcel_report){path, c->o->mask_rules}, fd, &j.parcel,
		&ei) != ERR_OK)
		return give_up(&j, &ei);
	return finish_job(&j, NULL);
}

/* Test results by themselves: the server finds the build. */
static enum outcome
push_results(struct client *c, struct arena *a, const char *path)
{
	struct job j = {.c = c, .a = a, .what = path};
	struct errinfo ei = {0};
	int fd;

	if (begin_job(&j, &fd, &ei) != ERR_OK ||
	    parcel_pack_results(a, path, fd, &j.parcel, &ei) != ERR_OK)
		return give_up(&j, &ei);
	return finish_job(&j, NULL);
}

/* Files of a directory that tell of a build without being its run. */
static enum outcome
push_files(struct client *c, struct arena *a, const char *path,
    const struct beside *files)
{
	struct job j = {.c = c, .a = a, .what = path};
	struct errinfo ei = {0};
	int fd;

	if (begin_job(&j, &fd, &ei) != ERR_OK ||
	    parcel_pack_files(
		a, path_base(a, path), files, fd, &j.parcel, &ei) != ERR_OK)
		return give_up(&j, &ei);
	return finish_job(&j, NULL);
}

/* A buildhistory, or what performance tests left. */
static bool
find_files(struct arena *a, const char *path, struct beside *out)
{
	*out = (struct beside){0};
	if (history_is_dir(a, path))
		history_take(a, path, out);
	else
		perf_results_take(a, path, out);
	return out->n > 0;
}

static bool
is_done(enum outcome out)
{
	return out == OUT_SENT || out == OUT_KNOWN || out == OUT_SHOWN ||
	       out == OUT_NOTHING;
}

/* An event log by itself, which tells of a whole build; with the error report
 * of the same, or NULL. */
static enum outcome
push_log(struct client *c, struct arena *a, const struct lone_build *b)
{
	struct job j = {.c = c, .a = a, .what = b->events};
	struct parcel_log log = {b->events, b->report, c->o->mask_rules};
	struct errinfo ei = {0};
	enum err e;
	int fd;

	if (begin_job(&j, &fd, &ei) != ERR_OK)
		return give_up(&j, &ei);
	e = parcel_pack_log(a, &log, fd, &j.parcel, &ei);
	/* Asked about something else than a build, bitbake writes one, too. */
	if (e == ERR_NOT_FOUND && b->name != NULL) {
		discard(&j);
		return b->report != NULL ? push_report(c, a, b->report)
					 : OUT_NOTHING;
	}
	return e != ERR_OK ? give_up(&j, &ei) : finish_job(&j, NULL);
}

static enum outcome
push_lone(struct client *c, struct arena *a, const struct lone_build *b)
{
	if (b->events != NULL && !c->o->no_event_log)
		return push_log(c, a, b);
	return b->report != NULL ? push_report(c, a, b->report) : OUT_NOTHING;
}

/* Builds that left no run; *n: how many there were. */
static bool
push_lone_builds(
    struct client *c, struct arena *a, const struct run_list *list, size_t *n)
{
	struct arena *each = arena_new(0);
	size_t found;
	const struct lone_build *build = lone_builds(a, list, &found);
	bool ok = true;

	*n = 0;
	for (size_t i = 0; i < found; i++) {
		enum outcome out;
		arena_reset(each);
		out = push_lone(c, each, &build[i]);
		*n += out != OUT_NOTHING;
		ok = is_done(out) && ok;
	}
	arena_free(each);
	return ok;
}

static bool
push_runs(struct client *c, const struct run_list *list)
{
	struct arena *each = arena_new(0);
	bool ok = true;

	for (size_t i = 0; i < list->n; i++) {
		arena_reset(each);
		ok = is_done(push_run(c, each, &list->run[i], NULL)) && ok;
	}
	arena_free(each);
	return ok;
}

static bool
push_dir(struct client *c, struct arena *a, const char *path)
{
	struct run_list list = {0};
	struct errinfo ei = {0};
	struct beside files;
	size_t lone;
	bool ok;

	if (find_runs(a, path, &list, &ei) != ERR_OK) {
		say_error("%s", ei.text);
		return false;
	}
	ok = push_runs(c, &list);
	ok = push_lone_builds(c, a, &list, &lone) && ok;
	if (list.n > 0 || lone > 0)
		return ok;
	if (find_files(a, path, &files))
		return is_done(push_files(c, a, path, &files));
	say_error("%s: no buildstats found: no directory below it has a file "
		  "build_stats",
	    path);
	return false;
}

bool
push_path(struct client *c, const char *path)
{
	struct arena *a = arena_new(0);
	struct stat st;
	bool ok;

	if (strcmp(path, "-") != 0 && stat(path, &st) != 0) {
		say_error("%s: %s", path, strerror(errno));
		ok = false;
	} else if (strcmp(path, "-") != 0 && S_ISDIR(st.st_mode)) {
		ok = push_dir(c, a, path);
	} else if (strcmp(path, "-") != 0 && parcel_is_results(path)) {
		ok = is_done(push_results(c, a, path));
	} else if (strcmp(path, "-") != 0 && parcel_is_event_log(path)) {
		ok = is_done(
		    push_log(c, a, &(struct lone_build){.events = path}));
	} else if (strcmp(path, "-") != 0 && parcel_is_report(path)) {
		ok = is_done(push_report(c, a, path));
	} else {
		ok = is_done(push_tar(c, a, path, NULL));
	}
	arena_free(a);
	return ok;
}

/* Refused for good: set aside, so that the next flush has less to do. */
static enum outcome
flush_one(struct client *c, struct arena *a, const char *name)
{
	struct job j = {.c = c, .a = a, .temp = -1};
	struct errinfo ei = {0};
	enum outcome out;
	enum err e =
	    spool_take(a, c->o->spool, name, &j.spooled, &j.parcel, &ei);

	j.what = name;
	if (e == ERR_NOT_FOUND)
		return OUT_KNOWN;
	if (e == ERR_BUSY)
		say_detail("%s", ei.text);
	else if (e != ERR_OK)
		say_error("%s", ei.text);
	if (e != ERR_OK)
		return e == ERR_BUSY ? OUT_KNOWN : OUT_FAILED;
	if (is_sent_already(&j))
		return end_job(&j, OUT_KNOWN, &ei);
	out = send_job(&j, &ei);
	if (out != OUT_REFUSED)
		return end_job(&j, out, &ei);
	say_error("%s: %s (kept as %s.refused)", name, ei.text, name);
	spool_refused(&j.spooled, ei.text);
	return out;
}

static bool
show_one(struct client *c, struct arena *a, const char *name)
{
	struct job j = {.c = c, .a = a};
	struct errinfo ei = {0};
	bool ok;

	if (spool_take(a, c->o->spool, name, &j.spooled, &j.parcel, &ei) !=
	    ERR_OK)
		return true; /* somebody else has it */
	ok = dry_run_show(a, c, NULL, &j.parcel);
	close(j.spooled.fd);
	return ok;
}

bool
push_spool(struct client *c)
{
	struct arena *a = arena_new(0), *each = arena_new(0);
	struct spool_names names;
	struct errinfo ei = {0};
	bool ok = spool_list(a, c->o->spool, &names, &ei) == ERR_OK;

	if (!ok)
		say_error("%s", ei.text);
	for (size_t i = 0; i < names.n && !c->away; i++) {
		arena_reset(each);
		if (c->o->dry_run)
			ok = show_one(c, each, names.name[i]) && ok;
		else
			ok = is_done(flush_one(c, each, names.name[i])) && ok;
	}
	arena_free(each);
	arena_free(a);
	return ok;
}
