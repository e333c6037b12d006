/* test_event_log.c: bitbake's event log, on lines that bitbake wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/event_log.h"
#include "model/mask.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct event_log *, cleanup_log, event_log_free);

/* Of the recorded build of 2026-11-22, as they stand in its log. */

static const char warning_line[] =
    "{\"class\": \"logging.LogRecord\", \"vars\": \"gASVKgIAAAAAA"
    "ACMB2xvZ2dpbmeUjAlMb2dSZWNvcmSUk5QpgZR9lCiMBG5hbWWUjBJCaXRCY"
    "Wtl\\nLkNvbGxlY3Rpb26UjANtc2eUjFhObyBiYiBmaWxlcyBpbiBkZWZhdW"
    "x0IG1hdGNoZWQgQkJGSUxF\\nX1BBVFRFUk5fc3R1YiAnXi9ob21lL2J1aWx"
    "kZXIvcG9reS9tZXRhLXN0dWIvbm9uZS8nlIwEYXJn\\nc5QpjAlsZXZlbG5h"
    "bWWUjAdXQVJOSU5HlIwHbGV2ZWxub5RLHowIcGF0aG5hbWWUjCsvaG9tZS9i"
    "\\ndWlsZGVyL3Bva3kvYml0YmFrZS9saWIvYmIvY29va2VyLnB5lIwIZmlsZ"
    "W5hbWWUjAljb29rZXIu\\ncHmUjAZtb2R1bGWUjAZjb29rZXKUjAhleGNfaW"
    "5mb5ROjAhleGNfdGV4dJROjApzdGFja19pbmZv\\nlE6MBmxpbmVub5RN7we"
    "MCGZ1bmNOYW1llIwVY29sbGVjdGlvbl9wcmlvcml0aWVzlIwHY3JlYXRl\\n"
    "ZJRHQdrAu0p+T4mMBW1zZWNzlEdAjmgAAAAAAIwPcmVsYXRpdmVDcmVhdGVk"
    "lEdBAEzZ7XIAAIwG\\ndGhyZWFklIoGwMZAcU1/jAp0aHJlYWROYW1llIwWV"
    "GhyZWFkLTEgKGlkbGVfdGhyZWFkKZSMC3By\\nb2Nlc3NOYW1llIwLTWFpbl"
    "Byb2Nlc3OUjAdwcm9jZXNzlE1AAYwHdGFza3BpZJRLAHViLg==\\n\"}"
    "\n";

static const char heartbeat_line[] =
    "{\"class\": \"bb.event.HeartbeatEvent\", \"vars\": \"gASVPwA"
    "AAAAAAACMCGJiLmV2ZW50lIwOSGVhcnRiZWF0RXZlbnSUk5QpgZR9lCiMA3B"
    "pZJRLAIwE\\ndGltZZRHQdrAu0r+kIJ1Yi4=\\n\"}"
    "\n";

static const char parsed_line[] =
    "{\"class\": \"bb.event.ParseCompleted\", \"vars\": \"gASVrQA"
    "AAAAAAACMCGJiLmV2ZW50lIwOUGFyc2VDb21wbGV0ZWSUk5QpgZR9lCiMA3B"
    "pZJRLAIwF\\ndG90YWyUTbsDjANtc2eUjBhSZWNpcGUgcGFyc2luZyBDb21w"
    "bGV0ZWSUjAZjYWNoZWSUSwCMBnBh\\ncnNlZJRNuwOMB3NraXBwZWSUSy+MC"
    "HZpcnR1YWxzlE3BB4wGbWFza2VklEsAjAZlcnJvcnOUSwCM\\nBXNvZmFylE"
    "27A3ViLg==\\n\"}"
    "\n";

