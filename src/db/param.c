/*
 * param.c: values in PostgreSQL's binary form.
 *
 * The server says which type each parameter of a statement has; integers are
 * widened or narrowed to it, everything else must fit as it is.
 */
#include <assert.h>
#include <string.h>

#include "db/conn.h"

struct db_param
db_text(const char *s)
{
	if (s == NULL)
		return DB_N();
	return (struct db_param){.type = DB_TEXT, .n = strlen(s), .v.text = s};
}

struct db_param
db_bytea(const void *p, size_t n)
{
	return (struct db_param){.type = DB_BYTEA, .n = n, .v.bytes = p};
}

struct db_param
db_uuid(const unsigned char u[16])
{
	return (struct db_param){.type = DB_UUID, .n = 16, .v.bytes = u};
}

struct db_param
db_jsonb(const char *text)
{
	return (struct db_param){
	    .type = DB_JSONB, .n = strlen(text), .v.text = text};
}

struct db_param
db_int2s(const int16_t *v, size_t n)
{
	return (struct db_param){.type = DB_INT2_ARRAY, .n = n, .v.i2 = v};
}

struct db_param
db_int4s(const int32_t *v, size_t n)
{
	return (struct db_param){.type = DB_INT4_ARRAY, .n = n, .v.i4 = v};
}

struct db_param
db_int8s(const int64_t *v, size_t n)
{
	return (struct db_param){.type = DB_INT8_ARRAY, .n = n, .v.i8 = v};
}

struct db_param
db_times(const int64_t *v, size_t n)
{
	return (struct db_param){.type = DB_TIME_ARRAY, .n = n, .v.i8 = v};
}

struct db_param
db_byteas(const struct slice *v, size_t n)
{
	return (struct db_param){.type = DB_BYTEA_ARRAY, .n = n, .v.slices = v};
}

struct db_param
db_texts(const char *const *v, size_t n)
{
	return (struct db_param){.type = DB_TEXT_ARRAY, .n = n, .v.texts = v};
}

/* The low n bytes of v, most significant first. */
static void
add_be(struct buf *out, uint64_t v, size_t n)
{
	unsigned char b[8];

	for (size_t i = 0; i < n; i++)
		b[i] = (unsigned char)(v >> (8 * (n - 1 - i)));
	buf_add(out, b, n);
}

static void
add_double(struct buf *out, double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof(bits));
	add_be(out, bits, 8);
}

static bool
add_int(struct buf *out, int64_t v, Oid type)
{
	switch (type) {
	case OID_INT2:
		add_be(out, (uint64_t)v, 2);
		return v >= INT16_MIN && v <= INT16_MAX;
	case OID_INT4:
		add_be(out, (uint64_t)v, 4);
		return v >= INT32_MIN && v <= INT32_MAX;
	case OID_INT8:
		add_be(out, (uint64_t)v, 8);
		return true;
	case OID_FLOAT8:
		add_double(out, (double)v);
		return true;
	default:
		return false;
	}
}

static bool
add_text(struct buf *out, const struct db_param *p, Oid type)
{
	switch (type) {
	case OID_JSONB:
		buf_addc(out, 1); /* version of the binary form */
		break;
	case OID_TEXT:
	case OID_VARCHAR:
	case OID_BPCHAR:
	case OID_NAME:
	case OID_JSON:
		break;
	default:
		return false;
	}
	buf_add(out, p->v.text, p->n);
	return true;
}

static Oid
element_type(Oid array)
{
	switch (array) {
	case OID_INT2_ARRAY:
		return OID_INT2;
	case OID_INT4_ARRAY:
		return OID_INT4;
	case OID_INT8_ARRAY:
		return OID_INT8;
	case OID_TIMESTAMPTZ_ARRAY:
		return OID_TIMESTAMPTZ;
	case OID_TEXT_ARRAY:
		return OID_TEXT;
	case OID_BYTEA_ARRAY:
		return OID_BYTEA;
	default:
		return 0;
	}
}

static void
add_time(struct buf *out, int64_t us)
{
	add_be(out, (uint64_t)us - (uint64_t)PG_EPOCH_US, 8);
}

static bool
add_int_element(struct buf *out, int64_t v, Oid type)
{
	add_be(out, type == OID_INT2 ? 2 : type == OID_INT4 ? 4 : 8, 4);
	return add_int(out, v, type);
}

/* NULL: SQL NULL. */
static bool
add_text_element(struct buf *out, const char *s, Oid type)
{
	if (s == NULL) {
		add_be(out, UINT32_MAX, 4);
		return true;
	}
	add_be(out, strlen(s), 4);
	buf_adds(out, s);
	return type == OID_TEXT;
}

