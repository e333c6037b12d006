/*
 * failure_merge.c: see failure_merge.h.
 *
 * A task that failed, an error report's word of it and its log found in a
 * directory are one failure.  Two told ones of the same task whose errors
 * differ are two: a recipe can be built for several configurations at once.
 */
#include "model/failure_merge.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/dictionary.h"
#include "model/log_take.h"

#define NAME_MAX_BYTES 255
#define YEAR_2000_US (INT64_C(946684800) * 1000000)
#define YEAR_US (INT64_C(366) * 86400 * 1000000)

/* One of the tasks' or of the told ones, before they are merged. */
struct candidate {
	struct failure_key key;
	size_t position; /* tasks' first, then told ones */
	size_t became;
};

struct merge {
	struct arena *a;
	const struct build *b;
	size_t ntasks; /* candidates that are tasks' */
	size_t n;
	struct merged_failure *all; /* per position */
	struct candidate *sorted;
	struct merged_failures *out;
};

static int
compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int
failure_key_order(const void *x, const void *y)
{
	const struct failure_key *a = x, *b = y;
	int d = compare(a->kind, b->kind);

	if (d == 0)
		d = compare(a->recipe, b->recipe);
	return d != 0 ? d : compare(a->task, b->task);
}

static bool
agree(int32_t a, int32_t b)
{
	return a == 0 || b == 0 || a == b;
}

bool
failure_same(const struct failure_key *a, const struct failure_key *b)
{
	return failure_key_order(a, b) == 0 && agree(a->version, b->version) &&
	       agree(a->sig_task, b->sig_task);
}

static int
candidate_order(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;
	int d = failure_key_order(&a->key, &b->key);

	return d != 0 ? d : compare((int64_t)a->position, (int64_t)b->position);
}

/* A time that a failure can have, or TIME_UNKNOWN. */
static int64_t
possible(int64_t t)
{
	int64_t now = (int64_t)time(NULL) * 1000000;

	return t >= YEAR_2000_US && t < now + YEAR_US ? t : TIME_UNKNOWN;
}

static int64_t
seen_of(const struct build *b, int64_t own)
{
	if (possible(own) != TIME_UNKNOWN)
		return own;
	return possible(b->ended) != TIME_UNKNOWN ? b->ended : b->started;
}

/* Names go into an index. */
static const char *
name_of(struct arena *a, const char *s)
{
	return s != NULL ? utf8_cut(a, s, NAME_MAX_BYTES) : "";
}

static void
take_task(struct merge *m, size_t at, const struct build_failure *f)
{
	const struct package *p = &m->b->packages[f->package];

	m->all[at] = (struct merged_failure){
	    .key = {.kind = FAILURE_TASK},
	    .recipe = name_of(m->a, p->recipe),
	    .version = name_of(m->a, p->version),
	    .task = name_of(m->a, f->name),
	    .seen = f->task != NULL ? task_ended(m->b, f->task) : TIME_UNKNOWN,
	};
}

static void
take_told(struct merge *m, size_t at, const struct told_failure *t,
    const struct told_part *part)
{
	m->all[at] = (struct merged_failure){
	    .key = {.kind = (int16_t)t->kind, .sig_task = part->sig[2]},
	    .recipe = name_of(m->a, t->recipe),
	    .version = name_of(m->a, t->version),
	    .task = name_of(m->a, t->task),
	    .seen = t->seen,
	    .number = t->number,
	    .part = part,
	};
}

static void
collect(struct merge *m)
{
	struct build_failure *tasks = build_failures(m->a, m->b, &m->ntasks);

	m->n = m->ntasks + m->b->ntold;
	m->all = arena_calloc(m->a, m->n + 1, sizeof(*m->all));
	for (size_t i = 0; i < m->ntasks; i++)
		take_task(m, i, &tasks[i]);
	for (size_t i = 0; i < m->b->ntold; i++)
		take_told(
		    m, m->ntasks + i, &m->b->told[i], &m->b->parts->part[i]);
}

/* The ids of a name of all of them; 0 for "". */
static enum err
find_ids(struct merge *m, struct db *db, enum dictionary d, size_t name,
    struct errinfo *ei)
{
	const char **names = arena_calloc(m->a, m->n + 1, sizeof(*names));
	size_t *of = arena_calloc(m->a, m->n + 1, sizeof(*of));
	int32_t *ids = arena_calloc(m->a, m->n + 1, sizeof(*ids));
	size_t n = 0;
	enum err err;

