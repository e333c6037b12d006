/* scan.h: small steps of reading text byte by byte. */
#ifndef MODEL_SCAN_H
#define MODEL_SCAN_H

#include <string.h>

#include "base/str.h"

/* NUL behind the end. */
static inline char
byte_at(struct slice s, size_t at)
{
	return at < s.n ? s.p[at] : '\0';
}

/* What is left behind so many bytes. */
static inline struct slice
slice_from(struct slice s, size_t at)
{
	if (at > s.n)
		at = s.n;
	/* an empty slice may be of nothing */
	return at > 0 ? (struct slice){s.p + at, s.n - at} : s;
}

/* Is c in set?  NUL never is. */
static inline bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
slice_contains(struct slice s, const char *text)
{
	return s.n > 0 && memmem(s.p, s.n, text, strlen(text)) != NULL;
}

#endif
