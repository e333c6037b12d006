/*
 * bundle_dump.c: reads tars of buildstats as the server does and prints what
 * is in them; for looking at an upload, and at its cost.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "archive/tar_reader.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "model/bundle.h"
#include "model/status_word.h"

DEFINE_CLEANUP(struct tar_reader *, cleanup_tar, tar_reader_free);
DEFINE_CLEANUP(struct bundle *, cleanup_bundle, bundle_free);
DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

static bool quiet;

static long
read_file(void *arg, void *into, size_t n, struct errinfo *ei)
{
	size_t got = fread(into, 1, n, arg);

	if (got == 0 && ferror((FILE *)arg)) {
		err_set(ei, ERR_INPUT, "can't be read");
		return -1;
	}
	return (long)got;
}

static void
print_environment(const struct environment *env)
{
	printf("  builder %s machine %s distro %s %s image %s\n", env->builder,
	    env->machine, env->distro, env->distro_version, env->image);
	printf("  host %s %s %s bitbake %s branch %s commit %s\n", env->host,
	    env->host_distro, env->host_arch, env->bitbake_version, env->branch,
	    env->commit);
	for (size_t i = 0; i < env->ntargets; i++)
		printf("  target %s\n", env->targets[i]);
	for (size_t i = 0; i < env->nlayers; i++)
		printf("  layer %s %s:%s\n", env->layers[i].name,
		    env->layers[i].branch, env->layers[i].commit);
	for (size_t i = 0; env->origin != NULL && env->origin[i] != NULL;
	     i += 2)
		printf("  %s from %s\n", env->origin[i], env->origin[i + 1]);
}

static enum err
print_build(void *arg, const struct build *b, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	size_t n;
	const struct build_failure *failures = build_failures(a, b, &n);

	(void)arg;
	(void)ei;
	if (quiet)
		return ERR_OK;
	printf("%s %s: %zu packages, %zu tasks, %zu failed, %zu shapes, "
	       "%zu metrics\n",
	    b->name, build_status_word(b->status), b->npackages, b->ntasks, n,
	    b->nshapes, b->nmetrics);
	print_environment(&b->env);
	for (size_t i = 0; i < n; i++)
		printf("  failed %s %s\n", b->packages[failures[i].package].pf,
		    failures[i].name);
	for (size_t i = 0; i < b->nseries; i++)
		printf("  series %d %s: %zu samples, flags %u\n",
		    (int)b->series[i].kind, b->series[i].subject,
		    b->series[i].n, b->series[i].flags);
	for (size_t i = 0; i < b->ntexts; i++)
		printf("  text %s: %llu bytes, %zu packed\n", b->texts[i].name,
		    (unsigned long long)b->texts[i].size, b->texts[i].zstd.n);
	for (size_t i = 0; i < b->nrootfs; i++)
		printf("  rootfs %s: %lld bytes\n", b->rootfs[i].path,
		    (long long)b->rootfs[i].bytes);
	for (size_t i = 0; i < b->nrepairs; i++)
		printf("  repair: %s\n", b->repairs[i]);
	return ERR_OK;
}

static enum err
read_tar(FILE *f, struct errinfo *ei)
{
	CLEANUP(cleanup_tar)
	struct tar_reader *t = tar_reader_new(NULL, read_file, f);
	CLEANUP(cleanup_bundle)
	struct bundle *bu = bundle_new(NULL, print_build, NULL);
	enum err e = bundle_read_tar(bu, t, ei);

	return e != ERR_OK ? e : bundle_end(bu, ei);
}

int
main(int argc, char **argv)
{
	int status = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-q") == 0) {
			quiet = true;
			continue;
		}
		CLEANUP(cleanup_file) FILE *f = fopen(argv[i], "rb");
		struct errinfo ei = {0};
		clock_t start = clock();
		if (f == NULL) {
			fprintf(
			    stderr, "bundle_dump: %s: no such file\n", argv[i]);
			return 2;
		}
		if (read_tar(f, &ei) != ERR_OK) {
			printf("%s: %s: %s\n", argv[i], err_name(ei.code),
			    ei.text);
			status = 1;
		}
		printf("%s: %.1f ms of CPU\n", argv[i],
		    (double)(clock() - start) * 1e3 / CLOCKS_PER_SEC);
	}
	return status;
}
