/* spool_apply.h: from a spool's segments into the database. */
#ifndef MODEL_SPOOL_APPLY_H
#define MODEL_SPOOL_APPLY_H

#include <stdint.h>

#include "base/err.h"

struct arena;
struct db;
struct spool_source;

struct spool_source *spool_source_new(const char *dir);
void spool_source_free(struct spool_source *s);

/*
 * Applies what is new, in several transactions, each with the position up to
 * which it has read: every record once, whoever is killed when.  Nothing if
 * another process reads this directory.  *applied: events.
 */
enum err spool_apply(struct spool_source *s, struct db *db, uint64_t *applied,
    struct errinfo *ei) MUST_CHECK;

/* Once in a while. */
enum err spool_source_clean(
    struct spool_source *s, struct db *db, struct errinfo *ei) MUST_CHECK;

/* Bytes that were not read into the database yet, and when the oldest of them
 * was written (TIME_UNKNOWN if there are none). */
enum err spool_unread(struct db *db, struct arena *a, const char *dir,
    int64_t *bytes, int64_t *oldest, struct errinfo *ei) MUST_CHECK;

#endif
