/*
 * result_set.h: the test results of a bundle, and which build each is of.
 *
 * A file testresults.json tells about the runs below its directory (of
 * log/oeqa/ that is the directory above); where it is known that there is but
 * one run, all of it is that run's.  What no run has taken makes builds of its
 * own, which the database may know: see result_store.h.
 */
#ifndef MODEL_RESULT_SET_H
#define MODEL_RESULT_SET_H

#include "base/err.h"
#include "model/build.h"
#include "model/bundle.h"
#include "model/result.h"
#include "model/scope.h"

struct result_set;

struct result_set *result_set_new(const struct bundle_limits *limits);
void result_set_free(struct result_set *s);

/* A file, in pieces.  dir is what it tells about; both are copied. */
void result_set_begin(
    struct result_set *s, struct slice dir, struct slice path);
void result_set_data(struct result_set *s, const char *p, size_t n);
/*
 * The file is complete.  *why: NULL, or why it can't be read, which makes no
 * upload wrong; ERR_TOO_BIG what passes a limit: that is no accident.
 */
enum err result_set_end(
    struct result_set *s, const char **why, struct errinfo *ei) MUST_CHECK;
/* The file that was read last, for the receipt. */
const struct result_file *result_set_last(const struct result_set *s);
/* Why the first that can't be read can't; NULL if there is none. */
const char *result_set_broken(const struct result_set *s);

/* Gives a build, complete otherwise, the results that are its own; the list
 * lives in a.  only: there is no other run in the bundle. */
void result_set_give(struct result_set *s, const struct scopes *scopes,
    struct arena *a, struct slice dir, bool only, struct build *b);

/* Builds made of the results that nobody has taken, one a call; NULL at the
 * end.  received: when the upload came. */
const struct build *result_set_next(
    struct result_set *s, struct arena *a, int64_t received);

#endif
