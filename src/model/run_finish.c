/* run_finish.c: makes a build of a run; see run.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "model/build_name.h"
#include "model/content.h"
#include "model/environment_files.h"
#include "model/history_build.h"
#include "model/run_parts.h"
#include "model/task_file.h"

#define US 1000000

void
run_repair(struct run *r, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->repairs = arena_grow(r->arena, r->repairs, &r->repairs_cap,
	    r->nrepairs + 1, sizeof(*r->repairs));
	r->repairs[r->nrepairs++] = utf8_scrub(r->arena, text, strlen(text));
}

/* ---- tasks and series ---- */

/* Reports know where in a PF the recipe ends. */
static void
name_recipes(struct run *r, const struct report *report)
{
	for (size_t i = 0; i < report->nfailures; i++) {
		const struct told_failure *f = &report->failures[i];
		if (f->kind == FAILURE_TASK && f->recipe[0] != '\0' &&
		    f->version[0] != '\0')
			task_files_name_recipe(r->tasks,
			    slice_of(arena_printf(
				r->arena, "%s-%s", f->recipe, f->version)),
			    f->recipe);
	}
}

/* So does the event log. */
static void
name_more_recipes(struct run *r, const struct event_doc *d)
{
	for (size_t i = 0; d != NULL && i < d->nnames; i++)
		if (d->names[i].recipe[0] != '\0')
			task_files_name_recipe(r->tasks,
			    slice_of(d->names[i].pf), d->names[i].recipe);
}

static enum err
finish_tasks(
    struct run *r, const struct scope_answer *answer, struct errinfo *ei)
{
	size_t left_out;
	enum err e;

	for (size_t i = 0; i < r->stats.nfailed; i++)
		task_files_failed_at(
		    r->tasks, r->stats.failed[i].pf, r->stats.failed[i].task);
	for (size_t i = 0; i < answer->nreports; i++)
		name_recipes(r, &answer->reports[i]->report);
	name_more_recipes(r, answer->events);
	if ((e = task_files_finish(r->tasks, &r->build, &left_out, ei)) !=
	    ERR_OK)
		return e;
	if (left_out > 0)
		run_repair(r,
		    "%zu lines of task files were left out: they "
		    "are not understood",
		    left_out);
	return ERR_OK;
}

static void
finish_disk(struct run *r, struct series *s)
{
	if (s->flags & SERIES_NO_DATA) {
		run_repair(r, "The disk statistics are all zero: this "
			      "oe-core could not read those of its kernel");
		return;
	}
	run_repair(r, "Disk throughput was recorded a hundred times too large "
		      "and is divided by 100; utilisation tells busy from idle "
		      "and no more");
	if (r->has_net_log && r->has_nvme) {
		s->flags |= SERIES_NVME_TWICE;
		run_repair(r, "NVMe disks were counted together with their "
			      "partitions: their throughput may be doubled");
	}
}

/* What waits for what, kept with the texts. */
static void
finish_depends(struct run *r, const struct depends_file *d)
{
	const char *file;

	if (d == NULL)
		return;
	file = d->kind == DEPENDS_TASKS ? "task-depends.dot" : "pn-depends.dot";
	if (d->why != NULL) {
		run_repair(r, "%s was left out: %s", file, d->why);
		return;
	}
	if (d->odd > 0)
		run_repair(r, "%s: %zu lines are not understood", file, d->odd);
	if (!d->whole)
		run_repair(r, "%s ends early", file);
	r->texts = arena_grow(r->arena, r->texts, &r->texts_cap, r->ntexts + 1,
	    sizeof(*r->texts));
	r->texts[r->ntexts++] = d->text;
}

static void
finish_series(struct run *r)
{
	for (size_t i = 0; i < r->nseries; i++)
		if (r->series[i].kind == SERIES_DISK)
			finish_disk(r, &r->series[i]);
	r->build.nseries = r->nseries;
	r->build.series = r->series;
	r->build.ntexts = r->ntexts;
	r->build.texts = r->texts;
}

/* ---- environment ---- */

