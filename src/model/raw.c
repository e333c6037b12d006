/* raw.c: see raw.h. */
#include "model/raw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/digest.h"
#include "base/log.h"
#include "base/memory.h"

#define MARK ".new-" /* before the name of an unfinished one */

struct raw {
	const char *dir;
	int fd;    /* -1: nothing is kept */
	int where; /* dir, opened */
	bool kept;
	struct digest *digest;
	uint64_t bytes;
	char name[sizeof(MARK) + RAW_NAME_MAX]; /* as the file is called now */
};

/* Whatever is wrong with the directory, uploads go on. */
static void
give_up(struct raw *r, const char *what)
{
	log_warn(
	    "%s: %s: %s: an upload is not kept", r->dir, what, strerror(errno));
	if (r->fd >= 0) {
		close(r->fd);
		unlinkat(r->where, r->name, 0);
	}
	r->fd = -1;
	r->name[0] = '\0';
}

static void
open_file(struct raw *r)
{
	unsigned char random[(RAW_NAME_MAX - 1) / 2];

	r->where = open(r->dir, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	if (r->where < 0 && errno == ENOENT && mkdir(r->dir, 0750) == 0)
		r->where = open(r->dir, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	if (r->where < 0) {
		give_up(r, "open");
		return;
	}
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random)) {
		give_up(r, "getrandom");
		return;
	}
	memcpy(r->name, MARK, sizeof(MARK));
	str_to_hex(r->name + strlen(MARK), random, sizeof(random));
	r->fd = openat(
	    r->where, r->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (r->fd < 0)
		give_up(r, r->name);
}

struct raw *
raw_new(const char *dir)
{
	struct raw *r = must(calloc(1, sizeof(*r)));

	r->dir = dir;
	r->fd = r->where = -1;
	r->digest = digest_new();
	if (dir != NULL)
		open_file(r);
	return r;
}

void
raw_add(struct raw *r, const void *data, size_t n)
{
	const char *p = data;

	digest_add(r->digest, data, n);
	r->bytes += n;
	while (n > 0 && r->fd >= 0) {
		ssize_t done = write(r->fd, p, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			give_up(r, r->name);
			return;
		}
		p += done;
		n -= (size_t)done;
	}
}

void
raw_end(struct raw *r, struct receipt_upload *out)
{
	char name[RAW_NAME_MAX];

	*out = (struct receipt_upload){.bytes = r->bytes};
	digest_end(r->digest, out->sha256);
	if (r->fd >= 0) {
		memcpy(name, r->name + strlen(MARK), sizeof(name));
		if (renameat(r->where, r->name, r->where, name) != 0)
			give_up(r, r->name);
		else
			memcpy(r->name, name, sizeof(name));
	}
	out->raw = r->name;
}

void
raw_keep(struct raw *r)
{
	r->kept = true;
}

void
raw_free(struct raw *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0 && !r->kept)
		unlinkat(r->where, r->name, 0);
	if (r->fd >= 0)
		close(r->fd);
	if (r->where >= 0)
		close(r->where);
	digest_free(r->digest);
	free(r);
}

static bool
is_name(const char *name)
{
	size_t n = strspn(name, "0123456789abcdef");

	return n == RAW_NAME_MAX - 1 && name[n] == '\0';
}

enum err
raw_open(const char *dir, const char *name, int *fd, struct errinfo *ei)
{
	char path[4096];
	int n;

	*fd = -1;
	if (dir == NULL || !is_name(name))
		return err_set(
		    ei, ERR_NOT_FOUND, "the upload's bytes were not kept");
	n = snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (n > 0 && (size_t)n < sizeof(path))
		*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd >= 0)
		return ERR_OK;
	err_set(
	    ei, ERR_NOT_FOUND, "the upload's bytes are not kept any longer");
	err_detail(ei, "%s/%s: %s", dir, name, strerror(errno));
	return ERR_NOT_FOUND;
}
