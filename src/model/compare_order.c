/* compare_order.c: puts the rows of a comparison in order; see compare.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/compare.h"

struct sorted {
	struct compare_row row;
	double number; /* 0 where texts order */
	const char *text, *second;
	int way; /* of numbers and text: 1 up, -1 down */
	bool by_text;
};

static int
by_order(const void *x, const void *y)
{
	const struct sorted *a = x, *b = y;
	int c;

	if (isnan(a->number) != isnan(b->number))
		return isnan(a->number) ? 1 : -1;
	if (a->number < b->number || a->number > b->number)
		return a->number < b->number ? -a->way : a->way;
	if ((c = strcmp(a->text, b->text)) != 0)
		return a->by_text ? a->way * c : c;
	return strcmp(a->second, b->second);
}

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

	*s = (struct sorted){.row = *row,
	    .text = task ? row->task : row->recipe,
	    .second = task ? row->recipe : row->task,
	    .way = down ? -1 : 1};
	if (strcmp(key, "diff") == 0)
		s->number = fabs(row->diff);
	else if (strcmp(key, "share") == 0)
		s->number = fabs(row->share);
	else if (build >= 0)
		s->number = row->value[build];
	else
		s->by_text = true;
	return !s->by_text || task || strcmp(key, "recipe") == 0;
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
	qsort(s, r->n, sizeof(*s), by_order);
	for (size_t i = 0; i < r->n; i++)
		r->row[i] = s[i].row;
	free(s);
	return true;
}
