/*
 * sql.c: statements put together from fragments, each combination prepared
 * once a connection, the least recently used one dropped.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "db/conn.h"

static _Noreturn void
misused(const struct sql *s, const char *why)
{
	log_error("statement of %s: %s",
	    s->nparts > 0 ? query_texts[s->part[0]].name : "nothing", why);
	abort();
}

void
sql_add(struct sql *s, enum query fragment)
{
	if (s->nparts == sizeof(s->part) / sizeof(s->part[0]))
		misused(s, "too many fragments");
	if (fragment >= Q__MAX || query_texts[fragment].kind != QUERY_FRAGMENT)
		misused(s, "not a fragment");
	s->part[s->nparts++] = fragment;
}

void
sql_bind(struct sql *s, struct db_param value)
{
	if (s->nparams == sizeof(s->param) / sizeof(s->param[0]))
		misused(s, "too many parameters");
	s->param[s->nparams++] = value;
}

void
sql_add1(struct sql *s, enum query fragment, struct db_param value)
{
	sql_add(s, fragment);
	sql_bind(s, value);
}

/* "$?" takes the next number, "$=" the last one again. */
static unsigned
assemble(const struct sql *s, struct buf *out)
{
	unsigned taken = 0;

	for (size_t i = 0; i < s->nparts; i++) {
		const char *p = query_texts[s->part[i]].text;
		const char *dollar;
		for (; (dollar = strchr(p, '$')) != NULL; p = dollar + 2) {
			buf_add(out, p, (size_t)(dollar - p));
			if (dollar[1] == '?')
				taken++;
			else if (dollar[1] != '=')
				misused(s, "stray $");
			buf_addf(out, "$%u", taken);
		}
		buf_adds(out, p);
		buf_addc(out, '\n');
	}
	return taken;
}

char *
sql_text(const struct sql *s)
{
	struct buf text = BUF_INIT;

	if (assemble(s, &text) != s->nparams)
		misused(s, "fragments and parameters don't match");
	return text.data;
}

static uint32_t
hash_parts(const struct sql *s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s->nparts; i++)
		h = (h ^ (uint32_t)s->part[i]) * 16777619u;
	return h;
}

static void
combo_free(struct combo *c)
{
	if (c != NULL)
		free(c->prepared.types);
	free(c);
}

void
combos_forget(struct db *db)
{
	for (size_t i = 0; i < COMBOS_MAX; i++) {
		combo_free(db->combo[i]);
		db->combo[i] = NULL;
	}
}

/* The slot that holds s, or else the one to (re)use: *found tells. */
static size_t
find_slot(struct db *db, const struct sql *s, uint32_t hash, bool *found)
{
	size_t best = 0;
	uint64_t oldest = UINT64_MAX;

	*found = false;
	for (size_t i = 0; i < COMBOS_MAX; i++) {
		const struct combo *c = db->combo[i];
		uint64_t used = c == NULL ? 0 : c->used;
		if (c != NULL && c->hash == hash && c->nparts == s->nparts &&
		    memcmp(c->part, s->part, s->nparts * sizeof(*c->part)) ==
			0) {
			*found = true;
			return i;
		}
		if (used < oldest) {
			oldest = used;
			best = i;
		}
	}
	return best;
}

/* Inside a failed transaction nothing can be dropped; the name is unique, so
 * that a leftover does no harm but its memory. */
static void
drop_slot(struct db *db, size_t slot)
{
	char text[32];
	struct combo *c = db->combo[slot];

	if (c == NULL)
		return;
	if (c->prepared.ready) {
		snprintf(text, sizeof(text), "DEALLOCATE %s", c->prepared.name);
		PQclear(PQexec(db->conn, text));
	}
	combo_free(c);
	db->combo[slot] = NULL;
}

static enum err
combo_get(
    struct db *db, const struct sql *s, struct combo **out, struct errinfo *ei)
{
	uint32_t hash = hash_parts(s);
	bool found;
	size_t slot = find_slot(db, s, hash, &found);
	enum err err;

	if (!found) {
		CLEANUP(cleanup_free) char *text = sql_text(s);
		if ((err = pipe_settle(db, ei)) != ERR_OK)
			return err;
		struct combo *c = calloc(1, sizeof(*c));
		if (c == NULL)
			out_of_memory();
		drop_slot(db, slot);
		db->combo[slot] = c;
		memcpy(c->part, s->part, sizeof(c->part));
		c->nparts = s->nparts;
		c->hash = hash;
		err = stmt_prepare(
		    db, &c->prepared, query_texts[s->part[0]].name, text, ei);
		if (err != ERR_OK) {
			drop_slot(db, slot);
			return err;
		}
	}
	db->combo[slot]->used = ++db->clock;
	*out = db->combo[slot];
	return ERR_OK;
}

static enum err
query_once(struct db *db, const struct sql *s, const char *name, PGresult **out,
    struct errinfo *ei)
{
	struct combo *c;
	enum err err;

	if ((err = conn_ensure(db, ei)) != ERR_OK ||
	    (err = combo_get(db, s, &c, ei)) != ERR_OK)
		return err;
	return stmt_run(db, &c->prepared, name,
	    (struct args){s->param, s->nparams}, out, ei);
}

enum err
sql_query(
    struct db *db, const struct sql *s, struct rows **out, struct errinfo *ei)
{
	const struct query_text *t;
	PGresult *res = NULL;
	enum err err;

	*out = NULL;
	if (s->nparts == 0)
		misused(s, "empty");
	t = &query_texts[s->part[0]];
	err = query_once(db, s, t->name, &res, ei);
	if (err != ERR_OK && conn_can_repeat(db, t->text))
		err = query_once(db, s, t->name, &res, ei);
	if (err == ERR_OK)
		*out = rows_new(res, t->name);
	return err;
}
