/*
 * buildbot.c: POST /api/v1/buildbot, where Buildbot's HttpStatusPush leaves a
 * document when a build begins and one when it ends.  Buildbot doesn't try
 * again, and looks at the status alone.
 */
#include "web/buildbot.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "model/build_store.h"
#include "model/ci.h"
#include "model/status_word.h"
#include "web/auth.h"
#include "web/body.h"
#include "web/page.h"
#include "web/response.h"
#include "xml/doc.h"

DEFINE_CLEANUP(struct doc *, cleanup_doc, doc_free);

bool
buildbot_is_document(struct slice text)
{
	static const char id[] = "\"buildid\"", builder[] = "\"builder\"";

	return memmem(text.p, text.n, id, strlen(id)) != NULL &&
	       memmem(text.p, text.n, builder, strlen(builder)) != NULL;
}

static void
answer(struct exchange *x, const struct build *b, const struct ci_stored *as)
{
	CLEANUP(cleanup_doc) struct doc *doc = doc_new();
	struct page_context cx = {
	    .arena = x->arena, .base = x->app->opt->base, .site = x->req.site};
	node n;

	doc_set_bare(doc, true);
	n = doc_object(doc_array(doc_content(doc), "builds"), "build");
	doc_int(n, "id", as->build);
	doc_text(n, "url",
	    page_absolute(&cx, page_link(&cx, "build/%d", as->build)));
	doc_text(n, "name", b->name);
	doc_text(n, "status", build_status_word(b->status));
	doc_write_json(doc, &x->app->out);
	response_send(x, as->is_new ? 201 : 200, TYPE_JSON, &x->app->out);
}

enum err
buildbot_take(struct exchange *x, struct slice text, const char *builder)
{
	struct db *db = x->app->db;
	struct errinfo *ei = &x->ei;
	struct ci_run run;
	struct build b;
	struct ci_stored stored = {0};
	enum err err = ci_read(x->arena, text, builder != NULL ? builder : "",
	    x->app->opt->mask, &run, ei);

	if (err != ERR_OK)
		return err;
	b = *ci_build(x->arena, &run, x->now);
	if (builder != NULL)
		b.env.builder = builder;
	if ((err = build_store_prepare(db, b.started, ei)) != ERR_OK ||
	    (err = build_store_names(db, x->arena, &b, ei)) != ERR_OK ||
	    (err = db_begin(db, DB_READ_WRITE, ei)) != ERR_OK)
		return err;
	err = ci_store(db, x->arena, &run, &b, &stored, ei);
	if ((err = db_end(db, err, ei)) == ERR_OK)
		answer(x, &b, &stored);
	return err;
}

enum err
handle_buildbot(struct exchange *x)
{
	const char *builder;
	struct slice text;
	enum err err = body_check_length(x, (int64_t)CI_BYTES_MAX);

	if (err == ERR_OK)
		err = auth_upload(x, &builder);
	if (err == ERR_OK)
		err = body_read_whole(x, CI_BYTES_MAX, &text);
	return err == ERR_OK ? buildbot_take(x, text, builder) : err;
}
