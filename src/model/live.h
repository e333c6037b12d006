/*
 * live.h: a live build as it stands in the database, and as files; shared by
 * live_fold.c, live_pieces.c and live_files.c.
 */
#ifndef MODEL_LIVE_H
#define MODEL_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/live_event.h"

struct arena;
struct bundle;
struct db;

/* A row of live_task: a task, of the oestats clients; else a failure. */
struct live_task {
	const char *pf, *recipe, *version, *task;
	const char *depends, *message; /* "" if unknown */
	int64_t ended;
	double seconds; /* 0 if unknown */
	bool passed, logged, qalogged;
	int number; /* of the failure, as was answered; or 0 */
};

/* Something that goes into build.json. */
struct live_fact {
	const char *json;
	int64_t time, seq;
};

struct live {
	int64_t id, started, last_seen, ended; /* ended: TIME_UNKNOWN */
	const char *status;                    /* as the client said, or "" */
	const char *facts;                     /* what its start said, JSON */
	bool silent;                           /* nothing came for long */
	size_t n;
	struct live_task *tasks; /* by pf, task, ended */

	/* of one that reports itself */
	bool reports;
	bool overtaken;      /* a bundle with all of it came since */
	const char *uuid;    /* text */
	const char *name;    /* BUILDNAME */
	const char *builder; /* of its token, or NULL */
	double elapsed;      /* NAN: not told */
	int build;           /* that it has become, or 0 */
	size_t nblocks, nfiles, nqa, nmore, nnamed;
	size_t blocks_cap, files_cap, qa_cap, more_cap, named_cap;
	struct live_block *blocks; /* by PF, task, seq */
	struct live_file *files;   /* by path, seq */
	struct live_qa *qa;
	struct live_fact *more;   /* by time */
	struct live_about *named; /* recipes that were told as such */
	/* files that can't be read, by their path */
	size_t nleft_out;
	const char *left_out[16];
	const char *why[16];
};

/* The UUID of the build that one of an oestats client becomes. */
void live_uuid(int64_t id, unsigned char out[16]);

/* Reads what was kept of its events into l, sorted. */
enum err live_pieces_load(struct db *db, struct arena *a, struct live *l,
    struct errinfo *ei) MUST_CHECK;

/*
 * Gives the bundle the files that bitbake would have written, and a build.json
 * with what the client told.  *bad is the path of the file that it refuses.
 */
enum err live_files(struct arena *a, const struct live *l,
    struct bundle *bundle, const char **bad, struct errinfo *ei) MUST_CHECK;

#endif
