/*
 * scope.h: the files beside runs (build.json, console.log, error reports,
 * buildhistory) by the directory that they tell something about: each
 * belongs to all runs below it.
 */
#ifndef MODEL_SCOPE_H
#define MODEL_SCOPE_H

#include "base/err.h"
#include "model/environment.h"
#include "model/environment_files.h"
#include "model/member.h"

struct scopes;

struct scopes *scopes_new(void);
void scopes_free(struct scopes *s);

/*
 * Reads one such file; path begins the sentence when it is refused.  Only
 * build.json is: the others weren't written for us.
 */
enum err scopes_add(struct scopes *s, const struct member *m, struct slice path,
    struct slice text, struct errinfo *ei) MUST_CHECK;

/* Says that there is one more run. */
void scopes_count_run(struct scopes *s);

/* What scopes know of a run, besides its environment. */
struct scope_answer {
	const char *name;                  /* BUILDNAME, or "" */
	const struct error_report *report; /* about this very run, or NULL */
	const char *broken; /* its report, if it can't be read, or NULL */
};

/*
 * Fills env with what the files above dir say, the nearest first.  All of it
 * lives as long as the scopes; a is for the list of origins.  ERR_INPUT
 * when a build.json with a uuid is used a second time.
 */
enum err scopes_apply(struct scopes *s, struct arena *a, struct slice dir,
    struct environment *env, struct scope_answer *out,
    struct errinfo *ei) MUST_CHECK;

/* Is it a BUILDNAME as bitbake makes them, YYYYMMDDHHMMSS? */
bool is_build_name(struct slice s);

#endif
