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

#endif
