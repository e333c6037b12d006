/*
 * live_event.h: reads what builds report while they run, a line of JSON an
 * event (docs/protocol.md).
 *
 * The same reader checks a request and, when a build is folded, reads again
 * what was kept of it.  Whatever an event holds is checked here, so that a
 * build can be made of all that was accepted.
 */
#ifndef MODEL_LIVE_EVENT_H
#define MODEL_LIVE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "model/build.h"

struct arena;
struct jin_at;
struct task_files;

#define LIVE_LINE_MAX ((size_t)8 << 20)   /* bytes of an event */
#define LIVE_VALUES_MAX ((size_t)1 << 18) /* values in it */
#define LIVE_TASKS_MAX ((size_t)6000)     /* tasks in it */
#define LIVE_SHAPES_MAX 256               /* of a build */
#define LIVE_SHAPE_BYTES ((size_t)64 << 10)
#define LIVE_FILE_MAX ((int64_t)32 << 20)  /* where a piece of a file ends */
#define LIVE_RUNNING_MAX 1024              /* tasks that run at a time */
#define LIVE_LOG_MAX ((uint64_t)128 << 20) /* bytes of a log */

enum live_kind {
	LIVE_OTHER, /* of a later version: counted */
	LIVE_TASKS,
	LIVE_FILE,
	LIVE_FAILURE,
	LIVE_RECIPE,
	LIVE_QA,
	LIVE_RUNNING,
	LIVE_ENVIRONMENT,
	LIVE_FINISHED,
};

/* One block of a task file: a task of a small build, or a text. */
struct live_block {
	const char *pf, *task;
	const struct build *of; /* NULL: text */
	const struct task *t;
	struct slice text;
	int64_t seq;
	uint32_t index; /* in its event */
};

struct live_file {
	const char *path;
	bool beside; /* the run, else in its directory */
	int64_t offset;
	struct slice bytes;
	int64_t seq;
};

/* What a failure, a QA issue or a recipe is about; "" if unknown. */
struct live_about {
	const char *recipe, *version, *task;
};

struct live_qa {
	struct live_about about;
	const char *level, *class, *message; /* level: warning, error */
	int64_t time;
};

struct live_finished {
	const char *status; /* succeeded, failed, interrupted */
	double elapsed;     /* seconds; NAN: not told */
};

struct live_event {
	int64_t seq;
	int64_t time; /* µs */
	enum live_kind kind;
	struct live_about about; /* FAILURE, RECIPE */
	size_t nblocks;          /* TASKS, RECIPE */
	struct live_block *blocks;
	struct live_file file; /* FILE */
	const char *message;   /* FAILURE */
	struct slice log;      /* FAILURE: bytes, or a zstd frame */
	bool log_packed;
	struct live_qa qa;             /* QA */
	struct live_finished finished; /* FINISHED */
	const char *json; /* RUNNING: its members; ENVIRONMENT, FINISHED: what
			     goes into build.json */
};

/* The shapes that a build has told, by the start of their SHA-256. */
#define LIVE_HASH_BYTES 8
struct live_shape {
	unsigned char hash[LIVE_HASH_BYTES];
	struct slice text;
};

struct live_shapes {
	size_t n, cap;
	struct live_shape *shape;
};

/* Adds one, unless it is there; text is borrowed.  False if they are too many.
 */
bool live_shapes_add(struct live_shapes *s, struct arena *a, struct slice text);

struct live_reader {
	struct arena *arena; /* of what is read */
	struct live_shapes *shapes;
	struct task_files *check; /* reads each block; NULL: they were */
	int64_t now;              /* µs; no event is much later */
	size_t line;              /* that was read last, from 1 */
};

/*
 * Reads one line.  ERR_INPUT or ERR_TOO_BIG with a sentence such as "line 3:
 * tasks: columns[2]: expected an array".
 */
enum err live_event_read(struct live_reader *r, struct slice line,
    struct live_event *out, struct errinfo *ei) MUST_CHECK;

/* Appends a block as bitbake would have written it. */
void live_block_text(struct buf *out, const struct live_block *b);

/*
 * The event "tasks" (live_tasks.c): columns of numbers become tasks of a small
 * build that has nothing else.
 */
enum err live_tasks_read(struct live_reader *r, const struct jin_at *top,
    struct build *out, struct errinfo *ei) MUST_CHECK;

/* ---- parts of both ---- */

/* May it be the name of a file or a directory?  ERR_INPUT. */
enum err live_name(const struct jin_at *at, struct arena *a, const char **out,
    struct errinfo *ei) MUST_CHECK;
/* A member that has to be there. */
enum err live_member(const struct jin_at *top, const char *key,
    struct jin_at *out, struct errinfo *ei) MUST_CHECK;

#endif