static bool
has_metric(const struct build *b, const char *key)
{
	for (size_t i = 0; i < b->nmetrics; i++)
		if (strcmp(b->metrics[i].key, key) == 0)
			return true;
	return false;
}

/*
 * Until 2015 a run lay in <target>-<machine>/<BUILDNAME>/.  The parent's name
 * is believed when it ends in the machine, and else only where it lies below
 * "buildstats" or the task files are as old as that.
 */
static void
from_directory(struct run *r)
{
	struct environment *env = &r->build.env;
	struct env_facts f;
	struct slice dir = r->dir, base, parent, above;
	size_t n = strlen(env->machine);

	if (!dir_pop(&dir, &base) || !is_build_name(base) ||
	    !dir_pop(&dir, &parent) || slice_is(parent, "buildstats"))
		return;
	env_facts_init(&f);
	if (n > 0 && parent.n > n + 1 && slice_ends(parent, env->machine) &&
	    parent.p[parent.n - n - 1] == '-') {
		f.env.ntargets = 1;
		f.env.targets = arena_calloc(r->arena, 1, sizeof(char *));
		f.env.targets[0] =
		    utf8_scrub(r->arena, parent.p, parent.n - n - 1);
	} else if (n == 0 &&
		   ((dir_pop(&dir, &above) && slice_is(above, "buildstats")) ||
		       !has_metric(&r->build, "utime"))) {
		target_machine_read(r->arena, parent, &f);
	}
	env_merge(r->arena, env, &f.env, "directory name");
}

static bool
is_target(const struct environment *env, const char *recipe)
{
	for (size_t i = 0; i < env->ntargets; i++)
		if (strcmp(env->targets[i], recipe) == 0)
			return true;
	return false;
}

/* A recipe that made a root file system, best one that was asked for. */
static void
from_tasks(struct run *r)
{
	const struct build *b = &r->build;
	struct env_facts f;

	env_facts_init(&f);
	for (size_t i = 0; i < b->ntasks; i++) {
		const char *name = b->task_names[b->tasks[i].name];
		const char *recipe = b->packages[b->tasks[i].package].recipe;
		if (strcmp(name, "do_rootfs") != 0 &&
		    strcmp(name, "do_image") != 0)
			continue;
		if (f.env.image[0] == '\0' || is_target(&b->env, recipe))
			f.env.image = recipe;
	}
	env_merge(r->arena, &r->build.env, &f.env, "tasks");
}

static void
finish_environment(struct run *r)
{
	struct environment *env = &r->build.env;
	struct env_facts host, rootfs, machine;

	env_facts_init(&host);
	env_facts_init(&rootfs);
	env_facts_init(&machine);
	if (r->stats.host_info.n > 0)
		host_info_read(r->arena, r->stats.host_info, &host);
	if (r->stats.nrootfs > 0)
		rootfs_path_read(
		    r->arena, slice_of(r->stats.rootfs[0].path), &rootfs);
	machine.env.machine = rootfs.env.machine;
	rootfs.env.machine = "";
	env_merge(r->arena, env, &host.env, "build_stats");
	env_merge(r->arena, env, &rootfs.env, "build_stats");
	from_directory(r);
	from_tasks(r);
	env_merge(r->arena, env, &machine.env, "build_stats");
	env_complete(r->arena, env);
}

/* ---- what it made ---- */

static void
finish_sizes(struct run *r, const struct beside *beside)
{
	struct build *b = &r->build;
	struct history_told told;

	b->nnumbers = r->nnumbers;
	b->numbers = r->numbers;
	for (size_t i = 0; i < b->nrootfs; i++)
		build_add_number(
		    r->arena, b, "rootfs_size", (double)b->rootfs[i].bytes);
	if (!histories_use(
		beside->histories, beside->scopes, r->dir, b->name, &told))
		return;
	build_add_sizes(r->arena, b, &told);
	for (size_t i = 0; told.notes[i] != NULL; i++)
		run_repair(r, "%s", told.notes[i]);
}

/* ---- name and times ---- */

