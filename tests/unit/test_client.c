/* test_client.c: the client's options, URLs, search for runs, and record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "client/answer.h"
#include "client/beside.h"
#include "client/files.h"
#include "client/find.h"
#include "client/options.h"
#include "client/parcel.h"
#include "client/sent.h"
#include "client/spool.h"
#include "client/target.h"
#include "net/http_retry.h"

struct place {
	struct arena *a;
	char dir[64];
};

static int
set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	p->a = arena_new(0);
	strcpy(p->dir, "/tmp/test_client.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	*state = p;
	return 0;
}

static void
remove_tree(struct arena *a, const char *path)
{
	struct dir_list list;

	if (dir_read(a, path, &list, NULL) == ERR_OK)
		for (size_t i = 0; i < list.n; i++) {
			if (list.entry[i].link ||
			    !S_ISDIR(list.entry[i].st.st_mode))
				unlink(list.entry[i].path);
			else
				remove_tree(a, list.entry[i].path);
		}
	rmdir(path);
}

static int
tear_down(void **state)
{
	struct place *p = *state;
	struct dir_list list;

	/* Links that point nowhere are no entries: look again without. */
	if (dir_read(p->a, p->dir, &list, NULL) == ERR_OK)
		remove_tree(p->a, p->dir);
	arena_free(p->a);
	free(p);
	return 0;
}

/* Writes DIR/name, with the directories that it needs. */
static const char *
put(struct place *p, const char *name, const char *text)
{
	const char *path = arena_printf(p->a, "%s/%s", p->dir, name);
	int fd;

	assert_int_equal(dir_make(path_dir(p->a, path), 0755, NULL), ERR_OK);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_true(file_write(fd, text, strlen(text)));
	close(fd);
	return path;
}

static const char *
started(struct place *p, int when)
{
	return arena_printf(
	    p->a, "Host Info: Linux vm \nBuild Started: %d.25 \n", when);
}

/* ---- options ---- */

static enum err
read_file(struct place *p, struct options *o, enum option_source source,
    const char *text, struct errinfo *ei)
{
	return options_read_text(p->a, o, source, "f", slice_of(text), ei);
}

static void
config_values(void **state)
{
	struct options o;
	struct errinfo ei;

	options_init(&o);
	assert_int_equal(
	    read_file(*state, &o, FROM_SYSTEM,
		"# comment\n\n server=http://a/ \ntags = x, y z\nretries=7",
		&ei),
	    ERR_OK);
	assert_string_equal(o.server, "http://a/");
	assert_int_equal(o.tags.n, 3);
	assert_string_equal(o.tags.text[2], "z");
	assert_int_equal(o.retries, 7);
	/* A later source replaces a list, within one it grows. */
	assert_int_equal(read_file(*state, &o, FROM_USER,
			     "tags = a\ntags = b\nserver = \n", &ei),
	    ERR_OK);
	assert_int_equal(o.tags.n, 2);
	assert_string_equal(o.tags.text[1], "b");
	assert_string_equal(o.server, "");
	assert_int_equal(o.retries, 7);
}