static const char build_started_line[] =
    "{\"class\": \"bb.event.BuildStarted\", \"vars\": \"gASVlgAAA"
    "AAAAACMCGJiLmV2ZW50lIwMQnVpbGRTdGFydGVklJOUKYGUfZQojANwaWSUS"
    "wCMA21z\\nZ5SMEEJ1aWxkaW5nIFN0YXJ0ZWSUjAVfbmFtZZSMDiR7REFURX"
    "0ke1RJTUV9lIwFX3BrZ3OUXZSM\\nG2NvcmUtaW1hZ2UtbWluaW1hbDpkb19"
    "idWlsZJRhjAlfZmFpbHVyZXOUSwB1Yi4=\\n\"}"
    "\n";

static const char task_started_line[] =
    "{\"class\": \"bb.build.TaskStarted\", \"vars\": \"gASVhwIAAA"
    "AAAACMCGJiLmJ1aWxklIwLVGFza1N0YXJ0ZWSUk5QpgZR9lCiMBV90YXNrlI"
    "wMZG9f\\ncmVjaXBlX3FhlIwDX2ZulIxdL2hvbWUvYnVpbGRlci9wb2t5L29"
    "lLWNvcmUvbWV0YS9yZWNpcGVz\\nLWV4dGVuZGVkL3RleGluZm8tZHVtbXkt"
    "bmF0aXZlL3RleGluZm8tZHVtbXktbmF0aXZlLmJilIwI\\nX3BhY2thZ2WUj"
    "Bt0ZXhpbmZvLWR1bW15LW5hdGl2ZS0xLjAtcjCUjANfbWOUjACUjAh0YXNrZ"
    "mls\\nZZRoCIwIdGFza25hbWWUaAaMB2xvZ2ZpbGWUjGIvaG9tZS9idWlsZG"
    "VyL3Bva3kvYnVpbGQvdG1w\\nL3dvcmsveDg2XzY0LWxpbnV4L3RleGluZm8"
    "tZHVtbXktbmF0aXZlLzEuMC90ZW1wL2xvZy5kb19y\\nZWNpcGVfcWEuMjE1"
    "M5SMBHRpbWWUR0HawLtM4nThjAJwbpSMFHRleGluZm8tZHVtbXktbmF0aXZl"
    "\\nlIwCcHaUjAMxLjCUjANwaWSUTWkIjAhfbWVzc2FnZZSMPnJlY2lwZSB0Z"
    "XhpbmZvLWR1bW15LW5h\\ndGl2ZS0xLjAtcjA6IHRhc2sgZG9fcmVjaXBlX3"
    "FhOiBTdGFydGVklIwJdGFza2ZsYWdzlH2UKIwG\\ncHl0aG9ulIwBMZSMBGZ"
    "1bmOUaByMCGZpbGVuYW1llIw9L2hvbWUvYnVpbGRlci9wb2t5L29lLWNv\\n"
    "cmUvbWV0YS9jbGFzc2VzLWdsb2JhbC9pbnNhbmUuYmJjbGFzc5SMBmxpbmVu"
    "b5SMBDE0NTaUjAR0\\nYXNrlEsBjARkZXBzlF2UjAdkZXBlbmRzlGgMdXViL"
    "g==\\n\"}"
    "\n";

static const char task_succeeded_line[] =
    "{\"class\": \"bb.build.TaskSucceeded\", \"vars\": \"gASV7AEA"
    "AAAAAACMCGJiLmJ1aWxklIwNVGFza1N1Y2NlZWRlZJSTlCmBlH2UKIwFX3Rh"
    "c2uUjAxk\\nb19yZWNpcGVfcWGUjANfZm6UjF0vaG9tZS9idWlsZGVyL3Bva"
    "3kvb2UtY29yZS9tZXRhL3JlY2lw\\nZXMtZXh0ZW5kZWQvdGV4aW5mby1kdW"
    "1teS1uYXRpdmUvdGV4aW5mby1kdW1teS1uYXRpdmUuYmKU\\njAhfcGFja2F"
    "nZZSMG3RleGluZm8tZHVtbXktbmF0aXZlLTEuMC1yMJSMA19tY5SMAJSMCHR"
    "hc2tm\\naWxllGgIjAh0YXNrbmFtZZRoBowHbG9nZmlsZZSMYi9ob21lL2J1"
    "aWxkZXIvcG9reS9idWlsZC90\\nbXAvd29yay94ODZfNjQtbGludXgvdGV4a"
    "W5mby1kdW1teS1uYXRpdmUvMS4wL3RlbXAvbG9nLmRv\\nX3JlY2lwZV9xYS"
    "4yMTUzlIwEdGltZZRHQdrAu0ziqfOMAnBulIwUdGV4aW5mby1kdW1teS1uYX"
    "Rp\\ndmWUjAJwdpSMAzEuMJSMA3BpZJRNaQiMCF9tZXNzYWdllIxAcmVjaXB"
    "lIHRleGluZm8tZHVtbXkt\\nbmF0aXZlLTEuMC1yMDogdGFzayBkb19yZWNp"
    "cGVfcWE6IFN1Y2NlZWRlZJR1Yi4=\\n\"}"
    "\n";

