/* parcel.c: see parcel.h. */
#include "client/parcel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/digest.h"
#include "archive/tar_writer.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "client/event_file.h"
#include "client/files.h"
#include "client/say.h"
#include "model/event_build.h"

#define LEVEL 6
#define REPORT_MAX ((off_t)32 << 20)
#define PIECE ((size_t)128 << 10)

DEFINE_CLEANUP(struct tar_writer *, cleanup_tar, tar_writer_free);
DEFINE_CLEANUP(struct digest *, cleanup_digest, digest_free);

struct packing {
	struct arena *a;
	struct tar_writer *tar;
	struct digest *digest; /* the run's, then the companions' */
	struct parcel *out;
	struct errinfo *ei;
	enum err failed;
	const char *skip; /* a member that is written later, changed */
	char *piece;      /* PIECE bytes */
	unsigned mask;    /* rules */
	bool has_tree;    /* of the event log */
};

int
parcel_temp(void)
{
	const char *dir = getenv("TMPDIR");
	char name[4096];
	int fd, n;

	if (dir == NULL || dir[0] != '/')
		dir = "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	/* Some file systems have no O_TMPFILE. */
	n = snprintf(name, sizeof(name), "%s/" CLIENT_NAME ".XXXXXX", dir);
	if (n < 0 || (size_t)n >= sizeof(name))
		return -1;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

/* The files of one directory; links are left out. */
static bool
walk_dir(struct arena *a, const struct dir_list *list, const char *member,
    parcel_file_fn fn, void *arg)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct dir_entry *e = &list->entry[i];
		if (!e->link && S_ISREG(e->st.st_mode) &&
		    !fn(arg, e->path, arena_printf(a, "%s/%s", member, e->name),
			&e->st))
			return false;
	}
	return true;
}

enum err
parcel_walk(struct arena *a, const struct run *run, parcel_file_fn fn,
    void *arg, struct errinfo *ei)
{
	struct arena *tmp = arena_new(0);
	struct dir_list top, sub;
	enum err e = dir_read(a, run->path, &top, ei);
	bool go_on = e == ERR_OK && walk_dir(a, &top, run->member, fn, arg);

	for (size_t i = 0; go_on && i < top.n; i++) {
		const struct dir_entry *d = &top.entry[i];
		if (d->link || !S_ISDIR(d->st.st_mode))
			continue;
		arena_reset(tmp);
		/* A directory that vanished or is closed to us: the rest
		 * is worth sending. */
		if (dir_read(tmp, d->path, &sub, NULL) != ERR_OK)
			continue;
		go_on = walk_dir(tmp, &sub,
		    arena_printf(tmp, "%s/%s", run->member, d->name), fn, arg);
	}
	arena_free(tmp);
	return e;
}

static void
digest_file_begin(struct digest *d, const char *member, uint64_t size)
{
	unsigned char n[8];

	for (int i = 0; i < 8; i++)
		n[i] = (unsigned char)(size >> (8 * i));
	digest_add(d, member, strlen(member) + 1);
	digest_add(d, n, sizeof(n));
}

static enum err
add_bytes(struct packing *p, const char *member, struct slice data)
{
	enum err e = tar_writer_member(p->tar, member, data.n, p->ei);

	if (e == ERR_OK)
		e = tar_writer_data(p->tar, data.p, data.n, p->ei);
	digest_file_begin(p->digest, member, data.n);
	digest_add(p->digest, data.p, data.n);
	p->out->files++;
	p->out->bytes += data.n;
	return e;
}

static enum err
copy_content(struct packing *p, int fd, const char *path, uint64_t left)
{
	while (left > 0) {
		size_t want = left < PIECE ? (size_t)left : PIECE;
		ssize_t got = read(fd, p->piece, want);
		enum err e;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(p->ei, ERR_INTERNAL, "%s: %s", path,
			    strerror(errno));
		if (got == 0)
			return err_set(p->ei, ERR_CONFLICT,
			    "%s: got shorter while it was read", path);
		digest_add(p->digest, p->piece, (size_t)got);
		e = tar_writer_data(p->tar, p->piece, (size_t)got, p->ei);
		if (e != ERR_OK)
			return e;
		left -= (uint64_t)got;
	}
	return ERR_OK;
}

/* ---- masked ---- */

static bool
count_bytes(void *arg, const void *data, size_t n)
{
	uint64_t *size = arg;

	(void)data;
	*size += n;
	return true;
}

