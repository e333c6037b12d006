/* test_perf.c: documents of oe-build-perf-test. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/flat_doc.h"
#include "model/perf_read.h"
#include "model/perf_tasks.h"

static struct arena *a;
static struct errinfo ei;
static struct buf seen;

static int
set_up(void **state)
{
	(void)state;
	a = arena_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(a);
	buf_clear(&seen);
	return 0;
}

/* "a/0/b=1 " */
static enum err
note(
    void *arg, const struct flat_path *p, struct slice value, struct errinfo *e)
{
	(void)arg, (void)e;
	for (size_t i = 0; i < p->n; i++)
		buf_addf(&seen, "%s%.*s", i > 0 ? "/" : "", (int)p->key[i].n,
		    p->key[i].p);
	buf_addf(&seen, "=%.*s ", (int)value.n, value.p);
	return ERR_OK;
}

static void
test_json(void **state)
{
	(void)state;
	assert_int_equal(
	    flat_json("x",
		SLICE("{\"a\": [1, {\"b\": null}, [], \"t\"], \"c\": {\"d\": "
		      "true, \"e\": {}}, \"f\": -1.5e3}"),
		note, NULL, &ei),
	    ERR_OK);
	assert_string_equal(seen.data, "a/0=1 a/1/b= a/3=t c/d=true f=-1.5e3 ");
	assert_int_equal(
	    flat_json("x", SLICE("{\"a\": 1"), note, NULL, &ei), ERR_INPUT);
}

static void
test_deep(void **state)
{
	char text[200];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 30; i++)
		text[n++] = '[';
	text[n++] = '1';
	for (size_t i = 0; i < 30; i++)
		text[n++] = ']';
	assert_int_equal(
	    flat_json("x", (struct slice){text, n}, note, NULL, &ei), ERR_OK);
	assert_int_equal(seen.len, 0);
}

static void
test_xml(void **state)
{
	static const char *const broken[] = {"<a>", "<a b>", "<a b='>", "</a>",
	    "<!DOCTYPE a><a/>", "", "text", "<a", "< a/>"};

	(void)state;
	assert_int_equal(
	    flat_xml("x",
		SLICE("<?xml version=\"1.0\"?><!-- <no> -->\n<a b='1' "
		      "name=\"n&amp;\">\n <c> x &lt; &#65; </c><d/>"
		      "<e><![CDATA[<q>]]></e></a>\n"),
		note, NULL, &ei),
	    ERR_OK);
	assert_string_equal(seen.data, "a/@name=n& a/@b=1 a/c=x < A a/e=<q> ");
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		assert_int_equal(
		    flat_xml("x", slice_of(broken[i]), note, NULL, &ei),
		    ERR_INPUT);
}

static double
number(const struct perf_results *r, const char *name)
{
	for (size_t i = 0; i < r->nnumbers; i++)
		if (strcmp(name,
			arena_printf(a, "%s.%s.%s", r->number[i].test,
			    r->number[i].measurement, r->number[i].what)) == 0)
			return r->number[i].value;
	return NAN;
}

static void
test_results(void **state)
{
	static const char text[] =
	    "{\"tester_host\": \"h\", \"start_time\": 1700000000.25, "
	    "\"elapsed_time\": 60.5, \"tests\": {\"test1\": {\"status\": "
	    "\"ERROR\", \"start_time\": 5.0, \"message\": \"why\", "
	    "\"measurements\": {\"build\": {\"type\": \"sysres\", \"values\": "
	    "{\"start_time\": 7.0, \"elapsed_time\": 2.5, \"rusage\": "
	    "{\"ru_utime\": 1.5, \"ru_stime\": 0.25, \"ru_maxrss\": 10}, "
	    "\"iostat\": {\"rchar\": 99}}}, \"tmpdir\": {\"type\": "
	    "\"diskusage\", \"values\": {\"size\": 3}}}}}}";
	struct perf_results r;

	(void)state;
	assert_int_equal(perf_sniff(SLICE(text)), PERF_RESULTS);
	assert_int_equal(
	    perf_results_read(a, "x", SLICE(text), &r, &ei), ERR_OK);
	assert_string_equal(r.host, "h");
	assert_int_equal(r.started, INT64_C(1700000000250000));
	assert_true(r.elapsed == 60.5);
	assert_int_equal(r.ntests, 1);
	assert_string_equal(r.test[0].status, "ERROR");
	assert_string_equal(r.test[0].message, "why");
	assert_true(number(&r, "test1.build.elapsed") == 2.5);
	assert_true(number(&r, "test1.build.cputime") == 1.75);
	assert_true(number(&r, "test1.build.maxrss") == 10240);
	assert_true(number(&r, "test1.build.rchar") == 99);
	assert_true(number(&r, "test1.tmpdir.size") == 3072);
	assert_int_equal(r.nnumbers, 5);
}

