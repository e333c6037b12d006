/* compare_view.h: the parts of the page /compare; internal to it. */
#ifndef WEB_COMPARE_VIEW_H
#define WEB_COMPARE_VIEW_H

#include "model/build_info.h"
#include "model/compare.h"
#include "web/page.h"

struct compare_column {
	struct build_info info;   /* of a median: of its latest build */
	size_t median;            /* of how many builds; 0: one build itself */
	struct task_table *table; /* NULL for a median */
	bool lacks_metric;
};

struct compare_view {
	size_t n;
	struct compare_column column[COMPARE_BUILDS_MAX];
	const char *metric, *unit;
	struct compare_options options;
	struct compare *compare;
	struct compare_result result;
	struct compare_change *change;
	size_t nchanges;
};

/* "A", "B", ... in the order of the columns. */
const char *compare_letter(size_t i);

void compare_add_builds(struct page_context *cx, const struct compare_view *v);
void compare_add_rows(struct page_context *cx, const struct compare_view *v,
    size_t from, size_t to);
void compare_add_changes(struct page_context *cx, const struct compare_view *v);
void compare_add_environment(
    struct page_context *cx, const struct compare_view *v);
/* Their numbers as wholes: sizes of images, measurements, ... */
enum err compare_add_numbers(
    struct page_context *cx, const struct compare_view *v) MUST_CHECK;
/* What grew from the first to the last, and which files did it. */
enum err compare_add_sizes(
    struct page_context *cx, const struct compare_view *v) MUST_CHECK;
/* How many rows changed by how much. */
void compare_add_histogram(
    struct page_context *cx, const struct compare_view *v);
void compare_say(struct page_context *cx, const struct compare_view *v);

#endif
