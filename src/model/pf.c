/* pf.c: see pf.h. */
#include "model/pf.h"

#include <stddef.h>

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The last dash before `end` that has something on both sides, and a digit
 * behind it if wanted; 0 if there is none. */
static size_t
last_dash(const char *p, size_t end, bool digit)
{
	for (size_t i = end; i-- > 1;)
		if (p[i] == '-' && i + 1 < end &&
		    (!digit || is_digit(p[i + 1])))
			return i;
	return 0;
}

bool
pf_split(struct slice pf, struct slice *recipe, struct slice *version)
{
	size_t revision = pf.n, at = 0;

	while (revision > 0 && pf.p[revision - 1] != '-')
		revision--;
	if (revision > 1)
		at = last_dash(pf.p, revision - 1, true);
	if (at == 0 && revision > 1)
		at = last_dash(pf.p, revision - 1, false);
	*recipe = pf;
	*version = (struct slice){"", 0};
	if (at == 0)
		return false;
	recipe->n = at;
	*version = (struct slice){pf.p + at + 1, pf.n - at - 1};
	return true;
}
