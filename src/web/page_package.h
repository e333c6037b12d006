/* page_package.h: parts of a recipe's page. */
#ifndef WEB_PAGE_PACKAGE_H
#define WEB_PAGE_PACKAGE_H

#include "model/package_view.h"
#include "web/page.h"

struct package_failing {
	int recipe;
	const struct package_results *window;
	const struct package_target *target;
	size_t ntargets;
};

/* page_package_failing.c: <failures>, the latest of each target and task, with
 * their pages, and <turns>, for targets that fail now. */
enum err package_add_failing(
    struct page_context *cx, const struct package_failing *f) MUST_CHECK;

#endif
