/* test_bundle_failures.c: logs and error reports in bundles, and what receipts
 * say of bundles. */
#include "archive/zstd.h"
#include "bundle_help.h"
#include "model/ledger.h"
#include "model/log_take.h"
#include "model/member.h"
#include "model/receipt.h"

#define NAME "20261122125347"
#define FAILED                                                                 \
	"Host Info: Linux vm 6.1 #1 SMP x86_64 \n"                             \
	"Build Started: 1795352032.72 \nFailed at: zlib-1.3.1-r0 at task: "    \
	"do_compile \nElapsed time: 10.00 seconds \nCPU usage: 28.9% \n"
#define FAILED_TASK                                                            \
	"Event: TaskStarted \nStarted: 1795352033.00 \n"                       \
	"Status: FAILED \nEnded: 1795352034.00 \n"
#define A_RUN                                                                  \
	{RUN "build_stats", FAILED},                                           \
	    {RUN "zlib-1.3.1-r0/do_compile", FAILED_TASK},                     \
	{                                                                      \
		RUN "zlib-1.3.1-r0/do_fetch", TASK                             \
	}

/* ---- a receipt that can be looked into ---- */

struct receipt {
	char text[65536];
};

void
receipt_note(struct receipt *r, enum receipt_note what, const char *where,
    uint32_t line, const char *text)
{
	size_t n = strlen(r->text);

	snprintf(r->text + n, sizeof(r->text) - n, "%c %s:%u: %s\n",
	    "ridDm"[what], where, (unsigned)line, text);
}

void
receipt_count(struct receipt *r, const char *what, uint64_t n)
{
	size_t used = strlen(r->text);

	snprintf(r->text + used, sizeof(r->text) - used, "= %s %u\n", what,
	    (unsigned)n);
}

/* ---- what was told ---- */

struct telling {
	struct arena *arena;
	size_t n;
	struct one_build {
		const char *name;
		size_t tasks, ntold, nreports, ntexts;
		struct told_failure told[20];
		const char *log[20]; /* NULL without one */
		uint64_t size[20];
		unsigned char content[32];
	} build[20];
};

/* The whole of a log. */
static const char *
log_text(struct arena *a, const struct taken_log *log)
{
	struct buf all = BUF_INIT;
	struct slice piece;
	struct errinfo ei;
	const char *text;

	buf_adds(&all, "");
	for (size_t i = 0; i < log->npieces; i++) {
		assert_int_equal(zstd_unpack(a, log->pieces[i].zstd,
				     log->pieces[i].size, &piece, &ei),
		    ERR_OK);
		buf_add(&all, piece.p, piece.n);
	}
	assert_int_equal(all.len, log->size);
	text = arena_strndup(a, all.data, all.len);
	buf_clear(&all);
	return text;
}

static enum err
tell(void *arg, const struct build *b, struct errinfo *ei)
{
	struct telling *t = arg;
	struct one_build *o = &t->build[t->n++];

	(void)ei;
	assert_true(t->n <= N(t->build));
	*o = (struct one_build){.name = arena_strdup(t->arena, b->name),
	    .tasks = b->ntasks,
	    .ntold = b->ntold,
	    .nreports = b->nreports,
	    .ntexts = b->ntexts};
	memcpy(o->content, b->content, 32);
	assert_true(b->ntold <= N(o->told));
	for (size_t i = 0; i < b->ntold; i++) {
		struct told_failure f = b->told[i];
		f.recipe = arena_strdup(t->arena, f.recipe);
		f.version = arena_strdup(t->arena, f.version);
		f.task = arena_strdup(t->arena, f.task);
		if (f.log != NULL) {
			o->log[i] = log_text(t->arena, f.log);
			o->size[i] = f.log->size;
		}
		f.log = NULL; /* which is gone with the bundle */
		o->told[i] = f;
	}
	return ERR_OK;
}