static const char completed_line[] =
    "{\"class\": \"bb.runqueue.runQueueTaskCompleted\", \"vars\":"
    " \"gASVRgIAAAAAAACMC2JiLnJ1bnF1ZXVllIwVcnVuUXVldWVUYXNrQ29tc"
    "GxldGVklJOUKYGUfZQo\\njAZ0YXNraWSUjGovaG9tZS9idWlsZGVyL3Bva3"
    "kvb2UtY29yZS9tZXRhL3JlY2lwZXMtZXh0ZW5k\\nZWQvdGV4aW5mby1kdW1"
    "teS1uYXRpdmUvdGV4aW5mby1kdW1teS1uYXRpdmUuYmI6ZG9fcmVjaXBl\\n"
    "X3FhlIwKdGFza3N0cmluZ5RoBowIdGFza25hbWWUjAxkb19yZWNpcGVfcWGU"
    "jAh0YXNrZmlsZZSM\\nXS9ob21lL2J1aWxkZXIvcG9reS9vZS1jb3JlL21ld"
    "GEvcmVjaXBlcy1leHRlbmRlZC90ZXhpbmZv\\nLWR1bW15LW5hdGl2ZS90ZX"
    "hpbmZvLWR1bW15LW5hdGl2ZS5iYpSMCHRhc2toYXNolIxAZDM3NmY3\\nZDZ"
    "mZWM3YmI1M2E0YzczZjk5OGE4OTMyMTdiYWIyY2Q0MDQyYTg3YjUzMDVhNTk"
    "yZTkxM2IzY2Ex\\nMpSMBXN0YXRzlGgAjA1SdW5RdWV1ZVN0YXRzlJOUKYGU"
    "fZQojAljb21wbGV0ZWSUSwGMB3NraXBw\\nZWSUSwCMBmZhaWxlZJRLAIwGY"
    "WN0aXZllEsDjA9zZXRzY2VuZV9hY3RpdmWUSwCMEHNldHNjZW5l\\nX2Nvdm"
    "VyZWSUSwCME3NldHNjZW5lX25vdGNvdmVyZWSUTYILjA5zZXRzY2VuZV90b3"
    "RhbJRNgguM\\nBXRvdGFslE2rFXVijANwaWSUSwB1Yi4=\\n\"}"
    "\n";

static const char build_completed_line[] =
    "{\"class\": \"bb.event.BuildCompleted\", \"vars\": \"gASVrQA"
    "AAAAAAACMCGJiLmV2ZW50lIwOQnVpbGRDb21wbGV0ZWSUk5QpgZR9lCiMA3B"
    "pZJRLAIwF\\ndG90YWyUTasVjANtc2eUjBJCdWlsZGluZyBTdWNjZWVkZWSU"
    "jAxfaW50ZXJydXB0ZWSUSwCMBV9u\\nYW1llIwOJHtEQVRFfSR7VElNRX2Uj"
    "AVfcGtnc5RdlIwSY29yZS1pbWFnZS1taW5pbWFslGGMCV9m\\nYWlsdXJlc5"
    "RLAHViLg==\\n\"}"
    "\n";

