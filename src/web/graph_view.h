/* graph_view.h: the parts of the page /graph; internal to it. */
#ifndef WEB_GRAPH_VIEW_H
#define WEB_GRAPH_VIEW_H

#include "model/graph_find.h"
#include "model/metric_list.h"
#include "web/page.h"

struct graph_view {
	struct graph graph;
	struct graph_found found;
	struct build_filter filter;
	size_t max; /* points */
	bool log_x, log_y;
	size_t nmetrics; /* that have been seen */
	struct metric_entry *metric;
	size_t nboxes;
	struct graph_box *box;
};

/* "wall time", "largest io.read_bytes", "revision of meta-oe", "machine" */
const char *graph_axis_words(
    struct page_context *cx, const struct graph_axis *axis);
/* A value of a dimension: short where it is a revision, "unknown" if "". */
const char *graph_value_words(
    struct page_context *cx, const struct graph_axis *axis, const char *value);

/* graph_plot.c: <plot>. */
void graph_add_plot(struct page_context *cx, const struct graph_view *v);

/* graph_pick.c: <options>, what x, y and group can be. */
enum err graph_add_options(
    struct page_context *cx, const struct graph_view *v) MUST_CHECK;

#endif
