/*
 * task_load: posts tasks of a live build as the oestats client does, each on a
 * connection of its own, at a steady rate whether or not answers come.
 *
 *     task_load PORT BUILD RATE SECONDS
 *
 * RATE posts a second, one of 200 a failure with a log.  How long an answer
 * took counts from when its post was due.  Prints one JSON object: posts, those
 * that were refused, rate, latencies in seconds.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "http.h"

#define THREADS 16
#define FAILURE_EACH 200
#define LOG_LINES 400
#define BOUNDARY "----------ThIs_Is_tHe_bouNdaRY_$"

struct load {
	unsigned port;
	const char *build;
	size_t count;
	double rate, t0;
	double *latency; /* of each post */
	size_t next;     /* by __atomic */
	size_t bad;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
sleep_until(double when)
{
	struct timespec t = {.tv_sec = (time_t)when};

	t.tv_nsec = (long)((when - (double)t.tv_sec) * 1e9);
	while (
	    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

static void
add_field(struct buf *b, const char *name, const char *value)
{
	buf_addf(b,
	    "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\""
	    "\r\n\r\n%s\r\n",
	    name, value);
}

static void
make_body(struct buf *b, const struct load *l, size_t i)
{
	char name[32], task[32];
	bool failed = i % FAILURE_EACH == FAILURE_EACH - 1;

	snprintf(name, sizeof(name), "recipe%zu", i / 16);
	snprintf(task, sizeof(task), "do_task%zu", i % 16);
	buf_reset(b);
	add_field(b, "status", failed ? "Failed" : "Succeeded");
	add_field(b, "task", task);
	add_field(b, "package", name);
	add_field(b, "depends", "virtual/libc zlib-native pkgconfig-native");
	add_field(b, "build", l->build);
	add_field(b, "version", "1.2.3");
	add_field(b, "time", "12.3456789");
	add_field(b, "revision", "r0");
	if (failed) {
		buf_adds(b, "--" BOUNDARY "\r\nContent-Disposition: form-data; "
			    "name=\"log\"; filename=\"log.txt\"\r\n"
			    "Content-Type: text/plain\r\n\r\n");
		for (int n = 0; n < LOG_LINES; n++)
			buf_addf(b, "gcc -O2 -c -o obj%d.o src%zu.c\n", n, i);
		buf_addf(b, "src%zu.c:7: error: x undeclared\n\r\n", i);
	}
	buf_adds(b, "--" BOUNDARY "--\r\n");
}

static int
post(const struct load *l, const struct buf *body)
{
	struct http_answer a = {0};
	char head[512];
	int fd = http_connect(l->port), done = -1, n;

	if (fd < 0)
		return 0;
	n = snprintf(head, sizeof(head),
	    "POST /tasks/ HTTP/1.1\r\nHost: localhost\r\n"
	    "Accept-Encoding: identity\r\nContent-length: %zu\r\n"
	    "Content-type: multipart/form-data; boundary=" BOUNDARY "\r\n"
	    "User-agent: oestats-client/0.5\r\nConnection: close\r\n\r\n",
	    body->len);
	if (http_send_all(fd, head, (size_t)n) &&
	    http_send_all(fd, body->data, body->len))
		do
			done = http_answer_read(&a, fd);
		while (done == 0);
	close(fd);
	buf_clear(&a.raw);
	return done == 1 ? a.status : 0;
}

static void *
run(void *arg)
{
	struct load *l = arg;
	struct buf body = BUF_INIT;
	size_t i;

	while ((i = __atomic_fetch_add(&l->next, 1, __ATOMIC_RELAXED)) <
	       l->count) {
		double due = l->t0 + (double)i / l->rate;
		make_body(&body, l, i);
		sleep_until(due);
		if (post(l, &body) != 200)
			__atomic_fetch_add(&l->bad, 1, __ATOMIC_RELAXED);
		l->latency[i] = now() - due;
	}
	buf_clear(&body);
	return NULL;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
print(struct load *l, double seconds)
{
	size_t n = l->count;

	qsort(l->latency, n, sizeof(double), by_value);
	printf("{\"posts\": %zu, \"bad\": %zu, \"rate\": %.1f, "
	       "\"p50\": %.6f, \"p90\": %.6f, \"p99\": %.6f, \"max\": %.6f}\n",
	    n, l->bad, (double)n / seconds, l->latency[n / 2],
	    l->latency[n * 9 / 10], l->latency[n * 99 / 100],
	    l->latency[n - 1]);
}

int
main(int argc, char **argv)
{
	pthread_t thread[THREADS];
	struct load l = {0};

	log_open("task_load", LOG_LEVEL_INFO);
	if (argc == 5) {
		l.port = (unsigned)strtoul(argv[1], NULL, 10);
		l.build = argv[2];
		l.rate = strtod(argv[3], NULL);
		l.count = (size_t)(l.rate * strtod(argv[4], NULL));
	}
	if (l.count < 1) {
		fputs("usage: task_load PORT BUILD RATE SECONDS\n", stderr);
		return 2;
	}
	l.latency = calloc(l.count, sizeof(double));
	if (l.latency == NULL)
		return 1;
	l.t0 = now() + 0.1;
	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&thread[i], NULL, run, &l) != 0)
			return 1;
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	print(&l, now() - l.t0);
	free(l.latency);
	return 0;
}
