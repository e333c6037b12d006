/* answer.h: what the server says to an upload. */
#ifndef CLIENT_ANSWER_H
#define CLIENT_ANSWER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/*
 * Reads {"builds":[...]} and appends "STATUS NAME N tasks, N failed URL\n"
 * for each build, and after it a line for each of its failures that begins
 * with two blanks: "  RECIPE TASK: ERROR (VERDICT) URL\n", at most
 * ANSWER_FAILURES_MAX.  ERR_UPSTREAM when that is not what came.
 */
#define ANSWER_FAILURES_MAX 20
enum err answer_read(
    struct slice body, struct buf *lines, struct errinfo *ei) MUST_CHECK;

/*
 * Why the server refused: the sentence of {"error": ...}, a short plain text,
 * or else the meaning of the status.
 */
const char *answer_refusal(
    struct arena *a, long status, const char *content_type, struct slice body);

#endif
