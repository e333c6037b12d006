/*
 * doc_internal.h: how a document is laid out, for the writers of src/xml.
 *
 * The tree is made of libxml2's structs, so that libxslt can read it, but all
 * of its memory is the document's own arena: libxml2 never frees a node of it.
 * `_private`, which libxslt leaves alone, holds the enum kind of an element;
 * that of an attribute points to a byte with its enum scalar and, behind it,
 * its value.  The text node that libxml2 expects below an attribute is missing
 * in bare documents.
 */
#ifndef XML_DOC_INTERNAL_H
#define XML_DOC_INTERNAL_H

#include <libxml/tree.h>

#include "xml/doc.h"

struct arena;

enum kind {
	KIND_OBJECT,
	KIND_ARRAY,  /* its children are its items */
	KIND_MAP,    /* its children are keyed by @name */
	KIND_VALUES, /* its children are @name, @value pairs */
	KIND_ITEM,   /* neighbours of the same name are one array */
	KIND_ASIDE   /* for sheets alone */
};

enum scalar {
	SCALAR_TEXT,
	SCALAR_NUMBER,
	SCALAR_BOOL,
	SCALAR_NULL,
	SCALAR_HIDDEN /* for sheets alone */
};

struct doc {
	struct arena *arena;
	xmlDocPtr xml;
	node page, request, content;
	int64_t now;
	bool bare;
	size_t nvalue_columns;
	const char **value_columns;
};

static inline enum kind
kind_of(const xmlNode *n)
{
	return (enum kind)(uintptr_t)n->_private;
}

static inline enum scalar
scalar_of(const xmlAttr *a)
{
	return (enum scalar) * (const char *)a->_private;
}

static inline const char *
attr_value(const xmlAttr *a)
{
	return (const char *)a->_private + 1;
}

/* The attribute `name` of n, or NULL. */
const xmlAttr *attr_find(const xmlNode *n, const char *name);
/* content's child element `name`, or NULL. */
const xmlNode *doc_table(const struct doc *d, const char *name);

#endif
