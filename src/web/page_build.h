/* page_build.h: the parts of the page of one build, a file each. */
#ifndef WEB_PAGE_BUILD_H
#define WEB_PAGE_BUILD_H

#include "model/build_info.h"
#include "model/task_table.h"
#include "web/page.h"

/* What all parts are made from. */
struct build_view {
	struct build_info info;
	struct task_table *table;
	const double *cputime; /* a value a task, or NULL */
};

/* page_build_env.c: environment, repairs, rootfs, texts, metrics. */
void build_add_environment(struct page_context *cx, const struct build_view *v);
void build_add_repairs(struct page_context *cx, const struct build_view *v);
void build_add_texts(struct page_context *cx, const struct build_view *v);
void build_add_metrics(struct page_context *cx, const struct build_view *v);

/* page_build_charts.c */
enum err build_add_charts(
    struct page_context *cx, const struct build_view *v) MUST_CHECK;

#endif
