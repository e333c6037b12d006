/* row_order.h: sorting rows by a number or a name, as their tables do. */
#ifndef MODEL_ROW_ORDER_H
#define MODEL_ROW_ORDER_H

#include <stdbool.h>

/* The first member of what is sorted. */
struct row_order {
	double number; /* 0 where names order; NAN comes last, either way */
	const char *first, *second; /* names; they break ties, upwards */
	int way; /* of numbers and, by name, of the first name: 1 up, -1 down */
	bool by_name;
};

/* For qsort, of structs that begin with one. */
int row_order_compare(const void *x, const void *y);

#endif
