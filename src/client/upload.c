/* upload.c: one parcel to the server; see client.h. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "client/answer.h"
#include "client/client.h"
#include "client/say.h"
#include "net/http_retry.h"

struct sending {
	const struct client *c;
	const char *name;
};

static bool
on_progress(void *arg, uint64_t sent, uint64_t total)
{
	const struct sending *s = arg;

	if (total != 0 && sent == total)
		say_progress_text(s->name, "waiting for the server");
	else if (total != 0)
		say_progress(s->name, "sending", sent, total);
	return s->c->stop == NULL || !s->c->stop();
}

static void
on_waiting(void *arg, unsigned ms, const char *why)
{
	const struct sending *s = arg;

	say_detail("%s: %s; trying again in %.1f s", s->name, why, ms / 1000.0);
	say_progress_text(s->name, why);
}

static bool
on_stop(void *arg)
{
	const struct sending *s = arg;

	return s->c->stop != NULL && s->c->stop();
}

static enum outcome
later(struct client *c, struct errinfo *ei)
{
	c->away = true;
	memcpy(c->why_away, ei->text, sizeof(c->why_away));
	return OUT_LATER;
}

static const char *
content_type(const struct parcel *p)
{
	struct slice suffix = slice_of(p->suffix);

	return slice_ends(suffix, ".zst")   ? "application/zstd"
	       : slice_ends(suffix, ".gz")  ? "application/gzip"
	       : slice_ends(suffix, ".xz")  ? "application/x-xz"
	       : slice_ends(suffix, ".bz2") ? "application/x-bzip2"
					    : "application/x-tar";
}

/* A redirected POST would lose its body or go who knows where. */
static void
explain_redirect(const struct client *c, const struct http_answer *answer,
    struct errinfo *ei)
{
	const char *to = answer->redirect;
	size_t n = strlen(to);

	if (n > 7 && strcmp(to + n - 7, "/upload") == 0)
		n -= 7;
	err_set(ei, ERR_UPSTREAM, "%s redirects to %.*s; give that as --server",
	    c->target.base, (int)n, to);
}

/* These speak of the content; others of who asks and where. */
static bool
is_about_content(long status)
{
	return status == 400 || status == 409 || status == 411 ||
	       status == 413 || status == 415 || status == 422;
}

/* These would say the same to every other build. */
static bool
is_about_us(long status)
{
	return status == 401 || status == 403 || status == 404 ||
	       status == 405 || http_status_is_transient(status);
}

static enum outcome
refusal(struct client *c, struct arena *a, const struct http_answer *answer,
    struct errinfo *ei)
{
	struct slice body = {answer->body.data, answer->body.len};

	if (answer->status >= 300 && answer->status < 400) {
		explain_redirect(c, answer, ei);
		return later(c, ei);
	}
	err_set(ei, ERR_UPSTREAM, "%s",
	    answer_refusal(a, answer->status, answer->content_type, body));
	if (is_about_content(answer->status))
		return OUT_REFUSED;
	if (answer->status == 404 && c->target.bare)
		err_set(ei, ERR_UPSTREAM,
		    "no upload at %s; is the path missing, as in "
		    "%s/buildstats/?",
		    c->target.upload, c->target.base);
	return is_about_us(answer->status) ? later(c, ei) : OUT_LATER;
}

static enum outcome
judge(struct client *c, struct arena *a, const struct http_answer *answer,
    struct buf *lines, struct errinfo *ei)
{
	struct slice body = {answer->body.data, answer->body.len};

	if (answer->status != 200 && answer->status != 201)
		return refusal(c, a, answer, ei);
	if (answer_read(body, lines, ei) != ERR_OK)
		return later(c, ei);
	c->away = c->told_away = false;
	return OUT_SENT;
}

enum outcome
upload_send(struct client *c, struct arena *a, const struct parcel *p,
    struct buf *lines, struct errinfo *ei)
{
	CLEANUP(http_answer_clear) struct http_answer answer = {0};
	struct sending s = {c, p->name};
	struct http_request request = {
	    .method = "POST",
	    .url = c->target.upload,
	    .token = c->o->token,
	    .accept = "application/json",
	    .content_type = content_type(p),
	    .body_fd = p->fd,
	    .body_size = p->size,
	    .progress = on_progress,
	    .arg = &s,
	};
	struct retry_policy policy = {
	    .retries = c->o->watch ? 0 : c->o->retries,
	    .max_seconds = c->o->retry_max_time,
	    .waiting = on_waiting,
	    .stop = on_stop,
	    .arg = &s,
	};
	enum err e;

	e = http_send_retry(c->http, &request, &policy, &answer, ei);
	c->retry_after = answer.retry_after;
	if (e == ERR_INTERNAL)
		return OUT_FAILED;
	if (e != ERR_OK) {
		err_prefix(ei, "%s", c->target.base);
		return later(c, ei);
	}
	return judge(c, a, &answer, lines, ei);
}
