/*
 * lone_reports.h: builds that left no run: one that ended while parsing, for
 * which nothing provides what was asked for, or without the class buildstats.
 * Their error reports and event logs tell of them.
 */
#ifndef CLIENT_LONE_REPORTS_H
#define CLIENT_LONE_REPORTS_H

#include "client/find.h"

struct lone_build {
	const char *name;   /* BUILDNAME */
	const char *report; /* path, or NULL */
	const char *events; /* likewise, of its event log */
};

/*
 * Those in the directories that were searched, and in error-report and eventlog
 * of each and of its log, whose BUILDNAME is later than that of any run in the
 * list; only the last one if there is no run.
 */
struct lone_build *lone_builds(
    struct arena *a, const struct run_list *list, size_t *n);

#endif
