/* trend_steps.c: the steps of a trend, with the builds and revisions around
 * them; see trend_view.h. */
#include <math.h>

#include "base/arena.h"
#include "model/metric_unit.h"
#include "model/turn.h"
#include "web/page_near.h"
#include "web/page_rows.h"
#include "web/trend_view.h"

#define STEPS_SHOWN 40

const char *
step_verdict_word(enum step_verdict v)
{
	switch (v) {
	case STEP_WORSE:
		break;
	case STEP_BETTER:
		return "better";
	case STEP_BUSIER:
		return "busier";
	case STEP_CALMER:
		return "calmer";
	}
	return "worse";
}

const char *
step_change_words(struct page_context *cx, double change)
{
	char text[HUMAN_MAX];

	if (!isfinite(change))
		return "much";
	return arena_strdup(cx->arena, human_share(text, fabs(change)));
}

static void
add_pair(node n, const char *before, const char *after,
    const struct step_pair *p, const char *unit)
{
	doc_measure(n, before, p->before, unit);
	doc_measure(n, after, p->after, unit);
}

static void
add_links(struct page_context *cx, node n, const struct step_shown *s)
{
	const char *a = arena_printf(cx->arena, "%d", s->build_before);
	const char *b = arena_printf(cx->arena, "%d", s->build_after);
	char *compare = page_link_query(cx, "compare", "build", a, "build", b,
	    "package", s->recipe, "task", s->task, "metric", s->metric, NULL);

	doc_text(n, "compare", row_url(cx, compare));
	if (!row_for_sheet(cx))
		return;
	doc_text(n, "compare-url", compare);
	doc_text(n, "before-url", page_link(cx, "build/%d", s->build_before));
	doc_text(n, "after-url", page_link(cx, "build/%d", s->build_after));
	doc_text(n, "change-h", step_change_words(cx, s->change));
	doc_text(n, "trend-url",
	    page_link_query(cx,
		s->recipe[0] != '\0'
		    ? page_link(cx, "package/%s/trend", s->recipe)
		    : "trend",
		"task", s->task, "metric", s->metric, "machine", s->machine,
		"distro", s->distro, "builder", s->builder, "branch", s->branch,
		"image", s->image, NULL));
}

void
step_add(struct page_context *cx, node n, const struct step_shown *s)
{
	doc_text(n, "verdict", step_verdict_word(s->verdict));
	doc_text(n, "recipe", row_text_or_null(s->recipe));
	doc_text(n, "task", row_text_or_null(s->task));
	doc_text(n, "image", row_text_or_null(s->image));
	doc_text(n, "machine", s->machine);
	doc_text(n, "distro", s->distro);
	doc_text(n, "builder", s->builder);
	doc_text(n, "branch", s->branch);
	doc_text(n, "metric", s->metric);
	doc_text(n, "unit", s->unit);
	doc_time(n, "seen", s->seen);
	add_pair(n, "before", "after", &s->sides->value, s->unit);
	doc_real(n, "change", s->change);
	doc_measure(n, "difference",
	    s->sides->value.after - s->sides->value.before, s->unit);
	add_pair(n, "wall_before", "wall_after", &s->sides->wall, "s");
	add_pair(n, "cpu_before", "cpu_after", &s->sides->cpu, "s");
	add_pair(
	    n, "pressure_before", "pressure_after", &s->sides->pressure, "%");
	doc_int(n, "build_before", s->build_before);
	doc_int(n, "build_after", s->build_after);
	doc_count(n, "runs_before", (int64_t)s->runs_before);
	doc_count(n, "runs_after", (int64_t)s->runs_after);
	add_links(cx, n, s);
}

/* ---- what came between ---- */

static void
add_ranges(struct page_context *cx, node n, const struct build_facts *before,
    const struct build_facts *after)
{
	struct turn_ranges ranges = turn_ranges(cx->arena, before, after);
	node list = doc_array(n, "ranges");

	doc_int(n, "same", (int64_t)ranges.same);
	for (size_t i = 0; i < ranges.n; i++) {
		const struct turn_range *r = &ranges.range[i];
		node x = doc_object(list, "range");
		doc_text(x, "layer", r->layer);
		doc_text(x, "from", r->from);
		doc_text(x, "to", r->to);
		doc_text(x, "command", r->command);
		doc_bool(x, "modified", r->modified);
	}
}

/* Two of a step. */
static enum err
load_facts(struct page_context *cx, const struct trend_view *v, size_t n,
    struct build_facts *facts)
{
	int32_t *build = arena_alloc(cx->arena, (2 * n + 1) * sizeof(*build));
	struct build_facts **each =
	    arena_alloc(cx->arena, (2 * n + 1) * sizeof(*each));

	for (size_t i = 0; i < 2 * n; i++) {
		const struct step *s = &v->step[i / 2];
		const struct trend_run *r =
		    &v->trend->run[i % 2 == 0 ? s->before : s->after];
		facts[i] = (struct build_facts){.commit = r->commit};
		each[i] = &facts[i];
		build[i] = r->build;
	}
	return n > 0 ? near_load_layers(cx, build, each, 2 * n) : ERR_OK;
}

static void
add_step(struct page_context *cx, node n, const struct trend_view *v,
    const struct step *s)
{
	const struct trend_run *before = &v->trend->run[s->before];
	const struct trend_run *after = &v->trend->run[s->after];
	const struct trend_group *g = &v->trend->group[s->group];
	bool asked = v->query.task[0] != '\0';

	step_add(cx, n,
	    &(struct step_shown){
		.sides = &s->sides,
		.verdict = s->verdict,
		.metric = v->query.metric,
		.unit = v->unit,
		.recipe = v->query.name,
		.task =
		    asked ? v->query.task : trend_task_name(&v->found, s->task),
		.image = g->image,
		.machine = g->machine,
		.distro = g->distro,
		.builder = g->builder,
		.branch = g->branch,
		.seen = after->started,
		.build_before = before->build,
		.build_after = after->build,
		.runs_before = s->runs[0],
		.runs_after = s->runs[1],
		.change = s->change,
	    });
	doc_text(n, "name_before", before->name);
	doc_text(n, "name_after", after->name);
}

enum err
trend_add_steps(struct page_context *cx, const struct trend_view *v)
{
	node list = doc_array(doc_content(cx->doc), "steps");
	size_t n = v->nsteps < STEPS_SHOWN ? v->nsteps : STEPS_SHOWN;
	struct build_facts *facts =
	    arena_calloc(cx->arena, 2 * n + 1, sizeof(*facts));
	enum err err = load_facts(cx, v, n, facts);

	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		node x = doc_object(list, "step");
		add_step(cx, x, v, &v->step[i]);
		add_ranges(cx, x, &facts[2 * i], &facts[2 * i + 1]);
	}
	return err;
}
