/* overview.h: what the first page shows. */
#ifndef MODEL_OVERVIEW_H
#define MODEL_OVERVIEW_H

#include "model/build_list.h"
#include "model/failure_list.h"

/* Counting stops here, so that the page's cost has a bound. */
#define OVERVIEW_BUILDS_MAX 10000

/* Builds, tasks and packages are those of the latest builds, so many that
 * there may be more if builds is OVERVIEW_BUILDS_MAX. */
struct overview_totals {
	int64_t builds, tasks, packages, recipes, builders;
	int64_t since; /* the first build; TIME_UNKNOWN without builds */
};

/* Builds that started in some stretch of time; likewise the latest. */
struct overview_recent {
	int64_t builds, succeeded, failed, running;
};

struct failing_package {
	const char *recipe, *version, *task; /* task "" if unknown */
	const char *machine, *distro, *builder, *build_name;
	int build;
	int64_t seen;  /* start of the latest build with it */
	int64_t times; /* among the latest failures */
};

#define OVERVIEW_FAILING 12
#define TARGET_HISTORY 20

/* A machine, distro and image, with its latest builds, newest first. */
struct target_history {
	const char *machine, *distro, *image;
	int64_t builds, succeeded; /* among the builds looked at */
	size_t n;
	struct build_row row[TARGET_HISTORY];
};

/* Errors, by their signature, that nobody had before. */
struct overview_new {
	int64_t total;              /* such errors */
	int64_t builders;           /* that had one of them */
	struct failure_rows newest; /* of each, at most OVERVIEW_NEW */
	int64_t *times, *on; /* of each: how often, on how many builders */
};
#define OVERVIEW_NEW 12

enum err overview_totals(
    struct db *db, struct overview_totals *out, struct errinfo *ei) MUST_CHECK;
enum err overview_since(struct db *db, int64_t since,
    struct overview_recent *out, struct errinfo *ei) MUST_CHECK;
/* Among the newest 1,000 failures since then. */
enum err overview_new_since(struct db *db, struct arena *a, int64_t since,
    struct overview_new *out, struct errinfo *ei) MUST_CHECK;
/* At most OVERVIEW_FAILING that nobody built for the machine since, the latest
 * first. */
enum err overview_failing(struct db *db, struct arena *a,
    struct failing_package **out, size_t *n, struct errinfo *ei) MUST_CHECK;
/* At most max, among the latest 240 builds. */
enum err overview_targets(struct db *db, struct arena *a, size_t max,
    struct target_history **out, size_t *n, struct errinfo *ei) MUST_CHECK;

#endif
