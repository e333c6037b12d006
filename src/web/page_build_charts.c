/* page_build_charts.c: the series of a build, drawn on one time axis. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/build_store.h"
#include "model/series_chart.h"
#include "web/page_build.h"

#define US 1000000.0

/* Fractions of all CPUs read better as percent, whatever they are kept as. */
static const char *
human(char out[HUMAN_MAX], double v, const char *unit)
{
	if (strcmp(unit, "share") == 0)
		return human_share(out, v);
	if (strcmp(unit, "tasks") == 0) {
		snprintf(out, HUMAN_MAX, "%.*f", v < 9.95 ? 1 : 0, v);
		return out;
	}
	return human_measure(out, v, unit);
}

static void
add_value(node n, const char *name, double v, const char *unit)
{
	char text[HUMAN_MAX], human_name[32];

	doc_real(n, name, v);
	snprintf(human_name, sizeof(human_name), "%s-h", name);
	doc_text(n, human_name, isfinite(v) ? human(text, v, unit) : "");
}

/* Bytes, with as many decimals as tell neighbours at the grid apart. */
static const char *
bytes_label(char out[HUMAN_MAX], double v, const struct chart *c)
{
	static const char *const prefix[] = {"", "k", "M", "G", "T", "P"};
	double step = c->ngrid > 1 ? c->grid[1] - c->grid[0] : c->max;
	double one = 1;
	int decimals = 0;
	size_t i = 0;

	for (; c->max >= 1000 * one && i < 5; i++)
		one *= 1000;
	for (double s = step / one; decimals < 6; decimals++, s *= 10)
		if (s - floor(s + 1e-6) < 1e-4)
			break;
	snprintf(
	    out, HUMAN_MAX, "%.*f %s%s", decimals, v / one, prefix[i], c->unit);
	return out;
}

/* Labels at the grid: without a decimal that says nothing. */
static const char *
grid_label(char out[HUMAN_MAX], double v, const struct chart *c)
{
	const char *unit = c->unit;

	if (strcmp(unit, "share") == 0)
		snprintf(out, HUMAN_MAX, "%.0f %%", v * 100);
	else if (strcmp(unit, "%") == 0)
		snprintf(out, HUMAN_MAX, "%g %%", v);
	else if (strcmp(unit, "tasks") == 0)
		snprintf(out, HUMAN_MAX, "%g", v);
	else if (strcmp(unit, "B") == 0 || strcmp(unit, "B/s") == 0)
		bytes_label(out, v, c);
	else
		human_measure(out, v, unit);
	return out;
}

static void
add_note(node chart, const char *text)
{
	doc_text(doc_item(chart, "note"), "text", text);
}

static void
add_notes(node chart, const struct chart *c)
{
	char text[120], count[HUMAN_MAX];

	if (c->flags & SERIES_NO_DATA)
		add_note(chart,
		    "The log holds nothing but zeros: this version of "
		    "openembedded-core could not read the kernel's disk "
		    "statistics.");
	if (c->flags & SERIES_UNIT_REPAIRED)
		add_note(chart,
		    "bitbake writes throughput a hundred times too high; here "
		    "it is divided by 100.");
	if (c->flags & SERIES_NVME_TWICE)
		add_note(chart,
		    "NVMe disks were counted together with their partitions: "
		    "up to twice the real throughput.");
	if (c->flags & SERIES_TRUNCATED)
		add_note(chart, "The last sample was cut off and is left out.");
	if (c->outside > 0) {
		snprintf(text, sizeof(text),
		    "%s sample%s from outside of the build's time %s left out.",
		    human_count(count, (int64_t)c->outside),
		    c->outside == 1 ? "" : "s", c->outside == 1 ? "is" : "are");
		add_note(chart, text);
	}
}

static void
add_lines(node chart, const struct chart *c)
{
	char text[HUMAN_MAX];

	for (size_t i = 0; i < c->nlines; i++) {
		const struct chart_line *l = &c->line[i];
		node n = doc_item(chart, "line");
		doc_text(n, "name", l->name);
		doc_bool(n, "stacked", l->stacked);
		add_value(n, "last", l->last, c->unit);
		add_value(n, "mean", l->mean, c->unit);
		add_value(n, "peak", l->peak, c->unit);
		doc_text(n, "area-d", l->area);
		doc_text(n, "line-d", l->line);
	}
	for (size_t i = 0; i < c->ngrid; i++) {
		node n = doc_aside(chart, "gridline");
		double share = (c->grid[i] - c->min) / (c->max - c->min);
		doc_real(n, "y", round(CHART_HEIGHT * (1 - share) * 10) / 10);
		doc_text(n, "label", grid_label(text, c->grid[i], c));
	}
}

static node
add_chart(node charts, const struct chart *c)
{
	node n = doc_item(charts, "chart");

	doc_text(n, "kind", c->kind);
	doc_text(n, "subject", c->subject);
	doc_text(n, "unit", c->unit);
	add_value(n, "min", c->min, c->unit);
	add_value(n, "max", c->max, c->unit);
	doc_int(n, "samples", (int64_t)c->samples);
	doc_bool(
	    n, "nodata", c->samples == 0 || (c->flags & SERIES_NO_DATA) != 0);
	add_notes(n, c);
	add_lines(n, c);
	return n;
}

static void
add_axis(struct page_context *cx, node charts, const struct charts *all)
{
	struct chart_tick tick[CHART_TICKS_MAX];
	double seconds = (double)(all->span.end - all->span.start) / US;
	size_t n = chart_ticks(cx->arena, seconds, tick);
	node ticks = doc_aside(charts, "ticks");

	doc_time(charts, "start", all->span.start);
	doc_time(charts, "end", all->span.end);
	doc_seconds(charts, "seconds", seconds);
	for (size_t i = 0; i < n; i++) {
		node t = doc_object(ticks, "tick");
		doc_real(t, "x", round(tick[i].x * 10) / 10);
		doc_text(t, "label", tick[i].label);
	}
}

static void
add_left_out(node chart, size_t count, const char *why)
{
	char text[120];

	if (count == 0)
		return;
	snprintf(text, sizeof(text), "%zu more interface%s %s: not drawn.",
	    count, count == 1 ? "" : "s", why);
	add_note(chart, text);
}

enum err
build_add_charts(struct page_context *cx, const struct build_view *v,
    struct build_charts *out)
{
	const struct build_row *b = &v->info.row;
	struct series *series;
	struct chart_span span;
	struct charts all;
	size_t n;
	node charts, last_network = NULL;
	enum err err = build_series_load(cx->db, cx->arena,
	    (struct build_key){b->id, b->started}, &series, &n, cx->ei);

	if (err != ERR_OK)
		return err;
	span = chart_span_of(b->started, b->elapsed, series, n, v->table);
	if (out != NULL && (double)(span.end - span.start) < out->seconds * US)
		span.end = span.start + (int64_t)(out->seconds * US);
	charts_make(cx->arena, &span, series, n, v->table, &all);
	charts = doc_object(doc_content(cx->doc), "charts");
	add_axis(cx, charts, &all);
	if (out != NULL) {
		out->span = span;
		out->charts = charts;
	}
	for (size_t i = 0; i < all.n; i++) {
		node chart = add_chart(charts, &all.chart[i]);
		if (strcmp(all.chart[i].kind, "network") == 0)
			last_network = chart;
	}
	if (last_network != NULL) {
		add_left_out(last_network, all.idle, "without traffic");
		add_left_out(last_network, all.hidden, "with less traffic");
	}
	return ERR_OK;
}
