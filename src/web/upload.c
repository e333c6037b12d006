/*
 * upload.c: POST /upload.  The body is a tar; it is read as a stream, its
 * builds and their receipt are stored in one transaction, and only what was
 * committed is answered.  Nothing is kept of a body that turns out wrong.
 */
#include <malloc.h>
#include <string.h>
#include <strings.h>

#include "archive/inflate.h"
#include "archive/tar_reader.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "model/build_store.h"
#include "model/bundle.h"
#include "model/event_log.h"
#include "model/failure_code.h"
#include "model/failure_store.h"
#include "model/raw.h"
#include "model/receipt.h"
#include "model/result.h"
#include "model/status_word.h"
#include "web/auth.h"
#include "web/body.h"
#include "web/exchange.h"
#include "web/multipart.h"
#include "web/response.h"
#include "web/sentence_failure.h"
#include "xml/doc.h"

DEFINE_CLEANUP(struct doc *, cleanup_doc, doc_free);
DEFINE_CLEANUP(struct tar_reader *, cleanup_tar, tar_reader_free);
DEFINE_CLEANUP(struct inflate *, cleanup_inflate, inflate_free);
DEFINE_CLEANUP(struct bundle *, cleanup_bundle, bundle_free);
DEFINE_CLEANUP(struct multipart *, cleanup_multipart, multipart_free);
DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct raw *, cleanup_raw, raw_free);
DEFINE_CLEANUP(struct receipt *, cleanup_receipt, receipt_free);

/* Free memory that a worker may hold on to. */
#define UPLOAD_KEEP ((size_t)24 << 20)
#define DRAIN_BYTES ((size_t)64 << 10)

/* Enough to see what a body is that isn't compressed. */
#define HEAD_BYTES 512
/* Of test results that come by themselves, inflated. */
#define RESULTS_MAX ((uint64_t)512 << 20)
#define EVENT_FILE_MAX ((int64_t)256 << 20)

struct upload {
	struct exchange *x;
	struct arena *scratch; /* of one build */
	const char *builder;   /* of the token, or NULL */
	bool begun;            /* the transaction */
	bool any_new;
	size_t nbuilds;
	uint64_t ntasks;
	struct raw *raw;       /* of whichever thread reads the body */
	char head[HEAD_BYTES]; /* of the body, looked at before it is read */
	size_t nhead, head_at;
	struct receipt *receipt;
	node content, builds; /* of the answer */
	bool event_file;      /* the body is an event log, maybe in a form */
	int first;            /* build */
	bool private;         /* the bytes should not be kept */
	/* of a form with an event log */
	struct bundle *bundle;
	bool found, in_log;
};

/* ---- the body ---- */

/* What is read is kept, too. */
static long
read_kept(struct upload *u, void *into, size_t n, struct errinfo *ei)
{
	long got = body_read(u->x, into, n, ei);

	if (got > 0)
		raw_add(u->raw, into, (size_t)got);
	return got;
}

static long
read_body(void *arg, void *into, size_t n, struct errinfo *ei)
{
	struct upload *u = arg;
	size_t left = u->nhead - u->head_at;

	if (left == 0)
		return read_kept(u, into, n, ei);
	n = n < left ? n : left;
	memcpy(into, u->head + u->head_at, n);
	u->head_at += n;
	return (long)n;
}

/* Reads as much of the body as tells what it is. */
static enum err
read_head(struct upload *u)
{
	long got;

	do {
		got = read_kept(
		    u, u->head + u->nhead, HEAD_BYTES - u->nhead, &u->x->ei);
		u->nhead += got > 0 ? (size_t)got : 0;
	} while (got > 0 && u->nhead < HEAD_BYTES);
	return got < 0 ? u->x->ei.code : ERR_OK;
}

/* What stands behind the tar's end. */
static enum err
drain(struct upload *u)
{
	char *piece = arena_alloc(u->x->arena, DRAIN_BYTES);
	long got;

	do {
		got = read_body(u, piece, DRAIN_BYTES, &u->x->ei);
	} while (got > 0);
	return got < 0 ? u->x->ei.code : ERR_OK;
}

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
	    "application/json",
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

