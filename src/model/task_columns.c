/* task_columns.c: see task_columns.h. */
#include "model/task_columns.h"

#include <string.h>

#include "base/arena.h"
#include "model/unpack.h"

/* Keys as bitbake writes them; bases are never predicted themselves. */
static const struct rule {
	const char *key, *base[2];
	enum prediction prediction;
} rules[] = {
    {"utime", {"rusage ru_utime", NULL}, PREDICT_TICKS},
    {"stime", {"rusage ru_stime", NULL}, PREDICT_TICKS},
    {"cutime", {"Child rusage ru_utime", NULL}, PREDICT_TICKS},
    {"cstime", {"Child rusage ru_stime", NULL}, PREDICT_TICKS},
    {"IO read_bytes", {"rusage ru_inblock", "Child rusage ru_inblock"},
	PREDICT_BLOCKS},
    {"IO write_bytes", {"rusage ru_oublock", "Child rusage ru_oublock"},
	PREDICT_BLOCKS},
    {"Child rusage ru_maxrss", {"rusage ru_maxrss", NULL}, PREDICT_SAME},
};

unsigned
prediction_bases(enum prediction p)
{
	switch (p) {
	case PREDICT_SAME:
	case PREDICT_TICKS:
		return 1;
	case PREDICT_SUM:
	case PREDICT_BLOCKS:
		return 2;
	case PREDICT_NONE:
		break;
	}
	return 0;
}

int64_t
prediction_value(enum prediction p, int64_t base0, int64_t base1)
{
	switch (p) {
	case PREDICT_SAME:
		return base0;
	case PREDICT_SUM:
		return wrap_add(base0, base1);
	case PREDICT_TICKS:
		return base0 / 10000;
	case PREDICT_BLOCKS:
		return (int64_t)((uint64_t)wrap_add(base0, base1) * 512);
	case PREDICT_NONE:
		break;
	}
	return 0;
}

#define NONE UINT32_MAX

/* Columns of a metric are chained, newest first. */
struct chains {
	uint32_t *first;  /* per metric */
	uint32_t *next;   /* per column */
	uint32_t *repeat; /* per metric: times seen in the shape at hand */
	size_t next_cap, column_cap;
};

static uint32_t
column_for(struct arena *a, struct task_columns *tc, struct chains *ch,
    const struct shape_slot *slot, uint32_t occurrence)
{
	uint32_t c = ch->first[slot->metric];

	for (; c != NONE; c = ch->next[c])
		if (tc->column[c].form == slot->form &&
		    tc->column[c].occurrence == occurrence)
			return c;
	c = (uint32_t)tc->n++;
	tc->column = arena_grow(
	    a, tc->column, &ch->column_cap, tc->n, sizeof(*tc->column));
	ch->next =
	    arena_grow(a, ch->next, &ch->next_cap, tc->n, sizeof(*ch->next));
	tc->column[c] = (struct block_column){.metric = slot->metric,
	    .occurrence = occurrence,
	    .form = slot->form,
	    .base = {NONE, NONE}};
	ch->next[c] = ch->first[slot->metric];
	ch->first[slot->metric] = c;
	return c;
}

static enum err
assign(struct arena *a, const struct build *b, struct task_columns *tc,
    struct chains *ch, struct errinfo *ei)
{
	tc->of_slot = arena_calloc(a, b->nshapes + 1, sizeof(*tc->of_slot));
	for (size_t s = 0; s < b->nshapes; s++) {
		const struct shape *sh = &b->shapes[s];
		tc->of_slot[s] =
		    arena_calloc(a, sh->nslots + 1, sizeof(uint32_t));
		for (size_t k = 0; k < sh->nslots; k++)
			tc->of_slot[s][k] = column_for(a, tc, ch, &sh->slots[k],
			    ch->repeat[sh->slots[k].metric]++);
		for (size_t k = 0; k < sh->nslots; k++)
			ch->repeat[sh->slots[k].metric] = 0;
		if (tc->n > BLOCK_COLUMNS_MAX)
			return err_set(ei, ERR_TOO_BIG,
			    "more than %zu different numbers in one build",
			    BLOCK_COLUMNS_MAX);
	}
	return ERR_OK;
}

/* Per column the shapes that have it, in the shapes' order. */
static void
collect_uses(struct arena *a, const struct build *b, struct task_columns *tc)
{
	size_t total = 0, *at;

	tc->use_start = arena_calloc(a, tc->n + 2, sizeof(size_t));
	for (size_t s = 0; s < b->nshapes; s++)
		for (size_t k = 0; k < b->shapes[s].nslots; k++, total++)
			tc->use_start[tc->of_slot[s][k] + 1]++;
	for (size_t c = 0; c < tc->n; c++)
		tc->use_start[c + 1] += tc->use_start[c];
	tc->use = arena_calloc(a, total + 1, sizeof(*tc->use));
	at = arena_alloc(a, (tc->n + 1) * sizeof(*at));
	memcpy(at, tc->use_start, tc->n * sizeof(*at));
	for (size_t s = 0; s < b->nshapes; s++)
		for (size_t k = 0; k < b->shapes[s].nslots; k++)
			tc->use[at[tc->of_slot[s][k]]++] =
			    (struct column_use){(uint32_t)s, (uint32_t)k};
}