static enum err
read_told(struct telling *t, const struct buf *tar, struct receipt *receipt,
    const struct bundle_limits *limits, struct errinfo *ei)
{
	struct memory_source from = source_of(tar, 4000);
	struct tar_reader *r = tar_reader_new(NULL, read_memory, &from);
	struct bundle *bu = bundle_new(limits, tell, t);
	enum err e;

	*t = (struct telling){.arena = arena_new(0)};
	*ei = (struct errinfo){0};
	if (receipt != NULL) {
		*receipt = (struct receipt){0};
		bundle_note(bu, receipt, INT64_C(1795360000000000));
	}
	e = bundle_read_tar(bu, r, ei);
	if (e == ERR_OK)
		e = bundle_end(bu, ei);
	bundle_free(bu);
	tar_reader_free(r);
	return e;
}

static void
take_list(struct telling *t, const struct entry *list, size_t n,
    struct receipt *receipt)
{
	struct buf tar = make_tar(list, n);
	struct errinfo ei;

	assert_int_equal(read_told(t, &tar, receipt, NULL, &ei), ERR_OK);
	buf_clear(&tar);
}

static void
has(const struct receipt *r, const char *line)
{
	if (strstr(r->text, line) == NULL)
		fail_msg("no '%s' in\n%s", line, r->text);
}

/* ---- names ---- */

static void
log_names_are_read(void **state)
{
	static const struct {
		const char *path, *dir, *pf, *recipe, *task;
		bool current;
	} rows[] = {
	    {"logs/zlib.do_compile.log", "", "", "zlib", "do_compile", true},
	    {"a/logs/a.do_b.c.do_x.log", "a", "", "a.do_b.c", "do_x", true},
	    {"tmp/work/core2-64-oe-linux/zlib/1.3.1/temp/log.do_x.77", "tmp",
		"", "zlib", "do_x", false},
	    {"work/x/zlib/1.3.1-r0/temp/log.do_x", "", "", "zlib", "do_x",
		true},
	    {"t/work/x/zlib-1.3.1-r0/temp/log.do_x.1", "t", "zlib-1.3.1-r0", "",
		"do_x", false},
	    {RUN "zlib-1.3.1-r0/log.do_x.12", "buildstats/" NAME,
		"zlib-1.3.1-r0", "", "do_x", false},
	    {"logs/zlib-1.3.1-r0/log.do_x", "", "zlib-1.3.1-r0", "", "do_x",
		true},
	};
	static const char *const others[] = {"logs/zlib.log",
	    "logs/.do_x.log.gz", "zlib.do_compile.log",
	    RUN "zlib-1-r0/log.do_x.12.gz", RUN "zlib-1-r0/log.do_x.1a",
	    "log.do_x.1", RUN "zlib-1-r0/run.do_x.1",
	    "buildhistory/x/log.do_x.1"};
	struct member m;

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		member_read(&m, slice_of(rows[i].path));
		assert_int_equal(m.kind, MEMBER_TASK_LOG);
		assert_true(slice_is(m.dir, rows[i].dir));
		assert_true(slice_is(m.pf, rows[i].pf));
		assert_true(slice_is(m.recipe, rows[i].recipe));
		assert_true(slice_is(m.task, rows[i].task));
		assert_int_equal(m.current, rows[i].current);
	}
	for (size_t i = 0; i < N(others); i++) {
		member_read(&m, slice_of(others[i]));
		assert_int_not_equal(m.kind, MEMBER_TASK_LOG);
	}
}

/* ---- logs ---- */

