/*
 * member.h: what a file of a bundle is, by its path alone.
 *
 *   [prefix/][target-machine/]RUN/build_stats
 *                             RUN/PF/task
 *                             RUN/reduced_proc_stat.log ...
 *                             RUN/reduced_proc_pressure/cpu.log ...
 *                             RUN/host_stats*  RUN/metrics
 *   SCOPE/build.json  SCOPE/event-log.json  SCOPE/console.log
 *   SCOPE/error-report/NAME.txt
 *   SCOPE/log/error-report/NAME.txt
 *   SCOPE/eventlog/NAME.json  SCOPE/log/eventlog/NAME.json
 *   SCOPE/logs/RECIPE.TASK.log
 *   SCOPE/work/ARCH/RECIPE/VERSION/temp/log.TASK[.PID]
 *   SCOPE/work/ARCH/PF/temp/log.TASK[.PID], in 2011
 *   SCOPE/PF/log.TASK[.PID]  SCOPE/logs/PF/log.TASK[.PID]
 *   SCOPE/testresults.json  SCOPE/[log/]oeqa/testresults.json
 *   SCOPE/results.json  metadata.json  buildstats.json  globalres: perf_set.h
 *   SCOPE/buildhistory/... and elf-sizes: history_path.h
 *   SCOPE/task-depends.dot  SCOPE/pn-depends.dot
 */
#ifndef MODEL_MEMBER_H
#define MODEL_MEMBER_H

#include "base/err.h"
#include "model/build.h"
#include "model/bundle.h"
#include "model/history_path.h"

enum member_kind {
	MEMBER_OTHER, /* tells us nothing */
	MEMBER_TASK,
	MEMBER_PERHAPS_TASK, /* a task whose name doesn't start with do_ */
	MEMBER_BUILD_STATS,
	MEMBER_LOG,     /* see series, subject */
	MEMBER_TEXT,    /* host_stats* */
	MEMBER_NET_LOG, /* a log as well; its being there dates oe-core */
	MEMBER_BUILD_JSON,
	MEMBER_EVENT_DOC, /* event-log.json */
	MEMBER_DEPENDS,   /* task-depends.dot, pn-depends.dot */
	MEMBER_EVENT_LOG, /* of bitbake */
	MEMBER_CONSOLE,
	MEMBER_REPORT,
	MEMBER_BUILD_ID,
	MEMBER_REVS,
	MEMBER_TASK_LOG, /* what a task printed: see pf or recipe, task */
	MEMBER_HISTORY,  /* of buildhistory/, and not read */
	MEMBER_RESULTS,  /* testresults.json */
	MEMBER_SIZES,    /* of buildhistory/, or elf-sizes: see history */
	MEMBER_NUMBERS,  /* numbers of a run: metrics */
	MEMBER_PERF,     /* perhaps results of oe-build-perf-test */
	MEMBER__MAX
};

struct member {
	enum member_kind kind;
	struct slice dir;    /* the run, or the scope; "" at the top */
	struct slice pf;     /* of a task, or of its log */
	struct slice recipe; /* of a task's log, where pf isn't known */
	struct slice task;   /* of a task's log */
	bool current;        /* that log is the one without a PID */
	struct slice name;   /* last component of the path */
	enum series_kind series;
	const char *subject; /* of a pressure log, else "" */
	struct history_at history;
};

/*
 * Checks a path and cuts "./" before it.  ERR_INPUT names the path and what
 * is wrong with it.
 */
enum err member_check_path(const struct bundle_limits *limits,
    struct slice *path, struct errinfo *ei) MUST_CHECK;

/* Slices are borrowed from path, which was checked. */
void member_read(struct member *m, struct slice path);

/*
 * Is path, unchecked, another task in the directory of m, which was read from
 * `before`?  Then only the last component differs, and is as it should be.
 * Most members are.
 */
bool member_is_next_task(const struct bundle_limits *limits,
    const struct member *m, struct slice before, struct slice path);

/* How much of a file of a kind is read, and is it read while it streams by? */
size_t member_most_bytes(
    const struct bundle_limits *limits, enum member_kind kind);
bool member_is_stream(enum member_kind kind);
/* Is it of the run in m->dir, or beside it? */
bool member_is_of_run(enum member_kind kind);
/* Those that say more than we need are cut or left out, others refused. */
bool member_may_be_long(enum member_kind kind);

/* Is directory dir the same as `below`, or above it? */
bool dir_holds(struct slice dir, struct slice below);
/* Cuts the last component off *dir; empty, and false, when there is none. */
bool dir_pop(struct slice *dir, struct slice *last);

#endif
