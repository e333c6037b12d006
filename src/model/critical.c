/* critical.c: see critical.h. */
#include "model/critical.h"

#include <assert.h>
#include <math.h>

#include "base/arena.h"

/* ---- a heap: the least key first, of equal ones the least number ---- */

struct item {
	double key;
	uint32_t v;
};

struct heap {
	struct item *item;
	size_t n;
};

static bool
before(const struct item *a, const struct item *b)
{
	return a->key < b->key || (a->key <= b->key && a->v < b->v);
}

static void
heap_push(struct heap *h, double key, uint32_t v)
{
	const struct item new = {key, v};
	size_t i = h->n++;

	for (; i > 0 && before(&new, &h->item[(i - 1) / 2]); i = (i - 1) / 2)
		h->item[i] = h->item[(i - 1) / 2];
	h->item[i] = new;
}

static struct item
heap_pop(struct heap *h)
{
	struct item top = h->item[0], last = h->item[--h->n];
	size_t i = 0, k;

	for (; (k = 2 * i + 1) < h->n; i = k) {
		if (k + 1 < h->n && before(&h->item[k + 1], &h->item[k]))
			k++;
		if (!before(&h->item[k], &last))
			break;
		h->item[i] = h->item[k];
	}
	h->item[i] = last;
	return top;
}

/* ---- the scheduler ---- */

struct critical_scratch {
	uint32_t *open, *stack;
	struct item *ready, *running;
};

struct replay {
	const struct critical *c;
	size_t threads;
	const uint8_t *gone;
	uint32_t *open; /* by node: what it still waits for */
	struct heap ready, running;
	uint32_t *stack; /* nodes that are done */
	uint32_t *order; /* NULL, or nodes as they are started or, being no
			    tasks, done; norder of them */
	size_t norder;
};

static void
note(struct replay *r, uint32_t v)
{
	if (r->order != NULL)
		r->order[r->norder++] = v;
}

/* A node is done: whom it was the last need of may start, and nodes that are
 * no tasks are done at once. */
static void
release(struct replay *r, uint32_t v)
{
	const struct task_graph *g = r->c->g;
	size_t n = 0;

	r->stack[n++] = v;
	while (n > 0) {
		v = r->stack[--n];
		for (uint32_t k = g->first_whom[v]; k < g->first_whom[v + 1];
		     k++) {
			uint32_t w = g->whom[k];
			if (--r->open[w] > 0)
				continue;
			if (w < g->n) {
				heap_push(&r->ready, w, w);
				continue;
			}
			note(r, w);
			r->stack[n++] = w;
		}
	}
}

static struct critical_scratch *
make_scratch(struct arena *a, const struct task_graph *g)
{
	struct critical_scratch *s = arena_alloc(a, sizeof(*s));

	s->open = arena_alloc(a, (g->nodes + 1) * sizeof(*s->open));
	s->stack = arena_alloc(a, (g->nodes + 1) * sizeof(*s->stack));
	s->ready = arena_alloc(a, (g->n + 1) * sizeof(*s->ready));
	s->running = arena_alloc(a, (g->n + 1) * sizeof(*s->running));
	return s;
}

static void
begin(struct replay *r)
{
	const struct task_graph *g = r->c->g;
	const struct critical_scratch *s = r->c->scratch;

	r->open = s->open;
	r->stack = s->stack;
	r->ready.item = s->ready;
	r->running.item = s->running;
	for (uint32_t v = 0; v < g->nodes; v++)
		r->open[v] = g->first_need[v + 1] - g->first_need[v];
	for (uint32_t v = 0; v < g->nodes; v++) {
		if (g->first_need[v + 1] > g->first_need[v])
			continue;
		if (v < g->n) {
			heap_push(&r->ready, v, v);
			continue;
		}
		note(r, v);
		release(r, v);
	}
}

static void
settle(struct replay *r, double now)
{
	while (r->running.n > 0 && r->running.item[0].key <= now)
		release(r, heap_pop(&r->running).v);
}

/* The time from `now` on at which there is a thread and a task for it. */
static double
possible_from(struct replay *r, double now)
{
	settle(r, now);
	while (r->ready.n == 0 || r->running.n >= r->threads) {
		assert(r->running.n > 0); /* needs are no cycle */
		now = fmax(now, r->running.item[0].key);
		settle(r, now);
	}
	return now;
}

