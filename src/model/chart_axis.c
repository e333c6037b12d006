/* chart_axis.c: see chart_axis.h. */
#include "model/chart_axis.h"

#include <math.h>
#include <stdio.h>

#include "base/arena.h"

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

static const double time_steps[] = {1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE,
    5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR,
    6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 30 * DAY, 365 * DAY};

static double
time_step(double seconds)
{
	size_t n = sizeof(time_steps) / sizeof(time_steps[0]), i = 0;

	while (i + 1 < n && seconds / time_steps[i] > 8)
		i++;
	if (seconds / time_steps[i] <= 8)
		return time_steps[i];
	return ceil(seconds / 8 / time_steps[i]) * time_steps[i];
}

static const char *
time_label(struct arena *a, double s, double step)
{
	char out[48];
	int days = (int)(s / DAY), hours = (int)(fmod(s, DAY) / HOUR),
	    minutes = (int)(fmod(s, HOUR) / MINUTE), rest = (int)fmod(s, 60);

	if (s < 0.5)
		return "0";
	if (days > 0 && step >= DAY)
		snprintf(out, sizeof(out), "%d d", days);
	else if (days > 0)
		snprintf(out, sizeof(out), "%d d %d h", days, hours);
	else if (hours > 0 && minutes > 0)
		snprintf(out, sizeof(out), "%d h %02d", hours, minutes);
	else if (hours > 0)
		snprintf(out, sizeof(out), "%d h", hours);
	else if (minutes > 0 && rest > 0)
		snprintf(out, sizeof(out), "%d:%02d min", minutes, rest);
	else if (minutes > 0)
		snprintf(out, sizeof(out), "%d min", minutes);
	else
		snprintf(out, sizeof(out), "%d s", rest);
	return arena_strdup(a, out);
}

size_t
chart_ticks(
    struct arena *a, double seconds, struct chart_tick out[CHART_TICKS_MAX])
{
	double step;
	size_t n = 0;

	if (!(seconds > 0) || seconds > 1e9)
		return 0;
	step = time_step(seconds);
	for (; n < CHART_TICKS_MAX && (double)n * step <= seconds; n++) {
		double s = (double)n * step;
		out[n].x = s / seconds * CHART_WIDTH;
		out[n].label = time_label(a, s, step);
	}
	return n;
}

/* The next of 1, 2, 5 times a power of ten. */
static double
round_step(double least)
{
	double power = pow(10, floor(log10(least)));
	double m = least / power;

	return power * (m <= 1.0000001 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10);
}

/* k steps; 0.6 and not 0.6000000000000001. */
static double
multiple(double k, double step)
{
	return step < 1 ? k / round(1 / step) : k * step;
}

/* Likewise of time_steps; days are counted in tens. */
static double
round_seconds(double least)
{
	size_t n = sizeof(time_steps) / sizeof(time_steps[0]);

	if (least <= 1)
		return round_step(least);
	for (size_t i = 0; i < n && time_steps[i] <= DAY; i++)
		if (least <= time_steps[i])
			return time_steps[i];
	return round_step(least / DAY) * DAY;
}

static size_t
grid(double *min, double *max, double (*step_of)(double),
    double out[CHART_GRID_MAX])
{
	double low = isfinite(*min) ? *min : 0, high = *max, step, first;
	size_t n = 0;

	if (!isfinite(high) || !(high > low))
		high = low + (fabs(low) > 1e15 ? fabs(low) : 1);
	step = step_of((high - low) / 4);
	/* Counted in steps, so that no sum gathers errors. */
	first = floor(low / step);
	do {
		out[n] = multiple(first + (double)n + 1, step);
		n++;
	} while (n < CHART_GRID_MAX && out[n - 1] < high - step * 1e-6);
	*min = multiple(first, step);
	*max = out[n - 1] < high - step * 1e-6 ? high : out[n - 1];
	return n;
}

size_t
chart_grid(double *min, double *max, double out[CHART_GRID_MAX])
{
	return grid(min, max, round_step, out);
}

size_t
chart_grid_seconds(double *min, double *max, double out[CHART_GRID_MAX])
{
	return grid(min, max, round_seconds, out);
}