static struct page_context
context_of(const struct upload *u)
{
	return (struct page_context){.arena = u->scratch,
	    .base = u->x->app->opt->base,
	    .site = u->x->req.site};
}

static void
add_known(struct upload *u, node failure, const struct failure_known *known)
{
	CLEANUP(buf_clear) struct buf verdict = BUF_INIT;
	node n = doc_object(failure, "known");

	doc_int(n, "times", known->times);
	doc_time(n, "first", known->first);
	doc_time(n, "last", known->last);
	doc_int(n, "builders", known->builders);
	sentence_known(&verdict, known, u->x->now);
	doc_text(failure, "verdict", verdict.data);
}

static void
add_failure(
    struct upload *u, node failures, const struct failure_stored *f, bool known)
{
	struct page_context cx = context_of(u);
	char code[FAILURE_CODE_MAX];
	node n = doc_object(failures, "failure");

	failure_code(code, f->id);
	doc_text(n, "id", code);
	doc_text(n, "url", page_absolute(&cx, page_link(&cx, "f/%s", code)));
	doc_text(n, "recipe", f->recipe);
	doc_text(n, "version", f->version);
	doc_text(n, "task", f->task);
	doc_text(n, "first_line", f->first_line);
	if (known)
		add_known(u, n, &f->known);
}

static void
add_results(node build, const struct build *b)
{
	node n = doc_object(build, "results");

	for (size_t c = 0; c < RESULT_CLASSES; c++) {
		size_t sum = 0;
		for (size_t i = 0; i < b->nresults; i++)
			sum += b->results[i].run->counts[c];
		doc_int(
		    n, result_class_word((enum result_class)c), (int64_t)sum);
	}
}

