/* live_tasks.c: tasks as columns of numbers; see live_event.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "model/live_event.h"
#include "model/shape_table.h"
#include "model/task_columns.h"
#include "json/jin.h"

#define SHAPES_MAX 64 /* in one event */

struct reading {
	struct live_reader *r;
	const struct jin_at *top;
	struct build *b;
	struct errinfo *ei;
	struct jin_at columns, coding;
	size_t next;        /* column */
	uint32_t **members; /* per shape: its tasks */
	size_t *nmembers;
};

/* How a column was written: "2", "2d", "3s5", "0a5,6". */
struct coding {
	enum num_form form;
	bool delta;
	enum prediction prediction;
	uint32_t base[2];
};

/* ---- names ---- */

enum err
live_member(const struct jin_at *top, const char *key, struct jin_at *out,
    struct errinfo *ei)
{
	char what[64];

	if (jin_member(top, key, out))
		return ERR_OK;
	snprintf(what, sizeof(what), "there is no \"%s\"", key);
	return jin_fail(top, what, ei);
}

enum err
live_name(const struct jin_at *at, struct arena *a, const char **out,
    struct errinfo *ei)
{
	struct slice bytes;
	enum err err = jin_text(at, a, JIN_TEXT_MAX, out, ei);

	if (err != ERR_OK)
		return err;
	if (!jin_bytes(at, &bytes) || bytes.n != strlen(*out) ||
	    memcmp(bytes.p, *out, bytes.n) != 0 || bytes.n == 0 ||
	    strpbrk(*out, "/\n\t") != NULL || (*out)[0] == '.')
		return jin_fail(at, "this is no name", ei);
	return ERR_OK;
}

static enum err
read_names(struct reading *x, const char *key, const char ***out, size_t *n)
{
	struct jin_at list;
	enum err err = live_member(x->top, key, &list, x->ei);

	if (err != ERR_OK || (err = jin_array(&list, n, x->ei)) != ERR_OK)
		return err;
	if (*n > LIVE_TASKS_MAX)
		return jin_fail(&list, "too many", x->ei);
	*out = arena_calloc(x->r->arena, *n + 1, sizeof(**out));
	for (size_t i = 0; err == ERR_OK && i < *n; i++) {
		struct jin_at at = jin_element(&list, i);
		err = live_name(&at, x->r->arena, &(*out)[i], x->ei);
	}
	return err;
}

static enum err
read_packages(struct reading *x)
{
	const char **pf;
	enum err err = read_names(x, "packages", &pf, &x->b->npackages);

	if (err != ERR_OK)
		return err;
	x->b->packages = arena_calloc(
	    x->r->arena, x->b->npackages + 1, sizeof(*x->b->packages));
	for (size_t i = 0; i < x->b->npackages; i++)
		x->b->packages[i].pf = pf[i];
	return ERR_OK;
}

/* ---- shapes ---- */

bool
live_shapes_add(struct live_shapes *s, struct arena *a, struct slice text)
{
	unsigned char hash[DIGEST_BYTES];

	digest_of(text.p, text.n, hash);
	for (size_t i = 0; i < s->n; i++)
		if (memcmp(s->shape[i].hash, hash, LIVE_HASH_BYTES) == 0)
			return true;
	if (s->n == LIVE_SHAPES_MAX)
		return false;
	s->shape =
	    arena_grow(a, s->shape, &s->cap, s->n + 1, sizeof(*s->shape));
	memcpy(s->shape[s->n].hash, hash, LIVE_HASH_BYTES);
	s->shape[s->n++].text = text;
	return true;
}

/* "#" and 16 hexadecimal digits. */
static enum err
find_shape(struct reading *x, const struct jin_at *at, struct slice *text)
{
	const struct live_shapes *known = x->r->shapes;
	unsigned char hash[LIVE_HASH_BYTES];

	if (text->n != 1 + 2 * LIVE_HASH_BYTES ||
	    !str_from_hex(hash, text->p + 1, LIVE_HASH_BYTES))
		return jin_fail(at, "this is no reference to a shape", x->ei);
	for (size_t i = 0; i < known->n; i++) {
		if (memcmp(known->shape[i].hash, hash, sizeof(hash)) != 0)
			continue;
		*text = known->shape[i].text;
		return ERR_OK;
	}
	return jin_fail(at, "this shape was not sent before", x->ei);
}

