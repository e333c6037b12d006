/* page_base.h: what pages compare with: base=. */
#ifndef WEB_PAGE_BASE_H
#define WEB_PAGE_BASE_H

#include "web/page.h"

/* One of both, or none if it wasn't given. */
struct base_asked {
	int32_t build;
	size_t median; /* of so many builds */
};

/* Reads base=: a build's number, tag:NAME (the newest build that has it), or
 * median:N up to max, five unless told.  ERR_INPUT; ERR_NOT_FOUND of a tag. */
enum err base_read(
    struct page_context *cx, size_t max, struct base_asked *out) MUST_CHECK;

#endif
