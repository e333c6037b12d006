/*
 * xslt.h: the sheets of xsl/page/, compiled once at start.  A sheet can read
 * no file and no network while it runs.
 */
#ifndef XML_XSLT_H
#define XML_XSLT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct doc;
struct sheets;

/* Compiles DIR/page/NAME.xsl for each name (NULL-terminated list). */
enum err sheets_load(struct sheets **out, const char *dir,
    const char *const *names, struct errinfo *ei) MUST_CHECK;
void sheets_free(struct sheets *s);

/* Appends d through sheet number i of the list: HTML, or XML if that is the
 * sheet's output method. */
enum err sheets_apply(struct sheets *s, size_t i, struct doc *d,
    struct buf *out, struct errinfo *ei) MUST_CHECK;

#endif
