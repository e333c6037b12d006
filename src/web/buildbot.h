/* buildbot.h: takes what Buildbot's HttpStatusPush tells of a build. */
#ifndef WEB_BUILDBOT_H
#define WEB_BUILDBOT_H

#include "web/exchange.h"

/* Is it such a document, and not the begin of a build that reports itself?
 * Looks at the names of members alone. */
bool buildbot_is_document(struct slice text);

/* Stores it and answers; builder: of the token, or NULL. */
enum err buildbot_take(
    struct exchange *x, struct slice text, const char *builder) MUST_CHECK;

#endif
