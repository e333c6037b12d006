/* page_near.h: the good builds of a recipe that are nearest to a given one. */
#ifndef WEB_PAGE_NEAR_H
#define WEB_PAGE_NEAR_H

#include "model/build_info.h"
#include "model/nearness.h"
#include "model/package_history.h"
#include "web/page.h"

/* The attributes of a result's row; in page_package.c. */
void row_result(
    struct page_context *cx, node n, const struct package_result *r);

struct near_asked {
	const struct build_info *here;
	const char *version; /* of the recipe there; "": look it up */
	int recipe;
	const struct package_results *window; /* package_window */
};

struct near_found {
	size_t n; /* 0: nobody has built it */
	struct build_facts here, there;
	struct package_result nearest; /* there */
};

/* Adds <successes>, ranked by nearness to a build, each with what differs. */
enum err near_add_successes(struct page_context *cx,
    const struct near_asked *asked, struct near_found *found) MUST_CHECK;

/* Sets the layers of facts[i] to those of build[i]. */
enum err near_load_layers(struct page_context *cx, const int32_t *build,
    struct build_facts *const *facts, size_t n) MUST_CHECK;

#endif