static enum err
add_shape(struct reading *x, const struct jin_at *at, struct slice *text)
{
	if (text->n > LIVE_SHAPE_BYTES)
		return jin_fail(at, "longer than 64 KiB", x->ei);
	*text = (struct slice){
	    arena_strndup(x->r->arena, text->p, text->n), text->n};
	if (!live_shapes_add(x->r->shapes, x->r->arena, *text)) {
		jin_fail(at, "more shapes than a build may have", x->ei);
		return x->ei->code = ERR_TOO_BIG;
	}
	return ERR_OK;
}

static enum err
read_shape(struct reading *x, const struct jin_at *at, struct shape *out)
{
	struct slice text;
	size_t n = 0;
	enum err err;

	if (!jin_bytes(at, &text) || text.n == 0)
		return jin_fail(at, "expected a string", x->ei);
	err = text.p[0] == '#' ? find_shape(x, at, &text)
			       : add_shape(x, at, &text);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == SHAPE_SLOT;
	if (n > SHAPE_SLOTS_MAX)
		return jin_fail(at, "more than 1,024 numbers", x->ei);
	*out = (struct shape){.text = text,
	    .nslots = n,
	    .slots = arena_calloc(x->r->arena, n + 1, sizeof(*out->slots)),
	    .started = -1,
	    .ended = -1,
	    .elapsed = -1};
	return ERR_OK;
}

static enum err
read_shapes(struct reading *x)
{
	struct build *b = x->b;
	struct jin_at list;
	enum err err = live_member(x->top, "shapes", &list, x->ei);

	if (err != ERR_OK ||
	    (err = jin_array(&list, &b->nshapes, x->ei)) != ERR_OK)
		return err;
	if (b->nshapes > SHAPES_MAX)
		return jin_fail(&list, "more than 64", x->ei);
	b->shapes =
	    arena_calloc(x->r->arena, b->nshapes + 1, sizeof(*b->shapes));
	for (size_t i = 0; err == ERR_OK && i < b->nshapes; i++) {
		struct jin_at at = jin_element(&list, i);
		err = read_shape(x, &at, &b->shapes[i]);
	}
	return err;
}

/* ---- which task is what ---- */

static enum err
read_indexes(
    struct reading *x, const char *key, size_t below, uint32_t **out, size_t *n)
{
	struct jin_at list;
	size_t had = *n;
	enum err err = live_member(x->top, key, &list, x->ei);

	if (err != ERR_OK || (err = jin_array(&list, n, x->ei)) != ERR_OK)
		return err;
	if (*n > LIVE_TASKS_MAX)
		return jin_fail(&list, "more than 6,000 tasks", x->ei);
	if (had != SIZE_MAX && had != *n)
		return jin_fail(&list, "not as long as those before it", x->ei);
	*out = arena_calloc(x->r->arena, *n + 1, sizeof(**out));
	for (size_t i = 0; i < *n; i++) {
		struct jin_at at = jin_element(&list, i);
		int64_t v;
		if ((err = jin_integer(&at, &v, x->ei)) != ERR_OK)
			return err;
		if (v < 0 || (uint64_t)v >= below)
			return jin_fail(
			    &at, "there is none of that number", x->ei);
		(*out)[i] = (uint32_t)v;
	}
	return ERR_OK;
}

