/*
 * live_view.h: a build that runs, as its page shows it: how far it is, what
 * runs now, and what history says about both.
 */
#ifndef MODEL_LIVE_VIEW_H
#define MODEL_LIVE_VIEW_H

#include "base/err.h"
#include "model/build_info.h"
#include "model/live_expect.h"

struct arena;
struct db;

/* Which earlier runs a task is compared with: the first of these that has
 * enough of them. */
enum live_past { PAST_NONE, PAST_BUILDER, PAST_MACHINE, PAST_ANY };

struct live_runner {
	const char *recipe, *version, *task;
	int64_t since; /* µs, by the clock of the client */
	double seconds;
	enum live_past with;
	struct past past;
	bool alarm; /* history doesn't explain that it takes so long */
};

/* Numbers: -1 if unknown. */
struct live_progress {
	int build;
	int64_t done, total, setscene_done, setscene_total;
};

struct live_view {
	bool known; /* else the build doesn't report itself */
	struct live_progress progress;
	int64_t heard;  /* when the last of it came, µs */
	double elapsed; /* of the build, seconds */
	size_t n, nalarms;
	struct live_runner *runner; /* longest first */
	struct expectation end;
	bool from_builder; /* the like builds are of the same builder */
	bool by_pace;      /* there were none */
};

struct live_subject {
	const struct build_info *b;
	const struct task_table *table; /* the tasks that have ended */
	int64_t now;                    /* µs */
};
enum err live_view_load(struct db *db, struct arena *a,
    const struct live_subject *of, struct live_view *out,
    struct errinfo *ei) MUST_CHECK;

/* How far builds are, as far as they tell; in no order. */
struct live_progresses {
	size_t n;
	struct live_progress *progress;
};
enum err live_progress_of(struct db *db, struct arena *a,
    const struct build_list *builds, struct live_progresses *out,
    struct errinfo *ei) MUST_CHECK;

#endif
