/*
 * fuzz_json.c: build.json, and the files beside a run that were not written
 * for us.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/environment.h"
#include "model/environment_files.h"
#include "model/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
clean(const char *s)
{
	if (!utf8_clean(s, strlen(s)))
		abort();
}

static void
check(const struct environment *env)
{
	const char *const texts[] = {env->uuid, env->builder, env->machine,
	    env->distro, env->distro_version, env->image, env->host,
	    env->host_info, env->host_distro, env->host_arch,
	    env->bitbake_version, env->branch, env->commit, env->mode,
	    env->json};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		clean(texts[i]);
	for (size_t i = 0; i < env->ntargets; i++)
		clean(env->targets[i]);
	for (size_t i = 0; i < env->ntags; i++)
		clean(env->tags[i]);
	for (size_t i = 0; i < env->nlayers; i++) {
		clean(env->layers[i].name);
		clean(env->layers[i].branch);
		clean(env->layers[i].commit);
	}
}

/* What was kept of a build.json is one again, and says the same. */
static void
again(struct arena *a, const struct env_facts *f)
{
	struct env_facts g;
	struct errinfo ei;

	if (build_json_read(a, "x", slice_of(f->env.json), &g, &ei) != ERR_OK) {
		/* Escapes may make it longer than a document may be. */
		if (ei.code != ERR_TOO_BIG)
			abort();
		return;
	}
	if (strcmp(f->env.uuid, g.env.uuid) != 0 ||
	    f->env.nlayers != g.env.nlayers || strstr(g.env.json, "\\u0000"))
		abort();
}

static void
others(struct arena *a, struct slice text)
{
	struct env_facts f;

	env_facts_init(&f);
	console_log_read(a, text, &f);
	check(&f.env);
	env_facts_init(&f);
	build_id_read(a, text, &f);
	check(&f.env);
	env_facts_init(&f);
	metadata_revs_read(a, text, &f);
	check(&f.env);
	env_facts_init(&f);
	host_info_read(a, text, &f);
	rootfs_path_read(a, text, &f);
	check(&f.env);
	env_facts_init(&f);
	target_machine_read(a, text, &f);
	check(&f.env);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	struct slice text = {(const char *)data, size};
	struct env_facts f;
	struct report report;
	struct errinfo ei = {0};

	if (build_json_read(a, "build.json", text, &f, &ei) == ERR_OK) {
		check(&f.env);
		again(a, &f);
		env_complete(a, &f.env);
	} else {
		clean(ei.text);
	}
	if (report_read(a, text, ~0u, &report, &ei) == ERR_OK)
		check(&report.env);
	else
		clean(ei.text);
	others(a, text);
	arena_free(a);
	return 0;
}
