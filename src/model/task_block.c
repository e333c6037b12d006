/* task_block.c: writes a block; see task_block.h. */
#include "model/task_block.h"

#include <stdlib.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "model/column.h"
#include "model/task_block_format.h"
#include "model/task_columns.h"
#include "model/task_order.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct column_coder *, cleanup_coder, column_coder_free);

#define AHEAD 16 /* rows to fetch before they are needed */

struct encoder {
	const struct build *b;
	struct task_order order;
	struct task_columns tc;
	struct column_coder *coder;
	const int64_t **row; /* per position: its task's values */
	/* of the column at hand */
	int64_t *value, *residual;
	uint32_t *group;
};

uint32_t
task_block_sum(const void *p, size_t n)
{
	const unsigned char *s = p;
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ s[i]) * 16777619u;
	return h;
}

static void
put_u32(char *to, uint32_t v)
{
	for (size_t i = 0; i < 4; i++)
		to[i] = (char)(unsigned char)(v >> (8 * i));
}

static void
add_u32(struct buf *out, uint32_t v)
{
	char b[4];

	put_u32(b, v);
	buf_add(out, b, sizeof(b));
}

static void
add_text(struct buf *out, const char *s, size_t n)
{
	buf_add_varint(out, n);
	buf_add(out, s, n);
}

static void
add_string(struct buf *out, const char *s)
{
	add_text(out, s, strlen(s));
}

/* PF follows from recipe and version, or is written after a 1. */
static void
add_package(struct buf *out, const struct package *p)
{
	size_t n = strlen(p->recipe);
	bool follows = strncmp(p->pf, p->recipe, n) == 0 &&
		       (p->version[0] == '\0'
			       ? p->pf[n] == '\0'
			       : p->pf[n] == '-' &&
				     strcmp(p->pf + n + 1, p->version) == 0);

	add_string(out, p->recipe);
	add_string(out, p->version);
	buf_addc(out, !follows);
	if (!follows)
		add_string(out, p->pf);
}

static void
add_texts(const struct encoder *e, struct buf *out)
{
	const struct build *b = e->b;

	buf_add_varint(out, b->nmetrics);
	for (size_t i = 0; i < b->nmetrics; i++)
		add_string(out, b->metrics[i].key);
	buf_add_varint(out, b->ntask_names);
	for (size_t i = 0; i < b->ntask_names; i++)
		add_string(out, b->task_names[i]);
	buf_add_varint(out, b->npackages);
	for (size_t i = 0; i < b->npackages; i++)
		add_package(out, &b->packages[e->order.package[i]]);
}

/* A shape's tasks' names as runs: name, how many. */
static void
add_runs(const struct encoder *e, struct buf *out, size_t start, size_t end)
{
	for (size_t i = start; i < end;) {
		size_t first = i;
		while (i < end && e->order.run[i] == e->order.run[first])
			i++;
		buf_add_varint(out, e->b->tasks[e->order.task[first]].name);
		buf_add_varint(out, i - first);
	}
}

static void
add_shapes(const struct encoder *e, struct buf *out)
{
	size_t start = 0;

	buf_add_varint(out, e->b->nshapes);
	for (size_t s = 0; s < e->b->nshapes; s++) {
		const struct shape *sh = &e->b->shapes[s];
		size_t end = e->order.shape_end[s];
		add_text(out, sh->text.p, sh->text.n);
		buf_addc(out, (char)sh->status);
		buf_add_svarint(out, sh->started);
		buf_add_svarint(out, sh->ended);
		buf_add_svarint(out, sh->elapsed);
		buf_add_varint(out, sh->nslots);
		for (size_t k = 0; k < sh->nslots; k++)
			buf_add_varint(out, e->tc.of_slot[s][k]);
		buf_add_varint(out, end - start);
		add_runs(e, out, start, end);
		start = end;
	}
}

static void
add_directory(const struct encoder *e, struct buf *out)
{
	buf_add_varint(out, e->tc.n);
	for (size_t c = 0; c < e->tc.n; c++) {
		const struct block_column *bc = &e->tc.column[c];
		buf_add_varint(out, bc->metric);
		buf_add_varint(out, bc->occurrence);
		buf_addc(out,
		    (char)((unsigned)bc->form | (unsigned)bc->prediction << 2 |
			   (unsigned)bc->in_core << 5));
		for (size_t i = 0; i < prediction_bases(bc->prediction); i++)
			buf_add_varint(out, bc->base[i]);
		buf_add_varint(out, bc->length);
		add_u32(out, bc->sum);
	}
}

/* Values and groups of one shape's tasks from position i on, at n. */
static void
gather_values(struct encoder *e, size_t i, size_t end, uint32_t slot, size_t n)
{
	memcpy(e->group + n, e->order.run + i, (end - i) * sizeof(*e->group));
	for (; i < end; i++) {
		/* Rows lie where they were read, not in this order. */
		if (end - i > AHEAD)
			__builtin_prefetch(&e->row[i + AHEAD][slot]);
		e->value[n++] = e->row[i][slot];
	}
}

