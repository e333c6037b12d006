/* live.h: a live build as it stands in the database, and as files; shared by
 * oestats_fold.c and live_files.c. */
#ifndef MODEL_LIVE_H
#define MODEL_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct bundle;

struct live_task {
	const char *pf, *recipe, *version, *task;
	const char *depends; /* "" if unknown */
	int64_t ended;
	double seconds; /* 0 if unknown */
	bool passed, logged, qalogged;
	int number; /* of the failure, as was answered; or 0 */
};

struct live {
	int64_t id, started, last_seen, ended; /* ended: TIME_UNKNOWN */
	const char *status;                    /* as the client said, or "" */
	const char *facts; /* the fields of its start, JSON */
	bool silent;       /* nothing came for an hour */
	size_t n;
	struct live_task *tasks; /* by pf, task, ended */
};

/* The UUID of the build that it becomes. */
void live_uuid(int64_t id, unsigned char out[16]);

/* Gives the bundle the files that bitbake would have written, and a build.json
 * with what the client told. */
enum err live_files(struct arena *a, const struct live *l,
    struct bundle *bundle, struct errinfo *ei) MUST_CHECK;

#endif
