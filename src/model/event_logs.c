/* event_logs.c: see event_logs.h. */
#include "model/event_logs.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/memory.h"
#include "model/bundle.h"
#include "model/event_build.h"

/* A server reads many at once: less than a client may take. */
#define LINE_MAX_BYTES ((size_t)16 << 20)
#define NODES_MAX ((size_t)200000)

struct kept {
	struct kept *next;
	struct slice dir;
	const struct event_doc *doc;
	struct event_task *tasks;
	size_t ntasks;
};

struct event_logs {
	struct arena *a;
	unsigned rules;
	struct event_log *log; /* at hand, or NULL */
	struct slice dir;
	struct buf text;
	struct kept *kept;
	const struct depends_file *tree; /* of the last one, or NULL */
};

struct event_logs *
event_logs_new(size_t bytes, unsigned rules)
{
	struct event_logs *l = must(calloc(1, sizeof(*l)));

	l->a = arena_new(bytes);
	l->rules = rules;
	return l;
}

void
event_logs_free(struct event_logs *l)
{
	if (l == NULL)
		return;
	event_log_free(l->log);
	arena_free(l->a);
	buf_clear(&l->text);
	free(l);
}

size_t
event_logs_memory(const struct event_logs *l)
{
	return arena_used(l->a);
}

void
event_logs_begin(struct event_logs *l, struct slice dir)
{
	const struct event_log_options o = {.line_bytes = LINE_MAX_BYTES,
	    .nodes = NODES_MAX,
	    .mask = l->rules,
	    .tasks = !arena_over(l->a),
	    .tree = !arena_over(l->a)};

	event_log_free(l->log);
	l->log = event_log_new(l->a, &o);
	l->dir = (struct slice){arena_strndup(l->a, dir.p, dir.n), dir.n};
}

void
event_logs_data(struct event_logs *l, const void *data, size_t n)
{
	event_log_add(l->log, data, n);
}

static void
keep(struct event_logs *l, const struct event_doc *d)
{
	struct kept *k = arena_zalloc(l->a, sizeof(*k));
	struct event_doc *copy = arena_alloc(l->a, sizeof(*copy));

	*copy = *d;
	k->doc = copy;
	k->dir = l->dir;
	k->tasks = event_log_tasks(l->log, &k->ntasks);
	k->next = l->kept;
	l->kept = k;
}

struct slice
event_logs_end(struct event_logs *l)
{
	const struct event_doc *d = event_log_end(l->log);
	const struct depends_file *tree = event_log_tree(l->log);

	buf_reset(&l->text);
	buf_adds(&l->text, "");
	l->tree = NULL;
	if (d != NULL) {
		if (tree != NULL) {
			struct depends_file *f = arena_alloc(l->a, sizeof(*f));
			*f = *tree;
			l->tree = f;
		}
		keep(l, d);
		event_doc_write(&l->text, d);
	}
	event_log_free(l->log);
	l->log = NULL;
	return (struct slice){l->text.data, l->text.len};
}

const struct depends_file *
event_logs_tree(const struct event_logs *l, const char **name)
{
	if (l->tree != NULL)
		*name = l->kept->doc->name;
	return l->tree;
}

static enum err
give_file(void *arg, const char *path, struct slice text, struct errinfo *ei)
{
	struct bundle *bu = arg;
	bool want;
	enum err err = bundle_member(bu, slice_of(path), text.n, &want, ei);

	if (err == ERR_OK && want)
		err = bundle_data(bu, text.p, text.n, ei);
	return err == ERR_OK && want ? bundle_member_end(bu, ei) : err;
}

enum err
event_logs_give(struct event_logs *l, const struct scopes *s, struct bundle *bu,
    struct errinfo *ei)
{
	enum err err = ERR_OK;

	for (struct kept *k = l->kept; err == ERR_OK && k != NULL;
	     k = k->next) {
		struct event_build b = {
		    .doc = k->doc, .tasks = k->tasks, .ntasks = k->ntasks};
		struct arena *a;
		if (!event_build_is(k->doc, k->ntasks) ||
		    scopes_has_run(s, k->dir, k->doc->name))
			continue;
		a = arena_new(0);
		b.dir = k->dir.n > 0
			    ? arena_printf(a, "%.*s/", (int)k->dir.n, k->dir.p)
			    : "";
		err = event_build_give(a, &b, give_file, bu, ei);
		arena_free(a);
	}
	return err;
}
