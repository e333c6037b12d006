/*
 * client_post.c: /ClientPost/ and /ClientPost/JSON, where the unmodified
 * send-error-report of openembedded-core, of any age, leaves its reports.
 *
 * It first asks by GET how long a log may be, then posts the report and prints
 * the answer as it comes: whoever reads it wants the link, and what is known
 * of the failure.
 */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "model/build_store.h"
#include "model/failure_code.h"
#include "model/failure_store.h"
#include "model/log_take.h"
#include "model/receipt.h"
#include "web/auth.h"
#include "web/body.h"
#include "web/exchange.h"
#include "web/report_body.h"
#include "web/response.h"
#include "web/sentence_failure.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct raw *, cleanup_raw, raw_free);
DEFINE_CLEANUP(struct receipt *, cleanup_receipt, receipt_free);

/* Free memory that a worker may hold on to. */
#define POST_KEEP ((size_t)8 << 20)
#define VERDICTS_MAX 20
#define NAME_MAX_BYTES 255   /* as names are stored */
#define STORE_TELLS_MAX 1000 /* failures that build_store tells of */
#define STORED_MAX (REPORT_FAILURES_MAX * 2)

struct post {
	struct exchange *x;
	struct arena *a;
	const char *builder; /* of the token, or NULL */
	struct report report;
	int build;
	bool again; /* it was here already */
	struct failures_stored stored;
	const struct failure_stored **sorted; /* by what failed */
	char receipt[RECEIPT_CODE_MAX];
};

/* ---- what the clients ask first ---- */

static enum err
say_limit(struct exchange *x)
{
	struct buf *out = &x->app->out;

	buf_addf(out,
	    "{\"error\": \"No valid data provided\", "
	    "\"max_log_size\": \"%d\"}\n",
	    REPORT_LOG_MAX);
	response_send(x, 200, TYPE_JSON, out);
	return ERR_OK;
}

/* ---- keeping it ---- */

/* Each by itself, before the transaction begins: what takes locks that others
 * would wait for. */
static enum err
prepare(struct post *p, struct build *b)
{
	struct db *db = p->x->app->db;
	enum err err = build_store_prepare(db, b->started, &p->x->ei);

	return err == ERR_OK ? build_store_names(db, p->a, b, &p->x->ei) : err;
}

static void
note_masked(struct receipt *r, const struct told_failure *f, size_t index)
{
	char where[40];

	snprintf(where, sizeof(where), "failures[%zu].log", index);
	for (size_t i = 0; f->log != NULL && i < f->log->nshown; i++)
		receipt_note(r, RECEIPT_MASKED, where, f->log->shown[i].line,
		    f->log->shown[i].hit.preview);
}

static enum err
write_receipt(struct post *p, const struct receipt_upload *upload)
{
	CLEANUP(cleanup_receipt) struct receipt *r = receipt_new("report");
	const struct report *report = &p->report;
	size_t logs = 0;

	for (size_t i = 0; i < report->nfailures; i++)
		logs += report->failures[i].log != NULL;
	receipt_count(r, "failures", report->nfailures);
	receipt_count(r, "logs", logs);
	receipt_count(r, "configuration files", report->ntexts);
	for (size_t i = 0; i < report->nnotes; i++)
		receipt_note(r, RECEIPT_IGNORED, "report", 0, report->notes[i]);
	for (size_t i = 0; i < report->nmasked; i++)
		receipt_note(r, RECEIPT_MASKED, report->masked[i].where,
		    report->masked[i].line, report->masked[i].preview);
	for (size_t i = 0; i < report->nfailures; i++)
		note_masked(r, &report->failures[i], i);
	if (p->again)
		receipt_note(r, RECEIPT_DUPLICATE, "report", 0,
		    "The same report was here already.");
	receipt_build(r, p->build);
	return receipt_store(p->x->app->db, r, upload, p->receipt, &p->x->ei);
}

static enum err
store(
    struct post *p, const struct build *b, const struct receipt_upload *upload)
{
	struct db *db = p->x->app->db;
	struct errinfo *ei = &p->x->ei;
	struct store_result r = {.nfailures = STORE_TELLS_MAX};
	enum err err = ERR_OK;

	if (!p->again) {
		err = build_store(db, p->a, b, &r, ei);
		p->build = r.id;
		/* Or somebody sent it at the same moment. */
		p->again = r.what != STORED_NEW;
		p->stored.n = r.nfailures;
		p->stored.failure = r.failures;
	}
	if (err == ERR_OK && r.nfailures >= STORE_TELLS_MAX)
		err = failure_stored_load(
		    db, p->a, p->build, STORED_MAX, &p->stored, ei);
	return err == ERR_OK ? write_receipt(p, upload) : err;
}

