/*
 * conn.h: what the files of src/db share; nobody else includes it.
 */
#ifndef DB_CONN_H
#define DB_CONN_H

#include <libpq-fe.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "db/stmt.h"

/* Type numbers of pg_type.dat; they never change. */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_NAME = 19,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_OID = 26,
	OID_JSON = 114,
	OID_FLOAT4 = 700,
	OID_FLOAT8 = 701,
	OID_BYTEA_ARRAY = 1001,
	OID_INT2_ARRAY = 1005,
	OID_INT4_ARRAY = 1007,
	OID_TEXT_ARRAY = 1009,
	OID_INT8_ARRAY = 1016,
	OID_FLOAT8_ARRAY = 1022,
	OID_BPCHAR = 1042,
	OID_VARCHAR = 1043,
	OID_TIMESTAMPTZ = 1184,
	OID_TIMESTAMPTZ_ARRAY = 1185,
	OID_UUID = 2950,
	OID_JSONB = 3802
};

/* Seconds from 1970 to 2000, where PostgreSQL's binary times begin. */
#define PG_EPOCH_US (INT64_C(946684800) * 1000000)

#define COMBOS_MAX 64
#define PIPED_MAX 16

/* A statement prepared on this connection, with its parameters' types. */
struct prepared {
	bool ready;
	char name[16];
	unsigned nparams;
	Oid *types;
};

/* A statement put together from fragments. */
struct combo {
	enum query part[SQL_PARTS_MAX];
	size_t nparts;
	uint32_t hash;
	uint64_t used; /* db->clock when last used */
	struct prepared prepared;
};

struct db {
	char *conninfo;
	PGconn *conn; /* NULL until connected */
	bool in_transaction;
	bool ended;       /* the server ended the session with its last words */
	bool begin_due;   /* nothing was said in the transaction yet */
	enum query begin; /* how it begins */
	bool commit_asked; /* of a transaction that only read; no answer yet */
	size_t npiped;     /* sent, their results not yet read */
	const char *piped[PIPED_MAX]; /* their names */
	unsigned queries;
	struct prepared stmt[Q__MAX + 1];
	struct combo *combo[COMBOS_MAX];
	uint64_t clock;
	unsigned next_name;
	struct db *aside; /* db_aside() */
	void *cache;      /* db_cache() */
	void (*free_cache)(void *);
	struct buf params; /* scratch: values of the statement being sent */
};

DEFINE_CLEANUP(PGresult *, cleanup_result, PQclear);

/*
 * A live connection: opens it if there is none, or if the server closed it
 * while nothing was under way.  Inside a transaction a lost connection is
 * an error, for the work done in it is lost too.
 */
enum err conn_ensure(struct db *db, struct errinfo *ei) MUST_CHECK;

/*
 * After a failure: can the statement be sent again on a new connection?  Yes
 * when this one was lost outside of a transaction and either the server said
 * that it ends the session (so nothing was committed) or the statement only
 * reads.
 */
bool conn_can_repeat(const struct db *db, const char *text);

/* Turns a failed result (NULL too) into an error, naming the statement. */
enum err conn_failed(
    struct db *db, const PGresult *res, const char *name, struct errinfo *ei);

/* Runs a statement without parameters or rows by the simple protocol. */
enum err conn_simple(
    struct db *db, enum query q, struct errinfo *ei) MUST_CHECK;

/* ---- param.c: values in PostgreSQL's binary form ---- */

/*
 * Appends a value as the server's type wants it.  False when the value can't
 * be given as that type, which is a bug of the caller.
 */
bool param_encode(struct buf *out, const struct db_param *p, Oid type);
/* The type a value has by itself, for COPY. */
Oid param_natural_type(const struct db_param *p);

/* ---- stmt.c, for sql.c ---- */

enum err stmt_prepare(struct db *db, struct prepared *s, const char *name,
    const char *text, struct errinfo *ei) MUST_CHECK;
struct args {
	const struct db_param *v;
	size_t n;
};
enum err stmt_run(struct db *db, const struct prepared *s, const char *name,
    struct args args, PGresult **out, struct errinfo *ei) MUST_CHECK;

/* ---- pipe.c: statements that are sent together ---- */

/* Values as they travel. */
struct encoded {
	int n;
	const char *values[DB_PARAMS_MAX];
	int lengths[DB_PARAMS_MAX], formats[DB_PARAMS_MAX];
};

/* Sends a statement, behind the one that begins the transaction if that is
 * still due, and doesn't wait. */
enum err pipe_add(struct db *db, const struct prepared *s, const char *name,
    const struct encoded *v, struct errinfo *ei) MUST_CHECK;
/* Waits for all that was sent; *last is the last one's result. */
enum err pipe_run(
    struct db *db, PGresult **last, struct errinfo *ei) MUST_CHECK;
/* The same, if anything was sent, before what can't be sent that way. */
enum err pipe_settle(struct db *db, struct errinfo *ei) MUST_CHECK;
/* And begins the transaction if that is still due. */
enum err pipe_begin_now(struct db *db, struct errinfo *ei) MUST_CHECK;
/* Commits, along with what was sent. */
enum err pipe_commit(struct db *db, struct errinfo *ei) MUST_CHECK;

/* ---- rows.c, sql.c ---- */

struct rows *rows_new(PGresult *res, const char *name);
void combos_forget(struct db *db);

#endif
