/* content.c: see content.h. */
#include "model/content.h"

#include <stdlib.h>
#include <string.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/log_take.h"

#define COLLECT ((size_t)16 << 10) /* bytes to hash at once */

DEFINE_CLEANUP(struct digest *, cleanup_digest, digest_free);

/* Lengths go first, so that ("ab", "c") is not ("a", "bc"). */
static void
add_bytes(struct digest *d, const void *p, size_t n)
{
	uint64_t length = n;

	digest_add(d, &length, sizeof(length));
	digest_add(d, p, n);
}

static void
add_text(struct digest *d, const char *s)
{
	add_bytes(d, s, strlen(s));
}

static void
add_texts(struct digest *d, const char *const *list, size_t n)
{
	digest_add(d, &n, sizeof(n));
	for (size_t i = 0; i < n; i++)
		add_text(d, list[i]);
}

static void
add_environment(struct digest *d, const struct environment *env)
{
	const char *const texts[] = {env->uuid, env->builder, env->machine,
	    env->distro, env->distro_version, env->image, env->host,
	    env->host_info, env->host_distro, env->host_arch,
	    env->bitbake_version, env->branch, env->commit, env->mode,
	    env->json};

	add_texts(d, texts, sizeof(texts) / sizeof(texts[0]));
	add_texts(d, env->targets, env->ntargets);
	add_texts(d, env->tags, env->ntags);
	digest_add(d, &env->nlayers, sizeof(env->nlayers));
	for (size_t i = 0; i < env->nlayers; i++) {
		const struct layer *l = &env->layers[i];
		add_text(d, l->name);
		add_text(d, l->branch);
		add_text(d, l->commit);
		digest_add(d, &l->modified, sizeof(l->modified));
	}
}

static int
shape_order(const void *x, const void *y)
{
	const struct shape *a = *(const struct shape *const *)x;
	const struct shape *b = *(const struct shape *const *)y;
	size_t n = a->text.n < b->text.n ? a->text.n : b->text.n;
	int order = n > 0 ? memcmp(a->text.p, b->text.p, n) : 0;

	if (order == 0)
		order = (a->text.n > b->text.n) - (a->text.n < b->text.n);
	for (size_t i = 0; order == 0 && i < a->nslots; i++)
		order = (int)a->slots[i].form - (int)b->slots[i].form;
	return order;
}

/* Shapes are numbered as they were met; rank gives them numbers that don't
 * depend on that. */
static uint32_t *
add_shapes(struct arena *a, struct digest *d, const struct build *b)
{
	const struct shape **order =
	    arena_calloc(a, b->nshapes, sizeof(*order));
	uint32_t *rank = arena_calloc(a, b->nshapes, sizeof(*rank));

	for (size_t i = 0; i < b->nshapes; i++)
		order[i] = &b->shapes[i];
	if (b->nshapes > 1)
		qsort(order, b->nshapes, sizeof(*order), shape_order);
	digest_add(d, &b->nshapes, sizeof(b->nshapes));
	for (size_t i = 0; i < b->nshapes; i++) {
		const struct shape *s = order[i];
		rank[s - b->shapes] = (uint32_t)i;
		add_bytes(d, s->text.p, s->text.n);
		for (size_t k = 0; k < s->nslots; k++)
			digest_add(
			    d, &s->slots[k].form, sizeof(s->slots[k].form));
	}
	return rank;
}

/*
 * Most values are small: as varints there is a quarter to hash.  They are
 * collected, for a call of libcrypto costs as much as hashing 50 bytes.
 */
static void
add_values(struct buf *scratch, const int64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_add_svarint(scratch, v[i]);
}

static void
add_tasks(struct arena *a, struct digest *d, const struct build *b)
{
	CLEANUP(buf_clear) struct buf scratch = BUF_INIT;
	const uint32_t *rank = add_shapes(a, d, b);

	digest_add(d, &b->npackages, sizeof(b->npackages));
	for (size_t i = 0; i < b->npackages; i++) {
		add_text(d, b->packages[i].pf);
		add_text(d, b->packages[i].recipe);
	}
	add_texts(d, b->task_names, b->ntask_names);
	digest_add(d, &b->ntasks, sizeof(b->ntasks));
	for (size_t i = 0; i < b->ntasks; i++) {
		const struct task *t = &b->tasks[i];
		const uint32_t key[] = {
		    t->package, t->name, t->block, rank[t->shape]};
		buf_add(&scratch, key, sizeof(key));
		add_values(&scratch, t->values, b->shapes[t->shape].nslots);
		if (scratch.len < COLLECT && i + 1 < b->ntasks)
			continue;
		digest_add(d, scratch.data, scratch.len);
		buf_reset(&scratch);
	}
}

