/*
 * gen_plan.c: chooses recipes, tasks and their numbers, and runs them on the
 * builder's threads.
 */
#include "gen_plan.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/str.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SEC 1000000
#define BUILDS_PER_VERSION 200 /* how often a recipe is upgraded */

static const char *const machines[] = {"qemux86-64", "qemuarm64", "qemuarm",
    "genericx86-64", "qemuriscv64", "beaglebone-yocto", "genericarm64",
    "qemuppc", "raspberrypi4-64", "imx8mm-lpddr4-evk"};
static const char *const distros[] = {
    "poky", "poky", "nodistro", "poky-altcfg"};
static const char *const images[] = {"core-image-minimal", "core-image-sato",
    "core-image-full-cmdline", "core-image-weston", "core-image-base"};
static const char *const branches[] = {
    "master", "master", "scarthgap", "walnascar"};
/* Multilib and SDK variants give more recipes than the recording has. */
static const char *const variants[] = {
    "", "nativesdk-", "lib32-", "lib64-", "libx32-"};
/* What a recipe that comes from shared state runs instead. */
static const char *const restored[] = {"do_create_recipe_spdx",
    "do_deploy_source_date_epoch", "do_package", "do_packagedata",
    "do_package_qa", "do_package_write_rpm", "do_populate_lic",
    "do_populate_sysroot"};

/* While the list is being made. */
struct planner {
	struct arena *a;
	const struct gen_model *m;
	const struct gen_options *o;
	struct plan *p;
	struct rng *r;
	size_t index;
	size_t max_recipes;
	double fail_chance; /* of a recipe */
};

static void
choose_identity(struct plan *p, const struct gen_options *o, size_t index,
    struct arena *a, struct rng *r)
{
	time_t t = (time_t)(o->start + (int64_t)index * o->interval);
	unsigned char bytes[20];
	struct tm tm;
	char name[32];

	gmtime_r(&t, &tm);
	strftime(name, sizeof(name), "%Y%m%d%H%M%S", &tm);
	p->name = arena_strdup(a, name);
	p->start = (int64_t)t * SEC + (int64_t)rng_below(r, SEC);
	p->machine = machines[rng_below(r, COUNT(machines))];
	p->distro = distros[rng_below(r, COUNT(distros))];
	p->image = images[rng_below(r, COUNT(images))];
	p->branch = branches[rng_below(r, COUNT(branches))];
	p->builder = arena_printf(a, "builder-%02zu", 1 + rng_below(r, 24));
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)rng_next(r);
	str_to_hex(p->commit, bytes, 20);
	snprintf(p->uuid, sizeof(p->uuid), "%.8s-%.4s-4%.3s-a%.3s-%.12s",
	    p->commit, p->commit + 8, p->commit + 12, p->commit + 15,
	    p->commit + 18);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)rng_next(r);
	str_to_hex(p->commit, bytes, 20);
	p->incremental = rng_real(r) < o->incremental;
}

/* The k-th recipe there is: the recording's, then variants of them. */
static const char *
recipe_name(const struct planner *pl, size_t k)
{
	size_t turn = k / pl->m->nrecipes;
	const char *name = pl->m->recipes[k % pl->m->nrecipes].name;

	if (turn < COUNT(variants))
		return arena_printf(pl->a, "%s%s", variants[turn], name);
	return arena_printf(pl->a, "lib%zu-%s", turn, name);
}

/* A recipe's version moves on as builds go by. */
static const char *
recipe_version(
    const struct planner *pl, const struct gen_recipe *rec, const char *name)
{
	size_t age = pl->index + rng_hash(name, 1) % BUILDS_PER_VERSION;
	const char *rev = strrchr(rec->version, '-');
	size_t n = (size_t)(rev - rec->version);

	if (age < BUILDS_PER_VERSION)
		return rec->version;
	return arena_printf(pl->a, "%.*s.%zu%s", (int)n, rec->version,
	    age / BUILDS_PER_VERSION, rev);
}

static struct plan_task *
add_task(struct planner *pl, const char *recipe, const struct gen_task *t)
{
	struct plan_task *task = &pl->p->tasks[pl->p->ntasks++];
	float z[GV_COUNT];
	struct rng r;

	rng_seed(&r, rng_hash(recipe, rng_hash(t->name, 0)));
	for (int v = 0; v < GV_COUNT; v++)
		z[v] = (float)rng_normal(&r);
	task->task = t->name;
	task->suffix = "";
	gen_model_draw(pl->m, t, z, pl->r, task->v);
	if (task->v[GV_ELAPSED] > 360000) /* an hour */
		task->v[GV_ELAPSED] = 360000 - (int64_t)rng_below(pl->r, 90000);
	return task;
}

static void
add_restored(struct planner *pl, const char *recipe)
{
	const struct gen_model *m = pl->m;

	for (size_t t = 0; t < m->ntasks; t++) {
		for (size_t i = 0; i < COUNT(restored); i++) {
			if (pl->p->ntasks == pl->o->tasks)
				return;
			if (strcmp(m->tasks[t].name, restored[i]) == 0)
				add_task(pl, recipe, &m->tasks[t])->suffix =
				    "_setscene";
		}
	}
}

