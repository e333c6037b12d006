/* ustar.c: see ustar.h.  Whoever is in doubt says no: libarchive decides. */
#include "archive/ustar.h"

#include <string.h>

/* Where the fields of a header lie. */
enum {
	AT_NAME = 0,
	AT_SIZE = 124,
	AT_SUM = 148,
	AT_TYPE = 156,
	AT_MAGIC = 257,
	AT_PREFIX = 345,
	NAME_BYTES = 100,
	SIZE_BYTES = 12,
	SUM_BYTES = 8,
	PREFIX_BYTES = 155
};

/* Octal digits, blanks before, blanks or NULs behind. */
static bool
octal(const char *p, size_t n, uint64_t *out)
{
	uint64_t v = 0;
	size_t i = 0, digits;

	while (i < n && p[i] == ' ')
		i++;
	digits = i;
	while (i < n && p[i] >= '0' && p[i] <= '7')
		v = v << 3 | (uint64_t)(p[i++] - '0');
	if (i == digits)
		return false;
	while (i < n && (p[i] == ' ' || p[i] == '\0'))
		i++;
	*out = v;
	return i == n;
}

static bool
sum_is_right(const char *block)
{
	const unsigned char *p = (const unsigned char *)block;
	uint64_t want;
	unsigned sum = SUM_BYTES * ' ';

	if (!octal(block + AT_SUM, SUM_BYTES, &want))
		return false;
	for (size_t i = 0; i < USTAR_BLOCK; i++)
		sum += p[i];
	for (size_t i = AT_SUM; i < AT_SUM + SUM_BYTES; i++)
		sum -= p[i];
	return sum == want;
}

static void
set_path(const char *block, bool posix, char *path)
{
	size_t n = 0;

	if (posix && block[AT_PREFIX] != '\0') {
		n = strnlen(block + AT_PREFIX, PREFIX_BYTES);
		memcpy(path, block + AT_PREFIX, n);
		path[n++] = '/';
	}
	size_t name = strnlen(block + AT_NAME, NAME_BYTES);
	memcpy(path + n, block + AT_NAME, name);
	path[n + name] = '\0';
}

bool
ustar_read(const char block[USTAR_BLOCK], struct ustar *out)
{
	bool posix = memcmp(block + AT_MAGIC, "ustar\00000", 8) == 0;
	char type = block[AT_TYPE];
	size_t n;

	if (!posix && memcmp(block + AT_MAGIC, "ustar  ", 8) != 0)
		return false;
	if (type != '0' && type != '\0' && type != '5')
		return false;
	if (!octal(block + AT_SIZE, SIZE_BYTES, &out->size) ||
	    !sum_is_right(block))
		return false;
	set_path(block, posix, out->path);
	n = strlen(out->path);
	out->directory = type == '5';
	/* A file called "x/" is a directory of old; let others judge. */
	return n > 0 &&
	       (out->directory ? out->size == 0 : out->path[n - 1] != '/');
}

bool
ustar_is_end(const char block[USTAR_BLOCK])
{
	return block[0] == '\0' &&
	       memcmp(block, block + 1, USTAR_BLOCK - 1) == 0;
}
