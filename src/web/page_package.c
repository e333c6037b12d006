/*
 * page_package.c: one recipe, /package/RECIPE: who built it, where it works,
 * where and at which task it fails, and, with build=ID, which good build is
 * nearest to that one and what differs.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/package_view.h"
#include "model/status_word.h"
#include "web/page_near.h"
#include "web/page_package.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"

/* As in the search: scripts get the exact number. */
#define COUNT_CAP 500
#define TARGETS_MAX 40
#define VERSIONS_MAX 8
#define LATEST_MAX 12

struct view {
	struct package_history_query query;
	struct package_results window; /* the latest of all, unfiltered */
	struct package_results page;
	struct package_target *target;
	size_t ntargets;
	int64_t total;
};

/* The PF, as the tasks' filter takes it. */
static const char *
package_of(struct page_context *cx, const struct package_result *r)
{
	if (r->version[0] == '\0')
		return cx->id;
	return arena_printf(cx->arena, "%s-%s", cx->id, r->version);
}

void
row_result(struct page_context *cx, node n, const struct package_result *r)
{
	doc_int(n, "id", r->build);
	row_build_links(cx, n, r->build);
	doc_text(n, "name", r->name);
	doc_text(n, "version", r->version);
	doc_text(n, "machine", r->machine);
	doc_text(n, "distro", r->distro);
	doc_text(n, "builder", r->builder);
	doc_text(n, "image", r->image);
	doc_text(n, "branch", r->branch);
	doc_text(n, "commit", r->commit);
	doc_text(n, "host_distro", r->host_distro);
	doc_text(n, "bitbake_version", r->bitbake_version);
	doc_text(n, "status", build_status_word(r->status));
	doc_text(n, "failed_task",
	    r->failed_task[0] != '\0' ? r->failed_task : NULL);
	doc_seconds(n, "elapsed", r->elapsed);
	doc_seconds(n, "cputime", r->cputime);
	doc_time(n, "started", r->started);
	if (row_for_sheet(cx))
		doc_text(n, "tasks-url",
		    row_tasks_link(cx, r->build, package_of(cx, r)));
}

/* ---- what is asked of the database ---- */

static bool
is_plain(const struct package_history_query *q)
{
	const struct package_history_filter *f = &q->filter;

	return f->statuses == 0 && f->machine[0] == '\0' &&
	       f->distro[0] == '\0' && f->builder[0] == '\0' &&
	       f->version[0] == '\0' && q->order.down &&
	       strcmp(q->order.key, "started") == 0;
}

/* The first pages of the plain history are in the window already. */
static bool
page_from_window(struct view *v)
{
	size_t from = (size_t)v->query.order.offset;
	size_t to = from + (size_t)v->query.order.limit;

	if (!is_plain(&v->query) ||
	    (to > PACKAGE_WINDOW && v->window.n >= PACKAGE_WINDOW))
		return false;
	to = to < v->window.n ? to : v->window.n;
	from = from < to ? from : to;
	v->page = (struct package_results){
	    .n = to - from, .row = v->window.row + from};
	return true;
}

static int64_t
count_cap(const struct page_context *cx, const struct view *v)
{
	return cx->form == FORM_HTML ? v->query.order.offset + COUNT_CAP : 0;
}

static enum err
load_page(struct page_context *cx, struct view *v)
{
	int64_t cap = count_cap(cx, v);
	enum err err = ERR_OK;

	if (!page_from_window(v))
		err = package_history_find(
		    cx->db, cx->arena, &v->query, &v->page, cx->ei);
	if (err == ERR_OK)
		err = package_history_count(
		    cx->db, cx->arena, &v->query, cap, &v->total, cx->ei);
	if (err == ERR_OK)
		err = package_load_hosts(
		    cx->db, cx->arena, v->page.row, v->page.n, cx->ei);
	return err;
}

static enum err
load(struct page_context *cx, struct view *v)
{
	struct package_history_query *q = &v->query;
	enum err err =
	    row_order(cx, package_history_keys, "-started", &q->order);

	q->filter = (struct package_history_filter){
	    .statuses = row_statuses(cx),
	    .machine = param_text(cx, P_MACHINE),
	    .distro = param_text(cx, P_DISTRO),
	    .builder = param_text(cx, P_BUILDER),
	    .version = param_text(cx, P_VERSION),
	};
	if (err == ERR_OK)
		err = package_recipe_find(
		    cx->db, cx->arena, cx->id, &q->recipe, cx->ei);
	if (err == ERR_OK)
		err = package_window(
		    cx->db, cx->arena, q->recipe, &v->window, cx->ei);
	if (err == ERR_OK)
		err = load_page(cx, v);
	v->ntargets = package_targets(
	    cx->arena, v->window.row, v->window.n, TARGETS_MAX, &v->target);
	return err;
}

