/* response.c: see response.h. */
#include "web/response.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "web/envelope.h"
#include "web/route.h"
#include "xml/doc.h"
#include "xml/xslt.h"

#define RETRY_SECONDS 5

static const int status_of[] = {
    [ERR_OK] = 200,
    [ERR_INPUT] = 400,
    [ERR_TOO_BIG] = 413,
    [ERR_UNSUPPORTED] = 415,
    [ERR_DENIED] = 401,
    [ERR_NOT_FOUND] = 404,
    [ERR_CONFLICT] = 409,
    [ERR_BUSY] = 503,
    [ERR_UPSTREAM] = 502,
    [ERR_DB] = 503,
    [ERR_INTERNAL] = 500,
};
_Static_assert(
    sizeof(status_of) / sizeof(status_of[0]) == ERR__MAX, "a status a code");

static const struct {
	int status;
	const char *name, *hint;
} statuses[] = {
    {200, "OK", ""},
    {201, "Created", ""},
    {206, "Partial Content", ""},
    {301, "Moved Permanently", ""},
    {302, "Found", ""},
    {303, "See Other", ""},
    {304, "Not Modified", ""},
    {400, "Bad Request", "Correct the address and try again."},
    {401, "Unauthorized", "Ask the administrator for a token."},
    {403, "Forbidden", "Use the token that belongs to it."},
    {404, "Not Found",
	"It may have been removed, or the address has a slip in it."},
    {405, "Method Not Allowed", ""},
    {409, "Conflict", ""},
    {411, "Length Required", ""},
    {413, "Payload Too Large", "Send it in several parts."},
    {415, "Unsupported Media Type", "An upload is a tar, plain or compressed."},
    {416, "Range Not Satisfiable", "Ask for bytes that are there."},
    {500, "Internal Server Error",
	"This is a fault of the server; its log says more."},
    {502, "Bad Gateway", "Try again in a moment."},
    {503, "Service Unavailable", "Try again in a moment."},
};

int
response_status(enum err err)
{
	return err < ERR__MAX ? status_of[err] : 500;
}

static size_t
status_row(int status)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == status)
			return i;
	assert(false); /* a status without a name */
	return 0;
}

void
response_header(struct exchange *x, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20)
			*p = ' ';
	x->header = arena_printf(
	    x->arena, "%s%s\r\n", x->header != NULL ? x->header : "", line);
}

static void
put(struct exchange *x, const void *data, size_t n)
{
	x->io->write(x->io->arg, data, n);
	x->bytes += n;
}

static void
send_head(struct exchange *x, int status, const char *type, int64_t length)
{
	const struct route *route = x->req.route;
	char *head;

	x->status = status;
	head = arena_printf(x->arena, "Status: %d %s\r\nContent-Type: %s\r\n%s",
	    status,
	    x->reason != NULL ? x->reason : statuses[status_row(status)].name,
	    type, x->header != NULL ? x->header : "");
	put(x, head, strlen(head));
	if (length >= 0) {
		head = arena_printf(
		    x->arena, "Content-Length: %lld\r\n", (long long)length);
		put(x, head, strlen(head));
	}
	if ((status == 200 || status == 206 || status == 304) &&
	    route != NULL && route->cache > 0)
		head = arena_printf(x->arena,
		    "Cache-Control: public, max-age=%d\r\n\r\n", route->cache);
	else
		head =
		    arena_printf(x->arena, "Cache-Control: no-store\r\n\r\n");
	put(x, head, strlen(head));
}

void
response_begin(struct exchange *x, int status, const char *type, int64_t length)
{
	send_head(x, status, type, length);
}

void
response_piece(struct exchange *x, struct slice piece)
{
	if (x->req.method != METHOD_HEAD && piece.n > 0)
		put(x, piece.p, piece.n);
}

void
response_send(
    struct exchange *x, int status, const char *type, const struct buf *body)
{
	send_head(x, status, type, (int64_t)body->len);
	response_piece(x, (struct slice){body->data, body->len});
}

/* Browsers get a page, programs get JSON. */
static enum form
error_form(const struct exchange *x)
{
	const struct request *r = &x->req;

	if (r->form == FORM_XML || r->form == FORM_TEXT)
		return r->form;
	if (r->form == FORM_ATOM)
		return FORM_XML;
	if (r->form != FORM_HTML)
		return FORM_JSON;
	if (r->route != NULL && r->route->handler != NULL &&
	    r->route->body != BODY_NONE)
		return FORM_JSON;
	if (r->accept != NULL && strstr(r->accept, "json") != NULL &&
	    strstr(r->accept, "html") == NULL)
		return FORM_JSON;
	return FORM_HTML;
}

