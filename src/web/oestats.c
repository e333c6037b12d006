/* oestats.c: see oestats.h. */
#include "web/oestats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "model/failure_code.h"
#include "model/failure_store.h"
#include "model/oestats.h"
#include "model/spool.h"
#include "web/form.h"
#include "web/page.h"
#include "web/response.h"

#define BODY_BYTES_MAX ((int64_t)64 << 20)
#define LINK_MAX 20 /* what fits into a line on IRC, behind the host */
#define NUMBERS_AT_ONCE 100
#define NUMBERS_LOW 50
#define RESERVE_AGAIN_MS 10000 /* after a failure to */

struct oestats {
	struct spool_writer *spool;
	int next, left; /* numbers of failures */
	int64_t failed; /* when none could be had; 0: never */
};

struct oestats *
oestats_new(const char *spool)
{
	struct oestats *o = must(calloc(1, sizeof(*o)));

	o->spool = spool_writer_new(spool);
	return o;
}

void
oestats_free(struct oestats *o)
{
	if (o == NULL)
		return;
	spool_writer_free(o->spool);
	free(o);
}

/* What is left of the old ones is let go: blocks don't follow each other. */
void
oestats_idle(struct app *app)
{
	struct oestats *o = app->oestats;
	struct errinfo ei = {0};
	int first;

	if (o == NULL || o->left >= NUMBERS_LOW ||
	    (o->failed != 0 && clock_ms() - o->failed < RESERVE_AGAIN_MS))
		return;
	if (failure_reserve(app->db, NUMBERS_AT_ONCE, &first, &ei) != ERR_OK) {
		log_warn("no numbers for failures: %s: %s", ei.text, ei.detail);
		o->failed = clock_ms();
		return;
	}
	o->failed = 0;
	o->next = first;
	o->left = NUMBERS_AT_ONCE;
}

static int
take_number(struct oestats *o)
{
	if (o->left == 0)
		return 0;
	o->left--;
	return o->next++;
}

/* ---- answers ---- */

static enum err
answer(struct exchange *x, const char *text)
{
	struct buf *out = &x->app->out;

	x->app->stats->live_events++;
	buf_adds(out, text);
	response_send(x, 200, TYPE_TEXT, out);
	return ERR_OK;
}

/* Without a number, which it gets later, a failure is still found where the
 * newest ones are listed. */
static const char *
failure_link(struct exchange *x, int number)
{
	const char *base = x->app->opt->base;
	char code[FAILURE_CODE_MAX];
	const char *link = number > 0
			       ? arena_printf(x->arena, "%sf/%s", base,
				     failure_code(code, number))
			       : arena_printf(x->arena, "%sfailures", base);

	if (strlen(link) <= LINK_MAX)
		return link;
	return number > 0 ? arena_printf(x->arena, "/f/%s", code) : "/";
}

/* ---- events ---- */

static enum err
check_allowed(struct exchange *x)
{
	if (x->app->oestats == NULL)
		return err_set(&x->ei, ERR_NOT_FOUND,
		    "This server doesn't take builds task by task.");
	if (!x->app->opt->anonymous_upload)
		return err_set(&x->ei, ERR_DENIED,
		    "Uploads need a token here, which this client can't send.");
	return ERR_OK;
}

/* Borrows from the form. */
static enum err
read_event(struct exchange *x, struct form_data *f, enum oestats_what what,
    struct oestats_event *e)
{
	enum err err = check_allowed(x);

	*e = (struct oestats_event){.what = what, .time = x->now};
	if (err != ERR_OK || (err = form_read(x, BODY_BYTES_MAX, f)) != ERR_OK)
		return err;
	_Static_assert(FORM_FIELDS_MAX <= OESTATS_FIELDS_MAX, "they fit");
	_Static_assert(FORM_FILES_MAX <= OESTATS_FILES_MAX, "they fit");
	for (size_t i = 0; i < f->nfields; i++)
		e->fields[e->nfields++] = (struct oestats_field){
		    f->fields[i].name, f->fields[i].value};
	for (size_t i = 0; i < f->nfiles; i++)
		e->files[e->nfiles++] = (struct oestats_file){f->files[i].name,
		    {f->files[i].zstd.data, f->files[i].zstd.len}};
	return oestats_check(x->arena, e, &x->ei);
}

