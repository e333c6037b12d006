/*
 * rows.c: reads results in PostgreSQL's binary form; see stmt.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/memory.h"
#include "db/conn.h"

struct rows {
	PGresult *res;
	const char *name; /* of the statement, for messages */
};

struct rows *
rows_new(PGresult *res, const char *name)
{
	struct rows *r = malloc(sizeof(*r));

	if (r == NULL)
		out_of_memory();
	*r = (struct rows){.res = res, .name = name};
	return r;
}

void
rows_free(struct rows *r)
{
	if (r == NULL)
		return;
	PQclear(r->res);
	free(r);
}

size_t
rows_count(const struct rows *r)
{
	return (size_t)PQntuples(r->res);
}

int
rows_column(const struct rows *r, const char *name)
{
	int n = PQnfields(r->res);

	for (int i = 0; i < n; i++)
		if (strcmp(PQfname(r->res, i), name) == 0)
			return i;
	log_error("%s: no column %s", r->name, name);
	abort();
}

static _Noreturn void
mismatch(const struct rows *r, int col, const char *wanted)
{
	log_error("%s: column %d (%s) has type %u, read as %s", r->name, col,
	    PQfname(r->res, col) != NULL ? PQfname(r->res, col) : "?",
	    (unsigned)PQftype(r->res, col), wanted);
	abort();
}

static const unsigned char *
value(const struct rows *r, size_t row, int col)
{
	if (row >= rows_count(r) || col < 0 || col >= PQnfields(r->res)) {
		log_error("%s: no row %zu, column %d", r->name, row, col);
		abort();
	}
	return (const unsigned char *)PQgetvalue(r->res, (int)row, col);
}

static uint64_t
get_be(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

bool
row_is_null(const struct rows *r, size_t row, int col)
{
	value(r, row, col);
	return PQgetisnull(r->res, (int)row, col);
}

bool
row_bool(const struct rows *r, size_t row, int col)
{
	const unsigned char *p = value(r, row, col);

	if (PQftype(r->res, col) != OID_BOOL)
		mismatch(r, col, "boolean");
	return !row_is_null(r, row, col) && *p != 0;
}

int64_t
row_int(const struct rows *r, size_t row, int col)
{
	const unsigned char *p = value(r, row, col);
	Oid type = PQftype(r->res, col);

	if (type != OID_INT2 && type != OID_INT4 && type != OID_INT8)
		mismatch(r, col, "integer");
	if (row_is_null(r, row, col))
		return 0;
	switch (type) {
	case OID_INT2:
		return (int16_t)get_be(p, 2);
	case OID_INT4:
		return (int32_t)get_be(p, 4);
	default:
		return (int64_t)get_be(p, 8);
	}
}

static double
double_of_bits(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, sizeof(d));
	return d;
}

static double
float_of_bits(uint32_t bits)
{
	float f;

	memcpy(&f, &bits, sizeof(f));
	return (double)f;
}

double
row_double(const struct rows *r, size_t row, int col)
{
	const unsigned char *p = value(r, row, col);
	Oid type = PQftype(r->res, col);

	if (type != OID_FLOAT4 && type != OID_FLOAT8)
		mismatch(r, col, "float");
	if (row_is_null(r, row, col))
		return 0;
	return type == OID_FLOAT8 ? double_of_bits(get_be(p, 8))
				  : float_of_bits((uint32_t)get_be(p, 4));
}

int64_t
row_time(const struct rows *r, size_t row, int col)
{
	const unsigned char *p = value(r, row, col);
	int64_t us;

	if (PQftype(r->res, col) != OID_TIMESTAMPTZ)
		mismatch(r, col, "timestamptz");
	if (row_is_null(r, row, col))
		return INT64_MIN;
	us = (int64_t)get_be(p, 8);
	/* -infinity and infinity sit at the ends of the range. */
	if (us == INT64_MIN || us > INT64_MAX - PG_EPOCH_US)
		return INT64_MIN;
	return us + PG_EPOCH_US;
}

struct slice
row_bytes(const struct rows *r, size_t row, int col)
{
	const unsigned char *p = value(r, row, col);
	Oid type = PQftype(r->res, col);

	if (type != OID_BYTEA && type != OID_TEXT && type != OID_UUID)
		mismatch(r, col, "bytea");
	if (row_is_null(r, row, col))
		return (struct slice){"", 0};
	return (struct slice){
	    (const char *)p, (size_t)PQgetlength(r->res, (int)row, col)};
}

const char *
row_text(const struct rows *r, size_t row, int col)
{
	const char *p = (const char *)value(r, row, col);

	switch (PQftype(r->res, col)) {
	case OID_TEXT:
	case OID_VARCHAR:
	case OID_BPCHAR:
	case OID_NAME:
	case OID_JSON:
		break;
	case OID_JSONB:
		if (!row_is_null(r, row, col))
			return p + 1; /* behind the version byte */
		break;
	default:
		mismatch(r, col, "text");
	}
	return row_is_null(r, row, col) ? "" : p;
}

/*
 * The head of a one-dimensional array: its number of elements; *p is moved to
 * the first.  The server is trusted to keep its own format.
 */
static size_t
array_head(const struct rows *r, size_t row, int col, const unsigned char **p)
{
	*p = value(r, row, col);
	if (row_is_null(r, row, col) || get_be(*p, 4) == 0)
		return 0;
	if (get_be(*p, 4) != 1)
		mismatch(r, col, "array of one dimension");
	size_t n = (size_t)get_be(*p + 12, 4);
	*p += 20;
	return n;
}

size_t
row_texts(const struct rows *r, size_t row, int col, struct arena *a,
    const char ***out)
{
	const unsigned char *p;

	if (PQftype(r->res, col) != OID_TEXT_ARRAY)
		mismatch(r, col, "text[]");
	size_t n = array_head(r, row, col, &p);
	*out = arena_calloc(a, n + 1, sizeof(**out));
	for (size_t i = 0; i < n; i++) {
		int32_t len = (int32_t)get_be(p, 4);
		p += 4;
		if (len < 0)
			len = 0; /* SQL NULL reads as "" */
		(*out)[i] = arena_strndup(a, p, (size_t)len);
		p += len;
	}
	return n;
}

size_t
row_int4s(
    const struct rows *r, size_t row, int col, struct arena *a, int32_t **out)
{
	const unsigned char *p;

	if (PQftype(r->res, col) != OID_INT4_ARRAY)
		mismatch(r, col, "integer[]");
	size_t n = array_head(r, row, col, &p);
	*out = arena_calloc(a, n + 1, sizeof(**out));
	for (size_t i = 0; i < n; i++) {
		int32_t len = (int32_t)get_be(p, 4);
		p += 4;
		if (len != 4)
			continue;
		(*out)[i] = (int32_t)get_be(p, 4);
		p += 4;
	}
	return n;
}
