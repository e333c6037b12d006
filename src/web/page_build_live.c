/* page_build_live.c: a build that runs: how far it is; see page_build.h. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "web/page_build.h"
#include "web/page_rows.h"
#include "web/sentence.h"

#define US 1000000

enum err
build_find_live(struct page_context *cx, struct build_view *v)
{
	const struct live_subject of = {&v->info, v->table, cx->now};

	if (v->info.row.status != BUILD_RUNNING)
		return ERR_OK;
	return live_view_load(cx->db, cx->arena, &of, &v->live, cx->ei);
}

/* -1: null */
static void
add_number(node n, const char *name, int64_t value)
{
	if (value < 0)
		doc_null(n, name);
	else
		doc_count(n, name, value);
}

void
row_progress(node n, const struct live_progress *p)
{
	double share = p->total > 0 && p->done >= 0
			   ? (double)p->done / (double)p->total
			   : NAN;

	add_number(n, "done", p->done);
	add_number(n, "total", p->total);
	doc_share(n, "progress", fmin(share, 1));
}

static void
add_moment(
    struct page_context *cx, node n, const char *name, double seconds_from_now)
{
	if (isfinite(seconds_from_now))
		doc_time(n, name, cx->now + (int64_t)(seconds_from_now * US));
	else
		doc_time(n, name, TIME_UNKNOWN);
}

static const char *
past_word(enum live_past with)
{
	static const char *const words[] = {
	    [PAST_NONE] = "",
	    [PAST_BUILDER] = "builder",
	    [PAST_MACHINE] = "machine",
	    [PAST_ANY] = "any",
	};

	return words[with];
}

static void
add_runner(struct page_context *cx, node list, const struct live_runner *x)
{
	node n = doc_object(list, "task");

	doc_text(n, "recipe", x->recipe);
	doc_text(n, "version", x->version);
	doc_text(n, "task", x->task);
	doc_time(n, "since", x->since);
	doc_seconds(n, "elapsed", x->seconds);
	doc_seconds(n, "usual", x->past.n > 0 ? x->past.median : NAN);
	doc_seconds(n, "limit",
	    isfinite(x->past.limit) && x->past.n > 0 ? x->past.limit : NAN);
	doc_int(n, "runs", (int64_t)x->past.n);
	doc_text(n, "runs_of", row_text_or_null(past_word(x->with)));
	doc_bool(n, "alarm", x->alarm);
	doc_text(n, "package-url", page_link(cx, "package/%s", x->recipe));
}

static const char *
basis(struct page_context *cx, const struct live_view *l)
{
	if (l->by_pace)
		return "as it went until now: no build like it has succeeded "
		       "here yet";
	if (l->end.n == 0)
		return NULL;
	return arena_printf(cx->arena,
	    "by the latest %zu that succeeded%s, and by how fast this one is",
	    l->end.n, l->from_builder ? " on this builder" : "");
}

void
build_add_live(struct page_context *cx, const struct build_view *v)
{
	const struct live_view *l = &v->live;
	node n, list;

	if (!l->known)
		return;
	n = doc_object(doc_content(cx->doc), "live");
	row_progress(n, &l->progress);
	add_number(n, "setscene_done", l->progress.setscene_done);
	add_number(n, "setscene_total", l->progress.setscene_total);
	doc_seconds(n, "elapsed", l->elapsed);
	doc_share(n, "work", l->end.done);
	doc_seconds(n, "left", l->end.left);
	add_moment(cx, n, "expected", l->end.left);
	add_moment(cx, n, "earliest", l->end.least);
	add_moment(cx, n, "latest", l->end.most);
	doc_text(n, "basis", basis(cx, l));
	doc_int(n, "alarms", (int64_t)l->nalarms);
	doc_time(n, "heard", l->heard);
	row_width(cx, n, (double)l->progress.done, (double)l->progress.total);
	list = doc_array(n, "running");
	for (size_t i = 0; i < l->n; i++)
		add_runner(cx, list, &l->runner[i]);
}

void
build_say_live(struct page_context *cx, struct buf *out,
    const struct build_view *v, const char *task, const char *recipe)
{
	const struct live_view *l = &v->live;
	const struct build_row *b = &v->info.row;
	char text[HUMAN_MAX], more[HUMAN_MAX];

	sentence_target(out, b);
	buf_adds(out, " is running since ");
	sentence_day(out, b->started, cx->now);
	buf_adds(out, ": ");
	if (l->progress.total > 0 && l->progress.done >= 0)
		buf_addf(out, "%s of %s tasks done",
		    human_count(text, l->progress.done),
		    human_count(more, l->progress.total));
	else
		buf_addf(out, "%s %s so far", human_count(text, b->tasks),
		    b->tasks == 1 ? "task" : "tasks");
	if (sentence_given(task))
		buf_addf(out, ", %s %s failed", recipe, task);
	if (b->failed > 1)
		buf_addf(out, " and %s more", human_count(text, b->failed - 1));
	if (l->nalarms > 0)
		buf_addf(out, ", %zu %s longer than history explains",
		    l->nalarms, l->nalarms == 1 ? "takes" : "take");
	if (isfinite(l->end.left))
		buf_addf(out, "; the end is expected at %s",
		    human_time(
			text, cx->now + (int64_t)(l->end.left * US), cx->now));
}
