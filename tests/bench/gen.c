/* gen.c: writes a plan as the files that bitbake leaves; see gen.h. */
#include "gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "gen_model.h"
#include "gen_plan.h"
#include "gen_series.h"
#include "gen_tar.h"

#define SEC 1000000
#define TICK 10000 /* microseconds */

const struct gen_options gen_options_default = {
    .tasks = 6000,
    .metrics = 30,
    .threads = 32,
    .seed = 1,
    .start = 1764547200, /* 1 December 2025 */
    .interval = 3 * 3600,
    .incremental = 0.3,
    .failing = 0.15,
    .samples = 1,
};

struct gen {
	struct gen_options o;
	struct gen_model model;
	struct arena *fixed; /* the model */
	struct arena *a;     /* of one build */
};

/* One build's writer. */
struct writer {
	struct buf *tar;
	struct arena *a;
	struct rng *r;
	const struct gen_options *o;
	const struct plan *p;
	const char *dir;
};

static const char *const usage_keys[] = {"ru_utime", "ru_stime", "ru_maxrss",
    "ru_minflt", "ru_majflt", "ru_inblock", "ru_oublock", "ru_nvcsw",
    "ru_nivcsw"};

enum err
gen_new(struct gen **out, const char *dir, const struct gen_options *o,
    struct errinfo *ei)
{
	struct gen *g = calloc(1, sizeof(*g));
	enum err err;

	if (!g)
		abort();
	g->o = *o;
	g->fixed = arena_new(0);
	g->a = arena_new(0);
	err = gen_model_load(&g->model, g->fixed, dir, ei);
	if (err) {
		gen_free(g);
		return err;
	}
	*out = g;
	return ERR_OK;
}

void
gen_free(struct gen *g)
{
	if (!g)
		return;
	arena_free(g->fixed);
	arena_free(g->a);
	free(g);
}

