/* package_rows.c: see package_rows.h. */
#include "model/package_rows.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/derived.h"
#include "model/dictionary.h"
#include "model/package_tasks.h"

#define HUNDREDTH 10000 /* in µs */
#define ROW_COLUMNS 10
#define FEW_ROWS 2

struct writer {
	struct db *db;
	struct errinfo *ei;
	struct copy *copy; /* NULL: one by one */
	const struct build *b;
	const struct package_ids *ids;
	const struct derived_slots *ds;
	struct package_task *tasks; /* of one package */
	int32_t *failed;            /* per package: task_name.id, or 0 */
	struct buf packed;
};

static void
writer_clear(struct writer *w)
{
	buf_clear(&w->packed);
}

enum err
package_ids_find(struct db *db, struct arena *a, const struct build *b,
    struct package_ids *out, struct errinfo *ei)
{
	size_t n = b->npackages;
	const char **recipe = arena_calloc(a, n + 1, sizeof(*recipe));
	const char **version = arena_calloc(a, n + 1, sizeof(*version));
	enum err err;

	for (size_t i = 0; i < n; i++) {
		recipe[i] = b->packages[i].recipe;
		version[i] = b->packages[i].version;
	}
	out->recipe = arena_calloc(a, n + 1, sizeof(int32_t));
	out->version = arena_calloc(a, n + 1, sizeof(int32_t));
	out->task = arena_calloc(a, b->ntask_names + 1, sizeof(int32_t));
	err = dictionary_ids(
	    db, a, DICT_RECIPE, (struct name_list){recipe, n}, out->recipe, ei);
	if (err == ERR_OK)
		err = dictionary_ids(db, a, DICT_VERSION,
		    (struct name_list){version, n}, out->version, ei);
	if (err == ERR_OK)
		err = dictionary_ids(db, a, DICT_TASK,
		    (struct name_list){b->task_names, b->ntask_names},
		    out->task, ei);
	return err;
}

/* The first failed task of each package; one that only build_stats knows of
 * has no start and comes last. */
static enum err
find_failed(
    struct db *db, struct arena *a, struct writer *w, struct errinfo *ei)
{
	const struct build *b = w->b;
	int64_t *when = arena_calloc(a, b->npackages + 1, sizeof(*when));
	struct build_failure *f;
	const char **names;
	int32_t *ids;
	size_t n;
	enum err err;

	w->failed = arena_calloc(a, b->npackages + 1, sizeof(*w->failed));
	f = build_failures(a, b, &n);
	names = arena_calloc(a, n + 1, sizeof(*names));
	ids = arena_calloc(a, n + 1, sizeof(*ids));
	for (size_t i = 0; i < n; i++)
		names[i] = f[i].name;
	if ((err = dictionary_ids(db, a, DICT_TASK,
		 (struct name_list){names, n}, ids, ei)) != ERR_OK)
		return err;
	for (size_t i = 0; i < n; i++) {
		int64_t t = f[i].task != NULL ? task_started(b, f[i].task)
					      : TIME_UNKNOWN;
		if (t == TIME_UNKNOWN)
			t = INT64_MAX;
		if (w->failed[f[i].package] == 0 || t < when[f[i].package]) {
			w->failed[f[i].package] = ids[i];
			when[f[i].package] = t;
		}
	}
	return ERR_OK;
}

static int64_t
hundredths(double seconds)
{
	if (!(seconds >= 0) || seconds > 1e15)
		return PACKAGE_TASK_UNKNOWN;
	return llround(seconds * 100);
}

/* Hundredths from one time to another, where both are known. */
static int64_t
between(int64_t from, int64_t to)
{
	if (from == TIME_UNKNOWN || to == TIME_UNKNOWN)
		return PACKAGE_TASK_UNKNOWN;
	return (to - from) / HUNDREDTH;
}

struct span {
	int64_t first, last; /* µs, TIME_UNKNOWN */
};