static void
config_errors(void **state)
{
	static const struct {
		const char *text, *want;
	} bad[] = {
	    {"server", "f line 1: expected 'key = value'"},
	    {"\n\nserve = x", "f line 3: unknown key 'serve'"},
	    {"flush = yes", "f line 1: unknown key 'flush'"},
	    {"retries = -1",
		"f line 1: retries: '-1' is not a number from 0 to 100"},
	    {"retries = 101",
		"f line 1: retries: '101' is not a number from 0 to 100"},
	    {"token = a\tb\x01",
		"f line 1: token: is too long or has control characters"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct options o;
		struct errinfo ei = {0};
		options_init(&o);
		assert_int_equal(
		    read_file(*state, &o, FROM_USER, bad[i].text, &ei),
		    ERR_INPUT);
		assert_string_equal(ei.text, bad[i].want);
	}
}

static void
sources_in_order(void **state)
{
	struct place *p = *state;
	char *argv[] = {(char *)(uintptr_t) "push", (char *)(uintptr_t) "-b",
	    (char *)(uintptr_t) "argv", (char *)(uintptr_t) "path",
	    (char *)(uintptr_t) "-n", NULL};
	struct options o;
	struct errinfo ei;

	put(p, "buildstats/config",
	    "builder = file\nmachine = file\ndistro = file\n"
	    "spool = ~/spool\n");
	setenv("XDG_CONFIG_HOME", p->dir, 1);
	setenv("HOME", "/nowhere", 1);
	setenv("BUILDSTATS_BUILDER", "env", 1);
	setenv("BUILDSTATS_MACHINE", "env", 1);
	setenv("BUILDSTATS_RETRY_MAX_TIME", "9", 1);
	options_init(&o);
	assert_int_equal(options_read(p->a, &o, 5, argv, &ei), ERR_OK);
	assert_string_equal(o.builder, "argv");
	assert_string_equal(o.machine, "env");
	assert_string_equal(o.distro, "file");
	assert_string_equal(o.spool, "/nowhere/spool");
	assert_int_equal(o.retry_max_time, 9);
	assert_true(o.dry_run);
	assert_int_equal(o.npaths, 1);
	assert_string_equal(o.paths[0], "path");
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("BUILDSTATS_BUILDER");
	unsetenv("BUILDSTATS_MACHINE");
	unsetenv("BUILDSTATS_RETRY_MAX_TIME");
}

/* ---- URLs ---- */

static void
targets(void **state)
{
	static const struct {
		const char *server, *upload; /* NULL: refused */
		bool bare, exposed;
	} rows[] = {
	    {"http://localhost:8080/buildstats/",
		"http://localhost:8080/buildstats/upload", false, false},
	    {" https://b.example/x/y ", "https://b.example/x/y/upload", false,
		false},
	    {"http://b.example", "http://b.example/upload", true, true},
	    {"http://[::1]:8//", "http://[::1]:8/upload", true, false},
	    {"b.example", NULL, false, false},
	    {"file:///etc", NULL, false, false},
	    {"http://", NULL, false, false},
	    {"http:///x", NULL, false, false},
	    {"http://u:p@h/", NULL, false, false},
	    {"http://h/?a", NULL, false, false},
	    {"http://h/#a", NULL, false, false},
	    {"http://h/a b", NULL, false, false},
	    {"", NULL, false, false},
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct target t;
		struct errinfo ei;
		enum err e = target_read(p->a, rows[i].server, &t, &ei);
		if (rows[i].upload == NULL) {
			assert_int_equal(e, ERR_INPUT);
			continue;
		}
		assert_int_equal(e, ERR_OK);
		assert_string_equal(t.upload, rows[i].upload);
		assert_int_equal(t.bare, rows[i].bare);
		assert_int_equal(t.exposed, rows[i].exposed);
	}
}

static void
delays(void **state)
{
	(void)state;
	/* Doubling, half of it random, never above a minute. */
	assert_int_equal(retry_delay_ms(0, 0, 0), 500);
	assert_int_equal(retry_delay_ms(0, 500, 0), 1000);
	assert_int_equal(retry_delay_ms(3, 0, 0), 4000);
	assert_in_range(retry_delay_ms(3, 12345678, 0), 4000, 8000);
	assert_in_range(retry_delay_ms(77, UINT32_MAX, 0), 30000, 60000);
	/* The server's wish is the least. */
	assert_in_range(retry_delay_ms(0, 12345678, 10), 10000, 10250);
	assert_in_range(retry_delay_ms(5, 0, 1), 16000, 32000);
	assert_in_range(retry_delay_ms(0, 0, INT64_MAX), 86400000, 86400000);
	assert_true(http_status_is_transient(429));
	assert_true(http_status_is_transient(503));
	assert_false(http_status_is_transient(500));
	assert_false(http_status_is_transient(404));
}

/* ---- runs ---- */

static void
runs_of_every_layout(void **state)
{
	struct place *p = *state;
	struct run_list list = {0};
	struct errinfo ei;

	put(p, "b/buildstats/20231114221320/build_stats", started(p, 100));
	put(p, "b/buildstats/20231115000000/build_stats", started(p, 200));
	put(p, "old/buildstats/img-qemuarm/2014/build_stats", started(p, 50));
	put(p, "x/deep/er/run/build_stats", "");
	put(p, "b/work/buildstats/no/build_stats", "");
	put(p, "b/conf/other", "");
	assert_int_equal(
	    symlink("20231115000000",
		arena_printf(p->a, "%s/b/buildstats/latest", p->dir)),
	    0);
	assert_int_equal(
	    symlink("../..", arena_printf(p->a, "%s/b/buildstats/up", p->dir)),
	    0);
	assert_int_equal(find_runs(p->a, p->dir, &list, &ei), ERR_OK);
	assert_int_equal(list.n, 4);
	assert_string_equal(list.run[0].name, "20231114221320");
	assert_string_equal(list.run[0].member, "buildstats/20231114221320");
	assert_true(list.run[0].started == 100.25);
	assert_false(list.run[0].newest);
	assert_true(list.run[1].newest);
	assert_string_equal(list.run[2].member, "buildstats/img-qemuarm/2014");
	assert_string_equal(path_base(p->a, list.run[2].base), "buildstats");
	assert_string_equal(list.run[3].member, "buildstats/run");
}

static void
a_build_directory(void **state)
{
	struct place *p = *state;
	struct run_list list = {0};
	struct errinfo ei;

	put(p, "conf/local.conf", "");
	put(p, "tmp/buildstats/1/build_stats", "");
	put(p, "tmp-glibc/buildstats/2/build_stats", "");
	put(p, "sources/buildstats/3/build_stats", "");
	assert_int_equal(find_runs(p->a, p->dir, &list, &ei), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.run[0].name, "1");
	assert_string_equal(list.run[1].name, "2");
}

static void
a_single_run(void **state)
{
	struct place *p = *state;
	struct run_list list = {0};
	struct errinfo ei;

	put(p, "buildstats/2/build_stats", started(p, 2));
	put(p, "buildstats/1/build_stats", started(p, 1));
	assert_int_equal(
	    find_runs(p->a, arena_printf(p->a, "%s/buildstats/1/", p->dir),
		&list, &ei),
	    ERR_OK);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.run[0].name, "1");
	assert_false(list.run[0].newest);
	assert_int_equal(
	    find_runs(p->a, "/nonexistent/x", &list, &ei), ERR_NOT_FOUND);
}

