/*
 * result_text.c: /build/ID/results/log, a log of a test or a suite, and
 * /build/ID/results/file, the file that the results came in.
 *
 * Logs are masked and plain text whatever they hold.  The file is as it was
 * sent: where the mask rules take something out of its logs it is given to who
 * holds a token.
 */
#include <string.h>

#include "base/arena.h"
#include "model/build_info.h"
#include "model/result_find.h"
#include "model/result_load.h"
#include "web/auth.h"
#include "web/exchange.h"
#include "web/response.h"

struct sending {
	struct exchange *x;
	const char *type;
	int64_t length;
	bool begun;
};

static enum err
send_piece(void *arg, struct slice piece, struct errinfo *ei)
{
	struct sending *s = arg;

	(void)ei;
	if (!s->begun)
		response_begin(s->x, 200, s->type, s->length);
	s->begun = true;
	if (s->x->req.method != METHOD_HEAD)
		response_piece(s->x, piece);
	return ERR_OK;
}

static const char *
given(const struct exchange *x, enum param p)
{
	const struct param_value *v = &x->req.params.value[p];

	return v->n > 0 ? v->text[0] : "";
}

/* The run that run= names, or the only one. */
static enum err
find_run(struct exchange *x, struct result_view *out)
{
	struct build_info build;
	struct result_views views;
	const char *id = given(x, P_RUN);
	enum err err =
	    build_find(x->app->db, x->arena, x->req.capture[0], &build, &x->ei);

	if (err == ERR_OK)
		err = result_views_load(
		    x->app->db, x->arena, build.row.id, &views, &x->ei);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < views.n; i++) {
		if (strcmp(views.view[i].run.id, id) != 0 &&
		    (id[0] != '\0' || views.n != 1))
			continue;
		*out = views.view[i];
		return ERR_OK;
	}
	return err_set(&x->ei, ERR_NOT_FOUND,
	    "There are no such test results: run= names one of the build's.");
}

enum err
handle_result_log(struct exchange *x)
{
	struct sending s = {x, TYPE_TEXT, -1, false};
	struct result_view v;
	enum err err = find_run(x, &v);

	if (err != ERR_OK)
		return err;
	const struct result_place place = {.file = v.file,
	    .position = v.run.position,
	    .test = given(x, P_CASE),
	    .suite = given(x, P_SUITE),
	    .rules = x->app->opt->mask};
	response_header(x, "X-Content-Type-Options: nosniff");
	err = result_log_find(x->app->db, &place, send_piece, &s, &x->ei);
	if (err == ERR_OK && !s.begun)
		response_begin(x, 200, s.type, 0);
	return err;
}

enum err
handle_result_file(struct exchange *x)
{
	struct sending s = {x, "application/json", -1, false};
	struct result_view v;
	const char *builder;
	char hex[65];
	enum err err = find_run(x, &v);

	if (err == ERR_OK && v.masked > 0)
		err = auth_token(x,
		    "Its logs hold what is masked here: it takes a token to "
		    "have this file.",
		    &builder);
	if (err != ERR_OK)
		return err;
	s.length = (int64_t)v.size;
	str_to_hex(hex, v.sha256, sizeof(v.sha256));
	response_header(x, "ETag: \"%s\"", hex);
	response_header(x, "X-Content-Type-Options: nosniff");
	response_header(x,
	    "Content-Disposition: attachment; filename=\"testresults.json\"");
	if (v.masked > 0)
		response_header(x, "Cache-Control: no-store");
	return result_file_bytes(x->app->db, v.file, send_piece, &s, &x->ei);
}
