/* html.c: see html.h. */
#include "xml/html.h"

#include <stdint.h>
#include <string.h>

#include "xml/pool.h"

/*
 * Writing is a tenth of a page's time, so what is known of an element's name
 * is kept: names of sheets are interned for good, and found by address.
 */
struct tag {
	const xmlChar *name;
	size_t n;
	bool is_void;
	bool ends_line; /* a line break after it changes nothing */
};

#define TAG_SLOTS 256
static struct tag tags[TAG_SLOTS];

static bool
is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

static struct tag
read_tag(const xmlChar *name)
{
	static const char *const voids[] = {"area", "base", "br", "col",
	    "embed", "hr", "img", "input", "link", "meta", "source", "track",
	    "wbr", NULL};
	static const char *const lines[] = {"body", "footer", "form", "head",
	    "header", "html", "link", "main", "meta", "p", "section", "svg",
	    "table", "title", "tr", NULL};
	const char *s = (const char *)name;

	return (struct tag){
	    name, strlen(s), is_one_of(s, voids), is_one_of(s, lines)};
}

static struct tag
tag_of(const xmlChar *name)
{
	struct tag *slot = &tags[((uintptr_t)name >> 2) % TAG_SLOTS];
	struct tag tag;

	if (slot->name == name)
		return *slot;
	tag = read_tag(name);
	if (xmlDictOwns(pool_dict(), name) == 1)
		*slot = tag;
	return tag;
}

static inline void
put(struct buf *out, const char *s, size_t n)
{
	if (out->cap - out->len <= n) {
		buf_add(out, s, n);
		return;
	}
	memcpy(out->data + out->len, s, n);
	out->len += n;
}

/* Escapes with the four characters that matter in texts and "..." alike. */
static void
put_escaped(struct buf *out, const char *s)
{
	for (;;) {
		size_t n = strcspn(s, "&<>\"");
		put(out, s, n);
		s += n;
		switch (*s++) {
		case '&':
			put(out, "&amp;", 5);
			break;
		case '<':
			put(out, "&lt;", 4);
			break;
		case '>':
			put(out, "&gt;", 4);
			break;
		case '"':
			put(out, "&quot;", 6);
			break;
		default:
			return;
		}
	}
}

static void
open_tag(const xmlNode *n, struct tag tag, struct buf *out)
{
	put(out, "<", 1);
	put(out, (const char *)tag.name, tag.n);
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next) {
		put(out, " ", 1);
		put(out, (const char *)a->name, strlen((const char *)a->name));
		put(out, "=\"", 2);
		for (const xmlNode *t = a->children; t != NULL; t = t->next)
			if (t->content != NULL)
				put_escaped(out, (const char *)t->content);
		put(out, "\"", 1);
	}
	put(out, ">", 1);
}

static void
close_tag(struct tag tag, struct buf *out)
{
	if (!tag.is_void) {
		put(out, "</", 2);
		put(out, (const char *)tag.name, tag.n);
		put(out, ">", 1);
	}
	if (tag.ends_line)
		put(out, "\n", 1);
}

/* Writes one node; true if its children come next. */
static bool
open_node(const xmlNode *n, struct buf *out)
{
	if (n->type == XML_ELEMENT_NODE) {
		struct tag tag = tag_of(n->name);
		open_tag(n, tag, out);
		if (n->children != NULL)
			return true;
		close_tag(tag, out);
	} else if ((n->type == XML_TEXT_NODE ||
		       n->type == XML_CDATA_SECTION_NODE) &&
		   n->content != NULL) {
		put_escaped(out, (const char *)n->content);
	}
	return false;
}

static void
write_tree(const xmlNode *n, struct buf *out)
{
	while (n != NULL) {
		if (open_node(n, out)) {
			n = n->children;
			continue;
		}
		while (n->next == NULL) {
			n = n->parent;
			if (n == NULL || n->type != XML_ELEMENT_NODE)
				return;
			close_tag(tag_of(n->name), out);
		}
		n = n->next;
	}
}

void
html_write(const xmlDoc *doc, struct buf *out)
{
	buf_adds(out, "<!DOCTYPE html>\n");
	write_tree(doc->children, out);
	buf_add(out, "", 0); /* the NUL at the end */
}
