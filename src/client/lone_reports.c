/* lone_reports.c: see lone_reports.h. */
#include "client/lone_reports.h"

#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/str.h"
#include "client/files.h"

#define NAME_BYTES 14 /* of a BUILDNAME: YYYYMMDDHHMMSS */
#define DIRS_MAX 200

struct lone {
	struct arena *a;
	const char *newest; /* run, or "" */
	struct lone_build *build;
	size_t n, cap;
};

/* How files of a kind are called. */
struct kind {
	const char *dir, *begin, *end;
};
static const struct kind reports = {"error-report", "error_report_", ".txt"};
static const struct kind events = {"eventlog", "", ".json"};

static bool
is_name(const char *s, size_t n)
{
	return n == NAME_BYTES && strspn(s, "0123456789") >= NAME_BYTES;
}

static const char *
newest_run(const struct run_list *list)
{
	const char *newest = "";

	for (size_t i = 0; i < list->n; i++) {
		const char *name = list->run[i].name;
		if (is_name(name, strlen(name)) && strcmp(name, newest) > 0)
			newest = name;
	}
	return newest;
}

/* The build of a name, new if need be.  Names are times: of a machine's whole
 * history only the end is kept; NULL for what is before it. */
static struct lone_build *
build_of(struct lone *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->build[i].name, name) == 0)
			return &l->build[i];
	if (l->newest[0] == '\0' && l->n > 0) {
		if (strcmp(name, l->build[0].name) < 0)
			return NULL;
		l->n = 0;
	}
	l->build =
	    arena_grow(l->a, l->build, &l->cap, l->n + 1, sizeof(*l->build));
	l->build[l->n] = (struct lone_build){.name = name};
	return &l->build[l->n++];
}

static void
look_at(struct lone *l, const struct dir_entry *e, const struct kind *kind)
{
	struct slice s = slice_of(e->name);
	size_t begin = strlen(kind->begin), around = begin + strlen(kind->end);
	const char *name = e->name + begin;
	struct lone_build *b;

	if (!slice_starts(s, kind->begin) || !slice_ends(s, kind->end) ||
	    s.n < around || !S_ISREG(e->st.st_mode) ||
	    !is_name(name, s.n - around) ||
	    strncmp(name, l->newest, NAME_BYTES) <= 0)
		return;
	b = build_of(l, arena_strndup(l->a, name, NAME_BYTES));
	if (b != NULL && kind == &reports)
		b->report = e->path;
	else if (b != NULL)
		b->events = e->path;
}

static void
look_into(struct lone *l, const char *dir, const struct kind *kind)
{
	struct dir_list list;

	if (dir_read(l->a, arena_printf(l->a, "%s/%s", dir, kind->dir), &list,
		NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n; i++)
		look_at(l, &list.entry[i], kind);
}

struct lone_build *
lone_builds(struct arena *a, const struct run_list *list, size_t *n)
{
	struct lone l = {.a = a, .newest = newest_run(list)};

	for (size_t i = 0; i < list->nsearched && i < DIRS_MAX; i++) {
		const char *dir = list->searched[i];
		const char *log = arena_printf(a, "%s/log", dir);
		look_into(&l, dir, &reports);
		look_into(&l, log, &reports);
		look_into(&l, dir, &events);
		look_into(&l, log, &events);
	}
	*n = l.n;
	return l.build;
}
