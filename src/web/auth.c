/* auth.c: see auth.h.  Only hashes of tokens are stored. */
#include "web/auth.h"

#include <string.h>
#include <strings.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/live_report.h"
#include "web/response.h"

#define TOKEN_BYTES_MAX 512

static enum err
deny(struct exchange *x, const char *why)
{
	response_header(x, "WWW-Authenticate: Bearer realm=\"buildstats\"");
	return err_set(&x->ei, ERR_DENIED, "%s", why);
}

/* The token, or nothing if the header is of another kind. */
static struct slice
read_token(const char *header)
{
	static const char scheme[] = "Bearer ";

	if (strncasecmp(header, scheme, sizeof(scheme) - 1) != 0)
		return (struct slice){"", 0};
	return slice_trim(slice_of(header + sizeof(scheme) - 1));
}

/* Its hash, which is all that is compared. */
static enum err
hash_token(struct exchange *x, unsigned char hash[DIGEST_BYTES])
{
	struct slice token = read_token(x->req.authorization);

	if (token.n == 0 || token.n > TOKEN_BYTES_MAX)
		return deny(x, "This is no token.");
	digest_of(token.p, token.n, hash);
	return ERR_OK;
}

enum err
auth_upload(struct exchange *x, const char **builder)
{
	CLEANUP(cleanup_rows) struct rows *rows = NULL;
	unsigned char hash[DIGEST_BYTES];
	enum err err;

	*builder = NULL;
	if (x->req.authorization[0] == '\0')
		return x->app->opt->anonymous_upload
			   ? ERR_OK
			   : deny(x, "Uploads need a token here.");
	if ((err = hash_token(x, hash)) != ERR_OK)
		return err;
	err = STMT_QUERY(x->app->db, Q_WEB_TOKEN, &rows, &x->ei,
	    db_bytea(hash, sizeof(hash)));
	if (err != ERR_OK)
		return err;
	if (rows_count(rows) == 0)
		return deny(x, "This token is not known, or was revoked.");
	*builder = arena_strdup(
	    x->arena, row_text(rows, 0, rows_column(rows, "builder")));
	return ERR_OK;
}

enum err
auth_build(struct exchange *x, const struct live_target *target)
{
	unsigned char hash[DIGEST_BYTES];
	const char *builder = NULL;
	enum err err;

	if (x->req.authorization[0] == '\0')
		return deny(x, "This needs the token that the build was given "
			       "when it began.");
	if ((err = hash_token(x, hash)) != ERR_OK)
		return err;
	if (memcmp(hash, target->token, sizeof(hash)) == 0)
		return ERR_OK;
	if (target->builder != NULL)
		err = auth_upload(x, &builder);
	if (err == ERR_DB || err == ERR_BUSY ||
	    (builder != NULL && strcmp(builder, target->builder) == 0))
		return err;
	x->error_status = 403;
	return err_set(
	    &x->ei, ERR_DENIED, "This token is not that of this build.");
}

enum err
auth_token(struct exchange *x, const char *why, const char **builder)
{
	enum err err = auth_upload(x, builder);

	if (err == ERR_OK && *builder == NULL)
		return deny(x, why);
	return err;
}
