/*
 * exchange.h: one request and its answer, and the worker they belong to.
 * Internal to src/web; page functions see page.h only.
 */
#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include "base/buf.h"
#include "base/err.h"
#include "web/io.h"
#include "web/options.h"
#include "web/request.h"
#include "web/stats.h"

struct arena;
struct db;
struct oestats;
struct sheets;

/* What a worker keeps between requests: connections and buffers, no state. */
struct app {
	const struct options *opt;
	struct db *db;
	struct sheets *sheets;
	struct arena *arena;      /* of the request */
	struct arena *page_arena; /* of one run of a page function */
	struct buf out;           /* of the answer */
	struct stats *stats;      /* of this worker */
	struct stats *all_stats;  /* of all workers, nstats of them */
	size_t nstats;            /* behind them that of the background */
	struct oestats *oestats;  /* NULL without a spool */
};

struct exchange {
	struct app *app;
	const struct io *io;
	struct arena *arena;
	int64_t now; /* µs */
	struct request req;
	struct errinfo ei;
	int error_status;   /* instead of the one that belongs to the error */
	const char *header; /* more header lines, each with its CRLF */
	const char *reason; /* of the status line, if not the usual one */
	int64_t taken;      /* bytes of the body that were read */

	/* of the answer, for the log */
	int status; /* 0: nothing was sent */
	uint64_t bytes;
	bool broken; /* cut the connection, so that half isn't taken for all */
};

/* A route that is no page fills the answer itself. */
typedef enum err (*handler_fn)(struct exchange *x);

enum err handle_text(struct exchange *x);
enum err handle_log_text(struct exchange *x);
enum err handle_buildbot(struct exchange *x);
enum err handle_result_log(struct exchange *x);
enum err handle_result_file(struct exchange *x);
enum err handle_receipt_raw(struct exchange *x);
enum err handle_health(struct exchange *x);
enum err handle_stats(struct exchange *x);
enum err handle_trace(struct exchange *x);
enum err handle_upload(struct exchange *x);
enum err handle_event_file(struct exchange *x);
enum err handle_client_post(struct exchange *x);
enum err handle_client_post_json(struct exchange *x);
enum err handle_errors(struct exchange *x);
enum err handle_errors_latest(struct exchange *x);
enum err handle_errors_feed(struct exchange *x);
enum err handle_errors_build(struct exchange *x);
enum err handle_errors_details(struct exchange *x);
enum err handle_errors_similar(struct exchange *x);
enum err handle_errors_search(struct exchange *x);
enum err handle_errors_statistics(struct exchange *x);
enum err handle_report_begin(struct exchange *x);
enum err handle_report_events(struct exchange *x);
enum err handle_live_start(struct exchange *x);
enum err handle_live_task(struct exchange *x);
enum err handle_live_stop(struct exchange *x);
enum err handle_live_link(struct exchange *x);
enum err handle_failure_link(struct exchange *x);

/* Runs the page of x->req.route and sends the form that was asked for. */
enum err page_serve(struct exchange *x) MUST_CHECK;

/* Answers one request, whatever comes: the whole way through. */
void serve(struct exchange *x, struct app *app, const struct io *io);

#endif
