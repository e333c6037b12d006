/* doc.c: builds the tree of a page; see doc.h and doc_internal.h. */
#include "xml/doc.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parserInternals.h>
#include <libxml/tree.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "xml/doc_internal.h"
#include "xml/pool.h"

/*
 * Names of elements and attributes, interned in the dictionary that the
 * sheets share, so that libxslt compares pointers.  Found by the address of
 * the literal first: a document has thousands of names, but dozens of
 * literals.
 */
struct name {
	const char *key;      /* as it was passed */
	const xmlChar *text;  /* interned */
	const xmlChar *human; /* TEXT-h, interned */
	bool hidden;          /* for sheets alone */
};

#define NAME_SLOTS 1024
static struct name names[NAME_SLOTS];

/* Kept between documents: a page's memory is the same as the last one's. */
static struct arena *spare;

static bool
is_hidden(const char *s)
{
	struct slice name = slice_of(s);

	return slice_ends(name, "-h") || slice_ends(name, "-url") ||
	       slice_ends(name, "-d");
}

static bool
is_name(const char *s)
{
	size_t n =
	    strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "0123456789-_");

	return n > 0 && s[n] == '\0' && s[0] >= 'a';
}

static struct name *
fill_name(struct name *slot, const char *key)
{
	char human[64];

	assert(is_name(key) && strlen(key) < sizeof(human) - 2);
	snprintf(human, sizeof(human), "%s-h", key);
	slot->key = key;
	slot->text = pool_intern(key);
	slot->human = pool_intern(human);
	slot->hidden = is_hidden(key);
	return slot;
}

static const struct name *
name_of(const char *key)
{
	static struct name other;
	size_t at = ((uintptr_t)key >> 1) * 2654435761U % NAME_SLOTS;

	for (size_t i = 0; i < NAME_SLOTS / 4; i++) {
		struct name *slot = &names[(at + i) % NAME_SLOTS];
		if (slot->key == NULL)
			return fill_name(slot, key);
		if (slot->key == key &&
		    strcmp((const char *)slot->text, key) == 0)
			return slot;
	}
	return fill_name(&other, key);
}

static struct doc *
owner(const xmlNode *n)
{
	return n->doc->_private;
}

static node
add_element(struct doc *d, xmlNodePtr parent, const char *name, enum kind kind)
{
	xmlNodePtr n = arena_zalloc(d->arena, sizeof(*n));

	n->type = XML_ELEMENT_NODE;
	n->_private = (void *)(uintptr_t)kind;
	n->name = name_of(name)->text;
	n->doc = d->xml;
	n->parent = parent;
	n->prev = parent->last;
	if (parent->last != NULL)
		parent->last->next = n;
	else
		parent->children = n;
	parent->last = n;
	return n;
}

struct doc *
doc_new(void)
{
	struct arena *a = spare != NULL ? spare : arena_new(0);
	struct doc *d = arena_zalloc(a, sizeof(*d));

	spare = NULL;
	d->arena = a;
	d->xml = arena_zalloc(a, sizeof(*d->xml));
	d->xml->type = XML_DOCUMENT_NODE;
	d->xml->_private = d;
	d->xml->doc = d->xml;
	d->xml->compression = -1;
	d->xml->standalone = -1;
	d->xml->charset = XML_CHAR_ENCODING_UTF8;
	d->xml->properties = XML_DOC_USERBUILT;
	d->page = add_element(d, (xmlNodePtr)d->xml, "page", KIND_OBJECT);
	d->request = add_element(d, d->page, "request", KIND_OBJECT);
	d->content = add_element(d, d->page, "content", KIND_OBJECT);
	return d;
}

void
doc_free(struct doc *d)
{
	struct arena *a;

	if (d == NULL)
		return;
	a = d->arena;
	if (spare != NULL) {
		arena_free(a);
		return;
	}
	arena_reset(a);
	spare = a;
}

void
doc_set_now(struct doc *d, int64_t us)
{
	d->now = us;
}

void
doc_set_bare(struct doc *d, bool bare)
{
	d->bare = bare;
}

