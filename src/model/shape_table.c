/* shape_table.c: see shape_table.h. */
#include "model/shape_table.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"

/* Real builds have a handful.  Crowded first, refused at eight times that. */
#define SHAPES_MAX ((size_t)4096)
#define SHAPE_BYTES_MAX ((size_t)1 << 20)
#define REFUSE_FACTOR 4

/* A literal, then a number or the name. */
struct piece {
	const char *text;
	uint32_t n;
	bool is_name;
	uint8_t form;
	uint8_t check;
};

struct compiled_shape {
	size_t npieces;
	struct piece *pieces;
	struct slice tail;
};

void
shape_table_init(struct shape_table *t, struct arena *a)
{
	t->arena = a;
	intern_init(&t->known, a);
	t->n = t->shapes_cap = t->compiled_cap = t->bytes = t->nrecent = 0;
	t->shapes = NULL;
	t->compiled = NULL;
}

bool
shape_table_crowded(const struct shape_table *t)
{
	return t->n >= SHAPES_MAX || t->bytes >= SHAPE_BYTES_MAX;
}

/* ---- matching ---- */

/* An integer at *p; what may not follow it fails on the next literal. */
static bool
take_int(const char **at, const char *end, int64_t *out)
{
	const char *p = *at;
	bool negative = p < end && *p == '-';
	int64_t v = 0;

	p += negative;
	const char *first = p;
	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		if (p - first == 18)
			return false;
		v = v * 10 + (*p - '0');
	}
	if (p == first || (*first == '0' && (p - first > 1 || negative)))
		return false;
	*at = p;
	*out = negative ? -v : v;
	return true;
}

static bool
take_number(const char **at, const char *end, enum num_form form, int64_t *v)
{
	const char *p = *at;

	if (form == NUM_INT)
		return take_int(at, end, v);
	while (p < end && ((*p >= '0' && *p <= '9') || *p == '.' || *p == 'e' ||
			      *p == '-' || *p == '+'))
		p++;
	struct slice s = {*at, (size_t)(p - *at)};
	*at = p;
	return num_parse_as(s, form, v);
}

static bool
block_ends(const char *p, const char *end)
{
	static const char event[] = "Event: TaskStarted";
	size_t n = sizeof(event) - 1;

	return p == end || ((size_t)(end - p) >= n && memcmp(p, event, n) == 0);
}

static bool
match(const struct compiled_shape *c, struct slice name, struct slice text,
    int64_t *values, size_t *used)
{
	const char *p = text.p, *end = p + text.n;

	for (size_t i = 0; i < c->npieces; i++) {
		const struct piece *piece = &c->pieces[i];
		if ((size_t)(end - p) < piece->n ||
		    memcmp(p, piece->text, piece->n) != 0)
			return false;
		p += piece->n;
		if (piece->is_name) {
			if ((size_t)(end - p) < name.n ||
			    memcmp(p, name.p, name.n) != 0)
				return false;
			p += name.n;
			continue;
		}
		enum num_form form = (enum num_form)piece->form;
		if (!take_number(&p, end, form, values) ||
		    !line_check_value(
			(enum line_check)piece->check, form, *values))
			return false;
		values++;
	}
	if ((size_t)(end - p) < c->tail.n ||
	    memcmp(p, c->tail.p, c->tail.n) != 0)
		return false;
	p += c->tail.n;
	*used = (size_t)(p - text.p);
	return *used > 0 && block_ends(p, end);
}

/* Moves number i of the recent ones to the front. */
static void
promote(struct shape_table *t, size_t i, uint32_t shape)
{
	memmove(t->recent + 1, t->recent, i * sizeof(t->recent[0]));
	t->recent[0] = shape;
}

bool
shape_table_match(struct shape_table *t, struct slice name, struct slice text,
    uint32_t *shape, size_t *used)
{
	for (size_t i = 0; i < t->nrecent; i++) {
		if (!match(&t->compiled[t->recent[i]], name, text, t->values,
			used))
			continue;
		*shape = t->recent[i];
		if (i > 0)
			promote(t, i, *shape);
		return true;
	}
	return false;
}

/* ---- making ---- */

static void
compile(struct arena *a, const struct shape_draft *d, struct slice text,
    struct compiled_shape *out)
{
	size_t from = 0, slot = 0;

	/* One piece a slot, and one for each name. */
	out->npieces = 0;
	for (size_t i = 0; i < text.n; i++)
		out->npieces +=
		    text.p[i] == SHAPE_SLOT || text.p[i] == SHAPE_NAME;
	out->pieces = arena_calloc(a, out->npieces, sizeof(*out->pieces));
	struct piece *piece = out->pieces;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c != SHAPE_SLOT && c != SHAPE_NAME)
			continue;
		piece->text = text.p + from;
		piece->n = (uint32_t)(i - from);
		piece->is_name = c == SHAPE_NAME;
		if (c == SHAPE_SLOT) {
			piece->form = (uint8_t)d->slots[slot].form;
			piece->check = (uint8_t)d->checks[slot];
			slot++;
		}
		piece++;
		from = i + 1;
	}
	out->tail = (struct slice){text.p + from, text.n - from};
}

static void
keep(struct shape_table *t, const struct shape_draft *d, struct slice text)
{
	struct shape_slot *slots;

	t->shapes = arena_grow(
	    t->arena, t->shapes, &t->shapes_cap, t->n + 1, sizeof(*t->shapes));
	t->compiled = arena_grow(t->arena, t->compiled, &t->compiled_cap,
	    t->n + 1, sizeof(*t->compiled));
	slots = arena_calloc(t->arena, d->nslots, sizeof(*slots));
	if (d->nslots > 0)
		memcpy(slots, d->slots, d->nslots * sizeof(*slots));
	t->shapes[t->n] = (struct shape){
	    .text = text,
	    .nslots = d->nslots,
	    .slots = slots,
	    .status = d->status,
	    .started = d->started,
	    .ended = d->ended,
	    .elapsed = d->elapsed,
	};
	compile(t->arena, d, text, &t->compiled[t->n]);
	t->bytes += text.n;
	t->n++;
}

enum err
shape_table_add(struct shape_table *t, const struct shape_draft *d,
    uint32_t *shape, struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf key = BUF_INIT;
	bool is_new;

	buf_add(&key, d->text.data, d->text.len);
	for (size_t i = 0; i < d->nslots; i++)
		buf_addc(&key, (char)('0' + d->slots[i].form));
	*shape =
	    intern_add(&t->known, (struct slice){key.data, key.len}, &is_new);
	if (is_new) {
		if (t->n >= SHAPES_MAX * REFUSE_FACTOR ||
		    t->bytes >= SHAPE_BYTES_MAX * REFUSE_FACTOR)
			return err_set(ei, ERR_TOO_BIG,
			    "the task files have too little in common");
		keep(t, d,
		    (struct slice){t->known.texts[*shape].p, d->text.len});
	}
	if (t->nrecent < SHAPE_RECENT)
		t->nrecent++;
	promote(t, t->nrecent - 1, *shape);
	return ERR_OK;
}
