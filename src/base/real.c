/*
 * real.c: the floating-point part of str.h.
 *
 * Numbers as builds write them, with few digits and no great exponent, go an
 * exact way with integers; the rest is left to the C library.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

__extension__ typedef unsigned __int128 u128;

#define MANTISSA_BITS 53
#define DIGITS_MAX 17

static const double exact_powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22};

/*
 * Plain decimals of at most 15 digits: an integer below 2^53 divided by an
 * exact power of ten is rounded once, hence right.
 */
static bool
short_decimal(const char *s, size_t n, double *out)
{
	bool negative = n > 0 && *s == '-';
	uint64_t v = 0;
	size_t i = negative, digits = 0, point = n;

	for (; i < n; i++) {
		unsigned d = (unsigned)(unsigned char)s[i] - '0';
		if (d <= 9) {
			v = v * 10 + d;
			if (++digits > 15)
				return false;
		} else if (s[i] == '.' && point == n) {
			point = i;
		} else {
			return false;
		}
	}
	if (digits == 0)
		return false;
	*out = (double)v / exact_powers[point < n ? n - point - 1 : 0];
	if (negative)
		*out = -*out;
	return true;
}

bool
str_to_double(const char *s, size_t n, double *out)
{
	char tmp[64], *end;

	if (short_decimal(s, n, out))
		return true;
	if (n == 0 || n >= sizeof(tmp))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]) &&
		    (s[i] == '\0' || strchr("+-.eE", s[i]) == NULL))
			return false;
	memcpy(tmp, s, n);
	tmp[n] = '\0';
	*out = strtod(tmp, &end);
	return end == tmp + n && isfinite(*out);
}

/* A decimal: 0.DIGITS times ten to the power of point. */
struct decimal {
	char digits[DIGITS_MAX + 1];
	int n, point;
};

/* v / 10^scale; v has at most 17 digits and is not 0. */
static void
decimal_set(struct decimal *d, uint64_t v, int scale)
{
	char tmp[DIGITS_MAX];
	int n = 0;

	while (v % 10 == 0) {
		v /= 10;
		scale--;
	}
	for (; v > 0; v /= 10)
		tmp[n++] = (char)('0' + v % 10);
	for (int i = 0; i < n; i++)
		d->digits[i] = tmp[n - 1 - i];
	d->n = n;
	d->point = n - scale;
}

static u128
power_of_ten(int k)
{
	uint64_t p = 1;
	int i = 0;

	for (; i < k && i < 19; i++)
		p *= 10;
	return i == k ? p : (u128)p * (uint64_t)exact_powers[k - i];
}

/*
 * The multiple of unit that is nearest to scaled / 2^s, the even one of two.
 * *off is how far it is away, times 2^s.
 */
static uint64_t
nearest(u128 scaled, int s, uint64_t unit, u128 *off)
{
	uint64_t v = (uint64_t)(scaled >> s) / unit;
	u128 step = (u128)unit << s, rest = scaled - v * step;

	if (rest > step - rest || (rest == step - rest && v % 2)) {
		v++;
		rest = step - rest;
	}
	*off = rest;
	return v * unit;
}

/*
 * The shortest decimal that reads as mag, for 1e-6 <= mag < 2^53 and not
 * whole.  mag is m / 2^s; scaled by 10^k it has 17 digits before the point
 * and stays below 2^127, so all of this is exact.
 */
static bool
shortest_exact(struct decimal *out, double mag)
{
	int exponent, k, s;
	uint64_t m = (uint64_t)(frexp(mag, &exponent) * 0x1p53), v = 0;
	u128 scaled, ulp, off;

	s = MANTISSA_BITS - exponent;
	k = 16 - (int)floor(log10(mag));
	ulp = power_of_ten(k);
	scaled = m * ulp;
	for (unsigned unit = 100; unit >= 1; unit /= 10) {
		v = nearest(scaled, s, unit, &off);
		if (off * 2 < ulp || (off * 2 == ulp && m % 2 == 0))
			break;
	}
	if (v >= (uint64_t)1e17 && v != (uint64_t)1e17)
		return false; /* log10 was rounded across a power of ten */
	decimal_set(out, v, k);
	return true;
}

/* Exact powers of two may get a digit more than they need: below them the
 * doubles lie closer than above, and printf knows one direction only. */
static void
shortest_slow(struct decimal *out, double mag)
{
	char tmp[40];
	const char *e;
	int digits = 0;

	do {
		snprintf(tmp, sizeof(tmp), "%.*e", digits++, mag);
	} while (digits < DIGITS_MAX && strtod(tmp, NULL) != mag);
	e = strchr(tmp, 'e');
	out->point = (int)strtol(e + 1, NULL, 10) + 1;
	out->n = 0;
	for (const char *p = tmp; p < e; p++)
		if (isdigit((unsigned char)*p))
			out->digits[out->n++] = *p;
	while (out->n > 1 && out->digits[out->n - 1] == '0')
		out->n--;
}

/* Python's layout: an exponent below 1e-4 and from 1e16 on. */
static size_t
layout(char out[32], bool negative, const struct decimal *d)
{
	char *p = out;
	int whole = d->point > 0 ? d->point : 0;

	if (negative)
		*p++ = '-';
	if (d->point <= -4 || d->point > 16) {
		*p++ = d->digits[0];
		if (d->n > 1) {
			*p++ = '.';
			memcpy(p, d->digits + 1, (size_t)d->n - 1);
			p += d->n - 1;
		}
		p += snprintf(p, 8, "e%c%02d", d->point > 0 ? '+' : '-',
		    abs(d->point - 1));
		return (size_t)(p - out);
	}
	for (int i = 0; i < whole; i++)
		*p++ = i < d->n ? d->digits[i] : '0';
	if (whole == 0)
		*p++ = '0';
	*p++ = '.';
	for (int i = d->point; i < 0; i++)
		*p++ = '0';
	if (whole < d->n) {
		memcpy(p, d->digits + whole, (size_t)(d->n - whole));
		p += d->n - whole;
	} else {
		*p++ = '0';
	}
	*p = '\0';
	return (size_t)(p - out);
}

size_t
str_from_double(char out[32], double d)
{
	struct decimal dec;
	double mag = fabs(d);

	if (mag < 0x1p53 && mag == floor(mag))
		return (size_t)snprintf(out, 32, "%s%llu.0",
		    signbit(d) ? "-" : "", (unsigned long long)mag);
	if (!isfinite(d))
		return (size_t)snprintf(out, 32, "%f", d);
	if (mag < 1e-6 || mag >= 0x1p53 || !shortest_exact(&dec, mag))
		shortest_slow(&dec, mag);
	return layout(out, signbit(d), &dec);
}
