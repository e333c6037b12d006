/*
 * bundle.h: reads a bundle, a stream of files with relative names, into
 * builds.
 *
 * A buildstats run is the directory of a file `build_stats`, or of at least
 * one <PF>/<task> file; runs may sit anywhere, in any number.  What lies
 * beside a run tells its environment: build.json, console.log,
 * error-report/, buildhistory/, each belonging to the runs below the
 * directory it was found in (for error-report/ and buildhistory/: their
 * parent).  See member.h for the paths and environment.h for build.json.
 *
 * What tasks printed, beside runs or in them, becomes the log of the task if it
 * failed (task_logs.h); error reports tell the failures of the run that they
 * name, and those that name none become builds of their own when all is read.
 *
 * Identity: the UUID of build.json, else host node name, start as written and
 * BUILDNAME, hashed with SHA-256.
 *
 * Memory stays bounded: when enough is pending, the run that was touched
 * least recently is handed out.  A file of it that comes later is refused: the
 * files of a run should follow one another, and what lies beside it should
 * come first, in tars that are larger than that.
 */
#ifndef MODEL_BUNDLE_H
#define MODEL_BUNDLE_H

#include "base/err.h"
#include "model/build.h"

struct bundle;
struct inflate;
struct receipt;
struct tar_reader;

struct bundle_limits {
	size_t member_bytes;  /* of a task file; 1 MiB */
	size_t text_bytes;    /* of a host_stats text; 64 MiB */
	size_t pending_bytes; /* memory of runs not yet handed out, and of what
				 lies beside them; 24 MiB */
	size_t report_bytes;  /* of an error report; REPORT_BYTES_MAX */
	size_t log_bytes;     /* of all logs of tasks, packed; 12 MiB */
	unsigned mask;        /* rules of mask.h; MASK_DEFAULT */
	size_t tasks;         /* of one run; 400,000 */
	size_t name_bytes;    /* of one path component; 255 */
	size_t path_bytes;    /* of a whole path; 1,024 */
	size_t depth;         /* components of a path; 24 */
};
extern const struct bundle_limits bundle_limits_default;

/*
 * Called once for each run, in the order in which they got their last file.
 * b and all it points to live until the call returns.
 */
typedef enum err (*bundle_build_fn)(
    void *arg, const struct build *b, struct errinfo *ei);

struct bundle *bundle_new(
    const struct bundle_limits *limits, bundle_build_fn fn, void *arg);
void bundle_free(struct bundle *bu);

/*
 * Notes in a receipt, borrowed, what is read and what isn't, whatever
 * bundle_new's fn does.  received is when reports were that don't say when
 * they were made; without this call they were in 1970.
 */
void bundle_note(struct bundle *bu, struct receipt *receipt, int64_t received);

/*
 * Announces the next member, a regular file.  *want says whether its content
 * should be given to bundle_data; files that tell us nothing are skipped.
 * ERR_INPUT for names that no bundle has: absolute, "..", empty components,
 * NUL, too long or too deep.
 */
enum err bundle_member(struct bundle *bu, struct slice path, uint64_t size,
    bool *want, struct errinfo *ei) MUST_CHECK;
enum err bundle_data(struct bundle *bu, const void *data, size_t n,
    struct errinfo *ei) MUST_CHECK;
/* The member is complete: parse it. */
enum err bundle_member_end(struct bundle *bu, struct errinfo *ei) MUST_CHECK;

/* Gives all members of a tar to the bundle; bundle_end stays to be called. */
enum err bundle_read_tar(
    struct bundle *bu, struct tar_reader *tar, struct errinfo *ei) MUST_CHECK;

/* Gives it one file by itself, called so; bundle_end stays to be called. */
enum err bundle_read_file(struct bundle *bu, const char *name,
    struct inflate *in, struct errinfo *ei) MUST_CHECK;

/* Was there a file among them that should not be kept as it came: an event log,
 * which has all of bitbake's variables in it? */
bool bundle_is_private(const struct bundle *bu);

/*
 * The stream is complete: hands out what is left, error reports without a run
 * last.  ERR_INPUT "no buildstats in ..." if there was no run and no report at
 * all.
 */
enum err bundle_end(struct bundle *bu, struct errinfo *ei) MUST_CHECK;

#endif
