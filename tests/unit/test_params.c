/* test_params.c: query strings, typed and matched by whole names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/build.h"
#include "web/params.h"

/* But for those that share a name with another, of other routes. */
#define ALL (~(PARAM(P_BUILDS) | PARAM(P_LEAST) | PARAM(P_NUMBER)))
#define NOW INT64_C(1795352027000000)

static int
set_up(void **state)
{
	*state = arena_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static void
good_values(void **state)
{
	struct param_values v;
	struct errinfo ei = {0};

	assert_int_equal(
	    params_read(*state,
		"machine=qemu%78%38%36-64&q=+a+%2Bb+&page=3&min=2.5&per=1000"
		"&status=failed&status=incomplete&tag=&nope=%zz&=&&pag=9"
		"&since=2026-11-22&until=2026-11-22&build=7",
		ALL, NOW, &v, &ei),
	    ERR_OK);
	assert_string_equal(v.value[P_MACHINE].text[0], "qemux86-64");
	assert_string_equal(v.value[P_Q].text[0], "a +b");
	assert_int_equal(v.value[P_PAGE].i, 3);
	assert_true(v.value[P_MIN].d == 2.5);
	assert_int_equal(v.value[P_PER].i, 1000);
	assert_false(v.all);
	assert_int_equal(v.value[P_STATUS].n, 2);
	assert_string_equal(v.value[P_STATUS].text[1], "incomplete");
	assert_int_equal(v.value[P_TAG].n, 0);
	assert_int_equal(v.value[P_BUILD].i, 7);
	assert_int_equal(
	    v.value[P_UNTIL].i - v.value[P_SINCE].i, INT64_C(86400000000));
}

static void
fallbacks(void **state)
{
	struct param_values v;
	struct errinfo ei = {0};

	assert_int_equal(
	    params_read(*state, "since=7d", ALL, NOW, &v, &ei), ERR_OK);
	assert_int_equal(v.value[P_SINCE].i, NOW - 7 * INT64_C(86400000000));
	assert_int_equal(v.value[P_PAGE].i, 1);
	assert_int_equal(v.value[P_PER].i, 100);
	assert_true(v.value[P_UNTIL].i == TIME_UNKNOWN);
	assert_int_equal(v.value[P_MACHINE].n, 0);
}

static void
bad_values(void **state)
{
	static const struct {
		const char *query, *names;
	} cases[] = {
	    {"page=0", "page"},
	    {"page=1e3", "page"},
	    {"page=1000001", "page"},
	    {"page=-1", "page"},
	    {"page=99999999999999999999", "page"},
	    {"per=1001", "per"},
	    {"per=All", "per"},
	    {"per=0", "per"},
	    {"min=nan", "min"},
	    {"min=-1", "min"},
	    {"min=inf", "min"},
	    {"min=0x10", "min"},
	    {"since=2026-02-30", "since"},
	    {"since=yesterday", "since"},
	    {"until=9999999999999999999d", "until"},
	    {"status=broken", "status"},
	    {"status=", NULL},
	    {"machine=a&machine=b", "machine"},
	    {"machine=&machine=b", "machine"},
	    {"machine=%", "machine"},
	    {"machine=%4", "machine"},
	    {"machine=%00", "machine"},
	    {"machine=%ff", "machine"},
	    {"machine=%1b[1m", "machine"},
	    {"build=0", "build"},
	    {"build=2147483648", "build"},
	    {"m=1", NULL},
	    {"Page=x", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct param_values v;
		struct errinfo ei = {0};
		enum err err =
		    params_read(*state, cases[i].query, ALL, NOW, &v, &ei);
		if (cases[i].names == NULL) {
			assert_int_equal(err, ERR_OK);
			continue;
		}
		assert_int_equal(err, ERR_INPUT);
		assert_non_null(strstr(ei.text, cases[i].names));
	}
}

/* What a route doesn't declare is ignored, right or wrong. */
static void
undeclared(void **state)
{
	struct param_values v;
	struct errinfo ei = {0};

	assert_int_equal(
	    params_read(*state, "page=x&per=2", PARAM(P_PER), NOW, &v, &ei),
	    ERR_OK);
	assert_int_equal(v.value[P_PER].i, 2);
	assert_int_equal(v.value[P_PAGE].i, 1);
}

static void
limits(void **state)
{
	struct param_values v;
	struct errinfo ei = {0};
	struct buf b = BUF_INIT;

	for (int i = 0; i < 201; i++)
		buf_adds(&b, "a=1&");
	assert_int_equal(
	    params_read(*state, b.data, ALL, NOW, &v, &ei), ERR_INPUT);
	buf_reset(&b);
	buf_adds(&b, "q=");
	for (int i = 0; i < 256; i++)
		buf_addc(&b, 'x');
	assert_int_equal(
	    params_read(*state, b.data, ALL, NOW, &v, &ei), ERR_INPUT);
	b.data[b.len - 1] = '\0';
	assert_int_equal(
	    params_read(*state, b.data, ALL, NOW, &v, &ei), ERR_OK);
	buf_reset(&b);
	for (int i = 0; i < 17; i++)
		buf_addf(&b, "tag=%d&", i);
	assert_int_equal(
	    params_read(*state, b.data, ALL, NOW, &v, &ei), ERR_INPUT);
	buf_reset(&b);
	for (int i = 0; i < 9000; i++)
		buf_addc(&b, 'x');
	assert_int_equal(
	    params_read(*state, b.data, ALL, NOW, &v, &ei), ERR_INPUT);
	buf_clear(&b);
}

/* The table itself: ranges make sense; names are unique in each route. */
static void
table(void **state)
{
	for (size_t p = 0; p < P__MAX; p++) {
		const struct param_spec *s = &param_specs[p];
		assert_non_null(s->name);
		assert_non_null(s->summary);
		assert_true(s->min <= s->max);
		assert_true(s->type != PARAM_TEXT || s->max > 0);
		assert_true((s->type == PARAM_WORD) == (s->words != NULL));
		assert_true(strlen(param_takes(*state, (enum param)p)) > 0);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(good_values),
	    TEST(fallbacks),
	    TEST(bad_values),
	    TEST(undeclared),
	    TEST(limits),
	    TEST(table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
