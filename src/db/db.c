/*
 * db.c: the connection and its transactions; see db.h.
 */
#include "db/conn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/memory.h"

#define OUR_OPTIONS                                                            \
	"-c TimeZone=UTC -c statement_timeout=10s -c lock_timeout=5s "         \
	"-c client_min_messages=warning"

static const char public_down[] = "the database can't be reached";

struct db *
db_new(const char *conninfo)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL || (db->conninfo = strdup(conninfo)) == NULL)
		out_of_memory();
	return db;
}

/* Everything prepared: the connection is gone. */
static void
forget(struct db *db)
{
	for (size_t i = 0; i < Q__MAX; i++) {
		free(db->stmt[i].types);
		db->stmt[i].types = NULL;
		db->stmt[i].ready = false;
	}
	combos_forget(db);
}

static void
disconnect(struct db *db)
{
	if (db->conn != NULL)
		PQfinish(db->conn);
	db->conn = NULL;
	db->npiped = 0;
	db->commit_asked = false;
	forget(db);
	db_set_cache(db, NULL, NULL);
}

void
db_free(struct db *db)
{
	if (db == NULL)
		return;
	disconnect(db);
	db_free(db->aside);
	buf_clear(&db->params);
	free(db->conninfo);
	free(db);
}

static void
on_notice(void *arg, const char *message)
{
	(void)arg;
	log_debug("database: %.*s", (int)strcspn(message, "\n"), message);
}

/* Our settings first, so that a connection string's own options win. */
static bool
merged_options(const char *conninfo, struct buf *out)
{
	PQconninfoOption *all = PQconninfoParse(conninfo, NULL);

	buf_adds(out, OUR_OPTIONS);
	if (all == NULL)
		return false;
	for (PQconninfoOption *o = all; o->keyword != NULL; o++)
		if (strcmp(o->keyword, "options") == 0 && o->val != NULL)
			buf_addf(out, " %s", o->val);
	PQconninfoFree(all);
	return true;
}

/* libpq's words, which may be several lines, as one. */
static void
detail_words(
    struct errinfo *ei, const char *name, const char *state, const char *words)
{
	char line[ERR_TEXT_MAX];

	snprintf(line, sizeof(line), "%s", words);
	for (char *p = line; *p != '\0'; p++)
		if (*p == '\n' || *p == '\t')
			*p = p[1] == '\0' ? '\0' : ' ';
	err_detail(ei, "%s: %s: %s", name, state, line);
}

static enum err
conn_open(struct db *db, struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf options = BUF_INIT;

	if (!merged_options(db->conninfo, &options)) {
		err_detail(ei, "connection string isn't valid");
		return err_set(ei, ERR_DB, "%s", public_down);
	}
	const char *keys[] = {"connect_timeout", "client_encoding",
	    "fallback_application_name", "dbname", "options", NULL};
	const char *values[] = {
	    "3", "UTF8", "buildstats", db->conninfo, options.data, NULL};
	db->conn = PQconnectdbParams(keys, values, 1);
	if (db->conn == NULL)
		out_of_memory();
	if (PQstatus(db->conn) != CONNECTION_OK) {
		detail_words(ei, "connect", "08001", PQerrorMessage(db->conn));
		disconnect(db);
		return err_set(ei, ERR_DB, "%s", public_down);
	}
	PQsetNoticeProcessor(db->conn, on_notice, NULL);
	return ERR_OK;
}