/* Of a name that is a time of this age. */
static int64_t
time_of_name(const char *name)
{
	int64_t us = build_name_time(name);

	return us >= EPOCH_MIN * (int64_t)US && us <= EPOCH_MAX * (int64_t)US
		   ? us
		   : TIME_UNKNOWN;
}

static int64_t
first_start(const struct build *b)
{
	int64_t first = TIME_UNKNOWN;

	for (size_t i = 0; i < b->ntasks; i++) {
		int64_t t = task_started(b, &b->tasks[i]);
		if (t != TIME_UNKNOWN && (first == TIME_UNKNOWN || t < first))
			first = t;
	}
	return first;
}

/* Why not the time of a "Build Started" line: old or cut files lack it. */
static enum err
finish_start(struct run *r, const char *said_name, struct errinfo *ei)
{
	struct build *b = &r->build;
	struct slice dir = r->dir, base;

	dir_pop(&dir, &base);
	b->name = is_build_name(base) || said_name[0] == '\0'
		      ? utf8_scrub(r->arena, base.p, base.n)
		      : said_name;
	b->started = r->stats.started;
	b->ended = r->stats.ended;
	if (b->started == TIME_UNKNOWN)
		b->started = time_of_name(b->name);
	if (b->started == TIME_UNKNOWN)
		b->started = first_start(b);
	if (b->started == TIME_UNKNOWN)
		return err_set(ei, ERR_INPUT,
		    "nothing tells when the build in %s started",
		    base.n > 0 ? b->name : "the tar");
	return ERR_OK;
}

/* A run at the top of a tar has no name but its start. */
static void
finish_name(struct run *r)
{
	struct build *b = &r->build;

	if (b->name[0] == '\0')
		b->name = build_name_of_time(r->arena, b->started);
}

/*
 * The event log knows how a build ended where the tasks don't: one that was
 * interrupted has no failed task, nor has one that nothing provides for.
 */
static enum build_status
finish_status(const struct build *b, const struct event_doc *d)
{
	enum build_status status = build_status_of(b);

	if (d == NULL || status != BUILD_SUCCEEDED)
		return status;
	if (d->events.count[EVENT_INTERRUPTED] > 0)
		return BUILD_INCOMPLETE;
	return d->outcome == OUTCOME_FAILED ? BUILD_FAILED : status;
}

enum err
run_finish(struct run *r, const struct beside *beside, const struct build **out,
    struct errinfo *ei)
{
	struct build *b = &r->build;
	struct scope_answer answer;
	struct env_facts none;
	enum err e;

	if (!r->has_stats &&
	    (e = build_stats_read(
		 r->arena, (struct slice){"", 0}, &r->stats, ei)) != ERR_OK)
		return e;
	env_facts_init(&none);
	b->env = none.env;
	e = scopes_apply(
	    beside->scopes, r->arena, r->dir, &b->env, &answer, ei);
	if (e != ERR_OK || (e = finish_tasks(r, &answer, ei)) != ERR_OK ||
	    (e = finish_start(r, answer.name, ei)) != ERR_OK)
		return e;
	finish_name(r);
	finish_environment(r);
	run_finish_told(r, beside, &answer);
	result_set_give(beside->results, beside->scopes, r->arena, r->dir,
	    beside->only_run, b);
	finish_depends(r, answer.depends);
	finish_series(r);
	if (answer.broken != NULL)
		run_repair(
		    r, "%s can't be read and was left out", answer.broken);
	b->cooker_cpu = r->stats.cooker_cpu;
	b->build_stats = r->stats_text;
	b->nrootfs = r->stats.nrootfs;
	b->rootfs = r->stats.rootfs;
	finish_sizes(r, beside);
	b->nrepairs = r->nrepairs;
	b->repairs = r->repairs;
	if (answer.events != NULL)
		b->events = answer.events->events;
	b->status = finish_status(b, answer.events);
	build_hash_identity(b, r->stats.start_text);
	build_hash_content(r->arena, b);
	if (arena_over(r->arena))
		return err_set(ei, ERR_TOO_BIG,
		    "the build %s is larger than this server takes", b->name);
	*out = b;
	return ERR_OK;
}
