/* page_build_failures.c: what failed in a build; see page_build.h. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/task_stats.h"
#include "web/page_build.h"
#include "web/page_rows.h"

/* ---- finding ---- */

enum err
build_find_failures(struct page_context *cx, const struct build_view *v,
    struct build_failures_shown *f)
{
	struct package_query q = {
	    .build = &v->info.row,
	    .filter = {.statuses = 1U << BUILD_FAILED,
		.package = "",
		.task = ""},
	    .order = {"started", false, 0, BUILD_FAILURES_MAX},
	};
	enum err err;

	*f = (struct build_failures_shown){0};
	if (v->info.row.status == BUILD_SUCCEEDED && v->info.row.failed == 0)
		return ERR_OK;
	err = failures_of_build(cx->db, cx->arena, v->info.row.id,
	    BUILD_FAILURES_MAX, &f->stored, cx->ei);
	if (err != ERR_OK ||
	    (v->info.row.failed == 0 && v->info.row.status != BUILD_FAILED))
		return err;
	f->n = task_failures(cx->arena, v->table, f->row, BUILD_FAILURES_MAX);
	return package_list_find(cx->db, cx->arena, &q, &f->rest, cx->ei);
}

static const struct failure_row *
first_told(const struct build_failures_shown *f)
{
	return f->stored.n > 0 ? &f->stored.row[0] : NULL;
}

void
build_first_failure(const struct build_view *v,
    const struct build_failures_shown *f, const char **task,
    const char **recipe)
{
	const struct task_table *t = v->table;

	*task = *recipe = "";
	if (f->n > 0) {
		*task = t->task_names[t->name[f->row[0]]];
		*recipe = t->packages[t->package[f->row[0]]].recipe;
	} else if (f->rest.n > 0) {
		*task = f->rest.row[0].failed_task;
		*recipe = f->rest.row[0].recipe;
	} else if (first_told(f) != NULL) {
		*task = first_told(f)->task;
		*recipe = first_told(f)->recipe;
	}
}

/* ---- writing ---- */

struct shown {
	struct page_context *cx;
	const struct build_view *v;
	const struct build_failures_shown *f;
	node list;
	bool *listed; /* of f->stored */
};

/* The stored failure of a task, taken off those that are left. */
static const struct failure_row *
take_stored(struct shown *s, const char *recipe, const char *task)
{
	for (size_t i = 0; i < s->f->stored.n; i++) {
		const struct failure_row *row = &s->f->stored.row[i];
		if (s->listed[i] || strcmp(row->recipe, recipe) != 0 ||
		    strcmp(row->task, task) != 0)
			continue;
		s->listed[i] = true;
		return row;
	}
	return NULL;
}

/* One that was stored before failures were has no address. */
static node
add_failure(struct shown *s, const char *recipe, const char *task)
{
	const struct failure_row *stored = take_stored(s, recipe, task);
	node n = doc_object(s->list, "failure");

	if (stored != NULL) {
		row_failure(s->cx, n, stored);
		return n;
	}
	doc_null(n, "id");
	doc_null(n, "url");
	return n;
}

static void
add_links(struct shown *s, node n, const char *recipe, const char *pf)
{
	int id = s->v->info.row.id;

	doc_text(n, "tasks-url", row_tasks_link(s->cx, id, pf));
	doc_text(n, "package-url",
	    page_link_query(s->cx, page_link(s->cx, "package/%s", recipe),
		"build", arena_printf(s->cx->arena, "%d", id), NULL));
}

static void
add_failed_task(struct shown *s, uint32_t i)
{
	const struct task_table *t = s->v->table;
	const struct package *p = &t->packages[t->package[i]];
	const char *task = t->task_names[t->name[i]];
	node n = add_failure(s, p->recipe, task);

	doc_text(n, "recipe", p->recipe);
	doc_text(n, "version", p->version);
	doc_text(n, "task", task);
	doc_text(n, "package", p->pf);
	doc_time(n, "started", t->started[i]);
	doc_seconds(n, "elapsed", t->elapsed[i] < 0 ? NAN : t->elapsed[i]);
	add_links(s, n, p->recipe, p->pf);
}

static bool
is_listed(const struct shown *s, const char *pf)
{
	const struct task_table *t = s->v->table;

	for (size_t i = 0; i < s->f->n; i++)
		if (strcmp(t->packages[t->package[s->f->row[i]]].pf, pf) == 0)
			return true;
	return false;
}

/* A package may have failed without a file that tells its failed task. */
static void
add_failed_package(struct shown *s, const struct package_row *p)
{
	node n;

	if (is_listed(s, p->pf))
		return;
	n = add_failure(s, p->recipe, p->failed_task);
	doc_text(n, "recipe", p->recipe);
	doc_text(n, "version", p->version);
	doc_text(n, "task", p->failed_task);
	doc_text(n, "package", p->pf);
	doc_null(n, "started");
	doc_null(n, "elapsed");
	add_links(s, n, p->recipe, p->pf);
}

void
build_add_failures(struct page_context *cx, const struct build_view *v,
    const struct build_failures_shown *f)
{
	struct shown s = {
	    .cx = cx,
	    .v = v,
	    .f = f,
	    .list = doc_array(doc_content(cx->doc), "failures"),
	    .listed = arena_calloc(cx->arena, f->stored.n + 1, sizeof(bool)),
	};

	for (size_t i = 0; i < f->n; i++)
		add_failed_task(&s, f->row[i]);
	for (size_t i = 0; i < f->rest.n; i++)
		add_failed_package(&s, &f->rest.row[i]);
	for (size_t i = 0; i < f->stored.n; i++)
		if (!s.listed[i])
			row_failure(cx, doc_object(s.list, "failure"),
			    &f->stored.row[i]);
}
