/*
 * shortcut.h: the two things that sheets do most, without XPath.
 *
 * Nine of ten expressions of a page are `@name`, in xsl:value-of or in the
 * value of an attribute, and libxslt runs each through its XPath machine: a
 * node set is made, filled, turned into a string and freed.  Here such
 * instructions get functions of their own that look at the attribute.  What a
 * sheet means stays the same; all else stays with libxslt.
 */
#ifndef XML_SHORTCUT_H
#define XML_SHORTCUT_H

#include <libxml/tree.h>

/* What shortcuts of a set of sheets need; freed after the sheets. */
struct shortcuts;
struct shortcuts *shortcuts_new(void);
void shortcuts_free(struct shortcuts *s);

/* Before libxslt compiles a document: turns attributes of HTML elements such
 * as href="{@url}?a" into xsl:attribute. */
void shortcuts_prepare(struct shortcuts *s, xmlDocPtr sheet);

/* After it was compiled: replaces functions. */
void shortcuts_install(struct shortcuts *s);

#endif
