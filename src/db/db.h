/*
 * db.h: a connection to PostgreSQL.  The only module that knows libpq.
 *
 * A connection is opened lazily, kept, and opened again after it broke; a
 * failing database gives ERR_DB with the public text "the database can't be
 * reached" and libpq's own words as the detail.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct arena;
struct db;

/* conninfo as for psql, e.g. "host=/run/bs dbname=buildstats"; copied. */
struct db *db_new(const char *conninfo);
void db_free(struct db *db);

/* Connects if needed; ERR_DB if it can't. */
enum err db_connect(struct db *db, struct errinfo *ei) MUST_CHECK;

/*
 * Transactions.  db_end commits when err is ERR_OK and rolls back otherwise;
 * it returns err, or the commit's own failure.
 */
enum db_mode { DB_READ_WRITE, DB_READ_ONLY /* repeatable read snapshot */ };
enum err db_begin(
    struct db *db, enum db_mode mode, struct errinfo *ei) MUST_CHECK;
enum err db_end(struct db *db, enum err err, struct errinfo *ei) MUST_CHECK;

/*
 * Runs texts of several statements, e.g. a migration file.  Never with
 * anything in it that came from outside.
 */
enum err db_script(
    struct db *db, const char *sql, struct errinfo *ei) MUST_CHECK;

/*
 * Changes how long a statement may take and wait for locks on this
 * connection: 10 s and 5 s unless told, 0 for no limit.  Lost when the
 * connection is opened anew.
 */
enum err db_set_timeout(struct db *db, unsigned statement_ms, unsigned lock_ms,
    struct errinfo *ei) MUST_CHECK;

/*
 * A connection for short work that must be committed whatever becomes of the
 * transaction that is under way: db itself outside of one, else a second
 * connection that is closed when the transaction ends.
 */
struct db *db_aside(struct db *db);

/*
 * What a module remembers about the database, e.g. ids of names.  It is freed
 * when the connection closes, so that nothing outlives a restored or replaced
 * database.
 */
void *db_cache(const struct db *db); /* NULL if none */
void db_set_cache(struct db *db, void *cache, void (*free_fn)(void *));

/* Number of queries since the last call; for the access log. */
unsigned db_take_query_count(struct db *db);

/* ---- parameters: typed, bound, never pasted into SQL ---- */

enum db_type {
	DB_NULL,
	DB_INT2,
	DB_INT4,
	DB_INT8,
	DB_FLOAT8,
	DB_TEXT,
	DB_BYTEA,
	DB_TIME,
	DB_UUID,
	DB_INT2_ARRAY,
	DB_INT4_ARRAY,
	DB_INT8_ARRAY,
	DB_TIME_ARRAY,
	DB_TEXT_ARRAY,
	DB_BYTEA_ARRAY,
	DB_JSONB
};

struct db_param {
	enum db_type type;
	size_t n; /* bytes of text, bytea, jsonb; elements of an array */
	union {
		int64_t i; /* INT*; TIME: µs since the epoch, UTC */
		double d;
		const char *text;  /* TEXT, JSONB */
		const void *bytes; /* BYTEA; UUID: 16 bytes */
		const int16_t *i2;
		const int32_t *i4;
		const int64_t *i8; /* INT8; TIME: µs, INT64_MIN: SQL NULL */
		const char *const *texts; /* element NULL: SQL NULL */
		const struct slice *slices;
	} v;
};

/* Compact makers: DB_I4(7), DB_T("zlib"). */
#define DB_N() ((struct db_param){.type = DB_NULL})
#define DB_I2(x) ((struct db_param){.type = DB_INT2, .v.i = (x)})
#define DB_I4(x) ((struct db_param){.type = DB_INT4, .v.i = (x)})
#define DB_I8(x) ((struct db_param){.type = DB_INT8, .v.i = (x)})
#define DB_D(x) ((struct db_param){.type = DB_FLOAT8, .v.d = (x)})
#define DB_TM(us) ((struct db_param){.type = DB_TIME, .v.i = (us)})
struct db_param db_text(const char *s); /* NULL: SQL NULL */
struct db_param db_bytea(const void *p, size_t n);
struct db_param db_uuid(const unsigned char u[16]);
struct db_param db_jsonb(const char *text);
struct db_param db_int4s(const int32_t *v, size_t n);
struct db_param db_int2s(const int16_t *v, size_t n);
struct db_param db_int8s(const int64_t *v, size_t n);
struct db_param db_times(const int64_t *v, size_t n);
struct db_param db_texts(const char *const *v, size_t n);
struct db_param db_byteas(const struct slice *v, size_t n);
#define DB_T(s) db_text(s)

#endif
