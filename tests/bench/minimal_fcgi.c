/*
 * minimal_fcgi: the cheapest page that still asks the database: one prepared
 * query by primary key, one line of HTML.  What real pages are compared with.
 *
 *     minimal_fcgi CONNINFO      with the listening socket on descriptor 0
 */
#include <fcgiapp.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define KEYS 10000

static const char setup[] =
    "SET client_min_messages = warning;"
    "CREATE TABLE IF NOT EXISTS bench_key"
    " (id integer PRIMARY KEY, name text NOT NULL);"
    "INSERT INTO bench_key SELECT i, 'name ' || i"
    " FROM generate_series(0, 9999) i ON CONFLICT DO NOTHING;"
    "ANALYZE bench_key";

static void
on_term(int sig)
{
	(void)sig;
	FCGX_ShutdownPending();
}

static int
answer(FCGX_Request *rq, PGconn *c, unsigned n)
{
	char key[16];
	const char *values[] = {key};
	PGresult *res;
	int ok;

	snprintf(key, sizeof(key), "%u", n % KEYS);
	res = PQexecPrepared(c, "get", 1, values, NULL, NULL, 0);
	ok = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1;
	FCGX_FPrintF(rq->out,
	    "Status: %d\r\nContent-Type: text/html\r\n\r\n"
	    "<!DOCTYPE html><title>%s</title><p>%s\n",
	    ok ? 200 : 500, key, ok ? PQgetvalue(res, 0, 0) : "failed");
	PQclear(res);
	return ok;
}

static int
serve(PGconn *c)
{
	FCGX_Request rq;
	unsigned n = 0;

	if (FCGX_Init() || FCGX_InitRequest(&rq, 0, FCGI_FAIL_ACCEPT_ON_INTR))
		return 1;
	while (FCGX_Accept_r(&rq) == 0) {
		if (!answer(&rq, c, n++))
			log_error("%s", PQerrorMessage(c));
		FCGX_Finish_r(&rq);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct sigaction sa = {.sa_handler = on_term};
	PGresult *res;
	PGconn *c;
	int status = 1;

	log_open("minimal_fcgi", LOG_LEVEL_INFO);
	if (argc != 2) {
		fputs("usage: minimal_fcgi CONNINFO\n", stderr);
		return 2;
	}
	sigaction(SIGTERM, &sa, NULL);
	c = PQconnectdb(argv[1]);
	res = PQexec(c, setup);
	PQclear(res);
	res = PQprepare(
	    c, "get", "SELECT name FROM bench_key WHERE id = $1", 1, NULL);
	if (PQresultStatus(res) == PGRES_COMMAND_OK)
		status = serve(c);
	else
		log_error("%s", PQerrorMessage(c));
	PQclear(res);
	PQfinish(c);
	return status;
}
