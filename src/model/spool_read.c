/* spool_read.c: reads what spool.c has written; see spool.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "model/build.h"
#include "model/spool.h"
#include "model/spool_file.h"

DEFINE_CLEANUP(struct digest *, cleanup_digest, digest_free);

#define PATH_BYTES 4096

void
spool_checksum(const struct spool_header *h, struct slice payload,
    unsigned char out[SPOOL_CHECKSUM])
{
	CLEANUP(cleanup_digest) struct digest *d = digest_new();
	unsigned char whole[DIGEST_BYTES];

	digest_add(d, h, offsetof(struct spool_header, checksum));
	digest_add(d, payload.p, payload.n);
	digest_end(d, whole);
	memcpy(out, whole, SPOOL_CHECKSUM);
}

static bool
make_path(char out[PATH_BYTES], const char *dir, const char *name)
{
	int n = snprintf(out, PATH_BYTES, "%s/%s", dir, name);

	return n > 0 && n < PATH_BYTES;
}

int
spool_lock(const char *dir)
{
	char path[PATH_BYTES];
	int fd;

	if (!make_path(path, dir, "lock"))
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		int why = errno;
		close(fd);
		errno = why;
		return -1;
	}
	return fd;
}

static int
name_order(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

enum err
spool_list(struct arena *a, const char *dir, const char ***names, size_t *n,
    struct errinfo *ei)
{
	size_t cap = 0;
	DIR *d = opendir(dir);
	struct dirent *e;

	*names = NULL;
	*n = 0;
	if (d == NULL) {
		err_detail(ei, "%s: %s", dir, strerror(errno));
		return err_set(ei, ERR_INTERNAL, "the spool can't be read");
	}
	while ((e = readdir(d)) != NULL) {
		size_t length = strlen(e->d_name);
		if (length >= SPOOL_NAME_MAX ||
		    !slice_ends(slice_of(e->d_name), SPOOL_SUFFIX))
			continue;
		*names = arena_grow(a, *names, &cap, *n + 1, sizeof(**names));
		(*names)[(*n)++] = arena_strndup(a, e->d_name, length);
	}
	closedir(d);
	if (*n > 1)
		qsort(*names, *n, sizeof(**names), name_order);
	return ERR_OK;
}

/* Its writer is asked for first: what it wrote before it went is seen then. */
bool
spool_open(const char *dir, const char *name, struct spool_segment *out)
{
	char path[PATH_BYTES];
	struct stat st;

	*out = (struct spool_segment){.fd = -1};
	snprintf(out->name, sizeof(out->name), "%s", name);
	if (!make_path(path, dir, name))
		return false;
	out->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (out->fd < 0)
		return false;
	out->over = flock(out->fd, LOCK_SH | LOCK_NB) == 0;
	if (fstat(out->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		spool_close(out);
		return false;
	}
	out->size = st.st_size;
	return true;
}

void
spool_close(struct spool_segment *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static bool
read_at(int fd, void *into, size_t n, int64_t position)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = pread(fd, (char *)into + have, n - have,
		    position + (int64_t)have);
		if (got <= 0)
			return false;
		have += (size_t)got;
	}
	return true;
}

static bool
read_header(
    const struct spool_segment *s, int64_t position, struct spool_header *h)
{
	return read_at(s->fd, h, sizeof(*h), position) &&
	       h->magic == SPOOL_MAGIC && h->n <= SPOOL_PAYLOAD_MAX;
}

enum spool_found
spool_read(const struct spool_segment *s, int64_t position, struct arena *a,
    struct spool_record *out)
{
	unsigned char checksum[SPOOL_CHECKSUM];
	struct spool_header h;
	struct slice payload;
	char *p;

	if (position >= s->size)
		return SPOOL_END;
	if (!read_header(s, position, &h) ||
	    (int64_t)(sizeof(h) + h.n) > s->size - position)
		return SPOOL_BROKEN;
	p = arena_alloc(a, h.n + 1);
	if (!read_at(s->fd, p, h.n, position + (int64_t)sizeof(h)))
		return SPOOL_BROKEN;
	p[h.n] = '\0';
	payload = (struct slice){p, h.n};
	spool_checksum(&h, payload, checksum);
	if (memcmp(checksum, h.checksum, sizeof(checksum)) != 0)
		return SPOOL_BROKEN;
	*out = (struct spool_record){.type = h.type,
	    .time = h.time,
	    .payload = payload,
	    .end = position + (int64_t)(sizeof(h) + h.n)};
	return SPOOL_RECORD;
}

int64_t
spool_time(const struct spool_segment *s, int64_t position)
{
	struct spool_header h;

	return position < s->size && read_header(s, position, &h)
		   ? h.time
		   : TIME_UNKNOWN;
}

void
spool_remove(const char *dir, const char *name)
{
	char path[PATH_BYTES];

	if (make_path(path, dir, name) && unlink(path) != 0)
		log_warn("%s: %s", path, strerror(errno));
}

void
spool_put_aside(const char *dir, const char *name)
{
	char path[PATH_BYTES], aside[PATH_BYTES + 8];

	if (!make_path(path, dir, name))
		return;
	snprintf(aside, sizeof(aside), "%s.bad", path);
	if (link(path, aside) != 0 && errno != EEXIST)
		log_warn("%s: %s", path, strerror(errno));
}
