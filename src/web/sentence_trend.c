/* sentence_trend.c: what the pages of trends open with; see trend_view.h. */
#include <math.h>
#include <string.h>

#include "model/change_point.h"
#include "web/sentence.h"
#include "web/trend_view.h"

const char *
trend_metric_words(const char *metric)
{
	if (strcmp(metric, "elapsed") == 0)
		return "wall time";
	return strcmp(metric, "cputime") == 0 ? "CPU time" : metric;
}

static void
add_value(struct buf *out, double value, const char *unit)
{
	char text[HUMAN_MAX];

	buf_adds(out, human_measure(text, value, unit));
}

/* "12 s of CPU time", "1.2 GB of io.write_bytes" */
static void
add_amount(struct buf *out, const struct trend_view *v, double value)
{
	add_value(out, value, v->unit);
	if (strcmp(v->query.metric, "elapsed") != 0)
		buf_addf(out, " of %s", trend_metric_words(v->query.metric));
}

/* The largest group says what is usual. */
static double
usual(const struct trend_view *v)
{
	double value[TREND_WINDOW];
	const struct trend_group *g = &v->trend->group[0];
	size_t n = 0;

	for (size_t i = g->n; i > 0 && n < TREND_WINDOW; i--)
		value[n++] = v->trend->run[g->run[i - 1]].value;
	return number_median(value, n);
}

static void
add_target(
    struct buf *out, const struct trend_view *v, const struct trend_group *g)
{
	if (v->trend->ngroups < 2)
		return;
	if (v->query.recipe == 0 && v->query.image[0] == '\0' &&
	    g->image[0] != '\0')
		buf_addf(out, " of %s", g->image);
	if (g->machine[0] != '\0')
		buf_addf(out, " for %s", g->machine);
	if (g->builder[0] != '\0')
		buf_addf(out, " on %s", g->builder);
	if (g->tell_branch && g->branch[0] != '\0')
		buf_addf(out, ", branch %s,", g->branch);
}

/* The newest step that is the work's, else NULL. */
static const struct step *
newest_of_work(const struct trend_view *v)
{
	for (size_t i = 0; i < v->nsteps; i++)
		if (v->step[i].verdict == STEP_WORSE ||
		    v->step[i].verdict == STEP_BETTER)
			return &v->step[i];
	return NULL;
}

static void
add_step(struct buf *out, const struct trend_view *v, const struct step *s,
    int64_t now)
{
	const struct step_pair *p = &s->sides.value;
	char share[HUMAN_MAX];
	bool more = p->after > p->before;
	bool wall = strcmp(v->query.metric, "elapsed") == 0;

	if (isfinite(s->change))
		buf_addf(out, " %s %s", human_share(share, fabs(s->change)),
		    wall ? (more ? "longer" : "less long")
			 : (more ? "more" : "less"));
	else
		buf_adds(out, " more");
	if (!wall)
		buf_addf(out, " %s", trend_metric_words(v->query.metric));
	buf_adds(out, " since ");
	sentence_day(out,
	    v->trend->run[s->after].started / 86400000000 * 86400000000, now);
	buf_adds(out, ": ");
	add_value(out, p->before, v->unit);
	buf_adds(out, " before, ");
	add_value(out, p->after, v->unit);
	buf_adds(out, " after");
}

static void
add_machine_step(struct buf *out, const struct trend_view *v,
    const struct step *s, int64_t now)
{
	bool more = s->verdict == STEP_BUSIER;

	buf_addf(
	    out, "; the machine is %s since ", more ? "busier" : "less busy");
	sentence_day(out,
	    v->trend->run[s->after].started / 86400000000 * 86400000000, now);
}

static void
add_nothing(struct buf *out, const struct trend_said *said)
{
	const struct trend_view *v = said->view;

	if (v->trend->n == 0) {
		buf_addf(out, "No run of %s matches", said->subject);
		return;
	}
	if (v->trend->uses[TREND_LACKS] > 0 ||
	    v->trend->n == v->trend->uses[TREND_FAILED]) {
		buf_addf(out, "None of ");
		sentence_count(out, (int64_t)v->trend->n, "run");
		buf_addf(out, " of %s tells its %s", said->subject,
		    trend_metric_words(v->query.metric));
		return;
	}
	sentence_count(out, (int64_t)v->trend->n, "run");
	buf_addf(out, " of %s, none of which can be compared", said->subject);
}

/* "; the latest took 12 % more than the median of the 5 before" */
static void
add_base(struct buf *out, const struct trend_view *v)
{
	const struct trend_group *g = &v->trend->group[0];
	size_t latest = g->n > 0 ? g->run[g->n - 1] : 0;
	char share[HUMAN_MAX];
	double change;

	if (v->base == NULL || g->n == 0)
		return;
	change = v->trend->run[latest].value / v->base[latest] - 1;
	if (!isfinite(change))
		return;
	if (fabs(change) < 0.0005)
		buf_adds(out, "; the latest took as much as ");
	else
		buf_addf(out, "; the latest took %s %s than ",
		    human_share(share, fabs(change)),
		    change > 0 ? "more" : "less");
	buf_addf(out, "%s%s", v->asked.median > 1 ? "the " : "", v->base_words);
}

static void
add_what_is(struct buf *out, const struct trend_said *said)
{
	const struct trend_view *v = said->view;
	const struct step *s = newest_of_work(v);

	buf_adds(out, said->subject);
	add_target(out, v, &v->trend->group[s != NULL ? s->group : 0]);
	buf_adds(out, v->trend->made ? " has" : " takes");
	if (s != NULL) {
		add_step(out, v, s, said->now);
		if (v->step[0].verdict == STEP_BUSIER)
			add_machine_step(out, v, &v->step[0], said->now);
		return;
	}
	buf_addc(out, ' ');
	add_amount(out, v, usual(v));
	if (v->nsteps > 0)
		add_machine_step(out, v, &v->step[0], said->now);
	else if (v->trend->group[0].n >= TREND_GROUP_MIN)
		buf_adds(out, ", steady over ");
	else
		buf_adds(out, ", in ");
	if (v->nsteps == 0)
		sentence_count(out, (int64_t)v->trend->group[0].n, "run");
}

void
sentence_trend(struct buf *out, const struct trend_said *said)
{
	if (said->view->trend->uses[TREND_COUNTS] == 0) {
		add_nothing(out, said);
		return;
	}
	add_what_is(out, said);
	add_base(out, said->view);
}
