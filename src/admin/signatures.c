/*
 * signatures.c: the verb signatures.  Reads the logs of failures again, after
 * the normaliser or what it calls an error has changed, and signs the failures
 * anew.  Each batch is a transaction of its own; what was done isn't done again
 * when the verb is called once more.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/log_read.h"
#include "model/log_store.h"
#include "model/signature_store.h"
#include "model/told_parts.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct log_taker *, cleanup_taker, log_taker_free);

struct batch {
	struct db *db;
	struct arena *a;
	struct errinfo *ei;
	const struct rows *due;
	size_t n;
	struct signature_set *set;
	int32_t *id, *sig[3];
	const char **first_line;
	/* the log that was read last: many failures have the same */
	int log;
	const struct taken_log *taken;
};

static enum err
add_piece(void *arg, struct slice piece, struct errinfo *ei)
{
	(void)ei;
	log_taker_add(arg, piece.p, piece.n);
	return ERR_OK;
}

/* What was masked when it came stays masked; nothing more is. */
static enum err
take_log(struct batch *b, int log)
{
	CLEANUP(cleanup_taker) struct log_taker *t = NULL;
	enum err err;

	if (log == b->log)
		return ERR_OK;
	b->log = log;
	b->taken = NULL;
	if (log == 0)
		return ERR_OK;
	t = log_taker_new(b->a, 0);
	err = log_bytes(
	    b->db, log, (struct log_range){0, INT64_MAX}, add_piece, t, b->ei);
	if (err != ERR_OK)
		return err;
	b->taken = log_taker_end(t);
	return log_refresh(b->db, log, b->taken, b->ei);
}

static enum err
sign(struct batch *b, size_t i)
{
	const char *recipe = row_text(b->due, i, 2);
	const char *task = row_text(b->due, i, 3);
	const struct told_failure f = {
	    .recipe = recipe, .task = task, .message = row_text(b->due, i, 4)};
	enum err err = take_log(b, (int)row_int(b->due, i, 1));

	if (err != ERR_OK)
		return err;
	b->id[i] = (int32_t)row_int(b->due, i, 0);
	b->first_line[i] = told_first_line(b->a, &f, b->taken);
	told_sign(b->a, &f, b->taken, &b->set[i]);
	return ERR_OK;
}

static void
batch_init(struct batch *b)
{
	b->n = rows_count(b->due);
	b->set = arena_calloc(b->a, b->n, sizeof(*b->set));
	b->id = arena_calloc(b->a, b->n, sizeof(*b->id));
	b->first_line = arena_calloc(b->a, b->n, sizeof(*b->first_line));
	for (size_t k = 0; k < 3; k++)
		b->sig[k] = arena_calloc(b->a, b->n, sizeof(*b->sig[k]));
}

static enum err
sign_batch(struct batch *b)
{
	enum err err = ERR_OK;

	batch_init(b);
	for (size_t i = 0; err == ERR_OK && i < b->n; i++)
		err = sign(b, i);
	if (err == ERR_OK)
		err = signature_store(b->db, b->a, b->set, b->n, b->ei);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < b->n; i++)
		for (size_t k = 0; k < 3; k++)
			b->sig[k][i] = b->set[i].id[k];
	return STMT_EXEC(b->db, Q_SIGNATURE_SET, b->ei,
	    DB_I2(SIGNATURE_VERSION), db_int4s(b->id, b->n),
	    db_int4s(b->sig[0], b->n), db_int4s(b->sig[1], b->n),
	    db_int4s(b->sig[2], b->n), db_texts(b->first_line, b->n));
}

/* The next ones behind number *last; 0 when all is done. */
static enum err
next_batch(struct admin *ad, int *last, size_t *done, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *due = NULL;
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct batch b = {.db = ad->db, .a = a, .ei = ei};
	enum err err = STMT_QUERY(ad->db, Q_SIGNATURE_DUE, &due, ei,
	    DB_I4(*last), DB_I2(ad->all ? -1 : SIGNATURE_VERSION));

	if (err != ERR_OK)
		return err;
	b.due = due;
	if (rows_count(due) == 0) {
		*last = 0;
		return ERR_OK;
	}
	*last = (int)row_int(due, rows_count(due) - 1, 0);
	*done += rows_count(due);
	return sign_batch(&b);
}

enum err
cmd_signatures(struct admin *ad, int n, char **argv, struct errinfo *ei)
{
	int last = 0;
	size_t done = 0;
	enum err err = db_set_timeout(ad->db, 600000, 60000, ei);

	(void)n;
	(void)argv;
	if (err != ERR_OK)
		return err;
	do {
		err = next_batch(ad, &last, &done, ei);
	} while (err == ERR_OK && last != 0);
	printf("%zu failures signed by version %d\n", done, SIGNATURE_VERSION);
	return err;
}
