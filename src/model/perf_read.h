/*
 * perf_read.h: what oe-build-perf-test writes.
 *
 * Source of the formats: openembedded-core, meta/lib/oeqa/buildperf/base.py,
 * meta/lib/oeqa/utils/metadata.py, scripts/oe-build-perf-test.
 *
 * The start of a run is UTC; those of its tests and measurements are the
 * tester's local time written as if it were UTC, and are not read.
 */
#ifndef MODEL_PERF_READ_H
#define MODEL_PERF_READ_H

#include "model/environment.h"

#define PERF_TESTS_MAX 1000
#define PERF_NUMBERS_MAX 10000

struct perf_test {
	const char *name;    /* of letters, digits, '_', '-' */
	const char *status;  /* SUCCESS, FAILURE, ERROR, SKIPPED, ... */
	const char *message; /* "" */
};

/* perf.TEST.MEASUREMENT.WHAT: elapsed, cputime (s); maxrss, read_bytes,
 * write_bytes, rchar, wchar, size (B). */
struct perf_number {
	const char *test, *measurement, *what, *unit;
	double value;
};

struct perf_results {
	const char *host;
	int64_t started; /* µs, TIME_UNKNOWN */
	double elapsed;  /* s, NAN */
	size_t ntests, tests_cap;
	struct perf_test *test;
	size_t nnumbers, numbers_cap;
	struct perf_number *number;
};

/* Is it one of them?  PERF_NONE for any other document. */
enum perf_kind {
	PERF_NONE,
	PERF_RESULTS,
	PERF_METADATA,
	PERF_BUILDSTATS,
	PERF_GLOBALRES
};
enum perf_kind perf_sniff(struct slice text);

/* results.json, results.xml; label begins the sentences. */
enum err perf_results_read(struct arena *a, const char *label,
    struct slice text, struct perf_results *out, struct errinfo *ei) MUST_CHECK;

/* metadata.json, metadata.xml: machine, distro, host, layers, commits. */
enum err perf_metadata_read(struct arena *a, const char *label,
    struct slice text, struct env_facts *out, struct errinfo *ei) MUST_CHECK;

/* A line of the globalres file; false if it is none. */
bool perf_globalres_read(struct arena *a, struct slice line,
    struct perf_results *out, struct env_facts *facts);

/* A text that may be part of a metric's name. */
const char *perf_name(struct arena *a, struct slice s);

#endif
