/* test_report.c: error reports, from bytes to builds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "model/log_take.h"
#include "model/mask.h"
#include "model/report.h"
#include "json/jcut.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define SECOND INT64_C(1000000)
/* 2026-11-22T14:04:30Z */
#define RECEIVED (INT64_C(1795356270) * SECOND)

/* ---- strings taken out ---- */

struct taken {
	struct buf text;
};

static void
on_element(void *arg, size_t index)
{
	buf_addf(&((struct taken *)arg)->text, "<%zu>", index);
}

static void
on_begin(void *arg, size_t index)
{
	buf_addf(&((struct taken *)arg)->text, "%zu[", index);
}

static void
on_data(void *arg, const char *p, size_t n)
{
	buf_add(&((struct taken *)arg)->text, p, n);
}

static void
on_end(void *arg)
{
	buf_adds(&((struct taken *)arg)->text, "]");
}

static void
on_cut(void *arg, const char *p, size_t n)
{
	buf_adds(&((struct taken *)arg)->text, "~");
	buf_add(&((struct taken *)arg)->text, p, n);
}

struct cut_case {
	const char *in, *rest, *taken;
};

static void
cut(const struct cut_case *c, size_t step)
{
	static const struct jcut_options options = {
	    .array = "f", .key = "log", .string_max = 8, .rest_max = 200};
	struct taken t = {.text = BUF_INIT};
	const struct jcut_sink sink = {
	    on_element, on_begin, on_data, on_end, on_cut, &t};
	struct jcut *j = jcut_new(&options, &sink);
	size_t n = strlen(c->in);

	buf_adds(&t.text, "");
	for (size_t i = 0; i < n; i += step)
		jcut_add(j, c->in + i, i + step < n ? step : n - i);
	assert_string_equal(jcut_rest(j)->data, c->rest);
	assert_string_equal(t.text.data, c->taken);
	buf_clear(&t.text);
	jcut_free(j);
}

static void
strings_are_taken_out(void **state)
{
	static const struct cut_case cases[] = {
	    {"{ \"f\" : [\n {\"log\": \"a\\nb\", \"x\":\"c\"} ] }",
		"{\"f\":[{\"log\":\"\",\"x\":\"c\"}]}", "<0>0[a\nb]"},
	    {"{\"f\":[{\"a\":1},{\"log\":\"x\"},{\"log\":\"\"}]}",
		"{\"f\":[{\"a\":1},{\"log\":\"\"},{\"log\":\"\"}]}",
		"<0><1>1[x]<2>2[]"},
	    /* elsewhere it is a string as others */
	    {"{\"log\":\"x\",\"g\":[{\"log\":\"x\"}],\"f\":{\"a\":{\"log\":\"x"
	     "\"}}}",
		"{\"log\":\"x\",\"g\":[{\"log\":\"x\"}],\"f\":{\"a\":{\"log\":"
		"\"x\"}}}",
		""},
	    {"{\"f\":[[{\"log\":\"x\"}],{\"y\":{\"log\":\"x\"},\"log\":[\"x\"]"
	     "}]}",
		"{\"f\":[[{\"log\":\"x\"}],{\"y\":{\"log\":\"x\"},\"log\":["
		"\"x\"]}]}",
		"<1>"},
	    {"[{\"f\":[{\"log\":\"x\"}]}]", "[{\"f\":[{\"log\":\"x\"}]}]", ""},
	    /* escapes */
	    {"{\"f\":[{\"log\":\"\\u00fc\\ud83d\\ude00\\ud83d.\\ude00\\\\\\/\\"
	     "q\\u00z\"}]}",
		"{\"f\":[{\"log\":\"\"}]}",
		"<0>0[\xc3\xbc\xf0\x9f\x98\x80\xef\xbf\xbd.\xef\xbf\xbd\\/"
		"\xef\xbf\xbd\xef\xbf\xbdz]"},
	    {"{\"f\":[{\"log\":\"\\ud83d\"},{\"log\":\"\\ud83d\\ud83d\\n\"}]}",
		"{\"f\":[{\"log\":\"\"},{\"log\":\"\"}]}",
		"<0>0[\xef\xbf\xbd]<1>1[\xef\xbf\xbd\xef\xbf\xbd\n]"},
	    {"{\"a\":\"\x01\\u0000\\\"\n\",\"b\":\"\x1b[1m\"}",
		"{\"a\":\"\\u0001\\u0000\\\"\\u000a\",\"b\":\"\\u001b[1m\"}",
		""},
	    {"{\"f\":[{\"log\":\"\xff\xfe\"}]}", "{\"f\":[{\"log\":\"\"}]}",
		"<0>0[\xff\xfe]"},
	    /* cut on a character's border */
	    {"{\"a\":\"123456789\",\"b\":\"1234567\xc3\xbc\"}",
		"{\"a\":\"12345678\",\"b\":\"1234567\"}", "~9~\xc3\xbc"},
	    {"tru e\t1 2", "tru e 1 2", ""},
	    {"{\"f\":[{\"log\":\"abc", "{\"f\":[{\"log\":\"", "<0>0["},
	};

	(void)state;
	for (size_t i = 0; i < N(cases); i++)
		cut(&cases[i], 4096);
}

