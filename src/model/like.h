/* like.h: words of a search as patterns for LIKE. */
#ifndef MODEL_LIKE_H
#define MODEL_LIKE_H

#include <stddef.h>

struct arena;

/* "%word%", special characters escaped. */
char *like_pattern(struct arena *a, const char *word);

/*
 * Cuts a text at blanks and writes "%word%" for each word, its special
 * characters escaped.  Returns the number of words, which may be more than
 * max, of which only max are written.
 */
size_t like_patterns(
    struct arena *a, const char *text, const char **out, size_t max);

#endif
