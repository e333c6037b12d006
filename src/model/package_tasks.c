/* package_tasks.c: see package_tasks.h. */
#include "model/package_tasks.h"

#include <stdlib.h>

#include "base/arena.h"
#include "model/unpack.h"

static int
by_start(const void *x, const void *y)
{
	const struct package_task *a = x, *b = y;
	bool ua = a->start == PACKAGE_TASK_UNKNOWN;
	bool ub = b->start == PACKAGE_TASK_UNKNOWN;

	if (ua != ub)
		return ua - ub;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

/* A time that may be missing; negative ones don't happen, so they are. */
static void
add_time(struct buf *out, int64_t v)
{
	buf_add_varint(out, v < 0 || v == INT64_MAX ? 0 : (uint64_t)v + 1);
}

static int64_t
take_time(struct unpack *u)
{
	uint64_t v = unpack_varint(u);

	return v == 0 || v > INT64_MAX ? PACKAGE_TASK_UNKNOWN
				       : (int64_t)(v - 1);
}

void
package_tasks_encode(struct buf *out, struct package_task *t, size_t n)
{
	int64_t before = 0;

	if (n > 0)
		qsort(t, n, sizeof(*t), by_start);
	buf_add_varint(out, n);
	for (size_t i = 0; i < n; i++) {
		buf_add_varint(out, (uint64_t)t[i].id);
		if (t[i].start == PACKAGE_TASK_UNKNOWN) {
			buf_add_varint(out, 0);
		} else {
			buf_add_varint(
			    out, zigzag(wrap_sub(t[i].start, before)) + 1);
			before = t[i].start;
		}
		add_time(out, t[i].elapsed);
		add_time(out, t[i].cputime);
	}
	for (size_t i = 0; i < n; i++)
		if (t[i].status != TASK_PASSED) {
			buf_add_varint(out, i);
			buf_add_varint(out, t[i].status);
		}
}

static enum err
damaged(struct errinfo *ei)
{
	return err_set(ei, ERR_INTERNAL, "damaged list of tasks");
}

static void
take_task(struct unpack *u, struct package_task *t, int64_t *before)
{
	uint64_t id = unpack_varint(u);
	uint64_t start = unpack_varint(u);

	if (id > INT32_MAX)
		u->bad = true;
	*t = (struct package_task){.id = (int)id,
	    .start = PACKAGE_TASK_UNKNOWN,
	    .status = TASK_PASSED};
	if (start != 0) {
		*before = wrap_add(*before, unzigzag(start - 1));
		t->start = *before;
	}
	t->elapsed = take_time(u);
	t->cputime = take_time(u);
}

enum err
package_tasks_decode(struct arena *a, struct slice packed,
    struct package_task **out, size_t *n, struct errinfo *ei)
{
	struct unpack u = unpack_start(packed);
	int64_t before = 0;

	*n = unpack_count(&u, 4);
	*out = arena_calloc(a, *n + 1, sizeof(**out));
	for (size_t i = 0; i < *n && !u.bad; i++)
		take_task(&u, &(*out)[i], &before);
	while (!u.bad && unpack_left(&u) > 0) {
		uint64_t i = unpack_varint(&u);
		uint64_t status = unpack_varint(&u);
		if (i >= *n || status < TASK_PASSED || status > TASK_UNFINISHED)
			return damaged(ei);
		(*out)[i].status = (enum task_status)status;
	}
	return u.bad ? damaged(ei) : ERR_OK;
}

size_t
package_tasks_count(struct slice packed)
{
	struct unpack u = unpack_start(packed);

	return unpack_count(&u, 4);
}
