/* follow_tasks.c: see follow_tasks.h. */
#include "client/follow_tasks.h"

#include <inttypes.h>
#include <stdlib.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "model/build.h"
#include "model/task_columns.h"

struct columns {
	const struct build *b;
	struct task_columns tc;
	const struct task **task; /* in the order in which they are sent */
	uint32_t *package;        /* new number of each package */
	const char **pf;          /* and their names in that order */
	size_t npackages;
	struct buf *out;
};

/* One column: a slot of a shape, its tasks from first to end. */
struct slot_column {
	uint32_t shape, slot;
	size_t first, end;
	enum prediction prediction;
	int base[2];
};

/* How a shape that the server knows already is named: 16 hex digits. */
#define SHAPE_MARK 17

static void
shape_mark(char out[SHAPE_MARK], struct slice text)
{
	unsigned char hash[DIGEST_BYTES];

	digest_of(text.p, text.n, hash);
	str_to_hex(out, hash, SHAPE_MARK / 2);
}

static int64_t
started(const struct build *b, const struct task *t)
{
	int slot = b->shapes[t->shape].started;

	return slot < 0 ? 0 : t->values[slot];
}

static const struct build *sorting;

/* What resembles each other stands together: shape, name, then time. */
static int
by_likeness(const void *l, const void *r)
{
	const struct task *x = *(const struct task *const *)l;
	const struct task *y = *(const struct task *const *)r;
	int64_t sx = started(sorting, x), sy = started(sorting, y);

	if (x->shape != y->shape)
		return x->shape < y->shape ? -1 : 1;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	if (sx != sy)
		return sx < sy ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void
arrange(struct arena *a, struct columns *c)
{
	const struct build *b = c->b;

	c->task = arena_alloc(a, (b->ntasks + 1) * sizeof(*c->task));
	for (size_t i = 0; i < b->ntasks; i++)
		c->task[i] = &b->tasks[i];
	sorting = b;
	if (b->ntasks > 1)
		qsort(c->task, b->ntasks, sizeof(*c->task), by_likeness);
	c->package = arena_alloc(a, (b->npackages + 1) * sizeof(uint32_t));
	c->pf = arena_alloc(a, (b->npackages + 1) * sizeof(*c->pf));
	for (size_t i = 0; i < b->npackages; i++)
		c->package[i] = UINT32_MAX;
	for (size_t i = 0; i < b->ntasks; i++) {
		uint32_t p = c->task[i]->package;
		if (c->package[p] != UINT32_MAX)
			continue;
		c->package[p] = (uint32_t)c->npackages;
		c->pf[c->npackages++] = b->packages[p].pf;
	}
}

static int64_t
wire_value(const struct columns *c, const struct slot_column *s, size_t i)
{
	const int64_t *v = c->task[i]->values;
	int64_t base0 = s->base[0] < 0 ? 0 : v[s->base[0]];
	int64_t base1 = s->base[1] < 0 ? 0 : v[s->base[1]];

	return (
	    int64_t)((uint64_t)v[s->slot] -
		     (uint64_t)prediction_value(s->prediction, base0, base1));
}

/* Would the reader's sum leave int64?  Then the column goes as it is. */
static bool
is_safe(int64_t v, int64_t other)
{
	const int64_t half = INT64_MAX / 2;

	return v > -half && v < half && other > -half && other < half;
}

/* Bytes of the column as text, as it is or as differences; SIZE_MAX if that
 * can't be. */
static size_t
length_of(const struct columns *c, const struct slot_column *s, bool deltas)
{
	size_t n = 0;
	int64_t before = 0;

	for (size_t i = s->first; i < s->end; i++) {
		int64_t v = wire_value(c, s, i), own;
		own = c->task[i]->values[s->slot];
		if ((deltas || s->prediction != PREDICT_NONE) &&
		    !is_safe(own, deltas ? before : v))
			return SIZE_MAX;
		n += v - (deltas ? before : 0) == 0 ? 1 : 2;
		for (int64_t rest = v - (deltas ? before : 0); rest != 0;
		     rest /= 10)
			n++;
		before = v;
	}
	return n;
}

static void
write_values(const struct columns *c, const struct slot_column *s, bool deltas)
{
	int64_t before = 0;

	for (size_t i = s->first; i < s->end; i++) {
		int64_t v = wire_value(c, s, i);
		buf_addf(c->out, "%s%" PRId64, i == s->first ? "" : ",",
		    v - (deltas ? before : 0));
		before = v;
	}
}

/* Finds the slots of this shape that predict the column, if it has them. */
static void
find_bases(const struct columns *c, struct slot_column *s)
{
	const struct shape *sh = &c->b->shapes[s->shape];
	const struct block_column *bc =
	    &c->tc.column[c->tc.of_slot[s->shape][s->slot]];
	unsigned n = prediction_bases(bc->prediction);

	s->prediction = bc->prediction;
	s->base[0] = s->base[1] = -1;
	for (unsigned i = 0; i < n; i++) {
		s->base[i] =
		    task_columns_slot(&c->tc, sh, s->shape, bc->base[i]);
		if (s->base[i] < 0)
			s->prediction = PREDICT_NONE;
	}
	if (s->prediction == PREDICT_NONE)
		s->base[0] = s->base[1] = -1;
}

static void
write_coding(const struct columns *c, const struct slot_column *s, bool deltas)
{
	static const char letters[] = {[PREDICT_SAME] = 's',
	    [PREDICT_SUM] = 'a',
	    [PREDICT_TICKS] = 't',
	    [PREDICT_BLOCKS] = 'b'};

	buf_addf(c->out, "\"%d%s",
	    (int)c->b->shapes[s->shape].slots[s->slot].form, deltas ? "d" : "");
	if (s->prediction != PREDICT_NONE)
		buf_addf(c->out, "%c%d", letters[s->prediction], s->base[0]);
	if (s->base[1] >= 0)
		buf_addf(c->out, ",%d", s->base[1]);
	buf_addc(c->out, '"');
}

/* Decides how a column goes; true for differences. */
static bool
choose(const struct columns *c, struct slot_column *s)
{
	struct slot_column plain = *s;
	size_t as_is, deltas, predicted;

	plain.prediction = PREDICT_NONE;
	plain.base[0] = plain.base[1] = -1;
	as_is = length_of(c, &plain, false);
	deltas = length_of(c, &plain, true);
	predicted =
	    s->prediction == PREDICT_NONE ? SIZE_MAX : length_of(c, s, false);
	if (predicted <= as_is && predicted <= deltas && predicted != SIZE_MAX)
		return false;
	*s = plain;
	return deltas < as_is;
}

static void
each_column(struct columns *c, bool coding)
{
	const struct build *b = c->b;
	struct slot_column s = {0};
	bool comma = false;

	for (s.first = 0; s.first < b->ntasks; s.first = s.end) {
		s.shape = c->task[s.first]->shape;
		for (s.end = s.first + 1;
		     s.end < b->ntasks && c->task[s.end]->shape == s.shape;)
			s.end++;
		for (s.slot = 0; s.slot < b->shapes[s.shape].nslots; s.slot++) {
			bool deltas;
			find_bases(c, &s);
			deltas = choose(c, &s);
			buf_adds(c->out, comma ? "," : "");
			comma = true;
			if (coding) {
				write_coding(c, &s, deltas);
				continue;
			}
			buf_addc(c->out, '[');
			write_values(c, &s, deltas);
			buf_addc(c->out, ']');
		}
	}
}

/* A JSON string of bytes without NUL. */
static void
add_text(struct arena *a, struct buf *out, struct slice text)
{
	buf_add_json(out, arena_strndup(a, text.p, text.n));
}

static void
write_shapes(struct arena *a, const struct columns *c,
    const struct intern *known, struct intern *told)
{
	const struct build *b = c->b;
	char mark[SHAPE_MARK];
	uint32_t at;

	for (size_t i = 0; i < b->nshapes; i++) {
		shape_mark(mark, b->shapes[i].text);
		buf_adds(c->out, i > 0 ? "," : "");
		if (intern_find(known, slice_of(mark), &at)) {
			buf_addf(c->out, "\"#%s\"", mark);
			continue;
		}
		add_text(a, c->out, b->shapes[i].text);
		intern_add(told, slice_of(mark), &(bool){false});
	}
}

static void
write_indexes(const struct columns *c, const char *key, int which)
{
	buf_addf(c->out, ",\"%s\":[", key);
	for (size_t i = 0; i < c->b->ntasks; i++) {
		const struct task *t = c->task[i];
		uint32_t v = which == 0   ? c->package[t->package]
			     : which == 1 ? t->name
					  : t->shape;
		buf_addf(c->out, "%s%" PRIu32, i > 0 ? "," : "", v);
	}
	buf_addc(c->out, ']');
}

static void
write_texts(
    const struct columns *c, const char *key, const char *const *text, size_t n)
{
	buf_addf(c->out, "\"%s\":[", key);
	for (size_t i = 0; i < n; i++) {
		buf_adds(c->out, i > 0 ? "," : "");
		buf_add_json(c->out, text[i]);
	}
	buf_addc(c->out, ']');
}

enum err
follow_tasks_write(struct arena *a, const struct build *b,
    const struct intern *known, struct intern *told, struct buf *out,
    struct errinfo *ei)
{
	struct columns c = {.b = b, .out = out};
	enum err e = task_columns_make(a, b, &c.tc, ei);

	if (e != ERR_OK)
		return e;
	arrange(a, &c);
	write_texts(&c, "packages", c.pf, c.npackages);
	buf_addc(out, ',');
	write_texts(
	    &c, "names", (const char *const *)b->task_names, b->ntask_names);
	buf_adds(out, ",\"shapes\":[");
	write_shapes(a, &c, known, told);
	buf_addc(out, ']');
	write_indexes(&c, "package", 0);
	write_indexes(&c, "name", 1);
	write_indexes(&c, "shape", 2);
	buf_adds(out, ",\"coding\":[");
	each_column(&c, true);
	buf_adds(out, "],\"columns\":[");
	each_column(&c, false);
	buf_addc(out, ']');
	return ERR_OK;
}
