/* pf.c: see pf.h. */
#include "model/pf.h"

#include <string.h>

#include "base/arena.h"

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

void
pf_of_message(struct arena *a, const char *message, const char **recipe,
    const char **version)
{
	const char *end = strstr(message, ".bb"), *p, *mark;

	if (end == NULL)
		return;
	for (p = end; p > message && strchr("/ '\"\t\n:", p[-1]) == NULL; p--)
		;
	mark = memchr(p, '_', (size_t)(end - p));
	*recipe = arena_strndup(a, p, (size_t)((mark ? mark : end) - p));
	if (mark != NULL)
		*version = arena_strndup(a, mark + 1, (size_t)(end - mark - 1));
}
