/* metric_name.c: what URLs and JSON call a metric; see build.h. */
#include "base/arena.h"
#include "model/build.h"

static char
safe(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	    c == '.')
		return c;
	return '_';
}

const char *
metric_name_of(struct arena *a, struct slice key)
{
	char *name, *p;
	size_t last = 0;

	key = slice_trim(key);
	for (size_t i = 0; i < key.n; i++)
		if (key.p[i] == ' ' || key.p[i] == '\t')
			last = i;
	p = name = arena_alloc(a, key.n + 2);
	for (size_t i = 0; i < key.n; i++)
		*p++ = i == last && i > 0 ? '.' : safe(key.p[i]);
	if (p == name)
		*p++ = '_';
	*p = '\0';
	return name;
}
