/* walk.h: a directory as a stream of files, as a tar would give them. */
#ifndef ADMIN_WALK_H
#define ADMIN_WALK_H

#include "base/err.h"

struct bundle;

/*
 * Gives every regular file below path to the bundle, in the order of names,
 * called by the directory's own name and what lies below it.  Links and
 * devices are left out.
 */
enum err walk_into(
    struct bundle *bu, const char *path, struct errinfo *ei) MUST_CHECK;

#endif
