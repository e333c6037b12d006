/* html.c: see html.h. */
#include "xml/html.h"

#include <string.h>

static bool
is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

static bool
is_void(const char *name)
{
	static const char *const list[] = {"area", "base", "br", "col", "embed",
	    "hr", "img", "input", "link", "meta", "source", "track", "wbr",
	    NULL};

	return is_one_of(name, list);
}

/* Elements after which a line break changes nothing but the source. */
static bool
ends_line(const char *name)
{
	static const char *const list[] = {"body", "footer", "form", "head",
	    "header", "html", "link", "main", "meta", "p", "section", "svg",
	    "table", "title", "tr", NULL};

	return is_one_of(name, list);
}

/* Escapes with the five characters that matter in texts and "..." alike. */
static void
add_escaped(struct buf *out, const char *s)
{
	for (;;) {
		size_t n = strcspn(s, "&<>\"");
		buf_add(out, s, n);
		s += n;
		switch (*s++) {
		case '&':
			buf_add(out, "&amp;", 5);
			break;
		case '<':
			buf_add(out, "&lt;", 4);
			break;
		case '>':
			buf_add(out, "&gt;", 4);
			break;
		case '"':
			buf_add(out, "&quot;", 6);
			break;
		default:
			return;
		}
	}
}

static void
open_tag(const xmlNode *n, struct buf *out)
{
	buf_addc(out, '<');
	buf_adds(out, (const char *)n->name);
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next) {
		buf_addc(out, ' ');
		buf_adds(out, (const char *)a->name);
		buf_add(out, "=\"", 2);
		for (const xmlNode *t = a->children; t != NULL; t = t->next)
			if (t->content != NULL)
				add_escaped(out, (const char *)t->content);
		buf_addc(out, '"');
	}
	buf_addc(out, '>');
}

static void
close_tag(const xmlNode *n, struct buf *out)
{
	const char *name = (const char *)n->name;

	if (!is_void(name)) {
		buf_add(out, "</", 2);
		buf_adds(out, name);
		buf_addc(out, '>');
	}
	if (ends_line(name))
		buf_addc(out, '\n');
}

/* Writes one node; true if its children come next. */
static bool
open_node(const xmlNode *n, struct buf *out)
{
	if (n->type == XML_ELEMENT_NODE) {
		open_tag(n, out);
		if (n->children != NULL)
			return true;
		close_tag(n, out);
	} else if ((n->type == XML_TEXT_NODE ||
		       n->type == XML_CDATA_SECTION_NODE) &&
		   n->content != NULL) {
		add_escaped(out, (const char *)n->content);
	}
	return false;
}

void
html_write(const xmlDoc *doc, struct buf *out)
{
	const xmlNode *n = doc->children;

	buf_adds(out, "<!DOCTYPE html>\n");
	while (n != NULL) {
		if (open_node(n, out)) {
			n = n->children;
			continue;
		}
		while (n->next == NULL) {
			n = n->parent;
			if (n == NULL || n->type != XML_ELEMENT_NODE)
				return;
			close_tag(n, out);
		}
		n = n->next;
	}
}
