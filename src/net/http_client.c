/* http_client.c: see http_client.h. */
#include "net/http_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#define ANSWER_MAX ((size_t)1 << 20)

struct http_client {
	CURL *curl;
	struct http_options o;
	char why[CURL_ERROR_SIZE];
};

/* What the callbacks of one request need. */
struct transfer {
	const struct http_request *r;
	struct http_answer *out;
	uint64_t at; /* bytes of the body handed to libcurl */
	bool too_big;
	int read_errno;
};

static size_t
on_read(char *into, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	uint64_t total =
	    t->r->body_fd >= 0 ? t->r->body_size : (uint64_t)t->r->body.n;
	size_t want = size * n;
	ssize_t got;

	if (want > total - t->at)
		want = (size_t)(total - t->at);
	if (want == 0)
		return 0;
	if (t->r->body_fd < 0) {
		memcpy(into, t->r->body.p + t->at, want);
		got = (ssize_t)want;
	} else {
		got = pread(t->r->body_fd, into, want, (off_t)t->at);
	}
	if (got <= 0) {
		t->read_errno = got < 0 ? errno : EIO;
		return CURL_READFUNC_ABORT;
	}
	t->at += (uint64_t)got;
	return (size_t)got;
}

/* A kept-alive connection may turn out to be dead: the body is sent again. */
static int
on_seek(void *arg, curl_off_t offset, int origin)
{
	struct transfer *t = arg;

	if (origin != SEEK_SET || offset < 0)
		return CURL_SEEKFUNC_FAIL;
	t->at = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}

static size_t
on_write(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	buf_add(&t->out->body, data, size * n);
	if (!t->out->body.failed)
		return size * n;
	t->too_big = true;
	return 0;
}

static int
on_progress(void *arg, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal,
    curl_off_t ulnow)
{
	const struct transfer *t = arg;

	(void)dltotal;
	(void)dlnow;
	if (t->r->progress == NULL)
		return 0;
	return !t->r->progress(
	    t->r->arg, (uint64_t)ulnow, (uint64_t)(ultotal > 0 ? ultotal : 0));
}

struct http_client *
http_client_new(const struct http_options *o)
{
	struct http_client *c;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return NULL;
	c = calloc(1, sizeof(*c));
	if (c == NULL || (c->curl = curl_easy_init()) == NULL) {
		free(c);
		return NULL;
	}
	c->o = *o;
	return c;
}

void
http_client_free(struct http_client *c)
{
	if (c == NULL)
		return;
	curl_easy_cleanup(c->curl);
	free(c);
	curl_global_cleanup();
}

void
http_answer_clear(struct http_answer *a)
{
	buf_clear(&a->body);
	*a = (struct http_answer){0};
}

/* What holds for every request of the client. */
static void
set_client(struct http_client *c)
{
	const struct http_options *o = &c->o;
	CURL *h = c->curl;

#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(
	    h, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, c->why);
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_USERAGENT,
	    o->user_agent != NULL ? o->user_agent
				  : PACKAGE_NAME "/" PACKAGE_VERSION);
	if (o->proxy != NULL)
		curl_easy_setopt(h, CURLOPT_PROXY, o->proxy);
	if (o->cacert != NULL)
		curl_easy_setopt(h, CURLOPT_CAINFO, o->cacert);
	if (o->insecure) {
		curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT,
	    o->connect_seconds > 0 ? o->connect_seconds : 10L);
	curl_easy_setopt(h, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME,
	    o->silence_seconds > 0 ? o->silence_seconds : 60L);
	/* Servers that don't know 100-continue cost no more than this. */
	curl_easy_setopt(h, CURLOPT_EXPECT_100_TIMEOUT_MS, 500L);
}

