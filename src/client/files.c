/* files.c: see files.h. */
#include "client/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"

static enum err
failure(struct errinfo *ei, const char *path)
{
	return err_set(ei, errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL,
	    "%s: %s", path, strerror(errno));
}

/* read(2) until n bytes are there or the file ends; -1 with errno. */
static ssize_t
read_all(int fd, char *into, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t more = read(fd, into + got, n - got);
		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return -1;
		if (more == 0)
			break;
		got += (size_t)more;
	}
	return (ssize_t)got;
}

enum err
file_read(struct arena *a, const char *path, size_t max, struct slice *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_fd)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t got;
	char *p;

	if (fd < 0 || fstat(fd, &st) != 0)
		return failure(ei, path);
	if (!S_ISREG(st.st_mode))
		return err_set(ei, ERR_INTERNAL, "%s: not a file", path);
	if ((uint64_t)st.st_size > max)
		return err_set(
		    ei, ERR_TOO_BIG, "%s: longer than %zu bytes", path, max);
	p = arena_alloc(a, (size_t)st.st_size + 1);
	got = read_all(fd, p, (size_t)st.st_size);
	if (got < 0)
		return failure(ei, path);
	p[got] = '\0';
	*out = (struct slice){p, (size_t)got};
	return ERR_OK;
}

bool
file_head(const char *path, char *into, size_t max, size_t *n)
{
	CLEANUP(cleanup_fd)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read_all(fd, into, max);
	*n = got > 0 ? (size_t)got : 0;
	return got >= 0;
}

bool
file_write(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		ssize_t put = write(fd, p, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		p += put;
		n -= (size_t)put;
	}
	return true;
}

enum err
dir_make(const char *path, mode_t mode, struct errinfo *ei)
{
	CLEANUP(cleanup_free) char *copy = strdup(path);

	if (copy == NULL)
		return err_set(ei, ERR_INTERNAL, "out of memory");
	for (char *p = copy + 1; copy[0] != '\0' && *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) != 0 && errno != EEXIST)
			return failure(ei, copy);
		*p = '/';
	}
	if (mkdir(path, mode) != 0 && errno != EEXIST)
		return failure(ei, path);
	return ERR_OK;
}

static int
by_name(const void *a, const void *b)
{
	const struct dir_entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
add_entry(
    struct arena *a, struct dir_list *list, const char *dir, const char *name)
{
	struct dir_entry e = {.name = name};
	struct stat st;

	e.path = arena_printf(a, "%s/%s", dir, name);
	if (lstat(e.path, &st) != 0)
		return;
	e.link = S_ISLNK(st.st_mode);
	e.st = st;
	if (e.link && stat(e.path, &e.st) != 0)
		return;
	e.name = arena_strdup(a, name);
	list->entry = arena_grow(
	    a, list->entry, &list->cap, list->n + 1, sizeof(*list->entry));
	list->entry[list->n++] = e;
}

enum err
dir_read(
    struct arena *a, const char *path, struct dir_list *out, struct errinfo *ei)
{
	DIR *d = opendir(path);
	const struct dirent *de;

	*out = (struct dir_list){0};
	if (d == NULL)
		return failure(ei, path);
	while ((de = readdir(d)) != NULL)
		if (strcmp(de->d_name, ".") != 0 &&
		    strcmp(de->d_name, "..") != 0)
			add_entry(a, out, path, de->d_name);
	closedir(d);
	if (out->n > 0)
		qsort(out->entry, out->n, sizeof(*out->entry), by_name);
	return ERR_OK;
}

/* Length of path without trailing slashes. */
static size_t
length(const char *path)
{
	size_t n = strlen(path);

	while (n > 0 && path[n - 1] == '/')
		n--;
	return n;
}

const char *
path_base(struct arena *a, const char *path)
{
	size_t n = length(path), begin = n;

	while (begin > 0 && path[begin - 1] != '/')
		begin--;
	return arena_strndup(a, path + begin, n - begin);
}

const char *
path_dir(struct arena *a, const char *path)
{
	size_t n = length(path);

	while (n > 0 && path[n - 1] != '/')
		n--;
	if (n == 0)
		return ".";
	while (n > 1 && path[n - 1] == '/')
		n--;
	return arena_strndup(a, path, n);
}