/* The tasks of each shape, in order. */
static void
group(struct reading *x)
{
	const struct build *b = x->b;
	struct arena *a = x->r->arena;

	x->members = arena_calloc(a, b->nshapes + 1, sizeof(*x->members));
	x->nmembers = arena_calloc(a, b->nshapes + 1, sizeof(*x->nmembers));
	for (size_t i = 0; i < b->ntasks; i++)
		x->nmembers[b->tasks[i].shape]++;
	for (size_t s = 0; s < b->nshapes; s++) {
		x->members[s] =
		    arena_calloc(a, x->nmembers[s] + 1, sizeof(uint32_t));
		x->nmembers[s] = 0;
	}
	for (size_t i = 0; i < b->ntasks; i++) {
		uint32_t s = b->tasks[i].shape;
		x->members[s][x->nmembers[s]++] = (uint32_t)i;
	}
}

static enum err
read_tasks(struct reading *x)
{
	struct build *b = x->b;
	struct arena *a = x->r->arena;
	uint32_t *package, *name, *shape;
	size_t n = SIZE_MAX;
	enum err err = read_indexes(x, "package", b->npackages, &package, &n);

	if (err == ERR_OK)
		err = read_indexes(x, "name", b->ntask_names, &name, &n);
	if (err == ERR_OK)
		err = read_indexes(x, "shape", b->nshapes, &shape, &n);
	if (err != ERR_OK)
		return err;
	b->ntasks = n;
	b->tasks = arena_calloc(a, n + 1, sizeof(*b->tasks));
	for (size_t i = 0; i < n; i++) {
		b->tasks[i] = (struct task){.package = package[i],
		    .name = name[i],
		    .shape = shape[i],
		    .values = arena_calloc(
			a, b->shapes[shape[i]].nslots + 1, sizeof(int64_t))};
	}
	group(x);
	return ERR_OK;
}

/* ---- columns ---- */

static bool
read_bases(struct slice s, unsigned n, size_t nslots, uint32_t base[2])
{
	for (unsigned k = 0; k < n; k++) {
		struct slice head;
		uint64_t v;
		bool more = slice_cut(&s, ',', &head);
		if (more != (k + 1 < n) || !str_to_u64(head.p, head.n, &v) ||
		    v >= nslots)
			return false;
		base[k] = (uint32_t)v;
	}
	return true;
}

static enum err
read_coding(struct reading *x, size_t column, size_t nslots, struct coding *c)
{
	static const struct {
		char letter;
		enum prediction prediction;
	} known[] = {{'s', PREDICT_SAME}, {'a', PREDICT_SUM},
	    {'t', PREDICT_TICKS}, {'b', PREDICT_BLOCKS}};
	struct jin_at at = jin_element(&x->coding, column);
	struct slice s, rest;

	*c = (struct coding){.prediction = PREDICT_NONE};
	if (!jin_bytes(&at, &s) || s.n == 0 || s.p[0] < '0' || s.p[0] > '3')
		return jin_fail(&at, "this is no coding", x->ei);
	c->form = (enum num_form)(s.p[0] - '0');
	if (s.n == 1)
		return ERR_OK;
	c->delta = s.p[1] == 'd';
	if (c->delta && s.n == 2)
		return ERR_OK;
	rest = (struct slice){s.p + 2, s.n - 2};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (s.p[1] == known[i].letter)
			c->prediction = known[i].prediction;
	if (c->prediction == PREDICT_NONE ||
	    !read_bases(rest, prediction_bases(c->prediction), nslots, c->base))
		return jin_fail(&at, "this is no coding", x->ei);
	return ERR_OK;
}

/* A number must be one that can be written. */
static enum err
check_value(
    struct reading *x, const struct jin_at *at, enum num_form form, int64_t v)
{
	if (form == NUM_REAL && !isfinite(num_to_double(form, v)))
		return jin_fail(at, "no finite number", x->ei);
	if (form == NUM_USEC && v < 0)
		return jin_fail(at, "a negative number of microseconds", x->ei);
	return ERR_OK;
}

static int64_t *
values_of(struct reading *x, size_t shape, size_t i)
{
	/* made by read_tasks, for this */
	return (int64_t *)(uintptr_t)x->b->tasks[x->members[shape][i]].values;
}

