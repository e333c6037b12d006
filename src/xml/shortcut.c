/* shortcut.c: see shortcut.h. */
#include "xml/shortcut.h"

#include <stdlib.h>
#include <string.h>

#include <libxslt/transform.h>
#include <libxslt/xslt.h>
#include <libxslt/xsltInternals.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/str.h"
#include "xml/pool.h"

#define PARTS_MAX 8
#define NAME_MAX_BYTES 64

/* A piece of an attribute's value: a text or the value of @attr. */
struct part {
	const char *text;
	size_t n;
	const xmlChar *attr; /* interned; NULL: text */
};

struct value {
	const xmlChar *name; /* of the attribute that is made */
	size_t nparts;
	struct part part[PARTS_MAX];
};

struct shortcuts {
	struct arena *arena;
	size_t ndocs, cap;
	xmlDocPtr *doc;
};

struct shortcuts *
shortcuts_new(void)
{
	struct arena *a = arena_new(0);
	struct shortcuts *s = arena_zalloc(a, sizeof(*s));

	s->arena = a;
	return s;
}

void
shortcuts_free(struct shortcuts *s)
{
	if (s != NULL)
		arena_free(s->arena);
}

/* ---- while a page is made ---- */

/* Sheets and documents share a dictionary: names are equal as pointers. */
static const char *
attr_text(const xmlNode *node, const xmlChar *name)
{
	const xmlAttr *a;

	if (node->type != XML_ELEMENT_NODE)
		return "";
	for (a = node->properties; a != NULL; a = a->next)
		if (a->name == name)
			return a->children != NULL
				   ? (const char *)a->children->content
				   : "";
	return "";
}

static void
value_of(xsltTransformContextPtr ctxt, xmlNodePtr node, xmlNodePtr inst,
    xsltElemPreCompPtr comp)
{
	const char *text = attr_text(node, inst->_private);

	(void)comp;
	if (text[0] != '\0')
		xsltCopyTextString(
		    ctxt, ctxt->insert, (const xmlChar *)text, 0);
}

static xmlNodePtr
text_of_parts(
    xmlDocPtr doc, const struct value *v, const char *const *text, size_t n)
{
	xmlNodePtr node = xmlNewDocTextLen(doc, NULL, 0);
	xmlChar *p = node != NULL ? xmlMalloc(n + 1) : NULL;

	if (p == NULL)
		out_of_memory();
	node->content = p;
	for (size_t i = 0; i < v->nparts; i++) {
		size_t len =
		    v->part[i].attr != NULL ? strlen(text[i]) : v->part[i].n;
		memcpy(p, text[i], len);
		p += len;
	}
	*p = '\0';
	return node;
}

static xmlAttrPtr
new_attr(xmlNodePtr element, const xmlChar *name)
{
	xmlAttrPtr a = xmlMalloc(sizeof(*a)), last = element->properties;

	if (a == NULL)
		out_of_memory();
	memset(a, 0, sizeof(*a));
	a->type = XML_ATTRIBUTE_NODE;
	a->name = name;
	a->parent = element;
	a->doc = element->doc;
	while (last != NULL && last->next != NULL)
		last = last->next;
	a->prev = last;
	if (last != NULL)
		last->next = a;
	else
		element->properties = a;
	return a;
}

static void
make_attribute(xsltTransformContextPtr ctxt, xmlNodePtr node, xmlNodePtr inst,
    xsltElemPreCompPtr comp)
{
	const struct value *v = inst->_private;
	const char *text[PARTS_MAX];
	xmlAttrPtr attr;
	size_t n = 0;

	(void)comp;
	for (size_t i = 0; i < v->nparts; i++) {
		const struct part *part = &v->part[i];
		text[i] = part->attr != NULL ? attr_text(node, part->attr)
					     : part->text;
		n += part->attr != NULL ? strlen(text[i]) : part->n;
	}
	attr = new_attr(ctxt->insert, v->name);
	attr->children = attr->last = text_of_parts(attr->doc, v, text, n);
	attr->children->parent = (xmlNodePtr)attr;
}

/* ---- when sheets are loaded ---- */

static bool
is_xslt(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && n->ns != NULL &&
	       xmlStrEqual(n->ns->href, XSLT_NAMESPACE) &&
	       (name == NULL || strcmp((const char *)n->name, name) == 0);
}

/* "@name": the name, interned; NULL if it is anything else. */
static const xmlChar *
read_attr_name(const char *s, size_t n)
{
	char name[NAME_MAX_BYTES];

	if (n < 2 || n > sizeof(name) || s[0] != '@')
		return NULL;
	memcpy(name, s + 1, n - 1);
	name[n - 1] = '\0';
	if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != n - 1)
		return NULL;
	return pool_intern(name);
}

