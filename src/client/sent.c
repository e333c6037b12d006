/* sent.c: see sent.h. */
#include "client/sent.h"

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
#include "base/memory.h"
#include "client/files.h"

#define RECORD_MAX ((size_t)64 << 20)
#define LINES_KEPT 10000
#define LINES_SLACK 1000

struct sent {
	char *path, *lock;
	struct arena *memory; /* holds text */
	struct slice text;
	struct stat at; /* of the file when it was read */
};

/* The fields of one line. */
struct record {
	struct slice hash, beside, companions, mark, time, server;
	struct slice lines; /* the rest, separated by tabs */
};

static char *
join(const char *dir, const char *name)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s/%s", dir, name);
	return b.data;
}

struct sent *
sent_open(struct arena *a, const char *dir, const char **why)
{
	struct sent *s = calloc(1, sizeof(*s));
	struct errinfo ei;

	if (s == NULL)
		out_of_memory();
	*why = NULL;
	s->memory = arena_new(0);
	if (dir == NULL)
		*why = "no home directory";
	else if (dir_make(dir, 0700, &ei) != ERR_OK)
		*why = arena_strdup(a, ei.text);
	if (*why != NULL)
		return s;
	s->path = join(dir, "sent");
	s->lock = join(dir, "sent.lock");
	return s;
}

void
sent_close(struct sent *s)
{
	if (s == NULL)
		return;
	arena_free(s->memory);
	free(s->path);
	free(s->lock);
	free(s);
}

/* Reads the file unless what was read is still what is there. */
static void
load(struct sent *s)
{
	struct stat st;

	if (s->path == NULL)
		return;
	if (stat(s->path, &st) != 0) {
		s->text = (struct slice){0};
		s->at = (struct stat){0};
		return;
	}
	if (st.st_ino == s->at.st_ino && st.st_size == s->at.st_size &&
	    st.st_mtim.tv_sec == s->at.st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == s->at.st_mtim.tv_nsec)
		return;
	arena_reset(s->memory);
	s->text = (struct slice){0};
	s->at = st;
	if (file_read(s->memory, s->path, RECORD_MAX, &s->text, NULL) != ERR_OK)
		s->text = (struct slice){0};
}

/* A line that was cut off by a crash has no server and counts as nothing. */
static bool
split(struct slice line, struct record *r)
{
	struct slice *fields[] = {&r->hash, &r->beside, &r->companions,
	    &r->mark, &r->time, &r->server};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!slice_cut(&line, '\t', fields[i]))
			return false;
	r->lines = line;
	return true;
}

/* The line around a place in the text. */
static struct slice
line_around(struct slice text, const char *at)
{
	const char *begin = at, *end;

	while (begin > text.p && begin[-1] != '\n')
		begin--;
	end = memchr(at, '\n', (size_t)(text.p + text.n - at));
	return (struct slice){
	    begin, (size_t)((end != NULL ? end : text.p + text.n) - begin)};
}

static bool
covers(const struct record *r, const char *server, const struct parcel *p)
{
	const char *beside = p->beside[0] != '\0' ? p->beside : "-";
	uint64_t companions;

	if (!slice_is(r->hash, p->hash) || !slice_is(r->server, server))
		return false;
	return slice_is(r->beside, beside) ||
	       (str_to_u64(r->companions.p, r->companions.n, &companions) &&
		   p->companions < companions);
}

/* The next occurrence of key in the text, moving *rest behind it. */
static const char *
next_hit(struct slice *rest, const char *key)
{
	const char *at =
	    rest->n > 0 ? memmem(rest->p, rest->n, key, strlen(key)) : NULL;

	if (at == NULL)
		return NULL;
	rest->n -= (size_t)(at - rest->p) + strlen(key);
	rest->p = at + strlen(key);
	return at;
}

bool
sent_find(struct sent *s, struct arena *a, const char *server,
    const struct parcel *p, struct slice *lines)
{
	struct slice rest, found = {0};
	struct record r;
	const char *at;
	char *copy;

	load(s);
	rest = s->text;
	while ((at = next_hit(&rest, p->hash)) != NULL)
		if (split(line_around(s->text, at), &r) &&
		    covers(&r, server, p))
			found = r.lines;
	if (found.n == 0)
		return false;
	copy = arena_printf(a, "%.*s\n", (int)found.n, found.p);
	for (char *t = copy; *t != '\0'; t++)
		if (*t == '\t')
			*t = '\n';
	*lines = slice_of(copy);
	return true;
}

bool
sent_has_mark(struct sent *s, const char *server, const char *mark)
{
	struct slice rest;
	struct record r;
	const char *at;

	load(s);
	rest = s->text;
	while ((at = next_hit(&rest, mark)) != NULL)
		if (split(line_around(s->text, at), &r) &&
		    slice_is(r.mark, mark) && slice_is(r.server, server))
			return true;
	return false;
}

static void
compose(struct buf *b, const char *server, const struct parcel *p,
    const char *mark, struct slice lines)
{
	char now[32];

	str_from_time(now, (int64_t)time(NULL) * 1000000);
	buf_addf(b, "%s\t%s\t%zu\t%s\t%s\t%s", p->hash,
	    p->beside[0] != '\0' ? p->beside : "-", p->companions,
	    mark != NULL ? mark : "-", now, server);
	for (struct slice line; slice_line(&lines, &line);) {
		buf_addc(b, '\t');
		buf_add(b, line.p, line.n);
	}
	buf_addc(b, '\n');
}

static size_t
count_lines(struct slice text)
{
	size_t n = 0;

	for (struct slice line; slice_line(&text, &line);)
		n++;
	return n;
}

/* Writes the latest lines anew; the old file stands until the new is whole. */
static bool
rewrite(struct sent *s, size_t lines, struct slice more)
{
	CLEANUP(cleanup_free) char *fresh = NULL;
	struct slice rest = s->text, line;
	struct buf name = BUF_INIT;
	bool ok;
	int fd;

	buf_addf(&name, "%s.new", s->path);
	fresh = name.data;
	for (; lines > LINES_KEPT; lines--)
		slice_line(&rest, &line);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	ok = file_write(fd, rest.p, rest.n) && file_write(fd, more.p, more.n) &&
	     fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	return ok && rename(fresh, s->path) == 0;
}

static bool
append(struct sent *s, struct slice more)
{
	int fd = open(s->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return false;
	/* What a crash left of a line must not swallow this one. */
	ok = s->text.n == 0 || s->text.p[s->text.n - 1] == '\n' ||
	     file_write(fd, "\n", 1);
	ok = ok && file_write(fd, more.p, more.n) && fdatasync(fd) == 0;
	return close(fd) == 0 && ok;
}

void
sent_add(struct sent *s, const char *server, const struct parcel *p,
    const char *mark, struct slice lines)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	CLEANUP(cleanup_fd) int lock = -1;
	struct slice more;
	size_t n;

	if (s->path == NULL)
		return;
	lock = open(s->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0 || flock(lock, LOCK_EX) != 0)
		return;
	load(s);
	compose(&b, server, p, mark, lines);
	more = (struct slice){b.data, b.len};
	n = count_lines(s->text);
	if (n < LINES_KEPT + LINES_SLACK || !rewrite(s, n, more))
		append(s, more);
}
