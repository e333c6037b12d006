/*
 * copy_ref: what an upload is compared with: the same number of tasks, as
 * rows of a key and a float8 array, sent by one client as one binary COPY in
 * one transaction.  The rows are ready in memory beforehand, so that this
 * times PostgreSQL and nothing else.
 *
 *     copy_ref CONNINFO TASKS METRICS BUILDS ids|names
 *
 * With "ids" a row's key is three integers, as if somebody else had looked
 * them up; with "names" it holds the recipe and the task as they are called.
 *
 * Prints one JSON object: seconds of each transaction, bytes per task.
 */
#include <endian.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/log.h"
#include "rng.h"

#define FLOAT8_OID 701
#define PIECE ((size_t)1 << 18)
#define TASKS_OF_RECIPE 16

#define SCHEMA(type)                                                           \
	"DROP TABLE IF EXISTS bench_task;"                                     \
	"CREATE TABLE bench_task (build integer, recipe " type ", task " type  \
	", metrics float8[] NOT NULL, PRIMARY KEY (build, recipe, task));"     \
	"CREATE INDEX ON bench_task (recipe, task)"

/* What is measured. */
struct load {
	size_t tasks, metrics, builds;
	bool names;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
add16(struct buf *b, int v)
{
	uint16_t be = htobe16((uint16_t)v);

	buf_add(b, &be, sizeof(be));
}

static void
add32(struct buf *b, size_t v)
{
	uint32_t be = htobe32((uint32_t)v);

	buf_add(b, &be, sizeof(be));
}

static void
add_double(struct buf *b, double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof(bits));
	bits = htobe64(bits);
	add32(b, sizeof(bits));
	buf_add(b, &bits, sizeof(bits));
}

static void
add_int(struct buf *b, size_t v)
{
	add32(b, 4);
	add32(b, v);
}

/* As long as real ones are on average. */
static void
add_name(struct buf *b, const char *prefix, size_t number)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "%s%03zu", prefix, number);

	add32(b, (size_t)n);
	buf_add(b, text, (size_t)n);
}

static void
add_key(struct buf *b, const struct load *l, size_t build, size_t t)
{
	add_int(b, build);
	if (l->names) {
		add_name(b, "recipe-native-", t / TASKS_OF_RECIPE);
		add_name(b, "do_populate_", t % TASKS_OF_RECIPE);
	} else {
		add_int(b, t / TASKS_OF_RECIPE);
		add_int(b, t % TASKS_OF_RECIPE);
	}
}

/* The whole COPY stream of one build. */
static void
make_stream(struct buf *b, const struct load *l, size_t build, struct rng *r)
{
	size_t metrics = l->metrics;

	buf_add(b, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
	for (size_t t = 0; t < l->tasks; t++) {
		add16(b, 4);
		add_key(b, l, build, t);
		add32(b, 20 + 12 * metrics);
		add32(b, 1); /* dimensions */
		add32(b, 0); /* no nulls */
		add32(b, FLOAT8_OID);
		add32(b, metrics);
		add32(b, 1); /* lower bound */
		for (size_t m = 0; m < metrics; m++)
			add_double(b, floor(exp(8 + 3 * rng_normal(r))));
	}
	add16(b, -1);
}

static bool
run(PGconn *c, const char *sql, ExecStatusType want)
{
	PGresult *res = PQexec(c, sql);
	bool ok = PQresultStatus(res) == want;

	if (!ok)
		log_error("%s", PQerrorMessage(c));
	PQclear(res);
	return ok;
}

static bool
send_stream(PGconn *c, const struct buf *b)
{
	PGresult *res;
	bool ok;

	if (!run(c, "BEGIN", PGRES_COMMAND_OK) ||
	    !run(
		c, "COPY bench_task FROM STDIN (FORMAT binary)", PGRES_COPY_IN))
		return false;
	for (size_t at = 0; at < b->len; at += PIECE) {
		size_t n = b->len - at < PIECE ? b->len - at : PIECE;

		if (PQputCopyData(c, b->data + at, (int)n) != 1)
			return false;
	}
	if (PQputCopyEnd(c, NULL) != 1)
		return false;
	res = PQgetResult(c);
	ok = PQresultStatus(res) == PGRES_COMMAND_OK;
	if (!ok)
		log_error("%s", PQerrorMessage(c));
	PQclear(res);
	PQclear(PQgetResult(c));
	return ok && run(c, "COMMIT", PGRES_COMMAND_OK);
}

static bool
print_size(PGconn *c, size_t tasks)
{
	PGresult *res =
	    PQexec(c, "SELECT pg_total_relation_size('bench_task')");
	bool ok = PQresultStatus(res) == PGRES_TUPLES_OK;

	if (ok)
		printf("\"bytes_per_task\": %.1f}\n",
		    strtod(PQgetvalue(res, 0, 0), NULL) / (double)tasks);
	PQclear(res);
	return ok;
}

static bool
measure(PGconn *c, const struct load *l)
{
	const char *schema = l->names ? SCHEMA("text") : SCHEMA("integer");
	struct rng r;

	rng_seed(&r, 1);
	if (!run(c, schema, PGRES_COMMAND_OK))
		return false;
	printf("{\"seconds\": [");
	for (size_t i = 0; i < l->builds; i++) {
		struct buf b = BUF_INIT;
		double t0;
		bool ok;

		make_stream(&b, l, i, &r);
		t0 = now();
		ok = !b.failed && send_stream(c, &b);
		printf("%s%.6f", i ? ", " : "", now() - t0);
		buf_clear(&b);
		if (!ok)
			return false;
	}
	printf("], ");
	return print_size(c, l->tasks * l->builds) &&
	       run(c, "DROP TABLE bench_task", PGRES_COMMAND_OK);
}

int
main(int argc, char **argv)
{
	struct load l = {0};
	PGconn *c;
	bool ok;

	log_open("copy_ref", LOG_LEVEL_INFO);
	if (argc != 6) {
		fputs("usage: copy_ref CONNINFO TASKS METRICS BUILDS "
		      "ids|names\n",
		    stderr);
		return 2;
	}
	l.tasks = strtoul(argv[2], NULL, 10);
	l.metrics = strtoul(argv[3], NULL, 10);
	l.builds = strtoul(argv[4], NULL, 10);
	l.names = strcmp(argv[5], "names") == 0;
	c = PQconnectdb(argv[1]);
	ok = PQstatus(c) == CONNECTION_OK;
	if (!ok)
		log_error("%s", PQerrorMessage(c));
	else
		ok = run(c, "SET client_min_messages = warning",
			 PGRES_COMMAND_OK) &&
		     measure(c, &l);
	PQfinish(c);
	return ok ? 0 : 1;
}
