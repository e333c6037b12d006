/* sentence.c: see sentence.h. */
#include "web/sentence.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "model/status_word.h"
#include "xml/doc.h"

#define US INT64_C(1000000)
#define DAY (86400 * US)

bool
sentence_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

void
sentence_add(struct buf *out, const char *before, const char *text)
{
	if (sentence_given(text))
		buf_addf(out, " %s %s", before, text);
}

void
sentence_count(struct buf *out, int64_t n, const char *what)
{
	char text[HUMAN_MAX];

	buf_addf(out, "%s %s%s", human_count(text, n), what, n == 1 ? "" : "s");
}

static bool
split(int64_t us, struct tm *tm)
{
	time_t t = (time_t)(us / US - (us % US < 0));

	return us != TIME_UNKNOWN && gmtime_r(&t, tm) != NULL;
}

void
sentence_day(struct buf *out, int64_t us, int64_t now)
{
	struct tm tm, today;
	char text[32];

	if (!split(us, &tm) || !split(now, &today))
		return;
	strftime(text, sizeof(text),
	    tm.tm_year == today.tm_year ? "%e %b" : "%e %b %Y", &tm);
	buf_adds(out, text[0] == ' ' ? text + 1 : text);
	if (us % DAY != 0)
		buf_addf(out, " %02d:%02d", tm.tm_hour, tm.tm_min);
}

void
sentence_target(struct buf *out, const struct build_row *b)
{
	if (sentence_given(b->image))
		buf_adds(out, b->image);
	else
		buf_addf(out, "build %s", b->name);
	if (sentence_given(b->machine))
		buf_addf(out, " for %s", b->machine);
	if (sentence_given(b->builder))
		buf_addf(out, " on %s", b->builder);
}

/* ---- the search ---- */

static const char *
status_join(size_t i, size_t n)
{
	return i == 0 ? "" : i + 1 == n ? " or " : ", ";
}

static void
add_statuses(struct buf *out, const struct build_filter *f, const char *after)
{
	for (size_t i = 0; i < f->nstatuses; i++)
		buf_addf(out, "%s%s", status_join(i, f->nstatuses),
		    build_status_word(f->statuses[i]));
	if (f->nstatuses > 0)
		buf_adds(out, after);
}

static void
add_what(struct buf *out, const struct build_filter *f)
{
	if (sentence_given(f->image)) {
		sentence_add(out, "of", f->image);
		sentence_add(out, "for", f->machine);
	} else {
		sentence_add(out, "of", f->machine);
	}
	sentence_add(out, "with distro", f->distro);
	sentence_add(out, "with", f->package);
	sentence_add(out, "that ran", f->task);
	sentence_add(out, "on", f->builder);
	sentence_add(out, "from branch", f->branch);
	sentence_add(out, "at commit", f->commit);
	sentence_add(out, "with layer", f->layer);
	for (size_t i = 0; i < f->ntags; i++)
		sentence_add(out, i == 0 ? "tagged" : "and", f->tags[i]);
}

static void
add_when(struct buf *out, const struct builds_asked *asked)
{
	const struct build_filter *f = asked->filter;
	int64_t until = f->until;

	/* The day was written as both ends. */
	if (f->since != TIME_UNKNOWN && until == f->since + DAY &&
	    f->since % DAY == 0) {
		buf_adds(out, " on ");
		sentence_day(out, f->since, asked->now);
		until = TIME_UNKNOWN;
	} else if (f->since != TIME_UNKNOWN) {
		buf_adds(out, " since ");
		sentence_day(out, f->since, asked->now);
	}
	if (until != TIME_UNKNOWN) {
		/* A day that was written without a time is included. */
		if (sentence_given(asked->until) && strlen(asked->until) == 10)
			until -= DAY;
		buf_adds(out, " until ");
		sentence_day(out, until, asked->now);
	}
	if (sentence_given(f->q))
		buf_addf(out, " matching \"%s\"", f->q);
}

