/* http_retry.c: see http_retry.h. */
#include "net/http_retry.h"

#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <sys/random.h>

#include "base/clock.h"

#define FIRST_MS 1000u
#define MOST_MS 60000u
#define RETRY_AFTER_MAX 86400

bool
http_status_is_transient(long status)
{
	return status == 429 || (status >= 502 && status <= 504);
}

unsigned
retry_delay_ms(unsigned attempt, uint32_t random, int64_t retry_after)
{
	unsigned full = attempt < 6 ? FIRST_MS << attempt : MOST_MS;
	unsigned ms;

	if (full > MOST_MS)
		full = MOST_MS;
	ms = full / 2 + random % (full / 2 + 1);
	if (retry_after > RETRY_AFTER_MAX)
		retry_after = RETRY_AFTER_MAX;
	if (retry_after > 0 && ms < (unsigned)retry_after * 1000u)
		ms = (unsigned)retry_after * 1000u + random % FIRST_MS / 4;
	return ms;
}

static uint32_t
random_bits(void)
{
	uint32_t v;

	if (getrandom(&v, sizeof(v), GRND_NONBLOCK) != sizeof(v))
		v = (uint32_t)getpid() * 2654435761u;
	return v;
}

static bool
stopped(const struct retry_policy *p)
{
	return p->stop != NULL && p->stop(p->arg);
}

/* In small steps, because a stop may come from anywhere. */
static void
wait_ms(const struct retry_policy *p, unsigned ms)
{
	int64_t end = clock_ms() + ms, left;

	while (!stopped(p) && (left = end - clock_ms()) > 0)
		poll(NULL, 0, left < 250 ? (int)left : 250);
}

enum err
http_send_retry(struct http_client *c, const struct http_request *r,
    const struct retry_policy *p, struct http_answer *out, struct errinfo *ei)
{
	int64_t begin = clock_ms();

	for (unsigned attempt = 0;; attempt++) {
		enum err e = http_send(c, r, out, ei);
		char why[64];
		unsigned ms;

		if (e != ERR_OK && e != ERR_UPSTREAM)
			return e;
		if (e == ERR_OK && !http_status_is_transient(out->status))
			return e;
		if (attempt >= p->retries)
			return e;
		ms = retry_delay_ms(attempt, random_bits(), out->retry_after);
		if (p->max_seconds != 0 &&
		    clock_ms() - begin + ms > (int64_t)p->max_seconds * 1000)
			return e;
		snprintf(
		    why, sizeof(why), "the server answered %ld", out->status);
		if (p->waiting != NULL)
			p->waiting(p->arg, ms,
			    e == ERR_OK || ei == NULL ? why : ei->text);
		wait_ms(p, ms);
		if (stopped(p))
			return e;
	}
}