static double
length_of(const struct replay *r, uint32_t i)
{
	const struct graph_task *t = &r->c->g->task[i];

	return r->gone != NULL && r->gone[i] ? 0 : t->end - t->start;
}

/* Starts the task whose turn it is; when it ends. */
static double
start(struct replay *r, double now)
{
	uint32_t i;
	double end;

	settle(r, now);
	i = heap_pop(&r->ready).v;
	note(r, i);
	end = now + length_of(r, i);
	heap_push(&r->running, end, i);
	return end;
}

double
critical_replay(const struct critical *c, const uint8_t *gone, size_t threads)
{
	const struct task_graph *g = c->g;
	struct replay r = {.c = c, .gone = gone, .threads = threads};
	double now = 0, last = 0, recorded = 0;

	begin(&r);
	for (size_t k = 0; k < g->n; k++) {
		now = possible_from(&r, now) + c->pause[k];
		last = fmax(last, start(&r, now));
		recorded = fmax(recorded, g->task[k].end);
	}
	/* What bitbake did after the last task stays, too. */
	return last + (g->seconds - recorded);
}

/* The pauses of the recording, when each task could have been started, and an
 * order of nodes in which all that decided a start stands before it. */
static uint32_t *
find_pauses(struct arena *a, struct critical *c)
{
	const struct task_graph *g = c->g;
	struct replay r = {.c = c, .threads = c->g->threads};
	double now = 0;

	c->pause = arena_alloc(a, (g->n + 1) * sizeof(*c->pause));
	c->possible = arena_alloc(a, (g->n + 1) * sizeof(*c->possible));
	r.order = arena_alloc(a, (g->nodes + 1) * sizeof(*r.order));
	begin(&r);
	for (size_t k = 0; k < g->n; k++) {
		c->possible[k] = possible_from(&r, now);
		now = g->task[k].start;
		c->pause[k] = now - c->possible[k];
		start(&r, now);
	}
	/* Those that only the last tasks were needed for. */
	settle(&r, INFINITY);
	return r.order;
}

/* ---- the path ---- */

/* When each node's needs were met, and by which task; and how long the chains
 * of tasks are that end with it. */
struct met {
	const uint32_t *order;
	double *at, *chain;
	uint32_t *by;
};

static void
meet(const struct task_graph *g, struct met *m, uint32_t v, uint32_t need)
{
	bool is_task = need < g->n;
	double at = is_task ? g->task[need].end : m->at[need];
	uint32_t by = is_task ? need : m->by[need];

	m->chain[v] = fmax(m->chain[v], m->chain[need]);
	if (by == GRAPH_NONE || (m->by[v] != GRAPH_NONE && at <= m->at[v]))
		return;
	m->at[v] = at;
	m->by[v] = by;
}

static void
find_met(struct arena *a, struct critical *c, struct met *m)
{
	const struct task_graph *g = c->g;

	m->at = arena_alloc(a, (g->nodes + 1) * sizeof(*m->at));
	m->chain = arena_alloc(a, (g->nodes + 1) * sizeof(*m->chain));
	m->by = arena_alloc(a, (g->nodes + 1) * sizeof(*m->by));
	for (size_t i = 0; i < g->nodes; i++) {
		uint32_t v = m->order[i];
		m->at[v] = m->chain[v] = 0;
		m->by[v] = GRAPH_NONE;
		for (uint32_t k = g->first_need[v]; k < g->first_need[v + 1];
		     k++)
			meet(g, m, v, g->need[k]);
		if (v < g->n)
			m->chain[v] += g->task[v].end - g->task[v].start;
		c->longest = fmax(c->longest, m->chain[v]);
	}
}

static enum gate
need_kind(const struct task_graph *g, uint32_t i, uint32_t by)
{
	const uint32_t *package = g->table->package;

	if (g->basis != GRAPH_OBSERVED)
		return GATE_NEED;
	return package[g->task[i].row] == package[g->task[by].row]
		   ? GATE_OWN
		   : GATE_OBSERVED;
}

/* Of task i; last: the one that had ended last before it, or GRAPH_NONE; full:
 * all threads were busy until then. */
