/* graph.c: see graph.h. */
#include "model/graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/change_point.h"
#include "model/metric_unit.h"

#define DAY_US INT64_C(86400000000)
/* There are no statistics of bitbake's before 2010. */
#define EARLIEST_US INT64_C(1262304000000000)
#define EVENTS "events."
#define CORRELATED_MIN 8

#define PARTS (GRAPH_OF_PACKAGE | GRAPH_OF_TASK)
#define ANY (GRAPH_OF_BUILD | PARTS)

const struct graph_dimension graph_dimensions[] = {
    {"machine", ANY, GRAPH_ROW, false},
    {"image", ANY, GRAPH_ROW, false},
    {"distro", ANY, GRAPH_ROW, false},
    {"builder", ANY, GRAPH_ROW, false},
    {"host", ANY, GRAPH_ROW, false},
    {"branch", ANY, GRAPH_ROW, false},
    {"commit", ANY, GRAPH_ROW, true},
    {"tags", ANY, GRAPH_ROW, false},
    {"status", ANY, GRAPH_STATUS, false},
    {"recipe", PARTS, GRAPH_ROW, false},
    {"version", PARTS, GRAPH_ROW, true},
    {"task", GRAPH_OF_TASK, GRAPH_TASK_NAME, false},
    {"bitbake_version", ANY, GRAPH_ENVIRONMENT, true},
    {"distro_version", ANY, GRAPH_ENVIRONMENT, true},
    {"host_distro", ANY, GRAPH_ENVIRONMENT, false},
    {"host_arch", ANY, GRAPH_ENVIRONMENT, false},
    {"host_info", ANY, GRAPH_ENVIRONMENT, false},
    {"mode", ANY, GRAPH_ENVIRONMENT, false},
    {"layer:", ANY, GRAPH_LAYER, true},
    {"variable:", ANY, GRAPH_VARIABLE, false},
    {NULL, 0, GRAPH_ROW, false},
};

const struct graph_named_number graph_numbers[] = {
    {"elapsed", ANY, GRAPH_WALL, "s"},
    {"cputime", PARTS, GRAPH_CPU, "s"},
    {"cputime", GRAPH_OF_BUILD, GRAPH_METRIC, "s"},
    {"tasks", GRAPH_OF_BUILD | GRAPH_OF_PACKAGE, GRAPH_TASKS, ""},
    {"packages", GRAPH_OF_BUILD, GRAPH_PACKAGES, ""},
    {"failed", GRAPH_OF_BUILD, GRAPH_FAILED, ""},
    {"pressure", ANY, GRAPH_PRESSURE, "%"},
    {"span", GRAPH_OF_PACKAGE, GRAPH_SPAN, "s"},
    {"start", PARTS, GRAPH_START, "s"},
    {NULL, 0, GRAPH_METRIC, ""},
};

/* ---- what was chosen ---- */

static bool
read_dimension(const char *text, enum graph_of of, struct graph_axis *out)
{
	const struct graph_dimension *d = graph_dimensions;
	size_t n;

	for (; d->name != NULL; d++) {
		n = strlen(d->name);
		if (d->name[n - 1] == ':' ? strncmp(text, d->name, n) == 0
					  : strcmp(text, d->name) == 0)
			break;
	}
	if (d->name == NULL || (d->of & of) == 0)
		return false;
	out->kind = GRAPH_DIMENSION;
	out->dimension = d;
	out->part = d->name[n - 1] == ':' ? text + n : d->name;
	return true;
}

/* Of whole builds a sum over tasks is a metric, whatever it is a sum of. */
static void
name_number(struct graph_axis *out, enum graph_of of, bool asked)
{
	for (const struct graph_named_number *n = graph_numbers;
	     n->name != NULL; n++) {
		bool times = n->number == GRAPH_WALL || n->number == GRAPH_CPU;
		if ((n->of & of) == 0 || strcmp(n->name, out->part) != 0 ||
		    (asked && (of == GRAPH_OF_BUILD || !times)))
			continue;
		out->number = n->number;
		out->unit = n->unit;
	}
}

