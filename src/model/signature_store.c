/* signature_store.c: see signature_store.h. */
#include "model/signature_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"

#define BATCH 2000

/* A signature, whoever has it. */
struct one {
	const struct signature *sig;
	int16_t strength;
	int32_t id; /* 0: not yet known */
};

struct store {
	struct db *db;
	struct arena *a;
	struct errinfo *ei;
	struct one *one; /* sorted by hash and strength, each once */
	size_t n;
};

static int
by_hash(const void *x, const void *y)
{
	const struct one *a = x, *b = y;
	int d = memcmp(a->sig->hash, b->sig->hash, SIGNATURE_BYTES);

	return d != 0 ? d : a->strength - b->strength;
}

static void
collect(struct store *s, const struct signature_set *set, size_t n)
{
	size_t count = 0;

	s->one = arena_calloc(s->a, 3 * n + 1, sizeof(*s->one));
	for (size_t i = 0; i < n; i++)
		for (int16_t k = 0; set[i].made && k < 3; k++)
			s->one[s->n++] =
			    (struct one){&set[i].sig[k], (int16_t)(k + 1), 0};
	if (s->n > 1)
		qsort(s->one, s->n, sizeof(*s->one), by_hash);
	for (size_t i = 0; i < s->n; i++)
		if (count == 0 || by_hash(&s->one[count - 1], &s->one[i]) != 0)
			s->one[count++] = s->one[i];
	s->n = count;
}

/* Takes ids from rows of id, hash and strength. */
static void
learn(struct store *s, const struct rows *r)
{
	for (size_t i = 0; i < rows_count(r); i++) {
		struct slice hash = row_bytes(r, i, 1);
		struct signature sig;
		if (hash.n != SIGNATURE_BYTES)
			continue;
		memcpy(sig.hash, hash.p, SIGNATURE_BYTES);
		struct one *one =
		    bsearch(&(struct one){&sig, (int16_t)row_int(r, i, 2), 0},
			s->one, s->n, sizeof(*s->one), by_hash);
		if (one != NULL)
			one->id = (int32_t)row_int(r, i, 0);
	}
}

static struct slice
hash_of(const struct one *one)
{
	return (struct slice){(const char *)one->sig->hash, SIGNATURE_BYTES};
}

static enum err
send(struct store *s, size_t first, size_t n)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct slice *hash = arena_calloc(s->a, n, sizeof(*hash));
	int16_t *strength = arena_calloc(s->a, n, sizeof(*strength));
	const char **text = arena_calloc(s->a, n, sizeof(*text));
	enum err err;

	for (size_t i = 0; i < n; i++) {
		const struct one *one = &s->one[first + i];
		hash[i] = hash_of(one);
		strength[i] = one->strength;
		text[i] = one->sig->text;
	}
	err = STMT_QUERY(s->db, Q_SIGNATURE_STORE, &r, s->ei,
	    db_byteas(hash, n), db_int2s(strength, n), DB_I2(SIGNATURE_VERSION),
	    db_texts(text, n));
	if (err == ERR_OK)
		learn(s, r);
	return err;
}

/* What somebody else committed meanwhile wasn't in our snapshot. */
static enum err
find_rest(struct store *s)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct slice *hash = arena_calloc(s->a, s->n + 1, sizeof(*hash));
	size_t n = 0;
	enum err err;

	for (size_t i = 0; i < s->n; i++)
		if (s->one[i].id == 0)
			hash[n++] = hash_of(&s->one[i]);
	if (n == 0)
		return ERR_OK;
	err = STMT_QUERY(s->db, Q_SIGNATURE_FIND, &r, s->ei, db_byteas(hash, n),
	    DB_I2(SIGNATURE_VERSION));
	if (err != ERR_OK)
		return err;
	learn(s, r);
	for (size_t i = 0; i < s->n; i++)
		if (s->one[i].id == 0)
			return err_set(s->ei, ERR_BUSY,
			    "somebody else is changing the same thing");
	return ERR_OK;
}

static int32_t
id_of(const struct store *s, const struct signature *sig, int16_t strength)
{
	const struct one key = {sig, strength, 0};
	const struct one *one =
	    bsearch(&key, s->one, s->n, sizeof(*s->one), by_hash);

	return one != NULL ? one->id : 0;
}

enum err
signature_store(struct db *db, struct arena *a, struct signature_set *set,
    size_t n, struct errinfo *ei)
{
	struct store s = {.db = db, .a = a, .ei = ei};
	enum err err = ERR_OK;

	collect(&s, set, n);
	for (size_t i = 0; err == ERR_OK && i < s.n; i += BATCH)
		err = send(&s, i, s.n - i < BATCH ? s.n - i : BATCH);
	if (err == ERR_OK)
		err = find_rest(&s);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < n; i++)
		for (int16_t k = 0; k < 3; k++)
			set[i].id[k] = set[i].made ? id_of(&s, &set[i].sig[k],
							 (int16_t)(k + 1))
						   : 0;
	return ERR_OK;
}