/* Of a metric's columns the one that most shapes have. */
static uint32_t
main_column(
    const struct task_columns *tc, const struct chains *ch, uint32_t metric)
{
	uint32_t best = NONE;
	size_t most = 0;

	if (metric == NONE)
		return NONE;
	for (uint32_t c = ch->first[metric]; c != NONE; c = ch->next[c]) {
		size_t n = tc->use_start[c + 1] - tc->use_start[c];
		if (tc->column[c].occurrence == 0 && n > most) {
			most = n;
			best = c;
		}
	}
	return best;
}

static uint32_t
metric_by_key(const struct build *b, const char *key)
{
	for (size_t i = 0; key != NULL && i < b->nmetrics; i++)
		if (strcmp(b->metrics[i].key, key) == 0)
			return (uint32_t)i;
	return NONE;
}

static void
predict(struct task_columns *tc, uint32_t c, enum prediction p, uint32_t base0,
    uint32_t base1)
{
	unsigned n = prediction_bases(p);

	if (c == NONE || base0 == NONE || (n == 2 && base1 == NONE) ||
	    base0 == c || base1 == c ||
	    tc->column[base0].prediction != PREDICT_NONE)
		return;
	tc->column[c].prediction = p;
	tc->column[c].base[0] = base0;
	tc->column[c].base[1] = n == 2 ? base1 : NONE;
}

static void
predict_by_rules(
    const struct build *b, struct task_columns *tc, const struct chains *ch)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *r = &rules[i];
		uint32_t of[3];
		of[0] = metric_by_key(b, r->key);
		of[1] = metric_by_key(b, r->base[0]);
		of[2] = metric_by_key(b, r->base[1]);
		predict(tc, main_column(tc, ch, of[0]), r->prediction,
		    main_column(tc, ch, of[1]), main_column(tc, ch, of[2]));
	}
}

static uint32_t
well_known(const struct task_columns *tc, size_t shape, int slot)
{
	return slot < 0 ? NONE : tc->of_slot[shape][slot];
}

/* Started, Ended and Elapsed time are read with every table. */
static void
mark_core(const struct build *b, struct task_columns *tc)
{
	uint32_t ended = NONE, started = NONE, elapsed = NONE;

	for (size_t s = 0; s < b->nshapes; s++) {
		const struct shape *sh = &b->shapes[s];
		uint32_t c[3] = {well_known(tc, s, sh->started),
		    well_known(tc, s, sh->ended),
		    well_known(tc, s, sh->elapsed)};
		for (size_t i = 0; i < 3; i++)
			if (c[i] != NONE)
				tc->column[c[i]].in_core = true;
		if (ended == NONE && c[0] != NONE && c[1] != NONE &&
		    c[2] != NONE) {
			started = c[0];
			ended = c[1];
			elapsed = c[2];
		}
	}
	predict(tc, ended, PREDICT_SUM, started, elapsed);
}

/* A column in core is read without those outside. */
static void
keep_core_apart(struct task_columns *tc)
{
	for (size_t c = 0; c < tc->n; c++)
		for (size_t i = 0;
		     i < prediction_bases(tc->column[c].prediction); i++)
			if (tc->column[c].in_core &&
			    !tc->column[tc->column[c].base[i]].in_core)
				tc->column[c].prediction = PREDICT_NONE;
}

enum err
task_columns_make(struct arena *a, const struct build *b,
    struct task_columns *out, struct errinfo *ei)
{
	struct chains ch = {0};
	enum err err;

	*out = (struct task_columns){0};
	ch.first = arena_alloc(a, (b->nmetrics + 1) * sizeof(*ch.first));
	memset(ch.first, 0xff, (b->nmetrics + 1) * sizeof(*ch.first));
	ch.repeat = arena_calloc(a, b->nmetrics + 1, sizeof(*ch.repeat));
	if ((err = assign(a, b, out, &ch, ei)) != ERR_OK)
		return err;
	collect_uses(a, b, out);
	predict_by_rules(b, out, &ch);
	mark_core(b, out);
	keep_core_apart(out);
	return ERR_OK;
}

int
task_columns_slot(const struct task_columns *tc, const struct shape *s,
    uint32_t shape, size_t c)
{
	for (size_t k = 0; k < s->nslots; k++)
		if (tc->of_slot[shape][k] == c)
			return (int)k;
	return -1;
}
