/* envelope.h: what is around the content of every page; docs/pages.md. */
#ifndef WEB_ENVELOPE_H
#define WEB_ENVELOPE_H

#include "web/exchange.h"
#include "web/page.h"

/* Makes the context with a new document, which doc_free ends. */
void envelope_open(
    struct exchange *x, struct page_context *cx, const char *route);
/* Adds what is known when the page is complete: links to its forms, the
 * parameters. */
void envelope_close(struct exchange *x, struct page_context *cx);

#endif
