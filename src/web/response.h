/* response.h: status lines, headers, errors; the only place that knows HTTP's
 * numbers for enum err. */
#ifndef WEB_RESPONSE_H
#define WEB_RESPONSE_H

#include "base/str.h"
#include "web/exchange.h"

#define TYPE_HTML "text/html; charset=utf-8"
#define TYPE_JSON "application/json; charset=utf-8"
#define TYPE_XML "application/xml; charset=utf-8"
#define TYPE_CSV "text/csv; charset=utf-8; header=present"
#define TYPE_ATOM "application/atom+xml; charset=utf-8"
#define TYPE_SVG "image/svg+xml; charset=utf-8"
#define TYPE_TEXT "text/plain; charset=utf-8"

int response_status(enum err err);

/* Adds a line to the header that will be sent. */
void response_header(struct exchange *x, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* Sends a header for an answer in pieces, its length -1 if it isn't known, and
 * a piece. */
void response_begin(
    struct exchange *x, int status, const char *type, int64_t length);
void response_piece(struct exchange *x, struct slice piece);

/* Sends all; only the header to HEAD. */
void response_send(
    struct exchange *x, int status, const char *type, const struct buf *body);

/* Sends an error in the form that the client can read best. */
void response_error(struct exchange *x, enum err err);

#endif
