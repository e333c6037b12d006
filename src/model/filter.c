/* filter.c: see filter.h. */
#include "model/filter.h"

#include "base/arena.h"
#include "model/build.h"

void
filter_text(struct sql *s, enum query fragment, const char *text)
{
	if (text != NULL && text[0] != '\0')
		sql_add1(s, fragment, db_text(text));
}

void
filter_statuses(
    struct sql *s, struct arena *a, enum query fragment, unsigned bits)
{
	int16_t *status =
	    arena_calloc(a, BUILD_INCOMPLETE + 1, sizeof(*status));
	size_t n = 0;

	if (bits == 0)
		return;
	for (int16_t i = 0; i <= BUILD_INCOMPLETE; i++)
		if (bits & 1U << i)
			status[n++] = i;
	sql_add1(s, fragment, db_int2s(status, n));
}
