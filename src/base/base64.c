/* base64.c: the base64 part of str.h; RFC 4648, padded. */
#include "base/base64_stream.h"
#include "base/str.h"

int
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

/* Four characters, the last `pad` of which are '='. */
static bool
quad(unsigned char *out, const char *s, size_t pad)
{
	uint32_t v = 0;

	for (size_t i = 0; i < 4; i++) {
		int d = i < 4 - pad ? base64_digit(s[i]) : 0;
		if (d < 0)
			return false;
		v = v << 6 | (uint32_t)d;
	}
	for (size_t i = 0; i < 3 - pad; i++)
		out[i] = (unsigned char)(v >> (16 - 8 * i));
	return true;
}

bool
str_from_base64(void *out, const char *s, size_t n, size_t *bytes)
{
	unsigned char *to = out;
	size_t pad = n >= 4 ? (size_t)(s[n - 1] == '=') + (s[n - 2] == '=') : 0;

	*bytes = n / 4 * 3 - pad;
	if (n % 4 != 0 || (pad == 1 && s[n - 2] == '='))
		return false;
	for (size_t i = 0; i < n; i += 4)
		if (!quad(to + i / 4 * 3, s + i, i + 4 == n ? pad : 0))
			return false;
	return true;
}
