/* task_write.c: see task_write.h. */
#include "model/task_write.h"

#include <inttypes.h>

#include "base/buf.h"

#define US 1000000

void
task_write_time(struct buf *out, const char *key, int64_t us)
{
	buf_addf(out, "%s: %" PRId64 ".%02d \n", key, us / US,
	    (int)(us % US / 10000));
}

void
task_write_elapsed(struct buf *out, double seconds)
{
	buf_addf(out, "Elapsed time: %.2f seconds \n", seconds);
}

void
task_write(struct buf *out, const struct written_task *t)
{
	buf_adds(out, "Event: TaskStarted \n");
	if (t->started != TIME_UNKNOWN)
		task_write_time(out, "Started", t->started);
	buf_addf(out, "%s: %s\n", t->pf, t->task);
	if (t->seconds >= 0)
		task_write_elapsed(out, t->seconds);
	if (t->status != TASK_UNFINISHED)
		buf_addf(out, "Status: %s \n",
		    t->status == TASK_PASSED ? "PASSED" : "FAILED");
	if (t->ended != TIME_UNKNOWN)
		task_write_time(out, "Ended", t->ended);
}
