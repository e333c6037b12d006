/* compare_view.c: what /compare says and shows; see compare_view.h. */
#include "web/compare_view.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "web/page_rows.h"
#include "web/plot.h"

#define CHANGES_MAX 60

/* A value in its words, for the sheet. */
static void
add_value(node parent, double value, const char *unit, double longest)
{
	node n = doc_item(parent, "v");

	doc_measure(n, "value", value, unit);
	doc_int(n, "width",
	    longest > 0 && value > 0 ? (int64_t)(1000 * value / longest) : 0);
}

/* ---- builds ---- */

static char *
without_link(struct page_context *cx, const struct compare_view *v, size_t skip)
{
	char *path = page_link_query(cx, "compare", "metric",
	    param_text(cx, P_METRIC), "by", param_text(cx, P_BY), "base",
	    skip > 0 && v->column[0].median > 0 ? param_text(cx, P_BASE) : "",
	    NULL);

	for (size_t i = 0; i < v->n; i++)
		if (i != skip && v->column[i].median == 0)
			path = page_link_query(cx, path, "build",
			    arena_printf(
				cx->arena, "%d", v->column[i].info.row.id),
			    NULL);
	return path;
}

void
compare_add_builds(struct page_context *cx, const struct compare_view *v)
{
	node array = doc_array(doc_content(cx->doc), "builds");

	for (size_t i = 0; i < v->n; i++) {
		const struct compare_column *c = &v->column[i];
		const struct compare_total *t = &v->result.total[i];
		node n = doc_object(array, "build");
		doc_text(n, "column", compare_letter(i));
		row_build(cx, n, &c->info.row);
		doc_int(n, "median", (int64_t)c->median);
		doc_bool(n, "lacks_metric", c->lacks_metric);
		if (v->n < 2)
			continue;
		doc_count(n, "common_tasks", (int64_t)t->common_tasks);
		doc_measure(n, "common", t->common, v->unit);
		doc_count(n, "other_tasks", (int64_t)t->other_tasks);
		doc_measure(n, "other", t->other, v->unit);
		if (row_for_sheet(cx))
			doc_text(n, "without-url", without_link(cx, v, i));
	}
}

/* ---- rows ---- */

static double
longest_of(const struct compare_view *v)
{
	double most = 0;

	for (size_t i = 0; i < v->result.n; i++)
		for (size_t k = 0; k < v->n; k++)
			if (v->result.row[i].value[k] > most)
				most = v->result.row[i].value[k];
	return most;
}

static const char *
change_word(const struct compare_row *r)
{
	if (isnan(r->diff))
		return "unknown";
	return r->diff > 0 ? "more" : r->diff < 0 ? "less" : "same";
}

static void
add_csv_values(node n, const struct compare_view *v, const double *value)
{
	node values = doc_values(n, "values");
	char name[32];

	for (size_t i = 0; i < v->n; i++) {
		node pair = doc_object(values, "value");
		snprintf(name, sizeof(name), "%s_%d", compare_letter(i),
		    v->column[i].info.row.id);
		doc_text(pair, "name", name);
		doc_real(pair, "value", value[i]);
	}
}

static void
add_row_links(struct page_context *cx, node n, const struct compare_row *r,
    const struct compare_view *v)
{
	int last = v->column[v->n - 1].info.row.id;

	if (r->recipe[0] == '\0') {
		doc_text(n, "history-url",
		    r->task[0] != '\0' ? page_link_query(cx, "graph", "task",
					     r->task, "y", v->metric, NULL)
				       : page_link_query(cx, "trend", "metric",
					     v->metric, NULL));
		return;
	}
	doc_text(n, "package-url", page_link(cx, "package/%s", r->recipe));
	doc_text(n, "history-url",
	    page_link_query(cx, page_link(cx, "package/%s/trend", r->recipe),
		"task", r->task, "metric", v->metric, NULL));
	doc_text(n, "tasks-url",
	    page_link_query(cx, page_link(cx, "build/%d/tasks", last),
		"package", r->recipe, "task", r->task, NULL));
}

