/* utf8.c: the UTF-8 part of str.h. */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

/* Marks that turn the direction of all text behind them: a name that holds
 * one would rearrange the page around it. */
static bool
is_bidi_control(unsigned u)
{
	return (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069);
}

/*
 * Length of the character at s, or 0 if there is none that XML 1.0 and
 * PostgreSQL both take: well-formed, no surrogate, no control but TAB and LF,
 * none that reverses text.
 */
static size_t
char_length(const unsigned char *s, size_t n)
{
	unsigned char c = s[0];

	if (c < 0x80)
		return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n';
	if (c >= 0xc2 && c <= 0xdf)
		return n >= 2 && (s[1] & 0xc0) == 0x80 &&
			       !(c == 0xc2 && s[1] < 0xa0)
			   ? 2
			   : 0;
	if ((c & 0xf0) == 0xe0) {
		if (n < 3 || (s[1] & 0xc0) != 0x80 || (s[2] & 0xc0) != 0x80)
			return 0;
		unsigned u = (unsigned)(c & 15) << 12 |
			     (unsigned)(s[1] & 63) << 6 | (s[2] & 63);
		return u >= 0x800 && !(u >= 0xd800 && u <= 0xdfff) &&
			       u < 0xfffe && !is_bidi_control(u)
			   ? 3
			   : 0;
	}
	if (c >= 0xf0 && c <= 0xf4) {
		if (n < 4 || (s[1] & 0xc0) != 0x80 || (s[2] & 0xc0) != 0x80 ||
		    (s[3] & 0xc0) != 0x80)
			return 0;
		unsigned u = (unsigned)(c & 7) << 18 |
			     (unsigned)(s[1] & 63) << 12 |
			     (unsigned)(s[2] & 63) << 6 | (s[3] & 63);
		return u >= 0x10000 && u <= 0x10ffff ? 4 : 0;
	}
	return 0;
}

/*
 * Bytes at the start of s that are printable ASCII, eight at a time, which
 * most texts are all of.
 */
static size_t
plain_prefix(const unsigned char *s, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	size_t i = 0;

	for (; n - i >= 8; i += 8) {
		uint64_t v, del;
		memcpy(&v, s + i, 8);
		del = v ^ ones * 0x7f;
		/* the top bit of a byte that is below 0x20, 0x7f, or above */
		if (((v | (v - ones * 0x20) | (del - ones)) & tops) != 0)
			break;
	}
	return i;
}

bool
utf8_clean(const void *data, size_t n)
{
	const unsigned char *s = data;

	for (size_t i = plain_prefix(s, n); i < n;) {
		size_t len = char_length(s + i, n - i);
		if (len == 0)
			return false;
		i += len;
	}
	return true;
}

char *
utf8_scrub(struct arena *a, const void *data, size_t n)
{
	static const char replacement[] = "\xef\xbf\xbd";
	const unsigned char *s = data;
	char *out, *p;

	if (utf8_clean(data, n))
		return arena_strndup(a, data, n);
	p = out = arena_alloc(a, n * 3 + 1);
	while (n > 0) {
		size_t len = char_length(s, n);
		if (len > 0) {
			memcpy(p, s, len);
			p += len;
		} else {
			memcpy(p, replacement, 3);
			p += 3;
			len = 1;
		}
		s += len;
		n -= len;
	}
	*p = '\0';
	return out;
}

const char *
utf8_cut(struct arena *a, const char *s, size_t max)
{
	size_t n = strnlen(s, max + 1);

	if (n <= max)
		return s;
	for (n = max; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80;)
		n--;
	return arena_strndup(a, s, n);
}
