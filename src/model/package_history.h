/* package_history.h: one recipe over all builds. */
#ifndef MODEL_PACKAGE_HISTORY_H
#define MODEL_PACKAGE_HISTORY_H

#include "model/build_list.h"

/* How a recipe fared in one build. */
struct package_result {
	int build;
	const char *name, *builder, *machine, *distro, *image, *branch, *commit;
	const char *version, *failed_task;         /* "" if none */
	const char *host_distro, *bitbake_version; /* "" until loaded */
	enum build_status status;
	int64_t started;         /* the build's */
	double elapsed, cputime; /* the package's, seconds; NAN: unknown */
};

struct package_results {
	size_t n;
	struct package_result *row;
	bool none_succeeded; /* ever; as far as package_window looks */
};

/* Reads all rows of a result that has the columns of package_window. */
void package_results_read(
    struct package_results *out, const struct rows *r, struct arena *a);

/* "" means any. */
struct package_history_filter {
	unsigned statuses; /* bits 1 << enum build_status; 0: any */
	const char *machine, *distro, *builder, *version;
};

struct package_history_query {
	int recipe;
	struct package_history_filter filter;
	struct list_order order;
};

/* The keys that an order may name; NULL-terminated. */
extern const char *const package_history_keys[];

enum err package_history_find(struct db *db, struct arena *a,
    const struct package_history_query *q, struct package_results *out,
    struct errinfo *ei) MUST_CHECK;
/* Counts up to cap + 1 matches; cap 0: all of them. */
enum err package_history_count(struct db *db, struct arena *a,
    const struct package_history_query *q, int64_t cap, int64_t *total,
    struct errinfo *ei) MUST_CHECK;

/*
 * The latest PACKAGE_WINDOW results, newest first; when there are more, up to
 * 40 failures and successes that lie further back follow, so that what the
 * window says costs the same however long the history is.
 */
#define PACKAGE_WINDOW 150
enum err package_window(struct db *db, struct arena *a, int recipe,
    struct package_results *out, struct errinfo *ei) MUST_CHECK;

/* Latest successes for one machine, at most 50. */
enum err package_successes_on(struct db *db, struct arena *a, int recipe,
    const char *machine, struct package_results *out,
    struct errinfo *ei) MUST_CHECK;

/* The version that a build made of the recipe; "" if it made none. */
enum err package_version_in(struct db *db, struct arena *a,
    const struct build_row *build, int recipe, const char **version,
    struct errinfo *ei) MUST_CHECK;

/* Fills in host_distro and bitbake_version. */
enum err package_load_hosts(struct db *db, struct arena *a,
    struct package_result *row, size_t n, struct errinfo *ei) MUST_CHECK;

/* The recipe's number; ERR_NOT_FOUND with a sentence that helps. */
enum err package_recipe_find(struct db *db, struct arena *a, const char *name,
    int *recipe, struct errinfo *ei) MUST_CHECK;

#endif
