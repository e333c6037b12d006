/* find.c: see find.h. */
#include "client/find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "client/files.h"

#define DEPTH_MAX 7
#define SEARCHED_MAX 20000
#define STATS_MAX ((size_t)16 << 20)
#define STATS "build_stats"

struct seen {
	dev_t dev;
	ino_t ino;
};

struct search {
	struct arena *a;
	struct run_list *out;
	struct seen *seen;
	size_t nseen, seen_cap;
	struct errinfo *ei;
};

/* In a TMPDIR these are large and hold no statistics. */
static bool
is_bulk(const char *name)
{
	static const char *const names[] = {"abi-dumps", "buildhistory",
	    "cache", "deploy", "downloads", "error-report", "hosttools", "log",
	    "logs", "packages", "pkgdata", "sstate-cache", "sstate-control",
	    "stamps", "sysroots", "sysroots-components", "sysroots-uninative",
	    "work", "work-shared"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static const struct dir_entry *
entry_of(const struct dir_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->entry[i].name, name) == 0)
			return &list->entry[i];
	return NULL;
}

static bool
has_file(struct arena *a, const char *dir, const char *name)
{
	struct stat st;

	return stat(arena_printf(a, "%s/%s", dir, name), &st) == 0 &&
	       S_ISREG(st.st_mode);
}

/* True when the directory was not visited before. */
static bool
visit(struct search *s, const struct stat *st)
{
	for (size_t i = 0; i < s->nseen; i++)
		if (s->seen[i].dev == st->st_dev &&
		    s->seen[i].ino == st->st_ino)
			return false;
	s->seen = arena_grow(
	    s->a, s->seen, &s->seen_cap, s->nseen + 1, sizeof(*s->seen));
	s->seen[s->nseen++] = (struct seen){st->st_dev, st->st_ino};
	return true;
}

/* Layout A, before 2016: buildstats/TARGET-MACHINE/BUILDNAME. */
static bool
is_layout_a(struct arena *a, const char *parent)
{
	const char *above = path_dir(a, parent);

	if (strcmp(path_base(a, parent), "buildstats") == 0)
		return false;
	return strcmp(path_base(a, above), "buildstats") == 0 ||
	       has_file(a, above, ".buildname");
}

static double
started_at(const char *path)
{
	static const char key[] = "Build Started: ";
	char text[4096];
	struct slice rest = {text, 0}, line;
	double v;

	if (!file_head(path, text, sizeof(text), &rest.n))
		return 0;
	while (slice_line(&rest, &line)) {
		if (!slice_starts(line, key))
			continue;
		line.p += sizeof(key) - 1;
		line.n -= sizeof(key) - 1;
		line = slice_trim(line);
		if (str_to_double(line.p, line.n, &v))
			return v;
	}
	return 0;
}

static void
add_run(struct search *s, const char *path)
{
	struct run_list *out = s->out;
	const char *parent = path_dir(s->a, path);
	struct run run = {.path = path};
	bool old = is_layout_a(s->a, parent);

	run.name = path_base(s->a, path);
	run.base = old ? path_dir(s->a, parent) : parent;
	run.member = old ? arena_printf(s->a, "buildstats/%s/%s",
			       path_base(s->a, parent), run.name)
			 : arena_printf(s->a, "buildstats/%s", run.name);
	run.started = started_at(arena_printf(s->a, "%s/" STATS, path));
	out->run = arena_grow(
	    s->a, out->run, &out->cap, out->n + 1, sizeof(*out->run));
	out->run[out->n++] = run;
}

static enum err
note_searched(struct search *s, const char *path)
{
	struct run_list *out = s->out;

	if (out->nsearched == SEARCHED_MAX)
		return err_set(s->ei, ERR_TOO_BIG,
		    "more than %d directories to search; name the buildstats "
		    "directory itself",
		    SEARCHED_MAX);
	out->searched = arena_grow(s->a, out->searched, &out->searched_cap,
	    out->nsearched + 1, sizeof(*out->searched));
	out->searched[out->nsearched++] = path;
	return ERR_OK;
}

