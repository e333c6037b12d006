/*
 * token.c: the verb token.  A token is shown once; the database holds only
 * its SHA-256.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "admin/admin.h"
#include "archive/digest.h"
#include "base/cleanup.h"
#include "db/stmt.h"

#define TOKEN_BYTES 24

static enum err
token_add(struct db *db, const char *builder, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	unsigned char bytes[TOKEN_BYTES], hash[DIGEST_BYTES];
	char text[sizeof("bs_") + 2 * TOKEN_BYTES] = "bs_";
	size_t n = strlen(builder);
	enum err err;

	if (n == 0 || n > 200 || !utf8_clean(builder, n))
		return err_set(ei, ERR_INPUT,
		    "a builder's name is 1 to 200 "
		    "bytes of clean UTF-8");
	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return err_set(
		    ei, ERR_INTERNAL, "no random bytes: %s", strerror(errno));
	str_to_hex(text + 3, bytes, sizeof(bytes));
	digest_of(text, strlen(text), hash);
	err = STMT_QUERY(db, Q_TOKEN_ADD, &r, ei, db_bytea(hash, sizeof(hash)),
	    DB_T(builder));
	if (err == ERR_OK)
		printf("%s\n", text);
	return err;
}

static enum err
token_list(struct db *db, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_TOKEN_LIST, &r, ei);
	char created[32], revoked[32];

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < rows_count(r); i++) {
		str_from_time(created, row_time(r, i, 2));
		if (!row_is_null(r, i, 3))
			str_from_time(revoked, row_time(r, i, 3));
		printf("%lld\t%s\tcreated %s%s%s\n",
		    (long long)row_int(r, i, 0), row_text(r, i, 1), created,
		    row_is_null(r, i, 3) ? "" : "\trevoked ",
		    row_is_null(r, i, 3) ? "" : revoked);
	}
	return ERR_OK;
}

static enum err
token_revoke(struct db *db, const char *text, struct errinfo *ei)
{
	const struct db_param *p;
	size_t affected;
	int id;
	enum err err;

	if ((err = admin_id(text, &id, ei)) != ERR_OK)
		return err;
	p = (const struct db_param[]){DB_I4(id)};
	err = stmt_exec(db, Q_TOKEN_REVOKE, p, 1, &affected, ei);
	if (err == ERR_OK && affected == 0)
		return err_set(ei, ERR_NOT_FOUND,
		    "%d: no such token, or revoked before", id);
	return err;
}

enum err
cmd_token(struct admin *ad, int n, char **argv, struct errinfo *ei)
{
	if (strcmp(argv[0], "add") == 0 && n == 2)
		return token_add(ad->db, argv[1], ei);
	if (strcmp(argv[0], "list") == 0 && n == 1)
		return token_list(ad->db, ei);
	if (strcmp(argv[0], "revoke") == 0 && n == 2)
		return token_revoke(ad->db, argv[1], ei);
	return admin_usage(ad, ei, "token: add BUILDER, list, or revoke ID");
}
