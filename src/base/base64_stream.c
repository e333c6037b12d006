/* base64_stream.c: see base64_stream.h. */
#include "base/base64_stream.h"

#include <string.h>

static int
base64_digit(char c)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	const char *at = c != '\0' ? strchr(alphabet, c) : NULL;

	return at != NULL ? (int)(at - alphabet) : -1;
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