/* The same however it is cut into pieces, but for what is not at its end. */
static void
pieces_make_no_difference(void **state)
{
	static const struct cut_case c = {
	    "{\"f\":[{\"log\":\"\\ud83d\\ude00\\n\\\"\xc3\xbc\",\"a\":-1.5}]}",
	    "{\"f\":[{\"log\":\"\",\"a\":-1.5}]}",
	    "<0>0[\xf0\x9f\x98\x80\n\"\xc3\xbc]"};

	(void)state;
	for (size_t step = 1; step < 20; step++)
		cut(&c, step);
}

/* ---- documents ---- */

static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct report
read_ok(const char *text)
{
	struct report r;
	struct errinfo ei = {0};

	if (report_read(arena, slice_of(text), MASK_DEFAULT, &r, &ei) != ERR_OK)
		fail_msg("%s: %s", text, ei.text);
	return r;
}

static bool
has_note(const struct report *r, const char *part)
{
	for (size_t i = 0; i < r->nnotes; i++)
		if (strstr(r->notes[i], part) != NULL)
			return true;
	return false;
}

static char *
file(const char *path)
{
	const char *dir = getenv("srcdir");
	char name[512], *text;
	struct buf b = BUF_INIT;
	char piece[4096];
	size_t n;
	FILE *f;

	snprintf(name, sizeof(name), "%s/tests/fuzz/corpus/report/%s",
	    dir != NULL ? dir : ".", path);
	f = fopen(name, "rb");
	if (f == NULL)
		fail_msg("%s", name);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&b, piece, n);
	fclose(f);
	text = arena_strndup(arena, b.data, b.len);
	buf_clear(&b);
	return text;
}

static void
recorded_task_failures(void **state)
{
	static const char *const tasks[][2] = {
	    {"patch-fails", "do_patch"},
	    {"ice-killed", "do_configure"},
	    {"configure-fails", "do_configure"},
	    {"implicit-decl", "do_compile"},
	    {"missing-header", "do_compile"},
	    {"broken-syntax", "do_compile"},
	    {"install-fails", "do_install"},
	    {"undefined-reference", "do_compile"},
	};
	struct report r = read_ok(file("failures.json"));
	const struct build *b = report_build(arena, &r, RECEIVED);
	struct build_failure *failed;
	size_t n;

	(void)state;
	assert_int_equal(r.nfailures, N(tasks));
	for (size_t i = 0; i < N(tasks); i++) {
		const struct told_failure *f = &r.failures[i];
		assert_int_equal(f->kind, FAILURE_TASK);
		assert_string_equal(f->recipe, tasks[i][0]);
		assert_string_equal(f->version, "1.0-r0");
		assert_string_equal(f->task, tasks[i][1]);
		assert_non_null(f->log);
		assert_true(f->log->lines > 2);
	}
	assert_string_equal(r.env.machine, "qemux86-64");
	assert_string_equal(r.env.host_distro, "debian-12");
	assert_string_equal(r.env.bitbake_version, "2.19.0");
	assert_string_equal(
	    r.env.commit, "35a2c6ed7987763dadbe45ad86095e1aee1c7314");
	assert_int_equal(r.env.ntargets, 1);
	assert_string_equal(r.env.targets[0], "all-real");
	assert_int_equal(r.nnotes, 0);
	assert_non_null(
	    strstr(r.env.json, "\"target_sys\":\"x86_64-oe-linux\""));
	assert_null(strstr(r.env.json, "failures"));
	assert_int_equal(b->npackages, N(tasks));
	failed = build_failures(arena, b, &n);
	assert_int_equal(n, N(tasks));
	for (size_t i = 0; i < n; i++)
		assert_int_equal(
		    package_status(b, failed[i].package), BUILD_FAILED);
	assert_string_equal(
	    b->packages[failed[0].package].pf, "broken-syntax-1.0-r0");
	assert_string_equal(failed[0].name, "do_compile");
	assert_string_equal(b->env.image, "all-real");
}

