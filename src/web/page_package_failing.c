/* page_package_failing.c: where a recipe fails, and since which revisions. */
#include <string.h>

#include "base/arena.h"
#include "model/failure_code.h"
#include "model/failure_view.h"
#include "web/page_near.h"
#include "web/page_package.h"
#include "web/page_rows.h"
#include "web/page_turn.h"

#define LATEST_MAX 12
#define TURNS_MAX 6

static enum err
load_pages(struct page_context *cx, int recipe,
    const struct package_result *row, size_t n, struct failures_of_builds *out)
{
	int32_t *build = arena_calloc(cx->arena, n + 1, sizeof(*build));

	for (size_t i = 0; i < n; i++)
		build[i] = row[i].build;
	return failure_view_of_builds(cx->db, cx->arena,
	    &(struct recipe_builds){recipe, build, n}, out, cx->ei);
}

/* That of the failed task, else any of the build. */
static void
add_page(struct page_context *cx, node n,
    const struct failures_of_builds *pages, const struct package_result *r)
{
	const struct failure_of_build *found = NULL;
	char code[FAILURE_CODE_MAX];

	for (size_t i = 0; i < pages->n; i++) {
		const struct failure_of_build *p = &pages->failure[i];
		if (p->build == r->build &&
		    (found == NULL || strcmp(p->task, r->failed_task) == 0))
			found = p;
	}
	doc_text(
	    n, "failure", found != NULL ? failure_code(code, found->id) : NULL);
	if (row_for_sheet(cx))
		doc_text(n, "failure-url",
		    found != NULL ? row_failure_path(cx, found->id) : "");
}

static enum err
add_failures(struct page_context *cx, const struct package_failing *f)
{
	node list = doc_array(doc_content(cx->doc), "failures");
	struct package_result row[LATEST_MAX];
	struct failures_of_builds pages = {0};
	size_t index[LATEST_MAX], n;
	enum err err;

	n = package_newest(
	    f->window->row, f->window->n, BUILD_FAILED, index, LATEST_MAX);
	for (size_t i = 0; i < n; i++)
		row[i] = f->window->row[index[i]];
	err = package_load_hosts(cx->db, cx->arena, row, n, cx->ei);
	if (err == ERR_OK && n > 0)
		err = load_pages(cx, f->recipe, row, n, &pages);
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		node x = doc_object(list, "build");
		row_result(cx, x, &row[i]);
		add_page(cx, x, &pages, &row[i]);
	}
	return err;
}

enum err
package_add_failing(struct page_context *cx, const struct package_failing *f)
{
	struct turn turn[TURNS_MAX];
	size_t n = 0;
	enum err err = add_failures(cx, f);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < f->ntargets && n < TURNS_MAX; i++)
		if (f->target[i].ended && !f->target[i].works)
			turn[n++] = turn_in(
			    f->window->row, f->window->n, f->target[i].latest);
	return turn_add(cx, doc_array(doc_content(cx->doc), "turns"), turn, n);
}
