/* flat_xml.c: XML as its scalars; see flat_doc.h. */
#include <string.h>

#include "base/cleanup.h"
#include "model/flat_path.h"
#include "model/scan.h"

#define ATTRIBUTES_MAX 64

struct attribute {
	struct slice name, value;
};

struct reading {
	const char *name;
	struct slice all, rest;
	struct flat_stack stack;
	struct buf text; /* of the element at hand */
	struct buf value;
	flat_fn fn;
	void *arg;
	struct errinfo *ei;
};

static void
reading_clear(struct reading *r)
{
	buf_clear(&r->stack.keys);
	buf_clear(&r->text);
	buf_clear(&r->value);
}

static enum err
wrong(const struct reading *r, const char *what)
{
	return err_set(r->ei, ERR_INPUT, "%s: not XML at byte %zu: %s", r->name,
	    r->all.n - r->rest.n, what);
}

static bool
is_blank(char c)
{
	return is_one_of(c, " \t\r\n");
}

static void
skip_blanks(struct slice *s)
{
	while (s->n > 0 && is_blank(s->p[0]))
		*s = slice_from(*s, 1);
}

/* Takes what stands before a mark, and the mark; false without one. */
static bool
cut_at(struct slice *rest, const char *mark, struct slice *head)
{
	size_t n = strlen(mark);
	const char *at = rest->n > 0 ? memmem(rest->p, rest->n, mark, n) : NULL;

	if (at == NULL)
		return false;
	*head = (struct slice){rest->p, (size_t)(at - rest->p)};
	*rest = slice_from(*rest, head->n + n);
	return true;
}

/* ---- text ---- */

static void
add_utf8(struct buf *b, uint64_t c)
{
	if (c < 0x80) {
		buf_addc(b, (char)c);
	} else if (c < 0x800) {
		buf_addc(b, (char)(0xc0 | c >> 6));
		buf_addc(b, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_addc(b, (char)(0xe0 | c >> 12));
		buf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_addc(b, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_addc(b, '?');
	}
}

static bool
add_entity(struct buf *b, struct slice name)
{
	static const char *const known[][2] = {{"lt", "<"}, {"gt", ">"},
	    {"amp", "&"}, {"quot", "\""}, {"apos", "'"}};
	uint64_t c;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (slice_is(name, known[i][0])) {
			buf_adds(b, known[i][1]);
			return true;
		}
	if (!slice_starts(name, "#"))
		return false;
	name = slice_from(name, 1);
	if (!str_to_u64(name.p, name.n, &c))
		c = '?';
	add_utf8(b, c);
	return true;
}

/* As much as fits. */
static void
add_text(struct buf *b, struct slice s)
{
	while (s.n > 0 && b->len < FLAT_TEXT_MAX) {
		struct slice head, name = {"", 0}, after;
		bool more = slice_cut(&s, '&', &head);
		size_t room = FLAT_TEXT_MAX - b->len;
		buf_add(b, head.p, head.n < room ? head.n : room);
		after = s;
		if (!more)
			return;
		if (slice_cut(&after, ';', &name) && add_entity(b, name))
			s = after;
		else
			buf_addc(b, '&');
	}
}

/* ---- tags ---- */

static bool
take_name(struct slice *s, struct slice *name)
{
	size_t n = 0;

	while (n < s->n && !is_blank(s->p[n]) && !is_one_of(s->p[n], "/>=<"))
		n++;
	*name = (struct slice){s->p, n};
	*s = slice_from(*s, n);
	return n > 0;
}

static enum err
take_attribute(struct reading *r, struct slice *s, struct attribute *out)
{
	char quote[2] = {'\0', '\0'};

	if (!take_name(s, &out->name))
		return wrong(r, "an attribute without a name");
	skip_blanks(s);
	if (byte_at(*s, 0) != '=')
		return wrong(r, "an attribute without a value");
	*s = slice_from(*s, 1);
	skip_blanks(s);
	quote[0] = byte_at(*s, 0);
	if (quote[0] != '"' && quote[0] != '\'')
		return wrong(r, "a value without quotes");
	*s = slice_from(*s, 1);
	if (!cut_at(s, quote, &out->value))
		return wrong(r, "a value without an end");
	return ERR_OK;
}

static enum err
tell_attribute(struct reading *r, const struct attribute *a)
{
	enum err err;

	buf_reset(&r->value);
	buf_addc(&r->value, '@');
	buf_add(&r->value, a->name.p, a->name.n);
	flat_push(&r->stack, (struct slice){r->value.data, r->value.len});
	buf_reset(&r->value);
	buf_adds(&r->value, "");
	add_text(&r->value, a->value);
	err = flat_tell(&r->stack, r->fn, r->arg,
	    (struct slice){r->value.data, r->value.len}, r->ei);
	flat_pop(&r->stack);
	return err;
}

/* The one that is called "name" first: it says what the others are of. */
static enum err
tell_attributes(struct reading *r, const struct attribute *a, size_t n)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < n && err == ERR_OK; i++)
		if (slice_is(a[i].name, "name"))
			err = tell_attribute(r, &a[i]);
	for (size_t i = 0; i < n && err == ERR_OK; i++)
		if (!slice_is(a[i].name, "name"))
			err = tell_attribute(r, &a[i]);
	return err;
}

