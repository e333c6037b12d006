/* beside.c: see beside.h. */
#include "client/beside.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "client/event_file.h"
#include "client/failed_logs.h"
#include "client/files.h"
#include "client/history.h"
#include "json/jobj.h"

#define NAMED_MAX 8
#define FILES_MAX 16 /* and the logs */
#define ENVIRONMENT_MAX ((size_t)256 << 10)
#define ENVIRONMENT "build.json"

DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

struct places {
	const char *base;  /* the directory of the runs */
	const char *above; /* TMPDIR, or the directory of an archived build */
	const char *build; /* the build directory, or NULL */
};

static bool
is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool
has_member(const struct beside *b, const char *member)
{
	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->file[i].member, member) == 0)
			return true;
	return false;
}

/* Adds dir/name as member unless there is one already. */
static void
take(struct arena *a, struct beside *b, const char *dir, const char *name,
    const char *member)
{
	const char *path;

	if (has_member(b, member) || b->n == FILES_MAX)
		return;
	path = arena_printf(a, "%s/%s", dir, name);
	if (!is_file(path))
		return;
	b->file = arena_grow(a, b->file, &b->cap, b->n + 1, sizeof(*b->file));
	b->file[b->n++] = (struct beside_file){.path = path, .member = member};
}

/* How many there were of that name. */
static size_t
drop_member(struct beside *b, const char *member)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->file[i].member, member) != 0)
			b->file[kept++] = b->file[i];
	return b->n - kept;
}

/* Steps out of the base only where its name says that it is one. */
static struct places
places_of(struct arena *a, const struct run *run)
{
	struct places p = {.base = run->base};
	const char *build;

	if (strcmp(path_base(a, run->base), "buildstats") != 0)
		return p;
	p.above = path_dir(a, run->base);
	build = path_dir(a, p.above);
	if (is_file(arena_printf(a, "%s/conf/local.conf", build)))
		p.build = build;
	return p;
}

/* error_report_NAME.txt; the rest of the directory is of other runs. */
static void
take_reports(
    struct arena *a, struct beside *b, const struct run *run, const char *dir)
{
	struct dir_list list;
	struct errinfo ei;
	size_t taken = 0;

	if (dir_read(a, dir, &list, &ei) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n && taken < NAMED_MAX; i++) {
		const char *name = list.entry[i].name;
		if (!slice_ends(slice_of(name), ".txt") ||
		    strstr(name, run->name) == NULL)
			continue;
		take(a, b, dir, name, arena_printf(a, "error-report/%s", name));
		taken++;
	}
	if (run->newest && taken == 0)
		take(a, b, dir, "error-report.txt",
		    "error-report/error-report.txt");
}

/* bitbake's own copy: log/cooker/MACHINE/NAME.log. */
static void
take_cooker_log(
    struct arena *a, struct beside *b, const struct run *run, const char *log)
{
	const char *dir = arena_printf(a, "%s/cooker", log);
	const char *name = arena_printf(a, "%s.log", run->name);
	struct dir_list list;
	struct errinfo ei;

	if (dir_read(a, dir, &list, &ei) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n; i++)
		if (S_ISDIR(list.entry[i].st.st_mode))
			take(a, b, list.entry[i].path, name, "console.log");
}

/*
 * images/MACHINE/LIBC/IMAGE/build-id.txt: buildhistory keeps those of older
 * builds too, so only what was written since the run began is taken.
 */
static void
take_build_ids(struct arena *a, struct beside *b, const struct run *run,
    struct slice below, int depth)
{
	struct dir_list list;
	const char *dir = below.p;

	if (dir_read(a, dir, &list, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n; i++) {
		const struct dir_entry *e = &list.entry[i];
		if (depth > 0 && S_ISDIR(e->st.st_mode) && !e->link)
			take_build_ids(a, b, run,
			    (struct slice){e->path, below.n}, depth - 1);
		else if (depth == 0 && strcmp(e->name, "build-id.txt") == 0 &&
			 (double)e->st.st_mtime >= run->started)
			take(a, b, dir, e->name, e->path + below.n);
	}
}

/* Files that don't say which run they are about. */
static void
take_latest(
    struct arena *a, struct beside *b, const struct run *run, const char *dir)
{
	static const char *const names[] = {ENVIRONMENT, BESIDE_EVENTS,
	    "console.log", "testresults.json", BESIDE_TREE, "pn-depends.dot",
	    "elf-sizes", "buildhistory/metadata-revs"};
	const char *images;

