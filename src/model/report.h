/*
 * report.h: a document of report-error.bbclass, of any age, as a build.
 *
 * Source of the format: openembedded-core, meta/classes/report-error.bbclass
 * and its history.  Nothing that a bitbake may have written is refused:
 * missing keys, other types, empty failures, parse errors without a package.
 */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "base/err.h"
#include "model/build.h"

struct arena;

#define REPORT_BYTES_MAX ((size_t)32 << 20)
#define REPORT_FAILURES_MAX 10000
#define REPORT_LOG_MAX 5242880 /* what clients are told */

struct report_masked {
	const char *where; /* "local.conf" */
	uint32_t line;
	const char *preview;
};
#define REPORT_MASKED_MAX 50

struct report {
	/* SHA-256 of the document without username, email and link_back,
	 * members sorted, numbers and texts as they mean, not as written;
	 * in place of the logs stand their own SHA-256, before masking. */
	unsigned char sha256[32];
	struct environment env;
	const char *name; /* BUILDNAME, if the caller knew it, or "" */
	/* The sender's e-mail address is read by nobody and kept nowhere. */
	const char *username, *link_back, *error_type;
	size_t nfailures;
	struct told_failure *failures; /* in the document's order */
	size_t ntexts;
	struct build_text *texts; /* local.conf, auto.conf, site.conf,
				     toolcfg.conf, masked */
	/* What was masked in the texts, the first REPORT_MASKED_MAX places;
	 * that of the logs is with them. */
	size_t nmasked;
	struct report_masked *masked;
	size_t nnotes;
	const char **notes; /* what was cut or left out, one sentence each */
};

/* text: raw JSON.  rules: mask.h.  ERR_INPUT names the place:
 * "report: failures[2].task: expected a string" where it is no report at all,
 * ERR_TOO_BIG beyond the limits above. */
enum err report_read(struct arena *a, struct slice text, unsigned rules,
    struct report *out, struct errinfo *ei) MUST_CHECK;

/*
 * The same while it streams by: each log goes straight into a log_taker, so
 * that memory stays at the packed logs plus a few MiB.  A log is dropped where
 * bitbake says that it had none ("No Log"); one longer than REPORT_LOG_MAX
 * characters is kept whole.  After a failure every further call fails too.
 */
struct report_reader;
struct report_reader *report_reader_new(struct arena *a, unsigned rules);
void report_reader_free(struct report_reader *r);
enum err report_reader_add(struct report_reader *r, const void *data, size_t n,
    struct errinfo *ei) MUST_CHECK;
enum err report_reader_end(
    struct report_reader *r, struct report *out, struct errinfo *ei) MUST_CHECK;

/* A report without its build becomes a build: failed, with the packages that
 * it names, without tasks' numbers; started: when it was received, or what
 * its name says.  It lives in a. */
const struct build *report_build(
    struct arena *a, const struct report *r, int64_t received);

#endif
