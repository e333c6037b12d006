/* fake_build.c: see fake_build.h. */
#include "fake_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

#define HUNDREDTH 10000

static const struct key {
	const char *key;
	enum num_form form;
	unsigned bits; /* of a usual value */
} keys[] = {
    {"Started", NUM_FIX2, 0},
    {"Elapsed time", NUM_FIX2, 9},
    {"utime", NUM_INT, 6},
    {"stime", NUM_INT, 3},
    {"IO rchar", NUM_INT, 22},
    {"IO read_bytes", NUM_INT, 12},
    {"rusage ru_utime", NUM_USEC, 18},
    {"rusage ru_stime", NUM_USEC, 14},
    {"rusage ru_maxrss", NUM_INT, 15},
    {"rusage ru_inblock", NUM_INT, 4},
    {"Child rusage ru_utime", NUM_USEC, 20},
    {"Child rusage ru_stime", NUM_USEC, 17},
    {"Child rusage ru_maxrss", NUM_INT, 15},
    {"Child rusage ru_inblock", NUM_INT, 9},
    {"load", NUM_REAL, 0},
    {"Ended", NUM_FIX2, 0},
};
#define NKEYS (sizeof(keys) / sizeof(keys[0]))
enum { STARTED = 0, ELAPSED = 1, ENDED = NKEYS - 1 };

uint64_t
fake_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static bool
keeps(size_t shape, size_t key)
{
	if (shape < 3)
		return true;
	/* Odd shapes lack some keys; the last of them lacks the times. */
	return (key + shape) % 5 != 0;
}

/* Shape 0 passed, 1 failed, 2 unfinished; from 3 on oddities. */
static void
make_shape(struct arena *a, struct shape *out, size_t s)
{
	struct buf text = BUF_INIT;
	struct shape_slot *slots = arena_calloc(a, NKEYS + 2, sizeof(*slots));
	size_t n = 0;

	*out = (struct shape){.status = s % 3 == 0   ? TASK_PASSED
					: s % 3 == 1 ? TASK_FAILED
						     : TASK_UNFINISHED,
	    .started = -1,
	    .ended = -1,
	    .elapsed = -1};
	buf_addf(&text, "Event: TaskStarted %zu\n\x02\n", s);
	for (size_t k = 0; k < NKEYS; k++) {
		if (!keeps(s, k) ||
		    (k == ENDED && out->status == TASK_UNFINISHED))
			continue;
		if (k == STARTED)
			out->started = (int)n;
		if (k == ELAPSED)
			out->elapsed = (int)n;
		if (k == ENDED)
			out->ended = (int)n;
		slots[n++] = (struct shape_slot){(uint32_t)k, keys[k].form};
		buf_addf(&text, "%s: \x01\n", keys[k].key);
	}
	if (s % 7 == 4) { /* the same key again, in another form */
		slots[n++] = (struct shape_slot){4, NUM_INT};
		slots[n++] = (struct shape_slot){6, NUM_FIX2};
		buf_adds(&text, "IO rchar: \x01\nrusage ru_utime: \x01\n");
	}
	out->nslots = n;
	out->slots = slots;
	out->text =
	    (struct slice){arena_strndup(a, text.data, text.len), text.len};
	buf_clear(&text);
}

static int64_t
any_value(uint64_t *state, const struct key *k)
{
	uint64_t r = fake_random(state);
	double d;
	int64_t v;

	if (k->form == NUM_REAL) {
		d = (double)(r >> 11) / 1048576.0;
		memcpy(&v, &d, sizeof(v));
		return v;
	}
	if (r % 977 == 0) /* as large as it gets */
		return (int64_t)(fake_random(state) >> 11);
	return (int64_t)(r >> (64 - k->bits - 1));
}

static const int64_t *
make_values(struct arena *a, uint64_t *state, const struct fake *f,
    const struct shape *s)
{
	int64_t *v = arena_calloc(a, s->nslots + 1, sizeof(*v));

	for (size_t k = 0; k < s->nslots; k++)
		v[k] = any_value(state, &keys[s->slots[k].metric]);
	if (s->elapsed >= 0)
		v[s->elapsed] &= 0xffff;
	if (s->started >= 0)
		v[s->started] = f->started / HUNDREDTH +
				(int64_t)(fake_random(state) % 100000);
	if (s->ended >= 0)
		v[s->ended] = (s->started >= 0 ? v[s->started] : 0) +
			      (s->elapsed >= 0 ? v[s->elapsed] : 0) +
			      (int64_t)(fake_random(state) % 2);
	return v;
}

