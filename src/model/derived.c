/* derived.c: see derived.h. */
#include "model/derived.h"

#include <string.h>

#include "base/arena.h"

const struct derived_metric derived_sums[NDERIVED] = {
    [DERIVED_CPUTIME] = {"cputime",
	{"rusage.ru_stime", "rusage.ru_utime", "child_rusage.ru_stime",
	    "child_rusage.ru_utime", NULL}},
    [DERIVED_READ_OPS] = {"read_ops",
	{"rusage.ru_inblock", "child_rusage.ru_inblock", NULL}},
    [DERIVED_WRITE_OPS] = {"write_ops",
	{"rusage.ru_oublock", "child_rusage.ru_oublock", NULL}},
};

static int
find_slot(const struct build *b, const struct shape *s, const char *name)
{
	for (size_t k = 0; name != NULL && k < s->nslots; k++)
		if (strcmp(b->metrics[s->slots[k].metric].name, name) == 0)
			return (int)k;
	return -1;
}

struct derived_slots *
derived_slots_of(struct arena *a, const struct build *b)
{
	struct derived_slots *ds = arena_calloc(a, b->nshapes + 1, sizeof(*ds));

	for (size_t s = 0; s < b->nshapes; s++)
		for (size_t d = 0; d < NDERIVED; d++)
			for (size_t i = 0; i < 4; i++)
				ds[s].slot[d][i] = find_slot(
				    b, &b->shapes[s], derived_sums[d].parts[i]);
	return ds;
}

bool
derived_value(const struct build *b, const struct derived_slots *ds,
    const struct task *t, enum derived d, double *out)
{
	bool any = false;

	*out = 0;
	for (size_t i = 0; i < 4; i++) {
		int slot = ds[t->shape].slot[d][i];
		if (slot < 0)
			continue;
		*out += task_value(b, t, (size_t)slot);
		any = true;
	}
	return any;
}
