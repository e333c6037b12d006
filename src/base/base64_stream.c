/* base64_stream.c: see base64_stream.h. */
#include "base/base64_stream.h"

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool
is_blank(char c)
{
	return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

bool
base64_add(
    struct base64 *b, const char *p, size_t n, unsigned char *out, size_t *got)
{
	*got = 0;
	for (size_t i = 0; i < n; i++) {
		char c = p[i];
		int v = base64_digit(c);
		if (v < 0 && is_blank(c))
			continue;
		if (c == '=') {
			b->ended = true;
			continue;
		}
		if (v < 0 || b->ended)
			return false;
		b->bits = b->bits << 6 | (uint32_t)v;
		b->have++;
		if (b->have > 1)
			out[(*got)++] =
			    (unsigned char)(b->bits >> (6 - 2 * (b->have - 1)));
		if (b->have == 4)
			b->have = 0;
	}
	return true;
}
