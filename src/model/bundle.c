/* bundle.c: see bundle.h. */
#include "model/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "model/build_stats_file.h"
#include "model/bundle_rest.h"
#include "model/event_logs.h"
#include "model/history.h"
#include "model/ledger.h"
#include "model/mask.h"
#include "model/member.h"
#include "model/perf_set.h"
#include "model/report.h"
#include "model/run.h"
#include "model/scope.h"
#include "model/task_logs.h"

#define RUNS_MAX 20000
#define EVENT "Event: TaskStarted"

const struct bundle_limits bundle_limits_default = {
    .member_bytes = (size_t)1 << 20,
    .text_bytes = (size_t)64 << 20,
    .pending_bytes = (size_t)24 << 20,
    .report_bytes = REPORT_BYTES_MAX,
    .log_bytes = (size_t)12 << 20,
    .mask = MASK_DEFAULT,
    .tasks = 400000,
    .name_bytes = 255,
    .path_bytes = 1024,
    .depth = 24,
};

/* Pending runs, the one touched last at the head. */
struct pending {
	struct pending *next;
	struct run *run;
	size_t memory;
};

struct bundle {
	struct bundle_limits limits;
	bundle_build_fn fn;
	void *arg;
	struct ledger ledger;
	int64_t received;
	struct beside beside;
	struct pending *runs;
	size_t memory;  /* of all pending runs */
	size_t given;   /* runs handed out */
	uint64_t *gone; /* hashes of the directories of runs handed out */
	size_t ngone, gone_cap;
	/* the member at hand */
	struct member member;
	char *path;
	size_t path_n;
	struct run *run; /* that it belongs to, or NULL */
	struct buf text; /* of a file that is read whole */
};

struct bundle *
bundle_new(const struct bundle_limits *limits, bundle_build_fn fn, void *arg)
{
	struct bundle *bu = must(calloc(1, sizeof(*bu)));

	bu->limits = limits != NULL ? *limits : bundle_limits_default;
	bu->fn = fn;
	bu->arg = arg;
	bu->beside.scopes = scopes_new(&bu->limits);
	bu->beside.logs = task_logs_new(&bu->limits);
	bu->beside.results = result_set_new(&bu->limits);
	bu->beside.histories = histories_new(bu->limits.pending_bytes / 2);
	bu->beside.events =
	    event_logs_new(bu->limits.pending_bytes / 2, bu->limits.mask);
	bu->beside.perf = perf_set_new(&bu->limits);
	bu->path = must(malloc(bu->limits.path_bytes + 1));
	return bu;
}

void
bundle_free(struct bundle *bu)
{
	if (bu == NULL)
		return;
	while (bu->runs != NULL) {
		struct pending *p = bu->runs;
		bu->runs = p->next;
		run_free(p->run);
		free(p);
	}
	scopes_free(bu->beside.scopes);
	task_logs_free(bu->beside.logs);
	result_set_free(bu->beside.results);
	histories_free(bu->beside.histories);
	event_logs_free(bu->beside.events);
	perf_set_free(bu->beside.perf);
	buf_clear(&bu->text);
	free(bu->gone);
	free(bu->path);
	free(bu);
}

void
bundle_note(struct bundle *bu, struct receipt *receipt, int64_t received)
{
	bu->ledger.receipt = receipt;
	bu->received = received;
}

/* ---- runs ---- */

static uint64_t
dir_hash(struct slice dir)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < dir.n; i++)
		h = (h ^ (unsigned char)dir.p[i]) * UINT64_C(0x100000001b3);
	return h;
}

static bool
is_gone(const struct bundle *bu, struct slice dir)
{
	uint64_t h = dir_hash(dir);

	for (size_t i = 0; i < bu->ngone; i++)
		if (bu->gone[i] == h)
			return true;
	return false;
}

static void
note_gone(struct bundle *bu, struct slice dir)
{
	if (bu->ngone == bu->gone_cap) {
		bu->gone_cap = bu->gone_cap == 0 ? 64 : bu->gone_cap * 2;
		bu->gone =
		    must(realloc(bu->gone, bu->gone_cap * sizeof(*bu->gone)));
	}
	bu->gone[bu->ngone++] = dir_hash(dir);
}