static void
complete_runs(void **state)
{
	static const struct {
		const char *text;
		bool complete;
	} rows[] = {
	    {"Build Started: 1.00 \n", false},
	    {"Build Started: 1.00 \nElapsed time: 2.00 seconds \n", true},
	    {"Build Started: 1.00 \nElapsed time: 2.00 seconds \n"
	     "CPU usage: 1.0% \nBuild Started: 5.00 \n",
		false},
	    {"", false},
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct run run = {.path = p->dir};
		put(p, "build_stats", rows[i].text);
		assert_int_equal(run_is_complete(&run), rows[i].complete);
	}
}

static bool
goes_along(const struct beside *b, const char *member)
{
	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->file[i].member, member) == 0)
			return true;
	return false;
}

static void
what_lies_beside(void **state)
{
	struct place *p = *state;
	struct run_list list = {0};
	struct beside b;
	struct errinfo ei;

	put(p, "buildstats/1/build_stats", started(p, 1));
	put(p, "buildstats/2/build_stats", started(p, 2));
	put(p, "build.json", "{}");
	put(p, "console.log", "");
	put(p, "secrets.txt", "");
	put(p, "log/error-report/error_report_1.txt", "");
	put(p, "log/error-report/error_report_2.txt", "");
	put(p, "log/cooker/qemuarm/1.log", "");
	put(p, "buildhistory/metadata-revs", "");
	put(p, "buildhistory/packages/x", "");
	put(p, "buildhistory/images/qemuarm/glibc/img/build-id.txt", "");
	put(p, "buildhistory/images/qemuarm/glibc/img/image-info.txt", "");
	assert_int_equal(find_runs(p->a, p->dir, &list, &ei), ERR_OK);
	/* Of an older run only what bears its name. */
	beside_find(p->a, &list.run[0], (struct beside_wish){true, true}, &b);
	assert_int_equal(b.n, 2);
	assert_true(goes_along(&b, "error-report/error_report_1.txt"));
	assert_true(goes_along(&b, "console.log"));
	assert_null(b.environment);
	beside_find(p->a, &list.run[1], (struct beside_wish){true, true}, &b);
	assert_int_equal(b.n, 6);
	assert_true(goes_along(
	    &b, "buildhistory/images/qemuarm/glibc/img/build-id.txt"));
	assert_true(goes_along(&b, "error-report/error_report_2.txt"));
	assert_true(goes_along(&b, "console.log"));
	assert_true(goes_along(&b, "buildhistory/metadata-revs"));
	assert_true(goes_along(
	    &b, "buildhistory/images/qemuarm/glibc/img/image-info.txt"));
	assert_non_null(b.environment);
}

