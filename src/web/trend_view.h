/* trend_view.h: parts of the pages of trends. */
#ifndef WEB_TREND_VIEW_H
#define WEB_TREND_VIEW_H

#include "base/buf.h"
#include "model/step.h"
#include "model/trend_find.h"
#include "web/page.h"
#include "web/page_base.h"

/* Groups that have a look and a line of their own; the others share one. */
#define TREND_NAMED_MAX 3
/* Of this many groups, the largest, steps are looked for. */
#define TREND_STEPPED_MAX 40

struct trend_view {
	struct trend_query query;
	struct trend_found found;
	struct trend *trend; /* of found */
	const char *unit;
	size_t nnamed; /* the first groups */
	bool *outlier; /* of each run */
	size_t nsteps; /* newest first */
	struct step *step;
	/* base=: what each run is compared with, NAN where there is nothing;
	 * NULL without it */
	struct base_asked asked;
	double *base;
	const char *base_words; /* "median of the 5 before", "build NAME" */
	/* x=commit: runs are in the order of their commits */
	bool by_commit;
	size_t ncommits, nameless; /* nameless: runs without one, left out */
	const char *const *commit;
	int *number; /* of each run */
};

/* "qemux86-64 on vm", as far as it is known. */
const char *trend_group_name(
    struct page_context *cx, const struct trend_group *g);

/* "elapsed" is "wall time", "cputime" is "CPU time", others are themselves. */
const char *trend_metric_words(const char *metric);

/* Finds outliers; before the plots. */
void trend_mark_outliers(struct page_context *cx, struct trend_view *v);

/* trend_base.c: reads base= and loads what it names; when runs have their
 * groups. */
enum err trend_load_base(
    struct page_context *cx, struct trend_view *v) MUST_CHECK;
/* Attributes of content, and of a run. */
void trend_add_base(struct page_context *cx, const struct trend_view *v);
void trend_add_difference(node n, const struct trend_view *v, size_t run);

/* trend_plot.c: <plot> of the metric, and <beside> with those of wall time,
 * CPU time and pressure that it isn't. */
void trend_add_plots(struct page_context *cx, const struct trend_view *v);

/* trend_steps.c: <steps>. */
enum err trend_add_steps(
    struct page_context *cx, const struct trend_view *v) MUST_CHECK;

/* "worse", "better", "busier", "calmer" */
const char *step_verdict_word(enum step_verdict v);

/* "12.3 %" of a change, without its sign; "much" from nothing. */
const char *step_change_words(struct page_context *cx, double change);

/* The attributes of a step that pages of one trend and of all have. */
struct step_shown {
	const struct step_sides *sides;
	enum step_verdict verdict;
	const char *metric, *unit;
	const char *recipe, *task, *image, *machine, *distro, *builder, *branch;
	int64_t seen;
	int build_before, build_after;
	size_t runs_before, runs_after;
	double change;
};
void step_add(struct page_context *cx, node n, const struct step_shown *s);

/* sentence_trend.c: "zlib takes 12 s of CPU time, ..." */
struct trend_said {
	const struct trend_view *view;
	const char *subject; /* "zlib do_compile", "Builds" */
	int64_t now;
};
void sentence_trend(struct buf *out, const struct trend_said *said);

#endif
