/* event_log_read.c: what bitbake's events say; see event_log.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "model/event_log_message.h"
#include "model/event_log_parts.h"
#include "model/pf.h"

#define NAME_BYTES 255
#define TARGETS_MAX 1000
#define NO_PID (-1)
#define US 1000000

/* ---- helpers ---- */

void
event_log_count(struct event_log *e, enum event_count c, int64_t more)
{
	int64_t *n = &e->doc.events.count[c];

	*n = *n == COUNT_UNKNOWN ? more : *n + more;
}

static void
set_count(struct event_log *e, enum event_count c, const struct pickle *n)
{
	int64_t v = pickle_integer(n, -1);

	if (v >= 0)
		e->doc.events.count[c] = v;
}

static const char *
name_of(struct event_log *e, const struct pickle *event, const char *key)
{
	struct slice s = pickle_text(pickle_get(event, key));
	const char *name =
	    utf8_cut(e->scratch, utf8_scrub(e->scratch, s.p, s.n), NAME_BYTES);
	bool is_new;
	/* A few thousand names, each of them in thousands of events. */
	uint32_t k = intern_add(&e->names, slice_of(name), &is_new);

	return e->names.texts[k].p;
}

/* Most events have no clock: what comes next has the time of the last one that
 * had. */
static int64_t
look_at_clock(struct event_log *e, const struct pickle *event, const char *key)
{
	double t = pickle_real(pickle_get(event, key));

	/* Second by second: their product would lose microseconds. */
	if (isfinite(t) && t > 0 && t < 32503680000.0)
		e->clock = (int64_t)t * US + llround((t - floor(t)) * US);
	return e->clock;
}

/* ---- the build ---- */

static void
add_target(struct event_log *e, const char *text)
{
	struct event_doc *d = &e->doc;
	struct slice s = slice_of(text);

	/* What is built when nothing else is asked. */
	if (slice_ends(s, ":do_build"))
		s.n -= strlen(":do_build");
	if (s.n == 0 || d->ntargets == TARGETS_MAX)
		return;
	for (size_t i = 0; i < d->ntargets; i++)
		if (slice_is(s, d->targets[i]))
			return;
	d->targets = arena_grow(e->a, d->targets, &e->targets_cap,
	    d->ntargets + 1, sizeof(*d->targets));
	d->targets[d->ntargets++] = arena_strndup(e->a, s.p, s.n);
}

/* One for each multiconfig, with the same targets. */
static void
build_started(struct event_log *e, const struct pickle *event)
{
	const struct pickle *targets = pickle_get(event, "_pkgs");

	if (e->doc.started == TIME_UNKNOWN)
		e->doc.started = e->clock;
	for (size_t i = 0; i < pickle_count(targets); i++) {
		struct slice s = pickle_text(pickle_item(targets, i));
		if (s.n <= NAME_BYTES)
			add_target(e, utf8_scrub(e->a, s.p, s.n));
	}
}

static void
build_completed(struct event_log *e, const struct pickle *event)
{
	struct event_doc *d = &e->doc;
	bool failed =
	    pickle_integer(pickle_get(event, "_failures"), 0) > 0 ||
	    slice_is(pickle_text(pickle_get(event, "msg")), "Building Failed");

	d->ended = e->clock;
	if (d->outcome != OUTCOME_FAILED)
		d->outcome = failed ? OUTCOME_FAILED : OUTCOME_SUCCEEDED;
	set_count(e, EVENT_INTERRUPTED, pickle_get(event, "_interrupted"));
	set_count(e, EVENT_TASKS, pickle_get(event, "total"));
}

static void
parse_completed(struct event_log *e, const struct pickle *event)
{
	set_count(e, EVENT_RECIPES, pickle_get(event, "total"));
	set_count(e, EVENT_RECIPES_CACHED, pickle_get(event, "cached"));
	set_count(e, EVENT_RECIPES_PARSED, pickle_get(event, "parsed"));
	set_count(e, EVENT_PARSE_ERRORS, pickle_get(event, "errors"));
}

void
event_log_stats(struct event_log *e, const struct pickle *event)
{
	static const struct {
		const char *name;
		enum event_count count;
	} stats[] = {
	    {"total", EVENT_TASKS},
	    {"completed", EVENT_TASKS_COMPLETED},
	    {"skipped", EVENT_TASKS_SKIPPED},
	    {"failed", EVENT_TASKS_FAILED},
	    {"setscene_total", EVENT_SETSCENE},
	    {"setscene_covered", EVENT_SETSCENE_COVERED},
	    {"setscene_notcovered", EVENT_SETSCENE_NOTCOVERED},
	};
	const struct pickle *of = pickle_get(event, "stats");

	for (size_t i = 0; i < sizeof(stats) / sizeof(stats[0]); i++)
		set_count(e, stats[i].count, pickle_get(of, stats[i].name));
}

static void
heartbeat(struct event_log *e, const struct pickle *event)
{
	look_at_clock(e, event, "time");
}

