/* receipt_store.c: receipts into the database and back; see receipt.h.  By
 * itself, so that readers of bundles need no database. */
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/receipt_parts.h"

#define CODE_CHARS 20

/* 100 random bits. */
static enum err
make_code(char code[RECEIPT_CODE_MAX], struct errinfo *ei)
{
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned char random[CODE_CHARS];

	_Static_assert(sizeof(letters) == 33, "five bits a letter");
	_Static_assert(CODE_CHARS < RECEIPT_CODE_MAX, "with its NUL");
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return err_set(
		    ei, ERR_INTERNAL, "the system gives no random numbers");
	for (size_t i = 0; i < CODE_CHARS; i++)
		code[i] = letters[random[i] & 31];
	code[CODE_CHARS] = '\0';
	return ERR_OK;
}

enum err
receipt_store(struct db *db, const struct receipt *r,
    const struct receipt_upload *u, char code[RECEIPT_CODE_MAX],
    struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf content = BUF_INIT;
	enum err err = make_code(code, ei);

	if (err != ERR_OK)
		return err;
	receipt_content(&content, r);
	return STMT_LATER(db, Q_RECEIPT_STORE, ei, DB_T(code), DB_T(r->kind),
	    DB_I8((int64_t)u->bytes), db_bytea(u->sha256, sizeof(u->sha256)),
	    db_int4s(r->build, r->nbuilds), db_jsonb(content.data),
	    DB_T(u->raw != NULL ? u->raw : ""));
}

enum err
receipt_load(struct db *db, struct arena *a, const char *code,
    struct receipt_row *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err;

	*out = (struct receipt_row){0};
	if (strlen(code) != CODE_CHARS || !utf8_clean(code, CODE_CHARS))
		return err_set(ei, ERR_NOT_FOUND, "there is no such receipt");
	err = STMT_QUERY(db, Q_RECEIPT_LOAD, &r, ei, DB_T(code));
	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return err_set(ei, ERR_NOT_FOUND,
		    "there is no such receipt; they are kept for %d days",
		    RECEIPT_DAYS);
	out->received = row_time(r, 0, 0);
	out->code = arena_strdup(a, row_text(r, 0, 1));
	out->kind = arena_strdup(a, row_text(r, 0, 2));
	out->raw = arena_strdup(a, row_text(r, 0, 3));
	out->sha256 = arena_strdup(a, row_text(r, 0, 4));
	out->bytes = row_int(r, 0, 5);
	out->nbuilds = row_int4s(r, 0, 6, a, &out->builds);
	out->content = arena_strdup(a, row_text(r, 0, 7));
	return ERR_OK;
}
