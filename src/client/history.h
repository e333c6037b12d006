/*
 * history.h: buildhistory, beside a run or by itself, and the results of
 * oe-build-perf-test.
 *
 * Of a buildhistory go the files that tell sizes, and its repository's last
 * commit, which tells of which build it is; git is asked for that.
 */
#ifndef CLIENT_HISTORY_H
#define CLIENT_HISTORY_H

#include <stdbool.h>

#include "client/beside.h"

/* Is a directory a buildhistory: packages/ and images/, or metadata-revs? */
bool history_is_dir(struct arena *a, const char *path);

/* Adds DIR/buildhistory if it is about the run: its commit says so, or it has
 * none, the run is the newest and something of it is no older. */
void history_find(struct arena *a, const struct run *run, const char *dir,
    struct beside *out);

/* All of a buildhistory, as members below buildhistory/. */
void history_take(struct arena *a, const char *path, struct beside *out);

/* Results of oe-build-perf-test below a directory, results.json and the like,
 * as members below NAME/, at most two levels down. */
void perf_results_take(struct arena *a, const char *path, struct beside *out);

#endif
