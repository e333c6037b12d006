/* page_facets.c: see page_facets.h. */
#include "web/page_facets.h"

#include <string.h>

#include "model/build_list.h"
#include "model/status_word.h"
#include "web/page_rows.h"

static bool
is_selected(struct page_context *cx, const struct facet *f)
{
	static const struct {
		const char *kind;
		enum param param;
	} kinds[] = {{"builder", P_BUILDER}, {"machine", P_MACHINE},
	    {"distro", P_DISTRO}, {"image", P_IMAGE}, {"branch", P_BRANCH},
	    {"layer", P_LAYER}, {"tag", P_TAG}};

	if (strcmp(f->kind, "task") == 0)
		return strcmp(row_task_name(cx), f->name) == 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char **value;
		if (strcmp(kinds[i].kind, f->kind) != 0)
			continue;
		size_t n = param_texts(cx, kinds[i].param, &value);
		for (size_t k = 0; k < n; k++)
			if (strcmp(value[k], f->name) == 0)
				return true;
	}
	return false;
}

static void
add_option(node facet, const char *value, bool selected)
{
	node option = doc_object(facet, "option");

	doc_text(option, "value", value);
	doc_bool(option, "selected", selected);
}

static void
add_statuses(struct page_context *cx, node facets)
{
	node facet = doc_object(facets, "facet");
	unsigned set = row_statuses(cx);

	doc_text(facet, "name", "status");
	for (int i = BUILD_RUNNING; i <= BUILD_INCOMPLETE; i++)
		add_option(facet, build_status_word((enum build_status)i),
		    (set & 1U << i) != 0);
}

enum err
facets_add(struct page_context *cx, bool with_status)
{
	node facets, facet = NULL;
	struct facet *f;
	size_t n;
	enum err err;

	if (!row_for_sheet(cx))
		return ERR_OK;
	err = build_facets(cx->db, cx->arena, &f, &n, cx->ei);
	if (err != ERR_OK)
		return err;
	facets = doc_aside(doc_content(cx->doc), "facets");
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || strcmp(f[i].kind, f[i - 1].kind) != 0) {
			facet = doc_object(facets, "facet");
			doc_text(facet, "name", f[i].kind);
		}
		add_option(facet, f[i].name, is_selected(cx, &f[i]));
	}
	if (with_status)
		add_statuses(cx, facets);
	return ERR_OK;
}
