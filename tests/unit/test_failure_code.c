/* test_failure_code.c: src/model/failure_code.c. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/failure_code.h"

static void
every_number_reads_back(void **state)
{
	static const int ends[] = {1, 2, 1 << 29, (1 << 30) - 1, 1 << 30,
	    (1 << 30) + 1, INT_MAX - 1, INT_MAX};
	char code[FAILURE_CODE_MAX];
	int back;

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		assert_true(
		    failure_code_read(failure_code(code, ends[i]), &back));
		assert_int_equal(back, ends[i]);
		assert_int_equal(strlen(code), ends[i] <= 1 << 30 ? 6 : 7);
	}
	for (int id = 1; id < 1 << 30; id += 9973) {
		assert_true(failure_code_read(failure_code(code, id), &back));
		assert_int_equal(back, id);
	}
}

/* Addresses that were given out must lead to the same failure for ever. */
static void
codes_never_change(void **state)
{
	static const struct {
		int id;
		const char *code;
	} known[] = {{1, "nykcza"}, {2, "4zt5x6"}, {1000, "rbmaba"},
	    {1234567, "ctafw5"}, {1 << 30, "vbvgnx"},
	    {(1 << 30) + 1, "rr3d594"}, {INT_MAX, "vjz6926"}};
	char code[FAILURE_CODE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		assert_string_equal(
		    failure_code(code, known[i].id), known[i].code);
}

static int
letters_that_differ(const char *a, const char *b)
{
	int n = 0;

	for (; *a != '\0'; a++, b++)
		n += *a != *b;
	return n;
}

static void
neighbours_look_different(void **state)
{
	char one[FAILURE_CODE_MAX], two[FAILURE_CODE_MAX];
	int alike = 0;

	(void)state;
	for (int id = 1; id < 100000; id++) {
		int n = letters_that_differ(
		    failure_code(one, id), failure_code(two, id + 1));
		assert_int_not_equal(n, 0);
		alike += n < 3;
	}
	assert_true(alike < 1000);
}

/* Of a hundred thousand failures hardly any is one letter away from another. */
static void
mistyped_codes_name_nothing(void **state)
{
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
	char code[FAILURE_CODE_MAX];
	int back, wrong = 0, tried = 0;

	(void)state;
	for (int id = 1; id < 100000; id += 101) {
		failure_code(code, id);
		for (int at = 0; at < 6; at++) {
			char was = code[at];
			for (const char *c = letters; *c != '\0'; c++) {
				code[at] = *c;
				assert_true(failure_code_read(code, &back));
				wrong += *c != was && back < 100000;
				tried++;
			}
			code[at] = was;
		}
	}
	/* chance alone gives 100,000 of 2^30, which is 1 of 10,700 */
	assert_true(wrong < tried / 1000);
}

static void
reads_what_people_type(void **state)
{
	char code[FAILURE_CODE_MAX];
	int id, back;

	(void)state;
	assert_true(failure_code_read("ABCDEF", &id));
	assert_true(failure_code_read("abcdef", &back));
	assert_int_equal(id, back);
	assert_true(failure_code_read("OiLabc", &id));
	assert_true(failure_code_read("011abc", &back));
	assert_int_equal(id, back);
	assert_string_equal(failure_code(code, id), "011abc");
}

static void
refuses_what_names_no_failure(void **state)
{
	static const char *const wrong[] = {"", "a", "abcde", "abcdefgh",
	    "abcdeu", "abcde-", "abc ef", "abcde\xc3", "zzzzzzzzzzzzzzzzzzz",
	    "0000000"};
	int id = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(failure_code_read(wrong[i], &id));
	assert_int_equal(id, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_number_reads_back),
	    cmocka_unit_test(codes_never_change),
	    cmocka_unit_test(neighbours_look_different),
	    cmocka_unit_test(mistyped_codes_name_nothing),
	    cmocka_unit_test(reads_what_people_type),
	    cmocka_unit_test(refuses_what_names_no_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