static enum err
read_attributes(struct reading *r)
{
	struct attribute a[ATTRIBUTES_MAX];
	size_t n = 0;
	enum err err;

	for (;;) {
		skip_blanks(&r->rest);
		if (r->rest.n == 0)
			return wrong(r, "a tag without an end");
		if (is_one_of(r->rest.p[0], "/>"))
			return tell_attributes(r, a, n);
		if (n == ATTRIBUTES_MAX)
			return wrong(r, "too many attributes");
		err = take_attribute(r, &r->rest, &a[n++]);
		if (err != ERR_OK)
			return err;
	}
}

static enum err
end_element(struct reading *r)
{
	struct slice text =
	    slice_trim((struct slice){r->text.data, r->text.len});
	enum err err = ERR_OK;

	if (text.n > 0)
		err = flat_tell(&r->stack, r->fn, r->arg, text, r->ei);
	buf_reset(&r->text);
	buf_adds(&r->text, "");
	flat_pop(&r->stack);
	return err;
}

static enum err
read_start(struct reading *r)
{
	struct slice name;
	bool empty;
	enum err err;

	if (!take_name(&r->rest, &name))
		return wrong(r, "a tag without a name");
	flat_push(&r->stack, name);
	buf_reset(&r->text);
	buf_adds(&r->text, "");
	if ((err = read_attributes(r)) != ERR_OK)
		return err;
	empty = r->rest.p[0] == '/';
	r->rest = slice_from(r->rest, empty);
	if (byte_at(r->rest, 0) != '>')
		return wrong(r, "a tag without an end");
	r->rest = slice_from(r->rest, 1);
	return empty ? end_element(r) : ERR_OK;
}

/* Behind '<'. */
static enum err
read_markup(struct reading *r)
{
	struct slice skip;
	bool ended = true;

	if (slice_starts(r->rest, "!--")) {
		ended = cut_at(&r->rest, "-->", &skip);
	} else if (slice_starts(r->rest, "?")) {
		ended = cut_at(&r->rest, "?>", &skip);
	} else if (slice_starts(r->rest, "![CDATA[")) {
		r->rest = slice_from(r->rest, strlen("![CDATA["));
		ended = cut_at(&r->rest, "]]>", &skip);
		if (ended && r->text.len + skip.n <= FLAT_TEXT_MAX)
			buf_add(&r->text, skip.p, skip.n);
	} else if (slice_starts(r->rest, "!")) {
		return wrong(r, "a document type, which is not taken");
	} else if (slice_starts(r->rest, "/")) {
		if (r->stack.depth == 0 || !cut_at(&r->rest, ">", &skip))
			return wrong(r, "an end without a beginning");
		return end_element(r);
	} else {
		return read_start(r);
	}
	return ended ? ERR_OK : wrong(r, "it has no end");
}

enum err
flat_xml(const char *name, struct slice text, flat_fn fn, void *arg,
    struct errinfo *ei)
{
	CLEANUP(reading_clear)
	struct reading r = {.name = name,
	    .all = text,
	    .rest = text,
	    .fn = fn,
	    .arg = arg,
	    .ei = ei};
	bool any = false;
	enum err err = ERR_OK;

	buf_adds(&r.text, "");
	buf_adds(&r.stack.keys, "");
	while (err == ERR_OK && r.rest.n > 0) {
		struct slice head;
		bool more = slice_cut(&r.rest, '<', &head);
		if (r.stack.depth > 0)
			add_text(&r.text, head);
		if (!more)
			break;
		err = read_markup(&r);
		any |= r.stack.depth > 0;
	}
	if (err == ERR_OK && (!any || r.stack.depth > 0))
		err = wrong(&r, "it ends early");
	return err;
}