static bool
asks_nothing(const struct build_filter *f)
{
	const char *const texts[] = {f->builder, f->machine, f->distro,
	    f->image, f->branch, f->layer, f->commit, f->package, f->task,
	    f->q};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (sentence_given(texts[i]))
			return false;
	return f->ntags == 0 && f->nstatuses == 0 && f->since == TIME_UNKNOWN &&
	       f->until == TIME_UNKNOWN;
}

void
sentence_builds(struct buf *out, const struct builds_asked *asked)
{
	const struct build_filter *f = asked->filter;
	bool nothing = asks_nothing(f);
	char text[HUMAN_MAX];

	if (asked->total == 0 && nothing) {
		buf_adds(out, "No builds yet: push-build-results DIR sends "
			      "what bitbake recorded");
		return;
	}
	if (asked->total == 0)
		buf_adds(out, f->nstatuses > 0 ? "No build matches: "
					       : "No build matches:");
	else
		buf_addf(out, "%s%s ", asked->capped ? "more than " : "",
		    human_count(text, asked->total));
	add_statuses(out, f, " ");
	if (asked->total > 0 || f->nstatuses > 0)
		buf_adds(out, asked->total == 1 ? "build" : "builds");
	add_what(out, f);
	add_when(out, asked);
	if (asked->total > 0 && nothing && asked->latest != NULL) {
		buf_adds(out, ", the latest of ");
		sentence_day(out, asked->latest->started / US / 60 * US * 60,
		    asked->now);
	}
}

/* ---- one build ---- */

static void
add_failures(struct buf *out, const struct build_row *b, const char *task,
    const char *recipe)
{
	if (!sentence_given(task))
		return;
	buf_adds(out, ": ");
	if (sentence_given(recipe) && strcmp(recipe, b->image) != 0)
		buf_addf(out, "%s ", recipe);
	buf_adds(out, task);
	if (b->failed > 1) {
		char more[HUMAN_MAX];
		buf_addf(out, " and %s more", human_count(more, b->failed - 1));
	}
	if (b->tasks == 0)
		return; /* all that came is an error report */
	buf_adds(out, " of ");
	sentence_count(out, b->tasks, "task");
}

void
sentence_build(struct buf *out, const struct build_row *b, const char *task,
    const char *recipe, int64_t now)
{
	char took[HUMAN_MAX];
	bool known = isfinite(b->elapsed);

	sentence_target(out, b);
	if (known)
		human_seconds(took, b->elapsed);
	switch (b->status) {
	case BUILD_RUNNING:
		buf_adds(out, " is running since ");
		sentence_day(out, b->started, now);
		break;
	case BUILD_SUCCEEDED:
		buf_addf(out, " succeeded%s%s", known ? " in " : "",
		    known ? took : "");
		if (b->tasks == 0 && b->packages == 0)
			return;
		buf_adds(out, ": ");
		sentence_count(out, b->tasks, "task");
		buf_adds(out, " of ");
		sentence_count(out, b->packages, "recipe");
		return;
	case BUILD_FAILED:
		buf_addf(out, " failed%s%s", known ? " after " : "",
		    known ? took : "");
		break;
	case BUILD_INCOMPLETE:
		buf_adds(out,
		    known ? " ended with tasks unfinished" : " was cut short");
		break;
	}
	if (sentence_given(task)) {
		add_failures(out, b, task, recipe);
		return;
	}
	if (b->status == BUILD_FAILED && b->tasks == 0)
		return;
	buf_adds(out, ": ");
	if (b->status == BUILD_FAILED && b->failed > 0)
		buf_addf(out, "%s of ", human_count(took, b->failed));
	sentence_count(out, b->tasks, "task");
	if (b->status == BUILD_FAILED)
		return;
	buf_adds(
	    out, b->status == BUILD_INCOMPLETE ? " until then" : " so far");
}

/* ---- a recipe ---- */

