/* row_order.c: see row_order.h. */
#include "model/row_order.h"

#include <math.h>
#include <string.h>

int
row_order_compare(const void *x, const void *y)
{
	const struct row_order *a = x, *b = y;
	int c;

	if (isnan(a->number) != isnan(b->number))
		return isnan(a->number) ? 1 : -1;
	if (a->number < b->number || a->number > b->number)
		return a->number < b->number ? -a->way : a->way;
	if ((c = strcmp(a->first, b->first)) != 0)
		return a->by_name ? a->way * c : c;
	return strcmp(a->second, b->second);
}