/* What is left after prediction; a shape without the bases isn't predicted. */
static void
gather_residuals(struct encoder *e, size_t i, size_t end, struct column_use use,
    const struct block_column *bc, size_t n)
{
	const struct shape *sh = &e->b->shapes[use.shape];
	unsigned nbases = prediction_bases(bc->prediction);
	int k[2] = {-1, -1};

	for (unsigned j = 0; j < nbases; j++)
		k[j] = task_columns_slot(&e->tc, sh, use.shape, bc->base[j]);
	if (k[0] < 0 || (nbases == 2 && k[1] < 0)) {
		memcpy(e->residual + n, e->value + n,
		    (end - i) * sizeof(*e->value));
		return;
	}
	for (; i < end; i++, n++) {
		const int64_t *v = e->row[i];
		e->residual[n] = wrap_sub(
		    v[use.slot], prediction_value(bc->prediction, v[k[0]],
				     nbases == 2 ? v[k[1]] : 0));
	}
}

/* Fills value, group and, with a prediction, residual for column c. */
static size_t
gather(struct encoder *e, size_t c)
{
	const struct block_column *bc = &e->tc.column[c];
	size_t n = 0;

	for (size_t u = e->tc.use_start[c]; u < e->tc.use_start[c + 1]; u++) {
		struct column_use use = e->tc.use[u];
		size_t i =
		    use.shape == 0 ? 0 : e->order.shape_end[use.shape - 1];
		size_t end = e->order.shape_end[use.shape];
		gather_values(e, i, end, use.slot, n);
		if (bc->prediction != PREDICT_NONE)
			gather_residuals(e, i, end, use, bc, n);
		n += end - i;
	}
	return n;
}

static void
encode_column(struct encoder *e, size_t c, struct buf *out)
{
	struct block_column *bc = &e->tc.column[c];
	size_t n = gather(e, c), start = out->len;
	const int64_t *v = e->value;

	if (bc->prediction != PREDICT_NONE) {
		if (column_cost(e->residual, n) < column_cost(e->value, n))
			v = e->residual;
		else
			bc->prediction = PREDICT_NONE;
	}
	column_encode(e->coder, out, v, e->group, n);
	bc->length = out->len - start;
	bc->sum = task_block_sum(out->data + start, bc->length);
}

/* package and block, which every task has. */
static void
encode_places(struct encoder *e, struct buf *out)
{
	CLEANUP(buf_clear) struct buf piece = BUF_INIT;
	size_t n = e->b->ntasks;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < n; i++) {
			const struct task *t = &e->b->tasks[e->order.task[i]];
			e->value[i] = pass == 0
					  ? e->order.package_rank[t->package]
					  : t->block;
		}
		buf_reset(&piece);
		column_encode(e->coder, &piece, e->value, NULL, n);
		add_text(out, piece.data, piece.len);
	}
}

static void
encode_columns(struct encoder *e, struct buf *in_core, struct buf *columns)
{
	for (size_t c = 0; c < e->tc.n; c++)
		encode_column(
		    e, c, e->tc.column[c].in_core ? in_core : columns);
}

static void
write_core(const struct encoder *e, const struct buf *in_core, struct buf *core)
{
	CLEANUP(buf_clear) struct buf head = BUF_INIT;
	CLEANUP(buf_clear) struct buf packed = BUF_INIT;
	size_t start = core->len;

	add_texts(e, &head);
	add_shapes(e, &head);
	add_directory(e, &head);
	zstd_pack(&packed, head.data, head.len, TASK_BLOCK_HEAD_LEVEL);
	buf_add(core, "\0\0\0\0", 4);
	buf_addc(core, TASK_BLOCK_VERSION);
	add_text(core, packed.data, packed.len);
	buf_add(core, in_core->data, in_core->len);
	put_u32(core->data + start,
	    task_block_sum(core->data + start + 4, core->len - start - 4));
}

enum err
task_block_encode(const struct build *b, struct buf *core, struct buf *columns,
    struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_coder) struct column_coder *coder = column_coder_new();
	CLEANUP(buf_clear) struct buf in_core = BUF_INIT;
	struct encoder e = {.b = b, .coder = coder};
	enum err err;

	if (b->ntasks > BLOCK_TASKS_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "more than %zu tasks in one build", BLOCK_TASKS_MAX);
	if ((err = task_columns_make(a, b, &e.tc, ei)) != ERR_OK)
		return err;
	task_order_make(a, b, &e.order);
	e.value = arena_calloc(a, b->ntasks + 1, sizeof(*e.value));
	e.residual = arena_calloc(a, b->ntasks + 1, sizeof(*e.residual));
	e.group = arena_calloc(a, b->ntasks + 1, sizeof(*e.group));
	e.row = arena_calloc(a, b->ntasks + 1, sizeof(*e.row));
	for (size_t i = 0; i < b->ntasks; i++)
		e.row[i] = b->tasks[e.order.task[i]].values;
	encode_places(&e, &in_core);
	encode_columns(&e, &in_core, columns);
	write_core(&e, &in_core, core);
	return ERR_OK;
}
