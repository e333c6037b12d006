/* ledger.c: see ledger.h. */
#include "model/ledger.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/err.h"
#include "model/log_take.h"

/* Names for people; several kinds may share one. */
static const char *const names[MEMBER__MAX] = {
    [MEMBER_TASK] = "task files",
    [MEMBER_BUILD_STATS] = "build_stats files",
    [MEMBER_LOG] = "sampled logs",
    [MEMBER_NET_LOG] = "sampled logs",
    [MEMBER_TEXT] = "host_stats texts",
    [MEMBER_BUILD_JSON] = "build.json files",
    [MEMBER_EVENT_DOC] = "event-log.json files",
    [MEMBER_DEPENDS] = "dependency files",
    [MEMBER_EVENT_LOG] = "event logs",
    [MEMBER_CONSOLE] = "console logs",
    [MEMBER_REPORT] = "error reports",
    [MEMBER_BUILD_ID] = "buildhistory files",
    [MEMBER_REVS] = "buildhistory files",
    [MEMBER_TASK_LOG] = "logs of failed tasks",
    [MEMBER_RESULTS] = "files of test results",
    [MEMBER_SIZES] = "buildhistory files",
    [MEMBER_NUMBERS] = "files of metrics",
    [MEMBER_PERF] = "files of performance tests",
};

void
ledger_file(struct ledger *l, enum member_kind kind)
{
	l->count[kind]++;
}

/* A path as a C string, cut where it is absurd. */
static void
note_at(struct ledger *l, enum receipt_note what, struct slice path,
    const char *text)
{
	char where[1200];

	snprintf(where, sizeof(where), "%.*s",
	    path.n < sizeof(where) ? (int)path.n : (int)sizeof(where) - 1,
	    path.p);
	receipt_note(l->receipt, what, where, 0, text);
}

void
ledger_ignored(struct ledger *l, struct slice path, const char *why)
{
	if (l->receipt != NULL)
		note_at(l, RECEIPT_IGNORED, path, why);
}

void
ledger_report(struct ledger *l, const struct scope_report *r)
{
	char text[ERR_TEXT_MAX];

	if (l->receipt == NULL)
		return;
	for (size_t i = 0; i < r->report.nnotes; i++)
		receipt_note(l->receipt, RECEIPT_REPAIRED, r->label, 0,
		    r->report.notes[i]);
	if (r->same_as == NULL)
		return;
	snprintf(text, sizeof(text), "the same document as %s", r->same_as);
	receipt_note(l->receipt, RECEIPT_DUPLICATE, r->label, 0, text);
}

void
ledger_results(struct ledger *l, struct slice path, const struct result_file *f)
{
	char text[96];

	if (l->receipt == NULL)
		return;
	for (size_t i = 0; i < f->nnotes; i++)
		note_at(l, RECEIPT_REPAIRED, path, f->notes[i]);
	snprintf(text, sizeof(text),
	    "%" PRIu64 " places in its logs; the file itself takes a token",
	    f->masked);
	if (f->masked > 0)
		note_at(l, RECEIPT_MASKED, path, text);
}

static void
note_masked(struct ledger *l, const struct told_failure *f)
{
	const struct taken_log *log = f->log;
	char where[ERR_TEXT_MAX], text[64];

	if (log == NULL || log->masked == 0)
		return;
	snprintf(where, sizeof(where), "log of %s %s", f->recipe, f->task);
	for (size_t i = 0; i < log->nshown; i++)
		receipt_note(l->receipt, RECEIPT_MASKED, where,
		    log->shown[i].line, log->shown[i].hit.preview);
	if (log->masked <= log->nshown)
		return;
	snprintf(text, sizeof(text), "and %" PRIu64 " more",
	    log->masked - log->nshown);
	receipt_note(l->receipt, RECEIPT_MASKED, where, 0, text);
}

void
ledger_build(struct ledger *l, const struct build *b)
{
	if (l->receipt == NULL)
		return;
	for (size_t i = 0; i < b->nrepairs; i++)
		receipt_note(
		    l->receipt, RECEIPT_REPAIRED, b->name, 0, b->repairs[i]);
	for (size_t i = 0; i < b->ntold; i++)
		note_masked(l, &b->told[i]);
}

void
ledger_odd(
    struct ledger *l, const char *name, const struct odd_line *odd, size_t n)
{
	char where[1200];

	for (size_t i = 0; l->receipt != NULL && i < n; i++) {
		snprintf(where, sizeof(where), "%s/%s", name, odd[i].file);
		receipt_note(l->receipt, RECEIPT_IGNORED, where, odd[i].line,
		    odd[i].text);
	}
}

static void
note_history(struct ledger *l)
{
	uint64_t n = l->count[MEMBER_HISTORY];
	char text[96];

	if (n == 0)
		return;
	snprintf(text, sizeof(text),
	    "%" PRIu64 " files of it tell nothing that is read", n);
	receipt_note(l->receipt, RECEIPT_IGNORED, "buildhistory", 0, text);
}

void
ledger_end(struct ledger *l, struct task_logs *logs)
{
	const struct task_log *log;

	if (l->receipt == NULL)
		return;
	while ((log = task_logs_next_unused(logs)) != NULL) {
		l->count[MEMBER_TASK_LOG]--;
		receipt_note(l->receipt, RECEIPT_IGNORED, log->path, 0,
		    "no task that it could be of failed for good in this "
		    "upload, or another log of it was taken");
	}
	for (size_t i = 0; i < MEMBER__MAX; i++)
		if (names[i] != NULL && l->count[i] > 0)
			receipt_count(l->receipt, names[i], l->count[i]);
	note_history(l);
}
