/* perf_tasks.c: see perf_tasks.h. */
#include "model/perf_tasks.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/flat_doc.h"
#include "model/scan.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

#define NAME_MAX_BYTES 200
#define NUMBERS_MAX 64 /* of a task */

struct number {
	const char *key; /* "IO rchar", "rusage ru_utime" */
	const char *value;
};

struct task {
	struct task *next;
	const char *name, *status, *started, *elapsed;
	size_t n;
	struct number number[NUMBERS_MAX];
};

/* A recipe is told as soon as the next one begins: its name and version may
 * stand behind its tasks. */
struct reading {
	struct arena *a; /* of the recipe at hand */
	const char *measurement, *index;
	const char *name, *epoch, *version, *revision;
	struct task *tasks, **end;
	perf_task_fn fn;
	void *arg;
};

static const char *
text_of(struct reading *r, struct slice s)
{
	return utf8_scrub(
	    r->a, s.p, s.n < NAME_MAX_BYTES ? s.n : NAME_MAX_BYTES);
}

static void
begin_recipe(struct reading *r, struct slice measurement, struct slice index)
{
	arena_reset(r->a);
	r->measurement = arena_strndup(r->a, measurement.p, measurement.n);
	r->index = arena_strndup(r->a, index.p, index.n);
	r->name = r->epoch = r->version = r->revision = "";
	r->tasks = NULL;
	r->end = &r->tasks;
}

/* ---- telling ---- */

static double
real_of(const char *s)
{
	double v;

	return str_to_double(s, strlen(s), &v) ? v : NAN;
}

static void
add_line(struct buf *b, const char *key, const char *value)
{
	if (value[0] != '\0')
		buf_addf(b, "%s: %s\n", key, value);
}

static enum err
tell_task(
    struct reading *r, const struct task *t, const char *pf, struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	double started = real_of(t->started), elapsed = real_of(t->elapsed);
	struct perf_task out = {.measurement = r->measurement,
	    .pf = pf,
	    .task = t->name,
	    .started = started,
	    .ended = started + elapsed};

	buf_adds(&b, "Event: TaskStarted \n");
	if (isfinite(started))
		buf_addf(&b, "Started: %.2f \n", started);
	buf_addf(&b, "%s: %s\n", pf, t->name);
	if (isfinite(elapsed) && elapsed >= 0)
		buf_addf(&b, "Elapsed time: %.2f seconds\n", elapsed);
	for (size_t i = 0; i < t->n; i++)
		add_line(&b, t->number[i].key, t->number[i].value);
	if (t->status[0] != '\0')
		buf_addf(&b, "Status: %s \n", t->status);
	if (isfinite(out.ended))
		buf_addf(&b, "Ended: %.2f \n", out.ended);
	out.text = (struct slice){b.data, b.len};
	return r->fn(r->arg, &out, ei);
}

static enum err
tell_recipe(struct reading *r, struct errinfo *ei)
{
	enum err err = ERR_OK;
	const char *pf;

	if (r->name == NULL || r->name[0] == '\0')
		return ERR_OK;
	pf = arena_printf(r->a, "%s-%s%s%s%s%s", r->name, r->epoch,
	    r->epoch[0] != '\0' ? "_" : "", r->version,
	    r->revision[0] != '\0' ? "-" : "", r->revision);
	for (const struct task *t = r->tasks; t != NULL && err == ERR_OK;
	     t = t->next)
		err = tell_task(r, t, pf, ei);
	return err;
}

/* ---- reading ---- */

static struct task *
task_called(struct reading *r, struct slice name)
{
	const char *text = text_of(r, name);
	struct task *t;

	for (t = r->tasks; t != NULL; t = t->next)
		if (strcmp(t->name, text) == 0)
			return t;
	t = arena_zalloc(r->a, sizeof(*t));
	t->name = text;
	t->status = t->started = t->elapsed = "";
	*r->end = t;
	r->end = &t->next;
	return t;
}

static bool
is_number(struct slice s)
{
	double v;

	return s.n > 0 && s.n < 40 && str_to_double(s.p, s.n, &v);
}

static bool
is_word(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '_')
			return false;
	return s.n > 0 && s.n < 40;
}

static void
add_number(struct reading *r, struct task *t, const char *group,
    struct slice key, struct slice value)
{
	if (t->n == NUMBERS_MAX || !is_word(key) || !is_number(value))
		return;
	t->number[t->n++] = (struct number){
	    arena_printf(r->a, "%s %.*s", group, (int)key.n, key.p),
	    arena_strndup(r->a, value.p, value.n)};
}

/* p from "tasks" on. */
static void
read_task(
    struct reading *r, const struct flat_path *p, size_t at, struct slice value)
{
	struct task *t;

	if (p->n < at + 3)
		return;
	t = task_called(r, p->key[at + 1]);
	if (p->n == at + 4 && flat_is(p, at + 2, "rusage"))
		add_number(r, t, "rusage", p->key[at + 3], value);
	else if (p->n == at + 4 && flat_is(p, at + 2, "iostat"))
		add_number(r, t, "IO", p->key[at + 3], value);
	else if (p->n != at + 3)
		return;
	else if (flat_is(p, at + 2, "status") &&
		 (slice_is(value, "PASSED") || slice_is(value, "FAILED")))
		t->status = text_of(r, value);
	else if (flat_is(p, at + 2, "start_time") && is_number(value))
		t->started = text_of(r, value);
	else if (flat_is(p, at + 2, "elapsed_time") && is_number(value))
		t->elapsed = text_of(r, value);
}

static void
read_recipe(
    struct reading *r, const struct flat_path *p, size_t at, struct slice value)
{
	if (flat_is(p, at, "tasks"))
		read_task(r, p, at, value);
	else if (p->n != at + 1)
		return;
	else if (flat_is(p, at, "name"))
		r->name = text_of(r, value);
	else if (flat_is(p, at, "epoch"))
		r->epoch = text_of(r, value);
	else if (flat_is(p, at, "version"))
		r->version = text_of(r, value);
	else if (flat_is(p, at, "revision"))
		r->revision = text_of(r, value);
}

/* MEASUREMENT N member, or N member of a list by itself. */
static enum err
on_value(void *arg, const struct flat_path *p, struct slice value,
    struct errinfo *ei)
{
	struct reading *r = arg;
	bool named = p->n > 1 && p->key[1].n > 0 && is_digit(p->key[1].p[0]);
	struct slice measurement = named ? p->key[0] : SLICE(""), index;
	enum err err;

	if (p->n < 2 || (named && p->n < 3))
		return ERR_OK;
	index = named ? p->key[1] : p->key[0];
	if (r->measurement == NULL || !slice_is(measurement, r->measurement) ||
	    !slice_is(index, r->index)) {
		if (r->measurement != NULL &&
		    (err = tell_recipe(r, ei)) != ERR_OK)
			return err;
		begin_recipe(r, measurement, index);
	}
	read_recipe(r, p, named ? 2 : 1, value);
	return ERR_OK;
}

enum err
perf_tasks_read(const char *label, struct slice text, perf_task_fn fn,
    void *arg, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct reading r = {.a = a, .fn = fn, .arg = arg};
	enum err err = flat_json(label, text, on_value, &r, ei);

	return err == ERR_OK ? tell_recipe(&r, ei) : err;
}
