/* bundle_check.h: what must be true of every build that a bundle gives. */
#ifndef TESTS_BUNDLE_CHECK_H
#define TESTS_BUNDLE_CHECK_H

#include <stdlib.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/buf.h"
#include "model/bundle.h"
#include "model/log_take.h"

static inline void
require(bool is)
{
	if (!is)
		abort();
}

static inline void
check_tasks(const struct build *b)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < b->ntasks; i++) {
		const struct task *t = &b->tasks[i];
		require(t->package < b->npackages);
		require(t->name < b->ntask_names);
		require(t->shape < b->nshapes);
		require(i == 0 || t[-1].package <= t->package);
		require(task_elapsed(b, t) >= -1);
		task_is_failure(b, t);
		buf_reset(&text);
		task_text(&text, b, t);
	}
	for (size_t i = 0; i < b->npackages; i++) {
		const char *pf = b->packages[i].pf;
		require(utf8_clean(pf, strlen(pf)));
		require(i == 0 || strcmp(b->packages[i - 1].pf, pf) < 0);
		package_status(b, (uint32_t)i);
	}
	buf_clear(&text);
}

/* Logs are in pieces that follow one another. */
static inline void
check_told(const struct build *b)
{
	for (size_t i = 0; i < b->ntold; i++) {
		const struct told_failure *f = &b->told[i];
		uint64_t size = 0;
		require(utf8_clean(f->recipe, strlen(f->recipe)));
		require(utf8_clean(f->version, strlen(f->version)));
		require(utf8_clean(f->task, strlen(f->task)));
		require(utf8_clean(f->message, strlen(f->message)));
		for (size_t k = 0; f->log != NULL && k < f->log->npieces; k++) {
			require(f->log->pieces[k].start == size);
			size += f->log->pieces[k].size;
		}
		require(f->log == NULL || f->log->size == size);
	}
}

static inline enum err
check_build(void *arg, const struct build *b, struct errinfo *ei)
{
	struct arena *a = arena_new(0);
	struct slice text;
	size_t n;

	(void)arg;
	require(b->name[0] != '\0' && b->started != TIME_UNKNOWN);
	require(utf8_clean(b->name, strlen(b->name)));
	require(b->ended == TIME_UNKNOWN || b->ended >= b->started);
	check_tasks(b);
	build_failures(a, b, &n);
	require(n > 0 || b->nreports > 0 || b->status != BUILD_FAILED);
	check_told(b);
	for (size_t i = 0; i < b->ntexts; i++)
		require(zstd_unpack(a, b->texts[i].zstd,
			    (size_t)b->texts[i].size, &text, ei) == ERR_OK);
	for (size_t i = 0; i < b->nrepairs; i++)
		require(utf8_clean(b->repairs[i], strlen(b->repairs[i])));
	arena_free(a);
	return ERR_OK;
}

#endif
