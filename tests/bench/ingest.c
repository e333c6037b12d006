/*
 * ingest: uploads made-up builds, one after the other, as push-build-results
 * would, on one connection that stays open.
 *
 *     ingest --port N [--path P] [--builds N] [--first N] [--batch N]
 *            [--level N] [--print] [generator options]
 *
 * Builds are made and packed by a second thread, BATCH ahead: give it all of
 * --builds to have everything ready before the first upload is timed.  Prints
 * one JSON object: seconds and tasks of each upload.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "archive/zstd.h"
#include "base/log.h"
#include "gen_options.h"
#include "http.h"

/* One packed build. */
struct parcel {
	struct buf zst;
	size_t tasks;
};

struct ingest {
	unsigned port;
	const char *path;
	size_t builds, first;
	size_t runs;  /* builds in one upload */
	size_t batch; /* parcels made ahead */
	int level;
	bool wait;  /* for the whole batch before the first upload */
	bool print; /* the answers' bodies, on stderr */
	struct gen *gen;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct parcel *ring; /* of batch elements */
	size_t made, taken;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
make(struct ingest *in, size_t i, struct buf *tar, struct parcel *p)
{
	char prefix[32] = "";

	tar->len = 0;
	p->tasks = 0;
	for (size_t k = 0; k < in->runs; k++) {
		if (in->runs > 1)
			snprintf(prefix, sizeof(prefix), "b%zu", k);
		p->tasks += gen_build(
		    in->gen, in->first + i * in->runs + k, prefix, tar);
	}
	gen_tar_end(tar);
	p->zst.len = 0;
	zstd_pack(&p->zst, tar->data, tar->len, in->level);
}

static void *
producer(void *arg)
{
	struct ingest *in = arg;
	struct buf tar = BUF_INIT;

	for (size_t i = 0; i < in->builds; i++) {
		pthread_mutex_lock(&in->lock);
		while (in->made - in->taken == in->batch)
			pthread_cond_wait(&in->changed, &in->lock);
		pthread_mutex_unlock(&in->lock);
		make(in, i, &tar, &in->ring[i % in->batch]);
		pthread_mutex_lock(&in->lock);
		in->made++;
		pthread_cond_broadcast(&in->changed);
		pthread_mutex_unlock(&in->lock);
	}
	buf_clear(&tar);
	return NULL;
}

static struct parcel *
wait_for(struct ingest *in, size_t i)
{
	size_t need = in->wait && i == 0 ? in->builds : i + 1;

	pthread_mutex_lock(&in->lock);
	while (in->made < need)
		pthread_cond_wait(&in->changed, &in->lock);
	pthread_mutex_unlock(&in->lock);
	return &in->ring[i % in->batch];
}

static void
give_back(struct ingest *in)
{
	pthread_mutex_lock(&in->lock);
	in->taken++;
	pthread_cond_broadcast(&in->changed);
	pthread_mutex_unlock(&in->lock);
}

static bool
upload(
    struct ingest *in, int *fd, const struct parcel *p, struct http_answer *a)
{
	char head[512];
	int done, n = snprintf(head, sizeof(head),
		      "POST %s HTTP/1.1\r\nHost: localhost\r\n"
		      "Content-Type: application/zstd\r\n"
		      "Content-Length: %zu\r\n\r\n",
		      in->path, p->zst.len);

