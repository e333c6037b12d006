/* route.c: see route.h. */
#include "web/route.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "web/pages.h"

#define PAGED (PARAM(P_SORT) | PARAM(P_PAGE) | PARAM(P_PER))
#define SEARCH                                                                 \
	(PARAM(P_BUILDER) | PARAM(P_MACHINE) | PARAM(P_DISTRO) |               \
	    PARAM(P_IMAGE) | PARAM(P_PACKAGE) | PARAM(P_TASK) |                \
	    PARAM(P_STATUS) | PARAM(P_BRANCH) | PARAM(P_COMMIT) |              \
	    PARAM(P_LAYER) | PARAM(P_TAG) | PARAM(P_SINCE) | PARAM(P_UNTIL) |  \
	    PARAM(P_Q))
#define TREND                                                                  \
	(PARAM(P_NUMBER) | PARAM(P_MACHINE) | PARAM(P_DISTRO) |                \
	    PARAM(P_BUILDER) | PARAM(P_BRANCH) | PARAM(P_SINCE) |              \
	    PARAM(P_UNTIL) | PARAM(P_ORDER))
#define DATA (FORM(FORM_HTML) | FORM(FORM_JSON) | FORM(FORM_XML))
#define LINE FORM(FORM_TEXT)
#define TABLE (DATA | FORM(FORM_CSV))

