/*
 * page_trend.c: what a recipe, a task or whole builds took from run to run,
 * /package/RECIPE/trend and /trend: the runs, what is usual among them, and
 * the steps.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/change_point.h"
#include "model/metric_list.h"
#include "model/package_history.h"
#include "model/status_word.h"
#include "web/page_facets.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/trend_view.h"

#define GROUPS_SHOWN 40

static const char *const keys[] = {"started", "value", "difference", "version",
    "builder", "machine", "status", "name", NULL};

const char *
trend_group_name(struct page_context *cx, const struct trend_group *g)
{
	struct buf b = BUF_INIT;
	const char *text;

	if (g->image[0] != '\0')
		buf_addf(&b, "%s ", g->image);
	buf_adds(&b, g->machine[0] != '\0' ? g->machine : "unknown machine");
	if (g->builder[0] != '\0')
		buf_addf(&b, " on %s", g->builder);
	if (g->tell_distro && g->distro[0] != '\0')
		buf_addf(&b, ", %s", g->distro);
	if (g->tell_branch)
		buf_addf(&b, ", %s",
		    g->branch[0] != '\0' ? g->branch : "unknown branch");
	text = arena_strdup(cx->arena, b.data);
	buf_clear(&b);
	return text;
}

/* ---- what is asked of the database ---- */

/* Short, as git writes them. */
static void
shorten_commits(struct page_context *cx, struct trend_view *v)
{
	const char **name =
	    arena_alloc(cx->arena, (v->ncommits + 1) * sizeof(*name));

	for (size_t i = 0; i < v->ncommits; i++)
		name[i] = arena_printf(cx->arena, "%.10s", v->commit[i]);
	v->commit = name;
}

struct numbered {
	struct trend_run run;
	int number;
	size_t at;
};

static int
by_number(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* Runs of one commit stand together, those without one go. */
static void
order_by_commit(struct page_context *cx, struct trend_view *v)
{
	struct trend *t = v->trend;
	struct numbered *k = arena_alloc(cx->arena, (t->n + 1) * sizeof(*k));
	size_t n = 0;

	v->ncommits = trend_commits(cx->arena, t, &v->commit, &v->number);
	shorten_commits(cx, v);
	for (size_t i = 0; i < t->n; i++)
		if (v->number[i] >= 0) {
			k[n] = (struct numbered){t->run[i], v->number[i], i};
			n++;
		}
	if (n > 0)
		qsort(k, n, sizeof(*k), by_number);
	for (size_t i = 0; i < n; i++) {
		t->run[i] = k[i].run;
		v->number[i] = k[i].number;
	}
	v->nameless = t->n - n;
	t->n = n;
}

static int
newest_first(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->after != y->after)
		return x->after < y->after ? 1 : -1;
	return (x->group > y->group) - (x->group < y->group);
}

static void
find_steps(struct page_context *cx, struct trend_view *v)
{
	enum step_of what = step_of_metric(v->query.metric);
	struct trend *t = v->trend;
	size_t groups =
	    t->ngroups < TREND_STEPPED_MAX ? t->ngroups : TREND_STEPPED_MAX;

	v->step = arena_alloc(
	    cx->arena, (groups * STEPS_OF_GROUP + 1) * sizeof(*v->step));
	for (size_t g = 0; g < groups; g++)
		v->nsteps += steps_find(
		    cx->arena, t, g, TREND_VALUE, what, v->step + v->nsteps);
	if (v->nsteps > 0)
		qsort(v->step, v->nsteps, sizeof(*v->step), newest_first);
	while (v->nnamed < groups && v->nnamed < TREND_NAMED_MAX &&
	       t->group[v->nnamed].n >= TREND_GROUP_MIN)
		v->nnamed++;
}

static void
read_query(struct page_context *cx, struct trend_query *q, const char *metric)
{
	*q = (struct trend_query){
	    .name = "",
	    .task = "",
	    .metric =
		param_given(cx, P_NUMBER) ? param_text(cx, P_NUMBER) : metric,
	    .machine = param_text(cx, P_MACHINE),
	    .distro = param_text(cx, P_DISTRO),
	    .builder = param_text(cx, P_BUILDER),
	    .branch = param_text(cx, P_BRANCH),
	    .version = "",
	    .image = "",
	    .since = param_time(cx, P_SINCE),
	    .until = param_time(cx, P_UNTIL),
	};
}

