/* graph_pick.c: what x, y and group of a graph can be, as it has been seen; see
 * graph_view.h. */
#include <string.h>

#include "base/arena.h"
#include "web/graph_view.h"
#include "web/page_facets.h"
#include "web/page_rows.h"

struct picker {
	struct page_context *cx;
	const struct graph_view *v;
	node options;
	const struct graph_axis *axis;
	const char *name; /* of the parameter */
	bool chosen;
	size_t nseen;
	struct facet *seen;
	size_t nfacets;
	struct facet *facet;
};

static void
add_option(struct picker *p, const char *kind, const char *value)
{
	node o = doc_object(p->options, "option");
	bool selected =
	    p->axis->kind != GRAPH_NONE && strcmp(value, p->axis->name) == 0;

	p->chosen |= selected;
	doc_text(o, "name", p->name);
	doc_text(o, "kind", kind);
	doc_text(o, "value", value);
	doc_bool(o, "selected", selected);
}

static bool
is_seen(const struct picker *p, const char *kind, const char *name)
{
	for (size_t i = 0; i < p->nseen; i++)
		if (strcmp(p->seen[i].kind, kind) == 0 &&
		    strcmp(p->seen[i].name, name) == 0)
			return true;
	return false;
}

/* Each as "layer:" and its name. */
static void
add_parts(struct picker *p, const char *prefix, const char *kind,
    const struct facet *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(f[i].kind, kind) == 0)
			add_option(p, "dimension",
			    arena_printf(
				p->cx->arena, "%s%s", prefix, f[i].name));
}

static void
add_dimensions(struct picker *p)
{
	const struct graph_dimension *d = graph_dimensions;

	for (; d->name != NULL; d++) {
		if ((d->of & p->v->graph.of) == 0)
			continue;
		if (d->source == GRAPH_LAYER)
			add_parts(p, d->name, "layer", p->facet, p->nfacets);
		else if (d->source == GRAPH_VARIABLE)
			add_parts(p, d->name, "variable", p->seen, p->nseen);
		else if (d->source != GRAPH_ENVIRONMENT ||
			 is_seen(p, "environment", d->name))
			add_option(p, "dimension", d->name);
	}
}

static bool
is_named(const struct picker *p, const char *name)
{
	for (const struct graph_named_number *n = graph_numbers;
	     n->name != NULL; n++)
		if ((n->of & p->v->graph.of) != 0 && strcmp(n->name, name) == 0)
			return true;
	return false;
}

/* What is made of several tasks can also be made the other way. */
static void
add_metric(struct picker *p, const struct metric_entry *m)
{
	bool largest = strcmp(m->unit, "KiB") == 0;

	if (!is_named(p, m->name))
		add_option(p, "metric", m->name);
	if (p->v->graph.of != GRAPH_OF_TASK)
		add_option(p, largest ? "sum" : "largest",
		    arena_printf(p->cx->arena, "%s:%s", largest ? "sum" : "max",
			m->name));
	if (p->v->graph.of == GRAPH_OF_BUILD && strcmp(m->name, "elapsed") == 0)
		add_option(p, "sum", "sum:elapsed");
}

static void
add_numbers(struct picker *p)
{
	for (const struct graph_named_number *n = graph_numbers;
	     n->name != NULL; n++)
		if ((n->of & p->v->graph.of) != 0)
			add_option(p, "number", n->name);
	for (size_t i = 0; i < p->v->nmetrics; i++) {
		const struct metric_entry *m = &p->v->metric[i];
		if (strcmp(m->kind, "series") != 0)
			add_metric(p, m);
		else if (p->v->graph.of == GRAPH_OF_BUILD)
			add_option(p, "series", m->name);
	}
	for (size_t i = 0; i < p->nseen; i++)
		if (strcmp(p->seen[i].kind, "event") == 0)
			add_option(p, "event",
			    arena_printf(
				p->cx->arena, "events.%s", p->seen[i].name));
}

static void
pick(struct picker *p, const char *name, const struct graph_axis *axis)
{
	p->name = name;
	p->axis = axis;
	p->chosen = axis->kind == GRAPH_NONE;
	if (strcmp(name, "x") == 0)
		add_option(p, "time", "time");
	if (strcmp(name, "y") != 0)
		add_dimensions(p);
	if (strcmp(name, "group") != 0)
		add_numbers(p);
	if (!p->chosen)
		add_option(p, "other", axis->name);
}

enum err
graph_add_options(struct page_context *cx, const struct graph_view *v)
{
	struct picker p = {.cx = cx, .v = v};
	enum err err;

	if (!row_for_sheet(cx) || cx->form == FORM_SVG)
		return ERR_OK;
	err = graph_seen(cx->db, cx->arena, &p.seen, &p.nseen, cx->ei);
	if (err == ERR_OK)
		err = build_facets(
		    cx->db, cx->arena, &p.facet, &p.nfacets, cx->ei);
	if (err != ERR_OK)
		return err;
	p.options = doc_aside(doc_content(cx->doc), "options");
	pick(&p, "y", &v->graph.y);
	pick(&p, "x", &v->graph.x);
	pick(&p, "group", &v->graph.group);
	return facets_add(cx, true);
}