static void
recorded_no_provider(void **state)
{
	struct report r = read_ok(file("noprovider.json"));
	const struct build *b = report_build(arena, &r, RECEIVED);

	(void)state;
	assert_int_equal(r.nfailures, 1);
	assert_int_equal(r.failures[0].kind, FAILURE_NO_PROVIDER);
	assert_string_equal(r.failures[0].recipe, "no-such-recipe");
	assert_string_equal(r.failures[0].task, "");
	assert_string_equal(
	    r.failures[0].message, "Nothing provides 'no-such-recipe'");
	assert_non_null(r.failures[0].log);
	assert_string_equal(r.env.layers[1].commit, "");
	assert_int_equal(b->npackages, 0);
	assert_int_equal(b->ntold, 1);
	assert_int_equal(b->status, BUILD_FAILED);
}

static void
recorded_parse_error(void **state)
{
	struct report r = read_ok(file("parseerror.json"));
	const struct build *b = report_build(arena, &r, RECEIVED);

	(void)state;
	assert_int_equal(r.failures[0].kind, FAILURE_PARSE);
	assert_string_equal(r.failures[0].recipe, "zz-parse");
	assert_string_equal(r.failures[0].version, "1.0");
	assert_string_equal(r.failures[0].task, "");
	assert_memory_equal(r.failures[0].message, "ParseError at /home", 19);
	assert_int_equal(b->env.ntargets, 0);
	assert_string_equal(b->env.image, "");
}

/* What there was before a key was, and what comes in its place. */
static void
missing_and_odd_members(void **state)
{
	struct report r = read_ok("{\"machine\":\"m\"}");

	(void)state;
	assert_int_equal(r.nfailures, 0);
	assert_true(has_note(&r, "no failures"));
	r = read_ok("{\"failures\":[]}");
	assert_int_equal(r.nfailures, 0);
	assert_int_equal(report_build(arena, &r, RECEIVED)->npackages, 0);
	r = read_ok("{\"failures\":[{}],\"distro\":null,\"machine\":7,"
		    "\"layer_version\":{},\"local_conf\":[],\"username\":{}}");
	assert_int_equal(r.nfailures, 1);
	assert_string_equal(r.env.distro, "");
	assert_string_equal(r.env.machine, "");
	assert_true(has_note(&r, "machine is no text"));
	assert_true(has_note(&r, "layer_version is no array"));
	assert_false(has_note(&r, "distro"));
	r = read_ok(
	    "{\"failures\":[{\"task\":\"do_fetch\",\"package\":\"a-1-r0\","
	    "\"log\":null}]}");
	assert_string_equal(r.failures[0].recipe, "a");
	assert_null(r.failures[0].log);
	/* a task without a package is a task still */
	r = read_ok("{\"failures\":[{\"task\":\"do_fetch\"}]}");
	assert_int_equal(r.failures[0].kind, FAILURE_TASK);
	assert_int_equal(report_build(arena, &r, RECEIVED)->npackages, 0);
}

static void
recipes_and_versions(void **state)
{
	static const char *const rows[][4] = {
	    /* package, recipe, and what they are */
	    {"zlib-1.3.1-r0", "zlib", "zlib", "1.3.1-r0"},
	    {"foo-1.0-2-r0", "foo-1.0", "foo-1.0", "2-r0"},
	    {"foo-1.0-2-r0", "foo", "foo", "1.0-2-r0"},
	    {"glib-2.0-1_2.78.0-r0", "", "glib-2.0", "1_2.78.0-r0"},
	    {"something", "other", "other", ""},
	    {"", "other", "other", ""},
	    {"something", "", "something", ""},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct report r;
		snprintf(text, sizeof(text),
		    "{\"failures\":[{\"task\":\"do_x\",\"package\":\"%s\","
		    "\"recipe\":\"%s\"}]}",
		    rows[i][0], rows[i][1]);
		r = read_ok(text);
		assert_string_equal(r.failures[0].recipe, rows[i][2]);
		assert_string_equal(r.failures[0].version, rows[i][3]);
	}
}

