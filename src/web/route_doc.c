/* route_doc.c: docs/routes.md from the table; see route.h. */
#include "web/route.h"

#include "base/arena.h"
#include "base/buf.h"
#include "web/params.h"

static void
write_params(struct buf *out, param_set set)
{
	const char *separator = "";

	for (unsigned p = 0; p < P__MAX; p++)
		if ((set & PARAM(p)) != 0) {
			buf_addf(out, "%s`%s`", separator, param_specs[p].name);
			separator = " ";
		}
}

static const char *
where_text(const struct route *r)
{
	if (r->where == (IN_BASE | IN_ROOT))
		return ", also at the server's root";
	return r->where == IN_ROOT ? ", at the server's root only" : "";
}

static void
write_route(struct buf *out, const struct route *r)
{
	static const char *const suffixes[] = {
	    [FORM_HTML] = "HTML",
	    [FORM_JSON] = " `.json`",
	    [FORM_XML] = " `.xml`",
	    [FORM_CSV] = " `.csv`",
	    [FORM_TEXT] = " `.txt`",
	    [FORM_ATOM] = " `.atom`",
	    [FORM_SVG] = " `.svg`",
	};

	buf_addf(out, "| `%s`%s | %s | %s | ", r->path, where_text(r),
	    r->methods == METHOD_POST  ? "POST"
	    : r->methods == METHOD_GET ? "GET, HEAD"
				       : "GET, HEAD, POST",
	    r->summary);
	for (unsigned f = FORM_HTML; f < FORM__MAX; f++)
		if ((r->forms & FORM(f)) != 0)
			buf_adds(out, suffixes[f]);
	buf_adds(out, " | ");
	write_params(out, r->params);
	buf_addf(out, " | %d s | %s |\n", r->cache,
	    r->auth == AUTH_UPLOAD  ? "token, or anyone"
	    : r->auth == AUTH_BUILD ? "the build's token"
				    : "anyone");
}

void
routes_write(struct buf *out)
{
	struct arena *a = arena_new(0);

	buf_adds(out,
	    "# Routes\n\n"
	    "What `buildstats-fcgi` serves below its base path. "
	    "`buildstats-fcgi --list-routes` prints this file.\n\n"
	    "| path | methods | what | forms | parameters | cached | who |\n"
	    "| --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < routes_count; i++)
		write_route(out, &routes[i]);
	buf_adds(out,
	    "\n## Parameters\n\n"
	    "Others are ignored, and so are empty ones; wrong values are "
	    "answered with 400.\n\n"
	    "| name | takes | several times | meaning |\n"
	    "| --- | --- | --- | --- |\n");
	for (unsigned p = 0; p < P__MAX; p++)
		buf_addf(out, "| `%s` | %s | %s | %s |\n", param_specs[p].name,
		    param_takes(a, (enum param)p),
		    param_specs[p].many ? "yes" : "no", param_specs[p].summary);
	arena_free(a);
}
