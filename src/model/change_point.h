/*
 * change_point.h: finds the steps in a series of measurements; pure.
 *
 * Binary segmentation with Pettitt's test: of a stretch, the place where the
 * ranks before and after differ most is a step if that is very unlikely by
 * chance (p = 2 exp(-6 K^2 / (n^3 + n^2)), Pettitt 1979) and if the medians
 * differ by more than the noise around them explains; then both sides are
 * looked at by themselves.  Ranks and medians don't mind outliers, and the test
 * asks for no particular distribution.
 */
#ifndef MODEL_CHANGE_POINT_H
#define MODEL_CHANGE_POINT_H

#include <stddef.h>

struct arena;

#define CHANGE_SIDE_MIN 5     /* values on either side of a step */
#define CHANGE_P_MAX 0.002    /* by chance */
#define CHANGE_SHARE_MIN 0.03 /* of the median before */
/* Times the standard deviation of the noise, estimated from the median
 * difference of neighbours. */
#define CHANGE_NOISE_MIN 2.0

struct change_point {
	size_t at;            /* the first value after the step */
	double before, after; /* medians, up to the next steps */
	double noise;         /* standard deviation around them */
	double p;
};

/* Steps of n values in the order of time, ascending; NAN values are passed
 * over; `at` counts them.  At most max are written, the largest. */
size_t change_points(struct arena *a, const double *v, size_t n,
    struct change_point *out, size_t max);

/* Medians and the like, of n values that are not NAN; v is reordered. */
double number_median(double *v, size_t n);
double number_quantile(double *v, size_t n, double q);

#endif
