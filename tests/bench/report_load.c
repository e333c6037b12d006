/*
 * report_load: sends made-up error reports as send-error-report does: each
 * by its own two connections, a GET that asks for the limit and a POST.
 *
 *     report_load PORT CLIENTS COUNT FIRST LOG_BYTES
 *
 * LOG_BYTES 0: as long as real logs are.  The documents are made before the
 * clock starts where they fit into memory, else while it runs.  Prints one JSON
 * object: seconds, reports, refused ones, bytes sent.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "gen_log.h"
#include "http.h"

#define CLIENTS_MAX 32
#define READY_BYTES ((size_t)512 << 20)

struct client {
	pthread_t thread;
	unsigned port;
	size_t first, count, step, log_bytes;
	struct buf *ready; /* or NULL */
	size_t bytes, bad;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* One request on a connection of its own; its status, 0 if it broke. */
static int
exchange(unsigned port, const char *head, const struct buf *body)
{
	struct http_answer a = {0};
	int fd = http_connect(port), done = -1;

	if (fd < 0)
		return 0;
	if (http_send_all(fd, head, strlen(head)) &&
	    (body == NULL || http_send_all(fd, body->data, body->len)))
		do
			done = http_answer_read(&a, fd);
		while (done == 0);
	close(fd);
	buf_clear(&a.raw);
	return done == 1 ? a.status : 0;
}

static void
send_report(struct client *c, const struct buf *body)
{
	char head[512];

	snprintf(head, sizeof(head),
	    "GET /ClientPost/JSON HTTP/1.1\r\nAccept-Encoding: identity\r\n"
	    "Host: localhost\r\nUser-Agent: Python-urllib/3.11\r\n"
	    "Connection: close\r\n\r\n");
	c->bad += exchange(c->port, head, NULL) != 200;
	snprintf(head, sizeof(head),
	    "POST /ClientPost/ HTTP/1.1\r\nAccept-Encoding: identity\r\n"
	    "Content-Length: %zu\r\nHost: localhost\r\nContent-Type: "
	    "application/json\r\nUser-Agent: send-error-report/0.4\r\n"
	    "Connection: close\r\n\r\n",
	    body->len);
	c->bad += exchange(c->port, head, body) != 200;
	c->bytes += body->len;
}

static void *
run(void *arg)
{
	struct client *c = arg;
	struct buf made = BUF_INIT;

	for (size_t i = 0; i < c->count; i++) {
		if (c->ready != NULL) {
			send_report(c, &c->ready[i]);
			continue;
		}
		buf_reset(&made);
		gen_report(&made, c->first + i * c->step, c->log_bytes);
		send_report(c, &made);
	}
	buf_clear(&made);
	return NULL;
}

static void
make_ready(struct client *c)
{
	c->ready = calloc(c->count + 1, sizeof(*c->ready));
	if (c->ready == NULL)
		exit(EXIT_FAILURE);
	for (size_t i = 0; i < c->count; i++)
		gen_report(&c->ready[i], c->first + i * c->step, c->log_bytes);
}

int
main(int argc, char **argv)
{
	static struct client client[CLIENTS_MAX];
	size_t n, count, bytes = 0, bad = 0;
	double t0;

	log_open("report_load", LOG_LEVEL_INFO);
	n = argc == 6 ? strtoul(argv[2], NULL, 10) : 0;
	if (n < 1 || n > CLIENTS_MAX) {
		fputs("usage: report_load PORT CLIENTS COUNT FIRST "
		      "LOG_BYTES\n",
		    stderr);
		return 2;
	}
	count = strtoul(argv[3], NULL, 10);
	for (size_t i = 0; i < n; i++) {
		client[i] = (struct client){
		    .port = (unsigned)strtoul(argv[1], NULL, 10),
		    .first = strtoul(argv[4], NULL, 10) + i,
		    .count = count / n + (i < count % n),
		    .step = n,
		    .log_bytes = strtoul(argv[5], NULL, 10),
		};
		if (client[i].log_bytes > 0 &&
		    count * client[i].log_bytes < READY_BYTES)
			make_ready(&client[i]);
	}
	t0 = now();
	for (size_t i = 0; i < n; i++)
		if (pthread_create(&client[i].thread, NULL, run, &client[i]) !=
		    0)
			return EXIT_FAILURE;
	for (size_t i = 0; i < n; i++) {
		pthread_join(client[i].thread, NULL);
		bytes += client[i].bytes;
		bad += client[i].bad;
	}
	printf("{\"seconds\": %.6f, \"reports\": %zu, \"bad\": %zu, "
	       "\"bytes\": %zu}\n",
	    now() - t0, count, bad, bytes);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; client[i].ready && k < client[i].count; k++)
			buf_clear(&client[i].ready[k]);
		free(client[i].ready);
	}
	return 0;
}