static enum err
load(struct page_context *cx, struct trend_view *v)
{
	enum err err =
	    trend_find(cx->db, cx->arena, &v->query, &v->found, cx->ei);

	if (err != ERR_OK)
		return err;
	v->trend = &v->found.trend;
	v->unit = v->found.unit;
	v->by_commit = strcmp(param_text(cx, P_ORDER), "commit") == 0;
	if (v->by_commit)
		order_by_commit(cx, v);
	trend_prepare(cx->arena, v->trend, v->query.recipe == 0, cx->now);
	find_steps(cx, v);
	trend_mark_outliers(cx, v);
	return trend_load_base(cx, v);
}

/* ---- groups ---- */

static void
add_group(struct page_context *cx, node n, const struct trend_view *v,
    const struct trend_group *g)
{
	double *value = arena_alloc(cx->arena, (g->n + 1) * sizeof(*value));

	for (size_t i = 0; i < g->n; i++)
		value[i] = v->trend->run[g->run[i]].value;
	doc_text(n, "image", g->image[0] != '\0' ? g->image : NULL);
	doc_text(n, "machine", g->machine);
	doc_text(n, "distro", g->distro);
	doc_text(n, "builder", g->builder);
	doc_text(n, "branch", g->branch);
	doc_count(n, "runs", (int64_t)g->n);
	doc_measure(n, "latest",
	    g->n > 0 ? v->trend->run[g->run[g->n - 1]].value : NAN, v->unit);
	doc_measure(n, "median", number_median(value, g->n), v->unit);
	doc_measure(n, "low", number_quantile(value, g->n, 0.1), v->unit);
	doc_measure(n, "high", number_quantile(value, g->n, 0.9), v->unit);
	if (!row_for_sheet(cx))
		return;
	doc_text(n, "name-h", trend_group_name(cx, g));
	doc_text(n, "only-url",
	    page_link_query(cx,
		v->query.recipe != 0 ? page_link(cx, "package/%s/trend", cx->id)
				     : "trend",
		"task", v->query.task, "metric", v->query.metric, "machine",
		g->machine, "distro", g->distro, "builder", g->builder,
		"branch", g->branch, "image", g->image, "x",
		param_text(cx, P_ORDER), NULL));
}

static void
add_groups(struct page_context *cx, const struct trend_view *v)
{
	node list = doc_array(doc_content(cx->doc), "groups");

	for (size_t g = 0; g < v->trend->ngroups && g < GROUPS_SHOWN; g++)
		if (v->trend->group[g].n > 0)
			add_group(cx, doc_object(list, "group"), v,
			    &v->trend->group[g]);
}

/* ---- runs ---- */

struct sorted {
	const struct trend_run *r;
	size_t at;
	const struct list_order *order;
	double difference; /* from the baseline */
};

static int
compare_numbers(double x, double y)
{
	return (x > y) - (x < y);
}

static int
compare_runs(const struct sorted *x, const struct sorted *y)
{
	const struct trend_run *a = x->r, *b = y->r;
	const char *key = x->order->key;

	if (strcmp(key, "value") == 0)
		return compare_numbers(a->value, b->value);
	if (strcmp(key, "difference") == 0)
		return compare_numbers(x->difference, y->difference);
	if (strcmp(key, "version") == 0)
		return strcmp(a->version, b->version);
	if (strcmp(key, "builder") == 0)
		return strcmp(a->builder, b->builder);
	if (strcmp(key, "machine") == 0)
		return strcmp(a->machine, b->machine);
	if (strcmp(key, "name") == 0)
		return strcmp(a->name, b->name);
	if (strcmp(key, "status") == 0)
		return (int)a->status - (int)b->status;
	return (a->started > b->started) - (a->started < b->started);
}

static bool
is_known(const struct sorted *s)
{
	if (strcmp(s->order->key, "difference") == 0)
		return isfinite(s->difference);
	return strcmp(s->order->key, "value") != 0 || isfinite(s->r->value);
}

