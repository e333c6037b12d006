/* files.h: the few things that the client does with files and directories. */
#ifndef CLIENT_FILES_H
#define CLIENT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/str.h"

struct arena;

/*
 * A whole file of at most max bytes, with a NUL behind it.  ERR_NOT_FOUND,
 * ERR_TOO_BIG, ERR_INTERNAL; the text begins with the path.
 */
enum err file_read(struct arena *a, const char *path, size_t max,
    struct slice *out, struct errinfo *ei) MUST_CHECK;
/* As much of its beginning as fits; false when it can't be read. */
bool file_head(const char *path, char *into, size_t max, size_t *n);

/* write(2) until all is written; false with errno. */
bool file_write(int fd, const void *data, size_t n);

/* Creates a directory and its parents; the last one gets this mode. */
enum err dir_make(const char *path, mode_t mode, struct errinfo *ei) MUST_CHECK;

/* The entries of a directory, sorted, without "." and "..". */
struct dir_entry {
	const char *name;
	const char *path;
	bool link; /* a symbolic link; st is what it points to */
	struct stat st;
};
struct dir_list {
	struct dir_entry *entry;
	size_t n, cap;
};
/* Entries that vanish meanwhile or point nowhere are left out. */
enum err dir_read(struct arena *a, const char *path, struct dir_list *out,
    struct errinfo *ei) MUST_CHECK;

/* The last component of a path, without trailing slashes; "" of "/". */
const char *path_base(struct arena *a, const char *path);
/* All but the last component; "." or "/" if that is nothing. */
const char *path_dir(struct arena *a, const char *path);

#endif