/* INT64_MIN: SQL NULL, as row_time reads it. */
static bool
add_time_element(struct buf *out, int64_t us, Oid type)
{
	if (us == INT64_MIN) {
		add_be(out, UINT32_MAX, 4);
		return true;
	}
	add_be(out, 8, 4);
	add_time(out, us);
	return type == OID_TIMESTAMPTZ;
}

/* Length and bytes of element i. */
static bool
add_element(struct buf *out, const struct db_param *p, size_t i, Oid type)
{
	switch (p->type) {
	case DB_TEXT_ARRAY:
		return add_text_element(out, p->v.texts[i], type);
	case DB_BYTEA_ARRAY:
		add_be(out, p->v.slices[i].n, 4);
		buf_add(out, p->v.slices[i].p, p->v.slices[i].n);
		return type == OID_BYTEA;
	case DB_TIME_ARRAY:
		return add_time_element(out, p->v.i8[i], type);
	case DB_INT2_ARRAY:
		return add_int_element(out, p->v.i2[i], type);
	case DB_INT4_ARRAY:
		return add_int_element(out, p->v.i4[i], type);
	default:
		return add_int_element(out, p->v.i8[i], type);
	}
}

static bool
has_nulls(const struct db_param *p)
{
	bool nulls = false;

	for (size_t i = 0; i < p->n && !nulls; i++)
		nulls = p->type == DB_TEXT_ARRAY ? p->v.texts[i] == NULL
						 : p->type == DB_TIME_ARRAY &&
						       p->v.i8[i] == INT64_MIN;
	return nulls;
}

static bool
add_array(struct buf *out, const struct db_param *p, Oid type)
{
	Oid element = element_type(type);
	bool nulls = has_nulls(p), ok = element != 0;

	add_be(out, p->n > 0, 4); /* dimensions */
	add_be(out, nulls, 4);
	add_be(out, element, 4);
	if (p->n == 0)
		return ok;
	add_be(out, p->n, 4);
	add_be(out, 1, 4); /* lower bound */
	for (size_t i = 0; i < p->n; i++)
		ok = add_element(out, p, i, element) && ok;
	return ok;
}

bool
param_encode(struct buf *out, const struct db_param *p, Oid type)
{
	switch (p->type) {
	case DB_INT2:
	case DB_INT4:
	case DB_INT8:
		return add_int(out, p->v.i, type);
	case DB_FLOAT8:
		add_double(out, p->v.d);
		return type == OID_FLOAT8;
	case DB_TIME:
		add_time(out, p->v.i);
		return type == OID_TIMESTAMPTZ;
	case DB_TEXT:
	case DB_JSONB:
		return add_text(out, p, type);
	case DB_BYTEA:
		buf_add(out, p->v.bytes, p->n);
		return type == OID_BYTEA;
	case DB_UUID:
		buf_add(out, p->v.bytes, 16);
		return type == OID_UUID;
	case DB_INT2_ARRAY:
	case DB_INT4_ARRAY:
	case DB_INT8_ARRAY:
	case DB_TIME_ARRAY:
	case DB_TEXT_ARRAY:
	case DB_BYTEA_ARRAY:
		return add_array(out, p, type);
	case DB_NULL:
		break;
	}
	return false;
}

Oid
param_natural_type(const struct db_param *p)
{
	static const Oid types[] = {
	    [DB_NULL] = 0,
	    [DB_INT2] = OID_INT2,
	    [DB_INT4] = OID_INT4,
	    [DB_INT8] = OID_INT8,
	    [DB_FLOAT8] = OID_FLOAT8,
	    [DB_TEXT] = OID_TEXT,
	    [DB_BYTEA] = OID_BYTEA,
	    [DB_TIME] = OID_TIMESTAMPTZ,
	    [DB_UUID] = OID_UUID,
	    [DB_INT2_ARRAY] = OID_INT2_ARRAY,
	    [DB_INT4_ARRAY] = OID_INT4_ARRAY,
	    [DB_INT8_ARRAY] = OID_INT8_ARRAY,
	    [DB_TIME_ARRAY] = OID_TIMESTAMPTZ_ARRAY,
	    [DB_TEXT_ARRAY] = OID_TEXT_ARRAY,
	    [DB_BYTEA_ARRAY] = OID_BYTEA_ARRAY,
	    [DB_JSONB] = OID_JSONB,
	};

	assert(p->type < sizeof(types) / sizeof(types[0]));
	return types[p->type];
}
