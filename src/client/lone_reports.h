/*
 * lone_reports.h: error reports of builds that left no run: one that ended
 * while parsing, or for which nothing provides what was asked for.
 */
#ifndef CLIENT_LONE_REPORTS_H
#define CLIENT_LONE_REPORTS_H

#include "client/find.h"

/*
 * The paths of those in the directories that were searched, and in error-report
 * and log/error-report of each, whose BUILDNAME is later than that of any run
 * in the list; only the last one if there is no run.
 */
const char **lone_reports(
    struct arena *a, const struct run_list *list, size_t *n);

#endif