const struct route routes[] = {
    {.path = "/",
	.name = "overview",
	.methods = METHOD_GET,
	.page = page_overview,
	.forms = DATA | LINE,
	.cache = 5,
	.sheet = "overview",
	.snapshot = true,
	.summary = "latest builds and failures"},
    {.path = "/ClientPost",
	.where = IN_BASE | IN_ROOT,
	.name = "client_post",
	.methods = METHOD_GET | METHOD_POST,
	.handler = handle_client_post,
	.body = BODY_REPORT,
	.auth = AUTH_UPLOAD,
	.errors = ERRORS_LINE,
	.summary = "takes an error report, answers in a line for people"},
    {.path = "/ClientPost/JSON",
	.where = IN_BASE | IN_ROOT,
	.name = "client_post_json",
	.methods = METHOD_GET | METHOD_POST,
	.handler = handle_client_post_json,
	.body = BODY_REPORT,
	.auth = AUTH_UPLOAD,
	.errors = ERRORS_JSON,
	.summary = "takes an error report, answers in JSON; GET tells how long "
		   "a log may be"},
    {.path = "/Errors",
	.where = IN_ROOT,
	.name = "errors",
	.methods = METHOD_GET,
	.handler = handle_errors,
	.summary = "leads to the failures, with 200"},
    {.path = "/Errors/Build/:id",
	.where = IN_ROOT,
	.name = "errors_build",
	.methods = METHOD_GET,
	.handler = handle_errors_build,
	.summary = "leads to a build"},
    {.path = "/Errors/Details/:id",
	.where = IN_ROOT,
	.name = "errors_details",
	.methods = METHOD_GET,
	.handler = handle_errors_details,
	.summary = "leads to a failure"},
    {.path = "/Errors/Latest",
	.where = IN_ROOT,
	.name = "errors_latest",
	.methods = METHOD_GET,
	.handler = handle_errors_latest,
	.summary = "leads to the failures"},
    {.path = "/Errors/Latest/:special",
	.where = IN_ROOT,
	.name = "errors_special",
	.methods = METHOD_GET,
	.handler = handle_errors_latest,
	.summary = "leads to the failures"},
    {.path = "/Errors/Latest/:special/feed",
	.where = IN_ROOT,
	.name = "errors_special_feed",
	.methods = METHOD_GET,
	.handler = handle_errors_feed,
	.summary = "leads to the feed of failures"},
    {.path = "/Errors/Latest/feed",
	.where = IN_ROOT,
	.name = "errors_feed",
	.methods = METHOD_GET,
	.handler = handle_errors_feed,
	.summary = "leads to the feed of failures"},
    {.path = "/Errors/Search",
	.where = IN_ROOT,
	.name = "errors_search",
	.methods = METHOD_GET,
	.handler = handle_errors_search,
	.summary = "leads to the search for failures"},
    {.path = "/Errors/SimilarTo/:id",
	.where = IN_ROOT,
	.name = "errors_similar",
	.methods = METHOD_GET,
	.handler = handle_errors_similar,
	.summary = "leads to the failures that are like one"},
    {.path = "/Errors/Statistics/:key",
	.where = IN_ROOT,
	.name = "errors_statistics",
	.methods = METHOD_GET,
	.handler = handle_errors_statistics,
	.summary = "leads to the failures, sorted"},
    {.path = "/Statistics",
	.where = IN_ROOT,
	.name = "statistics",
	.methods = METHOD_GET,
	.handler = handle_errors_latest,
	.summary = "leads to the failures"},
    {.path = "/b/:code",
	.where = IN_ROOT,
	.name = "live-link",
	.methods = METHOD_GET,
	.handler = handle_live_link,
	.errors = ERRORS_LINE,
	.summary = "leads to a build that reported task by task"},
    {.path = "/build/:id",
	.name = "build",
	.methods = METHOD_GET,
	.page = page_build,
	.forms = DATA | LINE,
	.cache = 5,
	.sheet = "build",
	.snapshot = true,
	.summary = "one build"},
    {.path = "/build/:id/chart",
	.name = "bootchart",
	.methods = METHOD_GET,
	.page = page_chart,
	.params = PARAM(P_MIN) | PARAM(P_PACKAGE) | PARAM(P_TASK) |
		  PARAM(P_ROWS) | PARAM(P_WITH),
	.forms = DATA | FORM(FORM_SVG),
	.cache = 5,
	.sheet = "chart",
	.picture = "chart_alone",
	.snapshot = true,
	.summary = "its tasks as bars, above what the machine did"},
    {.path = "/build/:id/packages",
	.name = "packages",
	.methods = METHOD_GET,
	.page = page_packages,
	.params = PAGED | PARAM(P_STATUS) | PARAM(P_PACKAGE) | PARAM(P_TASK) |
		  PARAM(P_MIN),
	.forms = TABLE,
	.cache = 5,
	.sheet = "packages",
	.table = "packages",
	.snapshot = true,
	.summary = "its packages"},
    {.path = "/build/:id/tasks",
	.name = "tasks",
	.methods = METHOD_GET,
	.page = page_tasks,
	.params = PAGED | PARAM(P_STATUS) | PARAM(P_PACKAGE) | PARAM(P_TASK) |
		  PARAM(P_MIN) | PARAM(P_METRIC),
	.forms = TABLE,
	.cache = 5,
	.sheet = "tasks",
	.table = "tasks",
	.snapshot = true,
	.summary = "its tasks, with all their numbers"},
    {.path = "/build/:id/text/:name",
	.name = "text",
	.methods = METHOD_GET,
	.handler = handle_text,
	.cache = 60,
	.summary = "a text that was kept, as it was sent"},
    {.path = "/build/:id/trace.json",
	.name = "trace",
	.methods = METHOD_GET,
	.handler = handle_trace,
	.cache = 60,
	.summary = "its tasks and series as trace events, for trace viewers"},
    {.path = "/builds",
	.name = "builds",
	.methods = METHOD_GET,
	.page = page_builds,
	.params = PAGED | SEARCH,
	.forms = TABLE | LINE,
	.cache = 5,
	.sheet = "builds",
	.table = "builds",
	.summary = "search for builds"},
    {.path = "/builds",
	.where = IN_ROOT,
	.name = "live-start",
	.methods = METHOD_GET | METHOD_POST,
	.handler = handle_live_start,
	.body = BODY_FORM,
	.auth = AUTH_UPLOAD,
	.errors = ERRORS_LINE,
	.summary = "takes the start of a build, of oestats clients; leads to "
		   "the search"},
    {.path = "/builds/:id",
	.where = IN_ROOT,
	.name = "live-stop",
	.methods = METHOD_GET | METHOD_POST,
	.handler = handle_live_stop,
	.body = BODY_FORM,
	.auth = AUTH_UPLOAD,
	.errors = ERRORS_LINE,
	.summary = "takes the end of such a build; leads to it"},
    {.path = "/builds/start",
	.where = IN_ROOT,
	.name = "live-start-2007",
	.methods = METHOD_POST,
	.handler = handle_live_start,
	.body = BODY_FORM,
	.auth = AUTH_UPLOAD,
	.errors = ERRORS_LINE,
	.summary = "the same, of the oldest clients"},
    {.path = "/builds/stop/:id",
	.where = IN_ROOT,
	.name = "live-stop-2007",
	.methods = METHOD_POST,
	.handler = handle_live_stop,
	.body = BODY_FORM,
	.auth = AUTH_UPLOAD,
	.errors = ERRORS_LINE,
	.summary = "the same, of the oldest clients"},
    {.path = "/builds/task/:id",
	.where = IN_ROOT,
	.name = "live-task-2007",
	.methods = METHOD_POST,
	.handler = handle_live_task,
	.body = BODY_FORM,
	.auth = AUTH_UPLOAD,
	.errors = ERRORS_LINE,
	.summary = "the same, of the oldest clients"},
    {.path = "/compare",
	.name = "compare",
	.methods = METHOD_GET,
	.page = page_compare,
	.params = PAGED | PARAM(P_BUILDS) | PARAM(P_BASE) | PARAM(P_BY) |
		  PARAM(P_METRIC) | PARAM(P_PACKAGE) | PARAM(P_TASK) |
		  PARAM(P_LEAST) | PARAM(P_DIFF) | PARAM(P_SHARE) |
		  PARAM(P_ALL),
	.forms = TABLE,
	.cache = 5,
	.sheet = "compare",
	.table = "rows",
	.snapshot = true,
	.summary = "builds side by side"},
    {.path = "/f/:code",
	.name = "failure",
	.methods = METHOD_GET,
	.page = page_failure,
	.forms = DATA | FORM(FORM_TEXT),
	.cache = 5,
	.sheet = "failure",
	.snapshot = true,
	.summary = "a failure: what broke, is it known, who builds it"},
    {.path = "/f/:code",
	.where = IN_ROOT,
	.name = "failure-link",
	.methods = METHOD_GET,
	.handler = handle_failure_link,
	.errors = ERRORS_LINE,
	.summary = "leads to a failure"},
    {.path = "/f/:code/log",
	.name = "log",
	.methods = METHOD_GET,
	.page = page_log,
	.params = PARAM(P_LINE) | PARAM(P_Q),
	.forms = DATA,
	.cache = 60,
	.sheet = "log",
	.snapshot = true,
	.summary = "its log, from the first error on"},
    {.path = "/f/:code/text",
	.name = "log-text",
	.methods = METHOD_GET,
	.handler = handle_log_text,
	.cache = 60,
	.summary = "the log's bytes, also in part"},
    {.path = "/failures",
	.name = "failures",
	.methods = METHOD_GET,
	.page = page_failures,
	.params = PAGED | SEARCH | PARAM(P_BUILD) | PARAM(P_SIGNATURE),
	.forms = TABLE | LINE,
	.cache = 5,
	.sheet = "failures",
	.table = "failures",
	.summary = "search for failures"},
    {.path = "/feed/builds",
	.name = "feed_builds",
	.methods = METHOD_GET,
	.page = page_builds,
	.params = PAGED | SEARCH,
	.forms = FORM(FORM_ATOM),
	.cache = 5,
	.sheet = "feed",
	.summary = "a search for builds as a feed"},
    {.path = "/feed/failures",
	.name = "feed_failures",
	.methods = METHOD_GET,
	.page = page_failures,
	.params = PAGED | SEARCH | PARAM(P_BUILD) | PARAM(P_SIGNATURE),
	.forms = FORM(FORM_ATOM),
	.cache = 5,
	.sheet = "feed",
	.summary = "a search for failures as a feed"},
    {.path = "/health",
	.name = "health",
	.methods = METHOD_GET,
	.handler = handle_health,
	.summary = "200 or 503: is everything all right? In JSON"},
    {.path = "/metrics",
	.name = "metrics",
	.methods = METHOD_GET,
	.page = page_metrics,
	.forms = TABLE,
	.cache = 60,
	.sheet = "metrics",
	.table = "metrics",
	.summary = "the metrics that have been seen"},
    {.path = "/package/:recipe",
	.name = "package",
	.methods = METHOD_GET,
	.page = page_package,
	.params = PAGED | PARAM(P_STATUS) | PARAM(P_MACHINE) | PARAM(P_DISTRO) |
		  PARAM(P_BUILDER) | PARAM(P_VERSION) | PARAM(P_BUILD),
	.forms = TABLE | LINE,
	.cache = 5,
	.sheet = "package",
	.table = "builds",
	.snapshot = true,
	.summary = "a recipe: who built it, where it works, where it fails"},
    {.path = "/package/:recipe/trend",
	.name = "trend",
	.methods = METHOD_GET,
	.page = page_trend,
	.params = PAGED | TREND | PARAM(P_TASK) | PARAM(P_VERSION),
	.forms = TABLE | LINE | FORM(FORM_SVG),
	.cache = 5,
	.sheet = "trend",
	.picture = "trend_alone",
	.table = "runs",
	.snapshot = true,
	.summary = "what it took from run to run, and where that changed"},
    {.path = "/receipt/:code",
	.name = "receipt",
	.methods = METHOD_GET,
	.page = page_receipt,
	.forms = DATA,
	.sheet = "receipt",
	.snapshot = true,
	.summary = "what became of an upload"},
    {.path = "/receipt/:code/raw",
	.name = "receipt-raw",
	.methods = METHOD_GET,
	.handler = handle_receipt_raw,
	.summary = "the upload as it came"},
    {.path = "/signature/:id",
	.name = "signature",
	.methods = METHOD_GET,
	.page = page_signature,
	.params = PAGED,
	.forms = TABLE | FORM(FORM_TEXT),
	.cache = 5,
	.sheet = "signature",
	.table = "failures",
	.snapshot = true,
	.summary = "failures that are the same: how often, where"},
    {.path = "/stats.prom",
	.name = "stats",
	.methods = METHOD_GET,
	.handler = handle_stats,
	.summary = "counters in the Prometheus text format"},
    {.path = "/steps",
	.name = "steps",
	.methods = METHOD_GET,
	.page = page_steps,
	.params = PAGED | PARAM(P_MACHINE) | PARAM(P_BUILDER) |
		  PARAM(P_PACKAGE) | PARAM(P_TASK) | PARAM(P_VERDICT) |
		  PARAM(P_SINCE) | PARAM(P_UNTIL),
	.forms = TABLE | LINE,
	.cache = 5,
	.sheet = "steps",
	.table = "steps",
	.snapshot = true,
	.summary = "what got slower or faster in the last weeks"},
    {.path = "/tasks",
	.where = IN_ROOT,
	.name = "live-task",
	.methods = METHOD_POST,
	.handler = handle_live_task,
	.body = BODY_FORM,
	.auth = AUTH_UPLOAD,
	.errors = ERRORS_LINE,
	.summary = "takes a task of such a build"},
    {.path = "/trend",
	.name = "trends",
	.methods = METHOD_GET,
	.page = page_trends,
	.params = PAGED | TREND | PARAM(P_IMAGE),
	.forms = TABLE | LINE | FORM(FORM_SVG),
	.cache = 5,
	.sheet = "trend",
	.picture = "trend_alone",
	.table = "runs",
	.snapshot = true,
	.summary = "what whole builds took from build to build"},
    {.path = "/upload",
	.name = "upload",
	.methods = METHOD_POST,
	.handler = handle_upload,
	.body = BODY_UPLOAD,
	.auth = AUTH_UPLOAD,
	.summary = "takes a tar with buildstats directories"},
};