/* "cpu.user" of whole builds. */
static void
name_series(struct graph_axis *out)
{
	for (int kind = SERIES_CPU; kind <= SERIES_PRESSURE; kind++) {
		const char *name = series_kind_name((enum series_kind)kind);
		const char *const *column =
		    series_columns((enum series_kind)kind);
		size_t n = strlen(name);
		if (strncmp(out->part, name, n) != 0 || out->part[n] != '.')
			continue;
		for (size_t i = 0; column[i] != NULL; i++) {
			if (strcmp(out->part + n + 1, column[i]) != 0)
				continue;
			out->number = GRAPH_SERIES;
			out->series = (enum series_kind)kind;
			out->column = i;
		}
	}
}

static bool
read_number(const char *text, enum graph_of of, struct graph_axis *out)
{
	bool sum = strncmp(text, "sum:", 4) == 0;
	bool most = strncmp(text, "max:", 4) == 0;

	out->kind = GRAPH_NUMBER;
	out->part = sum || most ? text + 4 : text;
	out->number = GRAPH_METRIC;
	out->unit = metric_unit(out->part);
	out->largest = most || (!sum && strcmp(out->unit, "KiB") == 0);
	if (strncmp(out->part, EVENTS, strlen(EVENTS)) == 0) {
		out->part += strlen(EVENTS);
		out->number = GRAPH_EVENT;
		out->unit = "";
		return !sum && !most && out->part[0] != '\0';
	}
	name_number(out, of, sum || most);
	if (of == GRAPH_OF_BUILD && !sum && !most)
		name_series(out);
	return out->part[0] != '\0' && strchr(out->part, ':') == NULL;
}

/* Names that only others have. */
static bool
misses_dimension(const char *text, enum graph_of of)
{
	for (const struct graph_dimension *d = graph_dimensions;
	     d->name != NULL; d++)
		if (strcmp(d->name, text) == 0)
			return (d->of & of) == 0;
	return false;
}

bool
graph_axis_fits(const char *text, enum graph_of of)
{
	bool named = false;

	for (const struct graph_named_number *n = graph_numbers;
	     n->name != NULL; n++) {
		if (strcmp(n->name, text) != 0)
			continue;
		if ((n->of & of) != 0)
			return true;
		named = true;
	}
	return !named && !misses_dimension(text, of);
}

bool
graph_axis_read(const char *text, enum graph_of of, struct graph_axis *out)
{
	*out = (struct graph_axis){.name = text, .part = "", .unit = ""};
	if (strcmp(text, "time") == 0)
		out->kind = GRAPH_TIME;
	else if (!read_dimension(text, of, out))
		return read_number(text, of, out);
	return out->kind == GRAPH_TIME || out->part[0] != '\0';
}

/* ---- which points count ---- */

static void
judge(struct graph *g, struct graph_point *p, int64_t now)
{
	bool known =
	    isfinite(p->y) && (g->x.kind != GRAPH_NUMBER || isfinite(p->x));
	bool sane = g->x.kind != GRAPH_TIME ||
		    (p->started >= EARLIEST_US && p->started <= now + DAY_US);

	p->counts = known && sane;
	g->counted += p->counts;
	g->lacks += !known;
	g->clock += known && !sane;
}

/* ---- values of a dimension ---- */

struct keyed {
	const char *text;
	size_t at;
};

static int
by_text(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int c = x->text == y->text ? 0 : strcmp(x->text, y->text);

	return c != 0 ? c : (x->at > y->at) - (x->at < y->at);
}

/* Values by name, and of each point which it has, written to *of. */
static size_t
find_values(struct arena *a, const struct graph *g, bool groups,
    struct graph_value **out, size_t **of)
{
	struct keyed *k = arena_alloc(a, (g->n + 1) * sizeof(*k));
	double *y = arena_alloc(a, (g->n + 1) * sizeof(*y));
	size_t n = 0, count = 0;

