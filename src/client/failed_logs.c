/* failed_logs.c: see failed_logs.h. */
#include "client/failed_logs.h"

#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/str.h"
#include "client/files.h"
#include "client/say.h"

#define STATS_MAX ((size_t)16 << 20)
#define CONSOLE_MAX ((size_t)64 << 20)
/* A log may be flushed a little later than the run says that it ended. */
#define LATE 120

struct failed {
	struct slice pf, task;
};

struct search {
	struct arena *a;
	const struct run *run;
	const char *tmpdir;
	double ended; /* 0: it has not */
	struct slice console;
	bool looked;
	const char *arch[64]; /* directories below work/ */
	size_t narch;
	struct beside *out;
	size_t count;
	int64_t bytes;
};

static bool
stat_file(const char *path, struct stat *st)
{
	return stat(path, st) == 0 && S_ISREG(st->st_mode);
}

/* Was it written while the run was under way? */
static bool
is_of_run(const struct search *s, const struct stat *st)
{
	double t = (double)st->st_mtime;

	return t >= s->run->started - 1 &&
	       (s->ended <= 0 || t <= s->ended + LATE);
}

/* ---- what the console log says ---- */

/* The last component is cut off into *last. */
static bool
pop(struct slice *path, struct slice *last)
{
	size_t n = path->n;

	while (n > 0 && path->p[n - 1] != '/')
		n--;
	*last = (struct slice){path->p + n, path->n - n};
	path->n = n > 0 ? n - 1 : 0;
	return last->n > 0;
}

/* Does PF begin with this recipe, or is it that? */
static bool
is_recipe_of(struct slice pf, struct slice recipe)
{
	return recipe.n > 0 && recipe.n <= pf.n &&
	       memcmp(pf.p, recipe.p, recipe.n) == 0 &&
	       (recipe.n == pf.n || pf.p[recipe.n] == '-');
}

/* ".../RECIPE/VERSION/temp/log.TASK.PID", once ".../PF/temp/log.TASK.PID" */
static bool
is_log_of(struct slice path, const struct failed *f)
{
	struct slice name, temp, version, recipe;

	if (!pop(&path, &name) || !pop(&path, &temp) ||
	    !slice_is(temp, "temp") || !slice_starts(name, "log."))
		return false;
	name.p += strlen("log.");
	name.n -= strlen("log.");
	if (name.n < f->task.n || memcmp(name.p, f->task.p, f->task.n) != 0 ||
	    (name.n > f->task.n && name.p[f->task.n] != '.'))
		return false;
	if (!pop(&path, &version))
		return false;
	return (pop(&path, &recipe) && is_recipe_of(f->pf, recipe)) ||
	       is_recipe_of(f->pf, version);
}

/* The last one: bitbake may have tried twice. */
static const char *
from_console(const struct search *s, const struct failed *f)
{
	static const char said[] = "Logfile of failure stored in: ";
	struct slice rest = s->console, line, found = {0};

	while (slice_line(&rest, &line)) {
		const char *at = memmem(line.p, line.n, said, sizeof(said) - 1);
		if (at == NULL)
			continue;
		at += sizeof(said) - 1;
		struct slice path = slice_trim(
		    (struct slice){at, (size_t)(line.p + line.n - at)});
		if (path.n > 0 && path.p[0] == '/' && is_log_of(path, f))
			found = path;
	}
	return found.n > 0 ? arena_strndup(s->a, found.p, found.n) : NULL;
}

/* ---- looking for it ---- */

/* The log to which bitbake's link points, or else the newest. */
static const char *
newest_in(struct search *s, const char *temp, const struct failed *f)
{
	const char *name =
	    arena_printf(s->a, "log.%.*s", (int)f->task.n, f->task.p);
	size_t n = strlen(name);
	const char *best = NULL;
	struct dir_list list;
	time_t when = 0;

	if (dir_read(s->a, temp, &list, NULL) != ERR_OK)
		return NULL;
	for (size_t i = 0; i < list.n; i++) {
		const struct dir_entry *e = &list.entry[i];
		if (strncmp(e->name, name, n) != 0 ||
		    (e->name[n] != '\0' && e->name[n] != '.') ||
		    !S_ISREG(e->st.st_mode) || !is_of_run(s, &e->st))
			continue;
		if (e->link && e->name[n] == '\0')
			return e->path;
		if (best == NULL || e->st.st_mtime > when) {
			best = e->path;
			when = e->st.st_mtime;
		}
	}
	return best;
}

