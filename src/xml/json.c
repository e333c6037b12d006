/* json.c: a document's content as JSON. */
#include <string.h>

#include "xml/doc_internal.h"

static void write_node(const xmlNode *n, struct buf *out);

static void
add_key(struct buf *out, const char *key, bool *first)
{
	if (!*first)
		buf_addc(out, ',');
	*first = false;
	buf_add_json(out, key);
	buf_addc(out, ':');
}

static void
add_scalar(struct buf *out, const xmlAttr *a)
{
	switch (scalar_of(a)) {
	case SCALAR_TEXT:
		buf_add_json(out, attr_value(a));
		break;
	case SCALAR_NUMBER:
	case SCALAR_BOOL:
		buf_adds(out, attr_value(a));
		break;
	case SCALAR_NULL:
	case SCALAR_HIDDEN:
		buf_add(out, "null", 4);
		break;
	}
}

static void
add_attributes(
    struct buf *out, const xmlNode *n, const char *without, bool *first)
{
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next) {
		const char *name = (const char *)a->name;
		if (scalar_of(a) == SCALAR_HIDDEN ||
		    (without != NULL && strcmp(name, without) == 0))
			continue;
		add_key(out, name, first);
		add_scalar(out, a);
	}
}

/* A run of items from n on: their array.  Returns the last of them. */
static const xmlNode *
add_items(const xmlNode *n, struct buf *out)
{
	const xmlNode *c = n;

	buf_addc(out, '[');
	for (;; c = c->next) {
		write_node(c, out);
		if (c->next == NULL || kind_of(c->next) != KIND_ITEM ||
		    c->next->name != n->name)
			break;
		buf_addc(out, ',');
	}
	buf_addc(out, ']');
	return c;
}

static void
add_child(const xmlNode **c, struct buf *out, bool *first)
{
	if (kind_of(*c) == KIND_ASIDE)
		return;
	add_key(out, (const char *)(*c)->name, first);
	if (kind_of(*c) == KIND_ITEM)
		*c = add_items(*c, out);
	else
		write_node(*c, out);
}

static void
write_object(const xmlNode *n, const char *without, struct buf *out)
{
	bool first = true;

	buf_addc(out, '{');
	add_attributes(out, n, without, &first);
	for (const xmlNode *c = n->children; c != NULL; c = c->next)
		add_child(&c, out, &first);
	buf_addc(out, '}');
}

static void
write_items(const xmlNode *array, bool first, struct buf *out)
{
	for (const xmlNode *c = array->children; c != NULL; c = c->next) {
		if (!first)
			buf_addc(out, ',');
		first = false;
		buf_addc(out, '\n');
		write_node(c, out);
	}
}

/* {name: {...}} of a map, {name: value} of values. */
static void
write_keyed(const xmlNode *n, struct buf *out)
{
	bool first = true;

	buf_addc(out, '{');
	for (const xmlNode *c = n->children; c != NULL; c = c->next) {
		const xmlAttr *name = attr_find(c, "name");
		const xmlAttr *value = attr_find(c, "value");
		if (name == NULL)
			continue;
		add_key(out, attr_value(name), &first);
		if (kind_of(n) == KIND_MAP)
			write_object(c, "name", out);
		else if (value != NULL)
			add_scalar(out, value);
		else
			buf_add(out, "null", 4);
	}
	buf_addc(out, '}');
}

static void
write_node(const xmlNode *n, struct buf *out)
{
	switch (kind_of(n)) {
	case KIND_ARRAY:
		buf_addc(out, '[');
		write_items(n, true, out);
		buf_addc(out, ']');
		break;
	case KIND_MAP:
	case KIND_VALUES:
		write_keyed(n, out);
		break;
	case KIND_OBJECT:
	case KIND_ITEM:
	case KIND_ASIDE:
		write_object(n, NULL, out);
		break;
	}
}

void
doc_write_json(struct doc *d, struct buf *out)
{
	write_object(d->content, NULL, out);
	buf_addc(out, '\n');
}

void
doc_write_json_head(struct doc *d, const char *table, struct buf *out)
{
	const xmlNode *end = doc_table(d, table);
	bool first = true;

	buf_addc(out, '{');
	add_attributes(out, d->content, NULL, &first);
	for (const xmlNode *c = d->content->children; c != NULL && c != end;
	     c = c->next)
		add_child(&c, out, &first);
	add_key(out, table, &first);
	buf_addc(out, '[');
}

void
doc_write_json_items(
    struct doc *d, const char *table, bool first, struct buf *out)
{
	const xmlNode *array = doc_table(d, table);

	if (array != NULL)
		write_items(array, first, out);
}

void
doc_write_json_tail(struct doc *d, const char *table, struct buf *out)
{
	const xmlNode *array = doc_table(d, table);
	bool first = false;

	buf_addc(out, ']');
	if (array != NULL)
		for (const xmlNode *c = array->next; c != NULL; c = c->next)
			add_child(&c, out, &first);
	buf_adds(out, "}\n");
}
