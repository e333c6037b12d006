/* health.c: /health, for monitors and load balancers. */
#include "web/health.h"

#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build.h"
#include "model/log_index.h"
#include "model/spool_apply.h"
#include "model/step_store.h"
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

static double
age(const struct exchange *x, int64_t time)
{
	return time == TIME_UNKNOWN || time > x->now
		   ? 0
		   : (double)(x->now - time) / 1e6;
}

enum err
queues_read(struct exchange *x, struct queues *q)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct log_index_left left;
	struct steps_left steps;
	int64_t oldest;
	enum err err;

	*q = (struct queues){0};
	if ((err = log_index_left(x->app->db, &left, &x->ei)) != ERR_OK ||
	    (err = steps_left(x->app->db, &steps, &x->ei)) != ERR_OK ||
	    (err = stmt_query(x->app->db, Q_LIVE_COUNT, NULL, 0, &r, &x->ei)) !=
		ERR_OK)
		return err;
	q->logs = left.logs;
	q->logs_age = left.age;
	q->step_builds = steps.builds;
	q->step_recipes = steps.recipes;
	q->step_age = steps.age > 0 ? steps.age : 0;
	q->live = row_int(r, 0, rows_column(r, "live"));
	q->due = row_int(r, 0, rows_column(r, "due"));
	if (x->app->opt->spool == NULL)
		return ERR_OK;
	err = spool_unread(x->app->db, x->arena, x->app->opt->spool,
	    &q->spool_bytes, &oldest, &x->ei);
	q->spool_age = age(x, oldest);
	return err;
}

/* How much waits for the background process, and for how long it has. */
static void
fill_queues(node c, const struct exchange *x, const struct queues *q)
{
	node all = doc_object(c, "queues"), n;

	n = doc_object(all, "logs");
	doc_int(n, "waiting", q->logs);
	doc_real(n, "age", q->logs_age);
	n = doc_object(all, "trends");
	doc_int(n, "builds", q->step_builds);
	doc_int(n, "recipes", q->step_recipes);
	doc_real(n, "age", q->step_age);
	n = doc_object(all, "live_builds");
	doc_int(n, "open", q->live);
	doc_int(n, "waiting", q->due);
	if (x->app->opt->spool == NULL) {
		doc_null(all, "spool");
		return;
	}
	n = doc_object(all, "spool");
	doc_int(n, "bytes", q->spool_bytes);
	doc_real(n, "age", q->spool_age);
}

/* Of this program's own; another one may have it. */
static void
fill_background(node c, const struct exchange *x)
{
	int64_t round = x->app->all_stats[x->app->nstats].round;
	node n;

	if (!x->app->opt->background || round == 0) {
		doc_null(c, "background");
		return;
	}
	n = doc_object(c, "background");
	doc_real(n, "age", age(x, round));
}

enum err
handle_health(struct exchange *x)
{
	CLEANUP(cleanup_rows) struct rows *rows = NULL;
	CLEANUP(cleanup_doc) struct doc *doc = doc_new();
	node c = doc_content(doc);
	struct queues q;
	enum err err =
	    stmt_query(x->app->db, Q_WEB_HEALTH, NULL, 0, &rows, &x->ei);

	if (err == ERR_OK)
		err = queues_read(x, &q);

	doc_set_bare(doc, true);
	doc_text(c, "status", err == ERR_OK ? "ok" : "down");
	doc_text(c, "version", PACKAGE_VERSION);
	if (err == ERR_OK) {
		doc_int(
		    c, "schema", row_int(rows, 0, rows_column(rows, "schema")));
		fill_database(c, rows);
		fill_queues(c, x, &q);
	} else {
		doc_null(c, "schema");
		doc_null(c, "database");
		doc_null(c, "queues");
		doc_text(c, "error", x->ei.text);
	}
	fill_background(c, x);
	doc_write_json(doc, &x->app->out);
	response_send(x, err == ERR_OK ? 200 : 503, TYPE_JSON, &x->app->out);
	return ERR_OK;
}
