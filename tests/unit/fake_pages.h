/*
 * fake_pages.h: page functions and handlers for tests of the way around them,
 * and a transport in memory.
 */
#ifndef FAKE_PAGES_H
#define FAKE_PAGES_H

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "web/exchange.h"
#include "web/pages.h"
#include "web/response.h"

#define FAKE_ROWS 2500

/* ---- page functions ---- */

/* A table of FAKE_ROWS rows, numbered. */
static enum err
fake_table(struct page_context *cx, const char *array)
{
	struct paging p = page_paging(cx);
	node rows;

	page_sentence(cx, "%d rows", FAKE_ROWS);
	page_column(cx, "number", "Number");
	page_column(cx, "-size", "Size");
	page_table(cx, array, FAKE_ROWS);
	rows = doc_array(doc_content(cx->doc), array);
	for (int64_t i = p.offset; i < p.offset + p.limit && i < FAKE_ROWS; i++)
		doc_int(doc_object(rows, "row"), "number", i);
	return ERR_OK;
}

enum err
page_builds(struct page_context *cx)
{
	return fake_table(cx, "builds");
}

enum err
page_overview(struct page_context *cx)
{
	page_sentence(cx, "all <well>");
	return ERR_OK;
}

enum err
page_build(struct page_context *cx)
{
	return err_set(cx->ei, ERR_NOT_FOUND, "There is no build %s.", cx->id);
}

enum err
page_packages(struct page_context *cx)
{
	return fake_table(cx, "packages");
}

enum err
page_tasks(struct page_context *cx)
{
	return fake_table(cx, "tasks");
}

enum err
page_package(struct page_context *cx)
{
	page_sentence(cx, "%s", cx->id);
	return ERR_OK;
}

enum err
page_failures(struct page_context *cx)
{
	return fake_table(cx, "failures");
}

enum err
page_failure(struct page_context *cx)
{
	page_sentence(cx, "%s broke", cx->id);
	return ERR_OK;
}

enum err
page_signature(struct page_context *cx)
{
	return fake_table(cx, "failures");
}

enum err
page_chart(struct page_context *cx)
{
	return fake_table(cx, "tasks");
}

enum err
page_compare(struct page_context *cx)
{
	return fake_table(cx, "rows");
}

/* Fails in the middle of the second piece. */
enum err
page_time(struct page_context *cx)
{
	return fake_table(cx, "rows");
}

enum err
page_trend(struct page_context *cx)
{
	return fake_table(cx, "runs");
}

enum err
page_graph(struct page_context *cx)
{
	return fake_table(cx, "points");
}

enum err
page_trends(struct page_context *cx)
{
	return fake_table(cx, "runs");
}

enum err
page_steps(struct page_context *cx)
{
	return fake_table(cx, "steps");
}

enum err
page_metrics(struct page_context *cx)
{
	if (page_paging(cx).offset > 0)
		return err_set(cx->ei, ERR_DB, "gone");
	return fake_table(cx, "metrics");
}

enum err
handle_text(struct exchange *x)
{
	buf_adds(&x->app->out, x->req.capture[1]);
	response_send(x, 200, TYPE_TEXT, &x->app->out);
	return ERR_OK;
}

enum err
page_log(struct page_context *cx)
{
	page_sentence(cx, "a log");
	return ERR_OK;
}

enum err
page_receipt(struct page_context *cx)
{
	page_sentence(cx, "a receipt");
	return ERR_OK;
}

enum err
handle_log_text(struct exchange *x)
{
	buf_adds(&x->app->out, "a log");
	response_send(x, 200, TYPE_TEXT, &x->app->out);
	return ERR_OK;
}

enum err
handle_receipt_raw(struct exchange *x)
{
	buf_adds(&x->app->out, "an upload");
	response_send(x, 200, "application/octet-stream", &x->app->out);
	return ERR_OK;
}

enum err
handle_trace(struct exchange *x)
{
	return handle_text(x);
}

enum err
handle_upload(struct exchange *x)
{
	return err_set(&x->ei, ERR_INPUT, "build_stats line 3: no");
}

#define FAKE_HANDLER(name)                                                     \
	enum err handle_##name(struct exchange *x)                             \
	{                                                                      \
		return err_set(&x->ei, ERR_TOO_BIG, "\xc3\x9c: " #name);       \
	}

FAKE_HANDLER(client_post)
FAKE_HANDLER(client_post_json)
FAKE_HANDLER(errors)
FAKE_HANDLER(errors_latest)
FAKE_HANDLER(errors_feed)
FAKE_HANDLER(errors_build)
FAKE_HANDLER(errors_details)
FAKE_HANDLER(errors_similar)
FAKE_HANDLER(errors_search)
FAKE_HANDLER(errors_statistics)
FAKE_HANDLER(live_start)
FAKE_HANDLER(live_task)
FAKE_HANDLER(live_stop)
FAKE_HANDLER(live_link)
FAKE_HANDLER(failure_link)
FAKE_HANDLER(event_file)

/* ---- transport ---- */

struct fake {
	const char *method, *uri, *host, *length;
	const char *body;
	size_t taken;
	struct buf out;
};

static const char *
fake_env(void *arg, const char *name)
{
	const struct fake *f = arg;

	if (strcmp(name, "REQUEST_METHOD") == 0)
		return f->method != NULL ? f->method : "GET";
	if (strcmp(name, "REQUEST_URI") == 0)
		return f->uri;
	if (strcmp(name, "HTTP_HOST") == 0)
		return f->host;
	if (strcmp(name, "CONTENT_LENGTH") == 0)
		return f->length;
	return NULL;
}

static long
fake_read(void *arg, void *into, size_t n)
{
	struct fake *f = arg;
	size_t left = f->body != NULL ? strlen(f->body) - f->taken : 0;

	if (n > left)
		n = left;
	if (n > 0)
		memcpy(into, f->body + f->taken, n);
	f->taken += n;
	return (long)n;
}

static void
fake_write(void *arg, const void *data, size_t n)
{
	buf_add(&((struct fake *)arg)->out, data, n);
}

#endif