/* Each tells of a change: into holding back, or out of it. */
static void
pressure(struct event_log *e, const struct pickle *event)
{
	const struct pickle *state = pickle_get(event, "pressure_state");

	for (size_t i = 0; i < pickle_count(state); i++)
		if (pickle_integer(pickle_item(state, i), 0) != 0) {
			event_log_count(e, EVENT_PRESSURE, 1);
			return;
		}
}

/* ---- tasks ---- */

static struct event_worker *
worker_of(struct event_log *e, int64_t pid)
{
	for (size_t i = e->nworkers; i > 0 && pid > 0; i--)
		if (e->worker[i - 1].pid == pid)
			return &e->worker[i - 1];
	return NULL;
}

/* A process that has died may have said something that comes later: its place
 * is taken by the next one. */
static struct event_worker *
new_worker(struct event_log *e, int64_t pid)
{
	struct event_worker *w = worker_of(e, pid);

	for (size_t i = 0; w == NULL && i < e->nworkers; i++)
		if (e->worker[i].pid == NO_PID)
			w = &e->worker[i];
	if (w == NULL && e->nworkers == RUNNING_MAX)
		w = &e->worker[0];
	if (w == NULL) {
		e->worker = arena_grow(e->a, e->worker, &e->workers_cap,
		    e->nworkers + 1, sizeof(*e->worker));
		w = &e->worker[e->nworkers++];
	}
	*w = (struct event_worker){.pid = pid};
	return w;
}

/* Where in a PF the recipe ends is kept if the PF doesn't tell. */
static void
learn_name(struct event_log *e, const char *pf, const char *recipe)
{
	struct event_doc *d = &e->doc;
	struct slice guess, version;
	bool is_new;

	intern_add(&e->pfs, slice_of(pf), &is_new);
	if (!is_new || recipe[0] == '\0' || d->nnames == EVENT_NAMES_MAX)
		return;
	pf_split(slice_of(pf), &guess, &version);
	if (slice_is(guess, recipe) || strncmp(pf, recipe, strlen(recipe)) != 0)
		return;
	d->names = arena_grow(
	    e->a, d->names, &e->names_cap, d->nnames + 1, sizeof(*d->names));
	d->names[d->nnames++] = (struct event_name){pf, recipe};
}

static const char *
version_of(const char *pf, const char *recipe)
{
	size_t n = strlen(recipe);

	return n > 0 && strncmp(pf, recipe, n) == 0 && pf[n] == '-' ? pf + n + 1
								    : "";
}

static size_t
keep_task(struct event_log *e, const char *pf, const struct event_worker *w)
{
	if (!e->o.tasks || e->ntasks == EVENT_TASKS_MAX || arena_over(e->a))
		return 0;
	e->task = arena_grow(
	    e->a, e->task, &e->tasks_cap, e->ntasks + 1, sizeof(*e->task));
	e->task[e->ntasks++] = (struct event_task){
	    .pf = pf,
	    .recipe = w->recipe,
	    .task = w->task,
	    .started = e->clock,
	    .ended = TIME_UNKNOWN,
	    .status = TASK_UNFINISHED,
	};
	return e->ntasks;
}

static void
begin_task(struct event_log *e, const struct pickle *event)
{
	const char *pf = name_of(e, event, "_package");
	struct event_worker *w =
	    new_worker(e, pickle_integer(pickle_get(event, "pid"), NO_PID));

	look_at_clock(e, event, "time");
	w->recipe = name_of(e, event, "pn");
	w->task = name_of(e, event, "_task");
	w->version = version_of(pf, w->recipe);
	learn_name(e, pf, w->recipe);
	w->kept = keep_task(e, pf, w);
}

static void
end_task(struct event_log *e, const struct pickle *event, enum task_status s)
{
	struct event_worker *w =
	    worker_of(e, pickle_integer(pickle_get(event, "pid"), NO_PID));

	look_at_clock(e, event, "time");
	if (w == NULL)
		return;
	if (w->kept > 0) {
		e->task[w->kept - 1].ended = e->clock;
		e->task[w->kept - 1].status = s;
	}
	if (s == TASK_PASSED)
		w->pid = NO_PID;
}

static void
task_succeeded(struct event_log *e, const struct pickle *event)
{
	end_task(e, event, TASK_PASSED);
}

static void
task_failed(struct event_log *e, const struct pickle *event)
{
	end_task(e, event, TASK_FAILED);
}

/* ---- failures without a task ---- */

static void
add_failure(struct event_log *e, const struct told_failure *f)
{
	struct event_doc *d = &e->doc;
	bool is_new;

	intern_add(&e->told, slice_of(f->message), &is_new);
	if (!is_new || d->nfailures == EVENT_FAILURES_MAX)
		return;
	d->failure = arena_grow(e->a, d->failure, &e->failures_cap,
	    d->nfailures + 1, sizeof(*d->failure));
	d->failure[d->nfailures++] = *f;
}

