/*
 * log_words.c: see log_words.h.
 *
 * A log repeats its words, so an open table of hashes tells at once whether one
 * is new.
 */
#include "model/log_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"

#define WORD_MIN 3
#define WORD_MAX 40
#define SLOTS 65536 /* a power of two, three times LOG_WORDS_MAX */

struct log_words {
	int32_t list[LOG_WORDS_MAX];
	size_t n;
	/* the number of its entry in list + 1, 0 if free */
	uint16_t slot[SLOTS];
	/* the word that a piece may have cut */
	unsigned char word[WORD_MAX];
	size_t len; /* of all of it, of which WORD_MAX bytes are here */
	unsigned digits;
};

enum { OTHER, LETTER, DIGIT };

/* Which bytes make words, and as what. */
static unsigned char
kind_of(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return DIGIT;
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    c >= 0x80)
		return LETTER;
	return OTHER;
}

static unsigned char
lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : c;
}

/* FNV-1a, mixed so that its low bits depend on all of the word. */
static uint32_t
hash_of(const unsigned char *word, size_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < n; i++)
		h = (h ^ word[i]) * UINT64_C(0x100000001b3);
	return (uint32_t)(h ^ h >> 32);
}

struct log_words *
log_words_new(void)
{
	return must(calloc(1, sizeof(struct log_words)));
}

void
log_words_free(struct log_words *w)
{
	free(w);
}

static void
keep(struct log_words *w, int32_t hash)
{
	size_t at = (uint32_t)hash & (SLOTS - 1);

	for (; w->slot[at] != 0; at = (at + 1) & (SLOTS - 1))
		if (w->list[w->slot[at] - 1] == hash)
			return;
	if (w->n == LOG_WORDS_MAX)
		return;
	w->list[w->n++] = hash;
	w->slot[at] = (uint16_t)w->n;
}

static bool
is_kept(size_t len, unsigned digits)
{
	return len >= WORD_MIN && len <= WORD_MAX && digits <= len - digits;
}

static void
end_word(struct log_words *w)
{
	if (is_kept(w->len, w->digits))
		keep(w, (int32_t)hash_of(w->word, w->len));
	w->len = 0;
	w->digits = 0;
}

void
log_words_add(struct log_words *w, const char *data, size_t n)
{
	static unsigned char kinds[256];

	if (kinds['a'] == OTHER)
		for (unsigned c = 0; c < 256; c++)
			kinds[c] = kind_of((unsigned char)c);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)data[i];
		if (kinds[c] == OTHER) {
			if (w->len > 0)
				end_word(w);
			continue;
		}
		if (w->len < WORD_MAX)
			w->word[w->len] = lower(c);
		w->len++;
		w->digits += kinds[c] == DIGIT;
	}
}

static int
by_value(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

const int32_t *
log_words_end(struct log_words *w, size_t *n)
{
	end_word(w);
	qsort(w->list, w->n, sizeof(w->list[0]), by_value);
	/* the slots name places in the list that aren't theirs any more */
	memset(w->slot, 0, sizeof(w->slot));
	*n = w->n;
	return w->list;
}

/* Is all of s one word that log_words keeps? */
static bool
read_word(struct slice s, int32_t *hash)
{
	unsigned char word[WORD_MAX];
	unsigned digits = 0;

	if (s.n > WORD_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char kind = kind_of((unsigned char)s.p[i]);
		if (kind == OTHER)
			return false;
		digits += kind == DIGIT;
		word[i] = lower((unsigned char)s.p[i]);
	}
	if (!is_kept(s.n, digits))
		return false;
	*hash = (int32_t)hash_of(word, s.n);
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Takes the next term off *rest; a quote that is never closed ends with the
 * text. */
static bool
next_term(struct slice *rest, struct slice *text, bool *phrase)
{
	const char *end;

	while (rest->n > 0 && is_blank(rest->p[0]))
		*rest = (struct slice){rest->p + 1, rest->n - 1};
	if (rest->n == 0)
		return false;
	*phrase = rest->p[0] == '"';
	if (*phrase) {
		*rest = (struct slice){rest->p + 1, rest->n - 1};
		slice_cut(rest, '"', text);
		*text = slice_trim(*text);
		return true;
	}
	for (end = rest->p; end < rest->p + rest->n; end++)
		if (is_blank(*end) || *end == '"')
			break;
	*text = (struct slice){rest->p, (size_t)(end - rest->p)};
	*rest = (struct slice){end, rest->n - text->n};
	return true;
}

size_t
query_terms(
    struct arena *a, const char *text, struct query_term out[QUERY_TERMS_MAX])
{
	struct slice rest = slice_of(text), s;
	size_t n = 0;
	bool phrase;

	while (next_term(&rest, &s, &phrase)) {
		struct query_term t = {.phrase = phrase};
		if (s.n == 0)
			continue;
		if (n < QUERY_TERMS_MAX) {
			t.text = arena_strndup(a, s.p, s.n);
			t.is_word = read_word(s, &t.word);
			out[n] = t;
		}
		n++;
	}
	return n;
}
