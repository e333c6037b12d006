/*
 * beside.h: what lies beside a run and tells about it: build.json,
 * console.log, the error report, the logs of failed tasks, test results, which
 * commits were built, the event log.
 *
 * Only files of known names are taken.  Files that carry the run's name
 * belong to it; files without a name are those of the latest run.
 */
#ifndef CLIENT_BESIDE_H
#define CLIENT_BESIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "client/find.h"
#include "client/options.h"

struct beside_file {
	const char *path;   /* NULL: text is what it holds */
	const char *member; /* its name in the tar */
	struct slice text;
};

struct beside {
	struct beside_file *file;
	size_t n, cap;
	const char *environment; /* path of the build.json that was found, or
				    NULL; it is among the files unless it is
				    in the run's own directory */
	const char *environment_member; /* "build.json" by default */
	const char *events; /* path of the event log, which doesn't go along as
			       it is; or NULL */
};
#define BESIDE_EVENTS "event-log.json" /* what is made of it */
#define BESIDE_TREE "task-depends.dot"

struct beside_wish {
	bool logs;   /* those of failed tasks */
	bool events; /* the event log */
};
void beside_find(struct arena *a, const struct run *run,
    struct beside_wish wish, struct beside *out);

/*
 * What the options say about the builds, merged into the build.json that was
 * found: an empty buffer when they say nothing.  A found one that can't be
 * read as JSON gives ERR_INPUT.
 */
enum err beside_environment(struct arena *a, const struct beside *b,
    const struct options *o, struct buf *out, struct errinfo *ei) MUST_CHECK;

#endif