const size_t routes_count = sizeof(routes) / sizeof(routes[0]);
_Static_assert(sizeof(routes) / sizeof(routes[0]) < STATS_ROUTES,
    "a counter a route, and one for what has none");

/* Does the pattern take these segments? */
static bool
matches(const char *pattern, const char *const *segment, size_t n,
    const char **capture)
{
	struct slice rest = slice_of(pattern + 1), part;
	size_t ncaptured = 0;

	for (size_t i = 0; i < n; i++) {
		if (rest.n == 0)
			return false;
		slice_cut(&rest, '/', &part);
		if (part.p[0] != ':') {
			if (!slice_is(part, segment[i]))
				return false;
			continue;
		}
		assert(ncaptured < CAPTURES_MAX);
		capture[ncaptured++] = segment[i];
	}
	return rest.n == 0;
}

static bool
takes(const struct route *route, const struct request *r, const char **capture)
{
	unsigned where = route->where != 0 ? route->where : IN_BASE;

	return (where & r->where) != 0 &&
	       matches(route->path, r->segment, r->nsegments, capture) &&
	       ((r->suffix[0] == '\0' && route->page == NULL) ||
		   (route->forms & FORM(r->form)) != 0);
}

/* One that takes the method goes before one that doesn't, for the base path may
 * be the root as well; a path without captures before one with them. */
