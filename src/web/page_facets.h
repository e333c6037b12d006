/* page_facets.h: what the pickers of a search offer. */
#ifndef WEB_PAGE_FACETS_H
#define WEB_PAGE_FACETS_H

#include "web/page.h"

/* Adds <facets> for builder machine distro image branch layer tag task, and
 * status if that may be asked for; nothing in forms for programs. */
enum err facets_add(struct page_context *cx, bool with_status) MUST_CHECK;

#endif