static enum err
give_build(struct bundle *bu, const struct build *b, struct errinfo *ei)
{
	bu->given++;
	ledger_build(&bu->ledger, b);
	return bu->fn(bu->arg, b, ei);
}

/* Finishes a run that was unlinked, and hands it out if it is one. */
static enum err
give(struct bundle *bu, struct pending *p, struct errinfo *ei)
{
	const struct build *b;
	enum err e = ERR_OK;

	bu->memory -= p->memory;
	note_gone(bu, run_dir(p->run));
	if (run_is_real(p->run)) {
		e = run_finish(p->run, &bu->beside, &b, ei);
		if (e == ERR_OK) {
			size_t n;
			const struct odd_line *odd = run_odd_lines(p->run, &n);
			ledger_odd(&bu->ledger, b->name, odd, n);
			e = give_build(bu, b, ei);
		}
	}
	run_free(p->run);
	free(p);
	return e;
}

/* Hands out the run that was not touched for longest. */
static enum err
give_oldest(struct bundle *bu, struct errinfo *ei)
{
	struct pending **at = &bu->runs;

	while ((*at)->next != NULL)
		at = &(*at)->next;
	struct pending *p = *at;
	*at = NULL;
	return give(bu, p, ei);
}

/* Of runs and of what lies beside them. */
static size_t
pending_bytes(const struct bundle *bu)
{
	return bu->memory + scopes_memory(bu->beside.scopes) +
	       task_logs_memory(bu->beside.logs) +
	       histories_memory(bu->beside.histories) +
	       event_logs_memory(bu->beside.events) +
	       perf_set_memory(bu->beside.perf);
}

/* After a member: what is pending must keep to its limit. */
static enum err
settle(struct bundle *bu, struct errinfo *ei)
{
	size_t most = bu->limits.pending_bytes;
	struct pending *head = bu->runs;
	enum err e = ERR_OK;

	if (bu->run != NULL) {
		bu->memory -= head->memory;
		head->memory = run_memory(head->run);
		bu->memory += head->memory;
	}
	while (e == ERR_OK && pending_bytes(bu) > most && bu->runs != NULL &&
	       bu->runs->next != NULL)
		e = give_oldest(bu, ei);
	if (e != ERR_OK || pending_bytes(bu) <= most)
		return e;
	return err_set(ei, ERR_TOO_BIG,
	    bu->runs != NULL ? "a build is larger than this server takes"
			     : "what lies beside the builds is larger than "
			       "this server takes");
}

/* Where the run of a directory hangs; at the end if it is none. */
static struct pending **
find_run(struct bundle *bu, struct slice dir)
{
	struct pending **at = &bu->runs;

	while (*at != NULL) {
		struct slice d = run_dir((*at)->run);
		if (d.n == dir.n && memcmp(d.p, dir.p, d.n) == 0)
			break;
		at = &(*at)->next;
	}
	return at;
}

/* Finds or makes the run of a directory and moves it to the head. */
static enum err
touch_run(struct bundle *bu, struct slice dir, struct errinfo *ei)
{
	struct pending **at = find_run(bu, dir), *p;

	if ((p = *at) != NULL) {
		*at = p->next;
	} else {
		if (is_gone(bu, dir))
			return err_set(ei, ERR_INPUT,
			    "the files of %.*s are spread over the tar: "
			    "they should follow one another",
			    (int)dir.n, dir.p);
		if (bu->ngone >= RUNS_MAX)
			return err_set(ei, ERR_TOO_BIG,
			    "more than %d builds in one upload", RUNS_MAX);
		p = must(calloc(1, sizeof(*p)));
		p->run = run_new(&bu->limits, dir);
		scopes_add_run(bu->beside.scopes, dir);
	}
	p->next = bu->runs;
	bu->runs = p;
	bu->run = p->run;
	return ERR_OK;
}

/* ---- members ---- */

/* A file of that name may be anybody's: it must be that of a run. */
static bool
is_of_no_run(struct bundle *bu)
{
	struct slice dir = bu->member.dir, base;

	if (*find_run(bu, dir) != NULL)
		return false;
	dir_pop(&dir, &base);
	return !is_build_name(base);
}

