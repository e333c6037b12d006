/* chart_calendar.c: axes of time of day and date, and logarithmic ones; see
 * chart_axis.h. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "base/arena.h"
#include "model/chart_axis.h"

#define US INT64_C(1000000)
#define HOUR 3600
#define DAY 86400
#define ABOUT 7 /* ticks */

/* Steps of seconds, then of months. */
static const struct {
	int seconds, months;
} steps[] = {{60, 0}, {300, 0}, {900, 0}, {1800, 0}, {HOUR, 0}, {3 * HOUR, 0},
    {6 * HOUR, 0}, {12 * HOUR, 0}, {DAY, 0}, {2 * DAY, 0}, {7 * DAY, 0}, {0, 1},
    {0, 2}, {0, 3}, {0, 6}, {0, 12}, {0, 24}, {0, 60}, {0, 120}, {0, 600}};
#define NSTEPS (sizeof(steps) / sizeof(steps[0]))

static double
length_of(size_t step)
{
	return steps[step].seconds > 0 ? steps[step].seconds
				       : steps[step].months * 30.44 * DAY;
}

/* The start of the step that holds t. */
static int64_t
floor_to(size_t step, int64_t t)
{
	struct tm tm;
	time_t s = (time_t)t;
	int months;

	if (steps[step].seconds > 0) {
		/* Weeks begin on Mondays; day 4 of 1970 was one. */
		int64_t n = steps[step].seconds,
			shift = n == 7 * DAY ? 4 * DAY : 0;
		int64_t r = (t - shift) % n;
		return t - (r < 0 ? r + n : r);
	}
	gmtime_r(&s, &tm);
	months = tm.tm_year * 12 + tm.tm_mon;
	months -= months % steps[step].months;
	tm = (struct tm){
	    .tm_year = months / 12, .tm_mon = months % 12, .tm_mday = 1};
	return (int64_t)timegm(&tm);
}

static int64_t
next_of(size_t step, int64_t t)
{
	/* Far enough into the next month, whatever this one has. */
	int64_t ahead =
	    steps[step].seconds > 0
		? steps[step].seconds
		: (int64_t)(steps[step].months * 30.44 * DAY) + 10 * DAY;

	return floor_to(step, t + ahead);
}

static const char *
label_of(struct arena *a, size_t step, int64_t t)
{
	char text[32];
	struct tm tm;
	time_t s = (time_t)t;

	gmtime_r(&s, &tm);
	if (steps[step].months >= 12)
		strftime(text, sizeof(text), "%Y", &tm);
	else if (steps[step].months > 0 && tm.tm_mon == 0)
		strftime(text, sizeof(text), "%b %Y", &tm);
	else if (steps[step].months > 0)
		strftime(text, sizeof(text), "%b", &tm);
	else if (steps[step].seconds >= DAY || t % DAY == 0)
		strftime(text, sizeof(text), "%e %b", &tm);
	else
		strftime(text, sizeof(text), "%H:%M", &tm);
	return arena_strdup(a, text[0] == ' ' ? text + 1 : text);
}

size_t
chart_calendar(struct arena *a, int64_t from, int64_t to,
    struct chart_tick out[CHART_TICKS_MAX])
{
	int64_t start = from / US, end = to / US, t;
	size_t step = 0, n = 0;

	if (end <= start)
		return 0;
	while (step + 1 < NSTEPS &&
	       (double)(end - start) / length_of(step) > ABOUT)
		step++;
	t = floor_to(step, start);
	if (t < start)
		t = next_of(step, t);
	for (; t <= end && n < CHART_TICKS_MAX; t = next_of(step, t)) {
		out[n].x = ((double)t * 1e6 - (double)from) /
			   ((double)to - (double)from) * CHART_WIDTH;
		out[n++].label = label_of(a, step, t);
	}
	return n;
}

size_t
chart_decades(double min, double max, double out[CHART_TICKS_MAX])
{
	static const double few[] = {1, 2, 5}, many[] = {1};
	size_t n = 0;

	if (!(min > 0) || !(max >= min))
		return 0;
	bool dense = log10(max / min) < 2.5;
	size_t count = dense ? 3 : 1;
	double every = ceil(log10(max / min) / (CHART_TICKS_MAX - 1));
	if (every < 1)
		every = 1;
	for (double p = floor(log10(min)); p <= log10(max) + 1e-9; p += every)
		for (size_t i = 0; i < count; i++) {
			double v = (dense ? few[i] : many[0]) * pow(10, p);
			if (v >= min * (1 - 1e-9) && v <= max * (1 + 1e-9) &&
			    n < CHART_TICKS_MAX)
				out[n++] = v;
		}
	return n;
}
