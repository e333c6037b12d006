/*
 * top_rows.c: see top_rows.h.
 *
 * A heap of the best rows so far, the worst of them on top: most rows of a
 * long table lose their one comparison with it.
 */
#include "model/top_rows.h"

#include <math.h>

struct order {
	const double *key;
	bool down;
};

static bool
before(const struct order *o, uint32_t a, uint32_t b)
{
	double x = o->key[a], y = o->key[b];

	if (isnan(x) || isnan(y)) {
		if (!isnan(x) || !isnan(y))
			return isnan(y);
	} else if (x != y) {
		return o->down ? x > y : x < y;
	}
	return a < b;
}

static void
swap(uint32_t *a, uint32_t *b)
{
	uint32_t t = *a;

	*a = *b;
	*b = t;
}

/* Lets the row at i sink until no row below it comes later. */
static void
sink(const struct order *o, uint32_t *heap, size_t n, size_t i)
{
	for (;;) {
		size_t last = i, child = 2 * i + 1;

		for (size_t c = child; c < n && c < child + 2; c++)
			if (before(o, heap[last], heap[c]))
				last = c;
		if (last == i)
			return;
		swap(&heap[i], &heap[last]);
		i = last;
	}
}

size_t
top_rows(uint32_t *row, size_t n, const double *key, bool down, size_t want)
{
	const struct order o = {key, down};
	size_t k = want < n ? want : n;

	if (k == 0)
		return 0;
	for (size_t i = k / 2; i-- > 0;)
		sink(&o, row, k, i);
	for (size_t i = k; i < n; i++) {
		if (!before(&o, row[i], row[0]))
			continue;
		swap(&row[i], &row[0]);
		sink(&o, row, k, 0);
	}
	for (size_t end = k - 1; end > 0; end--) {
		swap(&row[0], &row[end]);
		sink(&o, row, end, 0);
	}
	return k;
}
