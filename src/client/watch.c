/*
 * watch.c: sends builds as they end; see client.h.
 *
 * A search finds the runs and tars below the watched directories; each is an
 * item.  An item is looked at when a hint or the clock says so, and sent when
 * it is over and has been quiet.  While a build runs only its build_stats is
 * watched, which bitbake writes a few times: the builder pays nothing.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/memory.h"
#include "client/client.h"
#include "client/files.h"
#include "client/hints.h"
#include "client/say.h"
#include "client/stop.h"
#include "net/http_retry.h"

#define NEVER INT64_MAX
#define QUIET_MS 2000
#define SEARCH_MS 30000
#define SEARCH_SOON_MS 200
#define FAILED_MS 300000

struct item {
	char *path; /* of the run's directory or of the tar */
	bool is_run;
	bool found;            /* by the search that is going on */
	const struct run *run; /* of the last search */
	uint64_t seen;         /* build_stats or the tar as last seen */
	uint64_t shape;        /* of all files as last walked, 0: never */
	int64_t walked;        /* when */
	uint64_t handled;      /* the shape that was dealt with, 0: none */
	int64_t look;          /* when to look at it; ms */
	int64_t active;        /* until then each search looks again; ms */
};

struct watcher {
	struct client *c;
	char **paths;
	size_t npaths;
	struct hints *hints;
	struct arena *memory[2]; /* of the last search, and of this one */
	struct arena *scratch;
	struct item **item;
	size_t n, cap;
	int64_t search;   /* when to search again */
	int64_t searched; /* when the last one was over */
	int64_t took;     /* how long it took */
	int64_t retry;    /* the server is away: not before */
	int64_t flush;    /* when to try what is in the spool */
	unsigned failures;
	bool told_missing;
};

/* FNV-1a: tells states of a file apart, not more. */
static uint64_t
mix(uint64_t h, const void *data, size_t n)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t
mix_file(uint64_t h, const char *name, const struct stat *st)
{
	h = mix(h, name, strlen(name) + 1);
	h = mix(h, &st->st_size, sizeof(st->st_size));
	h = mix(h, &st->st_mtim.tv_sec, sizeof(st->st_mtim.tv_sec));
	return mix(h, &st->st_mtim.tv_nsec, sizeof(st->st_mtim.tv_nsec));
}

#define MIX_INIT UINT64_C(0xcbf29ce484222325)

/* What all files of an item look like. */
struct look {
	uint64_t shape;
	int64_t mtime, ctime; /* the newest, seconds */
};

static bool
look_at_file(
    void *arg, const char *path, const char *member, const struct stat *st)
{
	struct look *l = arg;

	(void)path;
	l->shape = mix_file(l->shape, member, st);
	if (st->st_mtime > l->mtime)
		l->mtime = st->st_mtime;
	if (st->st_ctime > l->ctime)
		l->ctime = st->st_ctime;
	return true;
}

static bool
look_at(struct watcher *w, const struct item *it, struct look *l)
{
	struct stat st;

	*l = (struct look){.shape = MIX_INIT};
	if (it->is_run)
		return parcel_walk(w->scratch, it->run, look_at_file, l,
			   NULL) == ERR_OK;
	if (stat(it->path, &st) != 0)
		return false;
	return look_at_file(l, it->path, it->path, &st);
}

static const char *
key_file(struct watcher *w, const struct item *it)
{
	return it->is_run ? arena_printf(w->scratch, "%s/build_stats", it->path)
			  : it->path;
}

/* 0 when it is gone. */
static uint64_t
see(struct watcher *w, const struct item *it)
{
	const char *path = key_file(w, it);
	struct stat st;

	return stat(path, &st) == 0 ? mix_file(MIX_INIT, path, &st) : 0;
}

static void
look_soon(struct item *it, int64_t when)
{
	if (it->look > when)
		it->look = when;
}

static struct item *
item_of(struct watcher *w, const char *path, bool is_run)
{
	struct item *it;

	for (size_t i = 0; i < w->n; i++)
		if (w->item[i]->is_run == is_run &&
		    strcmp(w->item[i]->path, path) == 0)
			return w->item[i];
	if (w->n == w->cap) {
		w->cap = w->cap == 0 ? 64 : 2 * w->cap;
		w->item = realloc(w->item, w->cap * sizeof(struct item *));
	}
	it = calloc(1, sizeof(*it));
	if (w->item == NULL || it == NULL || (it->path = strdup(path)) == NULL)
		out_of_memory();
	it->is_run = is_run;
	it->look = NEVER;
	w->item[w->n++] = it;
	return it;
}

static void
item_free(struct item *it)
{
	free(it->path);
	free(it);
}