/* Those that are passed over, and why; NULL for the others. */
static const char *
unwanted(struct bundle *bu, uint64_t size)
{
	const struct member *m = &bu->member;

	switch (m->kind) {
	case MEMBER_OTHER:
		return "no file that is read";
	case MEMBER_TASK_LOG:
		if (bu->runs != NULL && bu->runs->next == NULL &&
		    bu->ngone == 0 && run_rules_out(bu->runs->run, m))
			return "the log of a task that did not fail";
		if (task_logs_memory(bu->beside.logs) > bu->limits.log_bytes)
			return "more logs than are taken in one upload";
		return NULL;
	case MEMBER_REPORT:
		return size > bu->limits.report_bytes
			   ? "an error report larger than is taken"
			   : NULL;
	case MEMBER_SIZES:
		return size > member_most_bytes(&bu->limits, m->kind)
			   ? "a list larger than is taken"
			   : NULL;
	case MEMBER_PERF:
		return size > member_most_bytes(&bu->limits, m->kind)
			   ? "results of tests larger than are taken"
			   : NULL;
	case MEMBER_NUMBERS:
		return is_of_no_run(bu) ? "no file that is read" : NULL;
	default:
		return NULL;
	}
}

/* The caller's path is gone when the member ends: it is copied. */
static enum err
read_path(struct bundle *bu, struct slice path, struct errinfo *ei)
{
	struct member *m = &bu->member;
	struct slice before = {bu->path, bu->path_n};
	size_t dir_n = before.n - m->name.n;
	enum err e;

	if (member_is_next_task(&bu->limits, m, before, path)) {
		m->name.n = path.n - dir_n;
		memcpy(bu->path + dir_n, path.p + dir_n, m->name.n);
		bu->path_n = path.n;
		return ERR_OK;
	}
	if ((e = member_check_path(&bu->limits, &path, ei)) != ERR_OK) {
		m->kind = MEMBER_OTHER;
		return e;
	}
	memcpy(bu->path, path.p, path.n);
	bu->path_n = path.n;
	member_read(m, (struct slice){bu->path, path.n});
	return ERR_OK;
}

/* What is not looked at: passes it over, or counts it. */
static bool
pass_over(struct bundle *bu, uint64_t size)
{
	const char *why = unwanted(bu, size);

	if (bu->member.kind == MEMBER_HISTORY) {
		ledger_file(&bu->ledger, MEMBER_HISTORY);
		return true;
	}
	if (why == NULL)
		return false;
	ledger_ignored(&bu->ledger, (struct slice){bu->path, bu->path_n}, why);
	return true;
}

/* The content comes in pieces. */
static enum err
begin_stream(struct bundle *bu, struct errinfo *ei)
{
	const struct member *m = &bu->member;

	if (member_is_stream(m->kind))
		return run_stream_begin(bu->run, m, ei);
	if (m->kind == MEMBER_TASK_LOG)
		task_logs_begin(
		    bu->beside.logs, m, (struct slice){bu->path, bu->path_n});
	if (m->kind == MEMBER_REPORT)
		scopes_report_begin(bu->beside.scopes);
	if (m->kind == MEMBER_EVENT_LOG)
		event_logs_begin(bu->beside.events, m->dir);
	if (m->kind == MEMBER_RESULTS)
		result_set_begin(bu->beside.results, m->dir,
		    (struct slice){bu->path, bu->path_n});
	if (m->kind == MEMBER_DEPENDS)
		scopes_depends_begin(bu->beside.scopes, m);
	return ERR_OK;
}

enum err
bundle_member(struct bundle *bu, struct slice path, uint64_t size, bool *want,
    struct errinfo *ei)
{
	struct member *m = &bu->member;
	enum err e;

	*want = false;
	bu->run = NULL;
	if ((e = read_path(bu, path, ei)) != ERR_OK)
		return e;
	if (pass_over(bu, size))
		return ERR_OK;
	buf_reset(&bu->text);
	buf_adds(&bu->text, "");
	if (!member_is_stream(m->kind) && !member_may_be_long(m->kind) &&
	    size > member_most_bytes(&bu->limits, bu->member.kind))
		return err_set(ei, ERR_TOO_BIG, "%.*s has more than %zu KiB",
		    (int)bu->path_n, bu->path,
		    member_most_bytes(&bu->limits, bu->member.kind) >> 10);
	if (member_is_of_run(m->kind) &&
	    (e = touch_run(bu, m->dir, ei)) != ERR_OK)
		return e;
	*want = true;
	return begin_stream(bu, ei);
}

