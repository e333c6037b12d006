/*
 * load: asks for a page over and over on connections that stay open.
 *
 *     load PORT CONNECTIONS REQUESTS PATH [HEADER]
 *
 * A "%" in PATH becomes the request's number.  Prints one JSON object:
 * requests per second, latency, mean size, answers other than 200.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "http.h"

#define CONNECTIONS_MAX 64

struct conn {
	int fd;
	double sent; /* when */
	struct http_answer answer;
};

struct load {
	unsigned port;
	size_t requests, asked, answered;
	size_t bad; /* other than 200 */
	size_t bytes;
	const char *path, *header;
	double *latency; /* of each answer, seconds */
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool
ask(struct load *l, struct conn *c)
{
	const char *mark = strchr(l->path, '%');
	char text[4096];
	int n;

	if (c->fd < 0) {
		c->fd = http_connect(l->port);
		if (c->fd < 0)
			return false;
	}
	if (mark)
		n = snprintf(text, sizeof(text), "GET %.*s%zu%s",
		    (int)(mark - l->path), l->path, l->asked, mark + 1);
	else
		n = snprintf(text, sizeof(text), "GET %s", l->path);
	n += snprintf(text + n, sizeof(text) - (size_t)n,
	    " HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n", l->header,
	    *l->header ? "\r\n" : "");
	l->asked++;
	c->sent = now();
	http_answer_next(&c->answer);
	return http_send_all(c->fd, text, (size_t)n);
}

/* nginx closes a connection after some requests: ask again on a new one. */
static bool
reopen(struct load *l, struct conn *c)
{
	bool broke_midway = c->answer.raw.len > 0;

	close(c->fd);
	c->fd = -1;
	l->asked--;
	return !broke_midway && ask(l, c);
}

static bool
take(struct load *l, struct conn *c)
{
	int done = http_answer_read(&c->answer, c->fd);

	if (done < 0)
		return reopen(l, c);
	if (done == 0)
		return true;
	l->latency[l->answered++] = now() - c->sent;
	l->bad += c->answer.status != 200;
	l->bytes += c->answer.raw.len - c->answer.body;
	if (l->asked < l->requests)
		return ask(l, c);
	close(c->fd);
	c->fd = -1;
	return true;
}

static bool
run(struct load *l, struct conn *conns, size_t n)
{
	struct pollfd fds[CONNECTIONS_MAX];

	for (size_t i = 0; i < n; i++) {
		conns[i].fd = -1;
		if (l->asked < l->requests && !ask(l, &conns[i]))
			return false;
	}
	while (l->answered < l->requests) {
		for (size_t i = 0; i < n; i++)
			fds[i] = (struct pollfd){
			    .fd = conns[i].fd, .events = POLLIN};
		if (poll(fds, n, 60000) <= 0)
			return false;
		for (size_t i = 0; i < n; i++) {
			if (fds[i].revents && !take(l, &conns[i]))
				return false;
		}
	}
	return true;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
print(const struct load *l, double seconds)
{
	size_t n = l->answered;

	qsort(l->latency, n, sizeof(double), by_value);
	printf("{\"requests\": %zu, \"bad\": %zu, \"seconds\": %.6f, "
	       "\"rate\": %.1f, \"p50\": %.6f, \"p99\": %.6f, "
	       "\"bytes\": %.0f}\n",
	    n, l->bad, seconds, (double)n / seconds, l->latency[n / 2],
	    l->latency[n * 99 / 100], (double)l->bytes / (double)n);
}

int
main(int argc, char **argv)
{
	static struct conn conns[CONNECTIONS_MAX];
	struct load l = {0};
	size_t n;
	double t0;

	log_open("load", LOG_LEVEL_INFO);
	if (argc < 5 || argc > 6) {
		fputs("usage: load PORT CONNECTIONS REQUESTS PATH [HEADER]\n",
		    stderr);
		return 2;
	}
	l.port = (unsigned)strtoul(argv[1], NULL, 10);
	n = strtoul(argv[2], NULL, 10);
	l.requests = strtoul(argv[3], NULL, 10);
	l.path = argv[4];
	l.header = argc == 6 ? argv[5] : "";
	if (n < 1 || n > CONNECTIONS_MAX || l.requests < 1)
		return 2;
	l.latency = calloc(l.requests, sizeof(double));
	if (!l.latency)
		return 1;
	t0 = now();
	if (!run(&l, conns, n)) {
		log_error("the server stopped answering");
		return 1;
	}
	print(&l, now() - t0);
	for (size_t i = 0; i < n; i++)
		buf_clear(&conns[i].answer.raw);
	free(l.latency);
	return 0;
}