/* A directory above a base of another name is nobody's business. */
static void
no_strangers(void **state)
{
	struct place *p = *state;
	struct run_list list = {0};
	struct beside b;
	struct errinfo ei;

	put(p, "stats/1/build_stats", started(p, 1));
	put(p, "console.log", "");
	put(p, "stats/testresults.json", "");
	assert_int_equal(find_runs(p->a, p->dir, &list, &ei), ERR_OK);
	beside_find(p->a, &list.run[0], (struct beside_wish){true, true}, &b);
	assert_int_equal(b.n, 1);
	assert_string_equal(b.file[0].member, "testresults.json");
}

/* ---- answers ---- */

static void
answers(void **state)
{
	static const char *const bad[] = {"", "x", "[]", "{}",
	    "{\"builds\":[]}", "{\"builds\":[1]}",
	    "{\"builds\":[{\"name\":\"n\",\"status\":\"s\",\"tasks\":1}]}",
	    "{\"builds\":[{\"name\":\"n\",\"status\":\"s\",\"tasks\":1,"
	    "\"url\":\"javascript:1\"}]}",
	    "{\"builds\":[{\"name\":\"n\",\"status\":\"s\",\"tasks\":-1,"
	    "\"url\":\"http://h\"}]}"};
	struct buf lines = BUF_INIT;
	struct errinfo ei;

	(void)state;
	assert_int_equal(
	    answer_read(
		SLICE("{\"builds\":[{\"id\":1,\"name\":\"n\",\"status\":"
		      "\"failed\",\"tasks\":12,\"failures\":[{},{}],"
		      "\"url\":\"http://h/b/1\"}]}"),
		&lines, &ei),
	    ERR_OK);
	assert_string_equal(
	    lines.data, "failed n 12 tasks, 2 failed http://h/b/1\n");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    answer_read(slice_of(bad[i]), &lines, &ei), ERR_UPSTREAM);
	buf_clear(&lines);
}

static void
refusals(void **state)
{
	struct place *p = *state;

	assert_string_equal(answer_refusal(p->a, 400, "application/json",
				SLICE("{\"error\":\"line 3\",\"status\":400}")),
	    "line 3");
	assert_string_equal(answer_refusal(p->a, 400, "text/plain; x",
				SLICE("\nfirst\nsecond")),
	    "first");
	assert_string_equal(
	    answer_refusal(p->a, 413, "text/html", SLICE("<html>")),
	    "the server answered 413: too large");
	assert_string_equal(
	    answer_refusal(p->a, 299, "", SLICE("{\"error\":7}")),
	    "the server answered 299: unexpected");
}

/* ---- the record and the spool ---- */