struct writing {
	struct packing *p;
	const char *path;
	uint64_t left; /* bytes that the tar was promised */
	enum err failed;
};

static bool
write_bytes(void *arg, const void *data, size_t n)
{
	struct writing *w = arg;

	if (n > w->left) {
		w->failed = err_set(w->p->ei, ERR_CONFLICT,
		    "%s: changed while it was read", w->path);
		return false;
	}
	w->left -= n;
	digest_add(w->p->digest, data, n);
	w->failed = tar_writer_data(w->p->tar, data, n, w->p->ei);
	return w->failed == ERR_OK;
}

/*
 * Masking changes the length, which a tar wants first: the file is read twice,
 * so that it needn't be kept.
 */
static enum err
add_masked(struct packing *p, const struct masked_file *f)
{
	struct writing w = {.p = p, .path = f->path};
	enum err e =
	    masked_read(f, &p->out->masked, count_bytes, &w.left, p->ei);

	if (e == ERR_OK)
		e = tar_writer_member(p->tar, f->member, w.left, p->ei);
	if (e != ERR_OK)
		return e;
	digest_file_begin(p->digest, f->member, w.left);
	p->out->files++;
	p->out->bytes += w.left;
	say_progress(p->out->name, "packing", p->out->bytes, 0);
	e = masked_read(f, NULL, write_bytes, &w, p->ei);
	if (e == ERR_OK)
		e = w.failed;
	if (e == ERR_OK && w.left > 0)
		e = err_set(p->ei, ERR_CONFLICT,
		    "%s: changed while it was read", f->path);
	return e;
}

/* ---- as they are ---- */

/* A file that grows meanwhile is taken as long as it was at first. */
static enum err
add_file(struct packing *p, const char *path, const char *member, int flags)
{
	CLEANUP(cleanup_fd)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
	struct stat st;
	enum err e;

	if (fd < 0 && (errno == ENOENT || errno == ELOOP))
		return ERR_OK;
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_set(
		    p->ei, ERR_INTERNAL, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return ERR_OK;
	if (p->mask != 0 && masked_wants(member))
		return add_masked(p, &(struct masked_file){path, member, fd,
					 (uint64_t)st.st_size, p->mask});
	e = tar_writer_member(p->tar, member, (uint64_t)st.st_size, p->ei);
	if (e != ERR_OK)
		return e;
	digest_file_begin(p->digest, member, (uint64_t)st.st_size);
	p->out->files++;
	p->out->bytes += (uint64_t)st.st_size;
	say_progress(p->out->name, "packing", p->out->bytes, 0);
	return copy_content(p, fd, path, (uint64_t)st.st_size);
}

static bool
pack_one(void *arg, const char *path, const char *member, const struct stat *st)
{
	struct packing *p = arg;

	(void)st;
	if (p->skip != NULL && strcmp(member, p->skip) == 0)
		return true;
	p->failed = add_file(p, path, member, O_NOFOLLOW);
	return p->failed == ERR_OK;
}

static void
end_digest(struct digest *d, char out[PARCEL_HASH_TEXT])
{
	unsigned char hash[DIGEST_BYTES];

	digest_end(d, hash);
	str_to_hex(out, hash, sizeof(hash));
}

/* What can't be condensed is said and left out: the rest is worth sending. */
static enum err
add_events(struct packing *p, const char *path)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	CLEANUP(buf_clear) struct buf tree = BUF_INIT;
	struct event_source from = {path, p->out->name, p->mask};
	struct errinfo ei = {0};

	enum err e;

	if (event_file_condense(&from, &text, &tree, &ei) != ERR_OK) {
		say_note("%s; left out", ei.text);
		return ERR_OK;
	}
	e = add_bytes(p, BESIDE_EVENTS, (struct slice){text.data, text.len});
	/* That of this very build, whatever bitbake -g has left there. */
	if (e != ERR_OK || tree.len == 0)
		return e;
	p->has_tree = true;
	return add_bytes(p, BESIDE_TREE, (struct slice){tree.data, tree.len});
}

static enum err
add_beside(struct packing *p, const struct beside_file *f)
{
	return f->path != NULL ? add_file(p, f->path, f->member, 0)
			       : add_bytes(p, f->member, f->text);
}

