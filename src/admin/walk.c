/* walk.c: see walk.h. */
#include "admin/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "model/bundle.h"

#define DEPTH_MAX 24

struct walk {
	struct bundle *bu;
	struct buf path; /* of the member at hand */
	struct errinfo *ei;
};

static void
walk_clear(struct walk *w)
{
	buf_clear(&w->path);
}

struct names {
	struct dirent **list;
	int n;
};

static void
names_clear(struct names *d)
{
	for (int i = 0; i < d->n; i++)
		free(d->list[i]);
	free(d->list);
}

static enum err
failed(struct walk *w)
{
	return err_set(
	    w->ei, ERR_INTERNAL, "%s: %s", w->path.data, strerror(errno));
}

/* At most as much as was announced: the file may be growing. */
static enum err
give_data(struct walk *w, int fd, uint64_t size)
{
	char piece[65536];

	while (size > 0) {
		size_t want = size < sizeof(piece) ? size : sizeof(piece);
		ssize_t n = read(fd, piece, want);
		if (n < 0)
			return failed(w);
		if (n == 0)
			break;
		enum err err = bundle_data(w->bu, piece, (size_t)n, w->ei);
		if (err != ERR_OK)
			return err;
		size -= (uint64_t)n;
	}
	return bundle_member_end(w->bu, w->ei);
}

static enum err
give_file(struct walk *w, int dir, const char *name, const struct stat *st)
{
	bool want;
	enum err err;

	err = bundle_member(w->bu, (struct slice){w->path.data, w->path.len},
	    (uint64_t)st->st_size, &want, w->ei);
	if (err != ERR_OK || !want)
		return err;
	CLEANUP(cleanup_fd)
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return failed(w);
	return give_data(w, fd, (uint64_t)st->st_size);
}

static int
not_dots(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum err give_directory(struct walk *w, int dir, unsigned depth);

static enum err
give_entry(struct walk *w, int dir, const char *name, unsigned depth)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? ERR_OK : failed(w);
	if (S_ISREG(st.st_mode))
		return give_file(w, dir, name, &st);
	if (!S_ISDIR(st.st_mode) || depth == DEPTH_MAX)
		return ERR_OK;
	CLEANUP(cleanup_fd)
	int fd =
	    openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? failed(w) : give_directory(w, fd, depth + 1);
}

static enum err
give_directory(struct walk *w, int dir, unsigned depth)
{
	CLEANUP(names_clear) struct names d = {0};
	size_t length = w->path.len;

	d.n = scandirat(dir, ".", &d.list, not_dots, by_name);
	if (d.n < 0) {
		d.n = 0;
		return failed(w);
	}
	for (int i = 0; i < d.n; i++) {
		buf_addf(&w->path, "/%s", d.list[i]->d_name);
		enum err err = give_entry(w, dir, d.list[i]->d_name, depth);
		if (err != ERR_OK)
			return err;
		w->path.len = length;
		w->path.data[length] = '\0';
	}
	return ERR_OK;
}

enum err
walk_into(struct bundle *bu, const char *path, struct errinfo *ei)
{
	CLEANUP(walk_clear) struct walk w = {.bu = bu, .ei = ei};
	CLEANUP(cleanup_free) char *real = realpath(path, NULL);

	if (real == NULL)
		return err_set(
		    ei, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
	const char *name = strrchr(real, '/') + 1;
	buf_adds(&w.path, *name != '\0' ? name : "root");
	CLEANUP(cleanup_fd)
	int fd = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? failed(&w) : give_directory(&w, fd, 0);
}