static void
the_record(void **state)
{
	struct place *p = *state;
	const char *why;
	struct sent *s = sent_open(p->a, p->dir, &why);
	struct parcel one = {.companions = 2}, other = {0};
	struct slice lines;

	memset(one.hash, 'a', 64);
	memset(one.beside, 'b', 64);
	memset(other.hash, 'c', 64);
	assert_null(why);
	assert_false(sent_find(s, p->a, "http://h", &one, &lines));
	sent_add(s, "http://h", &one, "mark", SLICE("l1\nl2\n"));
	assert_true(sent_find(s, p->a, "http://h", &one, &lines));
	assert_string_equal(lines.p, "l1\nl2\n");
	assert_false(sent_find(s, p->a, "http://other", &one, &lines));
	assert_false(sent_find(s, p->a, "http://h", &other, &lines));
	assert_true(sent_has_mark(s, "http://h", "mark"));
	assert_false(sent_has_mark(s, "http://h", "mar"));
	/* Less beside it than was sent: known; more or other: not. */
	memset(one.beside, 'd', 64);
	assert_false(sent_find(s, p->a, "http://h", &one, &lines));
	one.companions = 1;
	assert_true(sent_find(s, p->a, "http://h", &one, &lines));
	one.companions = 3;
	assert_false(sent_find(s, p->a, "http://h", &one, &lines));
	sent_close(s);
}

static enum err
keep_one(struct place *p, const char *name, struct spooled *s)
{
	struct parcel parcel = {.name = name, .suffix = ".tar.zst"};

	memset(parcel.hash, 'a', 64);
	assert_int_equal(spool_begin(p->a, p->dir, s, NULL), ERR_OK);
	assert_true(file_write(s->fd, "tar", 3));
	return spool_keep(p->a, p->dir, s, &parcel, "http://h", NULL);
}

static void
the_spool(void **state)
{
	struct place *p = *state;
	struct spooled s, again;
	struct spool_names names;
	struct parcel parcel;

	assert_int_equal(keep_one(p, "../a b", &s), ERR_OK);
	assert_string_equal(
	    path_base(p->a, s.path), "_.._a_b-aaaaaaaaaaaaaaaa.tar.zst");
	/* While it is held nobody else may have it. */
	assert_int_equal(keep_one(p, "../a b", &again), ERR_BUSY);
	assert_int_equal(spool_list(p->a, p->dir, &names, NULL), ERR_OK);
	assert_int_equal(names.n, 1);
	assert_int_equal(
	    spool_take(p->a, p->dir, names.name[0], &again, &parcel, NULL),
	    ERR_BUSY);
	spool_later(&s, "offline");
	/* It lies there: the same again takes it over. */
	assert_int_equal(keep_one(p, "../a b", &s), ERR_OK);
	spool_later(&s, "offline");
	assert_int_equal(
	    spool_take(p->a, p->dir, names.name[0], &s, &parcel, NULL), ERR_OK);
	assert_string_equal(parcel.name, "../a b");
	assert_int_equal(parcel.size, 3);
	assert_int_equal(parcel.hash[63], 'a');
	spool_done(&s);
	assert_int_equal(
	    spool_take(p->a, p->dir, names.name[0], &s, &parcel, NULL),
	    ERR_NOT_FOUND);
	assert_int_equal(spool_list(p->a, p->dir, &names, NULL), ERR_OK);
	assert_int_equal(names.n, 0);
}

static void
tar_names(void **state)
{
	struct place *p = *state;

	assert_string_equal(parcel_tar_name(p->a, "/x/A1.tar.zst"), "A1");
	assert_string_equal(parcel_tar_name(p->a, "b.tgz"), "b");
	assert_string_equal(parcel_tar_name(p->a, ".tar"), ".tar");
	assert_string_equal(parcel_tar_name(p->a, "plain"), "plain");
	assert_true(parcel_is_tar_name("x.tar.xz"));
	assert_false(parcel_is_tar_name("x.tar.part"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(config_values),
	    TEST(config_errors),
	    TEST(sources_in_order),
	    TEST(targets),
	    TEST(delays),
	    TEST(runs_of_every_layout),
	    TEST(a_build_directory),
	    TEST(a_single_run),
	    TEST(complete_runs),
	    TEST(what_lies_beside),
	    TEST(no_strangers),
	    TEST(answers),
	    TEST(refusals),
	    TEST(the_record),
	    TEST(the_spool),
	    TEST(tar_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
