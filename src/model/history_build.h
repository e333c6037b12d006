/* history_build.h: a build of a buildhistory, or what it adds to one. */
#ifndef MODEL_HISTORY_BUILD_H
#define MODEL_HISTORY_BUILD_H

#include "model/build.h"
#include "model/history.h"

/* Adds to the number of that name, which is borrowed. */
void build_add_number(
    struct arena *a, struct build *b, const char *name, double v);

/* What is told becomes the build's, and numbers of it: image_size,
 * image_files, image_packages, package_size, elf_size. */
void build_add_sizes(
    struct arena *a, struct build *b, const struct history_told *told);

/*
 * A buildhistory alone becomes a build, or a part of the one that its commit
 * names (build_store.h): without tasks, its start what is told, else when it
 * was received.  env: of its scope.  Lives in a, and in what alone lives in.
 */
const struct build *history_build(struct arena *a,
    const struct history_alone *alone, const struct environment *env,
    int64_t received);

#endif