static const char variables_line[] =
    "{\"allvariables\": {\"MACHINE\": {\"v\": \"qemux86-64\", "
    "\"history\": [{\"v\": \"none\", \"op\": \"set\"}]}, "
    "\"AWS_SECRET_EXAMPLE\": {\"v\": \"no\"}, \"MACHINE_ARCH\": "
    "{\"v\": \"no\"}, \"BUILDNAME\": {\"v\": \"20261122132457\"}, "
    "\"DISTRO\": {\"v\": null}, \"PARALLEL_MAKE\": \"-j 1\"}}\n";

static const char *const whole[] = {parsed_line, warning_line,
    build_started_line, variables_line, heartbeat_line, task_started_line,
    task_succeeded_line, completed_line, build_completed_line};
#define NWHOLE (sizeof(whole) / sizeof(whole[0]))

/* Gives it in pieces of so many bytes. */
static void
add(struct event_log *e, const char *text, size_t piece)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i += piece)
		event_log_add(e, text + i, n - i < piece ? n - i : piece);
}

static const char *
value_of(const struct event_doc *d, const char *name)
{
	for (size_t i = 0; i < d->events.nvariables; i++)
		if (strcmp(d->events.variable[i].name, name) == 0)
			return d->events.variable[i].value;
	return NULL;
}

static void
check_whole(const struct event_doc *d)
{
	const int64_t *c = d->events.count;

	assert_string_equal(d->name, "20261122132457");
	assert_int_equal(d->ntargets, 1);
	assert_string_equal(d->targets[0], "core-image-minimal");
	assert_int_equal(d->outcome, OUTCOME_SUCCEEDED);
	assert_int_equal(d->started, INT64_C(1795353897973604));
	/* The task ended after the only heartbeat. */
	assert_true(d->ended > d->started);
	assert_int_equal(c[EVENT_TASKS], 5547);
	assert_int_equal(c[EVENT_SETSCENE], 2946);
	assert_int_equal(c[EVENT_SETSCENE_COVERED], 0);
	assert_int_equal(c[EVENT_RECIPES], 955);
	assert_int_equal(c[EVENT_INTERRUPTED], 0);
	assert_int_equal(c[EVENT_WARNINGS], 1);
	assert_int_equal(c[EVENT_ERRORS], 0);
	assert_int_equal(c[EVENT_EVENTS], NWHOLE);
	assert_int_equal(c[EVENT_UNREADABLE], 0);
	assert_int_equal(d->events.nvariables, 2);
	assert_string_equal(value_of(d, "MACHINE"), "qemux86-64");
	assert_null(value_of(d, "AWS_SECRET_EXAMPLE"));
	assert_int_equal(d->events.nmessages, 1);
	assert_string_equal(d->events.message[0].text,
	    "No bb files in default matched BBFILE_PATTERN_stub "
	    "'^/home/builder/poky/meta-stub/none/'");
}

static void
real_events(void **state)
{
	static const size_t pieces[] = {1, 7, 4096, 100000};
	struct event_log_options o = event_log_options_default;

	(void)state;
	o.tasks = true;
	for (size_t k = 0; k < sizeof(pieces) / sizeof(pieces[0]); k++) {
		CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
		CLEANUP(cleanup_log) struct event_log *e = event_log_new(a, &o);
		const struct event_task *t;
		size_t n;
		for (size_t i = 0; i < NWHOLE; i++)
			add(e, whole[i], pieces[k]);
		check_whole(event_log_end(e));
		t = event_log_tasks(e, &n);
		assert_int_equal(n, 1);
		assert_string_equal(t->pf, "texinfo-dummy-native-1.0-r0");
		assert_string_equal(t->recipe, "texinfo-dummy-native");
		assert_string_equal(t->task, "do_recipe_qa");
		assert_int_equal(t->started, INT64_C(1795353907538384));
		assert_int_equal(t->ended, INT64_C(1795353907541623));
		assert_int_equal(t->status, TASK_PASSED);
	}
}