static void
fill_error(struct page_context *cx, int status, const char *hint)
{
	node c = doc_content(cx->doc);

	doc_int(c, "status", status);
	doc_text(c, "error", cx->ei->text);
	if (cx->form == FORM_JSON)
		return;
	page_sentence(cx, "%s", cx->ei->text);
	doc_text(c, "hint", hint);
}

static void
send_error_page(struct exchange *x, struct page_context *cx, int status)
{
	struct buf *out = &x->app->out;
	struct errinfo ignored = {0};

	if (x->req.form == FORM_JSON) {
		doc_write_json(cx->doc, out);
		response_send(x, status, TYPE_JSON, out);
		return;
	}
	if (x->req.form == FORM_XML) {
		doc_write_xml(cx->doc, out);
		response_send(x, status, TYPE_XML, out);
		return;
	}
	if (x->req.form == FORM_HTML &&
	    sheets_apply(x->app->sheets, route_sheet("error"), cx->doc, out,
		&ignored) == ERR_OK) {
		response_send(x, status, TYPE_HTML, out);
		return;
	}
	if (x->req.form == FORM_HTML)
		log_error("error page: %s (%s)", ignored.text, ignored.detail);
	buf_reset(out);
	buf_addf(out, "%s\n", cx->ei->text);
	response_send(x, status, TYPE_TEXT, out);
}

/* What is no fault of the client belongs in the log, with its reason. */
static void
log_failure(const struct exchange *x, enum err err)
{
	const char *route = x->req.route != NULL ? x->req.route->name : "-";

	if (err == ERR_DB || err == ERR_INTERNAL || err == ERR_UPSTREAM)
		log_error("%s %s: %s%s%s", route, x->req.path, x->ei.text,
		    x->ei.detail[0] != '\0' ? ": " : "", x->ei.detail);
	else
		log_debug("%s %s: %s", route, x->req.path, x->ei.text);
}

/* Errors below speak as parts of sentences; a page begins with a capital. */
static void
capitalise(char *text)
{
	size_t n = strlen(text);

	if (n > 0 && n + 1 < ERR_TEXT_MAX && text[n - 1] != '.' &&
	    text[n - 1] != '?') {
		text[n] = '.';
		text[n + 1] = '\0';
	}
	if (strncmp(text, "the ", 4) == 0 || strncmp(text, "no ", 3) == 0 ||
	    strncmp(text, "there ", 6) == 0)
		text[0] = (char)(text[0] - 'a' + 'A');
}

/* Status lines are ASCII. */
static const char *
reason_of(struct arena *a, const char *text)
{
	char *reason = arena_strdup(a, text);

	for (char *p = reason; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	return reason;
}

static void
send_error_line(struct exchange *x, enum errors how, int status)
{
	struct buf *out = &x->app->out;

	x->reason = reason_of(x->arena, x->ei.text);
	if (how == ERRORS_JSON) {
		buf_adds(out, "{\"error\": ");
		buf_add_json(out, x->ei.text);
		buf_adds(out, "}\n");
	} else {
		buf_addf(out, "%s\n", x->ei.text);
	}
	response_send(
	    x, status, how == ERRORS_JSON ? TYPE_JSON : TYPE_TEXT, out);
}

void
response_error(struct exchange *x, enum err err)
{
	int status =
	    x->error_status != 0 ? x->error_status : response_status(err);
	struct page_context cx;

	if (x->ei.text[0] == '\0')
		err_set(&x->ei, err, "Something went wrong.");
	log_failure(x, err);
	if (x->status != 0) {
		x->broken = true; /* too late for words */
		return;
	}
	capitalise(x->ei.text);
	if (status == 503)
		response_header(x, "Retry-After: %d", RETRY_SECONDS);
	buf_reset(&x->app->out);
	if (x->req.route != NULL && x->req.route->errors != ERRORS_PAGE) {
		send_error_line(x, x->req.route->errors, status);
		return;
	}
	x->req.form = error_form(x);
	envelope_open(x, &cx, "error");
	fill_error(&cx, status, statuses[status_row(status)].hint);
	envelope_close(x, &cx);
	send_error_page(x, &cx, status);
	doc_free(cx.doc);
}
