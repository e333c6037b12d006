/* task_logs.c: see task_logs.h. */
#include "model/task_logs.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/memory.h"
#include "model/intern.h"
#include "model/scope.h"

struct task_logs {
	struct arena *arena;
	const struct bundle_limits *limits;
	struct intern keys;     /* "RECIPE/TASK", "PF/TASK" */
	struct task_log **last; /* of each key */
	size_t last_cap;
	struct buf key;
	/* the log at hand */
	struct log_taker *taker; /* NULL: it is dropped */
	struct task_log *log;
	uint32_t number; /* of its key */
	/* where task_logs_next_unused is */
	size_t at;
	struct task_log *next;
};

struct task_logs *
task_logs_new(const struct bundle_limits *limits)
{
	struct task_logs *l = must(calloc(1, sizeof(*l)));

	l->arena = arena_new(0);
	l->limits = limits;
	intern_init(&l->keys, l->arena);
	return l;
}

void
task_logs_free(struct task_logs *l)
{
	if (l == NULL)
		return;
	if (l->taker != NULL)
		log_taker_free(l->taker);
	buf_clear(&l->key);
	arena_free(l->arena);
	free(l);
}

size_t
task_logs_memory(const struct task_logs *l)
{
	return arena_used(l->arena);
}

static struct slice
make_key(struct task_logs *l, struct slice name, struct slice task)
{
	buf_reset(&l->key);
	buf_add(&l->key, name.p, name.n);
	buf_addc(&l->key, '/');
	buf_add(&l->key, task.p, task.n);
	return (struct slice){l->key.data, l->key.len};
}

void
task_logs_begin(struct task_logs *l, const struct member *m, struct slice path)
{
	struct slice name = m->pf.n > 0 ? m->pf : m->recipe;
	struct task_log *log = arena_zalloc(l->arena, sizeof(*log));
	size_t had = l->last_cap;
	bool is_new;

	log->dir.p = arena_strndup(l->arena, m->dir.p, m->dir.n);
	log->dir.n = m->dir.n;
	log->path = utf8_scrub(l->arena, path.p, path.n);
	log->current = m->current;
	l->log = log;
	l->number = intern_add(&l->keys, make_key(l, name, m->task), &is_new);
	l->last = arena_grow(
	    l->arena, l->last, &l->last_cap, l->keys.n, sizeof(*l->last));
	for (size_t i = had; i < l->last_cap; i++)
		l->last[i] = NULL;
	l->taker = log_taker_new(l->arena, l->limits->mask);
}

/* What is packed already stays in the arena: its own limit keeps it small. */
static bool
is_too_large(const struct task_logs *l)
{
	return log_taker_memory(l->taker) > l->limits->log_bytes;
}

void
task_logs_add(struct task_logs *l, const void *data, size_t n)
{
	if (l->taker == NULL)
		return;
	log_taker_add(l->taker, data, n);
	if (!is_too_large(l))
		return;
	log_taker_free(l->taker);
	l->taker = NULL;
}

bool
task_logs_end(struct task_logs *l)
{
	struct task_log *log = l->log;

	if (l->taker == NULL)
		return false;
	log->log = log_taker_end(l->taker);
	log_taker_free(l->taker);
	l->taker = NULL;
	log->before = l->last[l->number];
	l->last[l->number] = log;
	return true;
}

/* ---- whose it is ---- */

static bool
is_better(const struct task_log *log, const struct task_log *than)
{
	return than == NULL || (log->current && !than->current);
}

/* Of those with the key, which are linked from the last to the first. */
static struct task_log *
best_of(struct task_logs *l, const struct scopes *scopes, struct slice dir,
    struct slice key)
{
	struct task_log *best = NULL;
	uint32_t number;

	if (!intern_find(&l->keys, key, &number))
		return NULL;
	for (struct task_log *log = l->last[number]; log != NULL;
	     log = log->before)
		if (is_better(log, best) && dir_holds(log->dir, dir) &&
		    scopes_is_only_run(scopes, log->dir))
			best = log;
	return best;
}

const struct taken_log *
task_logs_find(struct task_logs *l, const struct scopes *scopes,
    struct slice dir, const struct package *p, const char *task)
{
	struct slice t = slice_of(task);
	struct task_log *by_pf, *by_recipe, *best;

	if (l->keys.n == 0)
		return NULL;
	by_pf = best_of(l, scopes, dir, make_key(l, slice_of(p->pf), t));
	by_recipe =
	    best_of(l, scopes, dir, make_key(l, slice_of(p->recipe), t));
	best = by_pf;
	if (by_recipe != NULL && is_better(by_recipe, by_pf))
		best = by_recipe;
	if (best == NULL)
		return NULL;
	best->used = true;
	return best->log;
}

const struct task_log *
task_logs_next_unused(struct task_logs *l)
{
	for (;;) {
		struct task_log *log = l->next;
		while (log == NULL && l->at < l->keys.n)
			log = l->last[l->at++];
		if (log == NULL)
			return NULL;
		l->next = log->before;
		if (!log->used)
			return log;
	}
}
