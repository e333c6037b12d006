/* spool.c: see spool.h. */
#include "model/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "archive/digest.h"
#include "base/log.h"
#include "base/memory.h"
#include "model/spool_file.h"

struct spool_writer {
	char *dir;
	int fd; /* -1: none is open */
	int64_t size;
};

struct spool_writer *
spool_writer_new(const char *dir)
{
	struct spool_writer *w = must(calloc(1, sizeof(*w)));

	w->dir = must(strdup(dir));
	w->fd = -1;
	return w;
}

/* The lock goes with the descriptor. */
static void
leave_segment(struct spool_writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

void
spool_writer_free(struct spool_writer *w)
{
	if (w == NULL)
		return;
	leave_segment(w);
	free(w->dir);
	free(w);
}

/* Names sort by time, and no two are the same, on whatever machine. */
static void
make_name(char out[SPOOL_NAME_MAX])
{
	struct timespec now;
	uint64_t random = 0;

	clock_gettime(CLOCK_REALTIME, &now);
	if (getrandom(&random, sizeof(random), 0) < 0)
		random = (uint64_t)getpid() << 32 | (uint64_t)now.tv_nsec;
	snprintf(out, SPOOL_NAME_MAX, "%012lld%06ld-%016llx",
	    (long long)now.tv_sec, now.tv_nsec / 1000,
	    (unsigned long long)random);
}

static bool
sync_directory(int dirfd)
{
	return fsync(dirfd) == 0;
}

/* It gets its name when it is locked: until then no reader sees a segment that
 * looks as if its writer had gone. */
static bool
begin_segment(struct spool_writer *w, int dirfd)
{
	char name[SPOOL_NAME_MAX], made[SPOOL_NAME_MAX + 8],
	    whole[SPOOL_NAME_MAX + 8];

	make_name(name);
	snprintf(made, sizeof(made), "%s.new", name);
	snprintf(whole, sizeof(whole), "%s" SPOOL_SUFFIX, name);
	w->fd = openat(dirfd, made, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
	    S_IRUSR | S_IWUSR);
	if (w->fd < 0)
		return false;
	w->size = 0;
	if (flock(w->fd, LOCK_EX | LOCK_NB) == 0 &&
	    renameat(dirfd, made, dirfd, whole) == 0 && sync_directory(dirfd))
		return true;
	unlinkat(dirfd, made, 0);
	leave_segment(w);
	return false;
}

static bool
open_segment(struct spool_writer *w)
{
	int dirfd;
	bool done;

	if (w->fd >= 0 && w->size < SPOOL_SEGMENT_BYTES)
		return true;
	leave_segment(w);
	dirfd = open(w->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0)
		return false;
	done = begin_segment(w, dirfd);
	close(dirfd);
	return done;
}

/*
 * All or nothing: what was written of it is cut off again.  The segment is
 * left then, because its reader may have seen the record all the same, and
 * would take what comes in its place for read.
 */
static bool
write_record(
    struct spool_writer *w, const struct spool_header *h, struct slice payload)
{
	struct spool_header head = *h;
	struct iovec iov[] = {
	    {&head, sizeof(head)}, {(void *)(uintptr_t)payload.p, payload.n}};
	int64_t want = (int64_t)(sizeof(head) + payload.n);
	ssize_t got = pwritev(w->fd, iov, 2, w->size);
	int why;

	if (got >= 0 && got < want)
		errno = ENOSPC;
	if (got == want && fdatasync(w->fd) == 0) {
		w->size += want;
		return true;
	}
	why = errno;
	if (ftruncate(w->fd, w->size) != 0)
		log_warn("spool: %s", strerror(errno));
	leave_segment(w);
	errno = why;
	return false;
}

enum err
spool_append(struct spool_writer *w, unsigned type, int64_t time,
    struct slice payload, struct errinfo *ei)
{
	struct spool_header h = {
	    .magic = SPOOL_MAGIC, .type = type, .n = payload.n, .time = time};

	if (payload.n > SPOOL_PAYLOAD_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "more than %zu MiB can't be taken at once",
		    SPOOL_PAYLOAD_MAX >> 20);
	spool_checksum(&h, payload, h.checksum);
	if (open_segment(w) && write_record(w, &h, payload))
		return ERR_OK;
	log_error("%s: %s", w->dir, strerror(errno));
	return err_set(ei, ERR_BUSY, "there is no room for it just now");
}