static const struct {
	const char *what;
	struct entry files[8];
	const char *log; /* NULL: none */
} log_rows[] = {
    {"no log", {A_RUN}, NULL},
    {"in logs/, by recipe", {A_RUN, {"logs/zlib.do_compile.log", "error: x\n"}},
	"error: x\n"},
    {"before its run", {{"logs/zlib.do_compile.log", "error: x\n"}, A_RUN},
	"error: x\n"},
    {"by PF", {A_RUN, {"logs/zlib-1.3.1-r0.do_compile.log", "x"}}, "x"},
    {"beside the task", {A_RUN, {RUN "zlib-1.3.1-r0/log.do_compile.77", "x"}},
	"x"},
    {"in work/", {A_RUN, {"work/a-b-c/zlib/1.3.1/temp/log.do_compile.77", "x"}},
	"x"},
    {"the last of several",
	{A_RUN, {"work/a/zlib/1.3.1/temp/log.do_compile.99", "old"},
	    {"work/a/zlib/1.3.1/temp/log.do_compile.77", "new"}},
	"new"},
    {"the one without a PID",
	{A_RUN, {"work/a/zlib/1.3.1/temp/log.do_compile", "link"},
	    {"work/a/zlib/1.3.1/temp/log.do_compile.77", "other"}},
	"link"},
    {"empty", {A_RUN, {"logs/zlib.do_compile.log", ""}}, ""},
    {"of another task", {A_RUN, {"logs/zlib.do_fetch.log", "x"}}, NULL},
    {"of another recipe", {A_RUN, {"logs/zlib-ng.do_compile.log", "x"}}, NULL},
    {"of another recipe, before", {{"logs/zlib-ng.do_compile.log", "x"}, A_RUN},
	NULL},
    {"of two runs",
	{A_RUN, {"buildstats/20261122125348/build_stats", FAILED},
	    {"logs/zlib.do_compile.log", "x"}},
	NULL},
    {"of the run in the same part of the tar",
	{A_RUN, {"b/20261122125348/build_stats", FAILED},
	    {"buildstats/logs/zlib.do_compile.log", "mine"},
	    {"b/logs/zlib.do_compile.log", "other"}},
	"mine"},
};

static void
logs_join_their_tasks(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(log_rows); i++) {
		struct telling t;
		size_t n = 0, k = 0;
		print_message("           %s\n", log_rows[i].what);
		while (n < N(log_rows[i].files) &&
		       log_rows[i].files[n].name != NULL)
			n++;
		take_list(&t, log_rows[i].files, n, NULL);
		while (strcmp(t.build[k].name, NAME) != 0)
			k++;
		const struct one_build *b = &t.build[k];
		assert_int_equal(b->tasks, 2);
		assert_int_equal(b->ntold, log_rows[i].log != NULL);
		if (log_rows[i].log != NULL) {
			assert_string_equal(b->log[0], log_rows[i].log);
			assert_string_equal(b->told[0].recipe, "zlib");
			assert_string_equal(b->told[0].version, "1.3.1-r0");
			assert_string_equal(b->told[0].task, "do_compile");
			assert_int_equal(b->told[0].kind, FAILURE_TASK);
			assert_int_equal(
			    b->told[0].seen, INT64_C(1795352034000000));
		}
		arena_free(t.arena);
	}
}

static void
logs_change_the_content(void **state)
{
	static const struct entry lists[][5] = {
	    {A_RUN},
	    {A_RUN, {"logs/zlib.do_compile.log", "x"}},
	    {A_RUN, {"logs/zlib.do_compile.log", "y"}},
	    {A_RUN, {"logs/zlib.do_fetch.log", "y"}},
	};
	struct telling t[N(lists)];

	(void)state;
	for (size_t i = 0; i < N(lists); i++) {
		size_t n = 0;
		while (n < N(lists[i]) && lists[i][n].name != NULL)
			n++;
		take_list(&t[i], lists[i], n, NULL);
	}
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(
			    t[i].build[0].content, t[k].build[0].content, 32);
	assert_memory_equal(t[0].build[0].content, t[3].build[0].content, 32);
	for (size_t i = 0; i < N(lists); i++)
		arena_free(t[i].arena);
}

/* Bytes that no compression makes smaller. */
static void
add_noise(struct buf *b, size_t n)
{
	uint64_t x = 88172645463325252u;

	while (b->len < n) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		buf_add(b, &x, 8);
	}
}

