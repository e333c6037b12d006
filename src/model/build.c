/* build.c: what the parts of a build say together; see build.h. */
#include "model/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

#define US 1000000

const char *
series_kind_name(enum series_kind kind)
{
	static const char *const names[] = {[SERIES_CPU] = "cpu",
	    [SERIES_MEMORY] = "memory",
	    [SERIES_DISK] = "disk",
	    [SERIES_SPACE] = "space",
	    [SERIES_NET] = "net",
	    [SERIES_PRESSURE] = "pressure"};

	return names[kind];
}

const char *const *
series_columns(enum series_kind kind)
{
	static const char *const cpu[] = {"user", "system", "iowait", NULL};
	static const char *const memory[] = {"total", "free", "buffers",
	    "cached", "swap_total", "swap_free", NULL};
	static const char *const disk[] = {"read", "write", "busy", NULL};
	static const char *const space[] = {"used", NULL};
	static const char *const net[] = {"rx", "tx", NULL};
	static const char *const pressure[] = {
	    "avg10", "avg60", "avg300", "stall", NULL};
	static const char *const none[] = {NULL};

	switch (kind) {
	case SERIES_CPU:
		return cpu;
	case SERIES_MEMORY:
		return memory;
	case SERIES_DISK:
		return disk;
	case SERIES_SPACE:
		return space;
	case SERIES_NET:
		return net;
	case SERIES_PRESSURE:
		return pressure;
	}
	return none;
}

/* ---- one task ---- */

double
task_value(const struct build *b, const struct task *t, size_t slot)
{
	return num_to_double(
	    b->shapes[t->shape].slots[slot].form, t->values[slot]);
}

static int64_t
slot_time(const struct build *b, const struct task *t, int slot)
{
	if (slot < 0)
		return TIME_UNKNOWN;
	int64_t v = t->values[slot];
	switch (b->shapes[t->shape].slots[slot].form) {
	case NUM_INT:
		return v * US;
	case NUM_FIX2:
		return v * (US / 100);
	case NUM_USEC:
		return v;
	case NUM_REAL:
		break;
	}
	return llround(num_to_double(NUM_REAL, v) * US);
}

int
task_compare(const void *x, const void *y)
{
	const struct task *a = x, *b = y;

	if (a->package != b->package)
		return a->package < b->package ? -1 : 1;
	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	return (a->block > b->block) - (a->block < b->block);
}

int64_t
task_started(const struct build *b, const struct task *t)
{
	return slot_time(b, t, b->shapes[t->shape].started);
}

int64_t
task_ended(const struct build *b, const struct task *t)
{
	return slot_time(b, t, b->shapes[t->shape].ended);
}

double
task_elapsed(const struct build *b, const struct task *t)
{
	int64_t started = task_started(b, t), ended = task_ended(b, t);
	int slot = b->shapes[t->shape].elapsed;

	if (started != TIME_UNKNOWN && ended != TIME_UNKNOWN &&
	    ended >= started)
		return (double)(ended - started) / US;
	return slot < 0 ? -1 : task_value(b, t, (size_t)slot);
}

void
task_text(struct buf *out, const struct build *b, const struct task *t)
{
	const struct shape *shape = &b->shapes[t->shape];
	size_t slot = 0, from = 0, n;
	char text[32];

	for (size_t i = 0; i < shape->text.n; i++) {
		char c = shape->text.p[i];
		if (c != SHAPE_SLOT && c != SHAPE_NAME)
			continue;
		buf_add(out, shape->text.p + from, i - from);
		from = i + 1;
		if (c == SHAPE_NAME) {
			buf_adds(out, b->packages[t->package].pf);
			buf_adds(out, ": ");
			buf_adds(out, b->task_names[t->name]);
		} else {
			n = num_to_text(
			    text, shape->slots[slot].form, t->values[slot]);
			buf_add(out, text, n);
			slot++;
		}
	}
	buf_add(out, shape->text.p + from, shape->text.n - from);
}

/* ---- a task among others ---- */

static enum task_status
status_of(const struct build *b, const struct task *t)
{
	return b->shapes[t->shape].status;
}

