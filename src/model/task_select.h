/*
 * task_select.h: which tasks of a table to show, and in which order.
 *
 * Pure functions over columns that task_table.h has loaded.
 */
#ifndef MODEL_TASK_SELECT_H
#define MODEL_TASK_SELECT_H

#include "model/task_table.h"

struct task_filter {
	unsigned statuses;   /* bits 1 << enum task_status; 0: any */
	const char *task;    /* "": any; "compile" means do_compile */
	const char *package; /* recipe or PF; "": any */
	double min;          /* seconds that it took at least; 0: any */
};

/* Writes the rows that match to row, which has room for t->n; their number. */
size_t task_select(struct arena *a, const struct task_table *t,
    const struct task_filter *f, uint32_t *row);

/*
 * A number for each row by which the column sorts: recipe package version task
 * block started elapsed status.  NULL for any other name (metrics have
 * task_table_column).
 */
const double *task_sort_key(
    struct arena *a, const struct task_table *t, const char *column);

/* The names that task_sort_key knows; NULL-terminated. */
extern const char *const task_sort_columns[];

#endif