static void
a_log_may_be_anything(void **state)
{
	struct bundle_limits limits = bundle_limits_default;
	struct buf tar = BUF_INIT, noise = BUF_INIT, nuls = BUF_INIT;
	struct receipt *r = calloc(1, sizeof(*r));
	struct telling t;
	struct errinfo ei;

	(void)state;
	assert_non_null(r);
	add_noise(&noise, 3 << 20);
	while (nuls.len < 1 << 20)
		buf_addc(&nuls, '\0');
	tar_add_as(&tar, '0', "logs/zlib-1.3.1-r0/log.do_compile", nuls.data,
	    nuls.len);
	tar_add_as(&tar, '0', "logs/zlib-1.3.1-r0/log.do_compile.5", noise.data,
	    noise.len);
	tar_add(&tar, RUN "build_stats", FAILED);
	tar_add(&tar, "logs/x<b>\x01\xff.do_compile.log", "x");
	tar_end(&tar);
	limits.log_bytes = 1 << 20;
	assert_int_equal(read_told(&t, &tar, r, &limits, &ei), ERR_OK);
	assert_int_equal(t.build[0].ntold, 1);
	assert_int_equal(t.build[0].size[0], nuls.len);
	has(r, "i logs/zlib-1.3.1-r0/log.do_compile.5:0: a log that is too "
	       "large even when compressed\n");
	has(r, "= logs of failed tasks 1\n");
	arena_free(t.arena);
	free(r);
	buf_clear(&tar);
	buf_clear(&noise);
	buf_clear(&nuls);
}

/* ---- reports ---- */

#define REPORT(failures) "{\"machine\": \"m\", \"failures\": [" failures "]}"
#define ZLIB                                                                   \
	"{\"task\": \"do_compile\", \"package\": \"zlib-1.3.1-r0\", "          \
	"\"recipe\": \"zlib\", \"log\": \"from the report\\n\"}"
#define XZ                                                                     \
	"{\"task\": \"do_install\", \"package\": \"xz-5-r0\", \"recipe\": "    \
	"\"xz\", \"log\": \"of xz\\n\"}"
#define PARSE "{\"task\": \"ParseError at a.bb:1\", \"log\": \"x\"}"

static void
reports_tell_of_their_run(void **state)
{
	static const struct entry list[] = {A_RUN,
	    {"error-report/error_report_" NAME ".txt", REPORT(ZLIB "," XZ)},
	    {"error-report/error-report.txt", REPORT(ZLIB "," XZ)}};
	struct receipt *r = calloc(1, sizeof(*r));
	struct telling t;

	(void)state;
	assert_non_null(r);
	take_list(&t, list, N(list), r);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.build[0].nreports, 1);
	assert_int_equal(t.build[0].ntold, 2);
	assert_string_equal(t.build[0].log[0], "from the report\n");
	assert_string_equal(t.build[0].told[1].recipe, "xz");
	has(r, "D error-report/error-report.txt:0: the same document as "
	       "error-report/error_report_" NAME ".txt\n");
	has(r, "= error reports 2\n");
	arena_free(t.arena);
	free(r);
}

static void
a_log_by_itself_wins_over_a_report(void **state)
{
	static const struct entry list[] = {A_RUN,
	    {"error-report/error_report_" NAME ".txt", REPORT(ZLIB "," XZ)},
	    {"logs/zlib.do_compile.log", "whole\n"}};
	struct telling t;

	(void)state;
	take_list(&t, list, N(list), NULL);
	assert_int_equal(t.build[0].ntold, 2);
	assert_string_equal(t.build[0].log[0], "whole\n");
	assert_string_equal(t.build[0].log[1], "of xz\n");
	arena_free(t.arena);
}

