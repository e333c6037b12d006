/*
 * insert_ref: what a report is compared with: the same bytes by a prepared
 * INSERT into a table with a key, one row and one durable commit each, by one
 * connection a client.
 *
 *     insert_ref CONNINFO CLIENTS COUNT LOG_BYTES
 *
 * Prints one JSON object: seconds, rows.
 */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "gen_log.h"

#define CLIENTS_MAX 32

struct client {
	pthread_t thread;
	PGconn *conn;
	size_t count;
	struct buf *ready;
	bool failed;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool
done(PGconn *c, PGresult *r)
{
	bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;

	if (!ok)
		log_error("%s", PQerrorMessage(c));
	PQclear(r);
	return ok;
}

static void *
run(void *arg)
{
	struct client *c = arg;

	for (size_t i = 0; i < c->count && !c->failed; i++) {
		const char *value = c->ready[i].data;
		int length = (int)c->ready[i].len, binary = 1;

		c->failed = !done(c->conn, PQexecPrepared(c->conn, "i", 1,
					       &value, &length, &binary, 0));
	}
	return NULL;
}

static bool
start(struct client *c, const char *conninfo)
{
	c->conn = PQconnectdb(conninfo);
	if (PQstatus(c->conn) != CONNECTION_OK) {
		log_error("%s", PQerrorMessage(c->conn));
		return false;
	}
	return done(c->conn,
	    PQprepare(c->conn, "i",
		"INSERT INTO bench_report (body) VALUES ($1)", 1, NULL));
}

static bool
make_table(const char *conninfo)
{
	PGconn *c = PQconnectdb(conninfo);
	bool ok =
	    PQstatus(c) == CONNECTION_OK &&
	    done(c, PQexec(c,
			"SET client_min_messages = warning; "
			"DROP TABLE IF EXISTS bench_report; "
			"CREATE TABLE bench_report (id bigint GENERATED ALWAYS "
			"AS IDENTITY PRIMARY KEY, body bytea NOT NULL)"));

	PQfinish(c);
	return ok;
}

int
main(int argc, char **argv)
{
	static struct client client[CLIENTS_MAX];
	size_t n, count, bytes;
	double t0;

	log_open("insert_ref", LOG_LEVEL_INFO);
	n = argc == 5 ? strtoul(argv[2], NULL, 10) : 0;
	if (n < 1 || n > CLIENTS_MAX) {
		fputs("usage: insert_ref CONNINFO CLIENTS COUNT LOG_BYTES\n",
		    stderr);
		return 2;
	}
	count = strtoul(argv[3], NULL, 10);
	bytes = strtoul(argv[4], NULL, 10);
	if (!make_table(argv[1]))
		return EXIT_FAILURE;
	for (size_t i = 0; i < n; i++) {
		client[i].count = count / n;
		client[i].ready =
		    calloc(client[i].count + 1, sizeof(struct buf));
		if (!start(&client[i], argv[1]) || client[i].ready == NULL)
			return EXIT_FAILURE;
		for (size_t k = 0; k < client[i].count; k++)
			gen_report(&client[i].ready[k], k * n + i, bytes);
	}
	t0 = now();
	for (size_t i = 0; i < n; i++)
		if (pthread_create(&client[i].thread, NULL, run, &client[i]) !=
		    0)
			return EXIT_FAILURE;
	for (size_t i = 0; i < n; i++)
		pthread_join(client[i].thread, NULL);
	t0 = now() - t0;
	for (size_t i = 0; i < n; i++) {
		if (client[i].failed)
			return EXIT_FAILURE;
		PQfinish(client[i].conn);
		for (size_t k = 0; k < client[i].count; k++)
			buf_clear(&client[i].ready[k]);
		free(client[i].ready);
	}
	printf("{\"seconds\": %.6f, \"rows\": %zu}\n", t0, count / n * n);
	return 0;
}
