/*
 * page_serve.c: runs a page function and sends its document in the form that
 * was asked for; for per=all piece by piece, so that memory stays small.
 */
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "web/envelope.h"
#include "web/exchange.h"
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

static enum err
send_document(struct exchange *x, struct doc *doc)
{
	CLEANUP(cleanup_csv) struct csv *csv = NULL;
	struct buf *out = &x->app->out;
	const char *type = NULL;
	enum err err = ERR_OK;

	switch (x->req.form) {
	case FORM_HTML:
		type = TYPE_HTML;
		err = sheets_apply(x->app->sheets,
		    route_sheet(x->req.route->sheet), doc, out, &x->ei);
		break;
	case FORM_JSON:
		type = TYPE_JSON;
		doc_write_json(doc, out);
		break;
	case FORM_XML:
		type = TYPE_XML;
		doc_write_xml(doc, out);
		break;
	case FORM_CSV:
		type = TYPE_CSV;
		csv = csv_new();
		doc_write_csv(doc, x->req.route->table, csv, out);
		name_file(x);
		break;
	}
	if (err == ERR_OK)
		response_send(x, 200, type, out);
	return err;
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
		if (x->req.form == FORM_HTML || x->req.form == FORM_XML)
			return err_set(&x->ei, ERR_INPUT,
			    "The parameter per takes all in .json and .csv "
			    "only; here it is a number up to 1000.");
		return send_all(x);
	}
	err = run_in_snapshot(x, &cx);
	doc = cx.doc;
	return err != ERR_OK ? err : send_document(x, doc);
}