static void
add_uint(struct buf *b, uint64_t v)
{
	char text[20];
	size_t i = sizeof(text);

	do {
		text[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	buf_add(b, text + i, sizeof(text) - i);
}

static void
add_line(struct buf *b, const char *key, uint64_t v)
{
	buf_adds(b, key);
	buf_add(b, ": ", 2);
	add_uint(b, v);
	buf_addc(b, '\n');
}

/* "%.2f" of a time in microseconds. */
static void
add_hundredths(struct buf *b, int64_t us)
{
	uint64_t h = (uint64_t)(us + 5000) / 10000;

	add_uint(b, h / 100);
	buf_addc(b, '.');
	buf_addc(b, (char)('0' + h / 10 % 10));
	buf_addc(b, (char)('0' + h % 10));
}

/* A struct timeval as Python's resource module prints it. */
static void
add_timeval(struct buf *b, uint64_t us)
{
	double d = (double)(us / SEC) + (double)(us % SEC) * 0.000001;
	char text[32];
	size_t n = 6;

	/* Mostly its six decimals are already the shortest text. */
	if (us < 100 || us % SEC == 0 || (double)us / 1e6 < d ||
	    (double)us / 1e6 > d) {
		buf_add(b, text, str_from_double(text, d));
		return;
	}
	add_uint(b, us / SEC);
	us %= SEC;
	for (size_t i = n; i-- > 0; us /= 10)
		text[i] = (char)('0' + us % 10);
	while (text[n - 1] == '0')
		n--;
	buf_addc(b, '.');
	buf_add(b, text, n);
}

static void
add_usage(
    struct buf *b, const char *prefix, const int64_t *v, const double *step)
{
	for (int u = 0; u < 9; u++) {
		buf_adds(b, prefix);
		buf_adds(b, usage_keys[u]);
		buf_add(b, ": ", 2);
		if (u <= GU_STIME)
			add_timeval(b, (uint64_t)v[u]);
		else
			add_uint(b, (uint64_t)v[u] * (uint64_t)step[u]);
		buf_addc(b, '\n');
	}
}

/* The clock ticks of /proc/PID/stat, read a moment before the usage. */
static void
add_ticks(struct writer *w, const int64_t *v)
{
	static const char *const keys[] = {
	    "utime", "stime", "cutime", "cstime"};

	for (int i = 0; i < 4; i++) {
		int64_t us = v[(i < 2 ? GV_OWN : GV_CHILD) + (i & 1)];

		if (i == 0 && us % TICK < 200)
			us = us > 200 ? us - 200 : 0;
		add_line(w->tar, keys[i], (uint64_t)(us / TICK));
	}
}

static void
add_io(struct writer *w, const int64_t *v)
{
	struct buf *b = w->tar;

	add_line(b, "IO rchar", (uint64_t)v[GV_RCHAR]);
	add_line(b, "IO wchar", (uint64_t)v[GV_WCHAR]);
	if (w->o->metrics < 30)
		return;
	add_line(b, "IO syscr", (uint64_t)v[GV_SYSCR]);
	add_line(b, "IO syscw", (uint64_t)v[GV_SYSCW]);
	/* In blocks of 8 × 512 bytes: what the usage says, in bytes. */
	add_line(b, "IO read_bytes",
	    4096 *
		(uint64_t)(v[GV_OWN + GU_INBLOCK] + v[GV_CHILD + GU_INBLOCK]));
	add_line(b, "IO write_bytes",
	    4096 *
		(uint64_t)(v[GV_OWN + GU_OUBLOCK] + v[GV_CHILD + GU_OUBLOCK]));
	add_line(
	    b, "IO cancelled_write_bytes", 4096 * (uint64_t)v[GV_CANCELLED]);
}

static void
add_task(struct writer *w, const struct gen_model *m, const char *pf,
    const struct plan_task *t)
{
	struct buf *b = w->tar;
	char path[512];

	snprintf(
	    path, sizeof(path), "%s/%s/%s%s", w->dir, pf, t->task, t->suffix);
	size_t member = gen_tar_open(b, path, t->end / SEC);

	buf_adds(b, "Event: TaskStarted \nStarted: ");
	add_hundredths(b, t->start);
	buf_adds(b, " \n");
	buf_adds(b, pf);
	buf_adds(b, ": ");
	buf_adds(b, t->task);
	buf_adds(b, t->suffix);
	buf_adds(b, "\nElapsed time: ");
	add_hundredths(b, t->end - t->start);
	buf_adds(b, " seconds\n");
	add_ticks(w, t->v);
	add_io(w, t->v);
	add_usage(b, "rusage ", t->v + GV_OWN, m->step + GV_OWN);
	add_usage(b, "Child rusage ", t->v + GV_CHILD, m->step + GV_CHILD);
	buf_adds(b, t->failed ? "Status: FAILED \n" : "Status: PASSED \n");
	buf_adds(b, "Ended: ");
	add_hundredths(b, t->end);
	buf_adds(b, " \n");
	gen_tar_close(b, member);
}

static size_t
open_file(struct writer *w, const char *name)
{
	return gen_tar_open(
	    w->tar, arena_printf(w->a, "%s/%s", w->dir, name), w->p->end / SEC);
}

static void
add_build_stats(struct writer *w)
{
	const struct plan *p = w->p;
	size_t member = open_file(w, "build_stats");

	buf_addf(w->tar,
	    "Host Info: Linux %s 6.1.0-28-amd64 #1 SMP PREEMPT_DYNAMIC Debian"
	    " 6.1.119-1 (2024-11-22) x86_64 \nBuild Started: ",
	    p->builder);
	add_hundredths(w->tar, p->start);
	buf_adds(w->tar, " \n");
	for (size_t i = 0; i < p->nrecipes; i++) {
		const struct plan_recipe *pr = &p->recipes[i];

		for (size_t k = pr->first; k < pr->first + pr->ntasks; k++) {
			if (p->tasks[k].failed)
				buf_addf(w->tar, "Failed at: %s at task: %s \n",
				    pr->pf, p->tasks[k].task);
		}
	}
	buf_adds(w->tar, "Elapsed time: ");
	add_hundredths(w->tar, p->end - p->start);
	buf_addf(w->tar, " seconds \nCPU usage: %zu.%zu%% \n",
	    20 + rng_below(w->r, 20), rng_below(w->r, 10));
	gen_tar_close(w->tar, member);
}

static void
add_build_json(struct writer *w, const char *prefix)
{
	const struct plan *p = w->p;
	size_t member = gen_tar_open(w->tar,
	    arena_printf(w->a, "%s%sbuild.json", prefix, *prefix ? "/" : ""),
	    p->end / SEC);

	buf_addf(w->tar,
	    "{\"uuid\": \"%s\", \"builder\": \"%s\", \"machine\": \"%s\","
	    " \"distro\": \"%s\", \"distro_version\": \"5.3\","
	    " \"image\": \"%s\", \"targets\": [\"%s\"],"
	    " \"bitbake_version\": \"2.16.0\", \"host_distro\": \"debian-12\","
	    " \"mode\": \"%s\", \"layers\": [",
	    p->uuid, p->builder, p->machine, p->distro, p->image, p->image,
	    p->incremental ? "incremental" : "clean");
	buf_addf(w->tar,
	    "{\"name\": \"meta\", \"branch\": \"%s\", \"commit\": \"%s\"},"
	    " {\"name\": \"meta-poky\", \"branch\": \"%s\","
	    " \"commit\": \"%s\"}]}\n",
	    p->branch, p->commit, p->branch, p->commit);
	gen_tar_close(w->tar, member);
}

static void
add_logs(struct writer *w)
{
	for (int log = 0; log < GEN_LOG_COUNT; log++) {
		size_t member = open_file(w, gen_log_path((enum gen_log)log));

		gen_log_write(w->tar, (enum gen_log)log, w->p->start / SEC + 13,
		    w->p->end / SEC, w->o->threads, w->r);
		gen_tar_close(w->tar, member);
	}
}

static int
by_pf(const void *x, const void *y)
{
	const struct plan_recipe *a = x, *b = y;

	return strcmp(a->pf, b->pf);
}

static int
by_task(const void *x, const void *y)
{
	const struct plan_task *a = x, *b = y;

	return strcmp(a->task, b->task);
}

/* In the order in which push-build-results packs them: by name. */
static void
sort_files(struct plan *p)
{
	qsort(p->recipes, p->nrecipes, sizeof(*p->recipes), by_pf);
	for (size_t i = 0; i < p->nrecipes; i++)
		qsort(p->tasks + p->recipes[i].first, p->recipes[i].ntasks,
		    sizeof(*p->tasks), by_task);
}

size_t
gen_build(struct gen *g, size_t index, const char *prefix, struct buf *tar)
{
	struct writer w = {.tar = tar, .a = g->a, .o = &g->o};
	struct plan *plan;
	struct rng r;

	arena_reset(g->a);
	rng_seed(&r, g->o.seed ^ rng_mix(index));
	w.r = &r;
	w.p = plan = plan_make(g->a, &g->model, &g->o, index, &r);
	sort_files(plan);
	w.dir = arena_printf(
	    g->a, "%s%sbuildstats/%s", prefix, *prefix ? "/" : "", w.p->name);
	add_build_json(&w, prefix);
	add_build_stats(&w);
	for (size_t i = 0; i < w.p->nrecipes; i++) {
		const struct plan_recipe *pr = &w.p->recipes[i];

		for (size_t k = 0; k < pr->ntasks; k++)
			add_task(
			    &w, &g->model, pr->pf, &w.p->tasks[pr->first + k]);
	}
	if (g->o.samples)
		add_logs(&w);
	return w.p->ntasks;
}
