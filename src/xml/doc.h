/*
 * doc.h: builds the document of a page (docs/pages.md) and writes its forms.
 * With xslt.h the only user of libxml2 and libxslt.
 *
 * Texts may be any UTF-8; control bytes are scrubbed, escaping is libxml2's.
 * A null node is never returned: running out of memory aborts.
 *
 * Each attribute remembers its type for the JSON walk; names ending in "-h",
 * "-url" or "-d" are for sheets alone and left out of JSON and CSV.
 */
#ifndef XML_DOC_H
#define XML_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct doc;
typedef struct _xmlNode *node; /* opaque outside of src/xml */

struct doc *doc_new(void);
void doc_free(struct doc *d);
/* What doc_time's human forms are relative to; the start of 1970 if not set. */
void doc_set_now(struct doc *d, int64_t us);
/* A document that only JSON or CSV will be made of, which leaves out what those
 * leave out.  Say so before anything is in it. */
void doc_set_bare(struct doc *d, bool bare);
node doc_page(struct doc *d);    /* the root, <page> */
node doc_request(struct doc *d); /* <request> */
node doc_content(struct doc *d); /* <content> */

/* Children.  The child of an array is a plain object. */
node doc_object(node parent, const char *name);
node doc_array(node parent, const char *name);
node doc_map(node parent, const char *name);    /* of objects with @name */
node doc_values(node parent, const char *name); /* of @name, @value pairs */
/* One of several children of one name in an object: neighbours of the same
 * name become one array in JSON, however many there are. */
node doc_item(node parent, const char *name);
/* An object that JSON and CSV leave out: columns, facets, ticks ... */
node doc_aside(node parent, const char *name);

/*
 * Scalars become attributes; setting one again replaces it.  Attribute and
 * element names come from the code, never from data: a lower case letter, then
 * letters, digits, '-', '_'.
 */
void doc_text(node n, const char *name, const char *value); /* NULL: null */
void doc_int(node n, const char *name, int64_t value);
void doc_real(node n, const char *name, double value); /* not finite: null */
void doc_bool(node n, const char *name, bool value);
void doc_null(node n, const char *name);

/* A short list of numbers, an array in JSON; those that aren't finite are
 * null in it. */
void doc_reals(node n, const char *name, const double *v, size_t count);

/* Scalars with their human form beside them in NAME-h. */
void doc_count(node n, const char *name, int64_t value);   /* 5,427 */
void doc_seconds(node n, const char *name, double s);      /* 16 min 10 s */
void doc_bytes(node n, const char *name, double bytes);    /* 1.2 GB */
void doc_time(node n, const char *name, int64_t us);       /* 22 Nov 12:53 */
void doc_share(node n, const char *name, double fraction); /* 97.1 % */
/* A value of a metric by its unit: "s", "B", "KiB", "ticks", ... */
void doc_measure(node n, const char *name, double value, const char *unit);

/* The same human forms as plain texts, for sentences; at most 48 bytes. */
#define HUMAN_MAX 48
const char *human_count(char out[HUMAN_MAX], int64_t value);
const char *human_seconds(char out[HUMAN_MAX], double s);
const char *human_bytes(char out[HUMAN_MAX], double bytes);
const char *human_time(char out[HUMAN_MAX], int64_t us, int64_t now_us);
const char *human_share(char out[HUMAN_MAX], double fraction);
const char *human_measure(char out[HUMAN_MAX], double v, const char *unit);

/* ---- the forms; each appends to out ---- */

void doc_write_xml(struct doc *d, struct buf *out);
void doc_write_json(struct doc *d, struct buf *out);

/*
 * The rows of content's array `table` as RFC 4180 CSV; a values child's pairs
 * become columns, named as the pairs are.  Text that a spreadsheet would take
 * for a formula gets an apostrophe in front.  The state remembers the columns
 * from the first piece on and writes their names before it.
 */
struct csv;
struct csv *csv_new(void);
void csv_free(struct csv *c);
void doc_write_csv(
    struct doc *d, const char *table, struct csv *c, struct buf *out);
/* The pairs' names that any row may have, for tables that come in pieces and
 * whose rows don't all have all pairs; the names are copied. */
void doc_value_columns(struct doc *d, const char *const *names, size_t n);

/* JSON in pieces for per=all: everything of content up to and including the
 * '[' of array `table`; its items, with commas between; and the rest. */
void doc_write_json_head(struct doc *d, const char *table, struct buf *out);
void doc_write_json_items(
    struct doc *d, const char *table, bool first, struct buf *out);
void doc_write_json_tail(struct doc *d, const char *table, struct buf *out);

#endif