	if (dir == NULL)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		take(a, b, dir, names[i], names[i]);
	images = arena_printf(a, "%s/buildhistory/images", dir);
	take_build_ids(a, b, run, (struct slice){images, strlen(dir) + 1}, 3);
}

static void
find_environment(struct arena *a, struct beside *b, const struct run *run)
{
	const char *own = arena_printf(a, "%s/" ENVIRONMENT, run->path);

	b->environment_member = ENVIRONMENT;
	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->file[i].member, ENVIRONMENT) == 0)
			b->environment = b->file[i].path;
	if (!is_file(own))
		return;
	b->environment = own;
	b->environment_member = arena_printf(a, "%s/" ENVIRONMENT, run->member);
}

/* A condensed one that lies there already is as good. */
static void
find_events(struct arena *a, struct beside *b, const struct run *run,
    const struct places *p)
{
	const char *dirs[] = {
	    arena_printf(a, "%s/eventlog", p->base), NULL, NULL};

	if (p->above != NULL) {
		dirs[1] = arena_printf(a, "%s/log/eventlog", p->above);
		dirs[2] = arena_printf(a, "%s/eventlog", p->above);
	}
	for (size_t i = 0; i < 3 && b->events == NULL; i++)
		if (dirs[i] != NULL)
			b->events = event_file_find(a, run, dirs[i]);
	if (b->events != NULL)
		b->n -= drop_member(b, BESIDE_EVENTS);
}

/* oeqa leaves its results in LOG_DIR, or where OEQA_JSON_RESULT_DIR says. */
static void
take_results(
    struct arena *a, struct beside *b, const struct run *run, const char *log)
{
	const char *dir = arena_printf(a, "%s/oeqa", log);
	struct stat st;

	if (stat(arena_printf(a, "%s/testresults.json", dir), &st) == 0 &&
	    (double)st.st_mtime >= run->started)
		take(a, b, dir, "testresults.json", "testresults.json");
}

void
beside_find(struct arena *a, const struct run *run, struct beside_wish wish,
    struct beside *out)
{
	struct places p = places_of(a, run);
	const char *log;

	*out = (struct beside){0};
	take_reports(a, out, run, arena_printf(a, "%s/error-report", p.base));
	if (p.above != NULL) {
		log = arena_printf(a, "%s/log", p.above);
		take_reports(
		    a, out, run, arena_printf(a, "%s/error-report", p.above));
		take_reports(
		    a, out, run, arena_printf(a, "%s/error-report", log));
		take_cooker_log(a, out, run, log);
		if (run->newest)
			take_results(a, out, run, log);
	}
	if (run->newest) {
		take_latest(a, out, run, p.base);
		take_latest(a, out, run, p.above);
		take_latest(a, out, run, p.build);
	}
	find_environment(a, out, run);
	history_find(a, run, p.base, out);
	if (p.above != NULL)
		history_find(a, run, p.above, out);
	if (p.build != NULL)
		history_find(a, run, p.build, out);
	if (wish.events)
		find_events(a, out, run, &p);
	if (wish.logs)
		failed_logs_find(a, run, p.above, out);
}

static bool
says_something(const struct options *o)
{
	return o->builder != NULL || o->machine != NULL || o->distro != NULL ||
	       o->ci_url != NULL || o->tags.n > 0;
}

enum err
beside_environment(struct arena *a, const struct beside *b,
    const struct options *o, struct buf *out, struct errinfo *ei)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	struct slice text;
	enum err e;

	if (!says_something(o))
		return ERR_OK;
	if (b->environment == NULL) {
		j = jobj_new();
	} else {
		e = file_read(a, b->environment, ENVIRONMENT_MAX, &text, ei);
		if (e != ERR_OK)
			return e;
		if (jobj_parse(text, &j, ei) != ERR_OK)
			return err_prefix(ei, "%s", b->environment);
	}
	if (o->builder != NULL)
		jobj_string(j, "builder", o->builder);
	if (o->machine != NULL)
		jobj_string(j, "machine", o->machine);
	if (o->ci_url != NULL)
		jobj_string(j, "ci_url", o->ci_url);
	if (o->distro != NULL)
		jobj_string(j, "distro", o->distro);
	for (size_t i = 0; i < o->tags.n; i++)
		jobj_add(j, "tags", o->tags.text[i]);
	jobj_write(j, out);
	buf_addc(out, '\n');
	return ERR_OK;
}
