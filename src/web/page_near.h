/* page_near.h: the good builds of a recipe that are nearest to a given one. */
#ifndef WEB_PAGE_NEAR_H
#define WEB_PAGE_NEAR_H

#include "model/package_history.h"
#include "web/page.h"

/* The attributes of a result's row; in page_package.c. */
void row_result(
    struct page_context *cx, node n, const struct package_result *r);

/*
 * Adds <successes>, ranked by nearness to the build that build= names, each
 * with what differs.  ERR_NOT_FOUND if there is no such build.
 */
enum err near_add_successes(struct page_context *cx, int recipe,
    const struct package_results *window) MUST_CHECK;

#endif
