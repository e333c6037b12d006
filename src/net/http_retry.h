/*
 * http_retry.h: sends a request again while that makes sense.
 *
 * Only for requests that may arrive twice: uploads are applied once by the
 * server.  Tried again are lost connections and the answers 429, 502, 503 and
 * 504; every other answer is final.
 */
#ifndef NET_HTTP_RETRY_H
#define NET_HTTP_RETRY_H

#include "net/http_client.h"

struct retry_policy {
	unsigned retries;     /* further tries after the first */
	unsigned max_seconds; /* no try begins later than this after the first;
				 0: no limit */
	/* Told before each wait; may be NULL. */
	void (*waiting)(void *arg, unsigned ms, const char *why);
	/* Ends waits and tries when it returns true; may be NULL. */
	bool (*stop)(void *arg);
	void *arg;
};

/* Answers worth another try. */
bool http_status_is_transient(long status);

/*
 * Milliseconds before try number `attempt` + 2: 1 s doubled each time, at
 * most 60 s, of which `random` takes away up to a half, so that a thousand
 * clients don't come back at once.  A server's Retry-After is the least.
 */
unsigned retry_delay_ms(unsigned attempt, uint32_t random, int64_t retry_after);

/*
 * As http_send.  When the tries are used up: the last answer with ERR_OK, or
 * the last error.
 */
enum err http_send_retry(struct http_client *c, const struct http_request *r,
    const struct retry_policy *p, struct http_answer *out,
    struct errinfo *ei) MUST_CHECK;

#endif
