/* health.c: /health, for monitors and load balancers. */
#include "base/cleanup.h"
#include "db/stmt.h"
#include "web/exchange.h"
#include "web/response.h"
#include "xml/doc.h"

DEFINE_CLEANUP(struct doc *, cleanup_doc, doc_free);

static void
fill_database(node c, const struct rows *r)
{
	node n = doc_object(c, "database");

	doc_text(n, "version", row_text(r, 0, rows_column(r, "server")));
	doc_bool(n, "standby", row_bool(r, 0, rows_column(r, "standby")));
	if (row_is_null(r, 0, rows_column(r, "lag")))
		doc_null(c, "replica_lag");
	else
		doc_real(
		    c, "replica_lag", row_double(r, 0, rows_column(r, "lag")));
}

enum err
handle_health(struct exchange *x)
{
	CLEANUP(cleanup_rows) struct rows *rows = NULL;
	CLEANUP(cleanup_doc) struct doc *doc = doc_new();
	node c = doc_content(doc);
	enum err err =
	    stmt_query(x->app->db, Q_WEB_HEALTH, NULL, 0, &rows, &x->ei);

	doc_set_bare(doc, true);
	doc_text(c, "status", err == ERR_OK ? "ok" : "down");
	doc_text(c, "version", PACKAGE_VERSION);
	if (err == ERR_OK) {
		doc_int(
		    c, "schema", row_int(rows, 0, rows_column(rows, "schema")));
		fill_database(c, rows);
	} else {
		doc_null(c, "schema");
		doc_null(c, "database");
		doc_text(c, "error", x->ei.text);
	}
	doc_values(c, "queues"); /* none yet */
	doc_write_json(doc, &x->app->out);
	response_send(x, err == ERR_OK ? 200 : 503, TYPE_JSON, &x->app->out);
	return ERR_OK;
}
