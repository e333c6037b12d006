/*
 * task_block_open.c: opens a block, all but the values; see task_block.h.
 *
 * Blocks come from our own database, but a damaged one must end in an error:
 * every number is checked before it is used.
 */
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "model/column.h"
#include "model/task_block.h"
#include "model/task_block_format.h"
#include "model/task_columns.h"

struct opener {
	struct arena *a;
	struct unpack u; /* the head */
	struct task_block *tb;
	struct errinfo *ei;
};

static enum err
damaged(struct errinfo *ei)
{
	return err_set(ei, ERR_INTERNAL, "damaged task block");
}

static uint32_t
get_u32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static struct slice
take_text(struct unpack *u)
{
	return unpack_bytes(u, unpack_varint(u));
}

/* Texts become C strings, so a NUL inside is damage too. */
static const char *
take_string(struct opener *o)
{
	struct slice s = take_text(&o->u);

	if (s.n > 0 && memchr(s.p, '\0', s.n) != NULL)
		o->u.bad = true;
	return arena_strndup(o->a, s.p, s.n);
}

static void
open_metrics(struct opener *o)
{
	struct task_block *tb = o->tb;

	tb->nmetrics = unpack_count(&o->u, 1);
	tb->metrics =
	    arena_calloc(o->a, tb->nmetrics + 1, sizeof(*tb->metrics));
	for (size_t i = 0; i < tb->nmetrics; i++) {
		tb->metrics[i].key = take_string(o);
		tb->metrics[i].name =
		    metric_name_of(o->a, slice_of(tb->metrics[i].key));
	}
}

static void
open_names(struct opener *o)
{
	struct task_block *tb = o->tb;

	tb->ntask_names = unpack_count(&o->u, 1);
	tb->task_names =
	    arena_calloc(o->a, tb->ntask_names + 1, sizeof(*tb->task_names));
	for (size_t i = 0; i < tb->ntask_names; i++)
		tb->task_names[i] = take_string(o);
}

static void
open_packages(struct opener *o)
{
	struct task_block *tb = o->tb;

	tb->npackages = unpack_count(&o->u, 3);
	tb->packages =
	    arena_calloc(o->a, tb->npackages + 1, sizeof(*tb->packages));
	for (size_t i = 0; i < tb->npackages; i++) {
		struct package *p = &tb->packages[i];
		p->recipe = take_string(o);
		p->version = take_string(o);
		if (unpack_byte(&o->u) != 0)
			p->pf = take_string(o);
		else if (p->version[0] == '\0')
			p->pf = p->recipe;
		else
			p->pf =
			    arena_printf(o->a, "%s-%s", p->recipe, p->version);
	}
}

static bool
good_slot(int64_t slot, size_t nslots)
{
	return slot >= -1 && slot < (int64_t)nslots;
}

/* Texts and slots of a shape; its tasks' names are left for open_runs. */
static void
open_shape(struct opener *o, size_t s, size_t *ntasks)
{
	struct task_block *tb = o->tb;
	struct shape *sh = &tb->shapes[s];
	struct slice text = take_text(&o->u);
	unsigned status = unpack_byte(&o->u);
	int64_t slot[3];
	uint32_t *columns;

	sh->text = (struct slice){arena_strndup(o->a, text.p, text.n), text.n};
	for (size_t i = 0; i < 3; i++)
		slot[i] = unpack_svarint(&o->u);
	sh->nslots = unpack_count(&o->u, 1);
	columns = arena_calloc(o->a, sh->nslots + 1, sizeof(*columns));
	for (size_t k = 0; k < sh->nslots; k++) {
		uint64_t c = unpack_varint(&o->u);
		columns[k] = (uint32_t)c;
		if (c >= BLOCK_COLUMNS_MAX)
			o->u.bad = true;
	}
	tb->shape_column[s] = columns;
	*ntasks = (size_t)unpack_varint(&o->u);
	if (status < TASK_PASSED || status > TASK_UNFINISHED ||
	    !good_slot(slot[0], sh->nslots) ||
	    !good_slot(slot[1], sh->nslots) ||
	    !good_slot(slot[2], sh->nslots) ||
	    *ntasks > BLOCK_TASKS_MAX - tb->ntasks)
		o->u.bad = true;
	sh->status = status;
	sh->started = (int)slot[0];
	sh->ended = (int)slot[1];
	sh->elapsed = (int)slot[2];
}