/* Splits "a{@b}c"; false if it holds other expressions, or none. */
static bool
read_parts(const char *s, struct value *v)
{
	bool any = false;

	for (v->nparts = 0; *s != '\0'; v->nparts++) {
		struct part *p = &v->part[v->nparts];
		size_t n = strcspn(s, "{}");
		if (v->nparts == PARTS_MAX)
			return false;
		*p = (struct part){s, n, NULL};
		if (n == 0) {
			const char *end = strchr(s, '}');
			if (s[0] != '{' || end == NULL)
				return false;
			p->attr = read_attr_name(s + 1, (size_t)(end - s - 1));
			if (p->attr == NULL)
				return false;
			n = (size_t)(end - s) + 1;
			any = true;
		}
		s += n;
	}
	return any;
}

/* What the instruction says to libxslt: the same. */
static void
add_part(xmlNodePtr attribute, const struct part *p)
{
	char select[NAME_MAX_BYTES + 2] = "@";
	xmlNodePtr n;

	if (p->attr == NULL) {
		n = xmlNewChild(
		    attribute, attribute->ns, (const xmlChar *)"text", NULL);
		xmlAddChild(n, xmlNewDocTextLen(n->doc,
				   (const xmlChar *)p->text, (int)p->n));
		return;
	}
	strcat(select, (const char *)p->attr);
	n = xmlNewChild(
	    attribute, attribute->ns, (const xmlChar *)"value-of", NULL);
	xmlNewProp(n, (const xmlChar *)"select", (const xmlChar *)select);
}

/* Puts the instruction before `anchor`, the element's first child. */
static void
replace_attribute(
    struct shortcuts *s, xmlNodePtr anchor, xmlNsPtr ns, xmlAttrPtr attr)
{
	xmlNodePtr element = attr->parent;
	struct value v = {.nparts = 0}, *kept;
	xmlNodePtr inst;

	if (attr->ns != NULL || attr->children == NULL ||
	    !read_parts((const char *)attr->children->content, &v))
		return;
	kept = arena_alloc(s->arena, sizeof(*kept));
	*kept = v;
	kept->name = pool_intern((const char *)attr->name);
	inst =
	    xmlNewDocNode(element->doc, ns, (const xmlChar *)"attribute", NULL);
	xmlNewProp(inst, (const xmlChar *)"name", attr->name);
	inst->_private = kept;
	for (size_t i = 0; i < v.nparts; i++) {
		kept->part[i].text =
		    arena_strndup(s->arena, v.part[i].text, v.part[i].n);
		add_part(inst, &v.part[i]);
	}
	if (anchor != NULL)
		xmlAddPrevSibling(anchor, inst);
	else
		xmlAddChild(element, inst);
	xmlRemoveProp(attr);
}

static void
prepare_element(struct shortcuts *s, xmlNodePtr element)
{
	xmlNsPtr ns = xmlSearchNsByHref(element->doc, element, XSLT_NAMESPACE);
	xmlNodePtr anchor = element->children;
	xmlAttrPtr next;

	if (ns == NULL || is_xslt(element, NULL))
		return;
	for (xmlAttrPtr a = element->properties; a != NULL; a = next) {
		next = a->next;
		replace_attribute(s, anchor, ns, a);
	}
}

/* The node after n in document order, inside of its document. */
static xmlNodePtr
next_node(xmlNodePtr n)
{
	if (n->type == XML_ELEMENT_NODE && n->children != NULL)
		return n->children;
	while (n != NULL && n->next == NULL)
		n = n->type == XML_DOCUMENT_NODE ? NULL : n->parent;
	return n != NULL ? n->next : NULL;
}

void
shortcuts_prepare(struct shortcuts *s, xmlDocPtr sheet)
{
	for (xmlNodePtr n = sheet->children; n != NULL; n = next_node(n))
		if (n->type == XML_ELEMENT_NODE)
			prepare_element(s, n);
	s->doc = arena_grow(
	    s->arena, s->doc, &s->cap, s->ndocs + 1, sizeof(*s->doc));
	s->doc[s->ndocs++] = sheet;
}

static void
install(xmlNodePtr n)
{
	xsltElemPreCompPtr comp = n->psvi;
	const xmlAttr *select;

	if (comp == NULL)
		return;
	if (comp->type == XSLT_FUNC_ATTRIBUTE && n->_private != NULL) {
		comp->func = make_attribute;
		return;
	}
	select = xmlHasProp(n, (const xmlChar *)"select");
	if (comp->type != XSLT_FUNC_VALUEOF || select == NULL ||
	    xmlHasProp(n, (const xmlChar *)"disable-output-escaping") != NULL)
		return;
	n->_private = (void *)(uintptr_t)read_attr_name(
	    (const char *)select->children->content,
	    strlen((const char *)select->children->content));
	if (n->_private != NULL)
		comp->func = value_of;
}

void
shortcuts_install(struct shortcuts *s)
{
	for (size_t i = 0; i < s->ndocs; i++)
		for (xmlNodePtr n = s->doc[i]->children; n != NULL;
		     n = next_node(n))
			if (is_xslt(n, NULL))
				install(n);
	s->ndocs = 0;
}
