/* task_pack.c: see task_pack.h. */
#include "model/task_pack.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/task_block.h"

#define TASKS_MIN 1000 /* for fewer a thread is not worth its start */

struct task_pack {
	const struct build *b;
	bool running; /* in the thread */
	bool done;
	pthread_t thread;
	struct buf core, columns;
	enum err err;
	struct errinfo ei;
};

static void *
run(void *arg)
{
	struct task_pack *p = arg;

	p->err = task_block_encode(p->b, &p->core, &p->columns, &p->ei);
	return NULL;
}

struct task_pack *
task_pack_start(const struct build *b)
{
	struct task_pack *p = calloc(1, sizeof(*p));
	sigset_t all, old;

	if (p == NULL)
		out_of_memory();
	p->b = b;
	if (b->ntasks < TASKS_MIN)
		return p;
	/* Signals are the business of the thread that was there first. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	p->running = pthread_create(&p->thread, NULL, run, p) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return p;
}

static void
finish(struct task_pack *p)
{
	if (p->running)
		pthread_join(p->thread, NULL);
	else if (!p->done)
		run(p);
	p->running = false;
	p->done = true;
}

enum err
task_pack_end(struct task_pack *p, struct slice *core, struct slice *columns,
    struct errinfo *ei)
{
	finish(p);
	*core = (struct slice){p->core.data, p->core.len};
	*columns = (struct slice){p->columns.data, p->columns.len};
	if (p->err != ERR_OK && ei != NULL)
		*ei = p->ei;
	return p->err;
}

void
task_pack_free(struct task_pack *p)
{
	if (p->running)
		finish(p);
	buf_clear(&p->core);
	buf_clear(&p->columns);
	free(p);
}