	for (size_t i = 0; i < m->n; i++) {
		const char *text;
		memcpy(&text, (const char *)&m->all[i] + name, sizeof(text));
		if (*text == '\0')
			continue;
		of[n] = i;
		names[n++] = text;
	}
	if (n == 0)
		return ERR_OK;
	err =
	    dictionary_ids(db, m->a, d, (struct name_list){names, n}, ids, ei);
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		struct failure_key *k = &m->all[of[i]].key;
		*(d == DICT_RECIPE   ? &k->recipe
		    : d == DICT_TASK ? &k->task
				     : &k->version) = ids[i];
	}
	return err;
}

static enum err
find_names(struct merge *m, struct db *db, struct errinfo *ei)
{
	enum err err = find_ids(
	    m, db, DICT_RECIPE, offsetof(struct merged_failure, recipe), ei);

	if (err == ERR_OK)
		err = find_ids(m, db, DICT_VERSION,
		    offsetof(struct merged_failure, version), ei);
	if (err == ERR_OK)
		err = find_ids(m, db, DICT_TASK,
		    offsetof(struct merged_failure, task), ei);
	return err;
}

static uint64_t
log_size(const struct merge *m, const struct merged_failure *f)
{
	const struct taken_log *log =
	    m->b->told[f->part - m->b->parts->part].log;

	return log != NULL ? log->size : 0;
}

/* What a further word of it adds to a failure: the fuller log counts. */
static void
add(const struct merge *m, struct merged_failure *f,
    const struct merged_failure *more)
{
	if (f->part == NULL ||
	    (more->part != NULL && log_size(m, more) > log_size(m, f))) {
		f->part = more->part;
		f->key.sig_task = more->key.sig_task;
	}
	if (f->key.version == 0) {
		f->key.version = more->key.version;
		f->version = more->version;
	}
	if (f->seen == TIME_UNKNOWN)
		f->seen = more->seen;
	if (f->number == 0)
		f->number = more->number;
}

/* Merges candidates first to end - 1, which have one kind, recipe and task. */
static void
merge_group(struct merge *m, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		struct candidate *c = &m->sorted[i];
		c->became = c->position;
		for (size_t k = first; k < i; k++) {
			struct merged_failure *f =
			    &m->all[m->sorted[k].position];
			if (m->sorted[k].became != m->sorted[k].position ||
			    !failure_same(&f->key, &c->key))
				continue;
			c->became = m->sorted[k].position;
			add(m, f, &m->all[c->position]);
			break;
		}
	}
}

static void
merge_all(struct merge *m)
{
	m->sorted = arena_calloc(m->a, m->n + 1, sizeof(*m->sorted));
	for (size_t i = 0; i < m->n; i++)
		m->sorted[i] = (struct candidate){m->all[i].key, i, i};
	if (m->n > 1)
		qsort(m->sorted, m->n, sizeof(*m->sorted), candidate_order);
	for (size_t first = 0, i = 1; i <= m->n; i++) {
		if (i < m->n && failure_key_order(&m->sorted[first].key,
				    &m->sorted[i].key) == 0)
			continue;
		merge_group(m, first, i);
		first = i;
	}
}

/* Those that are left, in their order. */
static void
give(struct merge *m)
{
	size_t *became = arena_calloc(m->a, m->n + 1, sizeof(*became));
	size_t *place = arena_calloc(m->a, m->n + 1, sizeof(*place));
	struct merged_failures *out = m->out;

	for (size_t i = 0; i < m->n; i++)
		became[m->sorted[i].position] = m->sorted[i].became;
	out->failure = arena_calloc(m->a, m->n + 1, sizeof(*out->failure));
	for (size_t i = 0; i < m->n; i++) {
		if (became[i] != i)
			continue;
		place[i] = out->n;
		out->failure[out->n] = m->all[i];
		out->failure[out->n].seen = seen_of(m->b, m->all[i].seen);
		out->n++;
	}
	out->told = arena_calloc(m->a, m->b->ntold + 1, sizeof(*out->told));
	for (size_t i = 0; i < m->b->ntold; i++)
		out->told[i] = place[became[m->ntasks + i]];
}

enum err
failure_merge(struct db *db, struct arena *a, const struct build *b,
    struct merged_failures *out, struct errinfo *ei)
{
	struct merge m = {.a = a, .b = b, .out = out};
	enum err err;

	*out = (struct merged_failures){0};
	collect(&m);
	if ((err = find_names(&m, db, ei)) != ERR_OK)
		return err;
	merge_all(&m);
	give(&m);
	return ERR_OK;
}

enum err
failure_names(
    struct db *db, struct arena *a, const struct build *b, struct errinfo *ei)
{
	struct merge m = {.a = a, .b = b};

	collect(&m);
	return find_names(&m, db, ei);
}
