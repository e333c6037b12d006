/* test_serve.c: requests from their first byte to the last of the answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/db.h"
#include "fake_pages.h"
#include "web/route.h"
#include "xml/xslt.h"

static struct options opt = {.base = "/buildstats/", .max_upload = 1000};
static struct stats stats;
static struct app app = {
    .opt = &opt, .stats = &stats, .all_stats = &stats, .nstats = 1};

static int
set_up(void **state)
{
	const char *src = getenv("srcdir");
	char dir[512];
	struct errinfo ei = {0};

	(void)state;
	log_open("test_serve", LOG_LEVEL_ERROR);
	snprintf(dir, sizeof(dir), "%s/xsl", src != NULL ? src : ".");
	app.arena = arena_new(0);
	app.page_arena = arena_new(0);
	app.db = db_new("host=/nonexistent");
	if (sheets_load(&app.sheets, dir, route_sheets(), &ei) != ERR_OK) {
		print_error("%s: %s\n", ei.text, ei.detail);
		return -1;
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	sheets_free(app.sheets);
	db_free(app.db);
	arena_free(app.arena);
	arena_free(app.page_arena);
	buf_clear(&app.out);
	return 0;
}

/* Serves, and returns the status; f->out holds the answer. */
static int
ask(struct fake *f, struct exchange *x)
{
	struct io io = {fake_env, fake_read, fake_write, f};

	buf_clear(&f->out);
	serve(x, &app, &io);
	assert_memory_equal(f->out.data, "Status: ", 8);
	assert_non_null(strstr(f->out.data, "\r\n\r\n"));
	return atoi(f->out.data + 8);
}

static const char *
body_of(const struct fake *f)
{
	return strstr(f->out.data, "\r\n\r\n") + 4;
}

struct status_case {
	const char *method, *uri;
	int status;
	const char *contains;
};

static void
check_status(const struct status_case *c)
{
	struct fake f = {.method = c->method, .uri = c->uri};
	struct exchange x;
	int status = ask(&f, &x);

	if (status != c->status ||
	    (c->contains != NULL && strstr(f.out.data, c->contains) == NULL))
		fail_msg("%s\n%s", c->uri, f.out.data);
	buf_clear(&f.out);
}

