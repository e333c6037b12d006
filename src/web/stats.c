/* stats.c: /stats.prom, counters in the Prometheus text format. */
#include "web/stats.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/status_word.h"
#include "web/exchange.h"
#include "web/health.h"
#include "web/response.h"
#include "web/route.h"

#define TYPE_PROMETHEUS "text/plain; version=0.0.4; charset=utf-8"

static void
add_help(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_addf(out, "# HELP buildstats_%s %s\n# TYPE buildstats_%s %s\n",
	    name, help, name, type);
}

static const char *
route_name(size_t i)
{
	return i < routes_count ? routes[i].name : "none";
}

static void
add_requests(struct buf *out, const struct exchange *x)
{
	add_help(out, "requests_total", "counter",
	    "Requests answered, since the workers were started.");
	for (size_t w = 0; w < x->app->nstats; w++)
		for (size_t i = 0; i < STATS_ROUTES; i++)
			for (size_t c = 0; c < STATS_CLASSES; c++) {
				uint64_t n =
				    x->app->all_stats[w].requests[i][c];
				if (n > 0)
					buf_addf(out,
					    "buildstats_requests_total{"
					    "worker=\"%zu\",route=\"%s\","
					    "status=\"%zuxx\"} %" PRIu64 "\n",
					    w, route_name(i), c, n);
			}
}

static void
add_seconds(struct buf *out, const struct exchange *x)
{
	add_help(out, "request_seconds_total", "counter",
	    "Time spent answering, since the workers were started.");
	for (size_t w = 0; w < x->app->nstats; w++)
		for (size_t i = 0; i < STATS_ROUTES; i++) {
			uint64_t us = x->app->all_stats[w].microseconds[i];
			if (us > 0)
				buf_addf(out,
				    "buildstats_request_seconds_total{"
				    "worker=\"%zu\",route=\"%s\"} %.6f\n",
				    w, route_name(i), (double)us / 1e6);
		}
}

#define AT(field) offsetof(struct stats, field)

static void
add_others(struct buf *out, const struct exchange *x)
{
	static const struct {
		const char *name, *help;
		size_t at;
	} rows[] = {
	    {"sent_bytes_total", "Bytes sent.", AT(bytes_sent)},
	    {"queries_total", "Statements run.", AT(queries)},
	    {"uploads_total", "Uploads accepted.", AT(uploads)},
	    {"uploaded_bytes_total", "Bytes of accepted uploads, as sent.",
		AT(uploaded_bytes)},
	    {"uploaded_builds_total", "Builds in accepted uploads.",
		AT(uploaded_builds)},
	    {"uploaded_tasks_total", "Tasks in accepted uploads.",
		AT(uploaded_tasks)},
	    {"live_events_total",
		"What builds that report task by task were answered.",
		AT(live_events)},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		add_help(out, rows[i].name, "counter", rows[i].help);
		for (size_t w = 0; w < x->app->nstats; w++)
			buf_addf(out,
			    "buildstats_%s{worker=\"%zu\"} %" PRIu64 "\n",
			    rows[i].name, w,
			    *(const uint64_t *)((const char *)&x->app
						    ->all_stats[w] +
						rows[i].at));
	}
}

static void
add_background(struct buf *out, const struct exchange *x)
{
	const struct stats *s = &x->app->all_stats[x->app->nstats];
	const struct {
		const char *name, *help;
		uint64_t n;
	} rows[] = {
	    {"applied_events_total",
		"What was read from the spool into the database.",
		s->applied_events},
	    {"folds_total", "Times that a live build was folded.", s->folds},
	    {"indexed_logs_total", "Logs whose words were put into the search.",
		s->indexed_logs},
	    {"step_recipes_total", "Times that steps of a recipe were found.",
		s->step_recipes},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		add_help(out, rows[i].name, "counter", rows[i].help);
		buf_addf(out, "buildstats_%s %" PRIu64 "\n", rows[i].name,
		    rows[i].n);
	}
}

static void
add_gauge(struct buf *out, const char *name, double value, const char *help)
{
	add_help(out, name, "gauge", help);
	buf_addf(out, "buildstats_%s %.0f\n", name, value);
}

static void
add_queues(struct buf *out, struct exchange *x)
{
	struct queues q;

	if (queues_read(x, &q) != ERR_OK)
		return;
	add_gauge(out, "unindexed_logs", (double)q.logs,
	    "Logs whose words aren't in the search yet.");
	add_gauge(out, "unindexed_logs_age_seconds", q.logs_age,
	    "Age of the oldest of them.");
	add_gauge(out, "live_builds", (double)q.live,
	    "Builds that report task by task and haven't ended.");
	add_gauge(out, "spool_bytes", (double)q.spool_bytes,
	    "What was answered and isn't in the database yet.");
	add_gauge(
	    out, "spool_age_seconds", q.spool_age, "Age of the oldest of it.");
}

static void
add_total(
    struct buf *out, const struct rows *r, const char *column, const char *help)
{
	int col = rows_column(r, column), status = rows_column(r, "status");

	add_help(out, column, "gauge", help);
	for (size_t i = 0; i < rows_count(r); i++)
		buf_addf(out, "buildstats_%s{status=\"%s\"} %" PRId64 "\n",
		    column,
		    build_status_word((enum build_status)row_int(r, i, status)),
		    row_int(r, i, col));
}

/* A database that is down is a fact to report, not a failure to. */
static void
add_database(struct buf *out, struct exchange *x)
{
	CLEANUP(cleanup_rows) struct rows *totals = NULL;
	CLEANUP(cleanup_rows) struct rows *size = NULL;
	struct db *db = x->app->db;
	bool up =
	    stmt_query(db, Q_WEB_TOTALS, NULL, 0, &totals, &x->ei) == ERR_OK &&
	    stmt_query(db, Q_WEB_SIZE, NULL, 0, &size, &x->ei) == ERR_OK;

	add_help(out, "database_up", "gauge", "1 if the database answers.");
	buf_addf(out, "buildstats_database_up %d\n", up);
	if (!up)
		return;
	add_total(out, totals, "builds", "Builds that are stored.");
	add_total(out, totals, "packages",
	    "Packages of the builds that are stored, by the build's status.");
	add_total(out, totals, "tasks",
	    "Tasks of the builds that are stored, by the build's status.");
	add_help(out, "database_bytes", "gauge", "Size of the database.");
	buf_addf(out, "buildstats_database_bytes %" PRId64 "\n",
	    row_int(size, 0, rows_column(size, "bytes")));
	add_queues(out, x);
}

enum err
handle_stats(struct exchange *x)
{
	struct buf *out = &x->app->out;

	add_help(out, "info", "gauge", "The version.");
	buf_addf(out, "buildstats_info{version=\"%s\"} 1\n", PACKAGE_VERSION);
	add_database(out, x);
	add_requests(out, x);
	add_seconds(out, x);
	add_others(out, x);
	add_background(out, x);
	response_send(x, 200, TYPE_PROMETHEUS, out);
	return ERR_OK;
}
