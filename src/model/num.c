/* num.c: numbers as bitbake wrote them; see build.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/build.h"

#define MILLION 1000000
/* Integers up to here are doubles without loss. */
#define EXACT_MAX ((int64_t)1 << 53)

/*
 * Python adds sec and usec * 1e-6, each rounded.  The volatile keeps compilers
 * from fusing the two into one rounding.
 */
static double
usec_to_double(int64_t us)
{
	volatile double part = (double)(us % MILLION) * 1e-6;

	return (double)(us / MILLION) + part;
}

double
num_to_double(enum num_form form, int64_t value)
{
	double d;

	switch (form) {
	case NUM_INT:
		return (double)value;
	case NUM_FIX2:
		return (double)value / 100;
	case NUM_USEC:
		return usec_to_double(value);
	case NUM_REAL:
		break;
	}
	memcpy(&d, &value, sizeof(d));
	return d;
}

size_t
num_to_text(char out[32], enum num_form form, int64_t value)
{
	uint64_t mag = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	switch (form) {
	case NUM_INT:
		return (size_t)snprintf(out, 32, "%lld", (long long)value);
	case NUM_FIX2:
		return (size_t)snprintf(out, 32, "%s%llu.%02llu",
		    value < 0 ? "-" : "", (unsigned long long)(mag / 100),
		    (unsigned long long)(mag % 100));
	case NUM_USEC:
	case NUM_REAL:
		break;
	}
	return str_from_double(out, num_to_double(form, value));
}

/* Reads digits from *i on; false if there are none, or more than 18. */
static bool
take_digits(struct slice s, size_t *i, int64_t *v)
{
	size_t first = *i;

	*v = 0;
	for (; *i < s.n && s.p[*i] >= '0' && s.p[*i] <= '9'; (*i)++) {
		if (*i - first == 18)
			return false;
		*v = *v * 10 + (s.p[*i] - '0');
	}
	return *i > first;
}

/* "0", "7", "70", but not "07": nobody writes that. */
static bool
is_plain(struct slice digits)
{
	return digits.n > 0 && digits.p[0] >= '0' && digits.p[0] <= '9' &&
	       (digits.n == 1 || digits.p[0] != '0');
}

static bool
parse_int(struct slice s, int64_t *value)
{
	size_t sign = s.n > 0 && s.p[0] == '-';

	if (!is_plain((struct slice){s.p + sign, s.n - sign}) ||
	    (sign && s.p[1] == '0'))
		return false;
	return str_to_i64(s.p, s.n, value);
}

static bool
parse_fix2(struct slice s, int64_t *value)
{
	size_t sign = s.n > 0 && s.p[0] == '-', i = sign;
	int64_t whole, part;

	if (s.n < sign + 4 || s.p[s.n - 3] != '.' ||
	    !is_plain((struct slice){s.p + sign, s.n - 3 - sign}) ||
	    !take_digits(s, &i, &whole) || i++ != s.n - 3 ||
	    !take_digits(s, &i, &part) || i != s.n)
		return false;
	if (whole >= EXACT_MAX / 100 || (sign && whole == 0 && part == 0))
		return false;
	*value = whole * 100 + part;
	if (sign)
		*value = -*value;
	return true;
}

/* Is us what Python prints as s? */
static bool
usec_is(int64_t us, struct slice s)
{
	char text[32];

	return str_from_double(text, usec_to_double(us)) == s.n &&
	       memcmp(text, s.p, s.n) == 0;
}

/*
 * Six digits behind the point are microseconds; more come from the rounding
 * of the sum, and the seventh tells which microsecond was meant.
 */
static bool
parse_usec_plain(struct slice s, int64_t *value)
{
	size_t i = 0, point, n;
	int64_t whole, us;

	if (!take_digits(s, &i, &whole) || whole >= EXACT_MAX / MILLION ||
	    i + 1 >= s.n || s.p[i] != '.' || !is_plain((struct slice){s.p, i}))
		return false;
	point = i++;
	for (us = whole; i <= point + 6; i++) {
		unsigned d =
		    i < s.n ? (unsigned)(unsigned char)s.p[i] - '0' : 0;
		if (d > 9)
			return false;
		us = us * 10 + d;
	}
	n = s.n - point - 1;
	if (n > 6) {
		us += s.p[point + 7] >= '5';
		*value = us;
		return usec_is(us, s);
	}
	*value = us;
	return (n == 1 || s.p[s.n - 1] != '0') && (us == 0 || us >= 100) &&
	       (double)us / MILLION == usec_to_double(us);
}

static bool
parse_usec(struct slice s, int64_t *value)
{
	double d;

	if (s.n == 0 || s.p[0] == '-')
		return false;
	if (memchr(s.p, 'e', s.n) == NULL)
		return parse_usec_plain(s, value);
	if (!str_to_double(s.p, s.n, &d) || d >= 1)
		return false;
	*value = llround(d * MILLION);
	return usec_is(*value, s);
}

static bool
parse_real(struct slice s, int64_t *value)
{
	char text[32];
	double d;

	if (!str_to_double(s.p, s.n, &d) || str_from_double(text, d) != s.n ||
	    memcmp(text, s.p, s.n) != 0)
		return false;
	memcpy(value, &d, sizeof(d));
	return true;
}

bool
num_parse_as(struct slice s, enum num_form form, int64_t *value)
{
	switch (form) {
	case NUM_INT:
		return parse_int(s, value);
	case NUM_FIX2:
		return parse_fix2(s, value);
	case NUM_USEC:
		return parse_usec(s, value);
	case NUM_REAL:
		break;
	}
	return parse_real(s, value);
}

bool
num_parse(struct slice s, enum num_form *form, int64_t *value)
{
	for (int f = NUM_INT; f <= NUM_REAL; f++) {
		*form = (enum num_form)f;
		if (num_parse_as(s, *form, value))
			return true;
	}
	return false;
}
