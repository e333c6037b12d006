/* result_parts.h: between result_read.c and result_run.c. */
#ifndef MODEL_RESULT_PARTS_H
#define MODEL_RESULT_PARTS_H

#include "base/err.h"
#include "model/result.h"

struct arena;

/* A run while it is read; lists grow in the arena. */
struct raw_run {
	struct result_run run;
	struct slice configuration; /* JSON, compact; NULL: none */
	bool has_result;
	size_t cases_cap, suites_cap;
};

/*
 * The file is read: reads the configuration, finds each case's suite, sorts,
 * drops what stands twice, the earlier, and counts.
 */
enum err result_run_finish(struct arena *a, const char *file,
    struct raw_run *raw, struct errinfo *ei) MUST_CHECK;

#endif
