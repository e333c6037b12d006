/* trend_base.c: what the runs of a trend are compared with; see trend_view.h.
 */
#include <math.h>

#include "base/arena.h"
#include "model/build_info.h"
#include "web/page_rows.h"
#include "web/trend_view.h"

static void
set_all(struct trend_view *v, double value)
{
	for (size_t i = 0; i < v->trend->n; i++)
		v->base[i] = value;
}

/* The same of one build, whatever else is asked for. */
static enum err
load_build(struct page_context *cx, struct trend_view *v)
{
	struct trend_query q = v->query;
	struct trend_found found;
	struct build_info info;
	double value = NAN;
	enum err err = build_find(cx->db, cx->arena,
	    arena_printf(cx->arena, "%d", v->asked.build), &info, cx->ei);

	if (err != ERR_OK)
		return err;
	q.machine = q.distro = q.builder = q.branch = q.version = q.image = "";
	q.since = q.until = TIME_UNKNOWN;
	q.build = v->asked.build = info.row.id;
	err = trend_find(cx->db, cx->arena, &q, &found, cx->ei);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < found.trend.n; i++)
		if (isfinite(found.trend.run[i].value))
			value = found.trend.run[i].value;
	set_all(v, value);
	v->base_words = arena_printf(cx->arena, "build %s%s", info.row.name,
	    isfinite(value) ? "" : ", which has no such value");
	return ERR_OK;
}

enum err
trend_load_base(struct page_context *cx, struct trend_view *v)
{
	enum err err = base_read(cx, TREND_BASE_MAX, &v->asked);

	if (err != ERR_OK || (v->asked.build == 0 && v->asked.median == 0))
		return err;
	v->base = arena_alloc(cx->arena, (v->trend->n + 1) * sizeof(*v->base));
	if (v->asked.build != 0)
		return load_build(cx, v);
	trend_medians_before(v->trend, v->asked.median, v->base);
	v->base_words = arena_printf(cx->arena,
	    v->asked.median == 1 ? "the run before"
				 : "median of the %zu before",
	    v->asked.median);
	return ERR_OK;
}

void
trend_add_base(struct page_context *cx, const struct trend_view *v)
{
	node c = doc_content(cx->doc);

	doc_text(c, "base", v->base != NULL ? param_text(cx, P_BASE) : NULL);
	if (v->asked.build != 0)
		doc_int(c, "base_build", v->asked.build);
	else
		doc_null(c, "base_build");
	if (v->base == NULL || !row_for_sheet(cx))
		return;
	doc_text(c, "base-h", v->base_words);
	if (v->asked.build != 0)
		doc_text(
		    c, "base-url", page_link(cx, "build/%d", v->asked.build));
}

void
trend_add_difference(node n, const struct trend_view *v, size_t run)
{
	double base = v->base != NULL ? v->base[run] : NAN;
	double difference = v->trend->run[run].value - base;

	doc_measure(n, "base", base, v->unit);
	doc_measure(n, "difference", difference, v->unit);
	doc_share(n, "change", base != 0 ? difference / base : NAN);
}
