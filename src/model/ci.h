/*
 * ci.h: what an autobuilder tells of its own builds: Buildbot's
 * HttpStatusPush (buildbot/reporters/http.py, 0.9 to 4.x), a document when a
 * build begins and one when it ends.
 *
 * Its identity is the base of its page's address, or the sender's token, and
 * its buildid.  It makes a build of ours, until the statistics come whose
 * build.json names that page (ci_url): then the two are one, whichever comes
 * first.
 */
#ifndef MODEL_CI_H
#define MODEL_CI_H

#include "base/err.h"
#include "model/build.h"

struct arena;
struct db;

#define CI_BYTES_MAX ((size_t)8 << 20)
#define CI_PROPERTIES_MAX 500
#define CI_VALUE_MAX 1024

struct ci_run {
	unsigned char identity[32];
	const char *kind; /* "buildbot" */
	const char *url, *builder, *state, *reason, *worker;
	int64_t number;
	const char *result; /* "success", "warnings", ...; "" while it runs */
	enum build_status status;
	int64_t started, complete; /* TIME_UNKNOWN */
	size_t nproperties;
	const char **names, **properties;
	/* what our build shows of it */
	const char *machine, *distro, *image, *branch, *commit;
};

/* token: the builder that the sender's token is bound to, or "".  rules:
 * mask.h.  ERR_INPUT "buildbot: ..." for what is no such document. */
enum err ci_read(struct arena *a, struct slice text, const char *token,
    unsigned rules, struct ci_run *out, struct errinfo *ei) MUST_CHECK;

/* A build that shows it; received: when it came. */
const struct build *ci_build(
    struct arena *a, const struct ci_run *r, int64_t received);

struct ci_stored {
	int build; /* that shows it */
	bool is_new;
};
/* Stores it, and b where nothing better is known, in the caller's
 * transaction. */
enum err ci_store(struct db *db, struct arena *a, const struct ci_run *r,
    const struct build *b, struct ci_stored *out,
    struct errinfo *ei) MUST_CHECK;

/* Builds that began more than a day ago, and whose end didn't come, are
 * incomplete from now on; an end that comes later still counts. */
enum err ci_silent(struct db *db, struct errinfo *ei) MUST_CHECK;

struct ci_runs {
	size_t n;
	struct ci_run *run;
	const char *url; /* that the build itself named, or "" */
};
/* Those of a build. */
enum err ci_load(struct db *db, struct arena *a, int build, struct ci_runs *out,
    struct errinfo *ei) MUST_CHECK;

#endif
