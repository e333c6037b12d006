/*
 * old_urls.c: the public addresses of the Yocto Project's error reporting
 * server lead to ours, so that links in mails, bookmarks and feed readers go
 * on working.  Numbers of builds and failures are those that we gave out.
 */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "model/failure_code.h"
#include "model/failure_list.h"
#include "model/signature.h"
#include "web/exchange.h"
#include "web/response.h"

static struct page_context
context_of(const struct exchange *x)
{
	return (struct page_context){
	    .arena = x->arena, .base = x->app->opt->base, .site = x->req.site};
}

/* path: with the base, escaped. */
static enum err
redirect(struct exchange *x, const char *path)
{
	const struct buf nothing = BUF_INIT;

	response_header(x, "Location: %s%s", x->req.site, path);
	response_send(x, 301, TYPE_TEXT, &nothing);
	return ERR_OK;
}

static enum err
redirect_to(struct exchange *x, const char *path)
{
	struct page_context cx = context_of(x);

	return redirect(x, page_link_query(&cx, path, NULL));
}

/*
 * /Errors/ is asked by clients of 2014 to see whether there is a server, and
 * they take nothing but 200 for a yes.
 */
enum err
handle_errors(struct exchange *x)
{
	struct buf *out = &x->app->out;
	const char *base = x->app->opt->base;

	buf_addf(out,
	    "<!DOCTYPE html>\n"
	    "<html lang=\"en\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width\">"
	    "<meta http-equiv=\"refresh\" content=\"0; url=%sfailures\">"
	    "<title>Failures</title></head>"
	    "<body><p><a href=\"%sfailures\">Failures</a></p></body></html>\n",
	    base, base);
	response_send(x, 200, TYPE_HTML, out);
	return ERR_OK;
}

enum err
handle_errors_latest(struct exchange *x)
{
	return redirect_to(x, "failures");
}

enum err
handle_errors_feed(struct exchange *x)
{
	return redirect_to(x, "feed/failures.atom");
}

static enum err
no_such(struct exchange *x)
{
	return err_set(
	    &x->ei, ERR_NOT_FOUND, "There is nothing of that number here.");
}

static bool
read_number(const struct exchange *x, int *id)
{
	const char *text = x->req.capture[0];
	int64_t n;

	if (!str_to_i64(text, strlen(text), &n) || n < 1 || n > INT32_MAX)
		return false;
	*id = (int)n;
	return true;
}

enum err
handle_errors_build(struct exchange *x)
{
	struct page_context cx = context_of(x);
	int id;

	return read_number(x, &id) ? redirect(x, page_link(&cx, "build/%d", id))
				   : no_such(x);
}

enum err
handle_errors_details(struct exchange *x)
{
	struct page_context cx = context_of(x);
	char code[FAILURE_CODE_MAX];
	int id;

	return read_number(x, &id)
		   ? redirect(x, page_link(&cx, "f/%s", failure_code(code, id)))
		   : no_such(x);
}

/* Failures without an error line are like no other: then the failure. */
enum err
handle_errors_similar(struct exchange *x)
{
	struct page_context cx = context_of(x);
	struct failure_row row;
	enum err err;
	int id;

	if (!read_number(x, &id))
		return no_such(x);
	err = failure_find(x->app->db, x->arena, id, &row, &x->ei);
	if (err != ERR_OK)
		return err;
	for (size_t k = SIGNATURE_LINES; k <= SIGNATURE_TASK; k++)
		if (row.sig[k - 1] != 0)
			return redirect(
			    x, page_link(&cx, "signature/%d", row.sig[k - 1]));
	return handle_errors_details(x);
}

/* ---- searches ---- */

/* A parameter of the query; "" if it isn't given, is too long or no text. */
static const char *
query_value(const struct exchange *x, const char *name)
{
	struct slice rest = slice_of(x->req.query), pair, key;
	const char *value;
	bool more = rest.n > 0 && rest.n <= QUERY_BYTES_MAX;

	while (more) {
		more = slice_cut(&rest, '&', &pair);
		if (slice_cut(&pair, '=', &key) && slice_is(key, name))
			return percent_decode(
				   x->arena, pair.p, pair.n, true, &value) &&
				       strlen(value) <= 200
				   ? value
				   : "";
	}
	return "";
}

/* A number from 1 to max; else "". */
static const char *
query_number(const struct exchange *x, const char *name, int64_t max)
{
	const char *text = query_value(x, name);
	int64_t n;

	return str_to_i64(text, strlen(text), &n) && n >= 1 && n <= max ? text
									: "";
}

/* Their columns, as parameters of ours. */
static const char *
parameter_of(const char *column)
{
	static const struct {
		const char *column, *parameter;
	} rows[] = {
	    {"machine", "machine"},
	    {"build__machine", "machine"},
	    {"distro", "distro"},
	    {"build__distro", "distro"},
	    {"recipe", "package"},
	    {"task", "task"},
	    {"branch", "branch"},
	    {"build__branch", "branch"},
	    {"commit", "commit"},
	    {"build__commit", "commit"},
	    {"submitter", "builder"},
	    {"build__name", "builder"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcasecmp(rows[i].column, column) == 0)
			return rows[i].parameter;
	return "";
}

enum err
handle_errors_search(struct exchange *x)
{
	struct page_context cx = context_of(x);
	const char *words = query_value(x, "query");
	const char *filter = query_value(x, "filter");
	const char *name = parameter_of(query_value(x, "type"));

	if (name[0] == '\0' && words[0] == '\0')
		words = filter; /* better found by its word than not at all */
	return redirect(
	    x, page_link_query(&cx, "failures", "q", words, "page",
		   query_number(x, "page", 10000), "per",
		   query_number(x, "limit", 1000), name[0] != '\0' ? name : "q",
		   name[0] != '\0' ? filter : "", NULL));
}

enum err
handle_errors_statistics(struct exchange *x)
{
	static const struct {
		const char *key, *sort;
	} rows[] = {
	    {"MACHINE", "machine"}, {"RECIPE", "recipe"}, {"DISTRO", "distro"}};
	struct page_context cx = context_of(x);
	const char *sort = "";

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].key, x->req.capture[0]) == 0)
			sort = rows[i].sort;
	return redirect(
	    x, page_link_query(&cx, "failures", "sort", sort, NULL));
}
