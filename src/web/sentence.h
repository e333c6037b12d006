/*
 * sentence.h: the sentences that open pages; pure functions that append to a
 * buffer.
 */
#ifndef WEB_SENTENCE_H
#define WEB_SENTENCE_H

#include "base/buf.h"
#include "model/build_list.h"
#include "model/overview.h"
#include "model/package_view.h"

/* Is it neither NULL nor ""? */
bool sentence_given(const char *text);
/* " BEFORE TEXT", if the text is given. */
void sentence_add(struct buf *out, const char *before, const char *text);

/* "1 task", "5,427 tasks" */
void sentence_count(struct buf *out, int64_t n, const char *what);
/* "20 Nov", "20 Nov 2025" when that is another year than now's; with the time
 * of day unless it is midnight. */
void sentence_day(struct buf *out, int64_t us, int64_t now);

/* "core-image-minimal for qemux86-64 on vm", as far as it is known. */
void sentence_target(struct buf *out, const struct build_row *b);

struct builds_asked {
	const struct build_filter *filter;
	const char *until; /* as it was written */
	int64_t total, now;
	bool capped; /* there are more than total */
	const struct build_row
	    *latest; /* said when nothing was asked; or NULL */
};
/* "2 failed builds of qemux86-64 since 20 Nov" */
void sentence_builds(struct buf *out, const struct builds_asked *asked);

/* "... failed after 16 min 10 s: do_image_ext4 and 1 more of 5,427 tasks";
 * the first failed task and its recipe are "" if there are none. */
void sentence_build(struct buf *out, const struct build_row *b,
    const char *task, const char *recipe, int64_t now);

struct package_said {
	const char *recipe;
	const struct package_result *row;
	size_t n;
	const struct package_target *target;
	size_t ntargets;
	int64_t now;
};
/* "zlib 1.3.2 builds on 4 of 5 targets; do_compile fails on qemuarm since 3
 * Mar" */
void sentence_package(struct buf *out, const struct package_said *said);

struct overview_said {
	const struct overview_totals *totals;
	const struct overview_recent *day; /* the last 24 hours */
	const struct overview_new *fresh;  /* of the same; or NULL */
	size_t nfailing;
	const struct build_row *latest; /* or NULL */
	int64_t now;
};
/* "2 new failures since yesterday on 3 builders; 14 builds in the last 24
 * hours, 11 succeeded"; without new ones "2 packages fail; ..." */
void sentence_overview(struct buf *out, const struct overview_said *said);

#endif