/* Found by a search: is it new, or has it changed? */
static void
note_item(struct watcher *w, struct item *it, int64_t now)
{
	uint64_t seen = see(w, it);
	char mark[32];

	if (it->seen == 0 && !w->c->o->force) {
		snprintf(
		    mark, sizeof(mark), "w%016llx", (unsigned long long)seen);
		if (sent_has_mark(w->c->sent, w->c->target.base, mark))
			it->seen = seen;
	}
	if (it->seen != seen || now < it->active)
		look_soon(it, now);
	it->seen = seen;
	it->found = true;
	hints_file(w->hints, key_file(w, it), it);
}

static void
note_tars(struct watcher *w, const char *dir, int64_t now)
{
	struct dir_list list;

	if (dir_read(w->scratch, dir, &list, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n; i++)
		if (S_ISREG(list.entry[i].st.st_mode) &&
		    parcel_is_tar_name(list.entry[i].name))
			note_item(
			    w, item_of(w, list.entry[i].path, false), now);
}

/* The nearest directory above that exists tells when the next one comes. */
static void
hint_above(struct watcher *w, const char *path)
{
	const char *dir = path, *name;
	struct stat st;

	do {
		name = path_base(w->scratch, dir);
		dir = path_dir(w->scratch, dir);
	} while (stat(dir, &st) != 0 && strcmp(dir, "/") != 0 &&
		 strcmp(dir, ".") != 0);
	hints_name(w->hints, dir, name);
}

static void
search_path(struct watcher *w, const char *path, struct run_list *list)
{
	size_t n = list->n, dirs = list->nsearched;
	struct errinfo ei = {0};
	enum err e = find_runs(w->memory[0], path, list, &ei);

	hint_above(w, path);
	if (e == ERR_NOT_FOUND) {
		if (!w->told_missing)
			say_note(
			    "%s: does not exist yet; waiting for it", path);
		w->told_missing = true;
		return;
	}
	if (e != ERR_OK)
		say_detail("%s", ei.text);
	for (size_t i = dirs; i < list->nsearched; i++)
		hints_dir(w->hints, list->searched[i]);
	/* A link to a run, or the run itself, may be what is watched. */
	if (list->nsearched > dirs || list->n > n)
		note_tars(w, path, clock_ms());
}

static void
drop_lost(struct watcher *w)
{
	for (size_t i = 0; i < w->n;) {
		if (w->item[i]->found) {
			i++;
			continue;
		}
		item_free(w->item[i]);
		w->item[i] = w->item[--w->n];
	}
}

static void
search(struct watcher *w)
{
	struct arena *old = w->memory[0];
	struct run_list list = {0};
	int64_t begin = clock_ms();

	w->memory[0] = w->memory[1];
	w->memory[1] = old;
	arena_reset(w->memory[0]);
	for (size_t i = 0; i < w->n; i++)
		w->item[i]->found = false;
	hints_begin(w->hints);
	for (size_t i = 0; i < w->npaths; i++)
		search_path(w, w->paths[i], &list);
	for (size_t i = 0; i < list.n; i++) {
		struct item *it = item_of(w, list.run[i].path, true);
		it->run = &list.run[i];
		note_item(w, it, begin);
	}
	hints_end(w->hints);
	drop_lost(w);
	w->searched = clock_ms();
	w->took = w->searched - begin;
	w->search = w->searched + SEARCH_MS;
}

/* A tree that keeps changing must not keep us busy. */
static void
search_soon(struct watcher *w)
{
	int64_t when = clock_ms() + SEARCH_SOON_MS;

	if (when < w->searched + 10 * w->took)
		when = w->searched + 10 * w->took;
	if (w->search > when)
		w->search = when;
}

/* Nothing was written for a while: by the file system's clock, or because
 * two looks saw the same. */
static bool
is_quiet(struct item *it, const struct look *l, int64_t now)
{
	int64_t age = (int64_t)time(NULL) - l->ctime;
	bool same = it->shape == l->shape && now - it->walked >= QUIET_MS;

	if (age > QUIET_MS / 1000 || same)
		return true;
	if (it->shape != l->shape) {
		it->shape = l->shape;
		it->walked = now;
	}
	it->look = now + QUIET_MS;
	return false;
}

/* Whether there will be nothing more; else when to look again. */
static bool
is_over(struct watcher *w, struct item *it, const struct look *l, int64_t now)
{
	int64_t settle = (int64_t)w->c->o->settle;
	int64_t age = (int64_t)time(NULL) - l->mtime;

	if (!it->is_run || run_is_complete(it->run) || age >= settle)
		return true;
	it->look = now + (settle - (age > 0 ? age : 0)) * 1000 + QUIET_MS;
	return false;
}

static void
flush_soon(struct watcher *w, int64_t when)
{
	if (w->c->o->spool != NULL && w->flush > when)
		w->flush = when;
}

static void
server_away(struct watcher *w)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	w->retry = clock_ms() + retry_delay_ms(w->failures++,
				    (uint32_t)t.tv_nsec, w->c->retry_after);
	flush_soon(w, w->retry);
}