	*out = arena_calloc(a, g->n + 1, sizeof(**out));
	*of = arena_calloc(a, g->n + 1, sizeof(**of));
	for (size_t i = 0; i < g->n; i++)
		if (g->point[i].counts)
			k[n++] = (struct keyed){groups ? g->point[i].group_text
						       : g->point[i].x_text,
			    i};
	if (n > 0)
		qsort(k, n, sizeof(*k), by_text);
	for (size_t i = 0; i < n;) {
		struct graph_value *v = &(*out)[count];
		*v = (struct graph_value){.name = k[i].text, .first = k[i].at};
		for (; i < n && strcmp(k[i].text, v->name) == 0; i++) {
			(*of)[k[i].at] = count;
			y[v->n++] = g->point[k[i].at].y;
		}
		v->median = number_median(y, v->n);
		count++;
	}
	return count;
}

struct ordered {
	struct graph_value value;
	size_t was;
};

static int
by_first(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;

	return (x->value.first > y->value.first) -
	       (x->value.first < y->value.first);
}

static int
by_median(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;

	if (x->value.median != y->value.median)
		return x->value.median < y->value.median ? 1 : -1;
	return (x->was > y->was) - (x->was < y->was);
}

static int
by_size(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;

	if (x->value.n != y->value.n)
		return x->value.n < y->value.n ? 1 : -1;
	return (x->was > y->was) - (x->was < y->was);
}

/* Orders n values anew; of[i] stays the value of point i. */
static void
order_values(struct arena *a, const struct graph *g, struct graph_value *v,
    size_t n, size_t *of, int (*order)(const void *, const void *))
{
	struct ordered *o = arena_alloc(a, (n + 1) * sizeof(*o));
	size_t *now = arena_alloc(a, (n + 1) * sizeof(*now));

	for (size_t i = 0; i < n; i++)
		o[i] = (struct ordered){v[i], i};
	if (n > 0)
		qsort(o, n, sizeof(*o), order);
	for (size_t i = 0; i < n; i++) {
		v[i] = o[i].value;
		now[o[i].was] = i;
	}
	for (size_t i = 0; i < g->n; i++)
		if (g->point[i].counts)
			of[i] = now[of[i]];
}

static void
arrange_places(struct arena *a, struct graph *g)
{
	size_t *of;

	g->nplaces = find_values(a, g, false, &g->place, &of);
	g->ndrawn = g->nplaces;
	if (g->x.dimension->by_first) {
		order_values(a, g, g->place, g->nplaces, of, by_first);
	} else if (g->nplaces > GRAPH_PLACES_MAX) {
		order_values(a, g, g->place, g->nplaces, of, by_median);
		g->ndrawn = GRAPH_PLACES_MAX;
	}
	for (size_t i = 0; i < g->n; i++)
		g->point[i].place = of[i];
}

static void
arrange_groups(struct arena *a, struct graph *g)
{
	size_t *of;

	for (size_t i = 0; g->group.kind == GRAPH_NONE && i < g->n; i++)
		g->point[i].group_text = "";
	g->ngroups = find_values(a, g, true, &g->group_value, &of);
	order_values(a, g, g->group_value, g->ngroups, of, by_size);
	for (size_t i = 0; i < g->n; i++)
		g->point[i].group = of[i];
	g->nnamed = g->ngroups > GRAPH_LOOKS ? GRAPH_LOOKS - 1 : g->ngroups;
}

void
graph_arrange(struct arena *a, struct graph *g, int64_t now)
{
	for (size_t i = 0; i < g->n; i++)
		judge(g, &g->point[i], now);
	if (g->x.kind == GRAPH_DIMENSION)
		arrange_places(a, g);
	arrange_groups(a, g);
}

/* ---- summaries ---- */

static int
by_place(const void *a, const void *b)
{
	const struct graph_point *x = *(const struct graph_point *const *)a;
	const struct graph_point *y = *(const struct graph_point *const *)b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->y > y->y) - (x->y < y->y);
}

