/*
 * chart_axis.h: round steps for the axes of a chart; pure functions.
 */
#ifndef MODEL_CHART_AXIS_H
#define MODEL_CHART_AXIS_H

#include <stddef.h>
#include <stdint.h>

struct arena;

#define CHART_WIDTH 1000.0
#define CHART_HEIGHT 100.0
#define CHART_TICKS_MAX 12
#define CHART_GRID_MAX 6

struct chart_tick {
	double x; /* 0..CHART_WIDTH */
	const char *label;
};

/*
 * Ticks at round times since the start, "0", "5 min", "10 min", ..., of an
 * axis this many seconds long; about eight, at most CHART_TICKS_MAX.
 */
size_t chart_ticks(
    struct arena *a, double seconds, struct chart_tick out[CHART_TICKS_MAX]);

/*
 * Widens *min..*max to round numbers and writes the values at which to draw
 * lines across, *min left out; their number.  Values that don't differ get a
 * range of 1 and up.
 */
size_t chart_grid(double *min, double *max, double out[CHART_GRID_MAX]);
/* The same for seconds, whose steps are those of clocks: 10 min, 15 min, 1 h.
 */
size_t chart_grid_seconds(double *min, double *max, double out[CHART_GRID_MAX]);

/*
 * Ticks at round times of the calendar, UTC, of an axis from `from` to `to`
 * (µs): hours, days, months, years; labels "14:00", "3 Mar", "Mar 2026".
 */
size_t chart_calendar(struct arena *a, int64_t from, int64_t to,
    struct chart_tick out[CHART_TICKS_MAX]);

/* Powers of ten between min and max, both above 0, and their double and
 * fivefold where there are few; ascending values. */
size_t chart_decades(double min, double max, double out[CHART_TICKS_MAX]);

#endif
