/* package_list.h: the packages of one build, a page at a time. */
#ifndef MODEL_PACKAGE_LIST_H
#define MODEL_PACKAGE_LIST_H

#include "model/build_list.h"

struct package_row {
	const char *recipe, *version;
	const char *pf; /* recipe-version */
	enum build_status status;
	const char *failed_task; /* "" if none */
	int64_t started;         /* or TIME_UNKNOWN */
	double elapsed, cputime; /* seconds, NAN: unknown */
	int64_t tasks;
};

struct package_filter {
	unsigned statuses;   /* bits 1 << enum build_status; 0: any */
	const char *package; /* recipe or PF; "": any */
	const char *task;    /* at which it failed; "": any */
	double min;          /* seconds that it took at least; 0: any */
};

struct package_query {
	const struct build_row *build;
	struct package_filter filter;
	struct list_order order;
};

struct package_list {
	size_t n;
	struct package_row *row;
	int64_t total, succeeded, failed; /* of all that match */
	double longest;                   /* seconds, NAN: unknown */
};

/* The keys that an order may name; NULL-terminated. */
extern const char *const package_list_keys[];

enum err package_list_find(struct db *db, struct arena *a,
    const struct package_query *q, struct package_list *out,
    struct errinfo *ei) MUST_CHECK;

#endif