/* A line that bitbake is still writing is nothing yet. */
static void
an_unfinished_line(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_log)
	struct event_log *e = event_log_new(a, &event_log_options_default);
	const struct event_doc *d;

	(void)state;
	add(e, warning_line, 100);
	event_log_add(e, warning_line, sizeof(warning_line) - 2);
	d = event_log_end(e);
	assert_int_equal(d->events.count[EVENT_WARNINGS], 1);
	assert_int_equal(d->events.count[EVENT_UNREADABLE], 0);
}

static void
what_can_not_be_read_is_counted(void **state)
{
	static const char *const broken[] = {
	    "{\"class\":\"logging.LogRecord\",\"vars\":\"@@@@\"}\n",
	    "{\"class\":\"logging.LogRecord\",\"vars\":\"Ti4=\"}\n",
	    "{\"class\":\"logging.LogRecord\"}\n",
	    "{\"class\":\"logging.LogRecord\",\"vars\":\"gA\n", "not JSON\n",
	    "\\\n"};
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_log)
	struct event_log *e = event_log_new(a, &event_log_options_default);
	const struct event_doc *d;
	size_t n = sizeof(broken) / sizeof(broken[0]);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		add(e, broken[i], 1000);
		add(e, warning_line, 1000);
	}
	d = event_log_end(e);
	assert_int_equal(d->events.count[EVENT_UNREADABLE], n);
	assert_int_equal(d->events.count[EVENT_WARNINGS], n);
}

/* A line may be of any length; one that is too long for us costs nothing. */
static void
a_line_that_is_too_long(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_log) struct event_log *e = NULL;
	struct event_log_options o = event_log_options_default;
	const struct event_doc *d;
	char zeros[4096];

	(void)state;
	o.line_bytes = 1 << 20;
	e = event_log_new(a, &o);
	memset(zeros, 'A', sizeof(zeros));
	add(e, "{\"class\":\"logging.LogRecord\",\"vars\":\"", 1000);
	for (int i = 0; i < 1024; i++)
		event_log_add(e, zeros, sizeof(zeros));
	add(e, "\"}\n", 1000);
	add(e, warning_line, 1000);
	d = event_log_end(e);
	assert_int_equal(d->events.count[EVENT_UNREADABLE], 1);
	assert_int_equal(d->events.count[EVENT_WARNINGS], 1);
	assert_in_range(arena_used(a), 1, 1 << 16);
}

static void
no_event_log(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_log)
	struct event_log *e = event_log_new(a, &event_log_options_default);

	(void)state;
	add(e, "{\"failures\":[]}\n[1,2]\n{}\n", 3);
	assert_null(event_log_end(e));
	assert_true(event_log_is(slice_of(variables_line)));
	assert_true(event_log_is(SLICE("\n {  \"class\": \"x\"")));
	assert_false(event_log_is(SLICE("{\"failures\": []}")));
	assert_false(event_log_is(SLICE("[\"class\"]")));
	assert_false(event_log_is(SLICE("")));
}

static void
texts_are_masked(void **state)
{
	static const char line[] =
	    "{\"allvariables\":{\"BBLAYERS\":{\"v\":\"/home/builder/meta "
	    "https://ada:pw1234@x/\"}}}\n";
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_log) struct event_log *e = NULL;
	struct event_log_options o = event_log_options_default;

	(void)state;
	o.mask = MASK_CREDENTIALS | MASK_HOMES;
	e = event_log_new(a, &o);
	add(e, line, 1000);
	assert_string_equal(value_of(event_log_end(e), "BBLAYERS"),
	    "/home/***/meta https://***@x/");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(real_events),
	    cmocka_unit_test(an_unfinished_line),
	    cmocka_unit_test(what_can_not_be_read_is_counted),
	    cmocka_unit_test(a_line_that_is_too_long),
	    cmocka_unit_test(no_event_log),
	    cmocka_unit_test(texts_are_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
