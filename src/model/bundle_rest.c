/* bundle_rest.c: see bundle_rest.h. */
#include "model/bundle_rest.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/history_build.h"
#include "model/perf_set.h"
#include "model/report.h"
#include "model/result_set.h"
#include "model/scope.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

/* Reports about builds whose runs are elsewhere.  Beside runs a working copy
 * without a run is a copy of some other, and one without failures says
 * nothing. */
static enum err
give_reports(const struct bundle_rest *r, struct errinfo *ei)
{
	const struct scope_report *report;
	enum err e = ERR_OK;

	while (e == ERR_OK &&
	       (report = scopes_next_report(r->beside->scopes)) != NULL) {
		CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
		if (r->beside_runs &&
		    (report->working_copy || report->report.nfailures == 0))
			ledger_ignored(r->ledger, slice_of(report->label),
			    "nothing tells which build it is about");
		else
			e = r->fn(r->arg,
			    report_build(a, &report->report, r->received), ei);
	}
	return e;
}

/* Test results whose builds are elsewhere. */
static enum err
give_results(const struct bundle_rest *r, struct errinfo *ei)
{
	enum err e = ERR_OK;

	for (bool more = true; e == ERR_OK && more;) {
		CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
		const struct build *b =
		    result_set_next(r->beside->results, a, r->received);
		more = b != NULL;
		if (more)
			e = r->fn(r->arg, b, ei);
	}
	return e;
}

/* A buildhistory whose build is elsewhere. */
static enum err
give_histories(const struct bundle_rest *r, struct errinfo *ei)
{
	struct history_alone alone;
	enum err e = ERR_OK;

	while (e == ERR_OK &&
	       histories_next_unused(r->beside->histories, &alone)) {
		CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
		struct scope_answer ignored;
		struct env_facts none;
		env_facts_init(&none);
		e = scopes_apply(
		    r->beside->scopes, a, alone.dir, &none.env, &ignored, ei);
		if (e == ERR_OK)
			e = r->fn(r->arg,
			    history_build(a, &alone, &none.env, r->received),
			    ei);
	}
	return e;
}

static enum err
give_perf(const struct bundle_rest *r, struct errinfo *ei)
{
	const struct build *b = NULL;
	enum err e;

	do {
		CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
		e = perf_set_next(
		    r->beside->perf, a, r->beside, r->received, &b, ei);
		if (e == ERR_OK && b != NULL)
			e = r->fn(r->arg, b, ei);
	} while (e == ERR_OK && b != NULL);
	return e;
}

enum err
bundle_rest_give(const struct bundle_rest *rest, struct errinfo *ei)
{
	enum err e = give_reports(rest, ei);

	if (e == ERR_OK)
		e = give_results(rest, ei);
	if (e == ERR_OK)
		e = give_histories(rest, ei);
	return e == ERR_OK ? give_perf(rest, ei) : e;
}
