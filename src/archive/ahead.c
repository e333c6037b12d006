/*
 * ahead.c: see ahead.h.  A ring of pieces between two threads; the reader
 * holds one of them, the one it was given last.
 */
#include "archive/ahead.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define RING 4
#define INLINE_PIECES 2 /* before a thread is worth its start */
#define STACK_BYTES ((size_t)256 << 10)

struct piece {
	char *data;
	size_t n, cap;
};

struct ahead {
	struct inflate *in;
	unsigned inline_left;
	bool threaded;
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* under the lock */
	size_t made, taken; /* pieces; ring[i % RING] */
	bool holding;       /* the reader has ring[taken % RING] */
	bool stop;          /* the reader wants no more */
	bool done;          /* the end, or err */
	enum err err;

	struct errinfo ei; /* the thread's, until done */
	struct piece ring[RING];
};

struct ahead *
ahead_new(uint64_t max, tar_read_fn read, void *arg)
{
	struct ahead *a = must(calloc(1, sizeof(*a)));

	a->in = inflate_new(max, read, arg);
	a->inline_left = INLINE_PIECES;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	return a;
}

void
ahead_free(struct ahead *a)
{
	if (a == NULL)
		return;
	if (a->threaded) {
		pthread_mutex_lock(&a->lock);
		a->stop = true;
		pthread_cond_broadcast(&a->changed);
		pthread_mutex_unlock(&a->lock);
		pthread_join(a->thread, NULL);
	}
	for (size_t i = 0; i < RING; i++)
		free(a->ring[i].data);
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->lock);
	inflate_free(a->in);
	free(a);
}

/* ---- the thread ---- */

/* Waits for an empty place in the ring; false when it is to stop. */
static bool
wait_for_room(struct ahead *a)
{
	bool go_on;

	pthread_mutex_lock(&a->lock);
	while (!a->stop && a->made - a->taken == RING)
		pthread_cond_wait(&a->changed, &a->lock);
	go_on = !a->stop;
	pthread_mutex_unlock(&a->lock);
	return go_on;
}

static void
keep(struct piece *p, struct slice s)
{
	if (s.n > p->cap) {
		p->data = must(realloc(p->data, s.n));
		p->cap = s.n;
	}
	if (s.n > 0)
		memcpy(p->data, s.p, s.n);
	p->n = s.n;
}

static void *
run(void *arg)
{
	struct ahead *a = arg;
	bool more = true;

	while (more && wait_for_room(a)) {
		struct slice s = {"", 0};
		enum err err = inflate_next(a->in, &s, &a->ei);

		more = err == ERR_OK && s.n > 0;
		/* made is changed by this thread only. */
		if (more)
			keep(&a->ring[a->made % RING], s);
		pthread_mutex_lock(&a->lock);
		a->made += more;
		a->done = !more;
		a->err = err;
		pthread_cond_broadcast(&a->changed);
		pthread_mutex_unlock(&a->lock);
	}
	return NULL;
}

/* ---- the reader ---- */

/* Without a thread things go on as before, only slower. */
static void
start(struct ahead *a)
{
	pthread_attr_t attr;
	sigset_t all, old;

	if (pthread_attr_init(&attr) != 0)
		return;
	/* Signals are the business of the thread that was there first. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	a->threaded = pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
		      pthread_create(&a->thread, &attr, run, a) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
}

static enum err
take(struct ahead *a, struct slice *piece, struct errinfo *ei)
{
	enum err err = ERR_OK;

	*piece = (struct slice){"", 0};
	pthread_mutex_lock(&a->lock);
	a->taken += a->holding;
	a->holding = false;
	pthread_cond_broadcast(&a->changed);
	while (a->made == a->taken && !a->done)
		pthread_cond_wait(&a->changed, &a->lock);
	if (a->made > a->taken) {
		const struct piece *p = &a->ring[a->taken % RING];
		*piece = (struct slice){p->data, p->n};
		a->holding = true;
	} else if ((err = a->err) != ERR_OK && ei != NULL) {
		*ei = a->ei;
	}
	pthread_mutex_unlock(&a->lock);
	return err;
}

enum err
ahead_next(struct ahead *a, struct slice *piece, struct errinfo *ei)
{
	if (a->threaded)
		return take(a, piece, ei);
	if (a->inline_left > 0 && --a->inline_left == 0) {
		start(a);
		if (a->threaded)
			return take(a, piece, ei);
	}
	return inflate_next(a->in, piece, ei);
}