void
compare_add_rows(struct page_context *cx, const struct compare_view *v,
    size_t from, size_t to)
{
	node array = doc_array(doc_content(cx->doc), "rows");
	double longest = longest_of(v);

	for (size_t i = from; i < to; i++) {
		const struct compare_row *r = &v->result.row[i];
		node n = doc_object(array, "row");
		doc_text(n, "recipe", r->recipe[0] != '\0' ? r->recipe : NULL);
		doc_text(n, "task", r->task[0] != '\0' ? r->task : NULL);
		if (cx->form == FORM_CSV)
			add_csv_values(n, v, r->value);
		else
			doc_reals(n, "values", r->value, v->n);
		doc_measure(n, "absdiff", r->diff, v->unit);
		doc_share(n, "reldiff", r->share);
		if (!row_for_sheet(cx))
			continue;
		doc_text(n, "change", change_word(r));
		for (size_t k = 0; k < v->n; k++)
			add_value(n, r->value[k], v->unit, longest);
		add_row_links(cx, n, r, v);
	}
}

void
compare_add_changes(struct page_context *cx, const struct compare_view *v)
{
	static const char *const words[] = {[CHANGE_NEW] = "new",
	    [CHANGE_GONE] = "gone",
	    [CHANGE_VERSION] = "version",
	    [CHANGE_SOME] = "some"};
	node array = doc_array(doc_content(cx->doc), "changes");

	doc_count(
	    doc_content(cx->doc), "changed-recipes", (int64_t)v->nchanges);
	for (size_t i = 0; i < v->nchanges && i < CHANGES_MAX; i++) {
		const struct compare_change *x = &v->change[i];
		node n = doc_object(array, "change");
		doc_text(n, "recipe", x->recipe);
		doc_text(n, "kind", words[x->kind]);
		if (row_for_sheet(cx))
			doc_text(n, "package-url",
			    page_link(cx, "package/%s", x->recipe));
		for (size_t k = 0; k < v->n; k++) {
			node b = doc_item(n, "in");
			doc_text(b, "version", x->version[k]);
			doc_measure(b, "cost", x->cost[k], v->unit);
		}
	}
}

/* ---- environment ---- */

struct field {
	node array;
	const struct compare_view *v;
};

static void
add_field(struct field *f, const char *group, const char *name,
    const char *const *value)
{
	node n = doc_object(f->array, "field");
	bool differs = false;

	for (size_t i = 1; i < f->v->n; i++)
		differs |= strcmp(value[i], value[0]) != 0;
	doc_text(n, "group", group);
	doc_text(n, "name", name);
	doc_bool(n, "differs", differs);
	for (size_t i = 0; i < f->v->n; i++)
		doc_text(doc_item(n, "in"), "value", value[i]);
}

#define ENVIRONMENT_FIELD(f, label, member)                                    \
	do {                                                                   \
		const char *value[COMPARE_BUILDS_MAX];                         \
		for (size_t i = 0; i < (f)->v->n; i++)                         \
			value[i] = (f)->v->column[i].info.member;              \
		add_field(f, "environment", label, value);                     \
	} while (0)

static const char *
revision_of(struct arena *a, const struct build_info *b, const char *layer)
{
	for (size_t i = 0; i < b->nlayers; i++)
		if (strcmp(b->layers[i].name, layer) == 0)
			return arena_printf(a, "%s%s%.12s%s",
			    b->layers[i].branch,
			    b->layers[i].branch[0] != '\0' ? " " : "",
			    b->layers[i].commit,
			    b->layers[i].modified > 0 ? " modified" : "");
	return "";
}

static bool
seen_before(const struct compare_view *v, size_t build, const char *layer)
{
	for (size_t i = 0; i < build; i++)
		for (size_t k = 0; k < v->column[i].info.nlayers; k++)
			if (strcmp(v->column[i].info.layers[k].name, layer) ==
			    0)
				return true;
	return false;
}

