/* history.c: see history.h. */
#include "client/history.h"

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "client/files.h"

#define COMMIT_MAX ((size_t)64 << 10)
#define FILES_MAX 400000

struct taking {
	struct arena *a;
	struct beside *out;
	const char *root;
	const char *prefix; /* of members */
	const char *const *names;
	size_t known;  /* files that were there before */
	double newest; /* of files, seconds */
};

static bool
is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool
history_is_dir(struct arena *a, const char *path)
{
	return is_file(arena_printf(a, "%s/metadata-revs", path)) ||
	       (is_dir(arena_printf(a, "%s/packages", path)) &&
		   is_dir(arena_printf(a, "%s/images", path)));
}

/* ---- files ---- */

static bool
is_named(const struct taking *t, const char *name)
{
	for (size_t i = 0; t->names[i] != NULL; i++)
		if (strcmp(t->names[i], name) == 0)
			return true;
	return false;
}

static void
take_file(struct taking *t, const struct dir_entry *e)
{
	struct beside *out = t->out;
	const char *member = arena_printf(
	    t->a, "%s/%s", t->prefix, e->path + strlen(t->root) + 1);

	for (size_t i = 0; i < t->known; i++)
		if (strcmp(out->file[i].member, member) == 0)
			return;
	if (out->n >= FILES_MAX)
		return;
	if ((double)e->st.st_mtime > t->newest)
		t->newest = (double)e->st.st_mtime;
	out->file = arena_grow(
	    t->a, out->file, &out->cap, out->n + 1, sizeof(*out->file));
	out->file[out->n++] =
	    (struct beside_file){.path = e->path, .member = member};
}

/* Files of these names, so many directories down. */
static void
take_dir(struct taking *t, const char *dir, int depth)
{
	struct dir_list list;

	if (dir_read(t->a, dir, &list, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n; i++) {
		const struct dir_entry *e = &list.entry[i];
		if (e->link)
			continue;
		if (S_ISREG(e->st.st_mode) && is_named(t, e->name))
			take_file(t, e);
		else if (S_ISDIR(e->st.st_mode) && depth > 0)
			take_dir(t, e->path, depth - 1);
	}
}

/* ---- the commit ---- */

static size_t
read_all(int fd, char *into, size_t max)
{
	size_t n = 0;
	ssize_t got;

	while (n < max && (got = read(fd, into + n, max - n)) > 0)
		n += (size_t)got;
	return n;
}

/* Plumbing, and told where the repository is: nothing of its configuration is
 * run. */
static pid_t
start_git(struct arena *a, const char *dir, int to)
{
	char *const argv[] = {arena_strdup(a, "git"),
	    arena_printf(a, "--git-dir=%s/.git", dir),
	    arena_strdup(a, "cat-file"), arena_strdup(a, "commit"),
	    arena_strdup(a, "HEAD"), NULL};
	posix_spawn_file_actions_t files;
	extern char **environ;
	pid_t pid = -1;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, to, 1);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, "git", &files, NULL, argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&files);
	return pid;
}

/* Empty if it has none, or there is no git. */
static struct slice
read_commit(struct arena *a, const char *dir)
{
	struct slice text = {"", 0};
	char *into;
	int fds[2], status;
	pid_t pid;

	if (!is_dir(arena_printf(a, "%s/.git", dir)) ||
	    pipe2(fds, O_CLOEXEC) != 0)
		return text;
	pid = start_git(a, dir, fds[1]);
	close(fds[1]);
	into = arena_alloc(a, COMMIT_MAX + 1);
	text = (struct slice){into, read_all(fds[0], into, COMMIT_MAX)};
	into[text.n] = '\0';
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		text.n = 0;
	return text;
}

static void
add_commit(struct arena *a, struct beside *out, struct slice text)
{
	if (text.n == 0)
		return;
	out->file =
	    arena_grow(a, out->file, &out->cap, out->n + 1, sizeof(*out->file));
	out->file[out->n++] =
	    (struct beside_file){.member = "buildhistory/commit", .text = text};
}

/* ---- buildhistory ---- */

static struct taking
take_history(struct arena *a, const char *path, struct beside *out)
{
	static const char *const revs[] = {"metadata-revs", NULL};
	static const char *const package[] = {
	    "latest", "files-in-package.txt", NULL};
	static const char *const image[] = {"build-id.txt", "image-info.txt",
	    "files-in-image.txt", "installed-package-sizes.txt",
	    "installed-package-info.txt", NULL};
	struct taking t = {.a = a,
	    .out = out,
	    .root = path,
	    .prefix = "buildhistory",
	    .names = revs,
	    .known = out->n};

	take_dir(&t, path, 0);
	t.names = image;
	take_dir(&t, arena_printf(a, "%s/images", path), 3);
	t.names = package;
	take_dir(&t, arena_printf(a, "%s/packages", path), 3);
	return t;
}

void
history_take(struct arena *a, const char *path, struct beside *out)
{
	take_history(a, path, out);
	add_commit(a, out, read_commit(a, path));
}

void
history_find(
    struct arena *a, const struct run *run, const char *dir, struct beside *out)
{
	const char *path = arena_printf(a, "%s/buildhistory", dir);
	struct beside found = *out;
	struct slice commit;
	struct taking t;
	bool names;

	if (!is_dir(path))
		return;
	commit = read_commit(a, path);
	names = commit.n > 0 && strstr(commit.p, arena_printf(a, "Build %s of ",
						     run->name)) != NULL;
	if (!names && (commit.n > 0 || !run->newest))
		return;
	t = take_history(a, path, &found);
	if (!names && t.newest < run->started)
		return;
	add_commit(a, &found, commit);
	*out = found;
}

/* ---- performance tests ---- */

void
perf_results_take(struct arena *a, const char *path, struct beside *out)
{
	static const char *const names[] = {"results.json", "results.xml",
	    "metadata.json", "metadata.xml", "buildstats.json", NULL};
	struct taking t = {.a = a,
	    .out = out,
	    .root = path,
	    .prefix = path_base(a, path),
	    .names = names};

	if (t.prefix[0] == '\0' || strcmp(t.prefix, ".") == 0)
		t.prefix = "results";
	take_dir(&t, path, 2);
}
