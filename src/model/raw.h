/*
 * raw.h: the bytes of an upload as they came, kept beside its receipt for a
 * month, so that they can be read again by a later version.
 *
 * A file is written while the body is read, under a name that begins with a
 * point, and gets its own name, 32 hex digits, when the upload is whole.
 * Nothing is synced: the builds are on disk when an upload is answered, their
 * raw bytes soon after; the receipt has their SHA-256 to tell.  Where a file
 * can't be written the upload is taken all the same, and its receipt says that
 * the bytes weren't kept.
 *
 * Format: exactly the body.  What it is, the receipt's kind says: of "bundle" a
 * tar, of "report" a document of report-error.bbclass.
 */
#ifndef MODEL_RAW_H
#define MODEL_RAW_H

#include "base/err.h"
#include "model/receipt.h"

struct raw;

#define RAW_NAME_MAX 33 /* with its NUL */

/* dir: NULL to count and hash only, else borrowed; made if its parent is
 * there.  A raw is used by one thread at a time. */
struct raw *raw_new(const char *dir);
void raw_add(struct raw *r, const void *data, size_t n);
/* The upload is whole: names the file and fills out, which borrows. */
void raw_end(struct raw *r, struct receipt_upload *out);
/* The receipt is committed: the file stays. */
void raw_keep(struct raw *r);
/* Removes the file unless raw_keep was called. */
void raw_free(struct raw *r);

/* Opens what raw_end named; ERR_NOT_FOUND, also for what is no such name. */
enum err raw_open(
    const char *dir, const char *name, int *fd, struct errinfo *ei) MUST_CHECK;

struct raw_pruned {
	uint64_t files, bytes; /* that were removed */
	uint64_t left;         /* bytes */
};
/*
 * Removes files older than so many days, then the oldest ones until the rest
 * has at most max_bytes (0: any number), and what uploads left that ended in a
 * crash.  Other files in dir are left alone.  out may be NULL.
 */
enum err raw_prune(const char *dir, int days, uint64_t max_bytes,
    struct raw_pruned *out, struct errinfo *ei) MUST_CHECK;

#endif