static enum err
read_column(struct reading *x, size_t shape, size_t slot,
    const struct coding *c, size_t number)
{
	struct jin_at at = jin_element(&x->columns, number);
	size_t n;
	int64_t before = 0;
	enum err err = jin_array(&at, &n, x->ei);

	if (err != ERR_OK)
		return err;
	if (n != x->nmembers[shape])
		return jin_fail(
		    &at, "not as long as its shape has tasks", x->ei);
	for (size_t i = 0; i < n; i++) {
		struct jin_at item = jin_element(&at, i);
		int64_t *v = values_of(x, shape, i), raw, base = 0;
		if ((err = jin_integer(&item, &raw, x->ei)) != ERR_OK)
			return err;
		if (c->delta)
			base = before;
		else if (c->prediction != PREDICT_NONE)
			base = prediction_value(
			    c->prediction, v[c->base[0]], v[c->base[1]]);
		if (__builtin_add_overflow(raw, base, &v[slot]))
			return jin_fail(&item, "number out of range", x->ei);
		before = v[slot];
		err = check_value(x, &item, c->form, v[slot]);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

/* What others are predicted by comes first, and is not predicted itself. */
static enum err
read_shape_columns(struct reading *x, size_t shape)
{
	struct shape *s = &x->b->shapes[shape];
	struct shape_slot *slots = (struct shape_slot *)(uintptr_t)s->slots;
	struct coding *c = arena_calloc(x->r->arena, s->nslots + 1, sizeof(*c));
	enum err err = ERR_OK;

	for (size_t k = 0; err == ERR_OK && k < s->nslots; k++) {
		err = read_coding(x, x->next + k, s->nslots, &c[k]);
		slots[k].form = c[k].form;
		if (err == ERR_OK && c[k].prediction == PREDICT_NONE)
			err = read_column(x, shape, k, &c[k], x->next + k);
	}
	for (size_t k = 0; err == ERR_OK && k < s->nslots; k++) {
		struct jin_at at = jin_element(&x->coding, x->next + k);
		if (c[k].prediction == PREDICT_NONE)
			continue;
		for (unsigned p = 0; p < prediction_bases(c[k].prediction); p++)
			if (c[c[k].base[p]].prediction != PREDICT_NONE)
				return jin_fail(&at,
				    "predicted by what is predicted itself",
				    x->ei);
		err = read_column(x, shape, k, &c[k], x->next + k);
	}
	x->next += s->nslots;
	return err;
}

static enum err
read_columns(struct reading *x)
{
	size_t want = 0, n, ncodings;
	enum err err = live_member(x->top, "columns", &x->columns, x->ei);

	if (err == ERR_OK)
		err = live_member(x->top, "coding", &x->coding, x->ei);
	if (err == ERR_OK)
		err = jin_array(&x->columns, &n, x->ei);
	if (err == ERR_OK)
		err = jin_array(&x->coding, &ncodings, x->ei);
	if (err != ERR_OK)
		return err;
	for (size_t s = 0; s < x->b->nshapes; s++)
		want += x->b->shapes[s].nslots;
	if (n != want)
		return jin_fail(&x->columns,
		    "not one for each number of each shape", x->ei);
	if (ncodings != want)
		return jin_fail(
		    &x->coding, "not one for each of the columns", x->ei);
	for (size_t s = 0; err == ERR_OK && s < x->b->nshapes; s++)
		err = read_shape_columns(x, s);
	return err;
}

enum err
live_tasks_read(struct live_reader *r, const struct jin_at *top,
    struct build *out, struct errinfo *ei)
{
	struct reading x = {.r = r, .top = top, .b = out, .ei = ei};
	enum err err = read_packages(&x);

	if (err == ERR_OK)
		err = read_names(
		    &x, "names", &out->task_names, &out->ntask_names);
	if (err == ERR_OK)
		err = read_shapes(&x);
	if (err == ERR_OK)
		err = read_tasks(&x);
	if (err == ERR_OK)
		err = read_columns(&x);
	return err;
}
