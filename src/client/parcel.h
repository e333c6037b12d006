/*
 * parcel.h: one upload, packed: a run with what lies beside it, or a tar as
 * it was given.
 */
#ifndef CLIENT_PARCEL_H
#define CLIENT_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/stat.h>

#include "base/err.h"
#include "client/beside.h"
#include "client/find.h"
#include "client/masked.h"
#include "client/options.h"

#define PARCEL_HASH_TEXT 65 /* 64 hex digits and NUL */

struct parcel {
	const char *name;
	const char *kind;  /* what it is, of what is no run: "a tar" */
	int fd;            /* compressed; at any position */
	uint64_t size;     /* bytes of the upload */
	uint64_t bytes;    /* of the files in it; 0 of a tar */
	size_t files;      /* in it; 0 of a tar */
	size_t companions; /* of these: not of the run itself */
	char hash[PARCEL_HASH_TEXT];   /* of the run's files, or of the tar */
	char beside[PARCEL_HASH_TEXT]; /* of the companions */
	const char *suffix;            /* ".tar.zst", ... */
	struct masked masked;          /* what was taken out of it */
};

/* A new nameless file in $TMPDIR or /tmp, gone when closed; -1: errno. */
int parcel_temp(void);

/*
 * Packs a run into fd.  ERR_INTERNAL when a file can't be read or fd can't be
 * written; ERR_CONFLICT when a file shrank meanwhile: bitbake is at it.
 */
enum err parcel_pack_run(struct arena *a, const struct run *run,
    const struct options *o, int fd, struct parcel *out,
    struct errinfo *ei) MUST_CHECK;

/*
 * Copies a tar from `in` to fd, under zstd if it isn't compressed.  ERR_INPUT
 * when it is neither a tar nor something compressed.
 */
enum err parcel_copy_tar(struct arena *a, const char *name, int in, int fd,
    struct parcel *out, struct errinfo *ei) MUST_CHECK;

/* Does a file begin as a JSON object, which is an error report unless it is
 * test results? */
bool parcel_is_report(const char *path);
bool parcel_is_results(const char *path);
/* Packs an error report into fd, masked: error-report/NAME.txt. */
struct parcel_report {
	const char *path;
	unsigned mask;
};
enum err parcel_pack_report(struct arena *a, const struct parcel_report *r,
    int fd, struct parcel *out, struct errinfo *ei) MUST_CHECK;

/* Packs test results as they are: testresults.json. */
enum err parcel_pack_results(struct arena *a, const char *path, int fd,
    struct parcel *out, struct errinfo *ei) MUST_CHECK;

/* Packs files that aren't those of a run: a buildhistory, results of tests. */
enum err parcel_pack_files(struct arena *a, const char *name,
    const struct beside *files, int fd, struct parcel *out,
    struct errinfo *ei) MUST_CHECK;

/* Does a file begin as bitbake's event log? */
bool parcel_is_event_log(const char *path);
/*
 * Packs what an event log tells, with the run that it would have left, and the
 * error report of the same build if that isn't NULL.  ERR_NOT_FOUND if there is
 * no build in it: bitbake was asked something else.
 */
struct parcel_log {
	const char *path, *report;
	unsigned mask;
};
enum err parcel_pack_log(struct arena *a, const struct parcel_log *l, int fd,
    struct parcel *out, struct errinfo *ei) MUST_CHECK;

/* "/x/A1.tar.zst" gives "A1". */
const char *parcel_tar_name(struct arena *a, const char *path);
/* Whether a file's name is that of a tar. */
bool parcel_is_tar_name(const char *name);

/*
 * All files of a run, in the order in which they are packed: told one by one,
 * path and name in the tar.  false ends the walk.
 */
typedef bool (*parcel_file_fn)(
    void *arg, const char *path, const char *member, const struct stat *st);
enum err parcel_walk(struct arena *a, const struct run *run, parcel_file_fn fn,
    void *arg, struct errinfo *ei) MUST_CHECK;

#endif
