/*
 * log_words.h: words of a log for the search, and words of what is asked.
 *
 * A word is a run of letters, digits and '_' (bytes above 0x7f count as
 * letters) of 3 to 40 bytes, lower case in ASCII, kept as the low 32 bits of
 * a hash: a few false matches in millions are the price of an index that
 * is a tenth of the text.  Words with more digits than letters aren't kept.
 */
#ifndef MODEL_LOG_WORDS_H
#define MODEL_LOG_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct log_words;

#define LOG_WORDS_MAX 20000 /* distinct ones of one log */

/* Collects the words of a log, given in pieces that may cut words. */
struct log_words *log_words_new(void);
void log_words_free(struct log_words *w);
void log_words_add(struct log_words *w, const char *data, size_t n);
/* Sorted, each once; borrowed. */
const int32_t *log_words_end(struct log_words *w, size_t *n);

#define QUERY_TERMS_MAX 16

struct query_term {
	const char *text; /* a word, or a phrase that stood in quotes */
	bool phrase;
	bool is_word; /* one that log_words would keep */
	int32_t word; /* its hash */
};

/* Cuts what was asked into terms; returns how many there are, which may be
 * more than QUERY_TERMS_MAX, of which only so many are written. */
size_t query_terms(
    struct arena *a, const char *text, struct query_term out[QUERY_TERMS_MAX]);

#endif