/* What isn't read whole. */
static bool
add_streamed(struct bundle *bu, const void *data, size_t n)
{
	switch (bu->member.kind) {
	case MEMBER_TASK_LOG:
		task_logs_add(bu->beside.logs, data, n);
		return true;
	case MEMBER_REPORT:
		scopes_report_data(bu->beside.scopes, data, n);
		return true;
	case MEMBER_EVENT_LOG:
		event_logs_data(bu->beside.events, data, n);
		return true;
	case MEMBER_RESULTS:
		result_set_data(bu->beside.results, data, n);
		return true;
	case MEMBER_DEPENDS:
		scopes_depends_data(bu->beside.scopes, data, n);
		return true;
	default:
		return bu->member.kind == MEMBER_OTHER;
	}
}

enum err
bundle_data(struct bundle *bu, const void *data, size_t n, struct errinfo *ei)
{
	size_t most = member_most_bytes(&bu->limits, bu->member.kind), room;

	if (member_is_stream(bu->member.kind))
		return run_stream_add(bu->run, data, n, ei);
	if (add_streamed(bu, data, n))
		return ERR_OK;
	room = most - (bu->text.len < most ? bu->text.len : most);
	if (n > room && !member_may_be_long(bu->member.kind))
		return err_set(ei, ERR_TOO_BIG, "%.*s has more than %zu KiB",
		    (int)bu->path_n, bu->path, most >> 10);
	buf_add(&bu->text, data, n < room ? n : room);
	if (bu->member.kind != MEMBER_PERHAPS_TASK ||
	    bu->text.len < strlen(EVENT))
		return ERR_OK;
	if (memcmp(bu->text.data, EVENT, strlen(EVENT)) != 0) {
		bu->member.kind = MEMBER_OTHER;
		return ERR_OK;
	}
	bu->member.kind = MEMBER_TASK;
	return touch_run(bu, bu->member.dir, ei);
}

static void
end_log(struct bundle *bu)
{
	if (!task_logs_end(bu->beside.logs)) {
		ledger_ignored(&bu->ledger,
		    (struct slice){bu->path, bu->path_n},
		    "a log that is too large even when compressed");
		bu->ledger.count[MEMBER_TASK_LOG]--;
	}
}

static enum err
end_results(struct bundle *bu, struct errinfo *ei)
{
	struct slice path = {bu->path, bu->path_n};
	const char *why;
	enum err e = result_set_end(bu->beside.results, &why, ei);

	if (e != ERR_OK)
		return e;
	if (why == NULL) {
		ledger_results(
		    &bu->ledger, path, result_set_last(bu->beside.results));
		return ERR_OK;
	}
	bu->ledger.count[MEMBER_RESULTS]--;
	ledger_ignored(&bu->ledger, path, why);
	return ERR_OK;
}

/* What of it is kept is what a client would have sent. */
static enum err
end_event_log(struct bundle *bu, struct errinfo *ei)
{
	struct slice path = {bu->path, bu->path_n};
	struct slice text = event_logs_end(bu->beside.events);
	struct member m = bu->member;
	const struct depends_file *tree;
	const char *name;
	enum err err;

	m.kind = MEMBER_EVENT_DOC;
	if (text.n > 0) {
		err = scopes_add(bu->beside.scopes, &m, path, text, ei);
		tree = event_logs_tree(bu->beside.events, &name);
		return err != ERR_OK || tree == NULL
			   ? err
			   : scopes_add_depends(
				 bu->beside.scopes, &m, name, tree, ei);
	}
	bu->ledger.count[MEMBER_EVENT_LOG]--;
	ledger_ignored(&bu->ledger, path, "no event log of bitbake");
	return ERR_OK;
}