static enum err
keep(struct post *p, const struct receipt_upload *upload)
{
	struct db *db = p->x->app->db;
	struct errinfo *ei = &p->x->ei;
	struct build b = *report_build(p->a, &p->report, p->x->now);
	enum err err = report_find(db, p->report.sha256, &p->build, ei);

	if (p->builder != NULL)
		b.env.builder = p->builder;
	p->again = p->build != 0;
	if (err == ERR_OK && !p->again)
		err = prepare(p, &b);
	if (err != ERR_OK || (err = db_begin(db, DB_READ_WRITE, ei)) != ERR_OK)
		return err;
	return db_end(db, store(p, &b, upload), ei);
}

/* ---- which failure is which ---- */

/* What is stored of the report was merged: a failure may be there once that
 * was told twice, and there may be several of one task. */
struct place {
	enum failure_kind kind;
	const char *recipe, *version, *task;
};

static int
compare(const struct place *a, const struct failure_stored *f)
{
	int order = (int)a->kind - (int)f->kind;

	if (order == 0)
		order = strcmp(a->recipe, f->recipe);
	if (order == 0)
		order = strcmp(a->version, f->version);
	return order != 0 ? order : strcmp(a->task, f->task);
}

static int
by_place(const void *x, const void *y)
{
	const struct failure_stored *a =
	    *(const struct failure_stored *const *)x;
	const struct failure_stored *b =
	    *(const struct failure_stored *const *)y;
	const struct place place = {a->kind, a->recipe, a->version, a->task};
	int order = compare(&place, b);

	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

static void
sort_stored(struct post *p)
{
	size_t n = p->stored.n;

	p->sorted = arena_calloc(p->a, n + 1, sizeof(*p->sorted));
	for (size_t i = 0; i < n; i++)
		p->sorted[i] = &p->stored.failure[i];
	if (n > 1)
		qsort(p->sorted, n, sizeof(*p->sorted), by_place);
}

static bool
has_error(const struct told_failure *t, const struct failure_stored *f)
{
	if (t->log != NULL && t->log->first_line[0] != '\0')
		return strcmp(t->log->first_line, f->first_line) == 0;
	return strncmp(t->message, f->first_line, strlen(f->first_line)) == 0;
}

/* The first that isn't less. */
static size_t
lower_bound(const struct post *p, const struct place *place)
{
	size_t lo = 0, hi = p->stored.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (compare(place, p->sorted[mid]) > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* NULL if it isn't kept. */
static const struct failure_stored *
stored_as(const struct post *p, size_t i)
{
	const struct told_failure *t = &p->report.failures[i];
	const struct place place = {t->kind,
	    utf8_cut(p->a, t->recipe, NAME_MAX_BYTES),
	    utf8_cut(p->a, t->version, NAME_MAX_BYTES),
	    utf8_cut(p->a, t->task, NAME_MAX_BYTES)};
	const struct failure_stored *any = NULL;

	for (size_t k = lower_bound(p, &place);
	     k < p->stored.n && compare(&place, p->sorted[k]) == 0; k++) {
		if (has_error(t, p->sorted[k]))
			return p->sorted[k];
		if (any == NULL)
			any = p->sorted[k];
	}
	return any;
}

/* ---- the answer ---- */

static struct page_context
context_of(const struct post *p)
{
	return (struct page_context){.arena = p->a,
	    .base = p->x->app->opt->base,
	    .site = p->x->req.site};
}

static const char *
failure_url(const struct post *p, int id)
{
	struct page_context cx = context_of(p);
	char code[FAILURE_CODE_MAX];

	return page_absolute(
	    &cx, page_link(&cx, "f/%s", failure_code(code, id)));
}

static const char *
build_url(const struct post *p)
{
	struct page_context cx = context_of(p);

	return page_absolute(&cx, page_link(&cx, "build/%d", p->build));
}

static const char *
receipt_url(const struct post *p)
{
	struct page_context cx = context_of(p);

	return page_absolute(&cx, page_link(&cx, "receipt/%s", p->receipt));
}

static const char *
verdict(const struct post *p, const struct failure_stored *f)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	const struct failure_said said = {.kind = f->kind,
	    .recipe = f->recipe,
	    .task = f->task,
	    .machine = p->report.env.machine,
	    .first_line = f->first_line,
	    .known = f->known,
	    .now = p->x->now};

	sentence_failure(&text, &said);
	return utf8_scrub(p->a, text.len > 0 ? text.data : "", text.len);
}

static void
answer_text(struct post *p)
{
	struct buf *out = &p->x->app->out;
	const struct failure_stored *f =
	    p->report.nfailures == 1 ? stored_as(p, 0) : NULL;
	size_t n = p->report.nfailures, said = 0;

	buf_addf(out, "Your entry can be found here: %s\n",
	    f != NULL ? failure_url(p, f->id) : build_url(p));
	for (size_t i = 0; i < n && said < VERDICTS_MAX; i++)
		if ((f = stored_as(p, i)) != NULL) {
			buf_addf(out, "%s\n", verdict(p, f));
			said++;
		}
	if (n > VERDICTS_MAX)
		buf_addf(out, "and %zu more\n", n - VERDICTS_MAX);
	buf_addf(out, "Receipt: %s\n", receipt_url(p));
	response_send(p->x, 200, TYPE_TEXT, out);
}

static void
add_failure(const struct post *p, struct buf *out, size_t i)
{
	const struct failure_stored *f = stored_as(p, i);

	if (f == NULL) {
		buf_adds(out,
		    "{\"id\": -1, \"error\": \"This failure is not kept.\"}");
		return;
	}
	buf_addf(out, "{\"id\": %d, \"url\": ", f->id);
	buf_add_json(out, failure_url(p, f->id));
	if (i < VERDICTS_MAX) {
		buf_adds(out, ", \"verdict\": ");
		buf_add_json(out, verdict(p, f));
	}
	buf_addc(out, '}');
}

/* As the clients know it, of the last failure. */
static void
add_similar(const struct post *p, struct buf *out)
{
	struct page_context cx = context_of(p);
	size_t n = p->report.nfailures;
	const struct failure_stored *last = n > 0 ? stored_as(p, n - 1) : NULL;
	int64_t times = last != NULL ? last->known.times : 0;

	buf_addf(out, ", \"num_similar_errors\": %" PRId64, times);
	if (times <= 0 || last->signature == 0)
		return;
	buf_adds(out, ", \"similar_errors_url\": ");
	buf_add_json(out, page_absolute(&cx,
			      page_link(&cx, "signature/%d", last->signature)));
}

/* No document: of 10,000 failures it would take ten times the memory. */
static void
answer_json(struct post *p)
{
	struct buf *out = &p->x->app->out;

	buf_addf(out, "{\"build_id\": %d, \"build_url\": ", p->build);
	buf_add_json(out, build_url(p));
	buf_adds(out, ", \"failures\": [");
	for (size_t i = 0; i < p->report.nfailures; i++) {
		buf_adds(out, i > 0 ? ",\n" : "");
		add_failure(p, out, i);
	}
	buf_addc(out, ']');
	add_similar(p, out);
	buf_adds(out, ", \"receipt\": ");
	buf_add_json(out, receipt_url(p));
	buf_adds(out, "}\n");
	response_send(p->x, 200, TYPE_JSON, out);
}

/* ---- all of it ---- */

static void
count(const struct exchange *x)
{
	struct stats *s = x->app->stats;

	s->uploads++;
	s->uploaded_bytes += (uint64_t)x->req.content_length;
	s->uploaded_builds++;
}

static enum err
take(struct exchange *x, void (*answer)(struct post *p))
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_raw) struct raw *raw = raw_new(x->app->opt->raw);
	struct post p = {.x = x, .a = a};
	struct receipt_upload upload;
	enum err err = body_check_length(x, REPORT_BODY_MAX);

	if (err == ERR_OK)
		err = auth_upload(x, &p.builder);
	if (err == ERR_OK)
		err = report_body_read(x, a, raw, &p.report);
	if (err != ERR_OK)
		return err;
	raw_end(raw, &upload);
	if ((err = keep(&p, &upload)) != ERR_OK)
		return err;
	raw_keep(raw);
	sort_stored(&p);
	count(x);
	answer(&p);
	return ERR_OK;
}

static enum err
serve_post(struct exchange *x, void (*answer)(struct post *p))
{
	enum err err;

	if (x->req.method != METHOD_POST)
		return say_limit(x);
	err = take(x, answer);
	if (mallinfo2().fordblks > POST_KEEP)
		malloc_trim(0);
	return err;
}

enum err
handle_client_post(struct exchange *x)
{
	return serve_post(x, answer_text);
}

enum err
handle_client_post_json(struct exchange *x)
{
	return serve_post(x, answer_json);
}
