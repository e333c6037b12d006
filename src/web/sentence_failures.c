/* sentence_failures.c: see sentence_failures.h. */
#include "web/sentence_failures.h"

#include <string.h>

#include "model/status_word.h"
#include "web/sentence.h"
#include "xml/doc.h"

#define US INT64_C(1000000)
#define DAY (86400 * US)

static void
add_statuses(struct buf *out, unsigned bits)
{
	const char *before = " in";

	for (int i = 0; i <= BUILD_INCOMPLETE; i++) {
		if ((bits & 1U << i) == 0)
			continue;
		buf_addf(out, "%s %s", before,
		    build_status_word((enum build_status)i));
		before = " or";
	}
	if (bits != 0)
		buf_adds(out, " builds");
}

static void
add_what(struct buf *out, const struct failure_filter *f)
{
	if (sentence_given(f->package)) {
		sentence_add(out, "of", f->package);
		if (sentence_given(f->task))
			buf_addf(out, " %s", f->task);
	} else {
		sentence_add(out, "of", f->task);
	}
	sentence_add(out, "on", f->machine);
	sentence_add(out, "with distro", f->distro);
	sentence_add(out, "in", f->image);
	sentence_add(out, "from", f->builder);
	sentence_add(out, "on branch", f->branch);
	sentence_add(out, "at commit", f->commit);
	sentence_add(out, "with layer", f->layer);
	for (size_t i = 0; i < f->ntags; i++)
		sentence_add(out, i == 0 ? "tagged" : "and", f->tags[i]);
	add_statuses(out, f->statuses);
	if (f->build != 0)
		buf_addf(out, " in build %d", f->build);
	if (f->signature != 0)
		buf_addf(out, " with signature %d", f->signature);
}

static void
add_when(struct buf *out, const struct failures_asked *asked)
{
	const struct failure_filter *f = asked->filter;
	int64_t until = f->until;

	if (f->since != TIME_UNKNOWN && until == f->since + DAY &&
	    f->since % DAY == 0) {
		buf_adds(out, " on ");
		sentence_day(out, f->since, asked->now);
		return;
	}
	if (f->since != TIME_UNKNOWN) {
		buf_adds(out, " since ");
		sentence_day(out, f->since / US / 60 * US * 60, asked->now);
	}
	if (until == TIME_UNKNOWN)
		return;
	/* A day that was written without a time is included. */
	if (sentence_given(asked->until) && strlen(asked->until) == 10)
		until -= DAY;
	buf_adds(out, " until ");
	sentence_day(out, until / US / 60 * US * 60, asked->now);
}

/* As it was asked: words between quotes, phrases in their own. */
static void
add_terms(struct buf *out, const char *q)
{
	if (sentence_given(q))
		buf_addf(
		    out, strchr(q, '"') != NULL ? " with %s" : " with '%s'", q);
}

static bool
asks_nothing(const struct failure_filter *f)
{
	const char *const texts[] = {f->builder, f->machine, f->distro,
	    f->image, f->branch, f->layer, f->commit, f->package, f->task,
	    f->q};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (sentence_given(texts[i]))
			return false;
	return f->ntags == 0 && f->statuses == 0 && f->build == 0 &&
	       f->signature == 0 && f->since == TIME_UNKNOWN &&
	       f->until == TIME_UNKNOWN;
}

void
sentence_failures(struct buf *out, const struct failures_asked *asked)
{
	const struct failure_filter *f = asked->filter;
	char text[HUMAN_MAX];

	if (asks_nothing(f) && asked->total == 0) {
		buf_adds(out, "No failures yet");
		return;
	}
	if (asked->total == 0)
		buf_adds(out, "No failures");
	else
		buf_addf(out, "%s%s failure%s",
		    asked->capped ? "more than " : "",
		    human_count(text, asked->total),
		    asked->total == 1 ? "" : "s");
	add_what(out, f);
	add_when(out, asked);
	add_terms(out, f->q);
	if (asks_nothing(f) && asked->latest != NULL) {
		buf_adds(out, ", the latest of ");
		sentence_day(
		    out, asked->latest->seen / US / 60 * US * 60, asked->now);
	}
}