node
doc_page(struct doc *d)
{
	return d->page;
}

node
doc_request(struct doc *d)
{
	return d->request;
}

node
doc_content(struct doc *d)
{
	return d->content;
}

node
doc_object(node parent, const char *name)
{
	return add_element(owner(parent), parent, name, KIND_OBJECT);
}

node
doc_array(node parent, const char *name)
{
	return add_element(owner(parent), parent, name, KIND_ARRAY);
}

node
doc_map(node parent, const char *name)
{
	return add_element(owner(parent), parent, name, KIND_MAP);
}

node
doc_values(node parent, const char *name)
{
	return add_element(owner(parent), parent, name, KIND_VALUES);
}

node
doc_item(node parent, const char *name)
{
	return add_element(owner(parent), parent, name, KIND_ITEM);
}

node
doc_aside(node parent, const char *name)
{
	return add_element(owner(parent), parent, name, KIND_ASIDE);
}

static void
set_value(struct doc *d, xmlAttrPtr attr, const char *value, size_t len,
    enum scalar scalar)
{
	xmlNodePtr text = NULL;
	size_t node_size = len > 0 && !d->bare ? sizeof(*text) : 0;
	char *cell = arena_alloc(d->arena, node_size + len + 2);

	if (node_size > 0)
		text = memset(cell, 0, node_size);
	cell += node_size;
	cell[0] = (char)scalar;
	memcpy(cell + 1, value, len);
	cell[len + 1] = '\0';
	attr->_private = cell;
	attr->children = attr->last = text;
	if (text == NULL)
		return;
	text->type = XML_TEXT_NODE;
	text->name = xmlStringText;
	text->content = (xmlChar *)cell + 1;
	text->parent = (xmlNodePtr)attr;
	text->doc = attr->doc;
}

/* The list is walked to its end anyway, so that setting twice replaces. */
static void
set_attr(node n, const xmlChar *name, const char *value, size_t len,
    enum scalar scalar)
{
	struct doc *d = owner(n);
	xmlAttrPtr last = NULL, attr = n->properties;

	if (scalar == SCALAR_HIDDEN && d->bare)
		return;
	for (; attr != NULL && attr->name != name; attr = attr->next)
		last = attr;
	if (attr == NULL) {
		attr = arena_zalloc(d->arena, sizeof(*attr));
		attr->type = XML_ATTRIBUTE_NODE;
		attr->name = name;
		attr->parent = n;
		attr->doc = n->doc;
		attr->prev = last;
		if (last != NULL)
			last->next = attr;
		else
			n->properties = attr;
	}
	set_value(d, attr, value, len, scalar);
}

static void
set_scalar(
    node n, const struct name *name, const char *value, enum scalar scalar)
{
	set_attr(n, name->text, value, strlen(value),
	    name->hidden ? SCALAR_HIDDEN : scalar);
}

static void
set_human(node n, const struct name *name, const char *value)
{
	set_attr(n, name->human, value, strlen(value), SCALAR_HIDDEN);
}

static bool
is_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] - 0x20U > 0x5eU)
			return false;
	return true;
}

void
doc_text(node n, const char *name, const char *value)
{
	const struct name *nm = name_of(name);
	size_t len;

	if (value == NULL) {
		set_scalar(n, nm, "", SCALAR_NULL);
		return;
	}
	len = strlen(value);
	if (!is_plain(value, len)) {
		value = utf8_scrub(owner(n)->arena, value, len);
		len = strlen(value);
	}
	set_attr(
	    n, nm->text, value, len, nm->hidden ? SCALAR_HIDDEN : SCALAR_TEXT);
}

void
doc_null(node n, const char *name)
{
	set_scalar(n, name_of(name), "", SCALAR_NULL);
}

void
doc_bool(node n, const char *name, bool value)
{
	set_scalar(n, name_of(name), value ? "true" : "false", SCALAR_BOOL);
}