static int
series_order(const void *x, const void *y)
{
	const struct series *a = x, *b = y;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->subject, b->subject);
}

static int
text_order(const void *x, const void *y)
{
	const struct build_text *a = x, *b = y;

	return strcmp(a->name, b->name);
}

/* Sorts the lists that stand in the order of the tar. */
static void
sort_lists(struct build *b)
{
	if (b->nseries > 1)
		qsort(b->series, b->nseries, sizeof(*b->series), series_order);
	if (b->ntexts > 1)
		qsort(b->texts, b->ntexts, sizeof(*b->texts), text_order);
}

static void
add_series(struct digest *d, const struct series *s)
{
	digest_add(d, &s->kind, sizeof(s->kind));
	digest_add(d, &s->flags, sizeof(s->flags));
	add_text(d, s->subject);
	add_bytes(d, s->time, s->n * sizeof(*s->time));
	for (unsigned c = 0; c < s->ncolumns; c++)
		add_bytes(d, s->column[c], s->n * sizeof(double));
}

/* With logs where there were none, a build is another one. */
static void
add_failures(struct digest *d, const struct build *b)
{
	digest_add(d, &b->ntold, sizeof(b->ntold));
	for (size_t i = 0; i < b->ntold; i++) {
		const struct told_failure *f = &b->told[i];
		digest_add(d, &f->kind, sizeof(f->kind));
		add_text(d, f->recipe);
		add_text(d, f->version);
		add_text(d, f->task);
		add_text(d, f->message);
		if (f->log != NULL)
			digest_add(d, f->log->sha256, sizeof(f->log->sha256));
	}
	for (size_t i = 0; i < b->nreports; i++)
		digest_add(d, b->reports[i], sizeof(b->reports[i]));
}

/* Without any a build is what it was before they were known. */
static void
add_events(struct digest *d, const struct build_events *e)
{
	if (!e->known)
		return;
	digest_add(d, e->count, sizeof(e->count));
	for (size_t i = 0; i < e->nvariables; i++) {
		add_text(d, e->variable[i].name);
		add_text(d, e->variable[i].value);
	}
	for (size_t i = 0; i < e->nmessages; i++) {
		const struct build_message *m = &e->message[i];
		const char *const texts[] = {
		    m->qa_class, m->recipe, m->version, m->task, m->text};
		digest_add(d, &m->level, sizeof(m->level));
		digest_add(d, &m->seen, sizeof(m->seen));
		add_texts(d, texts, sizeof(texts) / sizeof(texts[0]));
	}
}

void
build_hash_content(struct arena *a, struct build *b)
{
	CLEANUP(cleanup_digest) struct digest *d = digest_new();

	sort_lists(b);
	add_text(d, b->name);
	add_bytes(d, b->build_stats.p, b->build_stats.n);
	add_environment(d, &b->env);
	add_tasks(a, d, b);
	for (size_t i = 0; i < b->nseries; i++)
		add_series(d, &b->series[i]);
	for (size_t i = 0; i < b->ntexts; i++) {
		add_text(d, b->texts[i].name);
		add_bytes(d, b->texts[i].zstd.p, b->texts[i].zstd.n);
	}
	add_failures(d, b);
	add_events(d, &b->events);
	digest_end(d, b->content);
}

void
build_hash_identity(struct build *b, struct slice start)
{
	CLEANUP(cleanup_digest) struct digest *d = digest_new();

	if (b->env.uuid[0] != '\0') {
		add_text(d, "uuid");
		add_text(d, b->env.uuid);
	} else {
		add_text(d, "run");
		add_text(d, b->env.host);
		add_bytes(d, start.p, start.n);
		add_text(d, b->name);
	}
	digest_end(d, b->identity);
}
