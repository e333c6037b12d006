/* report.c: a report as a build; see report.h. */
#include "model/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/build_name.h"
#include "model/environment.h"

static int
by_package(const void *x, const void *y)
{
	const struct told_failure *a = *(const struct told_failure *const *)x;
	const struct told_failure *b = *(const struct told_failure *const *)y;
	int order = strcmp(a->recipe, b->recipe);

	if (order == 0)
		order = strcmp(a->version, b->version);
	return order != 0 ? order : strcmp(a->task, b->task);
}

static bool
is_same_package(const struct told_failure *a, const struct told_failure *b)
{
	return strcmp(a->recipe, b->recipe) == 0 &&
	       strcmp(a->version, b->version) == 0;
}

static const char *
pf_of(struct arena *a, const struct told_failure *f)
{
	return f->version[0] == '\0'
		   ? f->recipe
		   : arena_printf(a, "%s-%s", f->recipe, f->version);
}

static int
by_pf(const void *x, const void *y)
{
	const struct package *a = x, *b = y;

	return strcmp(a->pf, b->pf);
}

static uint32_t
find_package(const struct build *b, const char *pf)
{
	const struct package key = {.pf = pf};
	const struct package *p = bsearch(
	    &key, b->packages, b->npackages, sizeof(*b->packages), by_pf);

	return (uint32_t)(p - b->packages);
}

static int
failed_order(const void *x, const void *y)
{
	const struct failed_at *a = x, *b = y;

	if (a->package != b->package)
		return a->package < b->package ? -1 : 1;
	return strcmp(a->task, b->task);
}

/* The failures of tasks, in order of what failed; *n of them. */
static const struct told_failure **
task_failures(struct arena *a, const struct report *r, size_t *n)
{
	const struct told_failure **list =
	    arena_calloc(a, r->nfailures + 1, sizeof(*list));

	*n = 0;
	for (size_t i = 0; i < r->nfailures; i++)
		if (r->failures[i].kind == FAILURE_TASK &&
		    r->failures[i].recipe[0] != '\0')
			list[(*n)++] = &r->failures[i];
	if (*n > 1)
		qsort(list, *n, sizeof(*list), by_package);
	return list;
}

/* The packages that failed and the tasks at which they did. */
static void
add_packages(struct arena *a, const struct report *r, struct build *b)
{
	size_t n, kept = 0;
	const struct told_failure **list = task_failures(a, r, &n);

	b->packages = arena_calloc(a, n + 1, sizeof(*b->packages));
	b->failed_at = arena_calloc(a, n + 1, sizeof(*b->failed_at));
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !is_same_package(list[i - 1], list[i]))
			b->packages[b->npackages++] =
			    (struct package){pf_of(a, list[i]), list[i]->recipe,
				list[i]->version};
	if (b->npackages > 1)
		qsort(b->packages, b->npackages, sizeof(*b->packages), by_pf);
	for (size_t i = 0; i < b->npackages; i++)
		if (kept == 0 ||
		    strcmp(b->packages[kept - 1].pf, b->packages[i].pf) != 0)
			b->packages[kept++] = b->packages[i];
	b->npackages = kept;
	for (size_t i = 0; i < n; i++)
		b->failed_at[i] = (struct failed_at){
		    find_package(b, pf_of(a, list[i])), list[i]->task};
	if (n > 1)
		qsort(b->failed_at, n, sizeof(*b->failed_at), failed_order);
	for (size_t i = 0; i < n; i++)
		if (b->nfailed_at == 0 ||
		    failed_order(&b->failed_at[b->nfailed_at - 1],
			&b->failed_at[i]) != 0)
			b->failed_at[b->nfailed_at++] = b->failed_at[i];
}

static void
add_time(
    struct arena *a, const struct report *r, int64_t received, struct build *b)
{
	b->name = r->name;
	b->ended = TIME_UNKNOWN;
	b->started = build_name_time(r->name);
	if (b->started == TIME_UNKNOWN || b->started > received)
		b->started = received;
	if (b->name[0] == '\0')
		b->name = build_name_of_time(a, received);
}

/* The link that the sender wanted to stand there is said with the sources. */
static void
add_link(struct arena *a, const char *link, struct environment *env)
{
	const char **list;
	size_t n = 0;

	if (link[0] == '\0')
		return;
	while (env->origin != NULL && env->origin[n] != NULL)
		n++;
	list = arena_calloc(a, n + 3, sizeof(*list));
	if (n > 0)
		memcpy(list, env->origin, n * sizeof(*list));
	list[n] = "link_back";
	list[n + 1] = link;
	env->origin = list;
}

static void
add_environment(struct arena *a, const struct report *r, struct build *b)
{
	struct environment said = r->env;
	struct env_facts empty;
	bool special =
	    r->error_type[0] != '\0' && strcmp(r->error_type, "recipe") != 0;

	/* "parse" is no target: nothing was asked for yet. */
	if (r->nfailures > 0 && r->failures[0].kind == FAILURE_PARSE &&
	    said.ntargets == 1 && strcmp(said.targets[0], "parse") == 0)
		said.ntargets = 0;
	if (special) {
		said.tags = arena_calloc(a, 2, sizeof(*said.tags));
		said.tags[0] = r->error_type;
		said.ntags = 1;
	}
	said.builder = r->username;
	env_facts_init(&empty);
	b->env = empty.env;
	env_merge(a, &b->env, &said, "error report");
	b->env.json = said.json;
	add_link(a, r->link_back, &b->env);
	env_complete(a, &b->env);
}

const struct build *
report_build(struct arena *a, const struct report *r, int64_t received)
{
	struct build *b = arena_zalloc(a, sizeof(*b));
	unsigned char(*reports)[32] = arena_zalloc(a, sizeof(*reports));

	memcpy(b->identity, r->sha256, sizeof(b->identity));
	memcpy(b->content, r->sha256, sizeof(b->content));
	memcpy(reports[0], r->sha256, sizeof(reports[0]));
	b->reports = reports;
	b->nreports = 1;
	b->status = BUILD_FAILED;
	b->cooker_cpu = -1;
	add_time(a, r, received, b);
	add_environment(a, r, b);
	add_packages(a, r, b);
	b->ntexts = r->ntexts;
	b->texts = r->texts;
	b->ntold = r->nfailures;
	b->told = arena_calloc(a, r->nfailures + 1, sizeof(*b->told));
	for (size_t i = 0; i < r->nfailures; i++) {
		b->told[i] = r->failures[i];
		if (b->told[i].seen == TIME_UNKNOWN)
			b->told[i].seen = received;
	}
	b->nrepairs = r->nnotes;
	b->repairs = r->notes;
	return b;
}