static void
add_layers(struct page_context *cx, struct field *f)
{
	const struct compare_view *v = f->v;
	const char *value[COMPARE_BUILDS_MAX];

	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; k < v->column[i].info.nlayers; k++) {
			const char *name = v->column[i].info.layers[k].name;
			if (seen_before(v, i, name))
				continue;
			for (size_t b = 0; b < v->n; b++)
				value[b] = revision_of(
				    cx->arena, &v->column[b].info, name);
			add_field(f, "layer", name, value);
		}
}

void
compare_add_environment(struct page_context *cx, const struct compare_view *v)
{
	struct field f = {doc_array(doc_content(cx->doc), "environment"), v};

	ENVIRONMENT_FIELD(&f, "machine", row.machine);
	ENVIRONMENT_FIELD(&f, "distro", row.distro);
	ENVIRONMENT_FIELD(&f, "distro version", distro_version);
	ENVIRONMENT_FIELD(&f, "image", row.image);
	ENVIRONMENT_FIELD(&f, "builder", row.builder);
	ENVIRONMENT_FIELD(&f, "host", host);
	ENVIRONMENT_FIELD(&f, "host distro", host_distro);
	ENVIRONMENT_FIELD(&f, "bitbake", bitbake_version);
	ENVIRONMENT_FIELD(&f, "mode", mode);
	ENVIRONMENT_FIELD(&f, "branch", row.branch);
	ENVIRONMENT_FIELD(&f, "commit", row.commit);
	add_layers(cx, &f);
}

/* ---- how much changed ---- */

#define BINS 21
#define BIN 10 /* percent */

/* How many rows changed by so many percent; false of too few. */
static bool
count_changes(const struct compare_view *v, struct plot_point bar[BINS])
{
	size_t n = 0;

	for (size_t i = 0; i < v->result.n; i++) {
		double at = v->result.row[i].share * 100 / BIN + BINS / 2;
		if (isnan(at))
			continue;
		at = at < 0 ? 0 : at > BINS - 1 ? BINS - 1 : round(at);
		bar[(size_t)at].y++;
		n++;
	}
	for (int i = 0; i < BINS; i++) {
		bar[i].x = (i - BINS / 2) * BIN - BIN / 2.0;
		bar[i].to = bar[i].x + BIN;
	}
	return n >= 8;
}

static void
add_bins(struct page_context *cx, const struct plot_point bar[BINS])
{
	node list = doc_array(doc_content(cx->doc), "histogram");

	for (int i = 0; i < BINS; i++) {
		node n;
		if (bar[i].y == 0)
			continue;
		n = doc_object(list, "bin");
		/* The outer ones have no end. */
		doc_real(n, "from", i > 0 ? bar[i].x : NAN);
		doc_real(n, "to", i < BINS - 1 ? bar[i].to : NAN);
		doc_count(n, "rows", (int64_t)bar[i].y);
	}
}

void
compare_add_histogram(struct page_context *cx, const struct compare_view *v)
{
	struct plot_point bar[BINS] = {0};
	const struct plot_series s = {"", PLOT_BARS, 1, BINS, bar};
	struct plot p = {.title = "How many rows changed by how much",
	    .x = {.label = "change in percent; more than 100 % at the ends",
		.unit = "",
		.min = -105,
		.max = 105},
	    .y = {.label = "rows", .unit = "", .min = 0, .max = NAN},
	    .series = &s,
	    .nseries = 1};
	bool enough = count_changes(v, bar);

	add_bins(cx, bar);
	if (!row_for_sheet(cx) || !enough)
		return;
	for (int i = 0; i < BINS; i++)
		bar[i].text = arena_printf(cx->arena, "%g to %g %%: %.0f rows",
		    bar[i].x, bar[i].to, bar[i].y);
	plot_add(cx, doc_content(cx->doc), &p);
}

/* ---- the sentence ---- */

static void
say_change(struct buf *b, double before, double now)
{
	double share = (now - before) / before;

	if (!isfinite(share))
		return;
	if (fabs(share) < 0.0005)
		buf_adds(b, "as much as");
	else
		buf_addf(b, "%.*f %% %s than", fabs(share) < 0.0995 ? 1 : 0,
		    100 * fabs(share), share > 0 ? "more" : "less");
}