static void
server_back(struct watcher *w)
{
	w->failures = 0;
	w->retry = 0;
}

/* It stays: in the spool, or where it is. */
static void
settle_later(struct watcher *w, struct item *it, int64_t now)
{
	if (w->c->away && w->retry <= now)
		server_away(w);
	if (w->c->o->spool == NULL)
		it->look = w->c->away ? w->retry : now + FAILED_MS;
	else
		flush_soon(w, now + FAILED_MS);
}

static void
settle_item(
    struct watcher *w, struct item *it, const struct look *l, enum outcome out)
{
	int64_t now = clock_ms();

	it->look = NEVER;
	if (out == OUT_FAILED)
		it->look = now + FAILED_MS;
	if (out == OUT_LATER)
		settle_later(w, it, now);
	if (out == OUT_SENT)
		server_back(w);
	if (it->look != NEVER)
		return;
	it->handled = l->shape;
	it->active = now + (int64_t)w->c->o->settle * 1000;
}

static void
look_at_item(struct watcher *w, struct item *it, int64_t now)
{
	uint64_t seen = see(w, it);
	enum outcome out;
	char mark[32];
	struct look l;

	it->look = NEVER;
	if (seen == 0 || !look_at(w, it, &l)) {
		search_soon(w);
		return;
	}
	if (l.shape == it->handled || !is_over(w, it, &l, now) ||
	    !is_quiet(it, &l, now))
		return;
	/* Without a spool it can only wait where it is. */
	if (now < w->retry && w->c->o->spool == NULL) {
		it->look = w->retry;
		return;
	}
	w->c->away = now < w->retry;
	it->seen = seen;
	snprintf(mark, sizeof(mark), "w%016llx", (unsigned long long)seen);
	out = it->is_run ? push_run(w->c, w->scratch, it->run, mark)
			 : push_tar(w->c, w->scratch, it->path, mark);
	settle_item(w, it, &l, out);
}

/* The item that waits longest, so that none is starved. */
static struct item *
next_item(const struct watcher *w)
{
	struct item *next = NULL;

	for (size_t i = 0; i < w->n; i++)
		if (w->item[i]->look != NEVER &&
		    (next == NULL || w->item[i]->look < next->look))
			next = w->item[i];
	return next;
}

static void
flush_spool(struct watcher *w)
{
	bool empty;

	w->flush = NEVER;
	w->c->away = false;
	empty = push_spool(w->c);
	if (w->c->away)
		server_away(w);
	else
		server_back(w);
	if (!empty)
		flush_soon(w, clock_ms() + FAILED_MS);
}

static void
on_change(void *arg, void *who)
{
	(void)arg;
	look_soon(who, clock_ms() + QUIET_MS);
}

static void
wait_for_news(struct watcher *w)
{
	const struct item *next = next_item(w);
	int64_t until = w->search, left;
	struct pollfd fds[] = {
	    {stop_fd(), POLLIN, 0}, {hints_fd(w->hints), POLLIN, 0}};

	if (next != NULL && next->look < until)
		until = next->look;
	if (w->flush < until)
		until = w->flush;
	left = until - clock_ms();
	poll(fds, 2, left > 0 ? (int)left : 0);
	if (hints_read(w->hints, on_change, w))
		search_soon(w);
}

static void
turn(struct watcher *w)
{
	int64_t now = clock_ms();
	struct item *next;

	arena_reset(w->scratch);
	if (now >= w->search)
		search(w);
	if (now >= w->flush)
		flush_spool(w);
	next = next_item(w);
	if (next != NULL && next->look <= clock_ms())
		look_at_item(w, next, clock_ms());
}

enum err
watch_paths(struct client *c, char **paths, size_t n, struct errinfo *ei)
{
	struct watcher w = {
	    .c = c, .paths = paths, .npaths = n, .flush = NEVER};

	for (size_t i = 0; i < n; i++) {
		struct stat st;
		if (stat(paths[i], &st) == 0 && !S_ISDIR(st.st_mode))
			return err_set(
			    ei, ERR_INPUT, "%s: not a directory", paths[i]);
	}
	w.hints = hints_new();
	w.memory[0] = arena_new(0);
	w.memory[1] = arena_new(0);
	w.scratch = arena_new(0);
	if (c->o->spool != NULL)
		flush_spool(&w);
	while (!stop_requested()) {
		turn(&w);
		wait_for_news(&w);
	}
	for (size_t i = 0; i < w.n; i++)
		item_free(w.item[i]);
	free(w.item);
	arena_free(w.memory[0]);
	arena_free(w.memory[1]);
	arena_free(w.scratch);
	hints_free(w.hints);
	return ERR_OK;
}