/* The first task that doesn't come before (package, name). */
static size_t
lower_bound(const struct build *b, uint32_t package, uint32_t name)
{
	size_t lo = 0, hi = b->ntasks;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct task *t = &b->tasks[mid];
		if (t->package < package ||
		    (t->package == package && t->name < name))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t
package_first(const struct build *b, uint32_t package)
{
	return lower_bound(b, package, 0);
}

static bool
is_last(const struct build *b, const struct task *t)
{
	const struct task *next = t + 1;

	return next == b->tasks + b->ntasks || next->package != t->package ||
	       next->name != t->name;
}

/* The deciding block of a task of a package, by name; NULL. */
static const struct task *
find_task(const struct build *b, uint32_t package, const char *name, size_t n)
{
	size_t lo = 0, hi = b->ntask_names;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const char *s = b->task_names[mid];
		int order = strncmp(s, name, n);
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == b->ntask_names || strncmp(b->task_names[lo], name, n) != 0 ||
	    b->task_names[lo][n] != '\0')
		return NULL;
	size_t i = lower_bound(b, package, (uint32_t)lo + 1);
	const struct task *t = i > 0 ? &b->tasks[i - 1] : NULL;
	return t != NULL && t->package == package && t->name == lo ? t : NULL;
}

/* A setscene task that could not restore its output does no harm when the
 * real task then made it. */
static bool
is_redone(const struct build *b, uint32_t package, const char *name)
{
	static const char suffix[] = "_setscene";
	struct slice s = slice_of(name);
	const struct task *real;

	if (!slice_ends(s, suffix))
		return false;
	real = find_task(b, package, name, s.n - (sizeof(suffix) - 1));
	return real != NULL && status_of(b, real) == TASK_PASSED;
}

bool
task_is_failure(const struct build *b, const struct task *t)
{
	return status_of(b, t) == TASK_FAILED && is_last(b, t) &&
	       !is_redone(b, t->package, b->task_names[t->name]);
}

/* Does a "Failed at" line tell more than the task file?  Files that say
 * passed were written later, files that say failed count by themselves. */
static bool
is_news(const struct build *b, const struct failed_at *f)
{
	const struct task *t =
	    find_task(b, f->package, f->task, strlen(f->task));

	return (t == NULL || status_of(b, t) == TASK_UNFINISHED) &&
	       !is_redone(b, f->package, f->task);
}

static size_t
first_failed_at(const struct build *b, uint32_t package)
{
	size_t lo = 0, hi = b->nfailed_at;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (b->failed_at[mid].package < package)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

enum build_status
package_status(const struct build *b, uint32_t package)
{
	bool whole = true;

	for (size_t i = package_first(b, package);
	     i < b->ntasks && b->tasks[i].package == package; i++) {
		const struct task *t = &b->tasks[i];
		if (task_is_failure(b, t))
			return BUILD_FAILED;
		if (is_last(b, t) && status_of(b, t) == TASK_UNFINISHED)
			whole = false;
	}
	for (size_t i = first_failed_at(b, package);
	     i < b->nfailed_at && b->failed_at[i].package == package; i++)
		if (is_news(b, &b->failed_at[i]))
			return BUILD_FAILED;
	return whole ? BUILD_SUCCEEDED : BUILD_INCOMPLETE;
}

static int
failure_order(const void *x, const void *y)
{
	const struct build_failure *a = x, *b = y;

	if (a->package != b->package)
		return a->package < b->package ? -1 : 1;
	return strcmp(a->name, b->name);
}

struct build_failure *
build_failures(struct arena *a, const struct build *b, size_t *n)
{
	struct build_failure *list = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < b->ntasks; i++) {
		const struct task *t = &b->tasks[i];
		if (!task_is_failure(b, t))
			continue;
		list = arena_grow(a, list, &cap, *n + 1, sizeof(*list));
		list[(*n)++] = (struct build_failure){
		    t->package, b->task_names[t->name], t};
	}
	for (size_t i = 0; i < b->nfailed_at; i++) {
		const struct failed_at *f = &b->failed_at[i];
		if (!is_news(b, f))
			continue;
		list = arena_grow(a, list, &cap, *n + 1, sizeof(*list));
		list[(*n)++] = (struct build_failure){f->package, f->task,
		    find_task(b, f->package, f->task, strlen(f->task))};
	}
	if (*n > 1)
		qsort(list, *n, sizeof(*list), failure_order);
	return list;
}

enum build_status
build_status_of(const struct build *b)
{
	bool whole = true;

	if (b->ended == TIME_UNKNOWN)
		return BUILD_INCOMPLETE;
	for (size_t i = 0; i < b->ntasks; i++) {
		const struct task *t = &b->tasks[i];
		if (task_is_failure(b, t))
			return BUILD_FAILED;
		if (is_last(b, t) && status_of(b, t) == TASK_UNFINISHED)
			whole = false;
	}
	for (size_t i = 0; i < b->nfailed_at; i++)
		if (is_news(b, &b->failed_at[i]))
			return BUILD_FAILED;
	return whole ? BUILD_SUCCEEDED : BUILD_INCOMPLETE;
}