/* "B took 22 min 30 s, 12 % more than A" */
static void
say_times(struct buf *b, const struct compare_view *v)
{
	const struct build_row *first = &v->column[0].info.row,
			       *last = &v->column[v->n - 1].info.row;
	char took[HUMAN_MAX];

	if (v->column[0].median > 0 || !isfinite(first->elapsed) ||
	    !isfinite(last->elapsed) || first->elapsed <= 0)
		return;
	buf_addf(b, "%s took %s, ", compare_letter(v->n - 1),
	    human_seconds(took, last->elapsed));
	say_change(b, first->elapsed, last->elapsed);
	buf_addf(b, " %s; ", compare_letter(0));
}

static void
say_dearest(struct buf *b, const struct compare_view *v)
{
	double diff = v->result.sum[v->n - 1] - v->result.sum[0];
	const struct compare_row *r = v->result.row;
	const struct compare_row *most = NULL;

	for (size_t i = 0; i < v->result.n; i++)
		if (!isnan(r[i].diff) &&
		    (most == NULL || fabs(r[i].diff) > fabs(most->diff)))
			most = &r[i];
	if (most == NULL || most->diff == 0 || v->result.n < 2)
		return;
	buf_addf(b, "; %s%s%s", most->recipe,
	    most->recipe[0] != '\0' && most->task[0] != '\0' ? " " : "",
	    most->task);
	if (!v->options.largest && most->diff / diff >= 0.005 &&
	    most->diff / diff <= 1)
		buf_addf(b, " is %.0f %% of the difference",
		    100 * most->diff / diff);
	else
		buf_adds(b, " changed most");
}

static bool
all_same(const struct compare_view *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->column[i].info.row.id != v->column[0].info.row.id ||
		    v->column[i].median > 0)
			return false;
	return true;
}

static const char *
metric_words(const struct compare_view *v)
{
	if (strcmp(v->metric, "elapsed") == 0)
		return "time";
	return strcmp(v->metric, "cputime") == 0 ? "CPU time" : v->metric;
}

/* "only B has gpu.heat"; false if the first and the last one have it. */
static bool
say_lacking(struct buf *b, const struct compare_view *v)
{
	size_t have = 0;

	if (!v->column[0].lacks_metric && !v->column[v->n - 1].lacks_metric)
		return false;
	for (size_t i = 0; i < v->n; i++)
		if (!v->column[i].lacks_metric)
			buf_addf(b, "%s%s", have++ == 0 ? "only " : ", ",
			    compare_letter(i));
	buf_addf(b, "%s %s",
	    have == 0   ? "none of them has"
	    : have == 1 ? " has"
			: " have",
	    metric_words(v));
	return true;
}

void
compare_say(struct page_context *cx, const struct compare_view *v)
{
	double before = v->result.sum[0], now = v->result.sum[v->n - 1];
	struct buf b = BUF_INIT;
	char n[HUMAN_MAX];

	if (all_same(v)) {
		page_sentence(cx, "A build compared with itself: nothing "
				  "differs");
		return;
	}
	say_times(&b, v);
	if (v->result.shared == 0) {
		buf_adds(&b, "they have no task in common");
	} else if (say_lacking(&b, v)) {
		/* Nothing takes more or less than nothing known. */
	} else if (v->options.largest) {
		buf_addf(&b, "%s of the %s tasks that all ran", metric_words(v),
		    human_count(n, (int64_t)v->result.shared));
		say_dearest(&b, v);
	} else {
		buf_addf(&b, "over %s shared tasks %s takes ",
		    human_count(n, (int64_t)v->result.shared),
		    compare_letter(v->n - 1));
		say_change(&b, before, now);
		buf_addf(&b, " %s in %s", compare_letter(0), metric_words(v));
		say_dearest(&b, v);
	}
	row_sentence(cx, &b);
}
