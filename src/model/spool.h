/*
 * spool.h: files to which a worker appends what it has acknowledged, before
 * the database sees it; and how they are read.
 *
 * A directory holds segments, each written by one process, which holds a lock
 * on it as long as it may write.  A segment is a row of records: a header (see
 * spool.c) and a payload, with a checksum over both.  What spool_append has
 * returned ERR_OK for is on the disk.
 *
 * A segment is read by one process at a time, the one that holds the
 * directory's lock, in order.  How far is kept elsewhere, with what was made
 * of the records; a segment that was read to its end and that nobody may write
 * any more is removed.
 */
#ifndef MODEL_SPOOL_H
#define MODEL_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct arena;

#define SPOOL_NAME_MAX 64
#define SPOOL_PAYLOAD_MAX ((size_t)56 << 20)
#define SPOOL_SEGMENT_BYTES ((int64_t)8 << 20) /* then a new one is begun */

/* ---- writing ---- */

struct spool_writer;

/* Nothing is opened yet; dir is copied. */
struct spool_writer *spool_writer_new(const char *dir);
/* What was appended stays. */
void spool_writer_free(struct spool_writer *w);

/*
 * Appends a record and waits until it is on the disk.  ERR_BUSY if there is no
 * room or the directory can't be written: then nothing of it is kept.
 */
enum err spool_append(struct spool_writer *w, unsigned type, int64_t time,
    struct slice payload, struct errinfo *ei) MUST_CHECK;

/* ---- reading ---- */

struct spool_record {
	unsigned type;
	int64_t time; /* µs */
	struct slice payload;
	int64_t end; /* position behind it */
};

enum spool_found {
	SPOOL_RECORD,
	SPOOL_END,   /* nothing more */
	SPOOL_BROKEN /* not whole, or damaged */
};

/* An open segment. */
struct spool_segment {
	char name[SPOOL_NAME_MAX];
	int fd;
	int64_t size;
	bool over; /* nobody may write to it any more */
};

/* The directory's lock: a descriptor, to be closed; -1 if somebody has it or
 * it can't be had, of which errno tells. */
int spool_lock(const char *dir);

/* Names of the segments of a directory, oldest first; ERR_INTERNAL if it can't
 * be read. */
enum err spool_list(struct arena *a, const char *dir, const char ***names,
    size_t *n, struct errinfo *ei) MUST_CHECK;

/* False if it has gone.  Close it with spool_close. */
bool spool_open(const char *dir, const char *name, struct spool_segment *out);
void spool_close(struct spool_segment *s);

/* The record at a position; its payload lives in a. */
enum spool_found spool_read(const struct spool_segment *s, int64_t position,
    struct arena *a, struct spool_record *out);

/* When the record at a position was written; TIME_UNKNOWN (model/build.h) if
 * there is none. */
int64_t spool_time(const struct spool_segment *s, int64_t position);

/* Removes a segment that is over.  One with something that can't be read is
 * put aside first: it stays as NAME.bad, for people. */
void spool_remove(const char *dir, const char *name);
void spool_put_aside(const char *dir, const char *name);

#endif
