/*
 * str.h: checked reading of small texts.  Every function looks at exactly
 * n bytes, needs no terminating NUL, and accepts nothing but the whole of it.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A borrowed stretch of bytes. */
struct slice {
	const char *p;
	size_t n;
};

#define SLICE(lit) ((struct slice){(lit), sizeof(lit) - 1})

struct slice slice_of(const char *s); /* NULL gives an empty slice */
bool slice_is(struct slice s, const char *text);
bool slice_starts(struct slice s, const char *prefix);
bool slice_ends(struct slice s, const char *suffix);
struct slice slice_trim(struct slice s); /* blanks, tabs, CR, LF both ends */

/* Cuts *rest before the first c; false and *head = *rest if there is none. */
bool slice_cut(struct slice *rest, char c, struct slice *head);

/* Takes one line off *rest (without LF); false when nothing is left. */
bool slice_line(struct slice *rest, struct slice *line);

/* Decimal integers, optional sign, no blanks, overflow refused. */
bool str_to_i64(const char *s, size_t n, int64_t *out);
bool str_to_u64(const char *s, size_t n, uint64_t *out);

/* A finite decimal number as Python prints it; inf and nan are refused. */
bool str_to_double(const char *s, size_t n, double *out);

/*
 * The shortest text that reads back as d, as Python's repr prints it
 * ("0.1", "1e-06", "3.0").  Writes at most 32 bytes with the NUL; returns the
 * length.
 */
size_t str_from_double(char out[32], double d);

/* Dates of queries: "2026-11-22", "2026-11-22T12:53:47Z"; UTC; µs. */
bool str_to_time(const char *s, size_t n, int64_t *us);
/* "2026-11-22T12:53:47Z", with ".25" when the µs are not 0; 32 bytes. */
size_t str_from_time(char out[32], int64_t us);

/* "0123..." of n bytes; out needs 2n+1.  And back; false if not hex. */
void str_to_hex(char *out, const void *data, size_t n);
bool str_from_hex(void *out, const char *hex, size_t n);

/* A canonical UUID text, any case; writes 16 bytes. */
bool str_to_uuid(const char *s, size_t n, unsigned char out[16]);

/* UTF-8 without controls other than tab and LF, and without marks that
 * reverse text: fit for XML, SQL and pages. */
bool utf8_clean(const void *s, size_t n);
/* A clean copy: bytes that don't belong become U+FFFD. */
char *utf8_scrub(struct arena *a, const void *s, size_t n);
/* A clean text, or a copy of what fits into max bytes of it. */
const char *utf8_cut(struct arena *a, const char *s, size_t max);

#endif
