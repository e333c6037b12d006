/* lone_reports.c: see lone_reports.h. */
#include "client/lone_reports.h"

#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/str.h"
#include "client/files.h"

#define BEGIN "error_report_"
#define END ".txt"
#define NAME_BYTES 14 /* of a BUILDNAME: YYYYMMDDHHMMSS */
#define DIRS_MAX 200

struct reports {
	struct arena *a;
	const char *newest; /* run, or "" */
	const char **path;
	size_t n, cap;
	const char *last; /* report's name */
};

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

/* Names are times, so their order is that of the builds. */
static void
look_at(struct reports *r, const struct dir_entry *e)
{
	struct slice s = slice_of(e->name);
	const char *name = e->name + strlen(BEGIN);

	if (!slice_starts(s, BEGIN) || !slice_ends(s, END) ||
	    s.n < strlen(BEGIN END) || !S_ISREG(e->st.st_mode) ||
	    !is_name(name, s.n - strlen(BEGIN END)) ||
	    strncmp(name, r->newest, NAME_BYTES) <= 0)
		return;
	if (r->newest[0] == '\0' && r->n > 0) {
		/* Of a machine's whole history only the end. */
		if (strcmp(name, r->last) <= 0)
			return;
		r->n = 0;
	}
	r->path =
	    arena_grow(r->a, r->path, &r->cap, r->n + 1, sizeof(*r->path));
	r->path[r->n++] = e->path;
	r->last = name;
}

static void
look_into(struct reports *r, const char *dir)
{
	struct dir_list list;

	if (dir_read(r->a, dir, &list, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n; i++)
		look_at(r, &list.entry[i]);
}

const char **
lone_reports(struct arena *a, const struct run_list *list, size_t *n)
{
	struct reports r = {.a = a, .newest = newest_run(list), .last = ""};

	for (size_t i = 0; i < list->nsearched && i < DIRS_MAX; i++) {
		const char *dir = list->searched[i];
		look_into(&r, arena_printf(a, "%s/error-report", dir));
		look_into(&r, arena_printf(a, "%s/log/error-report", dir));
	}
	*n = r.n;
	return r.path;
}
