/*
 * copy.c: COPY ... FROM STDIN (FORMAT binary); see stmt.h.
 *
 * Rows are collected and sent in large pieces.  An error while sending sticks
 * and comes out of copy_end, so that copy_row needs no check.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "db/conn.h"

#define SEND_AT ((size_t)256 << 10)

struct copy {
	struct db *db;
	const char *name;
	struct buf out;
	bool failed;
	bool sent; /* the end, too */
};

static const char signature[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

enum err
copy_begin(struct db *db, enum query q, struct copy **out, struct errinfo *ei)
{
	const struct query_text *t = &query_texts[q];
	struct copy *c;
	enum err err;

	*out = NULL;
	if (t->kind != QUERY_COPY)
		abort();
	if ((err = conn_ensure(db, ei)) != ERR_OK ||
	    (err = pipe_begin_now(db, ei)) != ERR_OK)
		return err;
	CLEANUP(cleanup_result) PGresult *res = PQexec(db->conn, t->text);
	db->queries++;
	if (PQresultStatus(res) != PGRES_COPY_IN)
		return conn_failed(db, res, t->name, ei);
	if ((c = calloc(1, sizeof(*c))) == NULL)
		out_of_memory();
	c->db = db;
	c->name = t->name;
	buf_add(&c->out, signature, 19);
	*out = c;
	return ERR_OK;
}

static void
flush(struct copy *c)
{
	if (!c->failed && c->out.len > 0 &&
	    PQputCopyData(c->db->conn, c->out.data, (int)c->out.len) != 1)
		c->failed = true;
	c->out.len = 0;
}

static void
add_be(struct buf *b, uint32_t v, size_t n)
{
	for (size_t i = n; i-- > 0;)
		buf_addc(b, (char)(unsigned char)(v >> (8 * i)));
}

static void
copy_value(struct copy *c, const struct db_param *v)
{
	size_t at = c->out.len;
	uint32_t n;

	if (v->type == DB_NULL) {
		add_be(&c->out, UINT32_MAX, 4);
		return;
	}
	add_be(&c->out, 0, 4);
	if (!param_encode(&c->out, v, param_natural_type(v))) {
		log_error("%s: a value doesn't fit its type", c->name);
		abort();
	}
	n = (uint32_t)(c->out.len - at - 4);
	for (size_t i = 0; i < 4; i++)
		c->out.data[at + i] = (char)(unsigned char)(n >> (24 - 8 * i));
}

void
copy_row(struct copy *c, const struct db_param *values, size_t n)
{
	add_be(&c->out, (uint32_t)n, 2);
	for (size_t i = 0; i < n; i++)
		copy_value(c, &values[i]);
	if (c->out.len >= SEND_AT)
		flush(c);
}

void
copy_send(struct copy *c)
{
	if (c->sent)
		return;
	c->sent = true;
	add_be(&c->out, 0xffff, 2);
	flush(c);
	/* In blocking mode all of it leaves here. */
	if (!c->failed && PQputCopyEnd(c->db->conn, NULL) != 1)
		c->failed = true;
}

static enum err
finish(struct copy *c, struct errinfo *ei)
{
	copy_send(c);
	if (c->failed)
		return conn_failed(c->db, NULL, c->name, ei);
	CLEANUP(cleanup_result) PGresult *res = PQgetResult(c->db->conn);
	/* The protocol wants results read until there are none. */
	for (PGresult *more; (more = PQgetResult(c->db->conn)) != NULL;)
		PQclear(more);
	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		return conn_failed(c->db, res, c->name, ei);
	return ERR_OK;
}

enum err
copy_end(struct copy *c, struct errinfo *ei)
{
	enum err err = finish(c, ei);

	buf_clear(&c->out);
	free(c);
	return err;
}
