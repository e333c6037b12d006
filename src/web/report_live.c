/*
 * report_live.c: POST api/v1/builds and its events, for builds that report
 * themselves: docs/protocol.md.  What is answered is committed.
 */
#include <malloc.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/live_report.h"
#include "web/auth.h"
#include "web/body.h"
#include "web/buildbot.h"
#include "web/exchange.h"
#include "web/page.h"
#include "web/response.h"
#include "xml/doc.h"

DEFINE_CLEANUP(struct doc *, cleanup_doc, doc_free);
DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

/* Free memory that a worker may hold on to. */
#define KEEP ((size_t)24 << 20)

/* What the body is packed with its first bytes tell; this is for those who
 * send something that isn't taken. */
static enum err
check_encoding(struct exchange *x)
{
	static const char *const known[] = {
	    "identity", "gzip", "x-gzip", "zstd"};
	const char *said = x->io->env(x->io->arg, "HTTP_CONTENT_ENCODING");

	if (said == NULL || said[0] == '\0')
		return ERR_OK;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(said, known[i]) == 0)
			return ERR_OK;
	return err_set(&x->ei, ERR_UNSUPPORTED,
	    "A body may be compressed with gzip or zstd, not with %.40s.",
	    said);
}

static const char *
build_url(struct exchange *x, int build)
{
	struct page_context cx = {
	    .arena = x->arena, .base = x->app->opt->base, .site = x->req.site};

	return page_absolute(&cx, page_link(&cx, "build/%d", build));
}

/* ---- the begin ---- */

enum err
handle_report_begin(struct exchange *x)
{
	CLEANUP(cleanup_doc) struct doc *doc = doc_new();
	struct live_asked asked = {.now = x->now,
	    .fold = {.rules = x->app->opt->mask,
		.silent = (int)x->app->opt->silent}};
	struct live_begun begun;
	node c;
	enum err err = body_check_length(x, (int64_t)LIVE_BEGIN_MAX);

	if (err != ERR_OK || (err = check_encoding(x)) != ERR_OK ||
	    (err = auth_upload(x, &asked.builder)) != ERR_OK ||
	    (err = body_read_whole(x, LIVE_BEGIN_MAX, &asked.text)) != ERR_OK)
		return err;
	if (buildbot_is_document(asked.text))
		return buildbot_take(x, asked.text, asked.builder);
	if ((err = live_begin(x->app->db, x->arena, &asked, &begun, &x->ei)) !=
	    ERR_OK)
		return err;
	x->app->stats->live_events++;
	doc_set_bare(doc, true);
	c = doc_content(doc);
	doc_int(c, "id", begun.build);
	doc_text(c, "url", build_url(x, begun.build));
	if (begun.token[0] != '\0')
		doc_text(c, "token", begun.token);
	doc_write_json(doc, &x->app->out);
	response_send(x, begun.is_new ? 201 : 200, TYPE_JSON, &x->app->out);
	return ERR_OK;
}

/* ---- events ---- */

static enum err
find_target(struct exchange *x, int *build, struct live_target *target)
{
	const char *id = x->req.capture[0];
	int64_t v;
	enum err err;

	if (!str_to_i64(id, strlen(id), &v) || v < 1 || v > INT32_MAX)
		return err_set(
		    &x->ei, ERR_NOT_FOUND, "There is no such build.");
	*build = (int)v;
	if (x->req.authorization[0] == '\0')
		return auth_build(x, &(struct live_target){0});
	err = live_find(x->app->db, x->arena, *build, target, &x->ei);
	return err == ERR_OK ? auth_build(x, target) : err;
}

static enum err
take_events(struct exchange *x, int build, const struct live_target *target)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_doc) struct doc *doc = doc_new();
	const struct live_source from = {
	    .to = target, .read = body_read, .arg = x, .now = x->now};
	struct live_applied applied;
	node c;
	enum err err = live_report(x->app->db, a, &from, &applied, &x->ei);

	if (err != ERR_OK)
		return err;
	x->app->stats->live_events += (uint64_t)applied.accepted;
	doc_set_bare(doc, true);
	c = doc_content(doc);
	doc_int(c, "accepted", applied.accepted);
	doc_int(c, "duplicate", applied.duplicate);
	doc_int(c, "ignored", applied.ignored);
	doc_text(c, "url", build_url(x, build));
	doc_write_json(doc, &x->app->out);
	response_send(x, 200, TYPE_JSON, &x->app->out);
	return ERR_OK;
}

enum err
handle_report_events(struct exchange *x)
{
	struct live_target target;
	int build = 0;
	enum err err = body_check_length(x, LIVE_BODY_MAX);

	if (err != ERR_OK || (err = check_encoding(x)) != ERR_OK ||
	    (err = find_target(x, &build, &target)) != ERR_OK)
		return err;
	err = take_events(x, build, &target);
	if (mallinfo2().fordblks > KEEP)
		malloc_trim(0);
	return err;
}
