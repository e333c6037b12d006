/* time.c: the ISO 8601 part of str.h; UTC only. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/str.h"

#define US 1000000

/* Reads w digits at s as a number; false if one isn't a digit. */
static bool
digits(const char *s, size_t w, int *out)
{
	uint64_t v;

	if (!str_to_u64(s, w, &v))
		return false;
	*out = (int)v;
	return true;
}

static bool
read_clock(const char *s, size_t n, struct tm *tm, int64_t *fraction)
{
	if (n < 5 || s[2] != ':' || !digits(s, 2, &tm->tm_hour) ||
	    !digits(s + 3, 2, &tm->tm_min))
		return false;
	s += 5;
	n -= 5;
	if (n >= 3 && s[0] == ':') {
		if (!digits(s + 1, 2, &tm->tm_sec))
			return false;
		s += 3;
		n -= 3;
		if (n >= 2 && s[0] == '.') {
			int64_t unit = US / 10;
			for (s++, n--; n > 0 && *s >= '0' && *s <= '9';
			     s++, n--, unit /= 10)
				*fraction += (*s - '0') * unit;
		}
	}
	return n == 0 || (n == 1 && s[0] == 'Z') ||
	       (n == 6 && memcmp(s, "+00:00", 6) == 0);
}

bool
str_to_time(const char *s, size_t n, int64_t *us)
{
	struct tm tm = {0}, check;
	int64_t fraction = 0;
	time_t t;

	if (n < 10 || s[4] != '-' || s[7] != '-' ||
	    !digits(s, 4, &tm.tm_year) || !digits(s + 5, 2, &tm.tm_mon) ||
	    !digits(s + 8, 2, &tm.tm_mday))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	if (n > 10 && ((s[10] != 'T' && s[10] != ' ') ||
			  !read_clock(s + 11, n - 11, &tm, &fraction)))
		return false;
	if (tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
		return false;
	check = tm;
	t = timegm(&check);
	if (check.tm_mon != tm.tm_mon || check.tm_mday != tm.tm_mday)
		return false; /* 30 February */
	*us = (int64_t)t * US + fraction;
	return true;
}

/* v with w digits; strftime takes four times as long. */
static char *
put_digits(char *p, unsigned v, int w, char behind)
{
	for (int i = w - 1; i >= 0; i--, v /= 10)
		p[i] = (char)('0' + v % 10);
	p[w] = behind;
	return p + w + 1;
}

size_t
str_from_time(char out[32], int64_t us)
{
	int64_t part = us % US;
	time_t t;
	struct tm tm;
	char *p;

	if (part < 0)
		part += US;
	t = (time_t)((us - part) / US);
	if (gmtime_r(&t, &tm) == NULL || tm.tm_year > 8099 ||
	    tm.tm_year < -1900) {
		out[0] = '\0';
		return 0;
	}
	p = put_digits(out, (unsigned)tm.tm_year + 1900, 4, '-');
	p = put_digits(p, (unsigned)tm.tm_mon + 1, 2, '-');
	p = put_digits(p, (unsigned)tm.tm_mday, 2, 'T');
	p = put_digits(p, (unsigned)tm.tm_hour, 2, ':');
	p = put_digits(p, (unsigned)tm.tm_min, 2, ':');
	p = put_digits(p, (unsigned)tm.tm_sec, 2, '.');
	p--;
	if (part != 0) {
		p = put_digits(p + 1, (unsigned)part, 6, '0');
		while (p[-1] == '0')
			p--;
	}
	*p++ = 'Z';
	*p = '\0';
	return (size_t)(p - out);
}