/* Unknown values come last, whichever way. */
static int
by_order(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	bool known = is_known(x);
	int c;

	if (known != is_known(y))
		return known ? -1 : 1;
	c = compare_runs(x, y);
	if (x->order->down)
		c = -c;
	return c != 0 ? c : (x->at < y->at) - (x->at > y->at);
}

static const char *
use_word(enum trend_use use)
{
	static const char *const words[TREND__MAX] = {[TREND_COUNTS] = "counts",
	    [TREND_FAILED] = "failed",
	    [TREND_PARTIAL] = "partial",
	    [TREND_CLOCK] = "clock",
	    [TREND_LACKS] = "lacks"};

	return words[use];
}

static void
add_run(struct page_context *cx, node n, const struct trend_view *v,
    const struct trend_run *r)
{
	size_t at = (size_t)(r - v->trend->run);

	doc_int(n, "id", r->build);
	row_build_links(cx, n, r->build);
	doc_text(n, "name", r->name);
	doc_time(n, "started", r->started);
	if (v->query.recipe != 0)
		doc_text(n, "version", r->version);
	doc_text(n, "image", r->image);
	doc_text(n, "machine", r->machine);
	doc_text(n, "distro", r->distro);
	doc_text(n, "builder", r->builder);
	doc_text(n, "branch", r->branch);
	doc_text(n, "commit", r->commit);
	doc_text(n, "status", build_status_word(r->status));
	doc_measure(n, "value", r->value, v->unit);
	trend_add_difference(n, v, at);
	doc_seconds(n, "elapsed", r->wall);
	doc_seconds(n, "cputime", r->cpu);
	doc_measure(n, "pressure", r->pressure, "%");
	doc_text(n, "use", use_word(r->use));
	doc_bool(n, "outlier", v->outlier[at]);
}

static enum err
add_runs(struct page_context *cx, const struct trend_view *v)
{
	const struct trend *t = v->trend;
	struct sorted *s = arena_alloc(cx->arena, (t->n + 1) * sizeof(*s));
	struct list_order order;
	node list;
	enum err err = row_order(cx, keys, "-started", &order);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < t->n; i++)
		s[i] = (struct sorted){&t->run[i], i, &order,
		    v->base != NULL ? t->run[i].value - v->base[i] : NAN};
	if (t->n > 0)
		qsort(s, t->n, sizeof(*s), by_order);
	page_table(cx, "runs", (int64_t)t->n);
	page_column(cx, "-started", "Started");
	page_column(cx, "-value", "Value");
	page_column(cx, "-difference", "Difference");
	page_column(cx, "-version", "Version");
	page_column(cx, "machine", "Machine");
	page_column(cx, "builder", "Builder");
	page_column(cx, "status", "Status");
	page_column(cx, "name", "Build");
	list = doc_array(doc_content(cx->doc), "runs");
	for (int64_t i = order.offset;
	     i < (int64_t)t->n && i < order.offset + order.limit; i++)
		add_run(cx, doc_object(list, "run"), v, s[i].r);
	return ERR_OK;
}

/* ---- pickers ---- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_tasks(struct page_context *cx, node options, const struct trend_view *v)
{
	const char *chosen = v->query.task;
	const char **name =
	    arena_alloc(cx->arena, (v->found.nnames + 1) * sizeof(*name));
	bool known = chosen[0] == '\0';

	for (size_t i = 0; i < v->found.nnames; i++) {
		name[i] = v->found.names[i].name;
		known |= strcmp(name[i], chosen) == 0;
	}
	if (v->found.nnames > 0)
		qsort(name, v->found.nnames, sizeof(*name), by_name);
	for (size_t i = 0; i < v->found.nnames; i++)
		row_option(
		    options, "task", name[i], strcmp(name[i], chosen) == 0);
	if (!known)
		row_option(options, "task", chosen, true);
}

/* Numbers of builds as a whole aren't, but for this one. */
static bool
is_of_recipe(const struct metric_entry *m)
{
	return strcmp(m->kind, "build") != 0 ||
	       strcmp(m->name, "package_size") == 0;
}

