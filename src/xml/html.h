/* html.h: writes the result of a sheet as HTML 5. */
#ifndef XML_HTML_H
#define XML_HTML_H

#include <libxml/tree.h>

#include "base/buf.h"

/*
 * Appends "<!DOCTYPE html>" and the tree.  Nothing is added to it (libxml2's
 * own serialiser puts a <meta> into <head>), everything is escaped, namespaces
 * are dropped: HTML knows where SVG begins.
 */
void html_write(const xmlDoc *doc, struct buf *out);

#endif
