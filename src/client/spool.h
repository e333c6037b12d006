/*
 * spool.h: what is to be sent and could not be sent yet.
 *
 * DIR/NAME-HASH.tar.zst is one upload, NAME-HASH.json beside it says what it
 * is.  An upload appears under its name when it is whole and on disk, and is
 * locked by the process that handles it, so that any number of processes may
 * work on one spool and a killed one leaves nothing half done.  What a server
 * refused for good is kept as *.refused.
 */
#ifndef CLIENT_SPOOL_H
#define CLIENT_SPOOL_H

#include <stddef.h>

#include "base/err.h"
#include "client/parcel.h"

struct arena;

/* An upload of which this process holds the lock. */
struct spooled {
	const char *path; /* of the tar; NULL: none is held */
	const char *meta; /* of its description */
	int fd;
};

/* A new file in the spool, locked, not yet one of its uploads. */
enum err spool_begin(struct arena *a, const char *dir, struct spooled *out,
    struct errinfo *ei) MUST_CHECK;
/*
 * Makes it one.  ERR_BUSY when another process is sending the very same; when
 * it lies there unhandled that one is taken over.
 */
enum err spool_keep(struct arena *a, const char *dir, struct spooled *s,
    struct parcel *p, const char *server, struct errinfo *ei) MUST_CHECK;
/* Throws away what was begun and not kept. */
void spool_abandon(struct spooled *s);

struct spool_names {
	const char **name;
	size_t n, cap;
};
/* The uploads, oldest name first; removes what killed processes left. */
enum err spool_list(struct arena *a, const char *dir, struct spool_names *out,
    struct errinfo *ei) MUST_CHECK;
/*
 * Locks one and reads its description.  ERR_NOT_FOUND when it is gone,
 * ERR_BUSY when another process has it.
 */
enum err spool_take(struct arena *a, const char *dir, const char *name,
    struct spooled *out, struct parcel *p, struct errinfo *ei) MUST_CHECK;

/* Let go: it was sent / it stays / it stays but is not tried again. */
void spool_done(struct spooled *s);
void spool_later(struct spooled *s, const char *why);
void spool_refused(struct spooled *s, const char *why);

#endif