static enum err
add_options(struct page_context *cx, const struct trend_view *v)
{
	const char *chosen = v->query.metric;
	struct metric_entry *m;
	bool known = false;
	node options;
	size_t n;
	enum err err;

	if (!row_for_sheet(cx) || cx->form == FORM_SVG)
		return ERR_OK;
	err = metric_list(cx->db, cx->arena, &m, &n, cx->ei);
	if (err != ERR_OK)
		return err;
	options = doc_aside(doc_content(cx->doc), "options");
	for (size_t i = 0; i < n; i++) {
		if (strcmp(m[i].kind, "series") == 0 ||
		    (v->query.recipe != 0 && !is_of_recipe(&m[i])))
			continue;
		row_option(options, "metric", m[i].name,
		    strcmp(m[i].name, chosen) == 0);
		known |= strcmp(m[i].name, chosen) == 0;
	}
	if (!known)
		row_option(options, "metric", chosen, true);
	add_tasks(cx, options, v);
	return facets_add(cx, false);
}

/* ---- the page ---- */

static void
add_facts(struct page_context *cx, const struct trend_view *v)
{
	const struct trend *t = v->trend;
	node c = doc_content(cx->doc);

	doc_text(c, "recipe", v->query.recipe != 0 ? v->query.name : NULL);
	if (v->query.recipe != 0)
		doc_text(c, "package-url",
		    page_link(cx, "package/%s", v->query.name));
	doc_text(c, "task", v->query.task[0] != '\0' ? v->query.task : NULL);
	doc_text(c, "metric", v->query.metric);
	doc_text(c, "metric-h", trend_metric_words(v->query.metric));
	doc_text(c, "unit", v->unit);
	doc_text(c, "x", v->by_commit ? "commit" : "time");
	doc_bool(c, "more", v->found.more);
	doc_bool(c, "blocks", v->found.blocks);
	doc_count(c, "counted", (int64_t)t->uses[TREND_COUNTS]);
	doc_count(c, "failed", (int64_t)t->uses[TREND_FAILED]);
	doc_count(c, "partial", (int64_t)t->uses[TREND_PARTIAL]);
	doc_count(c, "clock", (int64_t)t->uses[TREND_CLOCK]);
	doc_count(c, "lacks", (int64_t)t->uses[TREND_LACKS]);
	doc_count(c, "nameless", (int64_t)v->nameless);
	trend_add_base(cx, v);
	if (row_for_sheet(cx))
		doc_text(c, "graph-url",
		    page_link_query(cx, "graph", "package", v->query.name,
			"task", v->query.task, "y", v->query.metric, "machine",
			v->query.machine, "builder", v->query.builder, "image",
			v->query.image, NULL));
	if (cx->form == FORM_HTML)
		doc_text(c, "picture-url",
		    page_view(cx,
			v->query.recipe != 0
			    ? arena_printf(cx->arena, "package/%s/trend.svg",
				  page_escape(cx, cx->id))
			    : "trend.svg"));
}

static enum err
show(struct page_context *cx, struct trend_view *v, const char *subject)
{
	const struct trend_said said = {v, subject, cx->now};
	struct buf b = BUF_INIT;
	enum err err = load(cx, v);

	if (err != ERR_OK)
		return err;
	sentence_trend(&b, &said);
	row_sentence(cx, &b);
	add_facts(cx, v);
	if ((err = add_options(cx, v)) != ERR_OK)
		return err;
	trend_add_plots(cx, v);
	add_groups(cx, v);
	if ((err = trend_add_steps(cx, v)) != ERR_OK)
		return err;
	return add_runs(cx, v);
}

enum err
page_trend(struct page_context *cx)
{
	struct trend_view v = {0};
	enum err err;

	read_query(cx, &v.query, "cputime");
	v.query.name = cx->id;
	v.query.task = row_task_name(cx);
	v.query.version = param_text(cx, P_VERSION);
	err = package_recipe_find(
	    cx->db, cx->arena, cx->id, &v.query.recipe, cx->ei);
	if (err != ERR_OK)
		return err;
	return show(cx, &v,
	    v.query.task[0] == '\0'
		? cx->id
		: arena_printf(cx->arena, "%s %s", cx->id, v.query.task));
}

enum err
page_trends(struct page_context *cx)
{
	struct trend_view v = {0};

	read_query(cx, &v.query, "elapsed");
	v.query.image = param_text(cx, P_IMAGE);
	return show(cx, &v,
	    v.query.image[0] == '\0'
		? "A build"
		: arena_printf(cx->arena, "A build of %s", v.query.image));
}
