/* task_graph_told.c: the order of tasks by a dependency file; see
 * task_graph.h. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "model/intern.h"
#include "model/task_graph.h"

#define SETSCENE "_setscene"

/* Which tasks are called "RECIPE.TASK": runs again and other versions of a
 * recipe make several of one. */
struct names {
	struct arena *a;
	struct task_graph *g;
	struct intern keys;
	uint32_t *first; /* by key: its first task, or GRAPH_NONE */
	uint32_t *next;  /* by task */
};

static const char *
task_name(const struct task_graph *g, uint32_t i)
{
	return g->table->task_names[g->table->name[g->task[i].row]];
}

static const char *
recipe_name(const struct task_graph *g, uint32_t i)
{
	return g->table->packages[g->table->package[g->task[i].row]].recipe;
}

static void
name_tasks(struct names *names)
{
	struct task_graph *g = names->g;
	bool is_new;

	intern_init(&names->keys, names->a);
	names->first = arena_alloc(names->a, (g->n + 1) * sizeof(uint32_t));
	names->next = arena_alloc(names->a, (g->n + 1) * sizeof(uint32_t));
	for (size_t i = g->n; i-- > 0;) {
		const char *key = arena_printf(names->a, "%s.%s",
		    recipe_name(g, (uint32_t)i), task_name(g, (uint32_t)i));
		uint32_t k = intern_add(&names->keys, slice_of(key), &is_new);
		names->next[i] = is_new ? GRAPH_NONE : names->first[k];
		names->first[k] = (uint32_t)i;
	}
}

static uint32_t
tasks_called(const struct names *names, struct slice name)
{
	uint32_t key;

	return intern_find(&names->keys, name, &key) ? names->first[key]
						     : GRAPH_NONE;
}

/* "mc:NAME:zlib.do_compile" is zlib.do_compile of a multiconfig. */
static struct slice
plain_name(struct slice name)
{
	struct slice mc;

	if (slice_starts(name, "mc:")) {
		slice_cut(&name, ':', &mc);
		if (!slice_cut(&name, ':', &mc))
			name = mc;
	}
	return name;
}

/* ---- nodes ---- */

/* What a name of the file is here: its tasks, or those that restored its
 * result, or a node of its own. */
struct told_node {
	uint32_t tasks;    /* chained by next; GRAPH_NONE */
	uint32_t restored; /* the same of its setscene task */
	uint32_t node;     /* of its own, if neither */
};

static struct told_node *
make_nodes(struct names *names, const struct depends_list *told)
{
	struct told_node *node =
	    arena_alloc(names->a, (told->nnames + 1) * sizeof(*node));
	struct task_graph *g = names->g;
	char text[DEPENDS_NAME_MAX + sizeof(SETSCENE)];

	g->nodes = g->n;
	for (size_t i = 0; i < told->nnames; i++) {
		struct slice name = plain_name(told->name[i]);
		size_t n = name.n < DEPENDS_NAME_MAX ? name.n : 0;
		memcpy(text, name.p, n);
		memcpy(text + n, SETSCENE, strlen(SETSCENE));
		node[i] = (struct told_node){tasks_called(names, name),
		    tasks_called(
			names, (struct slice){text, n + strlen(SETSCENE)}),
		    GRAPH_NONE};
		if (node[i].tasks == GRAPH_NONE &&
		    node[i].restored == GRAPH_NONE)
			node[i].node = (uint32_t)g->nodes++;
	}
	return node;
}

/* ---- edges ---- */

/* Waiting for a name is waiting for all that it is here. */
static void
wait_for(struct names *names, struct graph_edges *e, uint32_t from,
    const struct told_node *to)
{
	if (to->node != GRAPH_NONE)
		graph_edge_add(e, from, to->node);
	for (uint32_t k = to->tasks; k != GRAPH_NONE; k = names->next[k])
		graph_edge_add(e, from, k);
	for (uint32_t k = to->restored;
	     k != GRAPH_NONE && to->tasks == GRAPH_NONE; k = names->next[k])
		graph_edge_add(e, from, k);
}

/* A restored result needs nothing of what making it needs. */
static void
add_told(struct names *names, struct graph_edges *e,
    const struct told_node *from, const struct told_node *to)
{
	if (from->node != GRAPH_NONE)
		wait_for(names, e, from->node, to);
	for (uint32_t k = from->tasks; k != GRAPH_NONE; k = names->next[k])
		wait_for(names, e, k, to);
}

static void
edges_of_tasks(
    struct names *names, const struct depends_list *told, struct graph_edges *e)
{
	struct told_node *node = make_nodes(names, told);
	struct task_graph *g = names->g;
	uint8_t *known = arena_calloc(names->a, g->n + 1, 1);
	uint32_t *own = task_graph_own(names->a, g);