static void
make_names(struct arena *a, const struct fake *f, struct build *b)
{
	b->nmetrics = NKEYS;
	b->metrics = arena_calloc(a, NKEYS, sizeof(*b->metrics));
	for (size_t k = 0; k < NKEYS; k++)
		b->metrics[k] = (struct metric){
		    keys[k].key, metric_name_of(a, slice_of(keys[k].key))};
	b->ntask_names = f->names;
	b->task_names = arena_calloc(a, f->names + 1, sizeof(char *));
	for (size_t i = 0; i < f->names; i++)
		b->task_names[i] = arena_printf(a, "do_task%03zu", i);
	b->npackages = f->packages;
	b->packages = arena_calloc(a, f->packages + 1, sizeof(*b->packages));
	for (size_t i = 0; i < f->packages; i++) {
		struct package *p = &b->packages[i];
		p->recipe = arena_printf(a, "recipe%04zu", i);
		p->version =
		    i % 11 == 10 ? "" : arena_printf(a, "1.%zu-r0", i % 17);
		/* one PF that doesn't follow from its parts */
		p->pf = p->version[0] == '\0' ? arena_strdup(a, p->recipe)
			: i == 3
			    ? arena_printf(a, "%s_odd", p->recipe)
			    : arena_printf(a, "%s-%s", p->recipe, p->version);
	}
	b->nshapes = f->shapes;
	b->shapes = arena_calloc(a, f->shapes + 1, sizeof(*b->shapes));
	for (size_t s = 0; s < f->shapes; s++)
		make_shape(a, &b->shapes[s], s);
}

static void
make_tasks(
    struct arena *a, const struct fake *f, struct build *b, uint64_t *state)
{
	b->tasks = arena_calloc(a, f->tasks + 1, sizeof(*b->tasks));
	for (size_t i = 0; i < f->tasks; i++) {
		struct task *t = &b->tasks[i];
		const struct task *before = i > 0 ? t - 1 : NULL;
		/* now and then a task runs twice */
		if (before != NULL && fake_random(state) % 64 == 0) {
			*t = *before;
			t->block++;
		} else if (before != NULL) {
			t->package = before->package;
			t->name = before->name + 1;
			if (t->name == f->names) {
				t->name = 0;
				t->package++;
			}
		}
		if (t->package == f->packages)
			return;
		t->shape = (uint32_t)(fake_random(state) % 8 == 0
					  ? fake_random(state) % f->shapes
					  : 0);
		t->values = make_values(a, state, f, &b->shapes[t->shape]);
		b->ntasks++;
	}
}

struct build *
fake_build(struct arena *a, const struct fake *f)
{
	struct build *b = arena_zalloc(a, sizeof(*b));
	uint64_t state = f->seed;
	const char **none = arena_calloc(a, 1, sizeof(*none));

	b->name = arena_printf(a, "fake%llu", (unsigned long long)f->seed);
	for (size_t i = 0; i < sizeof(b->identity); i++) {
		b->identity[i] = (unsigned char)fake_random(&state);
		b->content[i] = (unsigned char)fake_random(&state);
	}
	b->env = (struct environment){.uuid = "",
	    .builder = "fake",
	    .machine = "qemux86-64",
	    .distro = "poky",
	    .distro_version = "5.0",
	    .image = "core-image-\"fake\"",
	    .host = "vm",
	    .host_info = "Linux vm \\ x86_64",
	    .host_distro = "debian-12",
	    .host_arch = "x86_64",
	    .bitbake_version = "2.19.0",
	    .branch = "master",
	    .commit = "0123abc",
	    .targets = none,
	    .tags = none,
	    .mode = "clean",
	    .ci_url = "",
	    .json = ""};
	b->started = f->started;
	b->ended = f->started + INT64_C(1234560000);
	b->cooker_cpu = 28.9;
	b->build_stats = SLICE("Host Info: fake \n\0\xff");
	make_names(a, f, b);
	make_tasks(a, f, b, &state);
	b->status = build_status_of(b);
	return b;
}

static bool
same_task(const struct build *a, const struct task *x, const struct build *b,
    const struct task *y)
{
	struct buf one = BUF_INIT, two = BUF_INIT;
	bool same;

	task_text(&one, a, x);
	task_text(&two, b, y);
	same = one.len == two.len && memcmp(one.data, two.data, one.len) == 0 &&
	       x->block == y->block &&
	       strcmp(a->packages[x->package].pf, b->packages[y->package].pf) ==
		   0 &&
	       strcmp(a->task_names[x->name], b->task_names[y->name]) == 0;
	for (size_t k = 0; same && k < a->shapes[x->shape].nslots; k++)
		same = x->values[k] == y->values[k];
	if (!same)
		printf("# %s instead of %s\n", two.data, one.data);
	buf_clear(&one);
	buf_clear(&two);
	return same;
}

bool
fake_same_tasks(const struct build *a, const struct build *b)
{
	if (a->ntasks != b->ntasks || a->npackages != b->npackages)
		return false;
	for (size_t i = 0; i < a->ntasks; i++)
		if (!same_task(a, &a->tasks[i], b, &b->tasks[i]))
			return false;
	return true;
}