static void
find_gate(struct critical *c, const struct met *m, uint32_t i, uint32_t last,
    bool full)
{
	const struct task_graph *g = c->g;
	uint32_t by = m->by[i];

	if (by != GRAPH_NONE && (g->task[i].start - m->at[i] <= GRAPH_PAUSE ||
				    last == GRAPH_NONE)) {
		c->gate[i] = by;
		c->how[i] = (uint8_t)need_kind(g, i, by);
		return;
	}
	c->gate[i] = last;
	c->how[i] = (uint8_t)(last == GRAPH_NONE ? GATE_NONE
			      : full             ? GATE_THREAD
						 : GATE_OBSERVED);
}

static void
find_gates(struct critical *c, const struct met *m)
{
	const struct task_graph *g = c->g;
	struct heap running = {.item = c->scratch->running};
	double full_until = -2 * GRAPH_PAUSE;
	uint32_t last = GRAPH_NONE;

	for (uint32_t i = 0; i < g->n; i++) {
		double now = g->task[i].start;
		while (running.n > 0 && running.item[0].key <= now) {
			if (running.n >= g->threads)
				full_until = running.item[0].key;
			last = heap_pop(&running).v;
		}
		find_gate(c, m, i, last, now - full_until <= GRAPH_PAUSE);
		heap_push(&running, g->task[i].end, i);
	}
}

static void
find_path(struct arena *a, struct critical *c)
{
	const struct task_graph *g = c->g;
	uint32_t at = GRAPH_NONE;
	size_t n = 0;

	for (uint32_t i = 0; i < g->n; i++)
		if (at == GRAPH_NONE || g->task[i].end > g->task[at].end)
			at = i;
	c->step = arena_alloc(a, (g->n + 1) * sizeof(*c->step));
	c->on_path = arena_calloc(a, g->n + 1, 1);
	for (; at != GRAPH_NONE; at = c->gate[at])
		c->step[n++] = at;
	c->nsteps = n;
	for (size_t i = 0; i < n / 2; i++) {
		uint32_t v = c->step[i];
		c->step[i] = c->step[n - 1 - i];
		c->step[n - 1 - i] = v;
	}
	for (size_t i = 0; i < n; i++) {
		const struct graph_task *t = &g->task[c->step[i]];
		c->on_path[c->step[i]] = 1;
		c->busy += t->end - t->start;
		if (i > 0)
			c->paused += t->start - g->task[c->step[i - 1]].end;
	}
}

/* ---- slack ---- */

/*
 * Backwards.  What task i waits for may end as much later as i itself may, and
 * until i could have been started; the task that gated it as much later as i,
 * for the pause behind it stays.
 */
static void
find_slack(struct arena *a, struct critical *c, const struct met *m)
{
	const struct task_graph *g = c->g;
	double *until = arena_alloc(a, (g->nodes + 1) * sizeof(*until));
	double last = 0;

	c->slack = arena_alloc(a, (g->n + 1) * sizeof(*c->slack));
	for (uint32_t i = 0; i < g->n; i++)
		last = fmax(last, g->task[i].end);
	for (size_t v = 0; v < g->nodes; v++)
		until[v] = last;
	for (size_t k = g->nodes; k-- > 0;) {
		uint32_t v = m->order[k], gate;
		double needs = until[v];
		if (v < g->n) {
			c->slack[v] = fmax(until[v] - g->task[v].end, 0);
			needs = fmax(m->at[v], c->possible[v]) + c->slack[v];
			gate = c->gate[v];
			if (gate != GRAPH_NONE)
				until[gate] = fmin(until[gate],
				    g->task[gate].end + c->slack[v]);
		}
		for (uint32_t i = g->first_need[v]; i < g->first_need[v + 1];
		     i++)
			until[g->need[i]] = fmin(until[g->need[i]], needs);
	}
}

void
critical_make(struct arena *a, const struct task_graph *g, struct critical *out)
{
	struct met m;

	*out = (struct critical){.g = g,
	    .gate = arena_alloc(a, (g->n + 1) * sizeof(*out->gate)),
	    .how = arena_alloc(a, (g->n + 1) * sizeof(*out->how))};
	out->scratch = make_scratch(a, g);
	m.order = find_pauses(a, out);
	find_met(a, out, &m);
	find_gates(out, &m);
	find_path(a, out);
	find_slack(a, out, &m);
}

const char *
gate_word(enum gate how)
{
	static const char *const words[] = {[GATE_NONE] = "first",
	    [GATE_NEED] = "dependency",
	    [GATE_OWN] = "recipe",
	    [GATE_THREAD] = "thread",
	    [GATE_OBSERVED] = "order"};

	return words[how];
}
