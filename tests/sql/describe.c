/*
 * describe.c: prepares every statement of sql/query/ on the database that
 * BUILDSTATS_DB names and prints, a line each, what it takes and gives.
 *
 *     build_by_id(integer) -> id integer, name text
 *
 * Exits with 1 when one can't be prepared.  Fragments are no statements;
 * test_search.c prepares what is made of them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "db/conn.h"

static const struct {
	Oid oid;
	const char *name;
} types[] = {
    {OID_BOOL, "boolean"},
    {OID_BYTEA, "bytea"},
    {OID_NAME, "name"},
    {OID_INT8, "bigint"},
    {OID_INT2, "smallint"},
    {OID_INT4, "integer"},
    {OID_TEXT, "text"},
    {OID_FLOAT4, "real"},
    {OID_FLOAT8, "double"},
    {OID_BYTEA_ARRAY, "bytea[]"},
    {OID_INT2_ARRAY, "smallint[]"},
    {OID_INT4_ARRAY, "integer[]"},
    {OID_TEXT_ARRAY, "text[]"},
    {OID_INT8_ARRAY, "bigint[]"},
    {OID_FLOAT8_ARRAY, "double[]"},
    {OID_TIMESTAMPTZ, "timestamptz"},
    {OID_TIMESTAMPTZ_ARRAY, "timestamptz[]"},
    {OID_UUID, "uuid"},
    {OID_JSONB, "jsonb"},
    {2278, "void"},
};

/* A type that rows.c can't read is printed as its number: it stands out. */
static const char *
type_name(Oid oid)
{
	static char number[16];

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].oid == oid)
			return types[i].name;
	snprintf(number, sizeof(number), "?%u", (unsigned)oid);
	return number;
}

static bool
describe(struct db *db, enum query q)
{
	struct errinfo ei = {0};
	struct prepared s = {0};

	if (query_texts[q].kind == QUERY_FRAGMENT)
		return true;
	if (stmt_prepare(db, &s, query_texts[q].name, query_texts[q].text,
		&ei) != ERR_OK) {
		fprintf(stderr, "%s: %s\n", query_texts[q].name, ei.detail);
		return false;
	}
	CLEANUP(cleanup_result)
	PGresult *res = PQdescribePrepared(db->conn, s.name);
	printf("%s(", query_texts[q].name);
	for (int i = 0; i < PQnparams(res); i++)
		printf(
		    "%s%s", i > 0 ? ", " : "", type_name(PQparamtype(res, i)));
	putchar(')');
	for (int i = 0; i < PQnfields(res); i++)
		printf("%s%s %s", i > 0 ? ", " : " -> ", PQfname(res, i),
		    type_name(PQftype(res, i)));
	putchar('\n');
	free(s.types);
	return true;
}

int
main(void)
{
	const char *conninfo = getenv("BUILDSTATS_DB");
	struct errinfo ei = {0};
	struct db *db;
	bool ok = true;

	if (conninfo == NULL) {
		fputs("describe: BUILDSTATS_DB: not set\n", stderr);
		return 2;
	}
	db = db_new(conninfo);
	if (db_connect(db, &ei) != ERR_OK) {
		fprintf(stderr, "describe: %s\n", ei.detail);
		ok = false;
	}
	for (size_t q = 0; ok && q < Q__MAX; q++)
		ok = describe(db, (enum query)q);
	db_free(db);
	return ok ? 0 : 1;
}
