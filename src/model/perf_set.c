/* perf_set.c: see perf_set.h. */
#include "model/perf_set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "model/build_name.h"
#include "model/content.h"
#include "model/member.h"
#include "model/perf_read.h"
#include "model/perf_tasks.h"

#define US 1e6
#define GLOBALRES_MAX 1000
#define MEASUREMENTS_MAX 100
#define RECIPE "oe-build-perf-test"
#define TAG "oe-build-perf-test"

DEFINE_CLEANUP(struct digest *, cleanup_digest, digest_free);

/* The tasks of a measurement. */
struct measured {
	struct measured *next;
	const char *name;
	struct run *run;
	double started, ended;
	bool given;
};

/* What lies in a directory, or a line of a globalres file. */
struct one {
	struct one *next;
	struct slice dir;
	bool has_results, given, is_line;
	double age; /* of a line: seconds before the last */
	struct perf_results results;
	struct env_facts facts;
	struct measured *tasks, **end;
	size_t nmeasured;
};

struct perf_set {
	struct arena *a;
	const struct bundle_limits *limits;
	struct one *first, **end;
	size_t runs; /* memory of all runs */
};

struct perf_set *
perf_set_new(const struct bundle_limits *limits)
{
	struct perf_set *s = must(calloc(1, sizeof(*s)));

	s->a = arena_new(0);
	s->limits = limits;
	s->end = &s->first;
	return s;
}

void
perf_set_free(struct perf_set *s)
{
	if (s == NULL)
		return;
	for (struct one *o = s->first; o != NULL; o = o->next)
		for (struct measured *m = o->tasks; m != NULL; m = m->next)
			run_free(m->run);
	arena_free(s->a);
	free(s);
}

size_t
perf_set_memory(const struct perf_set *s)
{
	return arena_used(s->a) + s->runs;
}

/* ---- reading ---- */

static struct one *
new_one(struct perf_set *s, struct slice dir)
{
	struct one *o = arena_zalloc(s->a, sizeof(*o));

	o->dir.p = arena_strndup(s->a, dir.n > 0 ? dir.p : "", dir.n);
	o->dir.n = dir.n;
	o->results = (struct perf_results){
	    .host = "", .started = TIME_UNKNOWN, .elapsed = NAN};
	env_facts_init(&o->facts);
	o->end = &o->tasks;
	*s->end = o;
	s->end = &o->next;
	return o;
}

static struct one *
one_of(struct perf_set *s, struct slice dir)
{
	for (struct one *o = s->first; o != NULL; o = o->next)
		if (!o->is_line && o->dir.n == dir.n &&
		    memcmp(o->dir.p, dir.p, dir.n) == 0)
			return o;
	return new_one(s, dir);
}

struct taking {
	struct perf_set *s;
	struct one *o;
	struct measured *m;
	const char *fallback; /* of a list without a name */
};

static struct measured *
measured_called(struct taking *t, const char *name)
{
	struct perf_set *s = t->s;
	struct measured *m;
	const char *dir;

	name = name[0] == '\0' ? t->fallback : perf_name(s->a, slice_of(name));
	if (t->m != NULL && strcmp(t->m->name, name) == 0)
		return t->m;
	for (m = t->o->tasks; m != NULL; m = m->next)
		if (strcmp(m->name, name) == 0)
			return t->m = m;
	if (t->o->nmeasured == MEASUREMENTS_MAX)
		return NULL;
	m = arena_zalloc(s->a, sizeof(*m));
	m->name = arena_strdup(s->a, name);
	m->started = m->ended = NAN;
	dir =
	    arena_printf(s->a, "%.*s/%s", (int)t->o->dir.n, t->o->dir.p, name);
	m->run = run_new(s->limits, slice_of(dir));
	*t->o->end = m;
	t->o->end = &m->next;
	t->o->nmeasured++;
	return t->m = m;
}

