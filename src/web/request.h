/*
 * request.h: what was asked for, read from CGI variables with limits first.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "web/io.h"
#include "web/page.h"
#include "web/params.h"

struct arena;
struct route;

enum method {
	METHOD_GET = 1,
	METHOD_HEAD = 2,
	METHOD_POST = 4,
	METHOD_OTHER = 8
};

#define PATH_BYTES_MAX 2048
#define SEGMENTS_MAX 8
#define CAPTURES_MAX 2

/* The table of a page, as page_table was told; and, for per=all, which piece
 * of it the page shall give. */
struct table_state {
	const char *array; /* NULL: the page has no table */
	int64_t total;
	node columns; /* page_column's, made with the first */
	bool pieces;  /* per=all */
	int64_t offset;
};

/* Which addresses: below the base path, at the server's root, or both where
 * the base path is the root. */
enum where { IN_BASE = 1, IN_ROOT = 2 };

struct request {
	enum method method;
	unsigned where; /* of enum where */
	size_t nsegments;
	const char *segment[SEGMENTS_MAX]; /* decoded; the form is taken off */
	const char *path; /* the segments, escaped: "/build/7/tasks" */
	const char *query;
	enum form form;     /* by the suffix; FORM_HTML without one */
	const char *suffix; /* "", ".json", ... */
	const char *site;   /* "http://localhost:8080" */
	const char *remote;
	int64_t content_length; /* -1: not told */
	const char *content_type, *authorization, *accept;

	/* by route_find */
	const struct route *route;
	const char *capture[CAPTURES_MAX]; /* "" if there is none */

	struct param_values params;
	struct table_state *table;
};

/*
 * Reads everything but parameters and body.  base: "/buildstats/"; site: NULL
 * to take it from the request's Host.  Texts live in the arena or with the
 * transport.
 */
enum err request_read(struct arena *a, const struct io *io, const char *base,
    const char *site, struct request *out, struct errinfo *ei) MUST_CHECK;

#endif
