/* page_failure_known.c: is a failure new or known, where else was it seen,
 * where is it gone. */
#include <string.h>

#include "base/arena.h"
#include "web/page_failure.h"
#include "web/page_rows.h"

static const char *const strength_words[STRENGTHS] = {"block", "lines", "task"};

/* ---- loading ---- */

static bool
is_own(const struct spread_target *t, const struct failure_row *f)
{
	return strcmp(t->machine, f->machine) == 0 &&
	       strcmp(t->distro, f->distro) == 0 &&
	       strcmp(t->branch, f->branch) == 0;
}

/* Its own target, also where there is nothing to compare, or too much. */
static void
add_own(struct page_context *cx, struct failure_view *v)
{
	struct failure_spread *s = &v->spread;
	const struct failure_row *f = &v->row;
	struct spread_target *t;
	size_t i = 0;

	while (i < s->n && !is_own(&s->target[i], f))
		i++;
	if (i == s->n) {
		t = arena_calloc(cx->arena, s->n + 1, sizeof(*t));
		if (s->n > 0)
			memcpy(t, s->target, s->n * sizeof(*t));
		t[s->n++] = (struct spread_target){
		    .machine = f->machine,
		    .distro = f->distro,
		    .branch = f->branch,
		    .times = 1,
		    .first = f->seen,
		    .last = f->seen,
		    .builders = f->builder[0] != '\0',
		    .hosts = v->build.host[0] != '\0',
		    .recipe = v->more.recipe,
		    .started = f->started,
		    .gone_since = TIME_UNKNOWN,
		};
		s->target = t;
	}
	v->here = &s->target[i];
}

enum err
failure_load_known(struct page_context *cx, struct failure_view *v)
{
	struct failure_like like = {0};
	int strength;
	enum err err;

	memcpy(v->like.sig, v->row.sig, sizeof(v->like.sig));
	strength = failure_view_strength(&v->like);
	if (strength != 0)
		like.sig[strength - 1] = v->like.sig[strength - 1];
	err = failure_view_known(
	    cx->db, &v->like, v->row.id, cx->now, v->strength, cx->ei);
	if (err == ERR_OK)
		err = failure_view_more(
		    cx->db, cx->arena, v->row.id, &v->more, cx->ei);
	if (err == ERR_OK)
		err = failure_view_spread(
		    cx->db, cx->arena, &like, &v->spread, cx->ei);
	if (err != ERR_OK)
		return err;
	add_own(cx, v);
	return failure_view_gone(cx->db, cx->arena, &v->spread, cx->ei);
}

/* ---- the document ---- */

static void
add_times(struct page_context *cx, node n, int64_t times)
{
	doc_count(n, "times", times);
	if (row_for_sheet(cx) && times >= KNOWN_MAX)
		doc_text(n, "times-h", "1,000 or more");
}

static void
add_strength(
    struct page_context *cx, node known, const struct failure_view *v, size_t i)
{
	node n = doc_item(known, "signature");

	doc_text(n, "strength", strength_words[i]);
	doc_int(n, "id", v->like.sig[i]);
	add_times(cx, n, v->strength[i].known.times);
	doc_time(n, "first", v->strength[i].known.first);
	doc_time(n, "last", v->strength[i].known.last);
	doc_text(
	    n, "signature-url", page_link(cx, "signature/%d", v->like.sig[i]));
}

/* "gone": made there since; "failing": failed there again since; "unbuilt":
 * not built there since; "unknown": of no recipe. */
static const char *
state_of(const struct spread_target *t, int64_t started)
{
	if (t->recipe == 0)
		return "unknown";
	if (t->gone_build != 0)
		return "gone";
	return t->started > started ? "failing" : "unbuilt";
}

static void
add_gone(struct page_context *cx, node n, const struct spread_target *t)
{
	doc_time(
	    n, "gone-since", t->gone_build != 0 ? t->gone_since : TIME_UNKNOWN);
	if (t->gone_build != 0)
		doc_text(
		    n, "gone-url", page_link(cx, "build/%d", t->gone_build));
}

void
failure_add_known(struct page_context *cx, const struct failure_view *v)
{
	node n = doc_object(doc_content(cx->doc), "known");
	int strength = failure_view_strength(&v->like);
	const struct failure_strength none = {
	    .known = {.first = TIME_UNKNOWN, .last = TIME_UNKNOWN}};
	const struct failure_strength *s =
	    strength != 0 ? &v->strength[strength - 1] : &none;

	add_times(cx, n, s->known.times);
	doc_time(n, "first", s->known.first);
	doc_time(n, "last", s->known.last);
	doc_count(n, "builders", s->builders);
	doc_count(n, "today", s->known.builders);
	if (v->here->recipe == 0)
		doc_null(n, "open");
	else
		doc_bool(n, "open", v->here->gone_build == 0);
	doc_text(n, "state", state_of(v->here, v->row.started));
	add_gone(cx, n, v->here);
	for (size_t i = 0; i < STRENGTHS; i++)
		if (v->like.sig[i] != 0)
			add_strength(cx, n, v, i);
}

static void
add_target(struct page_context *cx, node list, const struct spread_target *t,
    int signature)
{
	node n = doc_object(list, "target");

	doc_text(n, "machine", t->machine);
	doc_text(n, "distro", t->distro);
	doc_text(n, "branch", t->branch);
	add_times(cx, n, t->times);
	doc_time(n, "first", t->first);
	doc_time(n, "last", t->last);
	doc_count(n, "builders", t->builders);
	doc_count(n, "hosts", t->hosts);
	if (t->recipe == 0)
		doc_null(n, "gone");
	else
		doc_bool(n, "gone", t->gone_build != 0);
	add_gone(cx, n, t);
	if (signature != 0)
		doc_text(n, "failures-url",
		    page_link_query(cx, "failures", "signature",
			arena_printf(cx->arena, "%d", signature), "machine",
			t->machine, "distro", t->distro, "branch", t->branch,
			NULL));
}

void
failure_add_spread(struct page_context *cx, const struct failure_spread *spread,
    const struct spread_target *here, int signature)
{
	node content = doc_content(cx->doc);
	node list = doc_array(content, "spread");

	for (size_t i = 0; i < spread->n; i++)
		add_target(cx, list, &spread->target[i], signature);
	if (row_for_sheet(cx) && here != NULL)
		doc_int(content, "own-target",
		    (int64_t)(here - spread->target + 1));
	if (spread->more)
		doc_bool(content, "more_targets", true);
}
