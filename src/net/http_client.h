/*
 * http_client.h: HTTP requests, one at a time over a kept-alive connection.
 *
 * With http_retry the only user of libcurl.  Certificates are verified,
 * redirects are never followed, proxies come from the environment unless one
 * is given, an answer beyond its cap is refused.  Programs that use it ignore
 * SIGPIPE.
 */
#ifndef NET_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct http_client;

/* 0 and NULL mean the default.  Texts are borrowed for the client's life. */
struct http_options {
	const char *user_agent;
	const char *proxy;    /* NULL: http_proxy, https_proxy, no_proxy */
	const char *cacert;   /* file of certificate authorities, PEM */
	bool insecure;        /* don't verify the server's certificate */
	long connect_seconds; /* 10 */
	long silence_seconds; /* give up when nothing moves so long; 60 */
	size_t answer_max;    /* bytes; 1 MiB */
};

/*
 * Called about once a second and as bytes move; false ends the request with
 * ERR_BUSY.
 */
typedef bool (*http_progress_fn)(void *arg, uint64_t sent, uint64_t total);

struct http_request {
	const char *method; /* "GET" or "POST" */
	const char *url;
	const char *token;         /* of "Authorization: Bearer", or NULL */
	const char *accept;        /* media type wanted, or NULL */
	const char *content_type;  /* of the body */
	const char *encoding;      /* Content-Encoding of the body, or NULL */
	struct slice body;         /* used when body_fd is -1 */
	int body_fd;               /* a file, sent from its start, or -1 */
	uint64_t body_size;        /* of that file */
	http_progress_fn progress; /* or NULL */
	void *arg;
};

struct http_answer {
	long status;
	struct buf body;       /* free with http_answer_clear */
	int64_t retry_after;   /* seconds, 0 if the server didn't say */
	char redirect[512];    /* where a 3xx points, "" */
	char content_type[64]; /* "" if the server didn't say */
};

/* NULL only when libcurl can't be set up. */
struct http_client *http_client_new(const struct http_options *o);
void http_client_free(struct http_client *c);

/*
 * Sends one request; ERR_OK for every HTTP status.  Otherwise the text says
 * what happened: ERR_UPSTREAM (no connection, cut off: worth another try),
 * ERR_DENIED (certificate), ERR_INPUT (URL), ERR_TOO_BIG (answer),
 * ERR_BUSY (ended by progress), ERR_INTERNAL (body can't be read).
 */
enum err http_send(struct http_client *c, const struct http_request *r,
    struct http_answer *out, struct errinfo *ei) MUST_CHECK;
void http_answer_clear(struct http_answer *a);

#endif
