/* raw_prune.c: takes old uploads away; see raw.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "model/raw.h"

#define DAY 86400
#define NAME_MAX_ALL (RAW_NAME_MAX + 8)

struct file {
	char name[NAME_MAX_ALL];
	time_t time;
	uint64_t size;
	bool unfinished;
};

struct listing {
	struct file *file;
	size_t n, cap;
};

static inline void
close_dir(DIR **d)
{
	if (*d != NULL)
		closedir(*d);
}

/* Only what raw.c made: 32 hex digits, ".new-" before unfinished ones. */
static bool
read_name(const char *name, struct file *f)
{
	const char *hex = name;

	f->unfinished = strncmp(name, ".new-", 5) == 0;
	if (f->unfinished)
		hex += 5;
	if (strlen(hex) != RAW_NAME_MAX - 1 ||
	    strspn(hex, "0123456789abcdef") != RAW_NAME_MAX - 1)
		return false;
	memcpy(f->name, name, strlen(name) + 1);
	return true;
}

static void
list_files(DIR *dir, struct listing *l)
{
	const struct dirent *d;
	struct stat st;

	while ((d = readdir(dir)) != NULL) {
		struct file f = {0};
		if (!read_name(d->d_name, &f) ||
		    fstatat(dirfd(dir), f.name, &st, AT_SYMLINK_NOFOLLOW) !=
			0 ||
		    !S_ISREG(st.st_mode))
			continue;
		f.time = st.st_mtime;
		f.size = (uint64_t)st.st_size;
		if (l->n == l->cap) {
			l->cap = l->cap == 0 ? 256 : 2 * l->cap;
			l->file =
			    must(realloc(l->file, l->cap * sizeof(*l->file)));
		}
		l->file[l->n++] = f;
	}
}

/* Oldest first; names only make the order one. */
static int
file_order(const void *x, const void *y)
{
	const struct file *a = x, *b = y;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return strcmp(a->name, b->name);
}

static bool
is_due(const struct file *f, time_t now, int days)
{
	time_t age = now - f->time;

	return age > (time_t)days * DAY || (f->unfinished && age > DAY);
}

enum err
raw_prune(const char *dir, int days, uint64_t max_bytes, struct raw_pruned *out,
    struct errinfo *ei)
{
	CLEANUP(close_dir) DIR *d = opendir(dir);
	struct listing l = {0};
	struct raw_pruned sum = {0};
	time_t now = time(NULL);

	if (d == NULL)
		return err_set(
		    ei, ERR_INTERNAL, "%s: %s", dir, strerror(errno));
	list_files(d, &l);
	for (size_t i = 0; i < l.n; i++)
		sum.left += l.file[i].size;
	if (l.n > 1)
		qsort(l.file, l.n, sizeof(*l.file), file_order);
	for (size_t i = 0; i < l.n; i++) {
		const struct file *f = &l.file[i];
		bool crowded = max_bytes > 0 && sum.left > max_bytes;
		if (!is_due(f, now, days) && (!crowded || f->unfinished))
			continue;
		if (unlinkat(dirfd(d), f->name, 0) != 0)
			continue;
		sum.files++;
		sum.bytes += f->size;
		sum.left -= f->size;
	}
	free(l.file);
	if (out != NULL)
		*out = sum;
	return ERR_OK;
}
