/* take.h: builds into the database, as import and reparse do it. */
#ifndef ADMIN_TAKE_H
#define ADMIN_TAKE_H

#include "admin/admin.h"
#include "model/build.h"
#include "model/bundle.h"

struct arena;

/* Archives of years are fine here: nobody else waits for this process. */
struct taking {
	struct admin *ad;
	struct arena *scratch; /* of one build */
	/* Who built: of those that don't say, or of all of them. */
	const char *builder; /* NULL: as they say */
	bool always;
	/* When error reports came, which don't say when they were written; 0:
	 * now. */
	int64_t received;
};

/* A bundle_build_fn: stores one build in a transaction of its own, and says so
 * on stdout. */
enum err take_build(
    void *taking, const struct build *b, struct errinfo *ei) MUST_CHECK;

/* A bundle that gives its builds to take_build, masked as the administrator
 * wants it. */
struct bundle *take_bundle(struct taking *t);

/* All builds of a tar, plain or compressed; bundle_end stays to be called. */
enum err take_tar(struct bundle *bu, int fd, struct errinfo *ei) MUST_CHECK;

/* read(2) for readers of streams; arg: int *. */
long take_read(void *arg, void *into, size_t n, struct errinfo *ei);

#endif
