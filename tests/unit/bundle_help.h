/* bundle_help.h: made-up bundles, and what came out of them. */
#ifndef TESTS_BUNDLE_HELP_H
#define TESTS_BUNDLE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tar_help.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define RUN "buildstats/20261122125347/"
#define STATS                                                                  \
	"Host Info: Linux vm 6.1 #1 SMP x86_64 \n"                             \
	"Build Started: 1795352032.72 \nElapsed time: 10.00 seconds \n"        \
	"CPU usage: 28.9% \n"
#define TASK                                                                   \
	"Event: TaskStarted \nStarted: 1795352033.00 \n"                       \
	"Elapsed time: 1.00 seconds\nutime: 5\nStatus: PASSED \n"              \
	"Ended: 1795352034.00 \n"

struct entry {
	const char *name, *text;
};

static inline struct buf
make_tar(const struct entry *list, size_t n)
{
	struct buf tar = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		tar_add(&tar, list[i].name, list[i].text);
	tar_end(&tar);
	return tar;
}

/* What a test wants to know of the builds it was given. */
struct found {
	struct arena *arena;
	size_t n;
	struct one {
		const char *name, *machine, *distro, *image, *builder, *host;
		const char *target, *commit, *uuid, *tag;
		enum build_status status;
		size_t packages, tasks, failures, series, texts, repairs;
		size_t told, logs, reports;
		unsigned disk_flags;
		int64_t started, ended;
		const char *repair;
		unsigned char identity[32], content[32];
	} one[200];
};

static inline const char *
keep(struct found *f, const char *s)
{
	return arena_strdup(f->arena, s);
}

static inline enum err
note(void *arg, const struct build *b, struct errinfo *ei)
{
	struct found *f = arg;
	struct one *o = &f->one[f->n++];

	(void)ei;
	assert_true(f->n <= N(f->one));
	*o = (struct one){
	    .name = keep(f, b->name),
	    .machine = keep(f, b->env.machine),
	    .distro = keep(f, b->env.distro),
	    .image = keep(f, b->env.image),
	    .builder = keep(f, b->env.builder),
	    .host = keep(f, b->env.host),
	    .target = keep(f, b->env.ntargets > 0 ? b->env.targets[0] : ""),
	    .commit = keep(f, b->env.commit),
	    .uuid = keep(f, b->env.uuid),
	    .tag = keep(f, b->env.ntags > 0 ? b->env.tags[0] : ""),
	    .status = b->status,
	    .packages = b->npackages,
	    .tasks = b->ntasks,
	    .series = b->nseries,
	    .texts = b->ntexts,
	    .repairs = b->nrepairs,
	    .started = b->started,
	    .ended = b->ended,
	    .repair = keep(f, b->nrepairs > 0 ? b->repairs[0] : ""),
	};
	o->told = b->ntold;
	o->reports = b->nreports;
	for (size_t i = 0; i < b->ntold; i++)
		o->logs += b->told[i].log != NULL;
	build_failures(f->arena, b, &o->failures);
	for (size_t i = 0; i < b->nseries; i++)
		if (b->series[i].kind == SERIES_DISK)
			o->disk_flags = b->series[i].flags;
	memcpy(o->identity, b->identity, 32);
	memcpy(o->content, b->content, 32);
	return ERR_OK;
}

static inline enum err
read_into(struct found *f, const struct buf *tar,
    const struct bundle_limits *limits, struct errinfo *ei)
{
	struct memory_source from = source_of(tar, 4000);

	memset(ei, 0, sizeof(*ei));
	memset(f, 0, sizeof(*f));
	f->arena = arena_new(0);
	return read_bundle(&from, limits, note, f, ei);
}

static inline void
found_clear(struct found *f)
{
	arena_free(f->arena);
}

#endif
