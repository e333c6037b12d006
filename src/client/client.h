/* client.h: what one run of push-build-results works with. */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "client/options.h"
#include "client/parcel.h"
#include "client/sent.h"
#include "client/target.h"

struct http_client;

struct client {
	const struct options *o;
	struct target target;
	struct http_client *http;
	struct sent *sent;
	bool (*stop)(void);  /* the person wants an end; or NULL */
	bool away;           /* the server could not be reached: don't try */
	bool told_away;      /* and the person knows */
	int64_t retry_after; /* what the last answer wished; seconds, or 0 */
	char why_away[ERR_TEXT_MAX];
};

/* How an upload ended. */
enum outcome {
	OUT_SENT,    /* the server has it; its line is printed */
	OUT_KNOWN,   /* it was sent before */
	OUT_LATER,   /* not now: try again later; kept if there is a spool */
	OUT_REFUSED, /* its content is not what the server takes */
	OUT_FAILED,  /* something here is wrong: unreadable, no space */
	OUT_SHOWN,   /* --dry-run */
	OUT_NOTHING, /* there is nothing to send in it */
};

/*
 * upload.c: sends a parcel, trying again as the options say; lines as of
 * answer_read.  OUT_SENT, OUT_LATER, OUT_REFUSED or OUT_FAILED with ei set.
 */
enum outcome upload_send(struct client *c, struct arena *a,
    const struct parcel *p, struct buf *lines, struct errinfo *ei);

/* push.c: from a source to its line; complaints are printed. */
enum outcome push_run(
    struct client *c, struct arena *a, const struct run *run, const char *mark);
/* A tar, "-" for stdin; mark as of sent.h, or NULL. */
enum outcome push_tar(
    struct client *c, struct arena *a, const char *path, const char *mark);
/* Everything below a path; true when all of it is done. */
bool push_path(struct client *c, const char *path);
/* What the spool holds; true when it is empty afterwards. */
bool push_spool(struct client *c);

/*
 * dry_run.c: shows what would leave the machine: the parcel itself is read
 * again, so that it is what would be sent, byte for byte.  run: NULL for what
 * was packed before.  False when it can't be read or, with --save, kept.
 */
bool dry_run_show(struct arena *a, const struct client *c,
    const struct run *run, const struct parcel *p);

/* watch.c: until stop() says so. */
enum err watch_paths(
    struct client *c, char **paths, size_t n, struct errinfo *ei) MUST_CHECK;

#endif
