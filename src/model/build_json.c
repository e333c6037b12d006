/* build_json.c: see build_json.h. */
#include "model/build_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/derived.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

static void
add_member(struct buf *out, const char *key, const char *value)
{
	if (out->data[out->len - 1] != '{')
		buf_addc(out, ',');
	buf_add_json(out, key);
	buf_addc(out, ':');
	buf_add_json(out, value);
}

/* Empty ones are left out: they read as "". */
static void
add_if_known(struct buf *out, const char *key, const char *value)
{
	if (value != NULL && *value != '\0')
		add_member(out, key, value);
}

static void
add_number(struct buf *out, double d)
{
	char text[32];

	if (!isfinite(d)) {
		buf_adds(out, "null");
		return;
	}
	str_from_double(text, d);
	buf_adds(out, text);
}

static void
add_layers(struct buf *out, const struct environment *e)
{
	buf_adds(out, "[");
	for (size_t i = 0; i < e->nlayers; i++) {
		const struct layer *l = &e->layers[i];
		buf_adds(out, i > 0 ? ",{" : "{");
		add_member(out, "name", l->name);
		add_if_known(out, "branch", l->branch);
		add_if_known(out, "commit", l->commit);
		if (l->modified >= 0)
			buf_addf(out, ",\"modified\":%s",
			    l->modified > 0 ? "true" : "false");
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

void
build_json_environment(struct buf *out, const struct build *b)
{
	const struct environment *e = &b->env;

	buf_addc(out, '{');
	add_if_known(out, "distro_version", e->distro_version);
	add_if_known(out, "host_info", e->host_info);
	add_if_known(out, "host_distro", e->host_distro);
	add_if_known(out, "host_arch", e->host_arch);
	add_if_known(out, "bitbake_version", e->bitbake_version);
	add_if_known(out, "mode", e->mode);
	add_if_known(out, "ci_url", e->ci_url);
	add_if_known(out, "sent", e->json);
	if (out->data[out->len - 1] != '{')
		buf_addc(out, ',');
	buf_adds(out, "\"cooker_cpu\":");
	add_number(out, b->cooker_cpu >= 0 ? b->cooker_cpu : NAN);
	buf_adds(out, ",\"layers\":");
	add_layers(out, e);
	buf_adds(out, ",\"origin\":{");
	for (size_t i = 0; e->origin != NULL && e->origin[i] != NULL &&
			   e->origin[i + 1] != NULL;
	     i += 2)
		add_member(out, e->origin[i], e->origin[i + 1]);
	buf_adds(out, "}}");
}

/* Integer forms are summed as integers: exact, and no division per task. */
#define NFORMS 4

struct total {
	const char *name;
	__int128 sum[NFORMS]; /* by enum num_form, but NUM_REAL */
	int64_t max[NFORMS];
	bool any[NFORMS];
	double real_sum, real_max; /* of NUM_REAL, and of derived numbers */
	bool skip;
};

static void
count(struct total *t, enum num_form form, int64_t v)
{
	t->sum[form] += v;
	if (!t->any[form] || v > t->max[form])
		t->max[form] = v;
	t->any[form] = true;
}

static void
count_real(struct total *t, double v)
{
	t->real_sum += v;
	if (!t->any[NUM_REAL] || v > t->real_max)
		t->real_max = v;
	t->any[NUM_REAL] = true;
}

/* All forms together; false if there was no value. */
static bool
total_of(const struct total *t, double *sum, double *max)
{
	static const double scale[NFORMS] = {
	    [NUM_INT] = 1, [NUM_FIX2] = 100, [NUM_USEC] = 1e6};
	bool any = t->any[NUM_REAL];

	*sum = any ? t->real_sum : 0;
	*max = any ? t->real_max : -INFINITY;
	for (enum num_form f = NUM_INT; f < NUM_REAL; f++) {
		double m = num_to_double(f, t->max[f]);
		if (!t->any[f])
			continue;
		any = true;
		*sum += (double)t->sum[f] / scale[f];
		*max = m > *max ? m : *max;
	}
	return any;
}

/* Points in time have no sum. */
static void
skip_times(const struct build *b, struct total *t)
{
	for (size_t s = 0; s < b->nshapes; s++) {
		const struct shape *sh = &b->shapes[s];
		if (sh->started >= 0)
			t[sh->slots[sh->started].metric].skip = true;
		if (sh->ended >= 0)
			t[sh->slots[sh->ended].metric].skip = true;
	}
}

static int
by_name(const void *x, const void *y)
{
	const struct total *a = x, *b = y;

	return strcmp(a->name, b->name);
}

static void
count_slot(
    const struct build *b, const struct task *t, size_t k, struct total *stored)
{
	const struct shape_slot *slot = &b->shapes[t->shape].slots[k];
	struct total *to = &stored[slot->metric];

	if (to->skip)
		return;
	if (slot->form == NUM_REAL)
		count_real(to, task_value(b, t, k));
	else
		count(to, slot->form, t->values[k]);
}

static void
count_all(const struct build *b, const struct derived_slots *ds,
    struct total *stored, struct total *derived)
{
	double v;

	for (size_t i = 0; i < b->ntasks; i++) {
		const struct task *t = &b->tasks[i];
		const struct shape *sh = &b->shapes[t->shape];
		for (size_t k = 0; k < sh->nslots; k++)
			count_slot(b, t, k, stored);
		for (unsigned d = 0; d < NDERIVED; d++)
			if (derived_value(b, ds, t, d, &v))
				count_real(&derived[d], v);
		v = task_elapsed(b, t);
		if (v >= 0)
			count_real(&derived[NDERIVED], v);
	}
}

static void
add_metric(struct buf *out, const char *name, double sum, double max)
{
	if (out->data[out->len - 1] != '{')
		buf_addc(out, ',');
	buf_add_json(out, name);
	buf_adds(out, ":[");
	add_number(out, sum);
	buf_addc(out, ',');
	add_number(out, max);
	buf_addc(out, ']');
}

static struct total
total_of_number(const struct build_number *number)
{
	struct total t = {.name = number->name,
	    .real_sum = number->sum,
	    .real_max = number->max};

	t.any[NUM_REAL] = true;
	return t;
}

void
build_json_numbers(struct buf *out, const struct build *b)
{
	buf_addc(out, '{');
	for (size_t i = 0; i < b->nnumbers; i++)
		add_metric(out, b->numbers[i].name, b->numbers[i].sum,
		    b->numbers[i].max);
	buf_addc(out, '}');
}

void
build_json_metrics(
    struct buf *out, const struct build *b, const struct derived_slots *ds)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	size_t n = b->nmetrics + NDERIVED + 1 + b->nnumbers;
	struct total *t = arena_calloc(a, n, sizeof(*t));
	struct total *derived = t + b->nmetrics;
	const char *last = "";
	double sum, max;

	for (size_t i = 0; i < b->nmetrics; i++)
		t[i].name = b->metrics[i].name;
	for (size_t d = 0; d < NDERIVED; d++)
		derived[d].name = derived_sums[d].name;
	derived[NDERIVED].name = "elapsed";
	for (size_t i = 0; i < b->nnumbers; i++)
		derived[NDERIVED + 1 + i] = total_of_number(&b->numbers[i]);
	skip_times(b, t);
	count_all(b, ds, t, derived);
	qsort(t, n, sizeof(*t), by_name);
	buf_addc(out, '{');
	for (size_t i = 0; i < n; i++) {
		/* Two keys may have one name: the first is enough here. */
		if (strcmp(t[i].name, last) == 0 ||
		    !total_of(&t[i], &sum, &max))
			continue;
		last = t[i].name;
		add_metric(out, t[i].name, sum, max);
	}
	buf_addc(out, '}');
}

void
build_json_rootfs(struct buf *out, const struct build *b)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < b->nrootfs; i++) {
		buf_adds(out, i > 0 ? ",{" : "{");
		add_member(out, "path", b->rootfs[i].path);
		buf_addf(out, ",\"bytes\":%" PRId64 "}", b->rootfs[i].bytes);
	}
	buf_addc(out, ']');
}
