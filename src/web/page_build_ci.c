/* page_build_ci.c: what an autobuilder told of a build. */
#include "model/ci.h"
#include "web/page_build.h"
#include "web/page_rows.h"

static void
add_run(node list, const struct ci_run *r)
{
	node n = doc_object(list, "run"), properties;

	doc_text(n, "kind", r->kind);
	doc_text(n, "url", row_text_or_null(r->url));
	doc_text(n, "builder", r->builder);
	doc_int(n, "number", r->number);
	doc_text(n, "result", row_text_or_null(r->result));
	doc_text(n, "state", r->state);
	doc_text(n, "reason", r->reason);
	doc_text(n, "worker", r->worker);
	doc_time(n, "started", r->started);
	doc_time(n, "complete", r->complete);
	properties = doc_values(n, "properties");
	for (size_t i = 0; i < r->nproperties; i++) {
		node p = doc_object(properties, "property");
		doc_text(p, "name", r->names[i]);
		doc_text(p, "value", r->properties[i]);
	}
}

enum err
build_add_ci(struct page_context *cx, int build)
{
	struct ci_runs runs;
	node list;
	enum err err = ci_load(cx->db, cx->arena, build, &runs, cx->ei);

	if (err != ERR_OK)
		return err;
	doc_text(doc_content(cx->doc), "ci_url", row_text_or_null(runs.url));
	list = doc_array(doc_content(cx->doc), "ci");
	for (size_t i = 0; i < runs.n; i++)
		add_run(list, &runs.run[i]);
	return ERR_OK;
}
