/* task_graph.c: see task_graph.h. */
#include "model/task_graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/boot_chart.h"

/* ---- tasks ---- */

static int
by_start(const void *x, const void *y)
{
	const struct graph_task *a = x, *b = y;

	if (a->start < b->start || a->start > b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end < b->end || a->end > b->end)
		return a->end < b->end ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

/* One that starts when another ends has not begun before. */
static double
whole_us(double seconds)
{
	return round(seconds * 1e6) / 1e6;
}

static void
place_tasks(
    struct arena *a, struct task_graph *g, const struct graph_options *o)
{
	struct boot_bar b;

	g->task = arena_alloc(a, (g->table->n + 1) * sizeof(*g->task));
	for (size_t i = 0; i < g->table->n; i++) {
		if (boot_bar_place(g->table, i, &o->span, &b))
			g->task[g->n++] = (struct graph_task){
			    (uint32_t)i, whole_us(b.start), whole_us(b.end)};
		else
			g->untimed++;
	}
	qsort(g->task, g->n, sizeof(*g->task), by_start);
}

/* ---- edges ---- */

void
graph_edges_reserve(struct graph_edges *e, size_t n)
{
	e->edge = arena_grow(e->a, e->edge, &e->cap, n, sizeof(*e->edge));
}

void
graph_edge_add(struct graph_edges *e, uint32_t from, uint32_t to)
{
	e->edge =
	    arena_grow(e->a, e->edge, &e->cap, e->n + 1, sizeof(*e->edge));
	e->edge[e->n++] = (struct graph_edge){from, to};
}

/* Lists by one end: first[v] to first[v + 1] of list. */
static void
list_by(struct arena *a, size_t nodes, const struct graph_edges *e, bool whom,
    uint32_t **first, uint32_t **list)
{
	uint32_t *at = arena_calloc(a, nodes + 2, sizeof(*at));

	*list = arena_alloc(a, (e->n + 1) * sizeof(**list));
	for (size_t i = 0; i < e->n; i++)
		at[(whom ? e->edge[i].to : e->edge[i].from) + 2]++;
	for (size_t v = 2; v < nodes + 2; v++)
		at[v] += at[v - 1];
	for (size_t i = 0; i < e->n; i++) {
		const struct graph_edge *x = &e->edge[i];
		uint32_t key = whom ? x->to : x->from;
		(*list)[at[key + 1]++] = whom ? x->from : x->to;
	}
	*first = at;
}

void
task_graph_link(
    struct arena *a, struct task_graph *g, const struct graph_edges *e)
{
	list_by(a, g->nodes, e, false, &g->first_need, &g->need);
	list_by(a, g->nodes, e, true, &g->first_whom, &g->whom);
}

/* ---- what was observed ---- */

/* Tasks by their ends. */
struct end {
	double at;
	uint32_t task;
};

static int
by_end(const void *x, const void *y)
{
	const struct end *a = x, *b = y;

	if (a->at < b->at || a->at > b->at)
		return a->at < b->at ? -1 : 1;
	return (a->task > b->task) - (a->task < b->task);
}

/* What had ended when a task started. */
struct ended {
	const struct task_graph *g;
	struct end *order;
	size_t n;          /* so many of them have */
	uint32_t *of_own;  /* the last one of each package */
	double full_until; /* when all threads were busy for the last time */
};

static struct ended
nothing_ended(struct arena *a, const struct task_graph *g)
{
	struct ended e = {.g = g, .full_until = -2 * GRAPH_PAUSE};

	e.order = arena_alloc(a, (g->n + 1) * sizeof(*e.order));
	for (size_t i = 0; i < g->n; i++)
		e.order[i] = (struct end){g->task[i].end, (uint32_t)i};
	qsort(e.order, g->n, sizeof(*e.order), by_end);
	e.of_own =
	    arena_alloc(a, (g->table->npackages + 1) * sizeof(*e.of_own));
	for (size_t i = 0; i < g->table->npackages; i++)
		e.of_own[i] = GRAPH_NONE;
	return e;
}

/* Those that ended by the start of task i, but not task i itself: of no
 * length, it may have ended by then, too. */
static void
pass_ended(struct ended *e, uint32_t i)
{
	const struct graph_task *t = e->g->task;

	for (; e->n < e->g->n; e->n++) {
		const struct end *x = &e->order[e->n];
		if (x->at > t[i].start || x->task >= i)
			break;
		if (e->g->threads > 0 && i - e->n >= e->g->threads)
			e->full_until = x->at;
		e->of_own[e->g->table->package[t[x->task].row]] = x->task;
	}
}

uint32_t *
task_graph_own(struct arena *a, const struct task_graph *g)
{
	struct ended e = nothing_ended(a, g);
	uint32_t *own = arena_alloc(a, (g->n + 1) * sizeof(*own));

	for (uint32_t i = 0; i < g->n; i++) {
		pass_ended(&e, i);
		own[i] = e.of_own[g->table->package[g->task[i].row]];
	}
	return own;
}

static void
observe(struct arena *a, struct task_graph *g, struct arena *scratch)
{
	struct graph_edges edges = {.a = scratch};
	struct ended e = nothing_ended(scratch, g);

	for (uint32_t i = 0; i < g->n; i++) {
		double start = g->task[i].start;
		uint32_t own, last;
		pass_ended(&e, i);
		own = e.of_own[g->table->package[g->task[i].row]];
		last = e.n > 0 ? e.order[e.n - 1].task : GRAPH_NONE;
		if (own != GRAPH_NONE)
			graph_edge_add(&edges, i, own);
		if (last == GRAPH_NONE || last == own ||
		    start - e.full_until <= GRAPH_PAUSE ||
		    (own != GRAPH_NONE &&
			start - g->task[own].end <= GRAPH_PAUSE))
			continue;
		graph_edge_add(&edges, i, last);
	}
	g->basis = GRAPH_OBSERVED;
	g->nodes = g->n;
	task_graph_link(a, g, &edges);
}

/* The largest number that ran at once; one that ends when another starts does
 * not run with it. */
static size_t
most_at_once(struct arena *a, const struct task_graph *g)
{
	struct ended e = nothing_ended(a, g);
	size_t most = 0;

	for (uint32_t i = 0; i < g->n; i++) {
		pass_ended(&e, i);
		most = i + 1 - e.n > most ? i + 1 - e.n : most;
	}
	return most;
}

void
task_graph_make(struct arena *a, const struct task_table *t,
    const struct graph_options *o, struct task_graph *out)
{
	*out = (struct task_graph){.table = t,
	    .cycle = "",
	    .refusal = GRAPH_NO_FILE,
	    .seconds = (double)(o->span.end - o->span.start) / 1e6,
	    .threads_given = o->threads};
	place_tasks(a, out, o);
	out->most = most_at_once(o->scratch, out);
	out->threads_told = o->threads >= out->most && o->threads > 0;
	out->threads = out->threads_told ? o->threads : out->most;
	if (o->told == NULL || !task_graph_told(a, out, o))
		observe(a, out, o->scratch);
}
