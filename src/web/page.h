/*
 * page.h: what a page function is and what it gets.
 *
 * A page function reads typed parameters, asks the model, fills
 * doc_content(cx->doc) as docs/pages.md says and sets the sentence.  It knows
 * nothing of HTML, JSON or status lines: it returns an enum err, and the
 * response layer does the rest.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "xml/doc.h"

struct arena;
struct db;
struct request;

/* A text is the page's sentence and its address in one line. */
enum form {
	FORM_HTML,
	FORM_JSON,
	FORM_XML,
	FORM_CSV,
	FORM_TEXT,
	FORM_ATOM,
	FORM_SVG,
	FORM__MAX
};

/* All parameters that any page takes; the table in params.c gives each its
 * name, type and limits. */
enum param {
	P_BUILDER,
	P_MACHINE,
	P_DISTRO,
	P_IMAGE,
	P_PACKAGE,
	P_TASK,
	P_STATUS,
	P_BRANCH,
	P_COMMIT,
	P_LAYER,
	P_TAG,
	P_SINCE,
	P_UNTIL,
	P_Q,
	P_MIN,
	P_METRIC,
	P_VERSION,
	P_BUILD,
	P_SIGNATURE,
	P_LINE,
	P_ROWS,
	P_WITH,
	P_BUILDS,
	P_BASE,
	P_BY,
	P_ALL,
	P_LEAST,
	P_DIFF,
	P_SHARE,
	P_SIZE_SHARE,
	P_ORDER,
	P_VERDICT,
	P_NUMBER,
	P_RESULT,
	P_TURN,
	P_RUN,
	P_SUITE,
	P_CASE,
	P_PART,
	P_FREE,
	P_THREADS,
	P_X,
	P_Y,
	P_GROUP,
	P_OF,
	P_LOG,
	P_EVERY,
	P_SORT,
	P_PAGE,
	P_PER,
	P__MAX
};

struct page_context {
	struct arena *arena;
	struct db *db; /* in a read-only snapshot transaction */
	struct doc *doc;
	const struct request *request;
	enum form form;
	int64_t now;          /* µs, the same for the whole page */
	const char *base;     /* "/buildstats/" */
	const char *site;     /* "http://localhost:8080", no slash at the end */
	const char *id;       /* the :segment of the route, decoded; or "" */
	const char *name;     /* the second :segment; or "" */
	const char *sentence; /* page_sentence; NULL before */
	struct errinfo *ei;
};

typedef enum err (*page_fn)(struct page_context *cx);

/* Parameters, already checked against their type: "" or the default when
 * not given. */
const char *param_text(const struct page_context *cx, enum param p);
bool param_given(const struct page_context *cx, enum param p);
int64_t param_int(const struct page_context *cx, enum param p);
double param_real(const struct page_context *cx, enum param p);
int64_t param_time(const struct page_context *cx, enum param p); /* or
								TIME_UNKNOWN */
/* All values of one that may be repeated (P_STATUS, P_METRIC, P_TAG). */
size_t param_texts(
    const struct page_context *cx, enum param p, const char ***out);
/* The same of whole numbers (P_BUILDS). */
size_t param_ints(const struct page_context *cx, enum param p, int64_t **out);

/* Paging: rows to skip and to take.  In JSON and CSV with per=all the
 * response layer calls the page again for each piece. */
struct paging {
	int64_t offset, limit;
};
struct paging page_paging(const struct page_context *cx);

/* Says how many rows there are in all; fills total, page, per, pages, next
 * and the links of docs/pages.md. */
void page_table(struct page_context *cx, const char *array, int64_t total);

/* A sortable column of the table; `key` as sort= takes it.  With a '-' in
 * front the first click sorts downwards. */
void page_column(struct page_context *cx, const char *key, const char *label);

/* The sentence that opens the page; printf-like.  Also its title. */
void page_sentence(struct page_context *cx, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/*
 * Links, in the arena: "/buildstats/" + path, each argument escaped as one
 * path segment or query value.  page_link(cx, "build/%d/tasks", 7).
 * page_link_query adds pairs of name and value, NULL-terminated, leaving out
 * those whose value is ""; its path is relative to the base, or what page_link
 * gave.
 */
char *page_link(struct page_context *cx, const char *fmt, ...)
    PRINTF_LIKE(2, 3);
char *page_link_query(
    struct page_context *cx, const char *path, ... /* name, value, NULL */);
/* One path segment or query value, percent-encoded, in the arena. */
char *page_escape(struct page_context *cx, const char *s);
/* The same with "http://host" before it. */
char *page_absolute(struct page_context *cx, const char *path);

/* Another page with this view's parameters, but for sort=, page= and per=;
 * path is relative to the base. */
char *page_view(struct page_context *cx, const char *path);

/* This very view with one parameter set (or removed: value NULL), page=
 * dropped. */
char *page_self_with(struct page_context *cx, enum param p, const char *value);

#endif