struct name_arrays {
	size_t cap[3];
	uint32_t run;
};

static void
open_runs(struct opener *o, size_t s, size_t ntasks, struct name_arrays *na)
{
	struct task_block *tb = o->tb;
	size_t i = tb->ntasks, end = i + ntasks;

	tb->name = arena_grow(o->a, tb->name, &na->cap[0], end + 1, 4);
	tb->shape = arena_grow(o->a, tb->shape, &na->cap[1], end + 1, 4);
	tb->run = arena_grow(o->a, tb->run, &na->cap[2], end + 1, 4);
	while (i < end && !o->u.bad) {
		uint64_t name = unpack_varint(&o->u);
		uint64_t n = unpack_varint(&o->u);
		if (name >= tb->ntask_names || n == 0 || n > end - i)
			o->u.bad = true;
		for (; n > 0 && !o->u.bad; n--, i++) {
			tb->name[i] = (uint32_t)name;
			tb->shape[i] = (uint32_t)s;
			tb->run[i] = na->run;
		}
		na->run++;
	}
	tb->ntasks = end;
	tb->shape_end[s] = end;
}

static void
open_shapes(struct opener *o)
{
	struct task_block *tb = o->tb;
	struct name_arrays na = {0};
	size_t ntasks = 0;

	tb->nshapes = unpack_count(&o->u, 7);
	tb->shapes = arena_calloc(o->a, tb->nshapes + 1, sizeof(*tb->shapes));
	tb->shape_column =
	    arena_calloc(o->a, tb->nshapes + 1, sizeof(*tb->shape_column));
	tb->shape_end = arena_calloc(o->a, tb->nshapes + 1, sizeof(size_t));
	for (size_t s = 0; s < tb->nshapes && !o->u.bad; s++) {
		open_shape(o, s, &ntasks);
		if (!o->u.bad)
			open_runs(o, s, ntasks, &na);
	}
}

static void
open_column(struct opener *o, struct block_column *bc, size_t *in_core)
{
	struct task_block *tb = o->tb;
	uint64_t metric = unpack_varint(&o->u);
	uint64_t occurrence = unpack_varint(&o->u);
	unsigned bits = unpack_byte(&o->u);
	const unsigned char *sum;

	*bc = (struct block_column){.metric = (uint32_t)metric,
	    .occurrence = (uint32_t)occurrence,
	    .form = bits & 3,
	    .prediction = (bits >> 2) & 7,
	    .in_core = (bits & 32) != 0};
	if (bits >= 64 || bc->prediction > PREDICT_BLOCKS ||
	    metric >= tb->nmetrics || occurrence > UINT32_MAX)
		o->u.bad = true;
	for (size_t i = 0; i < prediction_bases(bc->prediction); i++) {
		uint64_t base = unpack_varint(&o->u);
		if (base >= tb->ncolumns)
			o->u.bad = true;
		bc->base[i] = (uint32_t)base;
	}
	bc->length = (size_t)unpack_varint(&o->u);
	sum = (const unsigned char *)unpack_bytes(&o->u, 4).p;
	bc->sum = o->u.bad ? 0 : get_u32(sum);
	size_t *at = bc->in_core ? in_core : &tb->columns_length;
	bc->offset = *at;
	if (bc->length > ((size_t)1 << 31) - *at)
		o->u.bad = true;
	else
		*at += bc->length;
}