static void
reports_of_no_run_are_builds(void **state)
{
	static const struct entry beside[] = {A_RUN,
	    {"error-report/error_report_20250101000000.txt", REPORT(XZ)},
	    {"error-report/parse.txt", REPORT(PARSE)},
	    {"error-report/nothing.txt", REPORT("")}};
	static const struct entry alone[] = {
	    {"error-report/error_report_20250101000000.txt", REPORT(XZ)},
	    {"error-report/broken.txt", "{\"failures\""},
	    {"error-report/error-report.txt", REPORT(XZ)}};
	static const struct entry empty[] = {
	    {"error-report/error-report.txt", REPORT("")}};
	struct receipt *r = calloc(1, sizeof(*r));
	struct telling t;

	(void)state;
	assert_non_null(r);
	take_list(&t, beside, N(beside), r);
	assert_int_equal(t.n, 3);
	assert_int_equal(t.build[0].ntold, 0);
	assert_string_equal(t.build[1].name, "20250101000000");
	assert_string_equal(t.build[1].told[0].recipe, "xz");
	assert_int_equal(t.build[2].told[0].kind, FAILURE_PARSE);
	has(r, "i error-report/nothing.txt:0: nothing tells which build");
	arena_free(t.arena);
	take_list(&t, alone, N(alone), r);
	assert_int_equal(t.n, 1);
	assert_string_equal(t.build[0].name, "20250101000000");
	assert_int_equal(t.build[0].nreports, 1);
	has(r, "i error-report/broken.txt:0: report: ");
	arena_free(t.arena);
	take_list(&t, empty, N(empty), r);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.build[0].ntold, 0);
	arena_free(t.arena);
	free(r);
}

static void
broken_reports_alone_are_refused(void **state)
{
	static const struct entry list[] = {
	    {"error-report/x.txt", "{\"failures\": 7}"}};
	struct buf tar = make_tar(list, 1);
	struct telling t;
	struct errinfo ei;

	(void)state;
	assert_int_equal(read_told(&t, &tar, NULL, NULL, &ei), ERR_INPUT);
	assert_int_equal(strncmp(ei.text, "error-report/x.txt: ", 20), 0);
	assert_int_equal(t.n, 0);
	arena_free(t.arena);
	buf_clear(&tar);
}

/* ---- receipts ---- */

static void
receipts_say_what_became_of_everything(void **state)
{
	static const struct entry list[] = {
	    {RUN "build_stats", "Something: new\n" FAILED},
	    {RUN "zlib-1.3.1-r0/do_compile",
		"Event: TaskStarted\nno colon in it\nStatus: FAILED\n"},
	    {RUN "reduced_proc_net.log", ""}, {"README", "x"},
	    {"buildhistory/packages/a/latest", "x"},
	    {"buildhistory/packages/b/latest", "x"},
	    {"logs/zlib.do_compile.log",
		"one\nfetching https://joe:secret@host/x\nerror: y\n"},
	    {"logs/zlib.do_fetch.log", "x"}};
	struct receipt *r = calloc(1, sizeof(*r));
	struct telling t;

	(void)state;
	assert_non_null(r);
	take_list(&t, list, N(list), r);
	has(r, "i README:0: no file that is read\n");
	has(r, "i " NAME "/build_stats:1: not understood: Something: new\n");
	has(r, "i " NAME "/zlib-1.3.1-r0/do_compile:2: kept as text, not "
	       "understood: no colon in it\n");
	has(r, "i buildhistory:0: 2 files of it tell nothing");
	has(r, "i logs/zlib.do_fetch.log:0: the log of a task that did not");
	has(r, "= task files 1\n");
	has(r, "= build_stats files 1\n");
	has(r, "= sampled logs 1\n");
	has(r, "= logs of failed tasks 1\n");
	has(r, "m log of zlib do_compile:2: ");
	assert_null(strstr(r->text, "secret"));
	assert_null(strstr(t.build[0].log[0], "secret"));
	assert_non_null(strstr(t.build[0].log[0], "@host/x\nerror: y\n"));
	arena_free(t.arena);
	free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(log_names_are_read),
	    cmocka_unit_test(logs_join_their_tasks),
	    cmocka_unit_test(logs_change_the_content),
	    cmocka_unit_test(a_log_may_be_anything),
	    cmocka_unit_test(reports_tell_of_their_run),
	    cmocka_unit_test(a_log_by_itself_wins_over_a_report),
	    cmocka_unit_test(reports_of_no_run_are_builds),
	    cmocka_unit_test(broken_reports_alone_are_refused),
	    cmocka_unit_test(receipts_say_what_became_of_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
