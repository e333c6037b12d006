/* log_store.c: see log_store.h. */
#include "model/log_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/log_take.h"

/* One statement takes so many. */
#define BATCH_LOGS 200
#define BATCH_BYTES ((size_t)8 << 20)
/* More packed bytes than this aren't sent before it is known that they are
 * wanted. */
#define ASK_FIRST ((size_t)256 << 10)
#define SHA256_BYTES 32

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

/* A log, whoever has it. */
struct one {
	const struct taken_log *log;
	size_t packed;
	int32_t id; /* 0: not yet known */
};

struct store {
	struct db *db;
	struct arena *a;
	struct errinfo *ei;
	struct one *one; /* sorted by hash, each once */
	size_t n;
};

static int
by_hash(const void *x, const void *y)
{
	const struct one *a = x, *b = y;

	return memcmp(a->log->sha256, b->log->sha256, SHA256_BYTES);
}

static size_t
packed_size(const struct taken_log *log)
{
	size_t sum = 0;

	for (size_t i = 0; i < log->npieces; i++)
		sum += log->pieces[i].zstd.n;
	return sum;
}

/* Sorts the logs and drops those that are there twice. */
static void
collect(struct store *s, struct log_list logs)
{
	size_t n = 0;

	s->one = arena_calloc(s->a, logs.n + 1, sizeof(*s->one));
	for (size_t i = 0; i < logs.n; i++)
		if (logs.log[i] != NULL)
			s->one[s->n++] = (struct one){
			    logs.log[i], packed_size(logs.log[i]), 0};
	if (s->n > 1)
		qsort(s->one, s->n, sizeof(*s->one), by_hash);
	for (size_t i = 0; i < s->n; i++)
		if (n == 0 || by_hash(&s->one[n - 1], &s->one[i]) != 0)
			s->one[n++] = s->one[i];
	s->n = n;
}

/* Takes ids from rows of id and hash. */
static void
learn(struct store *s, const struct rows *r)
{
	for (size_t i = 0; i < rows_count(r); i++) {
		struct slice hash = row_bytes(r, i, 1);
		struct taken_log key;
		if (hash.n != SHA256_BYTES)
			continue;
		memcpy(key.sha256, hash.p, SHA256_BYTES);
		struct one *one = bsearch(&(struct one){.log = &key}, s->one,
		    s->n, sizeof(*s->one), by_hash);
		if (one != NULL)
			one->id = (int32_t)row_int(r, i, 0);
	}
}

static size_t
unknown(const struct store *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->one[i].id == 0;
	return n;
}

static struct slice
hash_of(const struct taken_log *log)
{
	return (struct slice){(const char *)log->sha256, SHA256_BYTES};
}

static enum err
find(struct store *s)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct slice *hash = arena_calloc(s->a, s->n + 1, sizeof(*hash));
	size_t n = 0;
	enum err err;

	for (size_t i = 0; i < s->n; i++)
		if (s->one[i].id == 0)
			hash[n++] = hash_of(s->one[i].log);
	err = STMT_QUERY(s->db, Q_LOG_FIND, &r, s->ei, db_byteas(hash, n));
	if (err == ERR_OK)
		learn(s, r);
	return err;
}

/* "{1,2}", which the server casts: arrays of arrays must be of one length. */
static const char *
array_text(struct arena *a, const int32_t *v, size_t n)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;

	buf_addc(&b, '{');
	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%s%d", i > 0 ? "," : "", v[i]);
	buf_addc(&b, '}');
	return arena_strndup(a, b.data, b.len);
}

/* What its row says of a log's lines. */
struct found {
	const char *error_lines, *excerpt, *excerpt_lines;
};

static struct found
found_in(struct arena *a, const struct taken_log *log)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	int32_t *number = arena_calloc(a, log->nexcerpt + 1, sizeof(*number));

	for (size_t i = 0; i < log->nexcerpt; i++) {
		if (i > 0)
			buf_addc(&text, '\n');
		buf_adds(&text, log->excerpt[i].text);
		number[i] = (int32_t)log->excerpt[i].number;
	}
	return (struct found){array_text(a, log->error_lines, log->nerrors),
	    arena_strndup(a, text.len > 0 ? text.data : "", text.len),
	    array_text(a, number, log->nexcerpt)};
}

/* Columns of log_store: of logs, and of their pieces. */
struct columns {
	size_t n, npieces;
	struct slice *hash;
	int64_t *size;
	int32_t *lines, *first_error;
	const char **error_lines, **excerpt, **excerpt_lines;
	struct slice *of;
	int32_t *number;
	int64_t *start;
	int32_t *piece_size, *first_line;
	struct slice *data;
};