static struct span
span_of(const struct build *b, size_t from, size_t to)
{
	struct span s = {TIME_UNKNOWN, TIME_UNKNOWN};

	for (size_t i = from; i < to; i++) {
		int64_t started = task_started(b, &b->tasks[i]);
		int64_t ended = task_ended(b, &b->tasks[i]);
		if (started != TIME_UNKNOWN &&
		    (s.first == TIME_UNKNOWN || started < s.first))
			s.first = started;
		if (ended != TIME_UNKNOWN && ended > s.last)
			s.last = ended;
	}
	return s;
}

static void
fill_task(struct writer *w, size_t i, int64_t first, struct package_task *out)
{
	const struct task *t = &w->b->tasks[i];
	double cpu;

	*out = (struct package_task){
	    .id = w->ids->task[t->name],
	    .start = between(first, task_started(w->b, t)),
	    .elapsed = hundredths(task_elapsed(w->b, t)),
	    .cputime = PACKAGE_TASK_UNKNOWN,
	    .status = w->b->shapes[t->shape].status,
	};
	if (derived_value(w->b, w->ds, t, DERIVED_CPUTIME, &cpu))
		out->cputime = hundredths(cpu);
}

/* NULL where it isn't known or no build is that long. */
static struct db_param
int4_or_null(int64_t v)
{
	return v < INT32_MIN || v > INT32_MAX ? DB_N() : DB_I4(v);
}

/* COPY isn't planned, but read anew each time: dearer than a few rows. */
static enum err
write_row(struct writer *w, const struct db_param row[ROW_COLUMNS])
{
	if (w->copy == NULL)
		return stmt_later(
		    w->db, Q_STORE_PACKAGE, row, ROW_COLUMNS, w->ei);
	copy_row(w->copy, row, ROW_COLUMNS);
	return ERR_OK;
}

static enum err
write_package(struct writer *w, int id, uint32_t p)
{
	size_t from = package_first(w->b, p);
	size_t to = package_first(w->b, p + 1);
	struct span s = span_of(w->b, from, to);
	int64_t cputime = PACKAGE_TASK_UNKNOWN;

	for (size_t i = from; i < to; i++) {
		struct package_task *t = &w->tasks[i - from];
		fill_task(w, i, s.first, t);
		if (t->cputime == PACKAGE_TASK_UNKNOWN)
			continue;
		if (cputime == PACKAGE_TASK_UNKNOWN)
			cputime = 0;
		cputime += t->cputime;
	}
	buf_reset(&w->packed);
	package_tasks_encode(&w->packed, w->tasks, to - from);
	int64_t elapsed = between(s.first, s.last);
	if (elapsed < 0)
		elapsed = PACKAGE_TASK_UNKNOWN;
	const struct db_param row[ROW_COLUMNS] = {
	    DB_TM(w->b->started),
	    DB_I4(id),
	    DB_I4(w->ids->recipe[p]),
	    DB_I4(w->ids->version[p]),
	    int4_or_null(between(w->b->started, s.first)),
	    int4_or_null(elapsed),
	    int4_or_null(cputime),
	    w->failed[p] != 0 ? DB_I4(w->failed[p]) : DB_N(),
	    DB_I2(package_status(w->b, p)),
	    db_bytea(w->packed.data, w->packed.len),
	};
	return write_row(w, row);
}

enum err
package_rows_send(struct db *db, struct arena *a,
    const struct package_rows_source *src, struct copy **out,
    struct errinfo *ei)
{
	CLEANUP(writer_clear)
	struct writer w = {.b = src->b, .ids = src->ids, .ds = src->ds};
	enum err err;

	*out = NULL;
	w.db = db;
	w.ei = ei;
	if ((err = find_failed(db, a, &w, ei)) != ERR_OK)
		return err;
	w.tasks = arena_calloc(a, w.b->ntasks + 1, sizeof(*w.tasks));
	if (w.b->npackages > FEW_ROWS)
		err = copy_begin(db, Q_STORE_PACKAGES, &w.copy, ei);
	for (size_t p = 0; err == ERR_OK && p < w.b->npackages; p++)
		err = write_package(&w, src->id, (uint32_t)p);
	if (w.copy != NULL)
		copy_send(w.copy);
	*out = w.copy;
	return err;
}
