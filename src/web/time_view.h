/* time_view.h: the parts of the page /build/ID/time; internal to it. */
#ifndef WEB_TIME_VIEW_H
#define WEB_TIME_VIEW_H

#include "model/consumers.h"
#include "model/parallelism.h"
#include "model/task_graph_load.h"
#include "web/page_build.h"

struct time_view {
	struct build_view build;
	struct graph_of_build of;
	struct critical path;
	struct parallelism parallel;
	/* top consumers */
	const char *metric, *unit;
	enum consumer_by by;
	bool largest; /* the metric isn't added up */
	struct consumers rows;
	/* what might be done without */
	double replayed; /* how long the build takes, nothing changed */
	size_t ncandidates;
	struct candidate *candidate;
};

/* time_parts.c */
void time_add_parallelism(struct page_context *cx, const struct time_view *v);
void time_add_path(struct page_context *cx, const struct time_view *v);
void time_add_reuse(struct page_context *cx, const struct time_view *v);

/* time_what_if.c */
void time_find_candidates(struct page_context *cx, struct time_view *v);
void time_add_what_if(struct page_context *cx, const struct time_view *v);
/* The one of a kind that saves most; NULL if none saves anything. */
const struct candidate *time_best(
    const struct time_view *v, enum consumer_by by);

#endif