static void
test_absurd(void **state)
{
	static const char text[] =
	    "{\"tester_host\": 7, \"start_time\": 1e300, \"elapsed_time\": "
	    "1e300, \"tests\": {\"../x\": {\"status\": null, \"measurements\": "
	    "{\"m\": {\"values\": {\"elapsed_time\": -1, \"size\": 1e308}}}}}}";
	struct perf_results r;

	(void)state;
	assert_int_equal(
	    perf_results_read(a, "x", SLICE(text), &r, &ei), ERR_OK);
	assert_int_equal(r.started, TIME_UNKNOWN);
	assert_true(isnan(r.elapsed));
	assert_string_equal(r.test[0].name, ".._x");
	assert_int_equal(r.nnumbers, 0);
}

static void
test_globalres(void **state)
{
	struct perf_results r;
	struct env_facts f;

	(void)state;
	assert_true(perf_globalres_read(a,
	    SLICE("h,feature:x:0123,0123,1:02:03.50,0,0,0,0,0,0,0,1000,2000,"
		  "3000,4000"),
	    &r, &f));
	assert_string_equal(f.env.branch, "feature:x");
	assert_string_equal(f.env.commit, "0123");
	assert_true(number(&r, "test1.build.elapsed") == 3723.5);
	assert_true(number(&r, "test1.tmpdir.size") == 1000 * 1024);
	/* test13 didn't run: that is another size of test1. */
	assert_true(isnan(number(&r, "test13.tmpdir.size")));
	assert_true(number(&r, "test4.deploy_dir.size") == 4000 * 1024);
	assert_false(perf_globalres_read(a, SLICE("a,b,c"), &r, &f));
}

static enum err
note_task(void *arg, const struct perf_task *t, struct errinfo *e)
{
	(void)arg, (void)e;
	buf_addf(&seen, "%s %s %s\n%.*s", t->measurement, t->pf, t->task,
	    (int)t->text.n, t->text.p);
	return ERR_OK;
}

static void
test_tasks(void **state)
{
	static const char text[] =
	    "{\"test1.build\": [{\"epoch\": \"1\", \"name\": \"glib\", "
	    "\"revision\": \"r0\", \"tasks\": {\"do_x\": {\"elapsed_time\": "
	    "0.5, \"iostat\": {\"rchar\": 7, \"Bad Key\": 1}, \"rusage\": "
	    "{\"ru_utime\": 0.25}, \"start_time\": 100.25, \"status\": "
	    "\"PASSED\"}}, \"version\": \"2.0\"}]}";

	(void)state;
	assert_int_equal(perf_sniff(SLICE(text)), PERF_BUILDSTATS);
	assert_int_equal(
	    perf_tasks_read("x", SLICE(text), note_task, NULL, &ei), ERR_OK);
	assert_string_equal(seen.data,
	    "test1.build glib-1_2.0-r0 do_x\n"
	    "Event: TaskStarted \nStarted: 100.25 \nglib-1_2.0-r0: do_x\n"
	    "Elapsed time: 0.50 seconds\nIO rchar: 7\nrusage ru_utime: 0.25\n"
	    "Status: PASSED \nEnded: 100.75 \n");
}

static void
test_sniff(void **state)
{
	(void)state;
	assert_int_equal(perf_sniff(SLICE("{\"a\": 1}")), PERF_NONE);
	assert_int_equal(perf_sniff(SLICE("")), PERF_NONE);
	assert_int_equal(
	    perf_sniff(SLICE("{\"layers\": {\"meta\": {\"branch\": \"m\"}}, "
			     "\"bitbake\": {\"commit\": \"1\"}}")),
	    PERF_METADATA);
	assert_int_equal(perf_sniff(SLICE("<testsuites><testsuite "
					  "name=\"other\"/></testsuites>")),
	    PERF_NONE);
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_json),
	    T(test_deep),
	    T(test_xml),
	    T(test_results),
	    T(test_absurd),
	    T(test_globalres),
	    T(test_tasks),
	    T(test_sniff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
