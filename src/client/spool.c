/* spool.c: see spool.h. */
#include "client/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/file.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "client/files.h"
#include "json/jobj.h"

#define META_MAX ((size_t)64 << 10)
#define HASH_SHOWN 16
#define NAME_SHOWN 100
#define ORPHAN_SECONDS 3600
#define TEMP_PREFIX ".new-"

DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

static enum err
failure(struct errinfo *ei, const char *what)
{
	return err_set(ei, ERR_INTERNAL, "%s: %s", what, strerror(errno));
}

static void
let_go(struct spooled *s)
{
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct spooled){.fd = -1};
}

enum err
spool_begin(
    struct arena *a, const char *dir, struct spooled *out, struct errinfo *ei)
{
	char *name = arena_printf(a, "%s/" TEMP_PREFIX "XXXXXX", dir);
	enum err e = dir_make(dir, 0700, ei);

	*out = (struct spooled){.fd = -1};
	if (e != ERR_OK)
		return e;
	out->fd = mkostemp(name, O_CLOEXEC);
	if (out->fd < 0)
		return failure(ei, dir);
	out->path = name;
	if (flock(out->fd, LOCK_EX | LOCK_NB) != 0) {
		e = failure(ei, name);
		spool_abandon(out);
	}
	return e;
}

void
spool_abandon(struct spooled *s)
{
	if (s->path != NULL)
		unlink(s->path);
	let_go(s);
}