	if (*fd < 0)
		*fd = http_connect(in->port);
	http_answer_next(a);
	if (*fd < 0 || !http_send_all(*fd, head, (size_t)n) ||
	    !http_send_all(*fd, p->zst.data, p->zst.len))
		return false;
	do {
		done = http_answer_read(a, *fd);
	} while (done == 0);
	if (a->closing) {
		close(*fd);
		*fd = -1;
	}
	if (in->print && done == 1)
		fprintf(stderr, "%.*s\n", (int)(a->raw.len - a->body),
		    a->raw.data + a->body);
	if (done == 1 && a->status != 201)
		log_error("answer %d: %.*s", a->status,
		    (int)(a->raw.len - a->body), a->raw.data + a->body);
	return done == 1 && a->status == 201;
}

static bool
upload_all(struct ingest *in)
{
	struct http_answer a = {0};
	size_t tasks = 0, bytes = 0;
	int fd = -1;
	bool ok = true;

	printf("{\"seconds\": [");
	for (size_t i = 0; ok && i < in->builds; i++) {
		struct parcel *p = wait_for(in, i);
		double t0 = now();

		ok = upload(in, &fd, p, &a);
		printf("%s%.6f", i ? ", " : "", now() - t0);
		tasks += p->tasks;
		bytes += p->zst.len;
		give_back(in);
	}
	printf("], \"tasks\": %zu, \"bytes\": %zu}\n", tasks, bytes);
	buf_clear(&a.raw);
	if (fd >= 0)
		close(fd);
	return ok;
}

static int
usage(void)
{
	fputs("usage: ingest --port N [--path P] [--builds N] [--first N] "
	      "[--runs N]\n    [--batch N] [--level N] "
	      "[--print] " GEN_OPTIONS_USAGE "\n",
	    stderr);
	return 2;
}

static bool
take_option(struct ingest *in, int c, const char *arg)
{
	switch (c) {
	case 'p':
		in->port = (unsigned)strtoul(arg, NULL, 10);
		return in->port > 0;
	case 'u':
		in->path = arg;
		return true;
	case 'b':
		in->builds = strtoul(arg, NULL, 10);
		return in->builds > 0;
	case 'f':
		in->first = strtoul(arg, NULL, 10);
		return true;
	case 'r':
		in->runs = strtoul(arg, NULL, 10);
		return in->runs > 0;
	case 'n':
		in->batch = strtoul(arg, NULL, 10);
		return in->batch > 0;
	case 'l':
		in->level = atoi(arg);
		return true;
	case 'v':
		in->print = true;
		return true;
	default:
		return false;
	}
}

static bool
run(struct ingest *in)
{
	pthread_t thread;
	bool ok;

	if (in->batch >= in->builds) {
		in->batch = in->builds;
		in->wait = true;
	}
	in->ring = calloc(in->batch, sizeof(*in->ring));
	if (!in->ring || pthread_create(&thread, NULL, producer, in))
		return false;
	ok = upload_all(in);
	if (ok) {
		pthread_join(thread, NULL);
		for (size_t i = 0; i < in->batch; i++)
			buf_clear(&in->ring[i].zst);
		free(in->ring);
	}
	return ok;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"port", required_argument, NULL, 'p'},
	    {"path", required_argument, NULL, 'u'},
	    {"builds", required_argument, NULL, 'b'},
	    {"first", required_argument, NULL, 'f'},
	    {"runs", required_argument, NULL, 'r'},
	    {"batch", required_argument, NULL, 'n'},
	    {"level", required_argument, NULL, 'l'},
	    {"print", no_argument, NULL, 'v'},
	    GEN_OPTIONS_LONG,
	    {0},
	};
	struct ingest in = {.path = "/buildstats/upload",
	    .builds = 1,
	    .runs = 1,
	    .batch = 4,
	    .level = 3,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .changed = PTHREAD_COND_INITIALIZER};
	struct gen_cli cli = GEN_CLI_INIT;
	struct errinfo ei;
	int c;

	log_open("ingest", LOG_LEVEL_INFO);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (!take_option(&in, c, optarg) &&
		    !gen_cli_take(&cli, c, optarg))
			return usage();
	}
	if (in.port == 0)
		return usage();
	if (gen_new(&in.gen, cli.model, &cli.o, &ei)) {
		log_error("%s", ei.text);
		return 1;
	}
	if (!run(&in))
		return 1;
	gen_free(in.gen);
	return 0;
}
