/*
 * result.h: what tests of a build said: testresults.json of oeqa, read by
 * result_read.h.
 *
 * A file holds runs, each a "result id" with its configuration; a run holds
 * cases, and suites (ptest, LTP) that have a time and an exit status of their
 * own.
 */
#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/build.h"

/* How a status counts, as oe-core's resulttool counts; what that leaves out
 * has classes of its own. */
enum result_class {
	RESULT_PASSED,
	RESULT_FAILED,
	RESULT_SKIPPED,
	RESULT_EXPECTED, /* EXPECTEDFAIL */
	RESULT_BLOCKED,  /* BLOCKED, of manual tests */
	RESULT_OTHER,    /* a word that nobody knows */
	RESULT_CLASSES
};

/* A status as it was written; kept in the database, so only add at the end. */
unsigned char result_status_read(struct slice word);
const char *result_status_word(unsigned char status);
enum result_class result_status_class(unsigned char status);
/* "passed", "failed", "skipped", "expected", "blocked", "other". */
const char *result_class_word(enum result_class c);
bool result_class_parse(const char *word, enum result_class *out);

struct result_case {
	const char *name;
	unsigned char status;
	bool log;               /* there is one */
	int64_t micros;         /* how long it took; -1: not said */
	uint32_t group;         /* index into the run's groups */
	uint32_t order;         /* in the file */
	const char *first_line; /* of a failed one: the error in one line */
	const char *excerpt;    /* and the end of its log; "" */
};

/* Cases whose names begin alike: "ptestresult.SUITE", or "ping" of
 * "ping.PingTest.test_ping".  name is that beginning. */
struct result_group {
	const char *name;
	size_t first, n; /* of the run's cases */
};

/* A section: a suite that says more than its cases do. */
struct result_suite {
	const char *kind; /* "ptest", "ltp", "ltpposix", "ltpstress" */
	const char *name; /* "glib-2.0" */
	const char *exit; /* its exit status as written, or "" */
	double seconds;   /* NAN: not said */
	bool timeout;
	bool log;
	uint64_t log_size; /* bytes */
};

struct result_run {
	const char *id; /* "runtime_core-image-minimal_qemux86-64_2026..." */
	const char *configuration; /* JSON, compact */
	/* of the configuration, "" where it is silent */
	const char *type; /* TEST_TYPE: runtime, sdk, sdkext, oeselftest ... */
	const char *machine, *distro, *image, *host_distro, *host;
	int64_t ran; /* STARTTIME, or TIME_UNKNOWN */
	size_t nlayers;
	struct layer *layers;
	unsigned char same[16]; /* equal: the same test, run again */
	unsigned char content[32];
	uint64_t position;  /* of its value in the file */
	uint64_t log_bytes; /* of all logs, inflated */
	bool rawlog;        /* the whole console of a ptest or LTP run */
	size_t counts[RESULT_CLASSES];
	double seconds; /* sum over its cases */
	size_t ncases, ngroups, nsuites;
	struct result_case *cases; /* sorted by group and name */
	struct result_group *groups;
	struct result_suite *suites; /* sorted by kind and name */
};

/* A piece of the file, packed by itself. */
struct result_piece {
	uint64_t start;
	uint32_t size; /* inflated */
	struct slice zstd;
};

struct result_file {
	unsigned char sha256[32];
	uint64_t size;
	size_t npieces;
	struct result_piece *pieces;
	uint64_t masked; /* places in its logs that the mask rules take out */
	size_t nruns;
	struct result_run *runs;
	size_t nnotes; /* what was not understood, one sentence each */
	const char **notes;
};

/* What was told of a build: a run, and the file that it is in. */
struct told_result {
	const struct result_file *file;
	const struct result_run *run;
};

#endif
