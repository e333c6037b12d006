/* oestats_apply.c: events into live_build and live_task; see oestats.h. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build.h"
#include "model/live.h"
#include "model/oestats.h"
#include "json/jobj.h"

DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

#define TASK_SECONDS_MAX 1e7
/* When to fold again, in seconds after the last time: see live_touch.  A build
 * whose tasks fail one after the other is not folded for each of them. */
#define FOLD_LATER (-1)
#define FOLD_SOON 2
#define FOLD_CHANGED 60

/* What a batch says of one build. */
struct touched {
	int64_t live;
	int64_t last;
	int fold;
	const struct oestats_event *start, *stop;
};

struct apply {
	struct db *db;
	struct arena *a;
	struct errinfo *ei;
	size_t n, cap;
	struct touched *touched;
};

static struct touched *
touch(struct apply *x, int64_t live)
{
	for (size_t i = 0; i < x->n; i++)
		if (x->touched[i].live == live)
			return &x->touched[i];
	x->touched = arena_grow(
	    x->a, x->touched, &x->cap, x->n + 1, sizeof(*x->touched));
	x->touched[x->n] = (struct touched){.live = live, .fold = FOLD_LATER};
	return &x->touched[x->n++];
}

/* The sooner of two. */
static int
sooner(int a, int b)
{
	if (a == FOLD_LATER || b == FOLD_LATER)
		return a == FOLD_LATER ? b : a;
	return a < b ? a : b;
}

static void
note(struct apply *x, const struct oestats_event *e)
{
	struct touched *t = touch(x, e->live);

	if (e->time > t->last)
		t->last = e->time;
	switch (e->what) {
	case OESTATS_START:
		t->start = e;
		break;
	case OESTATS_TASK:
		t->fold = sooner(t->fold,
		    oestats_is_failure(x->a, e) ? FOLD_SOON : FOLD_CHANGED);
		break;
	case OESTATS_STOP:
		t->stop = e;
		t->fold = FOLD_SOON;
		break;
	}
}

/* The fields as an object, but for those of the list. */
static struct db_param
facts(struct apply *x, const struct oestats_event *e, const char *const *but)
{
	CLEANUP(cleanup_jobj) struct jobj *j = jobj_new();
	CLEANUP(buf_clear) struct buf text = BUF_INIT;

	for (size_t i = 0; i < e->nfields; i++) {
		const char *name = e->fields[i].name, *value;
		bool left_out = false;
		for (size_t k = 0; but[k] != NULL; k++)
			left_out |= strcmp(name, but[k]) == 0;
		value = oestats_text(x->a, e, name);
		if (!left_out && value[0] != '\0')
			jobj_string(
			    j, utf8_scrub(x->a, name, strlen(name)), value);
	}
	jobj_write(j, &text);
	return db_jsonb(arena_strndup(x->a, text.data, text.len));
}

static double
seconds(struct apply *x, const struct oestats_event *e)
{
	const char *text = oestats_text(x->a, e, "time");
	double s;

	if (!str_to_double(text, strlen(text), &s) || s < 0 ||
	    s > TASK_SECONDS_MAX)
		return 0;
	return s;
}

/* PV-PR, as it stands behind PN in PF. */
static const char *
version(struct apply *x, const struct oestats_event *e)
{
	char *pv = arena_strdup(x->a, oestats_text(x->a, e, "version"));
	const char *pr = oestats_text(x->a, e, "revision");
	char *all = arena_printf(x->a, "%s%s%s", pv[0] != '\0' ? pv : "0",
	    pr[0] != '\0' ? "-" : "", pr);

	for (char *p = all; *p != '\0'; p++)
		if (*p == '/' || *p == '\n' || *p == '\t')
			*p = '_';
	return all;
}

static struct db_param
file(const struct oestats_event *e, const char *name)
{
	struct slice bytes = oestats_file_bytes(e, name);

	return bytes.n > 0 ? db_bytea(bytes.p, bytes.n) : DB_N();
}

static enum err
add_task(struct apply *x, const struct oestats_event *e)
{
	static const char *const known[] = {"build", "package", "version",
	    "revision", "task", "status", "time", NULL};
	bool failed = oestats_is_failure(x->a, e);

	return STMT_EXEC(x->db, Q_LIVE_TASK_ADD, x->ei, DB_I8(e->live),
	    DB_T(oestats_text(x->a, e, "package")), DB_T(version(x, e)),
	    DB_T(oestats_text(x->a, e, "task")), DB_TM(e->time),
	    DB_D(seconds(x, e)), DB_I2(!failed),
	    e->number > 0 ? DB_I4(e->number) : DB_N(),
	    failed ? file(e, "log") : DB_N(), file(e, "qalog"),
	    facts(x, e, known));
}

static enum err
store_touched(struct apply *x, const struct touched *t)
{
	static const char *const none[] = {NULL};
	const char *status =
	    t->stop != NULL ? oestats_text(x->a, t->stop, "status") : "";

	return STMT_EXEC(x->db, Q_LIVE_TOUCH, x->ei, DB_I8(t->live),
	    DB_TM(oestats_id_time(t->live)), DB_TM(t->last), DB_I4(t->fold),
	    t->stop != NULL ? DB_TM(t->stop->time) : DB_N(), DB_T(status),
	    t->start != NULL ? facts(x, t->start, none) : DB_N());
}

/* The same for everybody, so that two don't wait for each other. */
static int
touched_order(const void *x, const void *y)
{
	const struct touched *a = x, *b = y;

	return (a->live > b->live) - (a->live < b->live);
}

enum err
oestats_apply(struct db *db, struct arena *a,
    const struct oestats_event *events, size_t n, struct errinfo *ei)
{
	struct apply x = {.db = db, .a = a, .ei = ei};

	for (size_t i = 0; i < n; i++) {
		enum err err = ERR_OK;
		note(&x, &events[i]);
		if (events[i].what == OESTATS_TASK)
			err = add_task(&x, &events[i]);
		if (err != ERR_OK)
			return err;
	}
	if (x.n > 1)
		qsort(x.touched, x.n, sizeof(*x.touched), touched_order);
	for (size_t i = 0; i < x.n; i++) {
		enum err err = store_touched(&x, &x.touched[i]);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

enum err
oestats_build(struct db *db, int64_t id, int *build, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	unsigned char uuid[16];
	enum err err;

	live_uuid(id, uuid);
	err = STMT_QUERY(db, Q_LIVE_BUILD_OF, &r, ei, DB_I8(id), db_uuid(uuid));
	if (err != ERR_OK)
		return err;
	if (row_is_null(r, 0, 0))
		return err_set(
		    ei, ERR_NOT_FOUND, "Nothing is known of this build yet.");
	*build = (int)row_int(r, 0, 0);
	return ERR_OK;
}