static enum err
take_task(void *arg, const struct perf_task *task, struct errinfo *ei)
{
	struct taking *t = arg;
	struct measured *m = measured_called(t, task->measurement);
	struct member member = {
	    .pf = slice_of(task->pf), .name = slice_of(task->task)};
	size_t before;
	enum err err;

	if (m == NULL)
		return ERR_OK;
	before = run_memory(m->run);
	m->started = fmin(m->started, task->started);
	m->ended = fmax(m->ended, task->ended);
	err = run_task(m->run, &member, task->text, ei);
	t->s->runs += run_memory(m->run) - before;
	if (err == ERR_OK &&
	    perf_set_memory(t->s) > t->s->limits->pending_bytes)
		err = err_set(ei, ERR_TOO_BIG,
		    "%s: more tasks than this server takes at once",
		    task->measurement);
	return err;
}

static enum err
take_tasks(struct perf_set *s, struct slice dir, const char *label,
    struct slice text, struct errinfo *ei)
{
	struct slice name = slice_of(label);
	struct taking t = {.s = s, .o = one_of(s, dir)};

	if (slice_ends(name, ".json"))
		name.n -= strlen(".json");
	t.fallback = perf_name(s->a, name);
	return perf_tasks_read(label, text, take_task, &t, ei);
}

/* The file grows at its end. */
static void
take_lines(struct perf_set *s, struct slice dir, struct slice text)
{
	struct one *last = NULL;
	struct slice line;
	size_t n = 0;

	while (slice_line(&text, &line) && n < GLOBALRES_MAX) {
		struct perf_results results;
		struct env_facts facts;
		if (!perf_globalres_read(
			s->a, slice_trim(line), &results, &facts))
			continue;
		last = new_one(s, dir);
		last->is_line = last->has_results = true;
		last->results = results;
		last->facts = facts;
		last->age = (double)n++;
	}
	for (struct one *o = s->first; o != NULL; o = o->next)
		if (o->is_line && last != NULL)
			o->age = (double)(n - 1) - o->age;
}

static enum err
take_results(struct perf_set *s, struct slice dir, const char *label,
    struct slice text, struct errinfo *ei)
{
	struct one *o = one_of(s, dir);
	enum err err = perf_results_read(s->a, label, text, &o->results, ei);

	o->has_results = err == ERR_OK;
	return err;
}

enum err
perf_set_add(struct perf_set *s, struct slice dir, struct slice name,
    struct slice text, const char **why, struct errinfo *ei)
{
	const char *label = utf8_scrub(s->a, name.p, name.n);
	enum err err = ERR_OK;

	*why = NULL;
	switch (perf_sniff(text)) {
	case PERF_RESULTS:
		err = take_results(s, dir, label, text, ei);
		break;
	case PERF_METADATA:
		err = perf_metadata_read(
		    s->a, label, text, &one_of(s, dir)->facts, ei);
		break;
	case PERF_BUILDSTATS:
		err = take_tasks(s, dir, label, text, ei);
		break;
	case PERF_GLOBALRES:
		take_lines(s, dir, text);
		break;
	case PERF_NONE:
		*why = "no file that is read";
		return ERR_OK;
	}
	/* What can't be read makes no upload wrong; its tasks do. */
	if (err == ERR_INPUT) {
		*why = arena_strdup(s->a, ei->text);
		return ERR_OK;
	}
	return err;
}

/* ---- builds ---- */

/* results-20231114221320, else when it was started. */
static const char *
name_of(struct arena *a, const struct one *o, int64_t started)
{
	static const char prefix[] = "results-";
	struct slice dir = o->dir, base;

	dir_pop(&dir, &base);
	if (slice_starts(base, prefix))
		base = (struct slice){
		    base.p + strlen(prefix), base.n - strlen(prefix)};
	return !o->is_line && is_build_name(base)
		   ? arena_strndup(a, base.p, base.n)
		   : build_name_of_time(a, started);
}

