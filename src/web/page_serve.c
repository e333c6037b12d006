/*
 * page_serve.c: runs a page function and sends its document in the form that
 * was asked for; for per=all piece by piece, so that memory stays small.
 */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "web/byte_range.h"
#include "web/envelope.h"
#include "web/exchange.h"
#include "web/links.h"
#include "web/response.h"
#include "web/route.h"
#include "xml/doc.h"
#include "xml/xslt.h"

DEFINE_CLEANUP(struct doc *, cleanup_doc, doc_free);
DEFINE_CLEANUP(struct csv *, cleanup_csv, csv_free);

static enum err
run_page(struct exchange *x, struct page_context *cx)
{
	enum err err;

	*x->req.table = (struct table_state){
	    .pieces = x->req.table->pieces,
	    .offset = x->req.table->offset,
	};
	arena_reset(x->app->page_arena);
	envelope_open(x, cx, x->req.route->name);
	err = x->req.route->page(cx);
	if (err == ERR_OK && arena_over(x->app->page_arena))
		err = err_set(&x->ei, ERR_TOO_BIG, "The page is too big.");
	if (err == ERR_OK)
		envelope_close(x, cx);
	return err;
}

static enum err
run_in_snapshot(struct exchange *x, struct page_context *cx)
{
	struct db *db = x->app->db;
	enum err err;

	if (!x->req.route->snapshot)
		return run_page(x, cx);
	err = db_begin(db, DB_READ_ONLY, &x->ei);
	return err != ERR_OK ? err : db_end(db, run_page(x, cx), &x->ei);
}

static void
name_file(struct exchange *x)
{
	response_header(x, "Content-Disposition: inline; filename=\"%s.csv\"",
	    x->req.route->name);
}

/* The sentence and the address of the page: what a bot says in a chat. */
static void
write_line(struct page_context *cx, struct buf *out)
{
	char *path = links_self(cx, "", P__MAX, SIZE_MAX);

	buf_addf(out, "%s %s\n", cx->sentence != NULL ? cx->sentence : "",
	    page_absolute(cx, path));
}

static enum err
write_sheet(struct exchange *x, struct doc *doc, struct buf *out)
{
	const struct route *r = x->req.route;
	const char *name = x->req.form == FORM_SVG ? r->picture : r->sheet;

	return sheets_apply(
	    x->app->sheets, route_sheet(name), doc, out, &x->ei);
}

static void
write_csv(struct exchange *x, struct doc *doc, struct buf *out)
{
	CLEANUP(cleanup_csv) struct csv *csv = csv_new();

	doc_write_csv(doc, x->req.route->table, csv, out);
	name_file(x);
}

/* Readers ask for feeds again and again: is it the same as before? */
static bool
is_unchanged(struct exchange *x, const struct buf *out)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	const char *tag;

	for (size_t i = 0; i < out->len; i++)
		hash = (hash ^ (unsigned char)out->data[i]) *
		       UINT64_C(1099511628211);
	tag = arena_printf(x->arena, "\"%016" PRIx64 "\"", hash);
	response_header(x, "ETag: %s", tag);
	return byte_range_has_tag(
	    x->io->env(x->io->arg, "HTTP_IF_NONE_MATCH"), tag);
}

static enum err
send_document(struct exchange *x, struct page_context *cx)
{
	static const char *const types[FORM__MAX] = {
	    [FORM_HTML] = TYPE_HTML,
	    [FORM_JSON] = TYPE_JSON,
	    [FORM_XML] = TYPE_XML,
	    [FORM_CSV] = TYPE_CSV,
	    [FORM_TEXT] = TYPE_TEXT,
	    [FORM_ATOM] = TYPE_ATOM,
	    [FORM_SVG] = TYPE_SVG,
	};
	struct buf *out = &x->app->out;
	enum form form = x->req.form;
	enum err err = ERR_OK;

	switch (form) {
	case FORM_HTML:
	case FORM_ATOM:
	case FORM_SVG:
	case FORM__MAX:
		err = write_sheet(x, cx->doc, out);
		break;
	case FORM_JSON:
		doc_write_json(cx->doc, out);
		break;
	case FORM_XML:
		doc_write_xml(cx->doc, out);
		break;
	case FORM_TEXT:
		write_line(cx, out);
		break;
	case FORM_CSV:
		write_csv(x, cx->doc, out);
		break;
	}
	if (err != ERR_OK)
		return err;
	if (form == FORM_ATOM && is_unchanged(x, out))
		response_begin(x, 304, types[form], -1);
	else
		response_send(x, 200, types[form], out);
	return ERR_OK;
}

/* One piece of per=all; *more says whether another one follows. */
static enum err
send_piece(struct exchange *x, struct csv *csv, bool *more)
{
	struct table_state *t = x->req.table;
	const char *table = x->req.route->table;
	bool first = t->offset == 0, json = x->req.form == FORM_JSON;
	CLEANUP(cleanup_doc) struct doc *doc = NULL;
	struct buf *out = &x->app->out;
	struct page_context cx = {0};
	enum err err = run_page(x, &cx);

	doc = cx.doc;
	if (err != ERR_OK)
		return err;
	t->offset += param_int(&cx, P_PER);
	*more = t->offset < t->total;
	buf_reset(out);
	if (json && first)
		doc_write_json_head(doc, table, out);
	if (json)
		doc_write_json_items(doc, table, first, out);
	else
		doc_write_csv(doc, table, csv, out);
	if (json && !*more)
		doc_write_json_tail(doc, table, out);
	if (first)
		response_begin(x, 200, json ? TYPE_JSON : TYPE_CSV, -1);
	response_piece(x, (struct slice){out->data, out->len});
	return ERR_OK;
}

static enum err
send_all(struct exchange *x)
{
	CLEANUP(cleanup_csv) struct csv *csv = csv_new();
	bool more = true;
	enum err err = db_begin(x->app->db, DB_READ_ONLY, &x->ei);

	if (err != ERR_OK)
		return err;
	if (x->req.form == FORM_CSV)
		name_file(x);
	x->req.table->pieces = true;
	while (err == ERR_OK && more) {
		err = send_piece(x, csv, &more);
		if (x->req.method == METHOD_HEAD)
			break;
	}
	return db_end(x->app->db, err, &x->ei);
}

enum err
page_serve(struct exchange *x)
{
	CLEANUP(cleanup_doc) struct doc *doc = NULL;
	struct page_context cx = {0};
	enum err err;

	if (x->req.params.all) {
		if (x->req.form != FORM_JSON && x->req.form != FORM_CSV)
			return err_set(&x->ei, ERR_INPUT,
			    "The parameter per takes all in .json and .csv "
			    "only; here it is a number up to 1000.");
		return send_all(x);
	}
	err = run_in_snapshot(x, &cx);
	doc = cx.doc;
	return err != ERR_OK ? err : send_document(x, &cx);
}