/* The environment first: a reader of the stream then knows it. */
static enum err
pack_companions(
    struct packing *p, const struct beside *b, const struct buf *environment)
{
	size_t before = p->out->files;
	enum err e = ERR_OK;

	if (environment->len > 0)
		e = add_bytes(p, b->environment_member,
		    (struct slice){environment->data, environment->len});
	else if (b->environment != NULL)
		e = add_file(p, b->environment, b->environment_member, 0);
	if (e == ERR_OK && b->events != NULL)
		e = add_events(p, b->events);
	for (size_t i = 0; i < b->n && e == ERR_OK; i++)
		if (strcmp(b->file[i].member, "build.json") != 0 &&
		    !(p->has_tree &&
			strcmp(b->file[i].member, BESIDE_TREE) == 0))
			e = add_beside(p, &b->file[i]);
	p->out->companions = p->out->files - before;
	return e;
}

static enum err
finish(struct packing *p, int fd)
{
	struct stat st;
	enum err e = tar_writer_end(p->tar, p->ei);

	if (e != ERR_OK)
		return e;
	if (fstat(fd, &st) != 0)
		return err_set(p->ei, ERR_INTERNAL, "%s", strerror(errno));
	p->out->size = (uint64_t)st.st_size;
	return ERR_OK;
}

enum err
parcel_pack_run(struct arena *a, const struct run *run, const struct options *o,
    int fd, struct parcel *out, struct errinfo *ei)
{
	CLEANUP(cleanup_tar) struct tar_writer *tar = NULL;
	CLEANUP(cleanup_digest) struct digest *digest = NULL;
	CLEANUP(buf_clear) struct buf environment = BUF_INIT;
	struct packing p = {
	    .a = a, .out = out, .ei = ei, .mask = o->mask_rules};
	struct beside_wish wish = {!o->no_logs, !o->no_event_log};
	struct beside beside;
	enum err e;

	*out = (struct parcel){.name = run->name,
	    .fd = fd,
	    .suffix = ".tar.zst",
	    .masked = {.a = a}};
	beside_find(a, run, wish, &beside);
	e = beside_environment(a, &beside, o, &environment, ei);
	if (e != ERR_OK)
		return e;
	p.tar = tar = tar_writer_new(fd, LEVEL);
	p.digest = digest = digest_new();
	p.piece = arena_alloc(a, PIECE);
	e = pack_companions(&p, &beside, &environment);
	end_digest(digest, out->beside);
	p.skip = arena_printf(a, "%s/build.json", run->member);
	if (e == ERR_OK)
		e = parcel_walk(a, run, pack_one, &p, ei);
	if (e == ERR_OK)
		e = p.failed;
	end_digest(digest, out->hash);
	return e != ERR_OK ? e : finish(&p, fd);
}

/* The beginning of a file, if it is that of a JSON object. */
static bool
object_head(const char *path, char *head, size_t room, struct slice *out)
{
	size_t n;

	if (!file_head(path, head, room, &n))
		return false;
	*out = slice_trim((struct slice){head, n});
	return out->n > 0 && out->p[0] == '{';
}

bool
parcel_is_report(const char *path)
{
	char head[256];
	struct slice s;

	return object_head(path, head, sizeof(head), &s);
}

/* oeqa sorts members: the configuration is the first of the first run. */
bool
parcel_is_results(const char *path)
{
	static const char key[] = "\"configuration\"";
	char head[4096];
	struct slice s, id;

	if (!object_head(path, head, sizeof(head), &s))
		return false;
	s = (struct slice){s.p + 1, s.n - 1};
	slice_cut(&s, '{', &id);
	s = slice_trim(s);
	return slice_starts(s, key) ||
	       slice_ends(slice_of(path), "testresults.json");
}

static enum err
pack_lone(struct packing *p, const char *path, const char *member, int fd)
{
	CLEANUP(cleanup_tar) struct tar_writer *tar = tar_writer_new(fd, LEVEL);
	CLEANUP(cleanup_digest) struct digest *digest = digest_new();
	enum err e;

	p->tar = tar;
	p->digest = digest;
	p->piece = arena_alloc(p->a, PIECE);
	e = add_file(p, path, member, 0);
	end_digest(digest, p->out->hash);
	return e != ERR_OK ? e : finish(p, fd);
}

enum err
parcel_pack_results(struct arena *a, const char *path, int fd,
    struct parcel *out, struct errinfo *ei)
{
	struct packing p = {.a = a, .out = out, .ei = ei};