static void
layers_inherit_revisions(void **state)
{
	struct report r = read_ok(
	    "{\"failures\":[],\"branch_commit\":\"a: b: 0123\","
	    "\"nativelsb\":\"universal-4.8/ubuntu-24.04\",\"layer_version\":["
	    "\"meta                 \",\"meta-poky            = "
	    "\\\"master:0123abc\\\"\",\"meta-x = \\\"<unknown>:<unknown>\\\"\""
	    "]}");

	(void)state;
	assert_int_equal(r.env.nlayers, 3);
	assert_string_equal(r.env.layers[0].name, "meta");
	assert_string_equal(r.env.layers[0].branch, "master");
	assert_string_equal(r.env.layers[0].commit, "0123abc");
	assert_string_equal(r.env.layers[1].commit, "0123abc");
	assert_string_equal(r.env.layers[2].commit, "");
	assert_string_equal(r.env.branch, "a: b");
	assert_string_equal(r.env.commit, "0123");
	assert_string_equal(r.env.host_distro, "ubuntu-24.04");
}

static void
long_fields_are_cut(void **state)
{
	struct buf b = BUF_INIT;
	struct report r;

	(void)state;
	buf_adds(&b, "{\"failures\":[{\"task\":\"do_");
	for (size_t i = 0; i < 2000; i++)
		buf_adds(&b, "\\u00fc");
	buf_adds(&b, "\",\"package\":\"a-1-r0\"}],\"machine\":\"");
	for (size_t i = 0; i < 51; i++)
		buf_adds(&b, "m");
	buf_adds(&b, "\",\"local_conf\":\"");
	for (size_t i = 0; i < 300000; i++)
		buf_adds(&b, "x");
	buf_adds(&b, "\"}");
	r = read_ok(b.data);
	assert_int_equal(strlen(r.failures[0].task), 3 + 1021 * 2);
	assert_int_equal(strlen(r.env.machine), 50);
	assert_true(has_note(&r, "machine was cut at 50"));
	assert_true(has_note(&r, "failures[0].task was cut"));
	assert_true(has_note(&r, "256 KiB"));
	buf_clear(&b);
}

static struct slice
log_text(const struct taken_log *log)
{
	struct buf b = BUF_INIT;
	struct slice s, all;
	struct errinfo ei;

	for (size_t i = 0; i < log->npieces; i++) {
		assert_int_equal(zstd_unpack(arena, log->pieces[i].zstd,
				     (size_t)1 << 20, &s, &ei),
		    ERR_OK);
		buf_add(&b, s.p, s.n);
	}
	all = (struct slice){arena_strndup(arena, b.data, b.len), b.len};
	buf_clear(&b);
	return all;
}

static void
logs_are_kept_as_they_are(void **state)
{
	struct report r = read_ok(
	    "{\"failures\":[{\"log\":\"<script>alert(1)</script>\\n\\u0000"
	    "\\u001b[31m\\ud800\\n\x01\xff\"},{\"log\":\"No Log\"},"
	    "{\"log\":\"Unable to read log file\\n\"},{\"log\":\"\"}]}");
	static const char want[] = "<script>alert(1)</script>\n\0"
				   "\033[31m\xef\xbf\xbd\n\x01\xff";
	struct slice log = log_text(r.failures[0].log);

	(void)state;
	assert_int_equal(log.n, sizeof(want) - 1);
	assert_memory_equal(log.p, want, sizeof(want) - 1);
	assert_int_equal(r.failures[0].log->lines, 3);
	assert_null(r.failures[1].log);
	assert_null(r.failures[2].log);
	assert_null(r.failures[3].log);
}