static void
columns_init(struct columns *c, struct arena *a, size_t npieces)
{
	*c = (struct columns){0};
	c->hash = arena_calloc(a, BATCH_LOGS, sizeof(*c->hash));
	c->size = arena_calloc(a, BATCH_LOGS, sizeof(*c->size));
	c->lines = arena_calloc(a, BATCH_LOGS, sizeof(*c->lines));
	c->first_error = arena_calloc(a, BATCH_LOGS, sizeof(*c->first_error));
	c->error_lines = arena_calloc(a, BATCH_LOGS, sizeof(*c->error_lines));
	c->excerpt = arena_calloc(a, BATCH_LOGS, sizeof(*c->excerpt));
	c->excerpt_lines =
	    arena_calloc(a, BATCH_LOGS, sizeof(*c->excerpt_lines));
	c->of = arena_calloc(a, npieces + 1, sizeof(*c->of));
	c->number = arena_calloc(a, npieces + 1, sizeof(*c->number));
	c->start = arena_calloc(a, npieces + 1, sizeof(*c->start));
	c->piece_size = arena_calloc(a, npieces + 1, sizeof(*c->piece_size));
	c->first_line = arena_calloc(a, npieces + 1, sizeof(*c->first_line));
	c->data = arena_calloc(a, npieces + 1, sizeof(*c->data));
}

static void
columns_add(struct columns *c, struct arena *a, const struct taken_log *log)
{
	struct found f = found_in(a, log);
	size_t i = c->n++;

	c->hash[i] = hash_of(log);
	c->size[i] = (int64_t)log->size;
	c->lines[i] = (int32_t)log->lines;
	c->first_error[i] = (int32_t)log->first_error;
	c->error_lines[i] = f.error_lines;
	c->excerpt[i] = f.excerpt;
	c->excerpt_lines[i] = f.excerpt_lines;
	for (size_t k = 0; k < log->npieces; k++) {
		const struct log_piece *p = &log->pieces[k];
		size_t j = c->npieces++;
		c->of[j] = c->hash[i];
		c->number[j] = (int32_t)k;
		c->start[j] = (int64_t)p->start;
		c->piece_size[j] = (int32_t)p->size;
		c->first_line[j] = (int32_t)p->first_line;
		c->data[j] = p->zstd;
	}
}

static enum err
send(struct store *s, const struct columns *c)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(s->db, Q_LOG_STORE, &r, s->ei,
	    db_byteas(c->hash, c->n), db_int8s(c->size, c->n),
	    db_int4s(c->lines, c->n), db_int4s(c->first_error, c->n),
	    db_texts(c->error_lines, c->n), db_texts(c->excerpt, c->n),
	    db_texts(c->excerpt_lines, c->n), db_byteas(c->of, c->npieces),
	    db_int4s(c->number, c->npieces), db_int8s(c->start, c->npieces),
	    db_int4s(c->piece_size, c->npieces),
	    db_int4s(c->first_line, c->npieces),
	    db_byteas(c->data, c->npieces));

	if (err == ERR_OK)
		learn(s, r);
	return err;
}

/* Sends a batch from log *i on, and moves *i behind it. */
static enum err
send_batch(struct store *s, size_t *i)
{
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	size_t first = *i, n = 0, bytes = 0, npieces = 0;
	struct columns c;

	for (; *i < s->n && n < BATCH_LOGS; (*i)++) {
		const struct one *one = &s->one[*i];
		if (one->id != 0)
			continue;
		if (n > 0 && bytes + one->packed > BATCH_BYTES)
			break;
		bytes += one->packed;
		npieces += one->log->npieces;
		n++;
	}
	if (n == 0)
		return ERR_OK;
	columns_init(&c, scratch, npieces);
	for (size_t k = first; k < *i; k++)
		if (s->one[k].id == 0)
			columns_add(&c, scratch, s->one[k].log);
	return send(s, &c);
}

static enum err
store_all(struct store *s)
{
	size_t bytes = 0;
	enum err err = ERR_OK;

	for (size_t i = 0; i < s->n; i++)
		bytes += s->one[i].packed;
	if (bytes > ASK_FIRST)
		err = find(s);
	for (size_t i = 0; err == ERR_OK && i < s->n;)
		err = send_batch(s, &i);
	/* What somebody else committed meanwhile isn't in our snapshot. */
	if (err == ERR_OK && unknown(s) > 0)
		err = find(s);
	if (err == ERR_OK && unknown(s) > 0)
		err = err_set(s->ei, ERR_BUSY,
		    "somebody else is changing the same thing");
	return err;
}

enum err
log_store(struct db *db, struct arena *a, struct log_list logs, int32_t *ids,
    struct errinfo *ei)
{
	struct store s = {.db = db, .a = a, .ei = ei};
	enum err err;

	collect(&s, logs);
	if ((err = store_all(&s)) != ERR_OK)
		return err;
	for (size_t i = 0; i < logs.n; i++) {
		const struct one *one = NULL;
		if (logs.log[i] != NULL)
			one = bsearch(&(struct one){.log = logs.log[i]}, s.one,
			    s.n, sizeof(*s.one), by_hash);
		ids[i] = one != NULL ? one->id : 0;
	}
	return ERR_OK;
}

enum err
log_refresh(
    struct db *db, int id, const struct taken_log *log, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	struct found f = found_in(scratch, log);

	return STMT_EXEC(db, Q_LOG_REFRESH, ei, DB_I4(id),
	    DB_I4(log->first_error), DB_T(f.error_lines), DB_T(f.excerpt),
	    DB_T(f.excerpt_lines));
}
