/* compare_order.c: puts the rows of a comparison in order; see compare.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/compare.h"
#include "model/row_order.h"

struct sorted {
	struct row_order order;
	struct compare_row row;
};

/* The number of the build that a key names, from 0; -1 for none. */
static long
build_of(const char *key)
{
	char *end;
	long n = strtol(key, &end, 10);

	return *end == '\0' && n >= 1 && n <= COMPARE_BUILDS_MAX ? n - 1 : -1;
}

/* What orders the rows; false for an unknown key. */
static bool
fill_sorted(
    struct sorted *s, const struct compare_row *row, const char *key, bool down)
{
	bool task = strcmp(key, "task") == 0;
	long build = build_of(key);

	s->row = *row;
	s->order = (struct row_order){.first = task ? row->task : row->recipe,
	    .second = task ? row->recipe : row->task,
	    .way = down ? -1 : 1};
	if (strcmp(key, "diff") == 0)
		s->order.number = fabs(row->diff);
	else if (strcmp(key, "share") == 0)
		s->order.number = fabs(row->share);
	else if (build >= 0)
		s->order.number = row->value[build];
	else
		s->order.by_name = true;
	return !s->order.by_name || task || strcmp(key, "recipe") == 0;
}

bool
compare_sort(struct compare_result *r, const char *key, bool down)
{
	static const double nothing[COMPARE_BUILDS_MAX];
	static const struct compare_row none = {
	    .recipe = "", .task = "", .value = nothing};
	struct sorted *s, probe;

	if (!fill_sorted(&probe, &none, key, down))
		return false;
	if (r->n < 2)
		return true;
	s = must(calloc(r->n, sizeof(*s)));
	for (size_t i = 0; i < r->n; i++)
		fill_sorted(&s[i], &r->row[i], key, down);
	qsort(s, r->n, sizeof(*s), row_order_compare);
	for (size_t i = 0; i < r->n; i++)
		r->row[i] = s[i].row;
	free(s);
	return true;
}
