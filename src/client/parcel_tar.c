/* parcel_tar.c: the part of parcel.h about tars that were given. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "archive/digest.h"
#include "archive/tar_reader.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "client/files.h"
#include "client/parcel.h"
#include "client/say.h"

#define LEVEL 6
#define PIECE ((size_t)128 << 10)

DEFINE_CLEANUP(struct digest *, cleanup_digest, digest_free);

static const struct suffix {
	const char *name;
	const char *magic; /* at the start of the file */
	size_t n;
	const char *kept; /* how the spool calls it */
} suffixes[] = {
    {".tar.zst", "\x28\xb5\x2f\xfd", 4, ".tar.zst"},
    {".tzst", "\x28\xb5\x2f\xfd", 4, ".tar.zst"},
    {".tar.gz", "\x1f\x8b", 2, ".tar.gz"},
    {".tgz", "\x1f\x8b", 2, ".tar.gz"},
    {".tar.xz",
	"\xfd"
	"7zXZ",
	5, ".tar.xz"},
    {".txz",
	"\xfd"
	"7zXZ",
	5, ".tar.xz"},
    {".tar.bz2", "BZh", 3, ".tar.bz2"},
    {".tbz2", "BZh", 3, ".tar.bz2"},
    {".tar", "", 0, ".tar.zst"},
};
#define NSUFFIXES (sizeof(suffixes) / sizeof(suffixes[0]))

struct copying {
	int in, fd;
	const char *name;
	struct digest *digest;
	struct zstd_stream *zstd; /* NULL: it is compressed already */
	struct buf out;
	uint64_t read;
	struct errinfo *ei;
};

bool
parcel_is_tar_name(const char *name)
{
	for (size_t i = 0; i < NSUFFIXES; i++)
		if (slice_ends(slice_of(name), suffixes[i].name))
			return true;
	return false;
}

const char *
parcel_tar_name(struct arena *a, const char *path)
{
	const char *base = path_base(a, path);

	for (size_t i = 0; i < NSUFFIXES; i++)
		if (slice_ends(slice_of(base), suffixes[i].name) &&
		    strlen(base) > strlen(suffixes[i].name))
			return arena_strndup(
			    a, base, strlen(base) - strlen(suffixes[i].name));
	return base;
}

/* NULL when it is nothing that the server takes. */
static const struct suffix *
sniff(struct slice head)
{
	for (size_t i = 0; i < NSUFFIXES; i++)
		if (suffixes[i].n > 0 && head.n >= suffixes[i].n &&
		    memcmp(head.p, suffixes[i].magic, suffixes[i].n) == 0)
			return &suffixes[i];
	if (tar_is_plain(head))
		return &suffixes[NSUFFIXES - 1];
	return NULL;
}

static enum err
put(struct copying *c, const char *data, size_t n)
{
	digest_add(c->digest, data, n);
	c->read += n;
	say_progress(c->name, "reading", c->read, 0);
	if (c->zstd == NULL)
		buf_add(&c->out, data, n);
	else
		zstd_stream_add(c->zstd, &c->out, data, n);
	if (!file_write(c->fd, c->out.data, c->out.len))
		return err_set(
		    c->ei, ERR_INTERNAL, "cannot keep it: %s", strerror(errno));
	buf_reset(&c->out);
	return ERR_OK;
}

/* Fills as much of the piece as there is; a pipe gives little at a time. */
static enum err
fill(struct copying *c, char *piece, size_t *n)
{
	for (*n = 0; *n < PIECE;) {
		ssize_t got = read(c->in, piece + *n, PIECE - *n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(c->ei, ERR_INTERNAL, "cannot read: %s",
			    strerror(errno));
		if (got == 0)
			break;
		*n += (size_t)got;
	}
	return ERR_OK;
}

static enum err
copy_rest(struct copying *c, char *piece, size_t n)
{
	enum err e = put(c, piece, n);

	while (e == ERR_OK) {
		e = fill(c, piece, &n);
		if (e != ERR_OK || n == 0)
			break;
		e = put(c, piece, n);
	}
	if (c->zstd == NULL)
		return e;
	zstd_stream_end(c->zstd, e == ERR_OK ? &c->out : NULL);
	c->zstd = NULL;
	if (e == ERR_OK && !file_write(c->fd, c->out.data, c->out.len))
		e = err_set(
		    c->ei, ERR_INTERNAL, "cannot keep it: %s", strerror(errno));
	return e;
}

enum err
parcel_copy_tar(struct arena *a, const char *name, int in, int fd,
    struct parcel *out, struct errinfo *ei)
{
	CLEANUP(cleanup_digest) struct digest *digest = digest_new();
	struct copying c = {
	    .in = in, .fd = fd, .name = name, .digest = digest, .ei = ei};
	char *piece = arena_alloc(a, PIECE);
	unsigned char hash[DIGEST_BYTES];
	const struct suffix *kind;
	struct stat st;
	size_t n;
	enum err e = fill(&c, piece, &n);

	*out = (struct parcel){.name = name, .fd = fd};
	if (e != ERR_OK)
		return e;
	if (n == 0)
		return err_set(ei, ERR_INPUT, "is empty");
	kind = sniff((struct slice){piece, n});
	if (kind == NULL)
		return err_set(ei, ERR_INPUT, "is not a tar");
	if (kind->n == 0)
		c.zstd = zstd_stream_new(LEVEL);
	e = copy_rest(&c, piece, n);
	buf_clear(&c.out);
	if (e != ERR_OK)
		return e;
	digest_end(digest, hash);
	str_to_hex(out->hash, hash, sizeof(hash));
	out->suffix = kind->kept;
	if (fstat(fd, &st) != 0)
		return err_set(ei, ERR_INTERNAL, "%s", strerror(errno));
	out->size = (uint64_t)st.st_size;
	return ERR_OK;
}