static int64_t
started_of(const struct one *o, int64_t received)
{
	if (o->is_line)
		return received - (int64_t)(o->age * US);
	return o->results.started == TIME_UNKNOWN ||
		       o->results.started > received
		   ? received
		   : o->results.started;
}

static void
add_environment(
    struct arena *a, const struct one *o, const char *image, struct build *b)
{
	struct env_facts said;

	env_facts_init(&said);
	said.env.host = o->results.host;
	said.env.image = image;
	said.env.tags = arena_calloc(a, 1, sizeof(*said.env.tags));
	said.env.tags[0] = TAG;
	said.env.ntags = 1;
	b->env.image = "";
	env_merge(a, &b->env, &said.env, "results");
	env_merge(a, &b->env, &o->facts.env, "metadata");
	env_complete(a, &b->env);
}

/* By what tells them apart; of a line there is nothing but itself. */
static void
hash_identity(struct build *b, const struct one *o, const char *what)
{
	CLEANUP(cleanup_digest) struct digest *d = digest_new();
	int64_t start = o->is_line ? 0 : b->started;

	digest_add(d, TAG, sizeof(TAG));
	digest_add(d, b->env.host, strlen(b->env.host) + 1);
	digest_add(d, what, strlen(what) + 1);
	digest_add(d, &start, sizeof(start));
	digest_add(d, b->env.commit, strlen(b->env.commit) + 1);
	for (size_t i = 0; o->is_line && i < b->nnumbers; i++)
		digest_add(d, &b->numbers[i].sum, sizeof(double));
	digest_end(d, b->identity);
}

static bool
has_failed(const struct perf_test *t)
{
	return strcmp(t->status, "FAILURE") == 0 ||
	       strcmp(t->status, "ERROR") == 0 ||
	       strcmp(t->status, "UNEXPECTED_SUCCESS") == 0;
}

static void
add_numbers(struct arena *a, const struct perf_results *r, struct build *b)
{
	b->numbers = arena_calloc(a, r->nnumbers + 1, sizeof(*b->numbers));
	for (size_t i = 0; i < r->nnumbers; i++) {
		const struct perf_number *n = &r->number[i];
		b->numbers[b->nnumbers++] =
		    (struct build_number){arena_printf(a, "perf.%s.%s.%s",
					      n->test, n->measurement, n->what),
			n->unit, n->value, n->value};
	}
}

static int
by_task(const void *x, const void *y)
{
	const struct failed_at *a = x, *b = y;

	return strcmp(a->task, b->task);
}

static void
add_failures(struct arena *a, const struct perf_results *r, struct build *b)
{
	b->packages = arena_calloc(a, 1, sizeof(*b->packages));
	b->packages[0] = (struct package){RECIPE, RECIPE, ""};
	b->told = arena_calloc(a, r->ntests + 1, sizeof(*b->told));
	b->failed_at = arena_calloc(a, r->ntests + 1, sizeof(*b->failed_at));
	for (size_t i = 0; i < r->ntests; i++) {
		const struct perf_test *t = &r->test[i];
		if (!has_failed(t))
			continue;
		b->status = BUILD_FAILED;
		b->npackages = 1;
		b->failed_at[b->nfailed_at++] = (struct failed_at){0, t->name};
		b->told[b->ntold++] = (struct told_failure){
		    .kind = FAILURE_TASK,
		    .recipe = RECIPE,
		    .version = "",
		    .task = t->name,
		    .message = t->message,
		    .seen = b->ended != TIME_UNKNOWN ? b->ended : b->started,
		};
	}
	if (b->nfailed_at > 1)
		qsort(b->failed_at, b->nfailed_at, sizeof(*b->failed_at),
		    by_task);
}

