/*
 * stmt.c: prepares statements by enum and runs them; see stmt.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "db/conn.h"

/* The server tells the parameters' types, so that none is guessed here. */
static enum err
learn_types(
    struct db *db, struct prepared *s, const char *name, struct errinfo *ei)
{
	CLEANUP(cleanup_result)
	PGresult *res = PQdescribePrepared(db->conn, s->name);

	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		return conn_failed(db, res, name, ei);
	s->nparams = (unsigned)PQnparams(res);
	free(s->types);
	s->types = calloc(s->nparams + 1, sizeof(*s->types));
	if (s->types == NULL)
		out_of_memory();
	for (unsigned i = 0; i < s->nparams; i++)
		s->types[i] = PQparamtype(res, (int)i);
	return ERR_OK;
}

enum err
stmt_prepare(struct db *db, struct prepared *s, const char *name,
    const char *text, struct errinfo *ei)
{
	enum err err = pipe_settle(db, ei);

	if (err != ERR_OK)
		return err;
	snprintf(s->name, sizeof(s->name), "s%u", db->next_name++);
	CLEANUP(cleanup_result)
	PGresult *res = PQprepare(db->conn, s->name, text, 0, NULL);
	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		return conn_failed(db, res, name, ei);
	if ((err = learn_types(db, s, name, ei)) != ERR_OK)
		return err;
	s->ready = true;
	return ERR_OK;
}

static _Noreturn void
misused(const char *name, size_t param, const char *why)
{
	log_error("%s: parameter %zu: %s", name, param + 1, why);
	abort();
}

/* Encodes all parameters into db->params; pointers come after, for the
 * buffer moves while it grows. */
static void
encode(struct db *db, const struct prepared *s, const char *name,
    struct args args, struct encoded *out)
{
	size_t at[DB_PARAMS_MAX];

	if (args.n != s->nparams || args.n > DB_PARAMS_MAX)
		misused(name, args.n, "wrong number of parameters");
	out->n = (int)args.n;
	buf_reset(&db->params);
	for (unsigned i = 0; i < s->nparams; i++) {
		at[i] = db->params.len;
		if (args.v[i].type != DB_NULL &&
		    !param_encode(&db->params, &args.v[i], s->types[i]))
			misused(name, i, "not of the type that is wanted");
		out->lengths[i] = (int)(db->params.len - at[i]);
		out->formats[i] = 1;
	}
	buf_addc(&db->params, '\0'); /* never NULL, even for "" alone */
	for (unsigned i = 0; i < s->nparams; i++)
		out->values[i] =
		    args.v[i].type == DB_NULL ? NULL : db->params.data + at[i];
}

enum err
stmt_run(struct db *db, const struct prepared *s, const char *name,
    struct args args, PGresult **out, struct errinfo *ei)
{
	struct encoded v;
	enum err err;

	*out = NULL;
	encode(db, s, name, args, &v);
	if (db->begin_due || db->npiped > 0) {
		err = pipe_add(db, s, name, &v, ei);
		return err == ERR_OK ? pipe_run(db, out, ei) : err;
	}
	CLEANUP(cleanup_result)
	PGresult *res = PQexecPrepared(
	    db->conn, s->name, v.n, v.values, v.lengths, v.formats, 1);
	ExecStatusType st = PQresultStatus(res);
	db->queries++;
	if (st != PGRES_TUPLES_OK && st != PGRES_COMMAND_OK)
		return conn_failed(db, res, name, ei);
	*out = res;
	res = NULL;
	return ERR_OK;
}

/* On this connection, and prepared. */
static enum err
make_ready(struct db *db, enum query q, struct errinfo *ei)
{
	const struct query_text *t = &query_texts[q];
	struct prepared *s = &db->stmt[q];
	enum err err;

	if (q >= Q__MAX || t->kind != QUERY_STATEMENT)
		misused(t->name, 0, "not a whole statement");
	if ((err = conn_ensure(db, ei)) != ERR_OK || s->ready)
		return err;
	return stmt_prepare(db, s, t->name, t->text, ei);
}

static enum err
run_once(struct db *db, enum query q, struct args args, PGresult **out,
    struct errinfo *ei)
{
	enum err err = make_ready(db, q, ei);

	if (err != ERR_OK)
		return err;
	return stmt_run(db, &db->stmt[q], query_texts[q].name, args, out, ei);
}

static enum err
run(struct db *db, enum query q, struct args args, PGresult **out,
    struct errinfo *ei)
{
	enum err err;

	*out = NULL;
	err = run_once(db, q, args, out, ei);
	if (err != ERR_OK && conn_can_repeat(db, query_texts[q].text))
		err = run_once(db, q, args, out, ei);
	return err;
}

enum err
stmt_query(struct db *db, enum query q, const struct db_param *params,
    size_t nparams, struct rows **out, struct errinfo *ei)
{
	PGresult *res;
	enum err err = run(db, q, (struct args){params, nparams}, &res, ei);

	*out = err == ERR_OK ? rows_new(res, query_texts[q].name) : NULL;
	return err;
}

enum err
stmt_exec(struct db *db, enum query q, const struct db_param *params,
    size_t nparams, size_t *affected, struct errinfo *ei)
{
	CLEANUP(cleanup_result) PGresult *res = NULL;
	enum err err = run(db, q, (struct args){params, nparams}, &res, ei);

	if (affected != NULL)
		*affected =
		    err == ERR_OK ? strtoul(PQcmdTuples(res), NULL, 10) : 0;
	return err;
}

enum err
stmt_later(struct db *db, enum query q, const struct db_param *params,
    size_t nparams, struct errinfo *ei)
{
	struct encoded v;
	enum err err;

	if (!db->in_transaction)
		return stmt_exec(db, q, params, nparams, NULL, ei);
	if ((err = make_ready(db, q, ei)) != ERR_OK)
		return err;
	encode(db, &db->stmt[q], query_texts[q].name,
	    (struct args){params, nparams}, &v);
	return pipe_add(db, &db->stmt[q], query_texts[q].name, &v, ei);
}