/* Which children of a directory may hold runs. */
static bool
worth_it(const struct dir_list *list, const struct dir_entry *e, bool build_dir)
{
	if (!S_ISDIR(e->st.st_mode))
		return false;
	if (build_dir)
		return strncmp(e->name, "tmp", 3) == 0 ||
		       strncmp(e->name, "buildstats", 10) == 0;
	return entry_of(list, "buildstats") == NULL || !is_bulk(e->name);
}

static const char *
real_path(struct arena *a, const char *path)
{
	char *real = realpath(path, NULL);
	const char *copy = real != NULL ? arena_strdup(a, real) : path;

	free(real);
	return copy;
}

static enum err
search_dir(struct search *s, const char *path, int depth)
{
	struct dir_list list;
	struct errinfo ei;
	bool build_dir;
	enum err e;

	if (has_file(s->a, path, STATS)) {
		add_run(s, path);
		return ERR_OK;
	}
	/* One that can't be read is skipped, unless it was asked for. */
	e = dir_read(s->a, path, &list, &ei);
	if (e != ERR_OK)
		return depth == 0 ? err_set(s->ei, e, "%s", ei.text) : ERR_OK;
	e = note_searched(s, path);
	build_dir = has_file(s->a, path, "conf/local.conf");
	for (int links = 0; links < 2; links++) {
		for (size_t i = 0; i < list.n && e == ERR_OK; i++) {
			const struct dir_entry *d = &list.entry[i];
			if (d->link != links ||
			    !worth_it(&list, d, build_dir) ||
			    depth == DEPTH_MAX || !visit(s, &d->st))
				continue;
			/* A run goes by its own name, not by a link's. */
			e = search_dir(s,
			    d->link ? real_path(s->a, d->path) : d->path,
			    depth + 1);
		}
	}
	return e;
}

/* A run given by itself: is there a later one beside it? */
static bool
has_later_sibling(struct arena *a, const struct run *run)
{
	struct dir_list list;
	struct errinfo ei;

	if (dir_read(a, path_dir(a, run->path), &list, &ei) != ERR_OK)
		return false;
	for (size_t i = 0; i < list.n; i++) {
		const struct dir_entry *e = &list.entry[i];
		if (S_ISDIR(e->st.st_mode) && !e->link &&
		    started_at(arena_printf(a, "%s/" STATS, e->path)) >
			run->started)
			return true;
	}
	return false;
}

static void
mark_newest(struct arena *a, struct run_list *list, size_t from)
{
	if (list->n - from == 1) {
		list->run[from].newest =
		    !has_later_sibling(a, &list->run[from]);
		return;
	}
	for (size_t i = from; i < list->n; i++) {
		struct run *r = &list->run[i];
		r->newest = true;
		for (size_t j = from; j < list->n && r->newest; j++)
			if (list->run[j].started > r->started &&
			    strcmp(list->run[j].base, r->base) == 0)
				r->newest = false;
	}
}

enum err
find_runs(
    struct arena *a, const char *path, struct run_list *out, struct errinfo *ei)
{
	struct search s = {.a = a, .out = out, .ei = ei};
	size_t from = out->n;
	struct stat st;
	enum err e;

	if (stat(path, &st) != 0)
		return err_set(ei,
		    errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL, "%s: %s",
		    path, strerror(errno));
	visit(&s, &st);
	/* The names of a run's parents matter: "." has none. */
	e = search_dir(&s, real_path(a, path), 0);
	if (e == ERR_OK)
		mark_newest(a, out, from);
	return e;
}

bool
run_is_complete(const struct run *run)
{
	struct arena *a = arena_new(0);
	struct slice text, line;
	struct errinfo ei;
	bool ended = false;

	if (file_read(a, arena_printf(a, "%s/" STATS, run->path), STATS_MAX,
		&text, &ei) == ERR_OK) {
		while (slice_line(&text, &line)) {
			if (slice_starts(line, "Build Started:"))
				ended = false;
			else if (slice_starts(line, "Elapsed time:"))
				ended = true;
		}
	}
	arena_free(a);
	return ended;
}