	*out = (struct parcel){.name = path_base(a, path),
	    .kind = "test results",
	    .fd = fd,
	    .suffix = ".tar.zst",
	    .masked = {.a = a}};
	return pack_lone(&p, path, "testresults.json", fd);
}

enum err
parcel_pack_report(struct arena *a, const struct parcel_report *r, int fd,
    struct parcel *out, struct errinfo *ei)
{
	struct packing p = {.a = a, .out = out, .ei = ei, .mask = r->mask};
	const char *name = path_base(a, r->path);
	const char *end = slice_ends(slice_of(name), ".txt") ? "" : ".txt";
	struct stat st;

	*out = (struct parcel){.name = name,
	    .kind = "an error report",
	    .fd = fd,
	    .suffix = ".tar.zst",
	    .masked = {.a = a}};
	if (stat(r->path, &st) != 0)
		return err_set(
		    ei, ERR_INTERNAL, "%s: %s", r->path, strerror(errno));
	if (st.st_size > REPORT_MAX)
		return err_set(ei, ERR_TOO_BIG, "%s: longer than %lld bytes",
		    r->path, (long long)REPORT_MAX);
	return pack_lone(
	    &p, r->path, arena_printf(a, "error-report/%s%s", name, end), fd);
}

bool
parcel_is_event_log(const char *path)
{
	char head[256];
	struct slice s;

	return object_head(path, head, sizeof(head), &s) && event_log_is(s);
}

static enum err
pack_text(void *arg, const char *path, struct slice text, struct errinfo *ei)
{
	(void)ei; /* that of the packing */
	return add_bytes(arg, path, text);
}

/* ".../error_report_NAME.txt" */
static enum err
add_report(struct packing *p, const char *path)
{
	return add_file(p, path,
	    arena_printf(p->a, "error-report/%s", path_base(p->a, path)), 0);
}

enum err
parcel_pack_log(struct arena *a, const struct parcel_log *l, int fd,
    struct parcel *out, struct errinfo *ei)
{
	CLEANUP(cleanup_tar) struct tar_writer *tar = NULL;
	CLEANUP(cleanup_digest) struct digest *digest = digest_new();
	struct packing p = {
	    .a = a, .out = out, .ei = ei, .mask = l->mask, .digest = digest};
	struct event_source from = {.path = l->path, .mask = l->mask};
	struct event_file f;
	struct event_build b = {.dir = "", .doc = &f.doc};
	enum err e = event_file_read(a, &from, true, &f, ei);

	*out = (struct parcel){.name = path_base(a, l->path),
	    .kind = "an event log",
	    .fd = fd,
	    .suffix = ".tar.zst",
	    .masked = {.a = a}};
	if (e != ERR_OK)
		return e;
	if (!event_build_is(&f.doc, f.ntasks))
		return err_set(
		    ei, ERR_NOT_FOUND, "no build is in this event log");
	if (f.doc.name[0] != '\0')
		out->name = f.doc.name;
	b.tasks = f.tasks;
	b.ntasks = f.ntasks;
	p.tar = tar = tar_writer_new(fd, LEVEL);
	p.piece = arena_alloc(a, PIECE);
	e = event_build_give(a, &b, pack_text, &p, ei);
	if (e == ERR_OK && l->report != NULL)
		e = add_report(&p, l->report);
	end_digest(digest, out->hash);
	return e != ERR_OK ? e : finish(&p, fd);
}

enum err
parcel_pack_files(struct arena *a, const char *name, const struct beside *files,
    int fd, struct parcel *out, struct errinfo *ei)
{
	CLEANUP(cleanup_tar) struct tar_writer *tar = tar_writer_new(fd, LEVEL);
	CLEANUP(cleanup_digest) struct digest *digest = digest_new();
	struct packing p = {
	    .a = a, .out = out, .ei = ei, .tar = tar, .digest = digest};
	enum err e = ERR_OK;

	*out = (struct parcel){.name = name,
	    .kind = "files of a build",
	    .fd = fd,
	    .suffix = ".tar.zst",
	    .masked = {.a = a}};
	p.piece = arena_alloc(a, PIECE);
	for (size_t i = 0; i < files->n && e == ERR_OK; i++)
		e = add_beside(&p, &files->file[i]);
	end_digest(digest, out->hash);
	return e != ERR_OK ? e : finish(&p, fd);
}
