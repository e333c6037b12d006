/* hints.c: see hints.h. */
#include "client/hints.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/inotify.h>

#include "base/memory.h"
#include "client/parcel.h"

#define DIR_MASK                                                               \
	(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |                 \
	    IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
#define FILE_MASK (IN_MODIFY | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF)

/* One reason to watch something; several may share a watch. */
struct watch {
	int wd;
	unsigned generation;
	char *name; /* only this one in the directory, or NULL */
	void *who;  /* not NULL: it is a file */
};

struct hints {
	int fd;
	unsigned generation;
	struct watch *watch;
	size_t n, cap;
};

struct hints *
hints_new(void)
{
	struct hints *h = calloc(1, sizeof(*h));

	if (h == NULL)
		out_of_memory();
	h->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return h;
}

void
hints_free(struct hints *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < h->n; i++)
		free(h->watch[i].name);
	free(h->watch);
	if (h->fd >= 0)
		close(h->fd);
	free(h);
}

int
hints_fd(const struct hints *h)
{
	return h->fd;
}

void
hints_begin(struct hints *h)
{
	h->generation++;
}

static bool
same_name(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
add(struct hints *h, const char *path, uint32_t mask, const char *name,
    void *who)
{
	int wd = h->fd >= 0 ? inotify_add_watch(h->fd, path, mask) : -1;
	struct watch *w;

	if (wd < 0)
		return; /* no more watches, or gone: looked at in time */
	for (size_t i = 0; i < h->n; i++) {
		w = &h->watch[i];
		if (w->wd == wd && w->who == who && same_name(w->name, name)) {
			w->generation = h->generation;
			return;
		}
	}
	if (h->n == h->cap) {
		h->cap = h->cap == 0 ? 64 : 2 * h->cap;
		h->watch = realloc(h->watch, h->cap * sizeof(*h->watch));
		if (h->watch == NULL)
			out_of_memory();
	}
	w = &h->watch[h->n++];
	*w = (struct watch){.wd = wd, .generation = h->generation, .who = who};
	if (name != NULL && (w->name = strdup(name)) == NULL)
		out_of_memory();
}

void
hints_dir(struct hints *h, const char *path)
{
	add(h, path, DIR_MASK, NULL, NULL);
}

void
hints_name(struct hints *h, const char *dir, const char *name)
{
	add(h, dir, DIR_MASK, name, NULL);
}

void
hints_file(struct hints *h, const char *path, void *who)
{
	add(h, path, FILE_MASK, NULL, who);
}

static bool
has_watch(const struct hints *h, int wd)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->watch[i].wd == wd)
			return true;
	return false;
}

static void
forget(struct hints *h, size_t i)
{
	free(h->watch[i].name);
	h->watch[i] = h->watch[--h->n];
}

void
hints_end(struct hints *h)
{
	for (size_t i = 0; i < h->n;) {
		int wd = h->watch[i].wd;
		if (h->watch[i].generation == h->generation) {
			i++;
			continue;
		}
		forget(h, i);
		if (!has_watch(h, wd))
			inotify_rm_watch(h->fd, wd);
	}
}

/* A file that is written is news only when it is a tar. */
static bool
is_news(const struct watch *w, const struct inotify_event *ev)
{
	if (ev->len == 0)
		return true; /* of the directory itself */
	if (w->name != NULL)
		return strcmp(w->name, ev->name) == 0;
	if ((ev->mask & (IN_ISDIR | IN_CLOSE_WRITE)) == IN_CLOSE_WRITE)
		return parcel_is_tar_name(ev->name);
	return true;
}

static bool
take(struct hints *h, const struct inotify_event *ev,
    void (*changed)(void *arg, void *who), void *arg)
{
	bool search = (ev->mask & IN_Q_OVERFLOW) != 0;

	for (size_t i = 0; i < h->n; i++) {
		const struct watch *w = &h->watch[i];
		if (w->wd != ev->wd)
			continue;
		if (w->who != NULL)
			changed(arg, w->who);
		search |=
		    w->who == NULL
			? is_news(w, ev)
			: (ev->mask & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0;
	}
	if ((ev->mask & IN_IGNORED) == 0)
		return search;
	for (size_t i = 0; i < h->n;)
		if (h->watch[i].wd == ev->wd)
			forget(h, i);
		else
			i++;
	return search;
}

bool
hints_read(struct hints *h, void (*changed)(void *arg, void *who), void *arg)
{
	_Alignas(struct inotify_event) char text[16384];
	bool search = false;
	ssize_t n;

	if (h->fd < 0)
		return false;
	while ((n = read(h->fd, text, sizeof(text))) > 0) {
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *ev =
			    (const void *)(text + at);
			search |= take(h, ev, changed, arg);
			at += (ssize_t)(sizeof(*ev) + ev->len);
		}
	}
	return search;
}