static void
add_notes(struct arena *a, const struct one *o, struct build *b)
{
	const struct perf_results *r = &o->results;

	b->repairs = arena_calloc(a, r->ntests + 2, sizeof(*b->repairs));
	b->repairs[b->nrepairs++] =
	    o->is_line
		? "A line of a globalres file: when it was made isn't known"
		: "Results of oe-build-perf-test: its measurements are numbers "
		  "of this build, tasks stand in builds of their own";
	for (size_t i = 0; i < r->ntests; i++)
		if (strcmp(r->test[i].status, "SUCCESS") != 0)
			b->repairs[b->nrepairs++] =
			    arena_printf(a, "%s: %s%s%.300s", r->test[i].name,
				r->test[i].status,
				r->test[i].message[0] != '\0' ? ": " : "",
				r->test[i].message);
}

static const struct build *
results_build(struct arena *a, const struct one *o, int64_t received)
{
	struct build *b = arena_zalloc(a, sizeof(*b));
	struct env_facts none;

	env_facts_init(&none);
	b->env = none.env;
	b->cooker_cpu = -1;
	b->started = started_of(o, received);
	b->ended = isfinite(o->results.elapsed) && o->results.elapsed >= 0
		       ? b->started + (int64_t)(o->results.elapsed * US)
		       : TIME_UNKNOWN;
	b->status = BUILD_SUCCEEDED;
	b->name = name_of(a, o, b->started);
	add_environment(a, o, TAG, b);
	add_numbers(a, &o->results, b);
	add_failures(a, &o->results, b);
	add_notes(a, o, b);
	hash_identity(b, o, "results");
	build_hash_content(a, b);
	return b;
}

/* What bitbake would have written of it. */
static enum err
finish_run(struct arena *a, const struct one *o, const struct measured *m,
    struct errinfo *ei)
{
	double elapsed = m->ended - m->started;

	for (size_t i = 0; i < o->results.nnumbers; i++) {
		const struct perf_number *n = &o->results.number[i];
		if (strcmp(n->what, "elapsed") == 0 &&
		    strcmp(arena_printf(a, "%s.%s", n->test, n->measurement),
			m->name) == 0)
			elapsed = n->value;
	}
	return run_build_stats(m->run,
	    slice_of(arena_printf(a,
		isfinite(elapsed) && elapsed >= 0
		    ? "Build Started: %.2f \nElapsed time: %.2f seconds \n"
		    : "Build Started: %.2f \n",
		m->started, elapsed)),
	    ei);
}

static enum err
tasks_build(struct arena *a, const struct beside *beside, const struct one *o,
    const struct measured *m, const struct build **out, struct errinfo *ei)
{
	struct build *b = arena_alloc(a, sizeof(*b));
	const struct build *made;
	enum err err = ERR_OK;

	if (isfinite(m->started))
		err = finish_run(a, o, m, ei);
	if (err == ERR_OK)
		err = run_finish(m->run, beside, &made, ei);
	if (err != ERR_OK)
		return err_prefix(ei, "%s", m->name);
	*b = *made;
	b->name = arena_printf(a, "%s.%s", name_of(a, o, b->started), m->name);
	if (b->env.ntargets == 0 && b->env.image[0] != '\0') {
		b->env.targets = arena_calloc(a, 1, sizeof(char *));
		b->env.targets[0] = b->env.image;
		b->env.ntargets = 1;
	}
	add_environment(a, o, m->name, b);
	hash_identity(b, o, m->name);
	build_hash_content(a, b);
	*out = b;
	return ERR_OK;
}

enum err
perf_set_next(struct perf_set *s, struct arena *a, const struct beside *beside,
    int64_t received, const struct build **out, struct errinfo *ei)
{
	*out = NULL;
	for (struct one *o = s->first; o != NULL; o = o->next) {
		if (o->has_results && !o->given) {
			o->given = true;
			*out = results_build(a, o, received);
			return ERR_OK;
		}
		for (struct measured *m = o->tasks; m != NULL; m = m->next) {
			if (m->given)
				continue;
			m->given = true;
			return tasks_build(a, beside, o, m, out, ei);
		}
	}
	return ERR_OK;
}
