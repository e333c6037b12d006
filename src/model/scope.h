/*
 * scope.h: the files beside runs (build.json, console.log, error reports,
 * buildhistory) by the directory that they tell something about: each
 * belongs to all runs below it.
 */
#ifndef MODEL_SCOPE_H
#define MODEL_SCOPE_H

#include "base/err.h"
#include "model/depends.h"
#include "model/environment.h"
#include "model/environment_files.h"
#include "model/event_doc.h"
#include "model/member.h"
#include "model/report.h"

struct scopes;

struct scopes *scopes_new(const struct bundle_limits *limits);
void scopes_free(struct scopes *s);

/*
 * Reads one such file; path begins the sentence when it is refused.  Only
 * build.json and event-log.json are: the others weren't written for us.
 */
enum err scopes_add(struct scopes *s, const struct member *m, struct slice path,
    struct slice text, struct errinfo *ei) MUST_CHECK;

/* An error report comes in pieces, before scopes_add is told its name; its
 * text there doesn't matter. */
void scopes_report_begin(struct scopes *s);
void scopes_report_data(struct scopes *s, const void *data, size_t n);

/* So does a dependency file (depends.h). */
void scopes_depends_begin(struct scopes *s, const struct member *m);
void scopes_depends_data(struct scopes *s, const void *data, size_t n);

/* One that was read elsewhere, in m->dir; it is about the build of that name,
 * "": about the only one. */
enum err scopes_add_depends(struct scopes *s, const struct member *m,
    const char *name, const struct depends_file *f,
    struct errinfo *ei) MUST_CHECK;

/* The report that scopes_add has just read; NULL if it can't be read. */
const struct scope_report *scopes_added(const struct scopes *s);
/* Why it can't. */
const char *scopes_why(const struct scopes *s);

/* Bytes it holds on to. */
size_t scopes_memory(const struct scopes *s);

/* Says that there is one more run; dir is copied. */
void scopes_add_run(struct scopes *s, struct slice dir);
/* Is there a run below dir that an event log of this BUILDNAME is about? */
bool scopes_has_run(const struct scopes *s, struct slice dir, const char *name);
/* Is there but one run below dir, as far as is known? */
bool scopes_is_only_run(const struct scopes *s, struct slice dir);

/* An error report that could be read. */
struct scope_report {
	struct report report;
	const char *label;   /* for people: "error-report/x.txt" */
	const char *same_as; /* the label of one that came before, or NULL */
	bool working_copy;   /* error-report.txt: another's beginning or copy */
	bool used;
};

/* What scopes know of a run, besides its environment. */
struct scope_answer {
	const char *name; /* BUILDNAME, or "" */
	size_t nreports;  /* about this very run, the nearest first */
	struct scope_report **reports;
	const char *broken; /* its report, if it can't be read, or NULL */
	const struct event_doc *events; /* the nearest, or NULL */
	/* The nearest that tells of tasks, else of recipes; NULL.  It counts
	 * where there is one run, for it doesn't say which one it is about. */
	const struct depends_file *depends;
};

/*
 * Fills env with what the files above dir say, the nearest first.  All of it
 * lives as long as the scopes; a is for the list of origins.  ERR_INPUT
 * when a build.json with a uuid is used a second time.
 */
enum err scopes_apply(struct scopes *s, struct arena *a, struct slice dir,
    struct environment *env, struct scope_answer *out,
    struct errinfo *ei) MUST_CHECK;

/* The reports that no run has used, one a call, working copies last; NULL at
 * the end.  A document that comes twice is given once. */
const struct scope_report *scopes_next_report(struct scopes *s);
/* Why the first report that can't be read can't; NULL if there is none. */
const char *scopes_broken(const struct scopes *s);

/* Is it a BUILDNAME as bitbake makes them, YYYYMMDDHHMMSS? */
bool is_build_name(struct slice s);

#endif
