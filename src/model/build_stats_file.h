/* build_stats_file.h: reads the file build_stats of a run. */
#ifndef MODEL_BUILD_STATS_FILE_H
#define MODEL_BUILD_STATS_FILE_H

#include "base/err.h"
#include "model/build.h"

struct arena;

#define BUILD_STATS_MAX ((size_t)1 << 20)

struct build_stats_failed {
	struct slice pf, task;
};

/* A line that isn't known. */
struct build_stats_odd {
	uint32_t line;
	struct slice text;
};
#define BUILD_STATS_ODD_MAX 20

struct build_stats {
	int64_t started, ended;  /* TIME_UNKNOWN */
	struct slice start_text; /* of "Build Started", as written; or empty */
	double cooker_cpu;       /* -1 */
	struct slice host_info;  /* empty if unknown */
	size_t nfailed;
	struct build_stats_failed *failed;
	size_t nrootfs;
	struct rootfs *rootfs;
	size_t nodd;
	struct build_stats_odd odd[BUILD_STATS_ODD_MAX];
};

/*
 * Slices are borrowed from text.  Lines that it doesn't know are skipped, as
 * oe-core itself wrote other things into it for a time.  Errors name the
 * line: "build_stats line 2: Build Started: not a time".
 */
enum err build_stats_read(struct arena *a, struct slice text,
    struct build_stats *out, struct errinfo *ei) MUST_CHECK;

#endif
