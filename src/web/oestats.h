/*
 * oestats.h: takes builds from the clients of the oestats server, which post
 * every task while their build waits: docs/protocol.md.
 *
 * Nothing is asked of the database before the answer.  What was said is
 * appended to the spool; numbers for failures, which make the addresses that
 * are answered, are reserved ahead, between requests.
 */
#ifndef WEB_OESTATS_H
#define WEB_OESTATS_H

#include "web/exchange.h"

struct oestats;

struct oestats *oestats_new(const char *spool);
void oestats_free(struct oestats *o);

/* Between requests: reserves numbers if there are few left. */
void oestats_idle(struct app *app);

#endif
