/* page_rows.h: what several pages share: rows, orders, filters. */
#ifndef WEB_PAGE_ROWS_H
#define WEB_PAGE_ROWS_H

#include "base/buf.h"
#include "model/build_info.h"
#include "model/failure_list.h"
#include "model/package_list.h"
#include "model/task_table.h"
#include "web/page.h"

/* Sheets want paths, data whole URLs; what a form leaves out isn't made. */
bool row_for_sheet(const struct page_context *cx); /* HTML or XML */
bool row_for_data(const struct page_context *cx);  /* all but HTML */
/* Programs get exact numbers, whatever they cost; people, chats, feeds don't.
 */
bool row_is_exact(const struct page_context *cx);

/* Fills n with the attributes of a build's row (docs/pages.md). */
void row_build(struct page_context *cx, node n, const struct build_row *b);

void row_package(struct page_context *cx, node n, const struct build_row *b,
    const struct package_row *p);

/* A table says no more than that many others are the same. */
#define SIMILAR_SHOWN 99

/* A failure's row. */
void row_failure(struct page_context *cx, node n, const struct failure_row *f);
/* The same where HTML has a row of a table for it. */
void row_failure_in_table(
    struct page_context *cx, node n, const struct failure_row *f);
/* The short address of a failure, its path below the base. */
char *row_failure_path(struct page_context *cx, int id);

/* The table's task number i; cputime is NAN if unknown. */
void row_task(struct page_context *cx, node n, const struct task_table *t,
    uint32_t i, double cputime);

/* One of the choices of a picker, in an aside <options>. */
void row_option(
    node options, const char *name, const char *value, bool selected);
/* The metrics of a build to choose from, and the chosen one if it has no such;
 * t may be NULL. */
void row_metric_options(
    node options, const struct task_table *t, const char *chosen);
/* A metric of all tasks; NAN if the build has no such metric. */
enum err row_values(struct page_context *cx, struct task_table *t,
    const char *metric, const double **value) MUST_CHECK;

/* What is unknown, "", is null in data. */
const char *row_text_or_null(const char *text);

/* url and path-url of a build. */
void row_build_links(struct page_context *cx, node n, int build);
/* A link for an attribute called url: a path for sheets, absolute for data. */
const char *row_url(struct page_context *cx, char *path);
/* The tasks of one package of a build. */
char *row_tasks_link(struct page_context *cx, int build, const char *package);

/* feed-url: the feed of this search; in the feed itself self and html, its
 * address and the page's, and updated: when the newest entry was, TIME_UNKNOWN
 * without one.  Paths are relative to the base. */
struct row_feed {
	const char *feed, *page;
	int64_t updated;
};
void row_feed(struct page_context *cx, const struct row_feed *f);

/* width, 0..1000, of a share of the longest; for sheets. */
void row_width(struct page_context *cx, node n, double value, double longest);

/*
 * sort=, page= and per=; without sort= the default, written as sort= is.
 * ERR_INPUT for a key that is not among keys (NULL-terminated).
 */
enum err row_order(struct page_context *cx, const char *const *keys,
    const char *fallback, struct list_order *out) MUST_CHECK;

/* page_table of a total that was counted up to cap + 1 only; cap 0: it is
 * exact.  Beyond the cap the document says capped="true". */
void row_table(
    struct page_context *cx, const char *array, int64_t total, int64_t cap);

/* status= as bits 1 << enum build_status (which task statuses share). */
unsigned row_statuses(struct page_context *cx);

/* task=, with do_ in front if it was left out. */
const char *row_task_name(struct page_context *cx);

/* The parameters of the search for builds. */
void row_filter(struct page_context *cx, struct build_filter *f);

/* Sets the page's sentence to what b holds, and frees b. */
void row_sentence(struct page_context *cx, struct buf *b);

/* The build that the URL names. */
enum err row_find_build(
    struct page_context *cx, struct build_info *out) MUST_CHECK;

#endif
