/* byte_range.c: see byte_range.h. */
#include "web/byte_range.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

/* "-500" */
static enum byte_range
read_suffix(struct slice last, uint64_t size, uint64_t *start, uint64_t *n)
{
	uint64_t count;

	if (!str_to_u64(last.p, last.n, &count))
		return BYTE_RANGE_ALL;
	if (count == 0 || size == 0)
		return BYTE_RANGE_BEYOND;
	*n = count < size ? count : size;
	*start = size - *n;
	return BYTE_RANGE_PART;
}

static bool
is_number(struct slice s)
{
	return s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9';
}

enum byte_range
byte_range_read(const char *text, uint64_t size, uint64_t *start, uint64_t *n)
{
	struct slice first, last;
	uint64_t from, to = UINT64_MAX;

	if (text == NULL || strncasecmp(text, "bytes=", 6) != 0)
		return BYTE_RANGE_ALL;
	last = slice_trim(slice_of(text + 6));
	if (!slice_cut(&last, '-', &first))
		return BYTE_RANGE_ALL;
	if (first.n == 0)
		return is_number(last) ? read_suffix(last, size, start, n)
				       : BYTE_RANGE_ALL;
	if (!is_number(first) || !str_to_u64(first.p, first.n, &from))
		return BYTE_RANGE_ALL;
	if (last.n > 0 &&
	    (!is_number(last) || !str_to_u64(last.p, last.n, &to) || to < from))
		return BYTE_RANGE_ALL;
	if (from >= size)
		return BYTE_RANGE_BEYOND;
	*start = from;
	*n = (to < size - 1 ? to : size - 1) - from + 1;
	return BYTE_RANGE_PART;
}

bool
byte_range_has_tag(const char *list, const char *tag)
{
	struct slice rest = slice_of(list), one;

	if (list == NULL)
		return false;
	for (bool more = true; more;) {
		more = slice_cut(&rest, ',', &one);
		one = slice_trim(one);
		if (slice_starts(one, "W/"))
			one = (struct slice){one.p + 2, one.n - 2};
		if (slice_is(one, tag) || slice_is(one, "*"))
			return true;
	}
	return false;
}
