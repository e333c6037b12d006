/*
 * result_read.h: reads testresults.json while it streams by (oe-core
 * meta/lib/oeqa/core/runner.py, meta/lib/oeqa/utils/logparser.py).
 *
 *   {"<result id>": {"configuration": {...}, "result": {"<case>": {"status":
 *   ..., "log"?: L, "duration"?: seconds, ...}, ...}}, ...}
 *
 * L is a string or {"compressed": base64 of a zlib stream}; raw logs of ptest
 * run to hundreds of megabytes.  No log is held: each is inflated under a
 * limit, looked through for what the mask rules take out, and of failed cases
 * the end is kept.  The file itself is packed as it comes, to be kept whole.
 *
 * Members that aren't known are passed over; they stay in the file.
 */
#ifndef MODEL_RESULT_READ_H
#define MODEL_RESULT_READ_H

#include "base/err.h"
#include "model/result.h"

struct arena;
struct result_reader;

#define RESULT_CASES_MAX 200000              /* of a file */
#define RESULT_RUNS_MAX 1000                 /* of a file */
#define RESULT_NAME_MAX 1024                 /* bytes of a name that count */
#define RESULT_LOG_MAX ((uint64_t)256 << 20) /* of a log, inflated */
#define RESULT_LOGS_MAX ((uint64_t)1 << 30)  /* of all logs of a file */
#define RESULT_PACKED_MAX ((size_t)32 << 20) /* of the file, packed */
#define RESULT_PARSED_MAX ((size_t)32 << 20) /* of all else */
#define RESULT_PIECE ((uint32_t)512 << 10)
#define RESULT_EXCERPTS_MAX 1000 /* of a run */

/* name, borrowed, begins the sentences; rules: mask.h.  The result and its
 * bytes live in a. */
struct result_reader *result_reader_new(
    struct arena *a, const char *name, unsigned rules);
void result_reader_free(struct result_reader *r);
/* ERR_INPUT if it is no such file, ERR_TOO_BIG beyond a limit: do not go on. */
enum err result_reader_add(struct result_reader *r, const char *p, size_t n,
    struct errinfo *ei) MUST_CHECK;
enum err result_reader_end(struct result_reader *r,
    const struct result_file **out, struct errinfo *ei) MUST_CHECK;

#endif
