/* page_receipt.c: what became of an upload, /receipt/CODE. */
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/build_list.h"
#include "model/receipt.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/receipt_find.h"
#include "web/sentence.h"
#include "json/jobj.h"

#define DAY_US INT64_C(86400000000)

DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

/* What a receipt tells, kind by kind, in the order of the page. */
static const struct note_kind {
	const char *key;
	const char *said; /* "1 value", "2 values", "were masked" */
	const char *done;
} kinds[] = {
    {"ignored", "place", "ignored"},
    {"repaired", "place", "repaired"},
    {"duplicate", "thing", "there already"},
    {"masked", "value", "masked"},
};
#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))

struct view {
	struct receipt_row receipt;
	struct build_list builds;
	struct jobj *content;
	struct jobj *dropped; /* or NULL */
};

static int64_t
dropped_of(const struct view *v, const char *kind)
{
	return v->dropped != NULL ? jobj_number(v->dropped, kind, 0) : 0;
}

static int64_t
count_of(const struct view *v, const char *kind)
{
	return (int64_t)jobj_count(v->content, kind) + dropped_of(v, kind);
}

static void
add_read(struct page_context *cx, const struct view *v)
{
	node read = doc_array(doc_content(cx->doc), "read");

	for (size_t i = 0; i < jobj_count(v->content, "read"); i++) {
		CLEANUP(cleanup_jobj)
		struct jobj *one = jobj_element(v->content, "read", i);
		node n;
		if (one == NULL)
			continue;
		n = doc_object(read, "kind");
		doc_text(n, "what", jobj_text(one, "what"));
		doc_count(n, "n", jobj_number(one, "n", 0));
	}
}

static void
add_notes(node notes, const struct view *v, const char *kind)
{
	for (size_t i = 0; i < jobj_count(v->content, kind); i++) {
		CLEANUP(cleanup_jobj)
		struct jobj *one = jobj_element(v->content, kind, i);
		int64_t line = one != NULL ? jobj_number(one, "line", 0) : 0;
		node n;
		if (one == NULL)
			continue;
		n = doc_object(notes, "note");
		doc_text(n, "what", kind);
		doc_text(n, "where", jobj_text(one, "where"));
		if (line > 0)
			doc_count(n, "line", line);
		else
			doc_null(n, "line");
		doc_text(n, "text", jobj_text(one, "text"));
	}
}

static void
add_all_notes(struct page_context *cx, const struct view *v)
{
	node content = doc_content(cx->doc);
	node notes = doc_array(content, "notes"), dropped;

	for (size_t i = 0; i < NKINDS; i++)
		add_notes(notes, v, kinds[i].key);
	dropped = doc_array(content, "dropped");
	for (size_t i = 0; i < NKINDS; i++)
		if (dropped_of(v, kinds[i].key) > 0) {
			node n = doc_object(dropped, "kind");
			doc_text(n, "what", kinds[i].key);
			doc_count(n, "n", dropped_of(v, kinds[i].key));
		}
}

static void
add_builds(struct page_context *cx, const struct view *v)
{
	node builds = doc_array(doc_content(cx->doc), "builds");

	for (size_t i = 0; i < v->builds.n; i++)
		row_build(cx, doc_object(builds, "build"), &v->builds.row[i]);
}

/* "; 2 places were ignored, 1 value was masked" */
static void
say_notes(struct buf *b, const struct view *v)
{
	const char *separator = "; ";

	for (size_t i = 0; i < NKINDS; i++) {
		int64_t n = count_of(v, kinds[i].key);
		if (n == 0)
			continue;
		buf_adds(b, separator);
		sentence_count(b, n, kinds[i].said);
		buf_addf(b, " %s %s", n == 1 ? "was" : "were", kinds[i].done);
		separator = ", ";
	}
	if (separator[0] == ';')
		buf_adds(b, "; nothing was left out or changed");
}

static void
say(struct page_context *cx, const struct view *v)
{
	struct buf b = BUF_INIT;
	char text[HUMAN_MAX];

	buf_addf(
	    &b, "%s sent on ", human_bytes(text, (double)v->receipt.bytes));
	sentence_day(&b, v->receipt.received, cx->now);
	if (v->receipt.nbuilds > 0) {
		buf_adds(&b, " made ");
		sentence_count(&b, (int64_t)v->receipt.nbuilds, "build");
	} else {
		buf_adds(&b, " made no build");
	}
	say_notes(&b, v);
	row_sentence(cx, &b);
}

static void
add_facts(struct page_context *cx, const struct receipt_row *r)
{
	node content = doc_content(cx->doc);
	char *raw = page_link(cx, "receipt/%s/raw", r->code);

	doc_text(content, "code", r->code);
	doc_text(content, "kind", r->kind);
	doc_bytes(content, "bytes", (double)r->bytes);
	doc_text(content, "sha256", r->sha256);
	doc_time(content, "received", r->received);
	doc_time(content, "kept_until", r->received + RECEIPT_DAYS * DAY_US);
	doc_text(content, "raw", r->raw[0] != '\0' ? row_url(cx, raw) : NULL);
}

static enum err
load_view(struct page_context *cx, struct view *v)
{
	enum err err =
	    receipt_find(cx->db, cx->arena, cx->id, &v->receipt, cx->ei);

	if (err == ERR_OK)
		err = build_list_of(cx->db, cx->arena, v->receipt.builds,
		    v->receipt.nbuilds, &v->builds, cx->ei);
	if (err == ERR_OK && jobj_parse(slice_of(v->receipt.content),
				 &v->content, cx->ei) != ERR_OK)
		err = err_set(cx->ei, ERR_INTERNAL, "A damaged receipt.");
	if (err == ERR_OK)
		v->dropped = jobj_object(v->content, "dropped");
	return err;
}

enum err
page_receipt(struct page_context *cx)
{
	struct view v = {0};
	enum err err = load_view(cx, &v);

	if (err == ERR_OK) {
		say(cx, &v);
		add_facts(cx, &v.receipt);
		add_builds(cx, &v);
		add_read(cx, &v);
		add_all_notes(cx, &v);
	}
	jobj_free(v.dropped);
	jobj_free(v.content);
	return err;
}
