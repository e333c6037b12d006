/*
 * oestats.h: builds that report task by task, as the clients of the oestats
 * server do (docs/protocol.md).
 *
 * What a client says is an event.  It goes to the spool (spool.h) before it is
 * answered, from there to live_build and live_task, and what stands there is
 * folded into a build now and then: the files that bitbake would have written
 * are made of it and read like any others.
 *
 * The number of a live build is made without asking anybody: microseconds
 * since 1970, and three random digits.
 */
#ifndef MODEL_OESTATS_H
#define MODEL_OESTATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct db;
struct spool_record;

/* ---- numbers ---- */

int64_t oestats_id(int64_t now);
/* When the build was started, in µs. */
int64_t oestats_id_time(int64_t id);
/* Decimal digits alone; false as well for a number that can't have been given
 * out by now, or was too long ago. */
bool oestats_id_read(struct slice text, int64_t now, int64_t *id);

/* The number in the alphabet of failure_code.h, for short addresses. */
#define OESTATS_CODE_MAX 16 /* with its NUL */
const char *oestats_code(char out[OESTATS_CODE_MAX], int64_t id);
bool oestats_code_read(const char *code, int64_t *id);

/* ---- events ---- */

enum oestats_what { OESTATS_START = 1, OESTATS_TASK = 2, OESTATS_STOP = 3 };

struct oestats_field {
	const char *name;
	struct slice value; /* bytes */
};

struct oestats_file {
	const char *name; /* log, qalog */
	struct slice zstd;
};

#define OESTATS_FIELDS_MAX 32
#define OESTATS_FILES_MAX 4

struct oestats_event {
	enum oestats_what what;
	int64_t time; /* when it came, µs */
	int64_t live;
	int number; /* of the failure, as was answered; 0: none */
	size_t nfields;
	struct oestats_field fields[OESTATS_FIELDS_MAX];
	size_t nfiles;
	struct oestats_file files[OESTATS_FILES_MAX];
};

/* A field's text: clean, trimmed, "" if it isn't there or is what Python and
 * bitbake say for nothing. */
const char *oestats_text(
    struct arena *a, const struct oestats_event *e, const char *name);
/* Likewise; empty if it isn't there. */
struct slice oestats_file_bytes(
    const struct oestats_event *e, const char *name);

/* ERR_INPUT with a sentence that names the field, if no build can be made of
 * it. */
enum err oestats_check(struct arena *a, const struct oestats_event *e,
    struct errinfo *ei) MUST_CHECK;
bool oestats_is_failure(struct arena *a, const struct oestats_event *e);

/* A record's payload, and back; false if it is none. */
void oestats_encode(struct buf *out, const struct oestats_event *e);
bool oestats_decode(const struct spool_record *r, struct oestats_event *out);

/* ---- in the database ---- */

/*
 * Adds events to live_build and live_task, in the caller's transaction.  In
 * any order: tasks may come before the start of their build.  The same event
 * again changes nothing.
 */
enum err oestats_apply(struct db *db, struct arena *a,
    const struct oestats_event *events, size_t n,
    struct errinfo *ei) MUST_CHECK;

/* The build that a live one has become; ERR_NOT_FOUND. */
enum err oestats_build(
    struct db *db, int64_t id, int *build, struct errinfo *ei) MUST_CHECK;

#endif