static void
parse_error(struct event_log *e, const struct pickle *event)
{
	struct told_failure f = {.kind = FAILURE_PARSE,
	    .recipe = "",
	    .version = "",
	    .task = "",
	    .seen = e->clock};

	f.message = event_log_text(
	    e, pickle_text(pickle_get(event, "_msg")), MESSAGE_TEXT_MAX);
	pf_of_message(e->a, f.message, &f.recipe, &f.version);
	add_failure(e, &f);
}

static void
no_provider(struct event_log *e, const struct pickle *event)
{
	struct buf text = BUF_INIT;
	struct told_failure f = {.kind = FAILURE_NO_PROVIDER,
	    .recipe = name_of(e, event, "_item"),
	    .version = "",
	    .task = "",
	    .seen = e->clock};

	event_log_no_provider(&text, event);
	f.message = event_log_text(
	    e, (struct slice){text.data, text.len}, MESSAGE_TEXT_MAX);
	buf_clear(&text);
	add_failure(e, &f);
}

/* ---- messages ---- */

static void
add_message(struct event_log *e, const struct build_message *m)
{
	struct build_events *found = &e->doc.events;
	bool error = m->level == MESSAGE_ERROR;

	event_log_count(e, error ? EVENT_ERRORS : EVENT_WARNINGS, 1);
	if (m->qa_class[0] != '\0')
		event_log_count(
		    e, error ? EVENT_QA_ERRORS : EVENT_QA_WARNINGS, 1);
	if (found->nmessages == MESSAGES_MAX)
		return;
	found->message = arena_grow(e->a, found->message, &e->messages_cap,
	    found->nmessages + 1, sizeof(*found->message));
	found->message[found->nmessages++] = *m;
}

/* What is neither warning nor error, but says something of the whole. */
static void
plain_message(struct event_log *e, struct slice text)
{
	static const char *const words[] = {
	    "Wanted", "Local", "Mirrors", "Missed", "Current"};
	int64_t v;

	if (slice_starts(slice_trim(text), "Build Configuration"))
		e->doc.banner = event_log_text(e, text, EVENT_BANNER_MAX);
	if (!slice_starts(text, "Sstate summary:"))
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (event_log_summary(text, words[i], &v))
			e->doc.events.count[EVENT_SSTATE_WANTED + i] = v;
}

static void
log_record(struct event_log *e, const struct pickle *event)
{
	int64_t level = pickle_integer(pickle_get(event, "levelno"), 0);
	struct buf text = BUF_INIT;
	struct build_message m = {.qa_class = "",
	    .recipe = "",
	    .version = "",
	    .task = "",
	    .seen = look_at_clock(e, event, "created")};
	const struct event_worker *w =
	    worker_of(e, pickle_integer(pickle_get(event, "taskpid"), NO_PID));

	if (level < EVENT_LEVEL_PLAIN)
		return;
	event_log_format(&text, event);
	if (level < EVENT_LEVEL_WARNING) {
		plain_message(e, (struct slice){text.data, text.len});
		buf_clear(&text);
		return;
	}
	m.level = level < EVENT_LEVEL_ERROR ? MESSAGE_WARNING : MESSAGE_ERROR;
	m.text = event_log_text(
	    e, (struct slice){text.data, text.len}, MESSAGE_TEXT_MAX);
	m.qa_class =
	    event_log_qa_class(e->a, (struct slice){text.data, text.len});
	buf_clear(&text);
	if (w != NULL) {
		m.recipe = w->recipe;
		m.version = w->version;
		m.task = w->task;
	}
	add_message(e, &m);
}

/* ---- all of them ---- */

static const struct event_kind kinds[] = {
    {"bb.build.TaskFailed", task_failed},
    {"bb.build.TaskFailedSilent", task_failed},
    {"bb.build.TaskStarted", begin_task},
    {"bb.build.TaskSucceeded", task_succeeded},
    {"bb.event.BuildCompleted", build_completed},
    {"bb.event.BuildStarted", build_started},
    {"bb.event.DepTreeGenerated", event_log_tree_read},
    {"bb.event.HeartbeatEvent", heartbeat},
    {"bb.event.NoProvider", no_provider},
    {"bb.event.ParseCompleted", parse_completed},
    {"bb.event.ParseError", parse_error},
    {"bb.runqueue.PSIEvent", pressure},
    {"bb.runqueue.runQueueTaskCompleted", NULL},
    {"bb.runqueue.runQueueTaskFailed", NULL},
    {"bb.runqueue.runQueueTaskSkipped", NULL},
    {"bb.runqueue.runQueueTaskStarted", NULL},
    {"bb.runqueue.sceneQueueComplete", NULL},
    {"bb.runqueue.sceneQueueTaskCompleted", NULL},
    {"bb.runqueue.sceneQueueTaskFailed", NULL},
    {"bb.runqueue.sceneQueueTaskStarted", NULL},
    {"logging.LogRecord", log_record},
};

const struct event_kind *event_kind_of(struct slice class)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_is(class, kinds[i].class))
			return &kinds[i];
	return NULL;
}
