/* body.h: the body of a request, as a stream. */
#ifndef WEB_BODY_H
#define WEB_BODY_H

#include "web/exchange.h"

/* ERR_INPUT without a length (411) or of none, ERR_TOO_BIG beyond max. */
enum err body_check_length(struct exchange *x, int64_t max) MUST_CHECK;

/* A tar_read_fn over a struct exchange: up to n bytes, 0 at the end, -1 with
 * ei set where the body breaks off. */
long body_read(void *arg, void *into, size_t n, struct errinfo *ei);

/* The whole body, inflated if it is compressed, in the exchange's arena; at
 * most max bytes. */
enum err body_read_whole(
    struct exchange *x, uint64_t max, struct slice *out) MUST_CHECK;

#endif
