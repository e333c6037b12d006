/* page_turn.h: last good and first bad builds, and what came between. */
#ifndef WEB_PAGE_TURN_H
#define WEB_PAGE_TURN_H

#include "model/turn.h"
#include "web/page.h"

/* Adds a <turn> to parent, an array or an object, for each. */
enum err turn_add(struct page_context *cx, node parent, const struct turn *turn,
    size_t n) MUST_CHECK;

#endif
