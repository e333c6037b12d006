/* human.c: numbers and times as people say them; see doc.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "xml/doc.h"

#define US 1000000
#define NO_TIME INT64_MIN

/* Pages make thousands of these, so the common ones do without printf. */
static char *
put_text(char *p, const char *s)
{
	while (*s != '\0')
		*p++ = *s++;
	*p = '\0';
	return p;
}

static char *
put_number(char *p, uint64_t v)
{
	char digits[24], *d = digits + sizeof(digits);

	do {
		*--d = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	while (d < digits + sizeof(digits))
		*p++ = *d++;
	*p = '\0';
	return p;
}

/* At least two digits. */
static char *
put_two(char *p, unsigned v)
{
	if (v < 10)
		*p++ = '0';
	return put_number(p, v);
}

/* v / 10^decimals */
static char *
put_fixed(char *p, uint64_t v, int decimals)
{
	uint64_t scale = decimals == 2 ? 100 : 10;

	p = put_number(p, v / scale);
	*p++ = '.';
	if (decimals == 2)
		return put_two(p, (unsigned)(v % scale));
	return put_number(p, v % scale);
}

static char *
put_count(char *p, uint64_t v)
{
	char digits[24];
	size_t n = (size_t)(put_number(digits, v) - digits);

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			*p++ = ',';
		*p++ = digits[i];
	}
	*p = '\0';
	return p;
}

const char *
human_count(char out[HUMAN_MAX], int64_t value)
{
	char *p = out;

	if (value < 0)
		*p++ = '-';
	put_count(p, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
	return out;
}

/* "16 min 10 s", leaving out a second part of 0. */
static void
two_parts(char *p, uint64_t v, unsigned per, const char *big, const char *small)
{
	p = put_count(p, v / per);
	p = put_text(p, big);
	if (v % per == 0)
		return;
	*p++ = ' ';
	put_text(put_number(p, v % per), small);
}

static void
short_time(char *p, double s)
{
	if (s <= 0)
		put_text(p, "0 s");
	else if (s < 0.00095)
		put_text(
		    put_fixed(p, (uint64_t)fmax(round(s * 1e4), 1), 1), " ms");
	else if (s < 0.0095)
		put_text(put_number(p, (uint64_t)round(s * 1e3)), " ms");
	else if (s < 0.995)
		put_text(put_fixed(p, (uint64_t)round(s * 1e2), 2), " s");
	else if (s < 9.95)
		put_text(put_fixed(p, (uint64_t)round(s * 1e1), 1), " s");
	else
		put_text(put_number(p, (uint64_t)round(s)), " s");
}

const char *
human_seconds(char out[HUMAN_MAX], double s)
{
	double whole;

	out[0] = '\0';
	if (!isfinite(s) || fabs(s) > 1e15)
		return out;
	if (s < 0) {
		char positive[HUMAN_MAX];
		snprintf(out, HUMAN_MAX, "-%.40s", human_seconds(positive, -s));
		return out;
	}
	whole = round(s);
	if (whole < 60)
		short_time(out, s);
	else if (whole < 3600)
		two_parts(out, (uint64_t)whole, 60, " min", " s");
	else if (round(s / 60) < 1440)
		two_parts(out, (uint64_t)round(s / 60), 60, " h", " min");
	else
		two_parts(out, (uint64_t)round(s / 3600), 24, " d", " h");
	return out;
}

/* "1.2 GB" with a suffix such as "/s". */
static void
scaled_bytes(char *p, double v, const char *suffix)
{
	static const char *const units[] = {
	    " B", " kB", " MB", " GB", " TB", " PB", " EB"};
	size_t u = 0;
	double mag = fabs(v);

	if (!(mag < 1e21)) {
		*p = '\0';
		return;
	}
	/* 999.6 kB would print as 1000 kB */
	for (; mag >= 999.5 && u < 6; u++)
		mag /= 1000;
	if (v < 0)
		*p++ = '-';
	if (u > 0 && mag < 9.95)
		p = put_fixed(p, (uint64_t)round(mag * 10), 1);
	else
		p = put_number(p, (uint64_t)round(mag));
	put_text(put_text(p, units[u]), suffix);
}

const char *
human_bytes(char out[HUMAN_MAX], double bytes)
{
	out[0] = '\0';
	scaled_bytes(out, bytes, "");
	return out;
}

static bool
split_time(int64_t us, struct tm *tm)
{
	int64_t s = us / US - (us % US < 0);
	time_t t = (time_t)s;

	return us != NO_TIME && gmtime_r(&t, tm) != NULL;
}

const char *
human_time(char out[HUMAN_MAX], int64_t us, int64_t now_us)
{
	static const char *const months[] = {"January", "February", "March",
	    "April", "May", "June", "July", "August", "September", "October",
	    "November", "December"};
	struct tm tm, now;
	char *p = out;

	out[0] = '\0';
	if (!split_time(us, &tm) || !split_time(now_us, &now))
		return out;
	if (tm.tm_year != now.tm_year) {
		snprintf(out, HUMAN_MAX, "%d %s %d", tm.tm_mday,
		    months[tm.tm_mon], tm.tm_year + 1900);
		return out;
	}
	if (tm.tm_yday != now.tm_yday) {
		p = put_number(p, (unsigned)tm.tm_mday);
		*p++ = ' ';
		memcpy(p, months[tm.tm_mon], 3);
		p[3] = ' ';
		p += 4;
	}
	p = put_two(p, (unsigned)tm.tm_hour);
	*p++ = ':';
	put_two(p, (unsigned)tm.tm_min);
	return out;
}

const char *
human_share(char out[HUMAN_MAX], double fraction)
{
	double tenths = round(fraction * 1000);

	out[0] = '\0';
	if (!isfinite(fraction) || fabs(fraction) > 1e12)
		return out;
	/* All and nothing are said only when they are true. */
	if (fraction < 1 && tenths >= 1000)
		tenths = 999;
	if (fraction > 0 && tenths < 1)
		snprintf(out, HUMAN_MAX, "< 0.1 %%");
	else if (fmod(tenths, 10) == 0 && (tenths == 0 || tenths == 1000))
		snprintf(out, HUMAN_MAX, "%.0f %%", tenths / 10);
	else
		snprintf(out, HUMAN_MAX, "%.1f %%", tenths / 10);
	return out;
}

static void
plain_number(char *out, double v, const char *unit)
{
	char count[HUMAN_MAX];

	if (v == floor(v) && fabs(v) < 1e15)
		human_count(count, (int64_t)v);
	else if (fabs(v) >= 1000 && fabs(v) < 1e15)
		human_count(count, llround(v));
	else
		snprintf(count, sizeof(count), "%.3g", v);
	snprintf(out, HUMAN_MAX, "%.24s%s%.16s", count,
	    unit[0] != '\0' ? " " : "", unit);
}

const char *
human_measure(char out[HUMAN_MAX], double v, const char *unit)
{
	out[0] = '\0';
	if (!isfinite(v))
		return out;
	if (strcmp(unit, "s") == 0)
		return human_seconds(out, v);
	if (strcmp(unit, "B") == 0)
		return human_bytes(out, v);
	if (strcmp(unit, "KiB") == 0)
		return human_bytes(out, v * 1024);
	if (strcmp(unit, "B/s") == 0)
		scaled_bytes(out, v, "/s");
	else if (strcmp(unit, "1/s") == 0)
		plain_number(out, v, "/s");
	else if (strcmp(unit, "%") == 0)
		return human_share(out, v / 100);
	else
		plain_number(out, v, unit);
	return out;
}
