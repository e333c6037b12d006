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
	enum err err;

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
    const struct db_param *params, const char **values, int *lengths)
{
	size_t at[DB_PARAMS_MAX];

	buf_reset(&db->params);
	for (unsigned i = 0; i < s->nparams; i++) {
		at[i] = db->params.len;
		if (params[i].type != DB_NULL &&
		    !param_encode(&db->params, &params[i], s->types[i]))
			misused(name, i, "not of the type that is wanted");
		lengths[i] = (int)(db->params.len - at[i]);
	}
	buf_addc(&db->params, '\0'); /* never NULL, even for "" alone */
	for (unsigned i = 0; i < s->nparams; i++)
		values[i] =
		    params[i].type == DB_NULL ? NULL : db->params.data + at[i];
}

enum err
stmt_run(struct db *db, const struct prepared *s, const char *name,
    struct args args, PGresult **out, struct errinfo *ei)
{
	const char *values[DB_PARAMS_MAX];
	int lengths[DB_PARAMS_MAX], formats[DB_PARAMS_MAX];
	ExecStatusType st;

	*out = NULL;
	if (args.n != s->nparams || args.n > DB_PARAMS_MAX)
		misused(name, args.n, "wrong number of parameters");
	encode(db, s, name, args.v, values, lengths);
	for (size_t i = 0; i < args.n; i++)
		formats[i] = 1;
	CLEANUP(cleanup_result)
	PGresult *res = PQexecPrepared(
	    db->conn, s->name, (int)args.n, values, lengths, formats, 1);
	db->queries++;
	st = PQresultStatus(res);
	if (st != PGRES_TUPLES_OK && st != PGRES_COMMAND_OK)
		return conn_failed(db, res, name, ei);
	*out = res;
	res = NULL;
	return ERR_OK;
}

static enum err
run_once(struct db *db, enum query q, struct args args, PGresult **out,
    struct errinfo *ei)
{
	const struct query_text *t = &query_texts[q];
	struct prepared *s = &db->stmt[q];
	enum err err;

	if ((err = conn_ensure(db, ei)) != ERR_OK)
		return err;
	if (!s->ready &&
	    (err = stmt_prepare(db, s, t->name, t->text, ei)) != ERR_OK)
		return err;
	return stmt_run(db, s, t->name, args, out, ei);
}

static enum err
run(struct db *db, enum query q, struct args args, PGresult **out,
    struct errinfo *ei)
{
	enum err err;

	*out = NULL;
	if (q >= Q__MAX || query_texts[q].kind != QUERY_STATEMENT)
		misused(query_texts[q].name, 0, "not a whole statement");
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