/* At the server's root stand the addresses of other servers. */
static void
statuses_at_the_root(void **state)
{
	static const struct status_case cases[] = {
	    {"POST", "//ClientPost//", 413, "Status: 413 ??: client_post.\r\n"},
	    {"POST", "/buildstats/ClientPost/JSON", 413,
		"{\"error\": \"\xc3\x9c: client_post_json.\"}\n"},
	    {"DELETE", "/ClientPost", 405, "Allow: GET, HEAD, POST\r\n"},
	    {"GET", "/buildstats/Errors/", 404, NULL},
	    {"GET", "/Errors/Latest/feed/", 413, "errors_feed"},
	    {"GET", "/Errors/Latest/AB/feed", 413, "errors_feed"},
	    {"POST", "/Errors/Latest/", 405, NULL},
	    {"POST", "/", 404, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_status(&cases[i]);
}

static void
statuses(void **state)
{
	static const struct status_case cases[] = {
	    {"GET", "/buildstats/builds", 200, "2500 rows"},
	    {"GET", "//buildstats//builds/", 404, "no such page"},
	    {"GET", "/buildstats//builds/", 200, "2500 rows"},
	    {"GET", "/buildstats/%62uilds.json?per=1", 200,
		"\"builds\":[\n{\"number\":0}]"},
	    {"GET", "/buildstats/builds.xml?page=3&per=1000", 200,
		"number=\"2499\""},
	    {"GET", "/buildstats/builds.csv?per=2", 200,
		"\r\n\r\nnumber\r\n0\r\n1\r\n"},
	    {"GET", "/buildstats", 301,
		"Location: http://localhost/buildstats/"},
	    {"GET", "/buildstats/", 503, "Retry-After: 5"},
	    {"GET", "/buildstats/.json", 503,
		"\r\n\r\n{\"status\":503,\"error\":\"The database can't be "
		"reached.\"}\n"},
	    {"GET", "/buildstats/nothing", 404, "<!DOCTYPE html>"},
	    {"GET", "/buildstats/nothing.json", 404, "\"status\":404"},
	    {"GET", "/buildstats/nothing.xml", 404, "status=\"404\""},
	    {"GET", "/buildstats/builds/x", 404, NULL},
	    {"GET", "/other", 404, NULL},
	    {"GET", "/", 301, "Location: http://localhost/buildstats/"},
	    {"GET", "/builds", 413, "live_start"},
	    {"POST", "/builds/", 413, "live_start"},
	    {"POST", "/builds/start/", 413, "live_start"},
	    {"POST", "/builds/7/", 413, "live_stop"},
	    {"POST", "/builds/stop/7", 413, "live_stop"},
	    {"POST", "/builds/task/7/", 413, "live_task"},
	    {"POST", "/tasks", 413, "live_task"},
	    {"GET", "/buildstatsx/builds", 404, NULL},
	    {"GET", "/buildstats/../etc/passwd", 400, NULL},
	    {"GET", "/buildstats/%2e%2e/x", 400, NULL},
	    {"GET", "/buildstats/%zz", 400, NULL},
	    {"GET", "/buildstats/package/%00", 400, NULL},
	    {"GET", "/buildstats/builds?page=x", 400, "parameter page"},
	    {"GET", "/buildstats/builds?per=all", 400, "parameter per"},
	    {"GET", "/buildstats/builds.xml?per=all", 400, "parameter per"},
	    {"POST", "/buildstats/builds", 405, "Allow: GET, HEAD\r\n"},
	    {"DELETE", "/buildstats/upload", 405, "Allow: POST\r\n"},
	    {"GET", "/buildstats/upload", 405, "Allow: POST\r\n"},
	    {"POST", "/buildstats/upload", 400,
		"\"error\":\"build_stats line 3: no.\""},
	    {"GET", "/buildstats/build/7/text/host_stats.csv", 200,
		"\r\n\r\nhost_stats.csv"},
	    {"GET", "/buildstats/stats.prom", 200, "buildstats_database_up 0"},
	    {"GET", "/buildstats/health", 503, "\"status\":\"down\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_status(&cases[i]);
}

static void
head_has_no_body(void **state)
{
	struct fake f = {.method = "GET", .uri = "/buildstats/builds.json"};
	struct exchange x;
	char length[64];

	(void)state;
	ask(&f, &x);
	snprintf(length, sizeof(length), "\r\nContent-Length: %zu\r\n",
	    strlen(body_of(&f)));
	assert_non_null(strstr(f.out.data, length));
	f.method = "HEAD";
	ask(&f, &x);
	assert_non_null(strstr(f.out.data, length));
	assert_string_equal(body_of(&f), "");
	buf_clear(&f.out);
}

static void
escapes_what_it_shows(void **state)
{
	struct fake f = {.uri = "/buildstats/builds?page=%3Cscript%3E"};
	struct exchange x;

	(void)state;
	assert_int_equal(ask(&f, &x), 400);
	assert_null(strstr(f.out.data, "<script>"));
	assert_non_null(strstr(f.out.data, "&lt;script&gt;"));
	f.uri = "/buildstats/nothing\"><script>.json";
	assert_int_equal(ask(&f, &x), 404);
	buf_clear(&f.out);
}

static void
hosts(void **state)
{
	static const struct {
		const char *host, *site;
	} cases[] = {
	    {"example.org:8080", "http://example.org:8080/buildstats/builds"},
	    {"[::1]", "http://[::1]/buildstats/builds"},
	    {"evil.org/\"><x>", "http://localhost/buildstats/builds"},
	    {"a b", "http://localhost/buildstats/builds"},
	    {"", "http://localhost/buildstats/builds"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake f = {.uri = "/buildstats/builds.json?per=1",
		    .host = cases[i].host};
		struct exchange x;
		ask(&f, &x);
		assert_non_null(strstr(f.out.data, cases[i].site));
		buf_clear(&f.out);
	}
}

static void
lengths(void **state)
{
	static const char *const bad[] = {
	    "x", "-1", "1e3", "99999999999999999999"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fake f = {.uri = "/buildstats/builds", .length = bad[i]};
		struct exchange x;
		assert_int_equal(ask(&f, &x), 400);
		buf_clear(&f.out);
	}
}

/* The pieces come out of a table of three; the database isn't there, so the
 * loop is driven without its transaction. */
static void
links_of_tables(void **state)
{
	struct fake f = {
	    .uri =
		"/buildstats/builds.xml?sort=-size&page=2&q=a%26b&machine=m"};
	struct exchange x;
	static const char *const contains[] = {
	    " total=\"2500\" total-h=\"2,500\" page=\"2\" page-h=\"2\" "
	    "per=\"100\" pages=\"25\"",
	    "next=\"http://localhost/buildstats/builds.xml?machine=m&amp;"
	    "q=a%26b&amp;sort=-size&amp;page=3\"",
	    "prev-url=\"/buildstats/builds.xml?machine=m&amp;q=a%26b&amp;"
	    "sort=-size\"",
	    "<column name=\"number\" label=\"Number\" sorted=\"\" "
	    "sort-url=\"/buildstats/builds.xml?machine=m&amp;q=a%26b&amp;"
	    "sort=number\"/>",
	    "<column name=\"size\" label=\"Size\" sorted=\"desc\" "
	    "sort-url=\"/buildstats/builds.xml?machine=m&amp;q=a%26b&amp;"
	    "sort=size\"/>",
	    "<param name=\"machine\" value=\"m\" "
	    "without=\"/buildstats/builds?q=a%26b&amp;sort=-size&amp;page=2\"/"
	    ">",
	    " json=\"/buildstats/builds.json?machine=m&amp;q=a%26b&amp;"
	    "sort=-size&amp;page=2\"",
	};

	(void)state;
	assert_int_equal(ask(&f, &x), 200);
	for (size_t i = 0; i < sizeof(contains) / sizeof(contains[0]); i++)
		if (strstr(f.out.data, contains[i]) == NULL) {
			print_error(
			    "%s\nnot in\n%s\n", contains[i], f.out.data);
			fail();
		}
	buf_clear(&f.out);
}

static void
counts_requests(void **state)
{
	struct fake f = {.uri = "/buildstats/builds"};
	struct exchange x;
	size_t i = 0;
	uint64_t before;

	(void)state;
	while (strcmp(routes[i].name, "builds") != 0)
		i++;
	before = stats.requests[i][2];
	ask(&f, &x);
	assert_int_equal(stats.requests[i][2], before + 1);
	buf_clear(&f.out);
}

static void
page_links(void **state)
{
	struct request r = {.path = "/"};
	struct page_context cx = {.arena = app.arena,
	    .base = "/b/",
	    .site = "http://h",
	    .request = &r};

	(void)state;
	assert_string_equal(page_link(&cx, "build/%d/x%%", 7), "/b/build/7/x%");
	assert_string_equal(page_link(&cx, "package/%s", "a/b?c d\xc3\xa4"),
	    "/b/package/a%2Fb%3Fc%20d%C3%A4");
	assert_string_equal(
	    page_link(&cx, "%ld", 5000000000L), "/b/5000000000");
	assert_string_equal(
	    page_link_query(&cx, "builds", "a", "1&2", "b", "", "c", "+", NULL),
	    "/b/builds?a=1%262&c=%2B");
	assert_string_equal(
	    page_link_query(&cx, "/b/builds?x=y", "a", "1", NULL),
	    "/b/builds?x=y&a=1");
	assert_string_equal(
	    page_absolute(&cx, page_link(&cx, "%s", "")), "http://h/b/");
	assert_string_equal(page_escape(&cx, ""), "");
}

static void
route_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < routes_count; i++) {
		const struct route *r = &routes[i];
		int order = i == 0 ? -1 : strcmp(routes[i - 1].path, r->path);
		assert_true(order < 0 ||
			    (order == 0 && routes[i - 1].where != r->where));
		assert_true((r->page != NULL) != (r->handler != NULL));
		assert_true((r->page != NULL) == (r->sheet != NULL));
		assert_true((r->page != NULL) == (r->forms != 0));
		assert_true(
		    (r->table != NULL) == ((r->forms & FORM(FORM_CSV)) != 0));
		assert_true(
		    r->body == BODY_NONE || (r->methods & METHOD_POST) != 0);
		assert_non_null(r->summary);
		if (r->sheet != NULL)
			assert_true(route_sheet(r->sheet) > 0);
	}
}

/* docs/routes.md is what --list-routes prints. */
/* Parameters may share a name, but not in one route. */
static void
parameters(void **state)
{
	(void)state;
	for (size_t i = 0; i < routes_count; i++)
		for (unsigned p = 0; p < P__MAX; p++)
			for (unsigned q = 0; q < p; q++)
				if ((routes[i].params & PARAM(p)) != 0 &&
				    (routes[i].params & PARAM(q)) != 0)
					assert_string_not_equal(
					    param_specs[p].name,
					    param_specs[q].name);
}

static void
documentation(void **state)
{
	const char *src = getenv("srcdir");
	struct buf file = BUF_INIT, want = BUF_INIT;
	char path[512], piece[4096];
	size_t n;
	FILE *f;

	(void)state;
	snprintf(
	    path, sizeof(path), "%s/docs/routes.md", src != NULL ? src : ".");
	f = fopen(path, "r");
	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&file, piece, n);
	fclose(f);
	routes_write(&want);
	assert_non_null(file.data);
	assert_string_equal(file.data, want.data);
	buf_clear(&file);
	buf_clear(&want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(statuses),
	    cmocka_unit_test(statuses_at_the_root),
	    cmocka_unit_test(head_has_no_body),
	    cmocka_unit_test(escapes_what_it_shows),
	    cmocka_unit_test(hosts),
	    cmocka_unit_test(lengths),
	    cmocka_unit_test(links_of_tables),
	    cmocka_unit_test(counts_requests),
	    cmocka_unit_test(page_links),
	    cmocka_unit_test(route_table),
	    cmocka_unit_test(parameters),
	    cmocka_unit_test(documentation),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