static const char *
target_name(const struct package_target *t)
{
	return sentence_given(t->machine)  ? t->machine
	       : sentence_given(t->distro) ? t->distro
					   : "an unnamed machine";
}

static void
add_failing_target(
    struct buf *out, const struct package_said *said, size_t i, bool first)
{
	const struct package_target *t = &said->target[i];
	const char *task = said->row[t->latest].failed_task;

	buf_addf(out, "%s%s fails on %s since ", first ? "; " : ", ",
	    sentence_given(task) ? task : "it", target_name(t));
	sentence_day(
	    out, said->row[t->first_bad].started / DAY * DAY, said->now);
}

/* The version of the newest result, without its revision. */
static void
add_version(struct buf *out, const struct package_said *said)
{
	const char *version = said->n > 0 ? said->row[0].version : "";
	const char *dash = strrchr(version, '-');
	size_t n = dash != NULL ? (size_t)(dash - version) : strlen(version);

	if (n > 0)
		buf_addf(out, " %.*s", (int)n, version);
}

void
sentence_package(struct buf *out, const struct package_said *said)
{
	char a[HUMAN_MAX], b[HUMAN_MAX];
	size_t ended = 0, works = 0, told = 0;

	for (size_t i = 0; i < said->ntargets; i++) {
		ended += said->target[i].ended;
		works += said->target[i].ended && said->target[i].works;
	}
	buf_adds(out, said->recipe);
	add_version(out, said);
	if (ended == 0)
		buf_adds(out, " has not been built to its end yet");
	else if (ended == 1 && works == 1)
		buf_addf(out, " builds for %s", target_name(said->target));
	else if (works == ended)
		buf_addf(out, " builds on all %s targets",
		    human_count(a, (int64_t)ended));
	else if (works > 0)
		buf_addf(out, " builds on %s of %s targets",
		    human_count(a, (int64_t)works),
		    human_count(b, (int64_t)ended));
	else
		buf_adds(out, " builds nowhere");
	for (size_t i = 0; i < said->ntargets && told < 2; i++) {
		if (!said->target[i].ended || said->target[i].works)
			continue;
		add_failing_target(out, said, i, told == 0);
		told++;
	}
	if (told > 0 && ended - works > told)
		buf_addf(out, " and on %s more",
		    human_count(a, (int64_t)(ended - works - told)));
}

/* ---- the first page ---- */

static void
add_failing(struct buf *out, const struct overview_said *said)
{
	size_t n = said->nfailing;

	if (said->fresh != NULL && said->fresh->total > 0) {
		sentence_count(out, said->fresh->total, "new failure");
		buf_adds(out, " since yesterday on ");
		sentence_count(out, said->fresh->builders, "builder");
		return;
	}
	if (n == 0)
		buf_adds(out, "Nothing fails");
	else if (n == OVERVIEW_FAILING)
		buf_addf(out, "%zu packages or more fail", n);
	else
		buf_addf(
		    out, n == 1 ? "%zu package fails" : "%zu packages fail", n);
}

static void
add_builds(struct buf *out, int64_t n)
{
	if (n == OVERVIEW_BUILDS_MAX)
		buf_adds(out, "at least ");
	sentence_count(out, n, "build");
}

void
sentence_overview(struct buf *out, const struct overview_said *said)
{
	if (said->totals->builds == 0) {
		buf_adds(out, "No builds yet");
		return;
	}
	add_failing(out, said);
	buf_adds(out, "; ");
	if (said->day->builds > 0) {
		add_builds(out, said->day->builds);
		buf_addf(out, " in the last 24 hours, %lld succeeded",
		    (long long)said->day->succeeded);
		if (said->day->running > 0)
			buf_addf(out, ", %lld running",
			    (long long)said->day->running);
		return;
	}
	add_builds(out, said->totals->builds);
	buf_adds(out, " in all, the latest of ");
	sentence_day(out, said->latest->started / DAY * DAY, said->now);
}