static int
by_x(const void *a, const void *b)
{
	const struct graph_point *x = *(const struct graph_point *const *)a;
	const struct graph_point *y = *(const struct graph_point *const *)b;

	if (x->x != y->x)
		return x->x < y->x ? -1 : 1;
	return (x > y) - (x < y);
}

static size_t
counting(
    struct arena *a, const struct graph *g, const struct graph_point ***out)
{
	const struct graph_point **p = arena_alloc(a, (g->n + 1) * sizeof(*p));
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		if (g->point[i].counts)
			p[n++] = &g->point[i];
	*out = p;
	return n;
}

static struct graph_box
box_of(const struct graph_point *first, double *y, size_t n)
{
	return (struct graph_box){.place = first->place,
	    .group = first->group,
	    .n = n,
	    .median = number_median(y, n),
	    .least = number_quantile(y, n, 0),
	    .low = number_quantile(y, n, 0.1),
	    .q1 = number_quantile(y, n, 0.25),
	    .q3 = number_quantile(y, n, 0.75),
	    .high = number_quantile(y, n, 0.9),
	    .most = number_quantile(y, n, 1)};
}

size_t
graph_boxes(struct arena *a, const struct graph *g, struct graph_box **out)
{
	const struct graph_point **p;
	size_t n = counting(a, g, &p), count = 0;
	double *y = arena_alloc(a, (n + 1) * sizeof(*y));

	*out = arena_alloc(a, (n + 1) * sizeof(**out));
	if (n > 0)
		qsort(p, n, sizeof(*p), by_place);
	for (size_t i = 0; i < n;) {
		size_t first = i;
		for (; i < n && p[i]->place == p[first]->place &&
		       p[i]->group == p[first]->group;
		     i++)
			y[i - first] = p[i]->y;
		(*out)[count++] = box_of(p[first], y, i - first);
	}
	return count;
}

size_t
graph_of_group(struct arena *a, const struct graph *g, size_t group,
    const struct graph_point ***out)
{
	size_t n = counting(a, g, out), kept = 0;

	for (size_t i = 0; i < n; i++)
		if ((*out)[i]->group == group)
			(*out)[kept++] = (*out)[i];
	if (kept > 0)
		qsort(*out, kept, sizeof(**out), by_x);
	return kept;
}

/* ---- do they go together? ---- */

struct ranked {
	double value;
	size_t at;
};

static int
by_value(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/* Ranks around 0; equal values share the mean of theirs. */
static void
rank(struct ranked *r, size_t n, double *out)
{
	qsort(r, n, sizeof(*r), by_value);
	for (size_t i = 0; i < n;) {
		size_t end = i;
		while (end < n && r[end].value == r[i].value)
			end++;
		for (size_t k = i; k < end; k++)
			out[r[k].at] = ((double)(i + end) - (double)n) / 2;
		i = end;
	}
}

double
graph_correlation(struct arena *a, const struct graph *g)
{
	const struct graph_point **p;
	size_t n = counting(a, g, &p);
	struct ranked *r = arena_alloc(a, (n + 1) * sizeof(*r));
	double *x = arena_alloc(a, (n + 1) * sizeof(*x));
	double *y = arena_alloc(a, (n + 1) * sizeof(*y));
	double xx = 0, yy = 0, xy = 0;

	if (n < CORRELATED_MIN || g->x.kind != GRAPH_NUMBER)
		return NAN;
	for (size_t i = 0; i < n; i++)
		r[i] = (struct ranked){p[i]->x, i};
	rank(r, n, x);
	for (size_t i = 0; i < n; i++)
		r[i] = (struct ranked){p[i]->y, i};
	rank(r, n, y);
	for (size_t i = 0; i < n; i++) {
		xx += x[i] * x[i];
		yy += y[i] * y[i];
		xy += x[i] * y[i];
	}
	return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}
