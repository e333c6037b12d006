/*
 * route.h: the site map.  One table; every policy of a route is a column of
 * its row, and nothing else in the code compares paths.
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include <stdbool.h>

#include "base/buf.h"
#include "web/exchange.h"
#include "web/page.h"
#include "web/params.h"

#define FORM(f) (1U << (f))

enum body { BODY_NONE, BODY_UPLOAD, BODY_REPORT, BODY_FORM, BODY_JSON };
enum auth { AUTH_NONE, AUTH_UPLOAD, AUTH_BUILD };
/*
 * How errors are told: as a page, or as JSON where that is asked for; or to
 * programs of others, in the status line, which is all that many of them show,
 * with the same sentence as the body or as {"error":...}.
 */
enum errors { ERRORS_PAGE, ERRORS_LINE, ERRORS_JSON };

struct route {
	const char *path; /* ":x" takes any segment */
	unsigned where;   /* of enum where; 0 is IN_BASE */
	const char *name; /* in documents, logs and counters */
	unsigned methods; /* of enum method; HEAD goes with GET */
	/* one of the two */
	page_fn page;
	handler_fn handler;
	param_set params;
	unsigned forms; /* a set of FORM() */
	enum body body; /* what may be sent */
	enum auth auth; /* who may */
	enum errors errors;
	int cache;           /* seconds that the answer may be kept */
	const char *sheet;   /* of xsl/page */
	const char *picture; /* the sheet of .svg */
	const char *table;   /* the array that .csv and per=all give */
	bool snapshot;       /* its queries see one state of the database */
	const char *summary;
};

/* Sorted by path; the last one has no path. */
extern const struct route routes[];
extern const size_t routes_count;

/* Sets route, captures and, if the suffix belongs to a name, the segments and
 * form of r; ERR_NOT_FOUND. */
enum err route_find(
    struct arena *a, struct request *r, struct errinfo *ei) MUST_CHECK;

/* Names of all sheets for sheets_load, "error" first, NULL at the end; and the
 * number of one of them. */
const char *const *route_sheets(void);
size_t route_sheet(const char *name);

/* docs/routes.md. */
void routes_write(struct buf *out);

#endif
