/* event_build.c: see event_build.h. */
#include "model/event_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/task_write.h"

struct giving {
	struct arena *a;
	const struct event_build *b;
	const char *run; /* "DIR/buildstats/NAME" */
	struct buf text;
	event_file_fn fn;
	void *arg;
};

bool
event_build_is(const struct event_doc *d, size_t ntasks)
{
	return ntasks > 0 ||
	       (d->nfailures > 0 && d->outcome != OUTCOME_SUCCEEDED);
}

static enum err
give(struct giving *g, const char *path, struct errinfo *ei)
{
	enum err err =
	    g->fn(g->arg, path, (struct slice){g->text.data, g->text.len}, ei);

	buf_reset(&g->text);
	return err;
}

static int
in_files(const void *x, const void *y)
{
	const struct event_task *a = x, *b = y;
	int order = strcmp(a->pf, b->pf);

	if (order == 0)
		order = strcmp(a->task, b->task);
	return order != 0
		   ? order
		   : (a->started > b->started) - (a->started < b->started);
}

/* Names become parts of paths. */
static bool
is_name(const char *s)
{
	return s[0] != '\0' && s[0] != '.' && strchr(s, '/') == NULL &&
	       strlen(s) <= 250;
}

static bool
has_place(const struct event_task *t)
{
	return is_name(t->pf) && is_name(t->task) &&
	       strncmp(t->task, "do_", 3) == 0 && strchr(t->task, '.') == NULL;
}

static void
add_task(struct buf *out, const struct event_task *t)
{
	struct written_task w = {.pf = t->pf,
	    .task = t->task,
	    .started = t->started,
	    .ended = t->ended,
	    .seconds = -1,
	    .status = t->status};

	if (t->started != TIME_UNKNOWN && t->ended >= t->started)
		w.seconds = (double)(t->ended - t->started) / 1e6;
	task_write(out, &w);
}

/* A task that ran again stands behind itself in the same file. */
static enum err
give_tasks(struct giving *g, struct errinfo *ei)
{
	const struct event_build *b = g->b;
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < b->ntasks; i++) {
		const struct event_task *t = &b->tasks[i];
		if (!has_place(t))
			continue;
		add_task(&g->text, t);
		if (i + 1 < b->ntasks && strcmp(t[1].pf, t->pf) == 0 &&
		    strcmp(t[1].task, t->task) == 0)
			continue;
		err = give(g,
		    arena_printf(g->a, "%s/%s/%s", g->run, t->pf, t->task), ei);
	}
	return err;
}

static enum err
give_build_stats(struct giving *g, struct errinfo *ei)
{
	const struct event_doc *d = g->b->doc;

	if (d->started != TIME_UNKNOWN)
		task_write_time(&g->text, "Build Started", d->started);
	for (size_t i = 0; i < g->b->ntasks; i++) {
		const struct event_task *t = &g->b->tasks[i];
		if (t->status == TASK_FAILED && has_place(t))
			buf_addf(&g->text, "Failed at: %s at task: %s \n",
			    t->pf, t->task);
	}
	if (d->ended != TIME_UNKNOWN && d->ended >= d->started)
		task_write_elapsed(
		    &g->text, (double)(d->ended - d->started) / 1e6);
	return give(g, arena_printf(g->a, "%s/build_stats", g->run), ei);
}

/* BUILDNAME, or the time that it would have been made of. */
static const char *
name_of(struct arena *a, const struct event_doc *d)
{
	char text[32], *name = arena_zalloc(a, 15);
	size_t n = 0;

	if (is_name(d->name) || d->started == TIME_UNKNOWN)
		return d->name;
	str_from_time(text, d->started);
	for (const char *p = text; *p != '\0' && n < 14; p++)
		if (*p >= '0' && *p <= '9')
			name[n++] = *p;
	return name;
}

enum err
event_build_give(struct arena *a, const struct event_build *b, event_file_fn fn,
    void *arg, struct errinfo *ei)
{
	struct giving g = {.a = a, .b = b, .fn = fn, .arg = arg};
	struct event_doc d = *b->doc;
	enum err err;

	d.name = name_of(a, &d);
	if (!is_name(d.name))
		return err_set(ei, ERR_INPUT,
		    "nothing in the event log tells which build it is of");
	if (b->ntasks > 1)
		qsort(b->tasks, b->ntasks, sizeof(*b->tasks), in_files);
	g.run = arena_printf(a, "%sbuildstats/%s", b->dir, d.name);
	event_doc_write(&g.text, &d);
	err = give(&g, arena_printf(a, "%sevent-log.json", b->dir), ei);
	if (err == ERR_OK)
		err = give_build_stats(&g, ei);
	if (err == ERR_OK)
		err = give_tasks(&g, ei);
	buf_clear(&g.text);
	return err;
}
