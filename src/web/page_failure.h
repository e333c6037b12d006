/* page_failure.h: parts of the pages of a failure and of a signature. */
#ifndef WEB_PAGE_FAILURE_H
#define WEB_PAGE_FAILURE_H

#include "model/build_info.h"
#include "model/failure_view.h"
#include "model/log_read.h"
#include "web/page.h"

struct failure_view {
	struct failure_row row;
	struct build_info build;
	bool has_log;
	struct log_info log;
	struct failure_more more;
	struct failure_like like;
	struct failure_strength strength[STRENGTHS];
	struct failure_spread spread;
	const struct spread_target *here; /* its own, of spread */
};

/* page_failure_known.c: new or known, and where. */
enum err failure_load_known(
    struct page_context *cx, struct failure_view *v) MUST_CHECK;
void failure_add_known(struct page_context *cx, const struct failure_view *v);
/* <spread>; here is the reader's own target, or NULL; code that of a signature
 * by which /failures filters, or 0. */
void failure_add_spread(struct page_context *cx,
    const struct failure_spread *spread, const struct spread_target *here,
    int signature);

/* page_failure_near.c: who builds it, beside the nearest, where it turned. */
enum err failure_add_near(
    struct page_context *cx, const struct failure_view *v) MUST_CHECK;

/* page_failure_beside.c: what differs between two builds. */
struct near_found;
enum err failure_add_beside(struct page_context *cx,
    const struct failure_view *v, const struct near_found *found) MUST_CHECK;

#endif
