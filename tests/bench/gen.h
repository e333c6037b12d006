/*
 * gen.h: makes whole builds, as bitbake would have written them, in memory.
 *
 * Names and sizes come from recordings (gen_model.h); everything else from
 * the seed: the same options give the same bytes.
 */
#ifndef BENCH_GEN_H
#define BENCH_GEN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct buf;
struct gen;

struct gen_options {
	size_t tasks;     /* of each build */
	unsigned metrics; /* numbers of a task: 30, or 25 as where the kernel's
			     I/O accounting is cut short */
	unsigned threads; /* BB_NUMBER_THREADS of the builders */
	uint64_t seed;
	int64_t start;      /* of the first build, epoch seconds */
	int64_t interval;   /* seconds from one build's start to the next */
	double incremental; /* share of builds that reuse shared state */
	double failing;     /* share of builds with failed tasks */
	unsigned samples;   /* 0: without the sampled logs */
};

extern const struct gen_options gen_options_default;

/* Reads the model in dir.  Free with gen_free. */
enum err gen_new(struct gen **out, const char *dir, const struct gen_options *o,
    struct errinfo *ei) MUST_CHECK;
void gen_free(struct gen *g);

/*
 * Appends build number `index` to a tar: below buildstats/, or below
 * PREFIX/buildstats/ where prefix is not empty.  Returns its tasks.  Close
 * the tar with gen_tar_end.
 */
size_t gen_build(
    struct gen *g, size_t index, const char *prefix, struct buf *tar);
void gen_tar_end(struct buf *tar);

#endif
