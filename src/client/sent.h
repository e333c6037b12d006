/*
 * sent.h: the record of what was sent, so that nothing is sent twice.
 *
 * A text file `sent`, one line an upload: hash, hash and number of the files
 * beside it, mark, time, server, then the lines that were printed.  Several
 * processes may use it at once.  It keeps the latest 10,000.
 */
#ifndef CLIENT_SENT_H
#define CLIENT_SENT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "client/parcel.h"

struct arena;
struct sent;

/*
 * The record in a directory, which is made when needed.  Where it can't be
 * kept nothing is known and nothing recorded: *why then says so, else NULL.
 */
struct sent *sent_open(struct arena *a, const char *dir, const char **why);
void sent_close(struct sent *s);

/*
 * Whether this was sent to the server: the same files with the same files
 * beside them, or with more than now.  lines: what was printed, each ended by
 * a newline; lives in a.
 */
bool sent_find(struct sent *s, struct arena *a, const char *server,
    const struct parcel *p, struct slice *lines);

/* The watcher's short cut; see watch.c. */
bool sent_has_mark(struct sent *s, const char *server, const char *mark);

/* mark may be NULL.  Failing to record is no failure to send. */
void sent_add(struct sent *s, const char *server, const struct parcel *p,
    const char *mark, struct slice lines);

#endif