/* Whole or not at all: a new file, on disk, moved over the old one. */
static bool
replace_file(const char *path, struct slice text)
{
	struct buf fresh = BUF_INIT;
	bool ok;
	int fd;

	buf_addf(&fresh, "%s.%ld.new", path, (long)getpid());
	fd = open(fresh.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ok = fd >= 0 && file_write(fd, text.p, text.n) && fsync(fd) == 0;
	if (fd >= 0)
		ok = close(fd) == 0 && ok;
	ok = ok && rename(fresh.data, path) == 0;
	if (!ok && fd >= 0)
		unlink(fresh.data);
	buf_clear(&fresh);
	return ok;
}

static bool
write_meta(const char *path, const struct jobj *j)
{
	struct buf text = BUF_INIT;
	bool ok;

	jobj_write(j, &text);
	buf_addc(&text, '\n');
	ok = replace_file(path, (struct slice){text.data, text.len});
	buf_clear(&text);
	return ok;
}

static void
put_time(struct jobj *j, const char *key)
{
	char now[32];

	str_from_time(now, (int64_t)time(NULL) * 1000000);
	jobj_string(j, key, now);
}

static enum err
describe(const struct spooled *s, const struct parcel *p, const char *server,
    struct errinfo *ei)
{
	CLEANUP(cleanup_jobj) struct jobj *j = jobj_new();

	jobj_string(j, "name", p->name);
	jobj_string(j, "server", server);
	put_time(j, "time");
	jobj_integer(j, "attempts", 0);
	jobj_string(j, "hash", p->hash);
	jobj_string(j, "beside", p->beside);
	jobj_integer(j, "companions", (int64_t)p->companions);
	return write_meta(s->meta, j) ? ERR_OK : failure(ei, s->meta);
}

/* A name that is one harmless path component. */
static const char *
safe_name(struct arena *a, const struct parcel *p)
{
	char *name = arena_strndup(a, p->name, strnlen(p->name, NAME_SHOWN));

	for (char *c = name; *c != '\0'; c++)
		if (strchr("abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-",
			*c) == NULL)
			*c = '_';
	if (name[0] == '.' || name[0] == '\0')
		return arena_printf(a, "_%s", name);
	return name;
}

static void
sync_dir(const char *dir)
{
	CLEANUP(cleanup_fd)
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		fsync(fd);
}

/* Locks the file of that name, making sure that it still has the name. */
static enum err
lock_existing(const char *path, int *fd, struct errinfo *ei)
{
	struct stat mine, there;

	*fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0)
		return err_set(ei,
		    errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL, "%s: %s",
		    path, strerror(errno));
	if (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
		close(*fd);
		*fd = -1;
		return err_set(
		    ei, ERR_BUSY, "%s: another process is sending it", path);
	}
	if (fstat(*fd, &mine) == 0 && stat(path, &there) == 0 &&
	    mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
		return ERR_OK;
	close(*fd);
	*fd = -1;
	return err_set(ei, ERR_NOT_FOUND, "%s: gone", path);
}

/* The same upload lies there already: ours is superfluous. */
static enum err
take_over(
    struct spooled *s, struct parcel *p, const char *path, struct errinfo *ei)
{
	struct stat st;
	int fd;
	enum err e = lock_existing(path, &fd, ei);

	spool_abandon(s);
	p->fd = -1;
	if (e != ERR_OK)
		return e;
	if (fstat(fd, &st) != 0) {
		close(fd);
		return failure(ei, path);
	}
	s->fd = p->fd = fd;
	p->size = (uint64_t)st.st_size;
	return ERR_OK;
}

enum err
spool_keep(struct arena *a, const char *dir, struct spooled *s,
    struct parcel *p, const char *server, struct errinfo *ei)
{
	const char *stem = arena_printf(
	    a, "%s/%s-%.*s", dir, safe_name(a, p), HASH_SHOWN, p->hash);
	const char *path = arena_printf(a, "%s%s", stem, p->suffix);
	const char *temp = s->path;
	enum err e;

	s->meta = arena_printf(a, "%s.json", stem);
	if (fsync(s->fd) != 0)
		return failure(ei, temp);
	if (access(path, F_OK) != 0) {
		e = describe(s, p, server, ei);
		if (e != ERR_OK)
			return e;
	}
	if (link(temp, path) == 0) {
		unlink(temp);
		sync_dir(dir);
	} else if (errno == EEXIST) {
		const char *meta = s->meta;
		e = take_over(s, p, path, ei);
		if (e != ERR_OK)
			return e;
		s->meta = meta;
	} else {
		return failure(ei, path);
	}
	s->path = path;
	return ERR_OK;
}

/* Removes a temporary file whose writer is gone. */
static void
sweep_temp(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlink(path);
	close(fd);
}

/* A description without its upload, or one that was never completed. */
static void
sweep_orphan(const struct dir_list *list, const struct dir_entry *e)
{
	struct slice stem = slice_of(e->name);

	if (time(NULL) - e->st.st_mtime < ORPHAN_SECONDS)
		return;
	if (slice_ends(stem, ".json")) {
		stem.n -= strlen(".json");
		for (size_t i = 0; i < list->n; i++)
			if (strncmp(list->entry[i].name, stem.p, stem.n) == 0 &&
			    strncmp(list->entry[i].name + stem.n, ".tar", 4) ==
				0)
				return;
	}
	unlink(e->path);
}

/* NAME-0123456789abcdef.tar.zst */
static bool
is_upload(const char *name, size_t *stem)
{
	const char *tar = strstr(name, ".tar");
	unsigned char hash[HASH_SHOWN / 2];

	for (const char *t = tar; t != NULL; t = strstr(t + 1, ".tar"))
		tar = t;
	if (tar == NULL || tar - name < HASH_SHOWN + 2 ||
	    strstr(tar, ".refused") != NULL || tar[-HASH_SHOWN - 1] != '-' ||
	    !str_from_hex(hash, tar - HASH_SHOWN, sizeof(hash)))
		return false;
	*stem = (size_t)(tar - name);
	return parcel_is_tar_name(name);
}

enum err
spool_list(struct arena *a, const char *dir, struct spool_names *out,
    struct errinfo *ei)
{
	struct dir_list list;
	enum err e = dir_read(a, dir, &list, ei);
	size_t stem;

	*out = (struct spool_names){0};
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	for (size_t i = 0; i < list.n; i++) {
		const struct dir_entry *d = &list.entry[i];
		struct slice name = slice_of(d->name);
		if (d->link || !S_ISREG(d->st.st_mode))
			continue;
		if (slice_starts(name, TEMP_PREFIX)) {
			sweep_temp(d->path);
		} else if (slice_ends(name, ".json") ||
			   slice_ends(name, ".new")) {
			sweep_orphan(&list, d);
		} else if (is_upload(d->name, &stem)) {
			out->name = arena_grow(a, out->name, &out->cap,
			    out->n + 1, sizeof(*out->name));
			out->name[out->n++] = d->name;
		}
	}
	return ERR_OK;
}

static struct jobj *
read_meta(struct arena *a, const char *path)
{
	struct slice text;
	struct jobj *j;

	if (file_read(a, path, META_MAX, &text, NULL) != ERR_OK ||
	    jobj_parse(text, &j, NULL) != ERR_OK)
		return jobj_new();
	return j;
}

static void
copy_hash(char out[PARCEL_HASH_TEXT], const char *text)
{
	unsigned char hash[32];

	if (strlen(text) == 64 && str_from_hex(hash, text, sizeof(hash)))
		memcpy(out, text, PARCEL_HASH_TEXT);
}

enum err
spool_take(struct arena *a, const char *dir, const char *name,
    struct spooled *out, struct parcel *p, struct errinfo *ei)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	struct stat st;
	size_t stem;
	int64_t companions;
	enum err e;

	*out = (struct spooled){.fd = -1};
	*p = (struct parcel){.fd = -1};
	if (!is_upload(name, &stem))
		return err_set(ei, ERR_NOT_FOUND, "%s: no upload", name);
	out->path = arena_printf(a, "%s/%s", dir, name);
	out->meta = arena_printf(a, "%s/%.*s.json", dir, (int)stem, name);
	e = lock_existing(out->path, &out->fd, ei);
	if (e != ERR_OK)
		return e;
	if (fstat(out->fd, &st) != 0)
		return failure(ei, out->path);
	j = read_meta(a, out->meta);
	p->fd = out->fd;
	p->size = (uint64_t)st.st_size;
	p->suffix = arena_strdup(a, name + stem);
	p->name = arena_strdup(a, jobj_text(j, "name"));
	if (p->name[0] == '\0')
		p->name = arena_strndup(a, name, stem - HASH_SHOWN - 1);
	copy_hash(p->hash, jobj_text(j, "hash"));
	copy_hash(p->beside, jobj_text(j, "beside"));
	companions = jobj_number(j, "companions", 0);
	p->companions = companions > 0 ? (size_t)companions : 0;
	return ERR_OK;
}

void
spool_done(struct spooled *s)
{
	if (s->path != NULL) {
		unlink(s->path);
		unlink(s->meta);
	}
	let_go(s);
}

static void
note_attempt(const struct spooled *s, const char *why)
{
	struct arena *a = arena_new(0);
	struct jobj *j = read_meta(a, s->meta);

	jobj_integer(j, "attempts", jobj_number(j, "attempts", 0) + 1);
	put_time(j, "last_attempt");
	jobj_string(j, "error", why);
	/* Without it the upload is still whole. */
	(void)write_meta(s->meta, j);
	jobj_free(j);
	arena_free(a);
}

void
spool_later(struct spooled *s, const char *why)
{
	if (s->path != NULL)
		note_attempt(s, why);
	let_go(s);
}

void
spool_refused(struct spooled *s, const char *why)
{
	struct buf aside = BUF_INIT;

	if (s->path != NULL) {
		note_attempt(s, why);
		buf_addf(&aside, "%s.refused", s->path);
		rename(s->path, aside.data);
		buf_clear(&aside);
	}
	let_go(s);
}