static void
set_callbacks(CURL *h, struct transfer *t)
{
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(h, CURLOPT_XFERINFODATA, t);
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(h, CURLOPT_READDATA, t);
	curl_easy_setopt(h, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(h, CURLOPT_SEEKDATA, t);
}

static struct curl_slist *
add_header(struct curl_slist *list, const char *name, const char *value)
{
	struct buf line = BUF_INIT;
	struct curl_slist *more;

	buf_addf(&line, "%s: %s", name, value);
	more = curl_slist_append(list, line.data);
	explicit_bzero(line.data, line.len);
	buf_clear(&line);
	return more != NULL ? more : list;
}

static struct curl_slist *
set_request(CURL *h, const struct http_request *r)
{
	struct curl_slist *headers = NULL;
	uint64_t total = r->body_fd >= 0 ? r->body_size : (uint64_t)r->body.n;

	curl_easy_setopt(h, CURLOPT_URL, r->url);
	if (strcmp(r->method, "POST") == 0) {
		curl_easy_setopt(h, CURLOPT_POST, 1L);
		curl_easy_setopt(
		    h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)total);
		if (r->content_type != NULL)
			headers = add_header(
			    headers, "Content-Type", r->content_type);
		if (r->encoding != NULL)
			headers = add_header(
			    headers, "Content-Encoding", r->encoding);
	} else {
		curl_easy_setopt(h, CURLOPT_HTTPGET, 1L);
	}
	if (r->accept != NULL)
		headers = add_header(headers, "Accept", r->accept);
	if (r->token != NULL && r->token[0] != '\0') {
		struct buf value = BUF_INIT;
		buf_addf(&value, "Bearer %s", r->token);
		headers = add_header(headers, "Authorization", value.data);
		explicit_bzero(value.data, value.len);
		buf_clear(&value);
	}
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	return headers;
}

static enum err
failure(const struct http_client *c, CURLcode rc, const struct transfer *t,
    struct errinfo *ei)
{
	const char *why = c->why[0] != '\0' ? c->why : curl_easy_strerror(rc);

	if (t->read_errno != 0)
		return err_set(ei, ERR_INTERNAL, "what is to be sent: %s",
		    strerror(t->read_errno));
	if (t->too_big)
		return err_set(ei, ERR_TOO_BIG,
		    "the server's answer is longer than %zu bytes",
		    t->out->body.limit);
	switch (rc) {
	case CURLE_ABORTED_BY_CALLBACK:
		return err_set(ei, ERR_BUSY, "interrupted");
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return err_set(ei, ERR_INPUT, "%s", why);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return err_set(ei, ERR_DENIED, "%s", why);
	default:
		return err_set(ei, ERR_UPSTREAM, "%s", why);
	}
}

static void
copy_text(char *out, size_t size, const char *s)
{
	snprintf(out, size, "%s", s != NULL ? s : "");
}

static void
read_answer(CURL *h, struct http_answer *out)
{
	curl_off_t wait = 0;
	char *text = NULL;

	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &out->status);
	if (curl_easy_getinfo(h, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK &&
	    wait > 0)
		out->retry_after = (int64_t)wait;
	if (curl_easy_getinfo(h, CURLINFO_REDIRECT_URL, &text) == CURLE_OK)
		copy_text(out->redirect, sizeof(out->redirect), text);
	text = NULL;
	if (curl_easy_getinfo(h, CURLINFO_CONTENT_TYPE, &text) == CURLE_OK)
		copy_text(out->content_type, sizeof(out->content_type), text);
}

enum err
http_send(struct http_client *c, const struct http_request *r,
    struct http_answer *out, struct errinfo *ei)
{
	struct transfer t = {.r = r, .out = out};
	struct curl_slist *headers;
	CURLcode rc;

	http_answer_clear(out);
	out->body.limit = c->o.answer_max > 0 ? c->o.answer_max : ANSWER_MAX;
	c->why[0] = '\0';
	curl_easy_reset(c->curl); /* keeps the connection */
	set_client(c);
	set_callbacks(c->curl, &t);
	headers = set_request(c->curl, r);
	rc = curl_easy_perform(c->curl);
	if (rc == CURLE_OK)
		read_answer(c->curl, out);
	curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
	return rc == CURLE_OK ? ERR_OK : failure(c, rc, &t, ei);
}
