/* write.c: a document as XML. */
#include <string.h>

#include "xml/doc_internal.h"

static void
add_escaped(struct buf *out, const char *s)
{
	for (;;) {
		size_t n = strcspn(s, "&<>\"\t\n");
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
		case '\t': /* a reader would make it a blank */
			buf_add(out, "&#9;", 4);
			break;
		case '\n':
			buf_add(out, "&#10;", 5);
			break;
		default:
			return;
		}
	}
}

static void
write_element(const xmlNode *n, int depth, struct buf *out)
{
	static const char blanks[] = "                ";
	int indent = depth < 16 ? depth : 16;

	buf_add(out, blanks, (size_t)indent);
	buf_addc(out, '<');
	buf_adds(out, (const char *)n->name);
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next) {
		buf_addc(out, ' ');
		buf_adds(out, (const char *)a->name);
		buf_add(out, "=\"", 2);
		add_escaped(out, attr_value(a));
		buf_addc(out, '"');
	}
	if (n->children == NULL) {
		buf_add(out, "/>\n", 3);
		return;
	}
	buf_add(out, ">\n", 2);
	for (const xmlNode *c = n->children; c != NULL; c = c->next)
		write_element(c, depth + 1, out);
	buf_add(out, blanks, (size_t)indent);
	buf_add(out, "</", 2);
	buf_adds(out, (const char *)n->name);
	buf_add(out, ">\n", 2);
}

void
doc_write_xml(struct doc *d, struct buf *out)
{
	buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	write_element(d->page, 0, out);
}
