/* run_told.c: the failures of a run, as logs and error reports tell them; see
 * run_parts.h. */
#include <string.h>

#include "base/arena.h"
#include "model/run_parts.h"
#include "model/task_file.h"

struct telling {
	struct run *r;
	struct intern seen; /* kind, recipe, task */
	size_t cap;
	size_t nreported; /* of what was told: by logs and reports */
};

static void
add_told(struct telling *t, const struct told_failure *f)
{
	struct run *r = t->r;
	struct build *b = &r->build;
	const char *key = arena_printf(r->arena, "%d/%s/%s/%s", (int)f->kind,
	    f->recipe, f->task, f->kind == FAILURE_TASK ? "" : f->message);
	bool is_new;

	intern_add(&t->seen, slice_of(key), &is_new);
	if (!is_new)
		return;
	b->told = arena_grow(
	    r->arena, b->told, &t->cap, b->ntold + 1, sizeof(*b->told));
	b->told[b->ntold++] = *f;
}

/* A log of its own is whole; reports keep the end of long ones. */
static void
add_logs(struct telling *t, const struct beside *beside)
{
	struct run *r = t->r;
	const struct build *b = &r->build;
	size_t n;
	const struct build_failure *f = build_failures(r->arena, b, &n);

	for (size_t i = 0; i < n; i++) {
		const struct package *p = &b->packages[f[i].package];
		const struct taken_log *log = task_logs_find(
		    beside->logs, beside->scopes, r->dir, p, f[i].name);
		if (log == NULL)
			continue;
		add_told(
		    t, &(struct told_failure){
			   .kind = FAILURE_TASK,
			   .recipe = p->recipe,
			   .version = p->version,
			   .task = f[i].name,
			   .message = "",
			   .log = log,
			   .seen = f[i].task != NULL ? task_ended(b, f[i].task)
						     : TIME_UNKNOWN,
		       });
	}
}

/* Is a failure of this kind told by a report? */
static bool
is_told(const struct telling *t, enum failure_kind kind)
{
	const struct build *b = &t->r->build;

	for (size_t i = 0; i < t->nreported; i++)
		if (b->told[i].kind == kind)
			return true;
	return false;
}

static void
add_report(struct telling *t, const struct report *report)
{
	for (size_t i = 0; i < report->nfailures; i++)
		add_told(t, &report->failures[i]);
}

/* What the event log tells stands in reports, too, and with a log. */
static void
add_events(struct telling *t, const struct event_doc *d)
{
	for (size_t i = 0; d != NULL && i < d->nfailures; i++)
		if (!is_told(t, d->failure[i].kind))
			add_told(t, &d->failure[i]);
}

/* local.conf and its like. */
static void
add_texts(struct run *r, const struct report *report)
{
	r->texts = arena_grow(r->arena, r->texts, &r->texts_cap,
	    r->ntexts + report->ntexts, sizeof(*r->texts));
	for (size_t i = 0; i < report->ntexts; i++)
		r->texts[r->ntexts++] = report->texts[i];
}

void
run_finish_told(struct run *r, const struct beside *beside,
    const struct scope_answer *answer)
{
	struct telling t = {.r = r};
	struct build *b = &r->build;
	unsigned char(*sums)[32] =
	    arena_calloc(r->arena, answer->nreports, sizeof(*sums));

	intern_init(&t.seen, r->arena);
	add_logs(&t, beside);
	for (size_t i = 0; i < answer->nreports; i++) {
		const struct report *report = &answer->reports[i]->report;
		add_report(&t, report);
		memcpy(sums[i], report->sha256, sizeof(sums[i]));
	}
	t.nreported = b->ntold;
	add_events(&t, answer->events);
	if (answer->nreports > 0)
		add_texts(r, &answer->reports[0]->report);
	b->nreports = answer->nreports;
	b->reports = (const unsigned char(*)[32])sums;
}

/* ---- what was not understood ---- */

static void
add_odd(struct run *r, const char *file, size_t line, const char *text)
{
	r->odd = arena_grow(
	    r->arena, r->odd, &r->odd_cap, r->nodd + 1, sizeof(*r->odd));
	r->odd[r->nodd++] = (struct odd_line){file, (uint32_t)line, text};
}

const struct odd_line *
run_odd_lines(struct run *r, size_t *n)
{
	size_t ntasks;
	const struct task_odd *odd = task_files_odd(r->tasks, &ntasks);

	r->nodd = 0;
	for (size_t i = 0; i < r->stats.nodd; i++) {
		struct slice s = r->stats.odd[i].text;
		add_odd(r, "build_stats", r->stats.odd[i].line,
		    arena_printf(r->arena, "not understood: %s",
			utf8_scrub(r->arena, s.p, s.n < 120 ? s.n : 120)));
	}
	for (size_t i = 0; i < ntasks; i++)
		add_odd(r, odd[i].file, odd[i].line,
		    arena_printf(r->arena, "%s: %s",
			odd[i].left_out ? "left out, not understood"
					: "kept as text, not understood",
			odd[i].text));
	*n = r->nodd;
	return r->odd;
}
