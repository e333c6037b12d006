/* page_overview.c: the first page, /: what needs a look, and what is new. */
#include <string.h>

#include "base/arena.h"
#include "model/live_view.h"
#include "model/overview.h"
#include "model/status_word.h"
#include "web/page_build.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"

#define LATEST 12
#define TARGETS 12
#define RUNNING 20
#define DAY (INT64_C(86400) * 1000000)

struct overview {
	struct overview_totals totals;
	struct overview_recent day;
	struct overview_new fresh;
	struct build_list latest, running;
	struct live_progresses progress;
	struct failing_package *failing;
	size_t nfailing;
	struct target_history *target;
	size_t ntargets;
};

/* The builds that run, and how far they are, of those that tell. */
static enum err
load_running(struct page_context *cx, struct overview *o)
{
	const struct build_filter running = {.since = TIME_UNKNOWN,
	    .until = TIME_UNKNOWN,
	    .nstatuses = 1,
	    .statuses = {BUILD_RUNNING}};
	const struct list_order newest = {"started", true, 0, RUNNING};
	enum err err = build_list_find(
	    cx->db, cx->arena, &running, &newest, &o->running, cx->ei);

	if (err != ERR_OK || o->running.n == 0)
		return err;
	return live_progress_of(
	    cx->db, cx->arena, &o->running, &o->progress, cx->ei);
}

static enum err
load(struct page_context *cx, struct overview *o)
{
	const struct build_filter any = {
	    .since = TIME_UNKNOWN, .until = TIME_UNKNOWN};
	const struct list_order newest = {"started", true, 0, LATEST};
	enum err err = overview_totals(cx->db, &o->totals, cx->ei);

	if (err == ERR_OK)
		err = overview_since(cx->db, cx->now - DAY, &o->day, cx->ei);
	if (err == ERR_OK)
		err = overview_new_since(
		    cx->db, cx->arena, cx->now - DAY, &o->fresh, cx->ei);
	if (err == ERR_OK)
		err = build_list_find(
		    cx->db, cx->arena, &any, &newest, &o->latest, cx->ei);
	if (err == ERR_OK)
		err = load_running(cx, o);
	if (err == ERR_OK)
		err = overview_failing(
		    cx->db, cx->arena, &o->failing, &o->nfailing, cx->ei);
	if (err == ERR_OK)
		err = overview_targets(cx->db, cx->arena, TARGETS, &o->target,
		    &o->ntargets, cx->ei);
	return err;
}

static void
add_running(struct page_context *cx, const struct overview *o)
{
	node list = doc_array(doc_content(cx->doc), "running");

	for (size_t i = 0; i < o->running.n; i++) {
		const struct build_row *b = &o->running.row[i];
		struct live_progress p = {b->id, -1, -1, -1, -1};
		node n = doc_object(list, "build");
		for (size_t k = 0; k < o->progress.n; k++)
			if (o->progress.progress[k].build == b->id)
				p = o->progress.progress[k];
		row_build(cx, n, b);
		row_progress(n, &p);
		row_width(cx, n, (double)p.done, (double)p.total);
	}
}

static void
add_new(struct page_context *cx, const struct overview_new *fresh)
{
	node list = doc_array(doc_content(cx->doc), "new");

	for (size_t i = 0; i < fresh->newest.n; i++) {
		node n = doc_object(list, "failure");
		row_failure(cx, n, &fresh->newest.row[i]);
		doc_count(n, "times", fresh->times[i]);
		doc_count(n, "builders", fresh->on[i]);
	}
}

static void
add_failing(struct page_context *cx, const struct overview *o)
{
	node list = doc_array(doc_content(cx->doc), "failing");

	for (size_t i = 0; i < o->nfailing; i++) {
		const struct failing_package *f = &o->failing[i];
		node n = doc_object(list, "package");
		doc_text(n, "recipe", f->recipe);
		doc_text(n, "version", f->version);
		doc_text(n, "task", f->task[0] != '\0' ? f->task : NULL);
		doc_int(n, "build", f->build);
		doc_text(n, "machine", f->machine);
		doc_text(n, "distro", f->distro);
		doc_text(n, "builder", f->builder);
		doc_time(n, "seen", f->seen);
		doc_int(n, "times", f->times);
		doc_text(n, "url",
		    row_url(cx,
			page_link_query(cx,
			    page_link(cx, "package/%s", f->recipe), "build",
			    arena_printf(cx->arena, "%d", f->build), NULL)));
		doc_text(n, "build-url", page_link(cx, "build/%d", f->build));
	}
}

/* Oldest first, so that the newest stands at the right. */
static void
add_history(
    struct page_context *cx, node target, const struct target_history *t)
{
	node list = doc_array(target, "history");

	for (size_t i = t->n; i-- > 0;) {
		const struct build_row *b = &t->row[i];
		node n = doc_object(list, "build");
		doc_int(n, "id", b->id);
		doc_text(n, "status", build_status_word(b->status));
		doc_text(
		    n, "url", row_url(cx, page_link(cx, "build/%d", b->id)));
		doc_text(n, "name", b->name);
		doc_seconds(n, "elapsed", b->elapsed);
	}
}

static void
add_targets(struct page_context *cx, const struct overview *o)
{
	node list = doc_array(doc_content(cx->doc), "targets");

	for (size_t i = 0; i < o->ntargets; i++) {
		const struct target_history *t = &o->target[i];
		node n = doc_object(list, "target");
		doc_text(n, "machine", t->machine);
		doc_text(n, "distro", t->distro);
		doc_text(n, "image", t->image);
		doc_int(n, "builds", t->builds);
		doc_int(n, "succeeded", t->succeeded);
		doc_text(n, "last-status", build_status_word(t->row[0].status));
		doc_time(n, "last", t->row[0].started);
		doc_text(n, "url",
		    row_url(
			cx, page_link_query(cx, "builds", "machine", t->machine,
				"distro", t->distro, "image", t->image, NULL)));
		add_history(cx, n, t);
	}
}

static void
say(struct page_context *cx, const struct overview *o)
{
	struct buf b = BUF_INIT;
	const struct overview_said said = {
	    .totals = &o->totals,
	    .day = &o->day,
	    .fresh = &o->fresh,
	    .nfailing = o->nfailing,
	    .latest = o->latest.n > 0 ? &o->latest.row[0] : NULL,
	    .now = cx->now,
	};

	sentence_overview(&b, &said);
	row_sentence(cx, &b);
}

enum err
page_overview(struct page_context *cx)
{
	struct overview o = {0};
	node content = doc_content(cx->doc), latest;
	enum err err = load(cx, &o);

	if (err != ERR_OK)
		return err;
	say(cx, &o);
	doc_count(content, "builds", o.totals.builds);
	doc_count(content, "tasks", o.totals.tasks);
	doc_count(content, "packages", o.totals.packages);
	doc_count(content, "recipes", o.totals.recipes);
	doc_count(content, "builders", o.totals.builders);
	doc_bool(content, "capped", o.totals.builds == OVERVIEW_BUILDS_MAX);
	doc_time(content, "since", o.totals.since);
	latest = doc_array(content, "latest");
	for (size_t i = 0; i < o.latest.n; i++)
		row_build(cx, doc_object(latest, "build"), &o.latest.row[i]);
	add_running(cx, &o);
	add_new(cx, &o.fresh);
	add_failing(cx, &o);
	add_targets(cx, &o);
	return ERR_OK;
}