static enum err
spool_event(struct exchange *x, const struct oestats_event *e)
{
	struct buf payload = BUF_INIT;
	enum err err;

	oestats_encode(&payload, e);
	err = spool_append(x->app->oestats->spool, e->what, e->time,
	    (struct slice){payload.data, payload.len}, &x->ei);
	buf_clear(&payload);
	return err;
}

static enum err
read_id(struct exchange *x, struct slice text, int64_t *id)
{
	if (oestats_id_read(text, x->now, id))
		return ERR_OK;
	return err_set(&x->ei, ERR_NOT_FOUND, "There is no such build.");
}

enum err
handle_live_start(struct exchange *x)
{
	struct form_data f = {0};
	struct oestats_event e;
	enum err err;

	if (x->req.method != METHOD_POST) {
		response_header(
		    x, "Location: %s%sbuilds", x->req.site, x->app->opt->base);
		response_send(x, 302, TYPE_TEXT, &x->app->out);
		return ERR_OK;
	}
	err = read_event(x, &f, OESTATS_START, &e);
	e.live = oestats_id(x->now);
	if (err == ERR_OK)
		err = spool_event(x, &e);
	form_clear(&f);
	if (err != ERR_OK)
		return err;
	return answer(x, arena_printf(x->arena, "%" PRId64, e.live));
}

/* The build is named by the path (2007, 2008) or by a field. */
enum err
handle_live_task(struct exchange *x)
{
	const char *in_path = x->req.capture[0];
	struct form_data f = {0};
	struct oestats_event e;
	bool failed = false;
	enum err err = read_event(x, &f, OESTATS_TASK, &e);

	if (err == ERR_OK)
		err = read_id(x,
		    in_path[0] != '\0' ? slice_of(in_path)
				       : slice_trim(form_value(&f, "build")),
		    &e.live);
	if (err == ERR_OK) {
		failed = oestats_is_failure(x->arena, &e);
		e.number = failed ? take_number(x->app->oestats) : 0;
		err = spool_event(x, &e);
	}
	form_clear(&f);
	if (err != ERR_OK)
		return err;
	return answer(x, failed ? failure_link(x, e.number) : "");
}

/* A failed build's answer leads to the build: which failures it has is not
 * known here. */
static enum err
stop(struct exchange *x)
{
	char code[OESTATS_CODE_MAX];
	struct form_data f = {0};
	struct oestats_event e;
	bool failed = false;
	enum err err = read_event(x, &f, OESTATS_STOP, &e);

	if (err == ERR_OK)
		err = read_id(x, slice_of(x->req.capture[0]), &e.live);
	if (err == ERR_OK) {
		failed = oestats_is_failure(x->arena, &e);
		err = spool_event(x, &e);
	}
	form_clear(&f);
	if (err != ERR_OK)
		return err;
	return answer(x,
	    failed ? arena_printf(x->arena, "/b/%s", oestats_code(code, e.live))
		   : "");
}

/* ---- links ---- */

static enum err
redirect_to_build(struct exchange *x, int64_t id)
{
	int build;
	enum err err = oestats_build(x->app->db, id, &build, &x->ei);

	if (err != ERR_OK)
		return err;
	response_header(
	    x, "Location: %s%sbuild/%d", x->req.site, x->app->opt->base, build);
	response_send(x, 302, TYPE_TEXT, &x->app->out);
	return ERR_OK;
}

enum err
handle_live_stop(struct exchange *x)
{
	int64_t id;

	if (x->req.method == METHOD_POST)
		return stop(x);
	if (!str_to_i64(x->req.capture[0], strlen(x->req.capture[0]), &id))
		return read_id(x, SLICE(""), &id);
	return redirect_to_build(x, id);
}

enum err
handle_live_link(struct exchange *x)
{
	int64_t id;

	if (!oestats_code_read(x->req.capture[0], &id))
		return read_id(x, SLICE(""), &id);
	return redirect_to_build(x, id);
}

enum err
handle_failure_link(struct exchange *x)
{
	char code[FAILURE_CODE_MAX];
	int id;

	if (!failure_code_read(x->req.capture[0], &id))
		return err_set(
		    &x->ei, ERR_NOT_FOUND, "There is no such failure.");
	response_header(x, "Location: %s%sf/%s", x->req.site, x->app->opt->base,
	    failure_code(code, id));
	response_send(x, 302, TYPE_TEXT, &x->app->out);
	return ERR_OK;
}
