/* auth.h: whom an upload comes from. */
#ifndef WEB_AUTH_H
#define WEB_AUTH_H

#include "web/exchange.h"

/*
 * Reads "Authorization: Bearer TOKEN".  *builder is the name that the token
 * is bound to, or NULL without a token.  ERR_DENIED for a token that isn't
 * known or was revoked, and for none where one is needed.
 */
enum err auth_upload(struct exchange *x, const char **builder) MUST_CHECK;

/* The same where a token is needed whatever the settings; why: a sentence for
 * who comes without one. */
enum err auth_token(
    struct exchange *x, const char *why, const char **builder) MUST_CHECK;

/*
 * The token of a build that reports itself, or one of its builder.  ERR_DENIED
 * with 401 without one, with 403 for another.
 */
struct live_target;
enum err auth_build(
    struct exchange *x, const struct live_target *target) MUST_CHECK;

#endif
