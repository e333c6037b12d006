/* page_results.h: test results in documents (docs/pages.md). */
#ifndef WEB_PAGE_RESULTS_H
#define WEB_PAGE_RESULTS_H

#include "model/result_load.h"
#include "web/page.h"

/* Counts by class, and failed in all. */
void result_add_counts(node n, const size_t counts[RESULT_CLASSES]);

/* The id, type, counts and addresses of a run. */
void result_add_run(
    struct page_context *cx, node n, int build, const struct result_view *v);

/* A case: c of v->run or of v->gone. */
struct result_shown {
	const struct result_view *view;
	const struct result_case *c;
	enum result_turn turn;
};
void result_add_case(
    struct page_context *cx, node n, int build, const struct result_shown *s);

/* "3 of 1,204 tests failed, 2 of them newly"; nothing is said of newly if
 * there is no run before. */
void result_say(struct buf *out, const struct result_views *views);

/* The part of the page of a build: what its tests said. */
enum err build_find_results(
    struct page_context *cx, int build, struct result_views *out) MUST_CHECK;
void build_add_results(
    struct page_context *cx, int build, const struct result_views *views);

#endif