/* ---- the matrix ---- */

static void
add_row(struct page_context *cx, node cells, const struct view *v,
    const struct package_target *t, const char *const *version, size_t n)
{
	node row = doc_item(cells, "row");

	doc_text(row, "machine", t->machine);
	doc_text(row, "distro", t->distro);
	doc_text(row, "url",
	    row_url(cx, page_link_query(cx, page_link(cx, "package/%s", cx->id),
			    "machine", t->machine, "distro", t->distro, NULL)));
	for (size_t i = 0; i < n; i++) {
		size_t k =
		    package_cell(v->window.row, v->window.n, t, version[i]);
		const struct package_result *r = &v->window.row[k];
		node cell;
		if (k == v->window.n)
			continue;
		cell = doc_item(row, "cell");
		doc_text(cell, "version", r->version);
		doc_text(cell, "status", build_status_word(r->status));
		doc_int(cell, "build", r->build);
		doc_text(
		    cell, "build-url", page_link(cx, "build/%d", r->build));
		doc_text(cell, "builder", r->builder);
		doc_time(cell, "seen", r->started);
	}
}

static void
add_cells(struct page_context *cx, const struct view *v)
{
	node cells = doc_object(doc_content(cx->doc), "cells");
	const char **version;
	size_t n = package_versions(
	    cx->arena, v->window.row, v->window.n, VERSIONS_MAX, &version);

	for (size_t i = 0; i < n; i++)
		doc_text(doc_item(cells, "version"), "name", version[i]);
	for (size_t i = 0; i < v->ntargets; i++)
		add_row(cx, cells, v, &v->target[i], version, n);
}

/* ---- latest successes ---- */

static enum err
add_latest_successes(struct page_context *cx, const struct view *v)
{
	node list = doc_array(doc_content(cx->doc), "successes");
	struct package_result row[LATEST_MAX];
	size_t index[LATEST_MAX], n;
	enum err err;

	n = package_newest(
	    v->window.row, v->window.n, BUILD_SUCCEEDED, index, LATEST_MAX);
	for (size_t i = 0; i < n; i++)
		row[i] = v->window.row[index[i]];
	err = package_load_hosts(cx->db, cx->arena, row, n, cx->ei);
	for (size_t i = 0; err == ERR_OK && i < n; i++)
		row_result(cx, doc_object(list, "build"), &row[i]);
	return err;
}

static enum err
add_successes(struct page_context *cx, const struct view *v)
{
	struct near_asked asked = {
	    .version = "", .recipe = v->query.recipe, .window = &v->window};
	struct near_found found;
	struct build_info here;
	enum err err;

	if (!param_given(cx, P_BUILD))
		return add_latest_successes(cx, v);
	err = build_find(
	    cx->db, cx->arena, param_text(cx, P_BUILD), &here, cx->ei);
	asked.here = &here;
	return err != ERR_OK ? err : near_add_successes(cx, &asked, &found);
}

static void
say(struct page_context *cx, const struct view *v)
{
	struct buf b = BUF_INIT;
	const struct package_said said = {
	    .recipe = cx->id,
	    .row = v->window.row,
	    .n = v->window.n,
	    .target = v->target,
	    .ntargets = v->ntargets,
	    .now = cx->now,
	};

	sentence_package(&b, &said);
	row_sentence(cx, &b);
}

static void
add_columns(struct page_context *cx)
{
	page_column(cx, "status", "Status");
	page_column(cx, "-version", "Version");
	page_column(cx, "machine", "Machine");
	page_column(cx, "distro", "Distro");
	page_column(cx, "branch", "Branch");
	page_column(cx, "builder", "Builder");
	page_column(cx, "-started", "Started");
	page_column(cx, "-elapsed", "Time");
	page_column(cx, "-cputime", "CPU time");
}

enum err
page_package(struct page_context *cx)
{
	struct view v = {0};
	node content = doc_content(cx->doc), builds;
	enum err err = load(cx, &v);

	if (err != ERR_OK)
		return err;
	say(cx, &v);
	doc_text(content, "recipe", cx->id);
	row_table(cx, "builds", v.total, count_cap(cx, &v));
	add_columns(cx);
	add_cells(cx, &v);
	err = add_successes(cx, &v);
	if (err == ERR_OK)
		err = package_add_failing(
		    cx, &(struct package_failing){
			    v.query.recipe, &v.window, v.target, v.ntargets});
	builds = doc_array(content, "builds");
	for (size_t i = 0; i < v.page.n; i++)
		row_result(cx, doc_object(builds, "build"), &v.page.row[i]);
	return err;
}
