/*
 * pipe.c: statements that are sent together, with one answer waited for; see
 * conn.h.
 *
 * libpq's pipeline mode is on while something has been sent whose result was
 * not yet read.  The server works on it meanwhile; what fails first makes the
 * rest be passed over, up to the sync at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "db/conn.h"

/* Whoever queues more waits for them once in between. */
_Static_assert(PIPED_MAX >= 8, "the statements of a report");

static enum err
lost(struct db *db, const char *name, struct errinfo *ei)
{
	db->npiped = 0;
	return conn_failed(db, NULL, name, ei);
}

/* Into the pipeline, if there is none. */
static enum err
enter(struct db *db, const char *name, struct errinfo *ei)
{
	if (db->npiped == 0 && PQpipelineStatus(db->conn) == PQ_PIPELINE_OFF &&
	    PQenterPipelineMode(db->conn) != 1)
		return lost(db, name, ei);
	return ERR_OK;
}

static enum err
add_text(struct db *db, enum query q, struct errinfo *ei)
{
	const struct query_text *t = &query_texts[q];
	enum err err = enter(db, t->name, ei);

	if (err != ERR_OK)
		return err;
	if (PQsendQueryParams(
		db->conn, t->text, 0, NULL, NULL, NULL, NULL, 1) != 1)
		return lost(db, t->name, ei);
	db->piped[db->npiped++] = t->name;
	db->queries++;
	return ERR_OK;
}

/* What begins the transaction travels with the first that is done in it. */
static enum err
add_begin(struct db *db, struct errinfo *ei)
{
	if (!db->begin_due)
		return ERR_OK;
	db->begin_due = false;
	return add_text(db, db->begin, ei);
}

enum err
pipe_add(struct db *db, const struct prepared *s, const char *name,
    const struct encoded *v, struct errinfo *ei)
{
	enum err err = ERR_OK;

	if (db->npiped + 2 > PIPED_MAX)
		err = pipe_settle(db, ei);
	if (err != ERR_OK || (err = add_begin(db, ei)) != ERR_OK ||
	    (err = enter(db, name, ei)) != ERR_OK)
		return err;
	if (PQsendQueryPrepared(db->conn, s->name, v->n, v->values, v->lengths,
		v->formats, 1) != 1)
		return lost(db, name, ei);
	db->piped[db->npiped++] = name;
	db->queries++;
	return ERR_OK;
}

static bool
is_good(const PGresult *res)
{
	ExecStatusType st = PQresultStatus(res);

	return st == PGRES_TUPLES_OK || st == PGRES_COMMAND_OK;
}

/* The results of all, in turn; *last is that of the last one. */
static enum err
collect(struct db *db, PGresult **last, struct errinfo *ei)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < db->npiped; i++) {
		PGresult *res = PQgetResult(db->conn);
		if (err == ERR_OK && !is_good(res))
			err = conn_failed(db, res, db->piped[i], ei);
		if (err == ERR_OK && i + 1 == db->npiped && last != NULL) {
			*last = res;
			res = NULL;
		}
		PQclear(res);
		if (PQstatus(db->conn) != CONNECTION_OK)
			return err;
		PQclear(PQgetResult(db->conn)); /* there is none more */
	}
	PQclear(PQgetResult(db->conn)); /* of the sync */
	return err;
}

static enum err
settle(struct db *db, PGresult **last, struct errinfo *ei)
{
	enum err err;

	if (PQpipelineSync(db->conn) != 1)
		return lost(db, db->piped[0], ei);
	err = collect(db, last, ei);
	db->npiped = 0;
	if (PQstatus(db->conn) == CONNECTION_OK &&
	    PQexitPipelineMode(db->conn) != 1)
		return err != ERR_OK ? err : lost(db, "pipeline", ei);
	return err;
}

enum err
pipe_settle(struct db *db, struct errinfo *ei)
{
	return db->npiped == 0 ? ERR_OK : settle(db, NULL, ei);
}

enum err
pipe_run(struct db *db, PGresult **last, struct errinfo *ei)
{
	/* Only what begins and one more: nothing is lost that can't be sent
	 * again. */
	bool first =
	    db->npiped == 2 && db->piped[0] == query_texts[db->begin].name;
	enum err err = settle(db, last, ei);

	if (err != ERR_OK && first && PQstatus(db->conn) != CONNECTION_OK)
		db->begin_due = true;
	return err;
}

enum err
pipe_begin_now(struct db *db, struct errinfo *ei)
{
	enum err err = add_begin(db, ei);

	return err == ERR_OK ? pipe_settle(db, ei) : err;
}

enum err
pipe_commit(struct db *db, struct errinfo *ei)
{
	enum err err = add_text(db, Q_TX_COMMIT, ei);
	CLEANUP(cleanup_result) PGresult *res = NULL;

	if (err == ERR_OK)
		err = settle(db, &res, ei);
	if (err == ERR_OK && strcmp(PQcmdStatus(res), "COMMIT") != 0) {
		err_detail(ei, "tx_commit gave %s", PQcmdStatus(res));
		return err_set(
		    ei, ERR_INTERNAL, "the database gave up a transaction");
	}
	return err;
}
