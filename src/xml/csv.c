/* csv.c: the main table of a document as CSV. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "xml/doc_internal.h"

#define COLUMNS_MAX 1024

struct csv {
	struct arena *arena;
	size_t n;
	size_t nattrs; /* the first ones are attributes, then pairs */
	const char *name[COLUMNS_MAX];
};

struct csv *
csv_new(void)
{
	struct arena *a = arena_new(0);
	struct csv *c = arena_zalloc(a, sizeof(*c));

	c->arena = a;
	return c;
}

void
csv_free(struct csv *c)
{
	if (c != NULL)
		arena_free(c->arena);
}

/* Of a pair that is called as an attribute is, the attribute is enough. */
static void
add_column(struct csv *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->name[i], name) == 0)
			return;
	if (c->n < COLUMNS_MAX)
		c->name[c->n++] = arena_strdup(c->arena, name);
}

static const xmlNode *
values_of(const xmlNode *row)
{
	for (const xmlNode *n = row->children; n != NULL; n = n->next)
		if (kind_of(n) == KIND_VALUES)
			return n;
	return NULL;
}

static void
find_columns(struct csv *c, const struct doc *d, const xmlNode *array)
{
	for (const xmlNode *row = array->children; row != NULL; row = row->next)
		for (const xmlAttr *a = row->properties; a; a = a->next)
			if (scalar_of(a) != SCALAR_HIDDEN)
				add_column(c, (const char *)a->name);
	c->nattrs = c->n;
	for (size_t i = 0; i < d->nvalue_columns; i++)
		add_column(c, d->value_columns[i]);
	for (const xmlNode *row = array->children; row != NULL;
	     row = row->next) {
		const xmlNode *v = values_of(row);
		for (v = v ? v->children : NULL; v != NULL; v = v->next)
			add_column(c, attr_value(attr_find(v, "name")));
	}
}

static bool
is_formula(const char *s)
{
	double ignored;

	return s[0] != '\0' && strchr("=+-@\t\r", s[0]) != NULL &&
	       !str_to_double(s, strlen(s), &ignored);
}

static void
add_cell(struct buf *out, const char *s)
{
	bool formula = is_formula(s);

	if (!formula && strpbrk(s, ",\"\r\n") == NULL) {
		buf_adds(out, s);
		return;
	}
	buf_addc(out, '"');
	if (formula)
		buf_addc(out, '\'');
	for (const char *q; (q = strchr(s, '"')) != NULL; s = q + 1) {
		buf_add(out, s, (size_t)(q - s));
		buf_add(out, "\"\"", 2);
	}
	buf_adds(out, s);
	buf_addc(out, '"');
}

static void
add_head(struct buf *out, const struct csv *c)
{
	for (size_t i = 0; i < c->n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		add_cell(out, c->name[i]);
	}
	buf_add(out, "\r\n", 2);
}

/* Rows mostly have their cells in the order of the columns: *at is where the
 * last one was found. */
static const char *
find_attr(const xmlNode *row, const xmlAttr **at, const char *name)
{
	const xmlAttr *a = *at != NULL ? (*at)->next : row->properties;

	while (a != NULL && scalar_of(a) == SCALAR_HIDDEN)
		a = a->next;
	if (a == NULL || strcmp((const char *)a->name, name) != 0)
		a = attr_find(row, name);
	if (a == NULL)
		return "";
	*at = a;
	return attr_value(a);
}

static const char *
find_pair(const xmlNode *values, const xmlNode **at, const char *name)
{
	const xmlNode *n = *at != NULL ? (*at)->next : NULL;
	const xmlAttr *a;

	if (values == NULL)
		return "";
	if (n == NULL || strcmp(attr_value(attr_find(n, "name")), name) != 0)
		for (n = values->children; n != NULL; n = n->next)
			if (strcmp(attr_value(attr_find(n, "name")), name) == 0)
				break;
	if (n == NULL)
		return "";
	*at = n;
	a = attr_find(n, "value");
	return a != NULL ? attr_value(a) : "";
}

static void
add_row(struct buf *out, const struct csv *c, const xmlNode *row)
{
	const xmlNode *values = values_of(row), *pair = NULL;
	const xmlAttr *attr = NULL;

	for (size_t i = 0; i < c->n; i++) {
		const char *name = c->name[i];
		if (i > 0)
			buf_addc(out, ',');
		add_cell(out, i < c->nattrs ? find_attr(row, &attr, name)
					    : find_pair(values, &pair, name));
	}
	buf_add(out, "\r\n", 2);
}

void
doc_write_csv(struct doc *d, const char *table, struct csv *c, struct buf *out)
{
	const xmlNode *array = doc_table(d, table);

	if (array == NULL)
		return;
	if (c->n == 0) {
		find_columns(c, d, array);
		if (c->n == 0)
			return;
		add_head(out, c);
	}
	for (const xmlNode *row = array->children; row != NULL; row = row->next)
		add_row(out, c, row);
}
