/* package_view.c: see package_view.h. */
#include "model/package_view.h"

#include <string.h>

#include "base/arena.h"

static bool
is_on(const struct package_result *r, const char *machine, const char *distro)
{
	return strcmp(r->machine, machine) == 0 &&
	       strcmp(r->distro, distro) == 0;
}

static bool
has_ended(const struct package_result *r)
{
	return r->status == BUILD_SUCCEEDED || r->status == BUILD_FAILED;
}

/* Takes one more result, an older one, into account. */
static void
go_back(struct package_target *t, const struct package_result *r, size_t i)
{
	if (!has_ended(r))
		return;
	if (!t->ended) {
		t->ended = true;
		t->latest = t->first_bad = i;
		t->works = r->status == BUILD_SUCCEEDED;
	}
	if (r->status == BUILD_SUCCEEDED)
		t->ever_good = true;
	else if (!t->works && !t->ever_good)
		t->first_bad = i;
}

size_t
package_targets(struct arena *a, const struct package_result *row, size_t n,
    size_t max, struct package_target **out)
{
	struct package_target *t = arena_calloc(a, max + 1, sizeof(*t));
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < count && !is_on(&row[i], t[k].machine, t[k].distro))
			k++;
		if (k == count && count == max)
			continue;
		if (k == count)
			t[count++] = (struct package_target){
			    .machine = row[i].machine,
			    .distro = row[i].distro,
			    .latest = i,
			    .first_bad = i,
			};
		go_back(&t[k], &row[i], i);
	}
	*out = t;
	return count;
}

size_t
package_versions(struct arena *a, const struct package_result *row, size_t n,
    size_t max, const char ***out)
{
	const char **v = arena_calloc(a, max + 1, sizeof(*v));
	size_t count = 0;

	for (size_t i = 0; i < n && count < max; i++) {
		size_t k = 0;
		while (k < count && strcmp(v[k], row[i].version) != 0)
			k++;
		if (k == count)
			v[count++] = row[i].version;
	}
	*out = v;
	return count;
}

size_t
package_cell(const struct package_result *row, size_t n,
    const struct package_target *target, const char *version)
{
	size_t open = n;

	for (size_t i = 0; i < n; i++) {
		if (!is_on(&row[i], target->machine, target->distro) ||
		    strcmp(row[i].version, version) != 0)
			continue;
		if (has_ended(&row[i]))
			return i;
		open = open == n ? i : open;
	}
	return open;
}

static bool
is_same(const struct package_result *x, const struct package_result *y)
{
	return is_on(x, y->machine, y->distro) &&
	       strcmp(x->failed_task, y->failed_task) == 0;
}

size_t
package_newest(const struct package_result *row, size_t n,
    enum build_status status, size_t *out, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < n && count < max; i++) {
		size_t k = 0;
		if (row[i].status != status)
			continue;
		while (k < count && !is_same(&row[out[k]], &row[i]))
			k++;
		if (k == count)
			out[count++] = i;
	}
	return count;
}