static void
add_scratch(
    struct planner *pl, const char *recipe, const struct gen_recipe *rec)
{
	size_t fail = SIZE_MAX;

	if (rng_real(pl->r) < pl->fail_chance)
		fail = 1 + rng_below(pl->r, rec->ntasks - 1);
	for (size_t i = 0; i < rec->ntasks; i++) {
		struct plan_task *t;

		if (pl->p->ntasks == pl->o->tasks)
			return;
		t = add_task(pl, recipe, &pl->m->tasks[rec->tasks[i]]);
		t->failed = i == fail;
		if (t->failed)
			return;
	}
}

static void
choose_tasks(struct planner *pl)
{
	struct plan *p = pl->p;

	for (size_t k = 0; p->ntasks < pl->o->tasks; k++) {
		const struct gen_recipe *rec =
		    &pl->m->recipes[k % pl->m->nrecipes];
		const char *name = recipe_name(pl, k);
		struct plan_recipe *pr;

		/* Images differ a little in what they hold. */
		if (rng_hash(name, rng_hash(p->image, 0)) % 32 == 0)
			continue;
		if (p->nrecipes == pl->max_recipes)
			p->recipes =
			    arena_grow(pl->a, p->recipes, &pl->max_recipes,
				p->nrecipes + 1, sizeof(*p->recipes));
		pr = &p->recipes[p->nrecipes++];
		pr->pf = arena_printf(
		    pl->a, "%s-%s", name, recipe_version(pl, rec, name));
		pr->first = p->ntasks;
		if (p->incremental && rng_real(pl->r) < 0.6)
			add_restored(pl, name);
		else
			add_scratch(pl, name, rec);
		pr->ntasks = p->ntasks - pr->first;
	}
}

/* A recipe in work: its tasks run one after the other. */
struct lane {
	size_t next, end;
	int64_t ready;
};

static size_t
earliest_thread(const int64_t *free_at, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++) {
		if (free_at[i] < free_at[best])
			best = i;
	}
	return best;
}

/* Some lane that is ready at t, or the one that will be first. */
static size_t
pick_lane(const struct lane *lanes, size_t n, int64_t t, struct rng *r)
{
	size_t from = rng_below(r, n), best = from;

	for (size_t k = 0; k < n; k++) {
		size_t i = (from + k) % n;

		if (lanes[i].ready <= t)
			return i;
		if (lanes[i].ready < lanes[best].ready)
			best = i;
	}
	return best;
}

static size_t *
shuffled(struct arena *a, size_t n, struct rng *r)
{
	size_t *order = arena_calloc(a, n, sizeof(*order));

	for (size_t i = 0; i < n; i++) {
		size_t j = rng_below(r, i + 1);

		order[i] = order[j];
		order[j] = i;
	}
	return order;
}

static int64_t
run_task(struct plan_task *t, int64_t at, struct rng *r)
{
	t->start = at + 5000 + (int64_t)rng_below(r, 60000);
	t->end = t->start + t->v[GV_ELAPSED] * 10000 - 5000 +
		 (int64_t)rng_below(r, 10000);
	return t->end;
}

static void
schedule(struct planner *pl)
{
	struct plan *p = pl->p;
	size_t threads = pl->o->threads, nlanes = 2 * threads + 8, taken = 0;
	size_t *order = shuffled(pl->a, p->nrecipes, pl->r);
	int64_t *free_at = arena_calloc(pl->a, threads, sizeof(*free_at));
	struct lane *lanes = arena_calloc(pl->a, nlanes, sizeof(*lanes));
	int64_t parsed = p->start + 12 * SEC;

	for (size_t i = 0; i < threads; i++)
		free_at[i] = parsed;
	for (size_t done = 0; done < p->ntasks;) {
		size_t th = earliest_thread(free_at, threads);
		struct lane *l;

		for (size_t i = 0; i < nlanes && taken < p->nrecipes; i++) {
			struct plan_recipe *pr;

			if (lanes[i].next < lanes[i].end)
				continue;
			pr = &p->recipes[order[taken++]];
			lanes[i] = (struct lane){
			    pr->first, pr->first + pr->ntasks, free_at[th]};
		}
		l = &lanes[pick_lane(lanes, nlanes, free_at[th], pl->r)];
		if (l->next == l->end) {
			l->ready = INT64_MAX;
			continue;
		}
		l->ready = run_task(&p->tasks[l->next++],
		    l->ready > free_at[th] ? l->ready : free_at[th], pl->r);
		free_at[th] = l->ready;
		done++;
		if (l->ready > p->end)
			p->end = l->ready;
	}
	p->end += SEC + (int64_t)rng_below(pl->r, 4 * SEC);
}

struct plan *
plan_make(struct arena *a, const struct gen_model *m,
    const struct gen_options *o, size_t index, struct rng *r)
{
	struct plan *p = arena_zalloc(a, sizeof(*p));
	struct planner pl = {
	    .a = a, .m = m, .o = o, .p = p, .r = r, .index = index};

	choose_identity(p, o, index, a, r);
	p->tasks = arena_calloc(a, o->tasks, sizeof(*p->tasks));
	if (rng_real(r) < o->failing)
		pl.fail_chance = 2.0 * 16 / (double)o->tasks;
	choose_tasks(&pl);
	schedule(&pl);
	return p;
}
