/* auth.c: see auth.h.  Only hashes of tokens are stored. */
#include "web/auth.h"

#include <string.h>
#include <strings.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
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

enum err
auth_upload(struct exchange *x, const char **builder)
{
	CLEANUP(cleanup_rows) struct rows *rows = NULL;
	unsigned char hash[DIGEST_BYTES];
	struct slice token;
	enum err err;

	*builder = NULL;
	if (x->req.authorization[0] == '\0')
		return x->app->opt->anonymous_upload
			   ? ERR_OK
			   : deny(x, "Uploads need a token here.");
	token = read_token(x->req.authorization);
	if (token.n == 0 || token.n > TOKEN_BYTES_MAX)
		return deny(x, "This is no token.");
	digest_of(token.p, token.n, hash);
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
auth_token(struct exchange *x, const char *why, const char **builder)
{
	enum err err = auth_upload(x, builder);

	if (err == ERR_OK && *builder == NULL)
		return deny(x, why);
	return err;
}
