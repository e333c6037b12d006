/*
 * stmt.h: runs the statements of sql/query/, prepared once a connection.
 *
 * All SQL lives in files; tools/sqlgen turns sql/query/NAME.sql into
 * query.[ch]: enum query has Q_<BLOCK> for each block
 *
 *     -- name: build_by_id
 *     SELECT ... WHERE id = $1;
 *
 * and a fragment for searches, where $? takes the next number when it is
 * added to a statement, and $= is the number taken last, again:
 *
 *     -- fragment: builds_where_machine
 *     AND b.machine = $?
 *
 * Results travel in binary; a reader checks the column's type once per column
 * and result, and a mismatch is a bug: it aborts with the statement's name.
 */
#ifndef DB_STMT_H
#define DB_STMT_H

#include "db/db.h"
#include "db/query.h" /* generated */

struct rows; /* a result; free with rows_free */

void rows_free(struct rows *r); /* NULL is allowed */
static inline void
cleanup_rows(struct rows **r)
{
	rows_free(*r);
}

/* Runs a statement.  *out is NULL on failure. */
enum err stmt_query(struct db *db, enum query q, const struct db_param *params,
    size_t nparams, struct rows **out, struct errinfo *ei) MUST_CHECK;

/* The same where rows don't matter; *affected may be NULL. */
enum err stmt_exec(struct db *db, enum query q, const struct db_param *params,
    size_t nparams, size_t *affected, struct errinfo *ei) MUST_CHECK;

/*
 * In a transaction: sends it and doesn't wait, for the server does it while
 * we make what comes next.  When it fails the next statement that is waited
 * for, or db_end, says so instead.  Values are copied.  Outside of a
 * transaction it is stmt_exec.
 */
enum err stmt_later(struct db *db, enum query q, const struct db_param *params,
    size_t nparams, struct errinfo *ei) MUST_CHECK;

#define STMT_QUERY(db, q, out, ei, ...)                                        \
	stmt_query(db, q, (const struct db_param[]){__VA_ARGS__},              \
	    sizeof((const struct db_param[]){__VA_ARGS__}) /                   \
		sizeof(struct db_param),                                       \
	    out, ei)
#define STMT_EXEC(db, q, ei, ...)                                              \
	stmt_exec(db, q, (const struct db_param[]){__VA_ARGS__},               \
	    sizeof((const struct db_param[]){__VA_ARGS__}) /                   \
		sizeof(struct db_param),                                       \
	    NULL, ei)
#define STMT_LATER(db, q, ei, ...)                                             \
	stmt_later(db, q, (const struct db_param[]){__VA_ARGS__},              \
	    sizeof((const struct db_param[]){__VA_ARGS__}) /                   \
		sizeof(struct db_param),                                       \
	    ei)

/*
 * A statement put together from fixed fragments.  The text depends only on
 * which fragments were added, so each combination is prepared once a
 * connection (up to a bound, the least used goes).  Client text is only ever a
 * parameter.
 */
#define SQL_PARTS_MAX 64
#define DB_PARAMS_MAX 64
struct sql {
	enum query part[SQL_PARTS_MAX];
	size_t nparts;
	struct db_param param[DB_PARAMS_MAX];
	size_t nparams;
};

void sql_add(struct sql *s, enum query fragment);
/* The value of the next $?, for a fragment with none or several of them. */
void sql_bind(struct sql *s, struct db_param value);
/* Adds a fragment with one $? and its value. */
void sql_add1(struct sql *s, enum query fragment, struct db_param value);
enum err sql_query(struct db *db, const struct sql *s, struct rows **out,
    struct errinfo *ei) MUST_CHECK;
/* The text that sql_query would send; malloced, for tests. */
char *sql_text(const struct sql *s);

/* ---- reading; row and column from 0 ---- */

size_t rows_count(const struct rows *r);
int rows_column(const struct rows *r, const char *name); /* aborts if absent */
bool row_is_null(const struct rows *r, size_t row, int col);
bool row_bool(const struct rows *r, size_t row, int col);
int64_t row_int(const struct rows *r, size_t row, int col);   /* int2, 4, 8 */
double row_double(const struct rows *r, size_t row, int col); /* float4, 8 */
int64_t row_time(const struct rows *r, size_t row, int col);  /* µs; NULL:
								 TIME_UNKNOWN */
struct slice row_bytes(
    const struct rows *r, size_t row, int col); /* borrowed */
/* NUL-terminated, borrowed until rows_free; NULL gives "". */
const char *row_text(const struct rows *r, size_t row, int col);
/* Arrays are copied to the arena; elements that are NULL read as "" or 0. */
size_t row_texts(const struct rows *r, size_t row, int col, struct arena *a,
    const char ***out);
size_t row_int4s(
    const struct rows *r, size_t row, int col, struct arena *a, int32_t **out);

/* ---- COPY ... FROM STDIN (FORMAT binary), for bulk ---- */

struct copy;
/* q is a COPY statement; ends any other result first. */
enum err copy_begin(struct db *db, enum query q, struct copy **out,
    struct errinfo *ei) MUST_CHECK;
/* Each value travels as its own type: it must be the column's. */
void copy_row(struct copy *c, const struct db_param *values, size_t n);
/*
 * Sends the rest, so that the server works while the caller does something
 * else; nothing but copy_end may follow on this connection.
 */
void copy_send(struct copy *c);
/* Sends what is left and frees c; an error of the others comes out here. */
enum err copy_end(struct copy *c, struct errinfo *ei) MUST_CHECK;

#endif