static void
set_int(node n, const struct name *name, int64_t value)
{
	char text[24], *p = text + sizeof(text) - 1;
	uint64_t v = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	*p = '\0';
	do {
		*--p = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	if (value < 0)
		*--p = '-';
	set_scalar(n, name, p, SCALAR_NUMBER);
}

void
doc_int(node n, const char *name, int64_t value)
{
	set_int(n, name_of(name), value);
}

/* Its length; "3" and not "3.0". */
static size_t
real_text(char text[32], double value)
{
	size_t len = str_from_double(text, value);

	if (len > 2 && strcmp(text + len - 2, ".0") == 0) {
		len -= 2;
		text[len] = '\0';
	}
	return len;
}

static void
set_real(node n, const struct name *name, double value)
{
	char text[32];

	if (!isfinite(value)) {
		set_scalar(n, name, "", SCALAR_NULL);
		return;
	}
	real_text(text, value);
	set_scalar(n, name, text, SCALAR_NUMBER);
}

void
doc_real(node n, const char *name, double value)
{
	set_real(n, name_of(name), value);
}

void
doc_reals(node n, const char *name, const double *v, size_t count)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;

	buf_addc(&b, '[');
	for (size_t i = 0; i < count; i++) {
		char text[32];
		if (i > 0)
			buf_addc(&b, ',');
		if (!isfinite(v[i])) {
			buf_adds(&b, "null");
			continue;
		}
		buf_add(&b, text, real_text(text, v[i]));
	}
	buf_addc(&b, ']');
	/* Its text is what JSON writes, as a number's is. */
	set_scalar(n, name_of(name), b.data, SCALAR_NUMBER);
}

void
doc_count(node n, const char *name, int64_t value)
{
	const struct name *nm = name_of(name);
	char human[HUMAN_MAX];

	set_int(n, nm, value);
	if (!owner(n)->bare)
		set_human(n, nm, human_count(human, value));
}

void
doc_seconds(node n, const char *name, double s)
{
	const struct name *nm = name_of(name);
	char human[HUMAN_MAX];

	set_real(n, nm, s);
	if (!owner(n)->bare)
		set_human(n, nm, human_seconds(human, s));
}

void
doc_bytes(node n, const char *name, double bytes)
{
	const struct name *nm = name_of(name);
	char human[HUMAN_MAX];

	set_real(n, nm, bytes);
	if (!owner(n)->bare)
		set_human(n, nm, human_bytes(human, bytes));
}

void
doc_time(node n, const char *name, int64_t us)
{
	const struct name *nm = name_of(name);
	char text[32], human[HUMAN_MAX];

	if (us == INT64_MIN || str_from_time(text, us) == 0) {
		set_scalar(n, nm, "", SCALAR_NULL);
		set_human(n, nm, "");
		return;
	}
	set_scalar(n, nm, text, SCALAR_TEXT);
	if (!owner(n)->bare)
		set_human(n, nm, human_time(human, us, owner(n)->now));
}

void
doc_share(node n, const char *name, double fraction)
{
	const struct name *nm = name_of(name);
	char human[HUMAN_MAX];

	set_real(n, nm, fraction);
	if (!owner(n)->bare)
		set_human(n, nm, human_share(human, fraction));
}

void
doc_measure(node n, const char *name, double value, const char *unit)
{
	const struct name *nm = name_of(name);
	char human[HUMAN_MAX];

	set_real(n, nm, value);
	if (!owner(n)->bare)
		set_human(n, nm, human_measure(human, value, unit));
}

void
doc_value_columns(struct doc *d, const char *const *columns, size_t n)
{
	d->value_columns = arena_calloc(d->arena, n, sizeof(char *));
	d->nvalue_columns = n;
	for (size_t i = 0; i < n; i++)
		d->value_columns[i] = arena_strdup(d->arena, columns[i]);
}

const xmlAttr *
attr_find(const xmlNode *n, const char *name)
{
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
		if (strcmp((const char *)a->name, name) == 0)
			return a;
	return NULL;
}

const xmlNode *
doc_table(const struct doc *d, const char *name)
{
	for (const xmlNode *n = d->content->children; n != NULL; n = n->next)
		if (strcmp((const char *)n->name, name) == 0)
			return n;
	return NULL;
}