static int
rank(const struct route *route, const struct request *r)
{
	unsigned methods = route->methods;

	if ((methods & METHOD_GET) != 0)
		methods |= METHOD_HEAD;
	return ((methods & r->method) != 0 ? 2 : 0) +
	       (strchr(route->path, ':') == NULL);
}

static bool
find(struct request *r)
{
	int best = -1;

	for (size_t i = 0; i < routes_count; i++) {
		const char *capture[CAPTURES_MAX] = {"", ""};
		if (rank(&routes[i], r) <= best ||
		    !takes(&routes[i], r, capture))
			continue;
		memcpy(r->capture, capture, sizeof(capture));
		r->route = &routes[i];
		best = rank(&routes[i], r);
	}
	return r->route != NULL;
}

/* "stats.prom", "a.csv": a name that only looks as if it had a form. */
static bool
find_with_suffix(struct arena *a, struct request *r)
{
	struct request whole = *r;

	if (r->suffix[0] == '\0' || r->nsegments == 0)
		return false;
	whole.segment[r->nsegments - 1] =
	    arena_printf(a, "%s%s", r->segment[r->nsegments - 1], r->suffix);
	whole.suffix = "";
	whole.form = FORM_HTML;
	if (!find(&whole))
		return false;
	whole.path = arena_printf(a, "%s%s", r->path, r->suffix);
	*r = whole;
	return true;
}

enum err
route_find(struct arena *a, struct request *r, struct errinfo *ei)
{
	if (find(r) || find_with_suffix(a, r))
		return ERR_OK;
	return err_set(ei, ERR_NOT_FOUND, "There is no such page.");
}

const char *const *
route_sheets(void)
{
	static const char *names[2 * sizeof(routes) / sizeof(routes[0]) + 2];
	size_t n = 0;

	names[n++] = "error";
	for (size_t i = 0; i < routes_count; i++)
		if (routes[i].sheet != NULL)
			names[n++] = routes[i].sheet;
	for (size_t i = 0; i < routes_count; i++)
		if (routes[i].picture != NULL)
			names[n++] = routes[i].picture;
	names[n] = NULL;
	return names;
}

size_t
route_sheet(const char *name)
{
	const char *const *names = route_sheets();
	size_t i = 0;

	while (names[i] != NULL && strcmp(names[i], name) != 0)
		i++;
	assert(names[i] != NULL);
	return i;
}

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
	    r->auth == AUTH_UPLOAD ? "token, or anyone" : "anyone");
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
