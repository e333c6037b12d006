/*
 * upload.c: POST /upload.  The body is a tar; it is read as a stream, its
 * builds are stored in one transaction, and only what was committed is
 * answered.  Nothing is kept of a body that turns out wrong.
 */
#include <malloc.h>
#include <string.h>
#include <strings.h>

#include "archive/tar_reader.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "model/build_store.h"
#include "model/bundle.h"
#include "model/status_word.h"
#include "web/auth.h"
#include "web/body.h"
#include "web/exchange.h"
#include "web/response.h"
#include "xml/doc.h"

DEFINE_CLEANUP(struct doc *, cleanup_doc, doc_free);
DEFINE_CLEANUP(struct tar_reader *, cleanup_tar, tar_reader_free);
DEFINE_CLEANUP(struct bundle *, cleanup_bundle, bundle_free);
DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

/* Free memory that a worker may hold on to. */
#define UPLOAD_KEEP ((size_t)24 << 20)

struct upload {
	struct exchange *x;
	struct arena *scratch; /* of one build */
	const char *builder;   /* of the token, or NULL */
	bool begun;            /* the transaction */
	bool any_new;
	size_t nbuilds;
	uint64_t ntasks;
	node builds; /* of the answer */
};

/* ---- the body ---- */

/* A media type without its parameters. */
static bool
is_type(const char *header, const char *type)
{
	size_t n = strcspn(header, "; \t");

	return n == strlen(type) && strncasecmp(header, type, n) == 0;
}

/* What a tar may be called; what it is, its bytes tell. */
static enum err
check_type(struct exchange *x)
{
	static const char *const types[] = {"", "application/octet-stream",
	    "application/x-tar", "application/tar", "application/gzip",
	    "application/x-gzip", "application/x-gtar",
	    "application/x-compressed-tar", "application/zstd",
	    "application/x-zstd", "application/x-zstd-compressed-tar",
	    "application/x-xz", "application/x-xz-compressed-tar",
	    "application/x-bzip2", "application/x-bzip",
	    "application/x-bzip-compressed-tar", "binary/octet-stream",
	    /* what curl --data-binary says unless told */
	    "application/x-www-form-urlencoded"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (is_type(x->req.content_type, types[i]))
			return ERR_OK;
	return err_set(&x->ei, ERR_UNSUPPORTED,
	    "An upload is a tar (application/x-tar, application/zstd, ...), "
	    "not %.80s.",
	    x->req.content_type);
}

/* ---- the answer ---- */

static void
add_failure(struct upload *u, node failures, int id, size_t number,
    const struct failure_stored *f)
{
	struct page_context cx = {.arena = u->scratch,
	    .base = u->x->app->opt->base,
	    .site = u->x->req.site};
	node n = doc_object(failures, "failure");
	char *path = page_link(&cx, "build/%d/tasks", id);

	doc_text(n, "id", arena_printf(u->scratch, "%d.%zu", id, number));
	path = page_link_query(&cx, path, "status", "failed", "package",
	    f->recipe, "task", f->task, NULL);
	doc_text(n, "url", page_absolute(&cx, path));
	doc_text(n, "recipe", f->recipe);
	doc_text(n, "version", f->version);
	doc_text(n, "task", f->task);
}

static void
add_build(struct upload *u, const struct build *b, const struct store_result *r)
{
	struct page_context cx = {.arena = u->scratch,
	    .base = u->x->app->opt->base,
	    .site = u->x->req.site};
	node n = doc_object(u->builds, "build"), failures;

	doc_int(n, "id", r->id);
	doc_text(
	    n, "url", page_absolute(&cx, page_link(&cx, "build/%d", r->id)));
	doc_text(n, "name", b->name);
	doc_text(n, "status", build_status_word(r->status));
	doc_int(n, "tasks", (int64_t)r->tasks);
	doc_int(n, "failed", (int64_t)r->failed);
	failures = doc_array(n, "failures");
	for (size_t i = 0; i < r->nfailures; i++)
		add_failure(u, failures, r->id, i + 1, &r->failures[i]);
}

/* ---- the builds ---- */

static enum err
begin(struct upload *u, struct errinfo *ei)
{
	enum err err;

	if (u->begun)
		return ERR_OK;
	err = db_begin(u->x->app->db, DB_READ_WRITE, ei);
	u->begun = err == ERR_OK;
	return err;
}

static enum err
store(void *arg, const struct build *b, struct errinfo *ei)
{
	struct upload *u = arg;
	struct db *db = u->x->app->db;
	struct build named = *b;
	struct store_result r = {0};
	enum err err;

	if (u->builder != NULL)
		named.env.builder = u->builder;
	err = build_store_prepare(db_aside(db), b->started, ei);
	if (err == ERR_OK && !u->begun)
		err = build_store_names(db, u->scratch, &named, ei);
	if (err == ERR_OK)
		err = begin(u, ei);
	if (err == ERR_OK)
		err = build_store(db, u->scratch, &named, &r, ei);
	if (err != ERR_OK)
		return err;
	u->any_new |= r.what == STORED_NEW;
	u->nbuilds++;
	u->ntasks += r.tasks;
	add_build(u, b, &r);
	arena_reset(u->scratch);
	return ERR_OK;
}

static enum err
read_upload(struct upload *u)
{
	CLEANUP(cleanup_tar)
	struct tar_reader *tar =
	    tar_reader_new(&tar_limits_default, body_read, u->x);
	CLEANUP(cleanup_bundle)
	struct bundle *bundle = bundle_new(&bundle_limits_default, store, u);
	enum err err = bundle_read_tar(bundle, tar, &u->x->ei);

	if (err == ERR_OK)
		err = bundle_end(bundle, &u->x->ei);

	/* Also when reading fails: a transaction must not stay open. */
	return u->begun ? db_end(u->x->app->db, err, &u->x->ei) : err;
}

static void
count(const struct upload *u)
{
	struct stats *s = u->x->app->stats;

	s->uploads++;
	s->uploaded_bytes += (uint64_t)u->x->req.content_length;
	s->uploaded_builds += u->nbuilds;
	s->uploaded_tasks += u->ntasks;
}

static enum err
take_upload(struct exchange *x, const char *builder)
{
	CLEANUP(cleanup_doc) struct doc *doc = doc_new();
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	struct upload u = {.x = x, .builder = builder, .scratch = scratch};
	enum err err;

	doc_set_bare(doc, true);
	u.builds = doc_array(doc_content(doc), "builds");
	err = read_upload(&u);
	if (err != ERR_OK)
		return err;
	count(&u);
	doc_write_json(doc, &x->app->out);
	response_send(x, u.any_new ? 201 : 200, TYPE_JSON, &x->app->out);
	return ERR_OK;
}

enum err
handle_upload(struct exchange *x)
{
	const char *builder;
	enum err err = body_check_length(x, x->app->opt->max_upload);

	if (err == ERR_OK)
		err = check_type(x);
	if (err == ERR_OK)
		err = auth_upload(x, &builder);
	if (err == ERR_OK) {
		err = take_upload(x, builder);
		/* An upload's memory is many times a page's.  What an ordinary
		 * one needs is kept for the next: the kernel takes as long to
		 * give it again as reading a third of the upload does. */
		if (mallinfo2().fordblks > UPLOAD_KEEP)
			malloc_trim(0);
	}
	return err;
}
