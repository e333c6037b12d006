/* test_events.c: event-log.json, and what is made of it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/event_doc.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

static const char document[] =
    "{\"version\":1,\"name\":\"20261122132457\",\"started\":1795353899.5,"
    "\"outcome\":\"failed\",\"targets\":[\"core-image-minimal\"],"
    "\"counts\":{\"warnings\":3,\"interrupted\":1,\"of_tomorrow\":\"x\"},"
    "\"variables\":{\"MACHINE\":\"qemux86-64\",\"BB_NUMBER_THREADS\":\"4\","
    "\"AWS_SECRET_EXAMPLE\":\"no\"},"
    "\"banner\":\"Build Configuration:\\nmeta = \\\"master:35a2\\\"\\n\","
    "\"recipes\":{\"foo-1.0-2-r0\":\"foo-1.0\"},"
    "\"failures\":[{\"kind\":\"provider\",\"recipe\":\"nope\","
    "\"text\":\"Nothing PROVIDES 'nope'\"}],"
    "\"messages\":[{\"level\":\"error\",\"class\":\"ldflags\","
    "\"recipe\":\"xz\",\"task\":\"do_package_qa\",\"text\":\"QA Issue: a "
    "[ldflags]\",\"time\":1795353907.25},"
    "{\"level\":\"warning\",\"class\":\"ldflags\",\"text\":\"b\"},"
    "{\"level\":\"warning\",\"class\":\"buildpaths\",\"text\":\"c\"},"
    "{\"level\":\"warning\",\"text\":\"d\"}]}";

static void
check_document(struct arena *a, const struct event_doc *d)
{
	struct env_facts f;

	assert_string_equal(d->name, "20261122132457");
	assert_int_equal(d->started, INT64_C(1795353899500000));
	assert_int_equal(d->ended, TIME_UNKNOWN);
	assert_int_equal(d->outcome, OUTCOME_FAILED);
	assert_int_equal(d->events.count[EVENT_WARNINGS], 3);
	assert_int_equal(d->events.count[EVENT_INTERRUPTED], 1);
	assert_int_equal(d->events.count[EVENT_ERRORS], COUNT_UNKNOWN);
	assert_int_equal(d->events.nvariables, 2);
	assert_int_equal(d->nnames, 1);
	assert_string_equal(d->names[0].pf, "foo-1.0-2-r0");
	assert_string_equal(d->names[0].recipe, "foo-1.0");
	assert_int_equal(d->nfailures, 1);
	assert_int_equal(d->failure[0].kind, FAILURE_NO_PROVIDER);
	assert_int_equal(d->events.nmessages, 4);
	assert_int_equal(d->events.message[0].seen, INT64_C(1795353907250000));
	assert_int_equal(d->events.message[1].seen, TIME_UNKNOWN);
	env_facts_init(&f);
	event_doc_environment(a, d, &f);
	assert_string_equal(f.env.machine, "qemux86-64");
	assert_string_equal(f.env.targets[0], "core-image-minimal");
	assert_int_equal(f.env.nlayers, 1);
	assert_string_equal(f.env.layers[0].commit, "35a2");
}

static void
it_reads_what_it_writes(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(buf_clear) struct buf again = BUF_INIT;
	struct event_doc d;
	struct errinfo ei;

	(void)state;
	assert_int_equal(
	    event_doc_read(a, "event-log.json", slice_of(document), &d, &ei),
	    ERR_OK);
	check_document(a, &d);
	event_doc_write(&again, &d);
	assert_null(strstr(again.data, "AWS_SECRET"));
	assert_int_equal(event_doc_read(a, "event-log.json",
			     (struct slice){again.data, again.len}, &d, &ei),
	    ERR_OK);
	check_document(a, &d);
}

static void
classes_stand_by_weight(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct event_doc d;
	struct errinfo ei;
	struct qa_class *c;
	size_t n;

	(void)state;
	assert_int_equal(
	    event_doc_read(a, "event-log.json", slice_of(document), &d, &ei),
	    ERR_OK);
	c = events_qa_classes(a, &d.events, &n);
	assert_int_equal(n, 2);
	assert_string_equal(c[0].name, "ldflags");
	assert_int_equal(c[0].errors, 1);
	assert_int_equal(c[0].warnings, 1);
	assert_string_equal(c[0].first->text, "QA Issue: a [ldflags]");
	assert_string_equal(c[1].name, "buildpaths");
}

static void
wrong_documents_are_refused(void **state)
{
	static const char *const wrong[][2] = {
	    {"[]", "event-log.json: expected an object"},
	    {"{\"counts\":{\"errors\":-1}}",
		"event-log.json: counts.errors: a negative number"},
	    {"{\"counts\":{\"errors\":1.5}}",
		"event-log.json: counts.errors: expected an integer"},
	    {"{\"counts\":{\"errors\":99999999999999999999}}",
		"event-log.json: counts.errors: too large a number"},
	    {"{\"messages\":[{\"level\":\"note\"}]}",
		"event-log.json: messages[0].level: neither warning nor error"},
	    {"{\"messages\":[7]}",
		"event-log.json: messages[0]: expected an object"},
	    {"{\"started\":1e300}", "event-log.json: started: no time"},
	    {"{\"name\":[]}", "event-log.json: name: expected a string"},
	    {"{\"recipes\":{\"a\":null}}",
		"event-log.json: recipes.a: expected a string"},
	};
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct event_doc d;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct errinfo ei = {0};
		assert_int_equal(event_doc_read(a, "event-log.json",
				     slice_of(wrong[i][0]), &d, &ei),
		    ERR_INPUT);
		assert_string_equal(ei.text, wrong[i][1]);
	}
}

/* Whatever was gathered, a server takes the document. */
static void
a_long_list_is_cut(void **state)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(buf_clear) struct buf out = BUF_INIT;
	struct build_message *m = arena_calloc(a, MESSAGES_MAX, sizeof(*m));
	char text[MESSAGE_TEXT_MAX + 1];
	struct event_doc d;
	struct errinfo ei;

	(void)state;
	memset(text, '"', MESSAGE_TEXT_MAX);
	text[MESSAGE_TEXT_MAX] = '\0';
	event_doc_init(&d);
	for (size_t i = 0; i < MESSAGES_MAX; i++)
		m[i] = (struct build_message){
		    MESSAGE_WARNING, "", "", "", "", text, TIME_UNKNOWN};
	d.events.message = m;
	d.events.nmessages = MESSAGES_MAX;
	event_doc_write(&out, &d);
	assert_true(out.len < EVENT_DOC_MAX);
	assert_int_equal(event_doc_read(a, "event-log.json",
			     (struct slice){out.data, out.len}, &d, &ei),
	    ERR_OK);
	assert_in_range(d.events.nmessages, 500, MESSAGES_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_reads_what_it_writes),
	    cmocka_unit_test(classes_stand_by_weight),
	    cmocka_unit_test(wrong_documents_are_refused),
	    cmocka_unit_test(a_long_list_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
