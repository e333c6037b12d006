/* page_steps.c: what got slower or faster lately, /steps. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/metric_unit.h"
#include "model/step_store.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"
#include "web/trend_view.h"

#define WEEK_US (INT64_C(7) * 86400000000)
#define WEEKS_DEFAULT 4
#define NAMED_MAX 3 /* in the sentence */

struct view {
	struct step_filter filter;
	struct list_order order;
	struct step_list list;
	struct step_list worst; /* the largest changes, for the sentence */
	struct step_counts counts;
};

static unsigned
read_verdicts(struct page_context *cx)
{
	const char **word;
	size_t n = param_texts(cx, P_VERDICT, &word);
	unsigned set = 0;

	for (size_t i = 0; i < n; i++)
		for (int v = STEP_WORSE; v <= STEP_CALMER; v++)
			if (strcmp(word[i],
				step_verdict_word((enum step_verdict)v)) == 0)
				set |= 1U << v;
	return set;
}

static enum err
load(struct page_context *cx, struct view *v)
{
	const struct list_order worst = {"change", true, 0, NAMED_MAX};
	struct step_filter f;
	enum err err = row_order(cx, step_list_keys, "-seen", &v->order);

	v->filter = (struct step_filter){
	    .recipe = param_text(cx, P_PACKAGE),
	    .task = row_task_name(cx),
	    .machine = param_text(cx, P_MACHINE),
	    .builder = param_text(cx, P_BUILDER),
	    .verdicts = read_verdicts(cx),
	    .since = param_given(cx, P_SINCE)
			 ? param_time(cx, P_SINCE)
			 : cx->now - WEEKS_DEFAULT * WEEK_US,
	    .until = param_time(cx, P_UNTIL),
	};
	f = v->filter;
	if (err == ERR_OK)
		err = step_list_find(
		    cx->db, cx->arena, &f, &v->order, &v->list, cx->ei);
	if (err == ERR_OK)
		err =
		    step_list_count(cx->db, cx->arena, &f, &v->counts, cx->ei);
	if ((f.verdicts & ~(1U << STEP_WORSE)) == 0)
		f.verdicts = 1U << STEP_WORSE;
	else if ((f.verdicts & 1U << STEP_WORSE) == 0)
		return err;
	if (err == ERR_OK)
		err = step_list_find(
		    cx->db, cx->arena, &f, &worst, &v->worst, cx->ei);
	return err;
}

/* ---- the sentence ---- */

/* "gcc do_compile for qemux86-64 on vm by 12 % since 3 Mar" */
static void
add_one(struct page_context *cx, struct buf *b, const struct step_row *s)
{
	if (s->recipe[0] != '\0')
		buf_adds(b, s->recipe);
	else
		buf_addf(b, "building %s",
		    s->image[0] != '\0' ? s->image : "everything");
	if (s->task[0] != '\0')
		buf_addf(b, " %s", s->task);
	if (s->builder[0] != '\0')
		buf_addf(b, " on %s", s->builder);
	buf_addf(b, " by %s since ", step_change_words(cx, s->change));
	sentence_day(b, s->seen / 86400000000 * 86400000000, cx->now);
}

static void
add_when(struct page_context *cx, struct buf *b)
{
	if (!param_given(cx, P_SINCE)) {
		buf_addf(b, " in the last %d weeks", WEEKS_DEFAULT);
		return;
	}
	buf_adds(b, " since ");
	sentence_day(
	    b, param_time(cx, P_SINCE) / 86400000000 * 86400000000, cx->now);
}

static void
say(struct page_context *cx, const struct view *v)
{
	const struct step_counts *c = &v->counts;
	struct buf b = BUF_INIT;

	if (c->worse > 0) {
		sentence_count(&b, c->worse, "thing");
		buf_adds(&b, " got slower");
	} else {
		buf_adds(&b, "Nothing got slower");
	}
	add_when(cx, &b);
	for (size_t i = 0; i < v->worst.n && c->worse > 0; i++) {
		buf_adds(&b, i == 0 ? ": " : ", ");
		add_one(cx, &b, &v->worst.row[i]);
	}
	if (c->worse > (int64_t)v->worst.n && v->worst.n > 0)
		buf_adds(&b, ", ...");
	if (c->better > 0) {
		buf_adds(&b, c->worse > 0 ? "; " : ", ");
		sentence_count(&b, c->better, "thing");
		buf_adds(&b, " got faster");
	}
	row_sentence(cx, &b);
}

/* ---- the page ---- */

static void
add_row(struct page_context *cx, node n, const struct step_row *s)
{
	step_add(cx, n,
	    &(struct step_shown){
		.sides = &s->sides,
		.verdict = s->verdict,
		.metric = s->metric,
		.unit = metric_unit(s->metric),
		.recipe = s->recipe,
		.task = s->task,
		.image = s->image,
		.machine = s->machine,
		.distro = s->distro,
		.builder = s->builder,
		.branch = s->branch,
		.seen = s->seen,
		.build_before = s->build_before,
		.build_after = s->build_after,
		.runs_before = s->runs_before,
		.runs_after = s->runs_after,
		.change = s->change,
	    });
	doc_text(n, "name_after", s->build_name);
}

static enum err
add_progress(struct page_context *cx)
{
	struct steps_left left;
	node c = doc_content(cx->doc);
	enum err err = steps_left(cx->db, &left, cx->ei);

	if (err != ERR_OK)
		return err;
	doc_count(c, "waiting_builds", left.builds);
	doc_count(c, "waiting_recipes", left.recipes);
	return ERR_OK;
}

enum err
page_steps(struct page_context *cx)
{
	struct view v = {0};
	node c = doc_content(cx->doc), list;
	enum err err = load(cx, &v);

	if (err != ERR_OK)
		return err;
	say(cx, &v);
	page_table(
	    cx, "steps", v.counts.worse + v.counts.better + v.counts.machine);
	page_column(cx, "-seen", "Since");
	page_column(cx, "recipe", "What");
	page_column(cx, "-change", "Change");
	page_column(cx, "-difference", "Difference");
	doc_count(c, "worse", v.counts.worse);
	doc_count(c, "better", v.counts.better);
	doc_count(c, "machine", v.counts.machine);
	doc_time(c, "since", v.filter.since);
	if ((err = add_progress(cx)) != ERR_OK)
		return err;
	list = doc_array(c, "steps");
	for (size_t i = 0; i < v.list.n; i++)
		add_row(cx, doc_object(list, "step"), &v.list.row[i]);
	return ERR_OK;
}