static void
secrets_are_masked(void **state)
{
	struct report r = read_ok(
	    "{\"failures\":[{\"log\":\"x\\nhttps://me:secret@h/x\\n\"}],"
	    "\"local_conf\":\"A=1\\nURL=\\\"https://me:secret@h/x\\\"\","
	    "\"link_back\":\"https://me:secret@h/x\",\"email\":\"me@secret\"}");
	struct slice text;
	struct errinfo ei;

	(void)state;
	assert_null(strstr(log_text(r.failures[0].log).p, "secret"));
	assert_int_equal(r.failures[0].log->masked, 1);
	assert_int_equal(r.ntexts, 1);
	assert_string_equal(r.texts[0].name, "local.conf");
	assert_int_equal(
	    zstd_unpack(arena, r.texts[0].zstd, 1000, &text, &ei), ERR_OK);
	assert_int_equal(text.n, r.texts[0].size);
	assert_null(strstr(arena_strndup(arena, text.p, text.n), "secret"));
	assert_null(strstr(r.link_back, "secret"));
	assert_null(strstr(r.env.json, "secret"));
	assert_int_equal(r.nmasked, 1);
	assert_string_equal(r.masked[0].where, "local.conf");
	assert_int_equal(r.masked[0].line, 2);
}

static void
link_backs(void **state)
{
	struct report r = read_ok(
	    "{\"failures\":[],\"link_back\":\" https://ci/7 \",\"username\":"
	    "\" Jane \",\"error_type\":\"core\",\"machine\":\"m\"}");
	const struct build *b = report_build(arena, &r, RECEIVED);
	bool found = false;

	(void)state;
	assert_string_equal(r.link_back, "https://ci/7");
	assert_string_equal(b->env.builder, "Jane");
	assert_string_equal(b->env.tags[0], "core");
	for (size_t i = 0; b->env.origin[i] != NULL; i += 2)
		if (strcmp(b->env.origin[i], "link_back") == 0 &&
		    strcmp(b->env.origin[i + 1], "https://ci/7") == 0)
			found = true;
	assert_true(found);
	r = read_ok("{\"failures\":[],\"link_back\":\"javascript:alert(1)\"}");
	assert_string_equal(r.link_back, "");
}

/* ---- which are the same ---- */

static void
sender_and_writing_make_no_difference(void **state)
{
	static const char *const same[] = {
	    "{\"failures\":[{\"log\":\"a\\u00fc\",\"task\":\"do_x\"}],"
	    "\"machine\":\"m\",\"n\":[1.50,true,null]}",
	    "{\n  \"n\" : [1.5,true, null],\"machine\":\"m\", \"failures\":[{"
	    "\"task\":\"do\\u005fx\",\"log\":\"a\xc3\xbc\"}],"
	    "\"username\":\"u\",\"email\":\"e\",\"link_back\":\"\"}\n",
	};
	static const char *const other[] = {
	    "{\"failures\":[{\"log\":\"a\\u00fd\",\"task\":\"do_x\"}],"
	    "\"machine\":\"m\",\"n\":[1.50,true,null]}",
	    "{\"failures\":[{\"task\":\"do_x\"}],"
	    "\"machine\":\"m\",\"n\":[1.50,true,null]}",
	    "{\"failures\":[{\"log\":\"a\\u00fc\",\"task\":\"do_x\"}],"
	    "\"machine\":\"m\",\"n\":[1.50,true,null,0]}",
	};
	struct report a = read_ok(same[0]), b = read_ok(same[1]);

	(void)state;
	assert_memory_equal(a.sha256, b.sha256, 32);
	for (size_t i = 0; i < N(other); i++) {
		b = read_ok(other[i]);
		assert_memory_not_equal(a.sha256, b.sha256, 32);
	}
}

static void
names_and_times(void **state)
{
	struct report r = read_ok("{\"failures\":[]}");
	const struct build *b = report_build(arena, &r, RECEIVED + 5);

	(void)state;
	assert_string_equal(b->name, "20261122140430");
	assert_int_equal(b->started, RECEIVED + 5);
	r.name = "20261122140428";
	b = report_build(arena, &r, RECEIVED);
	assert_string_equal(b->name, "20261122140428");
	assert_int_equal(b->started, RECEIVED - 2 * SECOND);
	r.name = "20991122140428";
	assert_int_equal(report_build(arena, &r, RECEIVED)->started, RECEIVED);
	r.name = "20261322140428";
	assert_int_equal(report_build(arena, &r, RECEIVED)->started, RECEIVED);
}