static void
add_build(struct upload *u, const struct build *b, const struct store_result *r)
{
	struct page_context cx = context_of(u);
	node n = doc_object(u->builds, "build"), failures;

	doc_int(n, "id", r->id);
	doc_text(
	    n, "url", page_absolute(&cx, page_link(&cx, "build/%d", r->id)));
	doc_text(n, "name", b->name);
	doc_text(n, "status", build_status_word(r->status));
	doc_int(n, "tasks", (int64_t)r->tasks);
	doc_int(n, "failed", (int64_t)r->failed);
	if (b->nresults > 0)
		add_results(n, b);
	failures = doc_array(n, "failures");
	for (size_t i = 0; i < r->nfailures; i++)
		add_failure(u, failures, &r->failures[i], i < FAILURES_KNOWN);
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

/* What of a build is made ready outside of its transaction. */
static enum err
prepare(struct upload *u, struct build *b, struct errinfo *ei)
{
	struct db *db = u->x->app->db;
	enum err err = build_store_prepare(db_aside(db), b->started, ei);

	if (err != ERR_OK || u->begun)
		return err;
	return build_store_names(db, u->scratch, b, ei);
}

static void
note_stored(struct upload *u, const char *name, const struct store_result *r)
{
	static const char *const texts[] = {
	    [STORED_SAME] = "The same build was here already.",
	    [STORED_KEPT_RICHER] =
		"This build was here already, with more of it, and stays.",
	};

	receipt_build(u->receipt, r->id);
	if (r->what < sizeof(texts) / sizeof(texts[0]) &&
	    texts[r->what] != NULL)
		receipt_note(
		    u->receipt, RECEIPT_DUPLICATE, name, 0, texts[r->what]);
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
	err = prepare(u, &named, ei);
	if (err == ERR_OK)
		err = begin(u, ei);
	if (err == ERR_OK)
		err = build_store(db, u->scratch, &named, &r, ei);
	if (err != ERR_OK)
		return err;
	u->any_new |= r.what == STORED_NEW;
	if (u->first == 0)
		u->first = r.id;
	u->nbuilds++;
	u->ntasks += r.tasks;
	add_build(u, b, &r);
	note_stored(u, b->name, &r);
	arena_reset(u->scratch);
	return ERR_OK;
}

/* The last of the transaction. */
static enum err
write_receipt(struct upload *u)
{
	struct page_context cx = context_of(u);
	struct receipt_upload upload;
	char code[RECEIPT_CODE_MAX];
	enum err err;

	raw_end(u->raw, &upload);
	if (u->private)
		upload.raw = "";
	err =
	    receipt_store(u->x->app->db, u->receipt, &upload, code, &u->x->ei);
	if (err == ERR_OK)
		doc_text(u->content, "receipt",
		    page_absolute(&cx, page_link(&cx, "receipt/%s", code)));
	return err;
}

static enum err
read_tar(struct upload *u, struct bundle *bundle)
{
	CLEANUP(cleanup_tar)
	struct tar_reader *tar =
	    tar_reader_new(&tar_limits_default, read_body, u);

	return bundle_read_tar(bundle, tar, &u->x->ei);
}

/* gzip, bzip2, xz, zstd */
static bool
is_packed(struct slice head)
{
	return slice_starts(head, "\x1f\x8b") || slice_starts(head, "BZh") ||
	       slice_starts(head, "\3757zXZ") ||
	       slice_starts(head, "\x28\xb5\x2f\xfd");
}

/* A document instead of a tar: testresults.json or an event log.  What is
 * packed is one if it is called so. */
static bool
is_document(const struct upload *u)
{
	struct slice head = slice_trim((struct slice){u->head, u->nhead});

	if (tar_is_plain((struct slice){u->head, u->nhead}))
		return false;
	return slice_starts(head, "{") || slice_starts(head, "[") ||
	       (is_type(u->x->req.content_type, "application/json") &&
		   is_packed(head));
}

/* What it is called, says what it is. */
static const char *
name_of_document(const struct upload *u)
{
	return u->event_file || event_log_is((struct slice){u->head, u->nhead})
		   ? "eventlog/upload.json"
		   : "testresults.json";
}

static enum err
read_document(struct upload *u, struct bundle *bundle)
{
	CLEANUP(cleanup_inflate)
	struct inflate *f = inflate_new(RESULTS_MAX, read_body, u);

	return bundle_read_file(bundle, name_of_document(u), f, &u->x->ei);
}

/* ---- a form with an event log ---- */

static enum err
begin_part(
    void *arg, const char *name, const char *filename, struct errinfo *ei)
{
	struct upload *u = arg;
	bool want;

	(void)filename;
	u->in_log = strcmp(name, "eventlog") == 0 && !u->found;
	if (!u->in_log)
		return ERR_OK;
	u->found = true;
	return bundle_member(
	    u->bundle, SLICE("eventlog/upload.json"), 0, &want, ei);
}

static enum err
part_data(void *arg, const void *data, size_t n, struct errinfo *ei)
{
	struct upload *u = arg;

	return u->in_log ? bundle_data(u->bundle, data, n, ei) : ERR_OK;
}

static enum err
end_part(void *arg, struct errinfo *ei)
{
	struct upload *u = arg;

	return u->in_log ? bundle_member_end(u->bundle, ei) : ERR_OK;
}

static enum err
read_form(struct upload *u, struct slice boundary)
{
	const struct multipart_sink sink = {begin_part, part_data, end_part, u};
	CLEANUP(cleanup_multipart)
	struct multipart *m = multipart_new(boundary, &sink);
	struct errinfo *ei = &u->x->ei;
	char *piece = arena_alloc(u->x->arena, DRAIN_BYTES);
	enum err err = ERR_OK;
	long got = 1;

	while (err == ERR_OK && got > 0) {
		got = read_body(u, piece, DRAIN_BYTES, ei);
		if (got > 0)
			err = multipart_add(m, piece, (size_t)got, ei);
	}
	if (err == ERR_OK && got < 0)
		err = ei->code;
	if (err == ERR_OK)
		err = multipart_end(m, ei);
	if (err == ERR_OK && !u->found)
		err = err_set(
		    ei, ERR_INPUT, "There is no file eventlog in the form.");
	return err;
}

/* Its name tells nothing: what is in it does. */
static enum err
read_content(struct upload *u)
{
	struct slice boundary;

	if (u->event_file &&
	    multipart_boundary(u->x->req.content_type, &boundary))
		return read_form(u, boundary);
	if (u->event_file || is_document(u))
		return read_document(u, u->bundle);
	if (is_type(u->x->req.content_type, "application/json"))
		return err_set(&u->x->ei, ERR_UNSUPPORTED,
		    "What is called application/json is no JSON.");
	return read_tar(u, u->bundle);
}

static enum err
read_bundle(struct upload *u)
{
	struct bundle_limits limits = bundle_limits_default;
	CLEANUP(cleanup_bundle) struct bundle *bundle = NULL;
	enum err err = read_head(u);

	if (err != ERR_OK)
		return err;
	limits.mask = u->x->app->opt->mask;
	u->bundle = bundle = bundle_new(&limits, store, u);
	bundle_note(bundle, u->receipt, u->x->now);
	err = read_content(u);
	u->private = bundle_is_private(bundle);
	return err == ERR_OK ? bundle_end(bundle, &u->x->ei) : err;
}

static enum err
read_upload(struct upload *u)
{
	enum err err = read_bundle(u);

	if (err == ERR_OK)
		err = drain(u);
	if (err == ERR_OK)
		err = write_receipt(u);
	/* Also when reading fails: a transaction must not stay open. */
	if (u->begun)
		err = db_end(u->x->app->db, err, &u->x->ei);
	if (err == ERR_OK && !u->private)
		raw_keep(u->raw);
	return err;
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

/* Toaster's clients are led to a page; those of curl read its address. */
static void
answer_event_file(struct upload *u)
{
	struct page_context cx = context_of(u);
	struct buf *out = &u->x->app->out;
	const char *url =
	    page_absolute(&cx, page_link(&cx, "build/%d", u->first));

	response_header(u->x, "Location: %s", url);
	buf_addf(out, "%s\n", url);
	response_send(u->x, 303, TYPE_TEXT, out);
}

static enum err
take_upload(struct exchange *x, const char *builder, bool event_file)
{
	CLEANUP(cleanup_doc) struct doc *doc = doc_new();
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	CLEANUP(cleanup_raw) struct raw *raw = raw_new(x->app->opt->raw);
	CLEANUP(cleanup_receipt)
	struct receipt *receipt = receipt_new("bundle");
	struct upload u = {.x = x,
	    .builder = builder,
	    .scratch = scratch,
	    .raw = raw,
	    .receipt = receipt,
	    .event_file = event_file};
	enum err err;

	doc_set_bare(doc, true);
	u.content = doc_content(doc);
	u.builds = doc_array(u.content, "builds");
	err = read_upload(&u);
	if (err != ERR_OK)
		return err;
	count(&u);
	if (event_file) {
		answer_event_file(&u);
		return ERR_OK;
	}
	doc_write_json(doc, &x->app->out);
	response_send(x, u.any_new ? 201 : 200, TYPE_JSON, &x->app->out);
	return ERR_OK;
}

/* An upload's memory is many times a page's.  What an ordinary one needs is
 * kept for the next: the kernel takes as long to give it again as reading a
 * third of the upload does. */
static void
trim(void)
{
	if (mallinfo2().fordblks > UPLOAD_KEEP)
		malloc_trim(0);
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
		err = take_upload(x, builder, false);
		trim();
	}
	return err;
}

enum err
handle_event_file(struct exchange *x)
{
	const char *builder;
	enum err err = body_check_length(x, EVENT_FILE_MAX);

	if (err == ERR_OK)
		err = auth_upload(x, &builder);
	if (err == ERR_OK) {
		err = take_upload(x, builder, true);
		trim();
	}
	return err;
}
