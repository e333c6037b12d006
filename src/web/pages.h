/* pages.h: the page functions, one file each. */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "web/page.h"

enum err page_overview(struct page_context *cx);
enum err page_builds(struct page_context *cx);
enum err page_build(struct page_context *cx);
enum err page_packages(struct page_context *cx);
enum err page_sizes(struct page_context *cx);
enum err page_tasks(struct page_context *cx);
enum err page_package(struct page_context *cx);
enum err page_results(struct page_context *cx);
enum err page_receipt(struct page_context *cx);
enum err page_failures(struct page_context *cx);
enum err page_failure(struct page_context *cx);
enum err page_signature(struct page_context *cx);
enum err page_log(struct page_context *cx);
enum err page_chart(struct page_context *cx);
enum err page_time(struct page_context *cx);
enum err page_compare(struct page_context *cx);
enum err page_trend(struct page_context *cx);
enum err page_trends(struct page_context *cx);
enum err page_steps(struct page_context *cx);
enum err page_graph(struct page_context *cx);
enum err page_metrics(struct page_context *cx);

#endif
