/* test_log_words.c: words of logs and of what is searched for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/log_words.h"

/* What a search for this word alone would look for. */
static bool
hash_of(const char *word, int32_t *hash)
{
	struct query_term term[QUERY_TERMS_MAX];
	struct arena *a = arena_new(0);
	bool is_word = query_terms(a, word, term) == 1 && term[0].is_word;

	*hash = is_word ? term[0].word : 0;
	arena_free(a);
	return is_word;
}

static bool
has(const int32_t *list, size_t n, const char *word)
{
	int32_t hash;

	assert_true(hash_of(word, &hash));
	for (size_t i = 0; i < n; i++)
		if (list[i] == hash)
			return true;
	return false;
}

static void
words_are_found(void **state)
{
	static const char log[] =
	    "x.c:5: error: 'zlib_Init2' undeclared; see ../Makefile.in\n"
	    "a ab 1234 12ab 12abc \xc3\xa4\xc3\xb6 end";
	struct log_words *w = log_words_new();
	const int32_t *list;
	size_t n;

	(void)state;
	log_words_add(w, log, sizeof(log) - 1);
	list = log_words_end(w, &n);
	assert_true(has(list, n, "error"));
	assert_true(has(list, n, "zlib_init2"));
	assert_true(has(list, n, "ZLIB_INIT2"));
	assert_true(has(list, n, "Undeclared"));
	assert_true(has(list, n, "makefile"));
	assert_true(has(list, n, "12ab"));
	assert_true(has(list, n, "12abc"));
	assert_true(has(list, n, "\xc3\xa4\xc3\xb6"));
	assert_true(has(list, n, "end"));
	assert_false(has(list, n, "zlib"));
	/* error zlib_init2 undeclared see makefile 12ab 12abc äö end */
	assert_int_equal(n, 9);
	for (size_t i = 1; i < n; i++)
		assert_true(list[i - 1] < list[i]);
	log_words_free(w);
}

static void
pieces_may_cut_words(void **state)
{
	static const char log[] = "undefined reference to frobnicate_it 12345";
	struct log_words *one = log_words_new(), *two = log_words_new();
	const int32_t *a, *b;
	size_t n, m;

	(void)state;
	log_words_add(one, log, sizeof(log) - 1);
	for (size_t i = 0; i < sizeof(log) - 1; i++)
		log_words_add(two, log + i, 1);
	a = log_words_end(one, &n);
	b = log_words_end(two, &m);
	assert_int_equal(n, 3);
	assert_int_equal(n, m);
	assert_memory_equal(a, b, n * sizeof(*a));
	log_words_free(one);
	log_words_free(two);
}

static void
lengths_and_digits_count(void **state)
{
	static const char forty[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmn";
	int32_t hash;

	(void)state;
	assert_true(hash_of("abc", &hash));
	assert_false(hash_of("ab", &hash));
	assert_int_equal(strlen(forty), 40);
	assert_true(hash_of(forty, &hash));
	assert_false(
	    hash_of("abcdefghijklmnopqrstuvwxyzabcdefghijklmno", &hash));
	assert_true(hash_of("ab12", &hash));
	assert_false(hash_of("a12", &hash));
	assert_false(hash_of("1234", &hash));
	assert_true(hash_of("__a", &hash));
	assert_false(hash_of("a-b-c", &hash));
	assert_false(hash_of("foo.bar", &hash));
}

static void
there_is_a_most(void **state)
{
	CLEANUP(buf_clear) struct buf b = BUF_INIT;
	struct log_words *w = log_words_new();
	const int32_t *list;
	size_t n;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_addf(&b, "word_%c%c%c%c_x ", 'a' + i % 26,
		    'a' + i / 26 % 26, 'a' + i / 676 % 26,
		    'a' + i / 17576 % 26);
	log_words_add(w, b.data, b.len);
	list = log_words_end(w, &n);
	assert_int_equal(n, LOG_WORDS_MAX);
	for (size_t i = 1; i < n; i++)
		assert_true(list[i - 1] < list[i]);
	assert_true(has(list, n, "word_aaaa_x"));
	log_words_free(w);
}

static void
nothing_has_no_words(void **state)
{
	struct log_words *w = log_words_new();
	size_t n = 7;

	(void)state;
	log_words_add(w, "\0\0 \n", 4);
	log_words_end(w, &n);
	assert_int_equal(n, 0);
	log_words_free(w);
}

static void
terms(void **state)
{
	struct query_term t[QUERY_TERMS_MAX];
	struct arena *a = arena_new(0);

	(void)state;
	assert_int_equal(
	    query_terms(a, " zlib \"no such file\"  x.c:5 ", t), 3);
	assert_string_equal(t[0].text, "zlib");
	assert_true(t[0].is_word && !t[0].phrase);
	assert_string_equal(t[1].text, "no such file");
	assert_true(!t[1].is_word && t[1].phrase);
	assert_string_equal(t[2].text, "x.c:5");
	assert_true(!t[2].is_word && !t[2].phrase);
	assert_int_equal(query_terms(a, "one\"two three", t), 2);
	assert_string_equal(t[0].text, "one");
	assert_string_equal(t[1].text, "two three");
	assert_true(t[1].phrase);
	assert_int_equal(query_terms(a, "\"zlib\"", t), 1);
	assert_true(t[0].phrase && t[0].is_word);
	assert_int_equal(query_terms(a, "", t), 0);
	assert_int_equal(query_terms(a, " \t\n", t), 0);
	assert_int_equal(query_terms(a, "\"", t), 0);
	assert_int_equal(query_terms(a, "\"\" \" \" x", t), 1);
	assert_string_equal(t[0].text, "x");
	assert_int_equal(
	    query_terms(a, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18", t),
	    18);
	assert_string_equal(t[15].text, "16");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_are_found),
	    cmocka_unit_test(pieces_may_cut_words),
	    cmocka_unit_test(lengths_and_digits_count),
	    cmocka_unit_test(there_is_a_most),
	    cmocka_unit_test(nothing_has_no_words),
	    cmocka_unit_test(terms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
