/*
 * report_body.h: reads an error report from a request's body.
 *
 * What is sent is told by its first bytes, never by a Content-Type or
 * User-Agent: '{' is the document itself, "data=" the document as the field of
 * a form (clients of before 2015), each perhaps under gzip, bzip2, xz or zstd.
 */
#ifndef WEB_REPORT_BODY_H
#define WEB_REPORT_BODY_H

#include "model/raw.h"
#include "model/report.h"
#include "web/exchange.h"

/* As sent; a form takes up to three bytes for one. */
#define REPORT_BODY_MAX ((int64_t)REPORT_BYTES_MAX * 3)

/* Bytes as sent go to raw, too.  The report lives in a. */
enum err report_body_read(struct exchange *x, struct arena *a, struct raw *raw,
    struct report *out) MUST_CHECK;

#endif