static void
the_same_failure_twice(void **state)
{
	struct report r =
	    read_ok("{\"failures\":[{\"task\":\"do_b\",\"package\":\"z-1-r0\"},"
		    "{\"task\":\"do_a\",\"package\":\"z-1-r0\"},"
		    "{\"task\":\"do_a\",\"package\":\"a-1-r0\"},"
		    "{\"task\":\"do_b\",\"package\":\"z-1-r0\"}]}");
	const struct build *b = report_build(arena, &r, RECEIVED);

	(void)state;
	assert_int_equal(b->npackages, 2);
	assert_string_equal(b->packages[0].pf, "a-1-r0");
	assert_int_equal(b->nfailed_at, 3);
	assert_string_equal(b->failed_at[1].task, "do_a");
	assert_int_equal(b->failed_at[2].package, 1);
	assert_int_equal(b->ntold, 4);
}

/* ---- what is refused ---- */

static void
refused(void **state)
{
	static const struct {
		const char *text;
		enum err err;
		const char *why;
	} cases[] = {
	    {"", ERR_INPUT, "report: it is empty"},
	    {"{", ERR_INPUT, "report: the JSON ends early"},
	    {"{\"failures\":[{\"log\":\"abc", ERR_INPUT, "ends early"},
	    {"nonsense", ERR_INPUT, "report: not JSON: "},
	    {"[]", ERR_INPUT, "report: expected an object"},
	    {"{}", ERR_INPUT, "report: there are no failures in it"},
	    {"{\"failures\":7}", ERR_INPUT, "failures: expected an array"},
	    {"{\"failures\":[7]}", ERR_INPUT,
		"failures[0]: expected an object"},
	    {"{\"failures\":[{},{},{\"task\":7}]}", ERR_INPUT,
		"report: failures[2].task: expected a string"},
	    {"{'failures':[]}", ERR_INPUT, "single quote"},
	};
	struct report r;

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		struct errinfo ei = {0};
		assert_int_equal(report_read(arena, slice_of(cases[i].text),
				     MASK_DEFAULT, &r, &ei),
		    cases[i].err);
		if (strstr(ei.text, cases[i].why) == NULL)
			fail_msg("%s: %s", cases[i].text, ei.text);
	}
}

static enum err
many(const char *before, const char *each, size_t n, const char *after,
    struct report *r)
{
	struct buf b = BUF_INIT;
	struct errinfo ei = {0};
	enum err err;

	buf_adds(&b, before);
	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%s%s", i > 0 ? "," : "", each);
	buf_adds(&b, after);
	err = report_read(
	    arena, (struct slice){b.data, b.len}, MASK_DEFAULT, r, &ei);
	buf_clear(&b);
	return err;
}

static void
limits(void **state)
{
	static const char failure[] =
	    "{\"log\":\"x.c:1: error: y\\n\",\"package\":\"a-1-r0\","
	    "\"recipe\":\"a\",\"task\":\"do_compile\"}";
	struct report r;

	(void)state;
	assert_int_equal(
	    many("{\"failures\":[", failure, 10000, "]}", &r), ERR_OK);
	assert_int_equal(r.nfailures, 10000);
	assert_string_equal(r.failures[9999].log->first_line, "y");
	assert_int_equal(
	    many("{\"failures\":[", failure, 10001, "]}", &r), ERR_TOO_BIG);
	assert_int_equal(
	    many("{\"failures\":[", "7", 10001, "]}", &r), ERR_TOO_BIG);
	assert_int_equal(
	    many("{\"failures\":[],\"a\":[", "{}", 100000, "]}", &r),
	    ERR_TOO_BIG);
	assert_int_equal(
	    many("{\"failures\":[],\"a\":[", "1234567890", 2000000, "]}", &r),
	    ERR_TOO_BIG);
	assert_int_equal(
	    many("{\"a\":[", "\"\",\"1234567890\"", 3000000, "", &r),
	    ERR_TOO_BIG);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(strings_are_taken_out),
	    cmocka_unit_test(pieces_make_no_difference),
	    cmocka_unit_test_setup_teardown(
		recorded_task_failures, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		recorded_no_provider, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		recorded_parse_error, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		missing_and_odd_members, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		recipes_and_versions, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		layers_inherit_revisions, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		long_fields_are_cut, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		logs_are_kept_as_they_are, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		secrets_are_masked, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(link_backs, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		sender_and_writing_make_no_difference, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(names_and_times, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		the_same_failure_twice, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(refused, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(limits, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
