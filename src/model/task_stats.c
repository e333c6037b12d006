/* task_stats.c: see task_stats.h. */
#include "model/task_stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/top_rows.h"

static int
by_cost(const void *a, const void *b)
{
	const struct task_type *x = a, *y = b;

	if (x->cputime != y->cputime)
		return x->cputime < y->cputime ? 1 : -1;
	if (x->elapsed != y->elapsed)
		return x->elapsed < y->elapsed ? 1 : -1;
	return strcmp(x->task, y->task);
}

size_t
task_types(struct arena *a, const struct task_table *t, const double *cputime,
    struct task_type **out)
{
	struct task_type *type =
	    arena_calloc(a, t->ntask_names + 1, sizeof(*type));
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct task_type *y = &type[t->name[i]];
		y->tasks++;
		if (t->elapsed[i] > 0)
			y->elapsed += t->elapsed[i];
		if (cputime != NULL && cputime[i] > 0)
			y->cputime += cputime[i];
	}
	for (size_t i = 0; i < t->ntask_names; i++) {
		if (type[i].tasks == 0)
			continue;
		type[n] = type[i];
		type[n++].task = t->task_names[i];
	}
	qsort(type, n, sizeof(*type), by_cost);
	*out = type;
	return n;
}

static bool
is_setscene_of(const char *setscene, const char *task)
{
	size_t n = strlen(task);

	return strncmp(setscene, task, n) == 0 &&
	       strcmp(setscene + n, "_setscene") == 0;
}

/* Made good: run again later, or a restoring task whose real one passed. */
static bool
is_superseded(const struct task_table *t, uint32_t i)
{
	const char *name = t->task_names[t->name[i]];

	for (size_t k = 0; k < t->n; k++) {
		if (t->package[k] != t->package[i])
			continue;
		if (t->name[k] == t->name[i] && t->block[k] > t->block[i])
			return true;
		if (t->status[k] == TASK_PASSED &&
		    is_setscene_of(name, t->task_names[t->name[k]]))
			return true;
	}
	return false;
}

size_t
task_failures(
    struct arena *a, const struct task_table *t, uint32_t *row, size_t max)
{
	uint32_t *failed = arena_alloc(a, (t->n + 1) * sizeof(*failed));
	double *key = arena_alloc(a, (t->n + 1) * sizeof(*key));
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (t->status[i] != TASK_FAILED)
			continue;
		failed[n++] = (uint32_t)i;
		key[i] =
		    t->started[i] == TIME_UNKNOWN ? NAN : (double)t->started[i];
	}
	n = top_rows(failed, n, key, false, 4 * max);
	for (size_t i = 0; i < n && kept < max; i++)
		if (!is_superseded(t, failed[i]))
			row[kept++] = failed[i];
	return kept;
}

/* SSTATETASKS of openembedded-core, without do_. */
static const char *const sstate_tasks[] = {
    "create_image_sbom_spdx",
    "create_image_spdx",
    "create_package_spdx",
    "create_recipe_spdx",
    "create_rootfs_spdx",
    "create_runtime_spdx",
    "create_spdx",
    "deploy",
    "deploy_archives",
    "deploy_source_date_epoch",
    "image_complete",
    "image_qa",
    "package",
    "package_qa",
    "package_write_deb",
    "package_write_ipk",
    "package_write_rpm",
    "package_write_tar",
    "packagedata",
    "populate_lic",
    "populate_lic_deploy",
    "populate_sdk",
    "populate_sdk_ext",
    "populate_sysroot",
    "preconfigure",
    "shared_workdir",
    "stash_locale",
};

#define NSSTATE (sizeof(sstate_tasks) / sizeof(sstate_tasks[0]))
#define RESTORED 1
#define MADE 2

/* Which of sstate_tasks a task is, or restores; NSSTATE if none. */
static size_t
sstate_of(const char *task, uint8_t *how)
{
	static const char suffix[] = "_setscene";
	size_t n = strlen(task), k = 0;

	if (strncmp(task, "do_", 3) != 0)
		return NSSTATE;
	task += 3;
	n -= 3;
	*how = MADE;
	if (n >= sizeof(suffix) &&
	    strcmp(task + n - (sizeof(suffix) - 1), suffix) == 0) {
		n -= sizeof(suffix) - 1;
		*how = RESTORED;
	}
	while (k < NSSTATE && (strlen(sstate_tasks[k]) != n ||
				  memcmp(sstate_tasks[k], task, n) != 0))
		k++;
	return k;
}

/* What became of each sstate task of each package: bits of RESTORED, MADE. */
static uint8_t *
see_reuse(struct arena *a, const struct task_table *t)
{
	size_t *kind = arena_calloc(a, t->ntask_names + 1, sizeof(*kind));
	uint8_t *how = arena_calloc(a, t->ntask_names + 1, 1);
	uint8_t *seen = arena_calloc(a, t->npackages + 1, NSSTATE);

	for (size_t i = 0; i < t->ntask_names; i++)
		kind[i] = sstate_of(t->task_names[i], &how[i]);
	for (size_t i = 0; i < t->n; i++) {
		size_t k = kind[t->name[i]];
		/* A restoring task that fails is followed by a making one. */
		if (k < NSSTATE &&
		    (how[t->name[i]] == MADE || t->status[i] == TASK_PASSED))
			seen[t->package[i] * NSSTATE + k] |= how[t->name[i]];
	}
	return seen;
}

size_t
task_reuse_by_type(
    struct arena *a, const struct task_table *t, struct task_reuse_row **out)
{
	struct task_reuse_row *row = arena_calloc(a, NSSTATE, sizeof(*row));
	const uint8_t *seen = see_reuse(a, t);
	size_t n = 0;

	for (size_t i = 0; i < t->npackages * NSSTATE; i++) {
		row[i % NSSTATE].restored += seen[i] == RESTORED;
		row[i % NSSTATE].made += (seen[i] & MADE) != 0;
	}
	for (size_t k = 0; k < NSSTATE; k++) {
		if (row[k].restored + row[k].made == 0)
			continue;
		row[n] = row[k];
		row[n++].task = arena_printf(a, "do_%s", sstate_tasks[k]);
	}
	*out = row;
	return n;
}

double
task_reuse(struct arena *a, const struct task_table *t)
{
	struct task_reuse_row *row;
	size_t n = task_reuse_by_type(a, t, &row), restored = 0, made = 0;

	for (size_t i = 0; i < n; i++) {
		restored += row[i].restored;
		made += row[i].made;
	}
	if (restored + made == 0)
		return NAN;
	return (double)restored / (double)(restored + made);
}