/* In work/ARCH/RECIPE: that version's directory, however it writes it. */
static const char *
from_recipe(struct search *s, const char *dir, struct slice version,
    const struct failed *f)
{
	struct slice rest = version, epoch;
	struct dir_list list;

	if (slice_cut(&rest, '_', &epoch))
		version = rest;
	if (dir_read(s->a, dir, &list, NULL) != ERR_OK)
		return NULL;
	for (size_t i = 0; i < list.n; i++) {
		const char *v = strchr(list.entry[i].name, '_');
		v = v != NULL && epoch.n != version.n ? v + 1
						      : list.entry[i].name;
		if (!is_recipe_of(version, slice_of(v)))
			continue;
		const char *found = newest_in(
		    s, arena_printf(s->a, "%s/temp", list.entry[i].path), f);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/* The recipe ends at one of the dashes of PF, nobody knows at which. */
static const char *
from_work(struct search *s, const struct failed *f)
{
	const char *found = NULL;

	for (size_t k = 0; k < s->narch && found == NULL; k++) {
		found = newest_in(s,
		    arena_printf(s->a, "%s/%.*s/temp", s->arch[k], (int)f->pf.n,
			f->pf.p),
		    f);
		for (size_t i = f->pf.n; i-- > 1 && found == NULL;) {
			struct stat st;
			const char *dir;
			if (f->pf.p[i] != '-')
				continue;
			dir = arena_printf(
			    s->a, "%s/%.*s", s->arch[k], (int)i, f->pf.p);
			if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
				found = from_recipe(s, dir,
				    (struct slice){
					f->pf.p + i + 1, f->pf.n - i - 1},
				    f);
		}
	}
	return found;
}

/* logs/RECIPE.TASK.log of an archive, which says nothing of its run. */
static const char *
from_archive(struct search *s, const struct failed *f)
{
	struct stat st;

	if (s->tmpdir == NULL || !s->run->newest)
		return NULL;
	for (size_t i = f->pf.n; i-- > 1;) {
		const char *path;
		if (f->pf.p[i] != '-')
			continue;
		path = arena_printf(s->a, "%s/logs/%.*s.%.*s.log", s->tmpdir,
		    (int)i, f->pf.p, (int)f->task.n, f->task.p);
		if (stat_file(path, &st))
			return path;
	}
	return NULL;
}

/* ---- all of them ---- */

static void
add(struct search *s, const struct failed *f, const char *path)
{
	struct beside *b = s->out;
	struct stat st;

	if (!stat_file(path, &st))
		return;
	if (s->count == FAILED_LOGS_COUNT || st.st_size > FAILED_LOG_MAX ||
	    s->bytes + st.st_size > FAILED_LOGS_MAX) {
		say_note("%s: not sent, %s", path,
		    st.st_size > FAILED_LOG_MAX ? "too large"
						: "there are too many logs");
		return;
	}
	s->count++;
	s->bytes += st.st_size;
	b->file =
	    arena_grow(s->a, b->file, &b->cap, b->n + 1, sizeof(*b->file));
	b->file[b->n++] = (struct beside_file){.path = path,
	    .member = arena_printf(s->a, "logs/%.*s/log.%.*s", (int)f->pf.n,
		f->pf.p, (int)f->task.n, f->task.p)};
}

static void
find_one(struct search *s, const struct failed *f)
{
	const char *path = from_console(s, f);
	struct stat st;

	if (path == NULL || !stat_file(path, &st) || !is_of_run(s, &st))
		path = from_work(s, f);
	if (path == NULL)
		path = from_archive(s, f);
	if (path != NULL)
		add(s, f, path);
}

static bool
is_name(struct slice s)
{
	return s.n > 0 && s.n <= 255 && utf8_clean(s.p, s.n) &&
	       memchr(s.p, '/', s.n) == NULL && memchr(s.p, '\n', s.n) == NULL;
}

/* "Failed at: PF at task: TASK" */
static bool
read_failed(struct slice line, struct failed *f)
{
	static const char begin[] = "Failed at: ", middle[] = " at task: ";
	const char *at;

	if (!slice_starts(line, begin))
		return false;
	line.p += sizeof(begin) - 1;
	line.n -= sizeof(begin) - 1;
	line = slice_trim(line);
	at = memmem(line.p, line.n, middle, sizeof(middle) - 1);
	if (at == NULL)
		return false;
	f->pf = (struct slice){line.p, (size_t)(at - line.p)};
	at += sizeof(middle) - 1;
	f->task = (struct slice){at, (size_t)(line.p + line.n - at)};
	return is_name(f->pf) && is_name(f->task) &&
	       slice_starts(f->task, "do_");
}

static void
read_ended(struct search *s, struct slice line)
{
	static const char key[] = "Elapsed time: ";
	struct slice word;
	double v;

	if (!slice_starts(line, key))
		return;
	line.p += sizeof(key) - 1;
	line.n -= sizeof(key) - 1;
	slice_cut(&line, ' ', &word);
	if (str_to_double(word.p, word.n, &v) && v >= 0)
		s->ended = s->run->started + v;
}

static void
find_arches(struct search *s)
{
	struct dir_list list;

	if (s->tmpdir == NULL ||
	    dir_read(s->a, arena_printf(s->a, "%s/work", s->tmpdir), &list,
		NULL) != ERR_OK)
		return;
	for (size_t i = 0;
	     i < list.n && s->narch < sizeof(s->arch) / sizeof(s->arch[0]); i++)
		if (S_ISDIR(list.entry[i].st.st_mode))
			s->arch[s->narch++] = list.entry[i].path;
}

static void
read_console(struct search *s)
{
	for (size_t i = 0; i < s->out->n; i++)
		if (strcmp(s->out->file[i].member, "console.log") == 0 &&
		    file_read(s->a, s->out->file[i].path, CONSOLE_MAX,
			&s->console, NULL) != ERR_OK)
			s->console = (struct slice){0};
}

void
failed_logs_find(struct arena *a, const struct run *run, const char *tmpdir,
    struct beside *out)
{
	struct search s = {.a = a, .run = run, .tmpdir = tmpdir, .out = out};
	struct slice text, rest, line;
	struct failed f;

	if (file_read(a, arena_printf(a, "%s/build_stats", run->path),
		STATS_MAX, &text, NULL) != ERR_OK)
		return;
	rest = text;
	while (slice_line(&rest, &line))
		read_ended(&s, line);
	for (rest = text; slice_line(&rest, &line);) {
		if (!read_failed(line, &f))
			continue;
		if (!s.looked) {
			find_arches(&s);
			read_console(&s);
			s.looked = true;
		}
		find_one(&s, &f);
	}
}