/* Has the server hung up since we last spoke?  Costs one system call. */
static bool
hung_up(struct db *db)
{
	char byte;
	ssize_t n;

	if (PQstatus(db->conn) != CONNECTION_OK)
		return true;
	n = recv(PQsocket(db->conn), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	if (n < 0)
		return errno != EAGAIN && errno != EINTR;
	if (n == 0)
		return true;
	/* A notice, a NOTIFY, or the server's last words. */
	if (PQconsumeInput(db->conn) == 0)
		return true;
	n = recv(PQsocket(db->conn), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	return n == 0 || PQstatus(db->conn) != CONNECTION_OK;
}

/* Nobody waited for it: there was nothing to keep. */
static void
await_commit(struct db *db)
{
	PGresult *res;

	if (!db->commit_asked)
		return;
	db->commit_asked = false;
	while ((res = PQgetResult(db->conn)) != NULL)
		PQclear(res);
}

enum err
conn_ensure(struct db *db, struct errinfo *ei)
{
	await_commit(db);
	if (db->conn != NULL && db->in_transaction && !db->begin_due) {
		if (PQstatus(db->conn) == CONNECTION_OK)
			return ERR_OK;
		err_detail(ei, "connection lost inside a transaction");
		return err_set(ei, ERR_DB, "%s", public_down);
	}
	if (db->conn != NULL && !hung_up(db))
		return ERR_OK;
	disconnect(db);
	return conn_open(db, ei);
}

enum err
db_connect(struct db *db, struct errinfo *ei)
{
	return conn_ensure(db, ei);
}

/* SQLSTATE (or its class) to what the person is told. */
static const struct {
	const char *state;
	enum err code;
	const char *text;
} states[] = {
    {"55P03", ERR_BUSY, "somebody else is changing the same thing"},
    {"57014", ERR_BUSY, "the database took too long to answer"},
    /* what was just looked up has been pruned */
    {"23503", ERR_BUSY, "somebody else is changing the same thing"},
    {"40", ERR_BUSY, "somebody else is changing the same thing"},
    {"57P", ERR_DB, public_down},
    {"08", ERR_DB, public_down},
    {"53", ERR_DB, "the database has no room or connections left"},
    {"58", ERR_DB, "the database failed"},
    {"25006", ERR_DB, "the database is read-only at the moment"},
    {"42P01", ERR_DB, "the database lacks a table: is it migrated?"},
    {"42883", ERR_DB, "the database lacks a function: is it migrated?"},
    {"42703", ERR_DB, "the database lacks a column: is it migrated?"},
    {"23505", ERR_CONFLICT, "it contradicts what is stored"},
    {"22021", ERR_INPUT, "a text isn't valid UTF-8"},
};

enum err
conn_failed(
    struct db *db, const PGresult *res, const char *name, struct errinfo *ei)
{
	const char *state =
	    res != NULL ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *words = res != NULL && *PQresultErrorMessage(res) != '\0'
				? PQresultErrorMessage(res)
				: PQerrorMessage(db->conn);

	detail_words(ei, name, state != NULL ? state : "?", words);
	db->ended = state != NULL && strncmp(state, "57P", 3) == 0;
	if (PQstatus(db->conn) != CONNECTION_OK || state == NULL)
		return err_set(ei, ERR_DB, "%s", public_down);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strncmp(state, states[i].state, strlen(states[i].state)) ==
		    0)
			return err_set(
			    ei, states[i].code, "%s", states[i].text);
	return err_set(ei, ERR_INTERNAL, "the database refused a statement");
}

bool
conn_can_repeat(const struct db *db, const char *text)
{
	if (db->conn == NULL || PQstatus(db->conn) == CONNECTION_OK)
		return false;
	if (db->in_transaction)
		return db->begin_due;
	return db->ended || strncmp(text, "SELECT", 6) == 0;
}

static enum err
run_simple(
    struct db *db, const char *text, const char *name, struct errinfo *ei)
{
	enum err err = pipe_begin_now(db, ei);

	if (err != ERR_OK)
		return err;
	CLEANUP(cleanup_result) PGresult *res = PQexec(db->conn, text);
	ExecStatusType st = PQresultStatus(res);
	db->queries++;
	if (st != PGRES_COMMAND_OK && st != PGRES_TUPLES_OK)
		return conn_failed(db, res, name, ei);
	return ERR_OK;
}

enum err
conn_simple(struct db *db, enum query q, struct errinfo *ei)
{
	return run_simple(db, query_texts[q].text, query_texts[q].name, ei);
}

enum err
db_begin(struct db *db, enum db_mode mode, struct errinfo *ei)
{
	enum err err;

	if (db->in_transaction)
		abort();
	if ((err = conn_ensure(db, ei)) != ERR_OK)
		return err;
	db->begin = mode == DB_READ_ONLY ? Q_TX_BEGIN_READ_ONLY : Q_TX_BEGIN;
	db->in_transaction = db->begin_due = true;
	return ERR_OK;
}

/* What only read has nothing to lose: the answer isn't waited for. */
static enum err
commit(struct db *db, struct errinfo *ei)
{
	if (db->begin == Q_TX_BEGIN || db->npiped > 0)
		return pipe_commit(db, ei);
	db->queries++;
	db->commit_asked =
	    PQsendQuery(db->conn, query_texts[Q_TX_COMMIT].text) == 1;
	if (!db->commit_asked)
		return conn_failed(db, NULL, query_texts[Q_TX_COMMIT].name, ei);
	return ERR_OK;
}

static void
roll_back(struct db *db)
{
	struct errinfo ignored = {0};

	if (PQstatus(db->conn) == CONNECTION_OK &&
	    pipe_settle(db, &ignored) != ERR_OK)
		log_debug("%s", ignored.text);
	/* A connection that can't even roll back is of no more use. */
	if (PQstatus(db->conn) != CONNECTION_OK ||
	    conn_simple(db, Q_TX_ROLLBACK, &ignored) != ERR_OK)
		disconnect(db);
}

enum err
db_end(struct db *db, enum err err, struct errinfo *ei)
{
	bool begun = !db->begin_due;

	if (!db->in_transaction)
		abort();
	db->in_transaction = db->begin_due = false;
	db_free(db->aside);
	db->aside = NULL;
	if (!begun)
		return err;
	if (err == ERR_OK && (err = commit(db, ei)) == ERR_OK)
		return ERR_OK;
	roll_back(db);
	return err;
}

enum err
db_script(struct db *db, const char *sql, struct errinfo *ei)
{
	enum err err = conn_ensure(db, ei);

	return err != ERR_OK ? err : run_simple(db, sql, "script", ei);
}

enum err
db_set_timeout(
    struct db *db, unsigned statement_ms, unsigned lock_ms, struct errinfo *ei)
{
	char statement[16], lock[16];

	snprintf(statement, sizeof(statement), "%u", statement_ms);
	snprintf(lock, sizeof(lock), "%u", lock_ms);
	return STMT_EXEC(db, Q_DB_SET_TIMEOUT, ei, DB_T(statement), DB_T(lock));
}

struct db *
db_aside(struct db *db)
{
	if (!db->in_transaction)
		return db;
	if (db->aside == NULL)
		db->aside = db_new(db->conninfo);
	return db->aside;
}

void *
db_cache(const struct db *db)
{
	return db->cache;
}

void
db_set_cache(struct db *db, void *cache, void (*free_fn)(void *))
{
	if (db->cache != NULL)
		db->free_cache(db->cache);
	db->cache = cache;
	db->free_cache = free_fn;
}

unsigned
db_take_query_count(struct db *db)
{
	unsigned n = db->queries;

	db->queries = 0;
	return n;
}