	graph_edges_reserve(e, told->nedges + g->n);
	for (size_t i = 0; i < told->nedges; i++)
		add_told(names, e, &node[told->edge[i].from],
		    &node[told->edge[i].to]);
	for (size_t i = 0; i < told->nnames; i++) {
		for (uint32_t k = node[i].tasks; k != GRAPH_NONE;
		     k = names->next[k])
			known[k] = 1;
		/* It was to be restored first, and that came to nothing. */
		for (uint32_t k = node[i].tasks;
		     k != GRAPH_NONE && node[i].restored != GRAPH_NONE;
		     k = names->next[k])
			for (uint32_t s = node[i].restored; s != GRAPH_NONE;
			     s = names->next[s])
				if (g->task[s].end <= g->task[k].start)
					graph_edge_add(e, k, s);
	}
	for (uint32_t k = 0; k < g->n; k++) {
		if (slice_ends(slice_of(task_name(g, k)), SETSCENE))
			continue;
		g->nameable++;
		g->named += known[k];
		if (!known[k] && own[k] != GRAPH_NONE)
			graph_edge_add(e, k, own[k]);
	}
}

/* ---- files of recipes ---- */

/* Those of a recipe's tasks that wait for other recipes, and for which others
 * wait. */
struct recipe_tasks {
	struct told_node prepare, populate, rootfs, packaged;
	bool known;
};

static struct told_node
task_of(struct names *names, struct slice recipe, const char *task)
{
	char text[DEPENDS_NAME_MAX + 64];
	int n = recipe.n > DEPENDS_NAME_MAX
		    ? 0
		    : snprintf(text, sizeof(text), "%.*s.%s", (int)recipe.n,
			  recipe.p, task);
	int m =
	    n > 0 ? snprintf(text + n, sizeof(text) - (size_t)n, SETSCENE) : 0;

	return (struct told_node){
	    tasks_called(names, (struct slice){text, (size_t)n}),
	    tasks_called(names, (struct slice){text, (size_t)(n + m)}),
	    GRAPH_NONE};
}

static struct told_node
first_of(struct names *names, struct slice recipe, const char *const *tasks)
{
	struct told_node node = {GRAPH_NONE, GRAPH_NONE, GRAPH_NONE};

	for (; *tasks != NULL; tasks++) {
		node = task_of(names, recipe, *tasks);
		if (node.tasks != GRAPH_NONE || node.restored != GRAPH_NONE)
			break;
	}
	return node;
}

static void
edges_of_recipes(
    struct names *names, const struct depends_list *told, struct graph_edges *e)
{
	static const char *const prepare[] = {
	    "do_prepare_recipe_sysroot", "do_configure", NULL};
	static const char *const populate[] = {"do_populate_sysroot", NULL};
	static const char *const packaged[] = {"do_package_write_rpm",
	    "do_package_write_ipk", "do_package_write_deb", "do_package", NULL};
	static const char *const rootfs[] = {"do_rootfs", NULL};
	struct recipe_tasks *r =
	    arena_calloc(names->a, told->nnames + 1, sizeof(*r));
	struct task_graph *g = names->g;
	struct intern recipes;
	uint32_t *own = task_graph_own(names->a, g), id;
	bool is_new;

	intern_init(&recipes, names->a);
	for (size_t i = 0; i < told->nnames; i++) {
		struct slice name = plain_name(told->name[i]);
		intern_add(&recipes, name, &is_new);
		r[i] = (struct recipe_tasks){
		    .prepare = first_of(names, name, prepare),
		    .populate = first_of(names, name, populate),
		    .packaged = first_of(names, name, packaged),
		    .rootfs = first_of(names, name, rootfs)};
	}
	for (size_t i = 0; i < told->nedges; i++) {
		const struct depends_edge *x = &told->edge[i];
		const struct recipe_tasks *from = &r[x->from], *to = &r[x->to];
		add_told(names, e, x->runtime ? &from->rootfs : &from->prepare,
		    x->runtime ? &to->packaged : &to->populate);
	}
	g->nodes = g->nameable = g->n;
	for (uint32_t k = 0; k < g->n; k++) {
		g->named +=
		    intern_find(&recipes, slice_of(recipe_name(g, k)), &id);
		if (own[k] != GRAPH_NONE)
			graph_edge_add(e, k, own[k]);
	}
}

/* ---- what can't be ---- */

/* Nodes in an order that holds each behind what it needs, as far as there is
 * one; and of each when it was done, and the last task of it. */
struct sorted {
	uint32_t *order, *open; /* open: needs that were not met */
	size_t n;
	double *done;
	int64_t *last;
};

static void
sort_nodes(struct arena *a, const struct task_graph *g, struct sorted *s)
{
	*s = (struct sorted){
	    .order = arena_alloc(a, (g->nodes + 1) * sizeof(uint32_t)),
	    .open = arena_alloc(a, (g->nodes + 1) * sizeof(uint32_t))};
	for (uint32_t v = 0; v < g->nodes; v++) {
		s->open[v] = g->first_need[v + 1] - g->first_need[v];
		if (s->open[v] == 0)
			s->order[s->n++] = v;
	}
	for (size_t i = 0; i < s->n; i++) {
		uint32_t v = s->order[i];
		for (uint32_t k = g->first_whom[v]; k < g->first_whom[v + 1];
		     k++)
			if (--s->open[g->whom[k]] == 0)
				s->order[s->n++] = g->whom[k];
	}
}

