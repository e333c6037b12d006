/* result_log.h: logs in test results, as a stream of plain bytes. */
#ifndef MODEL_RESULT_LOG_H
#define MODEL_RESULT_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* A log's string, plain or base64 of a zlib stream, inflated as it comes. */
struct result_inflate;

enum result_log_state {
	RESULT_LOG_GOOD,
	RESULT_LOG_BROKEN, /* no base64, no zlib stream, or cut */
	RESULT_LOG_LIMIT   /* more than max bytes */
};
typedef void (*result_log_fn)(void *arg, const char *p, size_t n);

struct result_inflate *result_inflate_new(
    uint64_t max, result_log_fn fn, void *arg);
void result_inflate_free(struct result_inflate *l);
void result_inflate_begin(struct result_inflate *l, bool compressed);
/* Once it isn't good it stays so until the next begin. */
enum result_log_state result_inflate_add(
    struct result_inflate *l, struct slice piece);
/* Says whether all of it was good. */
enum result_log_state result_inflate_end(struct result_inflate *l);

#endif
