/* text.c: /build/ID/text/NAME, a file that was kept as it was sent. */
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_store.h"
#include "web/exchange.h"
#include "web/response.h"

static enum err
find_build(struct exchange *x, int *id, int64_t *started)
{
	CLEANUP(cleanup_rows) struct rows *rows = NULL;
	const char *text = x->req.capture[0];
	uint64_t number;
	enum err err;

	if (!str_to_u64(text, strlen(text), &number) || number > INT32_MAX)
		return err_set(
		    &x->ei, ERR_NOT_FOUND, "There is no such build.");
	*id = (int)number;
	err = STMT_QUERY(
	    x->app->db, Q_WEB_BUILD_STARTED, &rows, &x->ei, DB_I4(*id));
	if (err != ERR_OK)
		return err;
	if (rows_count(rows) == 0)
		return err_set(
		    &x->ei, ERR_NOT_FOUND, "There is no such build.");
	*started = row_time(rows, 0, rows_column(rows, "started"));
	return ERR_OK;
}

enum err
handle_text(struct exchange *x)
{
	struct slice text;
	int64_t started = 0;
	int id = 0;
	enum err err = find_build(x, &id, &started);

	if (err == ERR_OK)
		err = build_text_load(x->app->db, x->arena,
		    (struct build_key){id, started}, x->req.capture[1], &text,
		    &x->ei);
	if (err != ERR_OK)
		return err;
	buf_add(&x->app->out, text.p, text.n);
	response_header(x, "X-Content-Type-Options: nosniff");
	response_send(x, 200, TYPE_TEXT, &x->app->out);
	return ERR_OK;
}
