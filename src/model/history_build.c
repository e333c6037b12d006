/* history_build.c: a build of a buildhistory, or what it adds to one. */
#include "model/history_build.h"

#include <stdio.h>
#include <string.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "model/build_name.h"
#include "model/environment.h"

DEFINE_CLEANUP(struct digest *, cleanup_digest, digest_free);

void
build_add_number(struct arena *a, struct build *b, const char *name, double v)
{
	struct build_number *all;

	for (size_t i = 0; i < b->nnumbers; i++) {
		struct build_number *one = &b->numbers[i];
		if (strcmp(one->name, name) != 0)
			continue;
		one->sum += v;
		one->max = v > one->max ? v : one->max;
		return;
	}
	all = arena_calloc(a, b->nnumbers + 1, sizeof(*all));
	if (b->nnumbers > 0)
		memcpy(all, b->numbers, b->nnumbers * sizeof(*all));
	all[b->nnumbers++] = (struct build_number){name, NULL, v, v};
	b->numbers = all;
}

static void
add_unit(struct arena *a, struct build *b, const struct size_unit *u)
{
	static const char *const names[] = {[SIZE_RECIPE] = "package_size",
	    [SIZE_IMAGE] = "image_size",
	    [SIZE_ELF] = "elf_size"};

	if (u->bytes >= 0)
		build_add_number(a, b, names[u->kind], (double)u->bytes);
	if (u->kind != SIZE_IMAGE)
		return;
	if (u->nfiles > 0)
		build_add_number(a, b, "image_files", (double)u->nfiles);
	if (u->nparts > 1)
		build_add_number(a, b, "image_packages",
		    (double)(u->nparts - (u->nfiles > 0)));
}

void
build_add_sizes(
    struct arena *a, struct build *b, const struct history_told *told)
{
	b->sizes = arena_zalloc(a, sizeof(*b->sizes));
	*b->sizes = told->sizes;
	for (size_t i = 0; i < b->sizes->n; i++)
		add_unit(a, b, &b->sizes->unit[i]);
}

/* ---- a build of its own ---- */

static void
add_text(struct digest *d, const char *s)
{
	digest_add(d, s, strlen(s) + 1);
}

/* What a build is called and where it ran, else what it made. */
static void
hash(struct build *b, const struct history_commit *commit)
{
	CLEANUP(cleanup_digest) struct digest *d = digest_new();

	for (size_t i = 0; i < b->sizes->n; i++)
		digest_add(d, b->sizes->unit[i].sha256,
		    sizeof(b->sizes->unit[i].sha256));
	digest_end(d, b->content);
	add_text(d, "buildhistory");
	add_text(d, commit->name);
	add_text(d, b->env.machine);
	add_text(d, b->env.host);
	if (commit->name[0] == '\0')
		digest_add(d, b->content, sizeof(b->content));
	digest_end(d, b->identity);
}

static void
add_time(struct arena *a, struct build *b, const struct history_commit *commit,
    int64_t received)
{
	b->name = commit->name;
	b->started = build_name_time(b->name);
	if (b->started == TIME_UNKNOWN)
		b->started = commit->time;
	if (b->started == TIME_UNKNOWN || b->started > received)
		b->started = received;
	if (b->name[0] == '\0')
		b->name = build_name_of_time(a, b->started);
	b->ended = TIME_UNKNOWN;
}

const struct build *
history_build(struct arena *a, const struct history_alone *alone,
    const struct environment *env, int64_t received)
{
	const struct history_commit *commit = &alone->commit;
	struct build *b = arena_zalloc(a, sizeof(*b));
	struct env_facts said;
	size_t n = 1;

	b->env = *env;
	env_facts_init(&said);
	said.env.machine = commit->machine;
	said.env.distro = commit->distro;
	said.env.host = commit->host;
	env_merge(a, &b->env, &said.env, "buildhistory commit");
	env_complete(a, &b->env);
	add_time(a, b, commit, received);
	build_add_sizes(a, b, &alone->told);
	b->sizes_alone = true;
	b->cooker_cpu = -1;
	b->status = commit->succeeded == 1   ? BUILD_SUCCEEDED
		    : commit->succeeded == 0 ? BUILD_FAILED
					     : BUILD_INCOMPLETE;
	b->repairs = arena_calloc(a, 8, sizeof(*b->repairs));
	b->repairs[0] = "Only its buildhistory was sent: the sizes of what it "
			"made are known, its tasks are not";
	for (size_t i = 0; alone->told.notes[i] != NULL; i++)
		b->repairs[n++] = alone->told.notes[i];
	b->nrepairs = n;
	hash(b, commit);
	return b;
}
