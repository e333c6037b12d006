/* event_file.c: see event_file.h. */
#include "client/event_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "client/files.h"
#include "model/event_log.h"
#include "model/mask.h"

#define PIECE ((size_t)128 << 10)
#define LOOKED_AT_MAX 8             /* logs that are opened to find the run's */
#define HEAD_MAX ((size_t)64 << 20) /* within which a log tells its name */

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct event_log *, cleanup_log, event_log_free);

/* Gives a log the next piece of a file; 0 at its end, -1 with errno. */
static ssize_t
feed(struct event_log *e, int fd)
{
	char piece[PIECE];
	ssize_t got;

	do {
		got = read(fd, piece, sizeof(piece));
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		event_log_add(e, piece, (size_t)got);
	return got;
}

static bool
is_about(const char *path, const struct run *run)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_fd)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	CLEANUP(cleanup_log)
	struct event_log *e = event_log_new(a, &event_log_options_default);
	size_t read_so_far = 0;
	ssize_t got = 1;

	while (fd >= 0 && got > 0 && read_so_far < HEAD_MAX &&
	       event_log_name(e)[0] == '\0') {
		got = feed(e, fd);
		read_so_far += got > 0 ? (size_t)got : 0;
	}
	return strcmp(event_log_name(e), run->name) == 0;
}

static int
newest_first(const void *x, const void *y)
{
	const struct dir_entry *a = x, *b = y;

	return (a->st.st_mtime < b->st.st_mtime) -
	       (a->st.st_mtime > b->st.st_mtime);
}

const char *
event_file_find(struct arena *a, const struct run *run, const char *dir)
{
	const char *name = arena_printf(a, "%s.json", run->name);
	struct dir_list list;
	size_t looked = 0;

	if (dir_read(a, dir, &list, NULL) != ERR_OK)
		return NULL;
	for (size_t i = 0; i < list.n; i++)
		if (strcmp(list.entry[i].name, name) == 0 &&
		    S_ISREG(list.entry[i].st.st_mode))
			return list.entry[i].path;
	if (list.n > 1)
		qsort(list.entry, list.n, sizeof(*list.entry), newest_first);
	for (size_t i = 0; i < list.n && looked < LOOKED_AT_MAX; i++) {
		const struct dir_entry *e = &list.entry[i];
		if (!S_ISREG(e->st.st_mode) ||
		    !slice_ends(slice_of(e->name), ".json") ||
		    (double)e->st.st_mtime < run->started - 1)
			continue;
		looked++;
		if (is_about(e->path, run))
			return e->path;
	}
	return NULL;
}

/* What a server can't use goes no further. */
static void
write_tree(struct arena *a, const struct depends_file *f, struct buf *out)
{
	struct depends_list list;
	struct slice text;

	if (zstd_unpack(a, f->text.zstd, f->text.size, &text, NULL) == ERR_OK &&
	    depends_read(a, f->kind, text, &list, NULL) == ERR_OK)
		depends_write(out, &list);
}

enum err
event_file_read(struct arena *a, const struct event_source *from, bool tasks,
    struct event_file *out, struct errinfo *ei)
{
	CLEANUP(cleanup_fd)
	int fd = open(from->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	CLEANUP(cleanup_log) struct event_log *e = NULL;
	struct event_log_options o = event_log_options_default;
	const struct depends_file *tree;
	const struct event_doc *found;
	ssize_t got = fd < 0 ? -1 : 1;

	o.mask = from->mask;
	o.tasks = tasks;
	o.tree = true;
	e = event_log_new(a, &o);
	while (got > 0)
		got = feed(e, fd);
	if (got < 0)
		return err_set(ei,
		    errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL, "%s: %s",
		    from->path, strerror(errno));
	if ((found = event_log_end(e)) == NULL)
		return err_set(
		    ei, ERR_INPUT, "%s: not an event log", from->path);
	out->doc = *found;
	if (from->name != NULL)
		out->doc.name = from->name;
	out->tasks = event_log_tasks(e, &out->ntasks);
	tree = event_log_tree(e);
	out->has_tree = tree != NULL;
	if (tree != NULL)
		out->tree = *tree;
	return ERR_OK;
}

enum err
event_file_condense(const struct event_source *from, struct buf *out,
    struct buf *tree, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct event_file f;
	enum err e = event_file_read(a, from, false, &f, ei);

	if (e != ERR_OK)
		return e;
	event_doc_write(out, &f.doc);
	if (f.has_tree)
		write_tree(a, &f.tree, tree);
	return ERR_OK;
}