/* What was never met waits for another such, and that one too: who goes on
 * for long enough goes in circles. */
static uint32_t
on_cycle(const struct task_graph *g, const struct sorted *s)
{
	uint32_t v = 0;

	while (s->open[v] == 0)
		v++;
	for (size_t steps = 0; steps < g->nodes; steps++) {
		uint32_t k = g->first_need[v];
		while (s->open[g->need[k]] == 0)
			k++;
		v = g->need[k];
	}
	return v;
}

static bool
has_cycle(struct arena *a, struct task_graph *g, const struct graph_options *o)
{
	const struct depends_list *told = o->told;
	struct task_graph raw = {.nodes = told->nnames};
	struct graph_edges edges = {.a = o->scratch};
	struct sorted s;
	struct slice name;

	graph_edges_reserve(&edges, told->nedges);
	for (size_t i = 0; i < told->nedges; i++)
		if (!told->edge[i].runtime)
			graph_edge_add(
			    &edges, told->edge[i].from, told->edge[i].to);
	task_graph_link(o->scratch, &raw, &edges);
	sort_nodes(o->scratch, &raw, &s);
	if (s.n == raw.nodes)
		return false;
	name = told->name[on_cycle(&raw, &s)];
	g->cycle = utf8_scrub(a, name.p, name.n);
	return true;
}

static void
find_done(struct arena *a, const struct task_graph *g, struct sorted *s)
{
	s->done = arena_alloc(a, (g->nodes + 1) * sizeof(*s->done));
	s->last = arena_alloc(a, (g->nodes + 1) * sizeof(*s->last));
	for (size_t i = 0; i < s->n; i++) {
		uint32_t v = s->order[i];
		s->done[v] = v < g->n ? g->task[v].end : 0;
		s->last[v] = v < g->n ? (int64_t)v : -1;
		for (uint32_t k = g->first_need[v];
		     v >= g->n && k < g->first_need[v + 1]; k++) {
			uint32_t d = g->need[k];
			if (s->done[d] > s->done[v])
				s->done[v] = s->done[d];
			if (s->last[d] > s->last[v])
				s->last[v] = s->last[d];
		}
	}
}

/* Takes out what a task can't have waited for: a task that ended later, at
 * first; then, s being there, a node that was done later.  Of two tasks of no
 * length at one time the order isn't known. */
static void
drop_late(struct task_graph *g, struct graph_edges *e, const struct sorted *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct graph_edge *x = &e->edge[i];
		bool late = false, open = false;
		if (x->from < g->n && (s != NULL || x->to < g->n)) {
			double done =
			    s != NULL ? s->done[x->to] : g->task[x->to].end;
			int64_t last =
			    s != NULL ? s->last[x->to] : (int64_t)x->to;
			late = done > g->task[x->from].start;
			open = last >= (int64_t)x->from;
		}
		g->contradicted += late;
		if (!late && !open)
			e->edge[kept++] = *x;
	}
	e->n = kept;
}

static void
count_said(struct task_graph *g, const struct graph_edges *e)
{
	for (size_t i = 0; i < e->n; i++)
		g->said += e->edge[i].from < g->n;
}

static enum graph_refusal
keep_possible(struct arena *a, struct task_graph *g, struct graph_edges *e)
{
	struct sorted s;
	struct arena *scratch = e->a;

	count_said(g, e);
	drop_late(g, e, NULL);
	task_graph_link(scratch, g, e);
	sort_nodes(scratch, g, &s);
	/* Multiconfigs that are told apart by the file, and not here. */
	if (s.n < g->nodes)
		return GRAPH_CYCLE;
	find_done(scratch, g, &s);
	drop_late(g, e, &s);
	task_graph_link(a, g, e);
	if (2 * g->named < g->nameable || g->nameable == 0)
		return GRAPH_UNKNOWN;
	return 20 * g->contradicted > g->said ? GRAPH_CONTRADICTED : GRAPH_USED;
}

bool
task_graph_told(
    struct arena *a, struct task_graph *g, const struct graph_options *o)
{
	struct names names = {.a = o->scratch, .g = g};
	struct graph_edges edges = {.a = o->scratch};

	g->basis = o->told->kind == DEPENDS_TASKS ? GRAPH_TASKS : GRAPH_RECIPES;
	g->refusal = GRAPH_CYCLE;
	if (has_cycle(a, g, o))
		return false;
	name_tasks(&names);
	if (o->told->kind == DEPENDS_TASKS)
		edges_of_tasks(&names, o->told, &edges);
	else
		edges_of_recipes(&names, o->told, &edges);
	g->refusal = keep_possible(a, g, &edges);
	return g->refusal == GRAPH_USED;
}
