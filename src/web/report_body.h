/*
 * report_body.h: reads an error report from a request's body.
 *
 * What is sent is told by its first bytes (model/report_input.h), never by a
 * Content-Type or User-Agent; it may be under gzip, bzip2, xz or zstd.
 */
#ifndef WEB_REPORT_BODY_H
#define WEB_REPORT_BODY_H

#include "model/raw.h"
#include "model/report_input.h"
#include "web/exchange.h"

/* Bytes as sent go to raw, too.  The report lives in a. */
enum err report_body_read(struct exchange *x, struct arena *a, struct raw *raw,
    struct report *out) MUST_CHECK;

#endif
