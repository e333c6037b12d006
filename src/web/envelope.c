/* envelope.c: see envelope.h. */
#include "web/envelope.h"

#include "base/arena.h"
#include "web/links.h"
#include "web/route.h"
#include "xml/doc.h"

void
envelope_open(struct exchange *x, struct page_context *cx, const char *route)
{
	node page;

	*cx = (struct page_context){
	    .arena = x->app->page_arena,
	    .db = x->app->db,
	    .doc = doc_new(),
	    .request = &x->req,
	    .form = x->req.form,
	    .now = x->now,
	    .base = x->app->opt->base,
	    .site = x->req.site,
	    .id = x->req.capture[0],
	    .name = x->req.capture[1],
	    .ei = &x->ei,
	};
	doc_set_now(cx->doc, x->now);
	doc_set_bare(cx->doc, cx->form == FORM_JSON || cx->form == FORM_CSV ||
				  cx->form == FORM_TEXT);
	page = doc_page(cx->doc);
	doc_text(page, "route", route);
	doc_text(page, "version", PACKAGE_VERSION);
	doc_text(page, "base", cx->base);
	doc_text(page, "site", cx->site);
	doc_time(page, "now", cx->now);
}

static void
add_params(struct page_context *cx, node request)
{
	for (unsigned p = 0; p < P__MAX; p++) {
		const struct param_value *v = &cx->request->params.value[p];
		for (size_t i = 0; i < v->n; i++) {
			node n = doc_object(request, "param");
			doc_text(n, "name", param_specs[p].name);
			doc_text(n, "value", v->text[i]);
			doc_text(
			    n, "without", links_self(cx, "", (enum param)p, i));
		}
	}
}

void
envelope_close(struct exchange *x, struct page_context *cx)
{
	static const struct {
		enum form form;
		const char *name, *suffix;
	} forms[] = {{FORM_HTML, "html", ""}, {FORM_JSON, "json", ".json"},
	    {FORM_XML, "xml", ".xml"}, {FORM_CSV, "csv", ".csv"},
	    {FORM_TEXT, "txt", ".txt"}, {FORM_ATOM, "atom", ".atom"},
	    {FORM_SVG, "svg", ".svg"}};
	const struct route *route = x->req.route;
	node n = doc_request(cx->doc);

	doc_text(n, "path",
	    arena_printf(cx->arena, "%s%s", cx->base, x->req.path + 1));
	doc_text(n, "query", x->req.query);
	doc_text(n, "method", x->req.method == METHOD_POST ? "POST" : "GET");
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (route != NULL && (route->forms & FORM(forms[i].form)) != 0)
			doc_text(n, forms[i].name,
			    links_self(cx, forms[i].suffix, P__MAX, SIZE_MAX));
	add_params(cx, n);
}