static enum err
add_beside(struct bundle *bu, struct slice text, struct errinfo *ei)
{
	const struct scope_report *r;
	enum err e = scopes_add(bu->beside.scopes, &bu->member,
	    (struct slice){bu->path, bu->path_n}, text, ei);

	if (e != ERR_OK || bu->member.kind != MEMBER_REPORT)
		return e;
	r = scopes_added(bu->beside.scopes);
	if (r != NULL) {
		ledger_report(&bu->ledger, r);
	} else {
		bu->ledger.count[MEMBER_REPORT]--;
		ledger_ignored(&bu->ledger,
		    (struct slice){bu->path, bu->path_n},
		    scopes_why(bu->beside.scopes));
	}
	return ERR_OK;
}

static enum err
end_perf(struct bundle *bu, struct slice text, struct errinfo *ei)
{
	const char *why;
	enum err e = perf_set_add(
	    bu->beside.perf, bu->member.dir, bu->member.name, text, &why, ei);

	if (e == ERR_OK && why != NULL) {
		bu->ledger.count[MEMBER_PERF]--;
		ledger_ignored(
		    &bu->ledger, (struct slice){bu->path, bu->path_n}, why);
	}
	return e;
}

enum err
bundle_member_end(struct bundle *bu, struct errinfo *ei)
{
	struct slice text = {bu->text.data, bu->text.len};
	enum err e = ERR_OK;

	ledger_file(&bu->ledger, bu->member.kind);
	switch (bu->member.kind) {
	case MEMBER_OTHER:
	case MEMBER_PERHAPS_TASK:
		ledger_ignored(&bu->ledger,
		    (struct slice){bu->path, bu->path_n},
		    "no file that is read");
		return ERR_OK;
	case MEMBER_TASK:
		e = run_task(bu->run, &bu->member, text, ei);
		break;
	case MEMBER_BUILD_STATS:
		e = run_build_stats(bu->run, text, ei);
		break;
	case MEMBER_LOG:
	case MEMBER_NET_LOG:
	case MEMBER_TEXT:
		e = run_stream_end(bu->run, ei);
		break;
	case MEMBER_TASK_LOG:
		end_log(bu);
		break;
	case MEMBER_EVENT_LOG:
		e = end_event_log(bu, ei);
		break;
	case MEMBER_RESULTS:
		e = end_results(bu, ei);
		break;
	case MEMBER_SIZES:
		histories_add(bu->beside.histories, &bu->member.history, text);
		break;
	case MEMBER_PERF:
		e = end_perf(bu, text, ei);
		break;
	case MEMBER_NUMBERS:
		run_numbers(bu->run, text);
		break;
	default:
		e = add_beside(bu, text, ei);
		break;
	}
	return e != ERR_OK ? e : settle(bu, ei);
}

/* ---- the end ---- */

static enum err
give_one(void *arg, const struct build *b, struct errinfo *ei)
{
	return give_build(arg, b, ei);
}

static enum err
give_rest(struct bundle *bu, struct errinfo *ei)
{
	const struct bundle_rest rest = {
	    .beside = &bu->beside,
	    .ledger = &bu->ledger,
	    .received = bu->received,
	    .beside_runs = bu->given > 0,
	    .fn = give_one,
	    .arg = bu,
	};

	return bundle_rest_give(&rest, ei);
}

bool
bundle_is_private(const struct bundle *bu)
{
	return bu->ledger.count[MEMBER_EVENT_LOG] > 0;
}

enum err
bundle_end(struct bundle *bu, struct errinfo *ei)
{
	const char *broken = scopes_broken(bu->beside.scopes);
	enum err e = ERR_OK;

	if (broken == NULL)
		broken = result_set_broken(bu->beside.results);
	e = event_logs_give(bu->beside.events, bu->beside.scopes, bu, ei);
	bu->beside.only_run =
	    bu->ngone == 0 && bu->runs != NULL && bu->runs->next == NULL;
	while (e == ERR_OK && bu->runs != NULL)
		e = give_oldest(bu, ei);
	if (e == ERR_OK)
		e = give_rest(bu, ei);
	if (e != ERR_OK)
		return e;
	ledger_end(&bu->ledger, bu->beside.logs);
	if (bu->given > 0)
		return ERR_OK;
	return broken != NULL
		   ? err_set(ei, ERR_INPUT, "%s", broken)
		   : err_set(ei, ERR_INPUT, "no buildstats in what was sent");
}