/* Slots name columns of the right kind; bases are not predicted. */
static void
check_directory(struct opener *o)
{
	const struct task_block *tb = o->tb;

	for (size_t s = 0; s < tb->nshapes && !o->u.bad; s++) {
		const struct shape *sh = &tb->shapes[s];
		struct shape_slot *slots =
		    arena_calloc(o->a, sh->nslots + 1, sizeof(*slots));
		for (size_t k = 0; k < sh->nslots; k++) {
			uint32_t c = tb->shape_column[s][k];
			if (c >= tb->ncolumns) {
				o->u.bad = true;
				return;
			}
			slots[k].metric = tb->columns[c].metric;
			slots[k].form = tb->columns[c].form;
		}
		tb->shapes[s].slots = slots;
	}
	for (size_t c = 0; c < tb->ncolumns && !o->u.bad; c++) {
		const struct block_column *bc = &tb->columns[c];
		for (size_t i = 0; i < prediction_bases(bc->prediction); i++) {
			const struct block_column *base =
			    &tb->columns[bc->base[i]];
			if (base->prediction != PREDICT_NONE ||
			    (bc->in_core && !base->in_core))
				o->u.bad = true;
		}
	}
}

static void
open_directory(struct opener *o, size_t *in_core)
{
	struct task_block *tb = o->tb;

	tb->ncolumns = unpack_count(&o->u, 8);
	if (tb->ncolumns > BLOCK_COLUMNS_MAX) {
		o->u.bad = true;
		tb->ncolumns = 0;
	}
	tb->columns =
	    arena_calloc(o->a, tb->ncolumns + 1, sizeof(*tb->columns));
	for (size_t c = 0; c < tb->ncolumns && !o->u.bad; c++)
		open_column(o, &tb->columns[c], in_core);
	check_directory(o);
}

static enum err
open_places(struct opener *o, struct unpack *body)
{
	struct task_block *tb = o->tb;
	int64_t *v = arena_calloc(o->a, tb->ntasks + 1, sizeof(*v));
	enum err err;

	tb->package = arena_calloc(o->a, tb->ntasks + 1, 4);
	tb->block = arena_calloc(o->a, tb->ntasks + 1, 4);
	for (int pass = 0; pass < 2; pass++) {
		struct slice s = take_text(body);
		int64_t limit = pass == 0 ? (int64_t)tb->npackages : UINT32_MAX;
		uint32_t *to = pass == 0 ? tb->package : tb->block;
		if (body->bad)
			return damaged(o->ei);
		err = column_decode(o->a, s, NULL, tb->ntasks, v, o->ei);
		if (err != ERR_OK)
			return err;
		for (size_t i = 0; i < tb->ntasks; i++) {
			if (v[i] < 0 || v[i] >= limit)
				return damaged(o->ei);
			to[i] = (uint32_t)v[i];
		}
	}
	return ERR_OK;
}

static enum err
open_head(struct opener *o, struct slice head, size_t *in_core)
{
	struct slice text;
	enum err err =
	    zstd_unpack(o->a, head, TASK_BLOCK_HEAD_MAX, &text, o->ei);

	if (err != ERR_OK)
		return err;
	o->u = unpack_start(text);
	open_metrics(o);
	open_names(o);
	open_packages(o);
	open_shapes(o);
	open_directory(o, in_core);
	if (o->u.bad || unpack_left(&o->u) != 0)
		return damaged(o->ei);
	return ERR_OK;
}

enum err
task_block_open(struct arena *a, struct slice core, struct task_block **out,
    struct errinfo *ei)
{
	struct opener o = {.a = a, .ei = ei};
	struct unpack body = unpack_start(core);
	struct slice sum = unpack_bytes(&body, 4), head;
	size_t in_core = 0;
	enum err err;

	*out = NULL;
	if (body.bad || get_u32((const unsigned char *)sum.p) !=
			    task_block_sum(body.p, unpack_left(&body)))
		return damaged(ei);
	if (unpack_byte(&body) != TASK_BLOCK_VERSION)
		return err_set(ei, ERR_INTERNAL,
		    "task block of a version this program doesn't know");
	head = take_text(&body);
	if (body.bad)
		return damaged(ei);
	o.tb = arena_zalloc(a, sizeof(*o.tb));
	if ((err = open_head(&o, head, &in_core)) != ERR_OK ||
	    (err = open_places(&o, &body)) != ERR_OK)
		return err;
	o.tb->core = unpack_bytes(&body, in_core);
	if (body.bad || unpack_left(&body) != 0)
		return damaged(ei);
	*out = o.tb;
	return ERR_OK;
}
