/* route_find.c: from a path to its row; see route.h. */
#include "web/route.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "web/request.h"

/* Does the pattern take these segments? */
static bool
matches(const char *pattern, const char *const *segment, size_t n,
    const char **capture)
{
	struct slice rest = slice_of(pattern + 1), part;
	size_t ncaptured = 0;

	for (size_t i = 0; i < n; i++) {
		if (rest.n == 0)
			return false;
		slice_cut(&rest, '/', &part);
		if (part.p[0] != ':') {
			if (!slice_is(part, segment[i]))
				return false;
			continue;
		}
		assert(ncaptured < CAPTURES_MAX);
		capture[ncaptured++] = segment[i];
	}
	return rest.n == 0;
}

static bool
takes(const struct route *route, const struct request *r, const char **capture)
{
	unsigned where = route->where != 0 ? route->where : IN_BASE;

	return (where & r->where) != 0 &&
	       matches(route->path, r->segment, r->nsegments, capture) &&
	       ((r->suffix[0] == '\0' && route->page == NULL) ||
		   (route->forms & FORM(r->form)) != 0);
}

/* One that takes the method goes before one that doesn't, for the base path may
 * be the root as well; a path without captures before one with them. */
static int
rank(const struct route *route, const struct request *r)
{
	unsigned methods = route->methods;

	if ((methods & METHOD_GET) != 0)
		methods |= METHOD_HEAD;
	return ((methods & r->method) != 0 ? 2 : 0) +
	       (strchr(route->path, ':') == NULL);
}

static bool
find(struct request *r)
{
	int best = -1;

	for (size_t i = 0; i < routes_count; i++) {
		const char *capture[CAPTURES_MAX] = {"", ""};
		if (rank(&routes[i], r) <= best ||
		    !takes(&routes[i], r, capture))
			continue;
		memcpy(r->capture, capture, sizeof(capture));
		r->route = &routes[i];
		best = rank(&routes[i], r);
	}
	return r->route != NULL;
}

/* "stats.prom", "a.csv": a name that only looks as if it had a form. */
static bool
find_with_suffix(struct arena *a, struct request *r)
{
	struct request whole = *r;

	if (r->suffix[0] == '\0' || r->nsegments == 0)
		return false;
	whole.segment[r->nsegments - 1] =
	    arena_printf(a, "%s%s", r->segment[r->nsegments - 1], r->suffix);
	whole.suffix = "";
	whole.form = FORM_HTML;
	if (!find(&whole))
		return false;
	whole.path = arena_printf(a, "%s%s", r->path, r->suffix);
	*r = whole;
	return true;
}

enum err
route_find(struct arena *a, struct request *r, struct errinfo *ei)
{
	if (find(r) || find_with_suffix(a, r))
		return ERR_OK;
	return err_set(ei, ERR_NOT_FOUND, "There is no such page.");
}
