/* metric_unit.h: the units of metrics, by their names. */
#ifndef MODEL_METRIC_UNIT_H
#define MODEL_METRIC_UNIT_H

/* "s", "B", "B/s", "KiB", "blocks", "ticks", "%", "us", or "" for a count. */
const char *metric_unit(const char *name);

/* The metrics made from others: cputime elapsed read_ops write_ops; NULL at
 * the end. */
extern const char *const derived_metrics[];

#endif
