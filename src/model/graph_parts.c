/* graph_parts.c: see graph_parts.h. */
#include "model/graph_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "model/package_tasks.h"
#include "model/status_word.h"

static int
by_id(const void *a, const void *b)
{
	const struct package_task *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

void
graph_add(double both[2], double v)
{
	if (!isfinite(v))
		return;
	both[0] = isfinite(both[0]) ? both[0] + v : v;
	both[1] = isfinite(both[1]) ? fmax(both[1], v) : v;
}

static double
seconds(int64_t hundredths)
{
	return hundredths == PACKAGE_TASK_UNKNOWN ? NAN
						  : (double)hundredths / 100;
}

static struct graph_part
part_of(const struct package_task *t, size_t n, int id)
{
	enum task_status status = TASK_PASSED;
	struct graph_part p = {.id = id,
	    .n = n,
	    .wall = {NAN, NAN},
	    .cpu = {NAN, NAN},
	    .start = NAN};

	for (size_t i = 0; i < n; i++) {
		graph_add(p.wall, seconds(t[i].elapsed));
		graph_add(p.cpu, seconds(t[i].cputime));
		p.start = fmin(p.start, seconds(t[i].start));
		if (t[i].status != TASK_PASSED)
			status = t[i].status;
	}
	/* Hundredths, as they are kept. */
	p.wall[0] = round(p.wall[0] * 100) / 100;
	p.cpu[0] = round(p.cpu[0] * 100) / 100;
	p.status = task_status_word(status);
	return p;
}

size_t
graph_parts(struct arena *a, struct slice packed, enum graph_of of, int only,
    struct graph_part **out)
{
	struct errinfo ignored = {0};
	struct package_task *t;
	size_t n, count = 0;

	if (package_tasks_decode(a, packed, &t, &n, &ignored) != ERR_OK)
		return 0;
	*out = arena_alloc(a, (n + 1) * sizeof(**out));
	if (of == GRAPH_OF_PACKAGE && only == 0) {
		(*out)[0] = part_of(t, n, 0);
		return 1;
	}
	if (n > 0)
		qsort(t, n, sizeof(*t), by_id);
	for (size_t i = 0; i < n;) {
		size_t first = i;
		while (i < n && t[i].id == t[first].id)
			i++;
		if (only == 0 || t[first].id == only)
			(*out)[count++] =
			    part_of(t + first, i - first, t[first].id);
	}
	return count;
}
