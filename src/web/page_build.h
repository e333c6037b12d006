/* page_build.h: the parts of the page of one build, a file each. */
#ifndef WEB_PAGE_BUILD_H
#define WEB_PAGE_BUILD_H

#include "model/build_info.h"
#include "model/failure_list.h"
#include "model/live_view.h"
#include "model/package_list.h"
#include "model/series_chart.h"
#include "model/task_table.h"
#include "web/page.h"

/* What all parts are made from. */
struct build_view {
	struct build_info info;
	struct task_table *table;
	const double *cputime; /* a value a task, or NULL */
	struct live_view live; /* of one that runs */
};

/* The build that the URL names, with its tasks' times and CPU times. */
enum err build_view_load(
    struct page_context *cx, struct build_view *v) MUST_CHECK;

/* page_build_failures.c: what failed: the tasks that say so, packages that
 * failed without such a task, and what was told besides. */
#define BUILD_FAILURES_MAX 50
struct build_failures_shown {
	uint32_t row[BUILD_FAILURES_MAX]; /* of the task table */
	size_t n;
	struct package_list rest;   /* packages whose task told nothing */
	struct failure_rows stored; /* with their errors and addresses */
};
enum err build_find_failures(struct page_context *cx,
    const struct build_view *v, struct build_failures_shown *f) MUST_CHECK;
void build_add_failures(struct page_context *cx, const struct build_view *v,
    const struct build_failures_shown *f);
/* Of which the sentence speaks; "" if there is none. */
void build_first_failure(const struct build_view *v,
    const struct build_failures_shown *f, const char **task,
    const char **recipe);

/* page_build_live.c: how far a build is that runs, and its sentence; what
 * failed first as build_first_failure says. */
enum err build_find_live(
    struct page_context *cx, struct build_view *v) MUST_CHECK;
void build_add_live(struct page_context *cx, const struct build_view *v);
void build_say_live(struct page_context *cx, struct buf *out,
    const struct build_view *v, const char *task, const char *recipe);
/* done, total, progress. */
void row_progress(node n, const struct live_progress *p);

/* page_build_env.c: environment, repairs, rootfs, texts, metrics. */
void build_add_environment(struct page_context *cx, const struct build_view *v);
void build_add_repairs(struct page_context *cx, const struct build_view *v);
void build_add_texts(struct page_context *cx, const struct build_view *v);
void build_add_metrics(struct page_context *cx, const struct build_view *v);

/* page_build_events.c: warnings, QA issues, the cache; nothing where no event
 * log told them. */
enum err build_add_events(
    struct page_context *cx, const struct build_view *v) MUST_CHECK;

/* page_build_ci.c: what an autobuilder told of it. */
enum err build_add_ci(struct page_context *cx, int build) MUST_CHECK;

/* page_build_charts.c; seconds: how long the axis is at least, and what it and
 * <charts> became; NULL: as long as the build. */
struct build_charts {
	double seconds;
	struct chart_span span;
	node charts;
};
enum err build_add_charts(struct page_context *cx, const struct build_view *v,
    struct build_charts *out) MUST_CHECK;

#endif
