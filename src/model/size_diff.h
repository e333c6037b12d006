/* size_diff.h: what grew and shrank from one build to another, and which files
 * did it. */
#ifndef MODEL_SIZE_DIFF_H
#define MODEL_SIZE_DIFF_H

#include "model/sizes.h"

#define SIZE_ABSENT INT64_C(-1)

/* A package, image, file or section; which of the texts are set depends on
 * what it is, the others are "". */
struct size_change {
	const char *name; /* package, image, path, or path of a program */
	const char *of;   /* recipe; of a section its package */
	const char *section;
	const char *version_before, *version_after;
	int64_t before, after; /* bytes, SIZE_ABSENT */
	size_t nfiles;         /* that differ */
	size_t nlisted;        /* the largest of them */
	struct size_change *file;
};

struct size_changes {
	size_t n;
	struct size_change *change; /* largest difference first */
};

struct size_diff {
	struct size_changes images, packages, sections;
};

/*
 * before, after: the units that the two don't have in common.  Packages and
 * sections are listed if they are new, gone, or differ by more than this share
 * of what they were; images always.  Of a package up to `files` files are
 * listed, of an image five times as many.
 */
struct size_diff_options {
	double share;
	size_t files;
};
enum err size_diff_make(struct arena *a, const struct sizes *before,
    const struct sizes *after, const struct size_diff_options *o,
    struct size_diff *out, struct errinfo *ei) MUST_CHECK;

/* after - before, where what is absent is nothing. */
int64_t size_change_bytes(const struct size_change *c);

#endif
