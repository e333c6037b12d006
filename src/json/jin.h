/*
 * jin.h: reads a JSON document from outside, checked.
 *
 * Limits come first: bytes, depth (32), and the number of values, so that a
 * small document can't take much memory.  Getters say in one sentence what
 * is wrong where: "build.json: layers[2].commit: expected a string".
 */
#ifndef JSON_JIN_H
#define JSON_JIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct jin;

/* A value of a document, by where it is; lives as long as its parents. */
struct jin_at {
	const struct jin *in;
	void *value;
	const struct jin_at *parent; /* NULL at the top */
	const char *key;             /* in an object, else NULL */
	size_t index;                /* in an array */
};

/*
 * Parses a whole text.  name, borrowed, begins every sentence.  ERR_TOO_BIG
 * beyond max bytes, ERR_INPUT if it is no JSON.  Free with jin_free.
 */
enum err jin_parse(const char *name, struct slice text, size_t max,
    struct jin **out, struct errinfo *ei) MUST_CHECK;
void jin_free(struct jin *j);

/* The same with other limits than those for small documents. */
struct jin_limits {
	size_t bytes, containers, values;
	/* The text was made by jcut: bytes that are no UTF-8 may be in its
	 * strings, and sentences don't say at which byte. */
	bool rewritten;
};
enum err jin_parse_within(const char *name, struct slice text,
    const struct jin_limits *limits, struct jin **out,
    struct errinfo *ei) MUST_CHECK;
struct jin_at jin_top(const struct jin *j);

/* The value must be an object / an array of *n elements. */
enum err jin_object(const struct jin_at *at, struct errinfo *ei) MUST_CHECK;
enum err jin_array(
    const struct jin_at *at, size_t *n, struct errinfo *ei) MUST_CHECK;

/* A member of an object; false when it is missing or null. */
bool jin_member(const struct jin_at *at, const char *key, struct jin_at *out);
struct jin_at jin_element(const struct jin_at *at, size_t i);

/* The members of an object one by one, in their order; n of them. */
struct jin_members {
	size_t n;
	const struct jin_at *of;
	void *next;
};
enum err jin_members(const struct jin_at *at, struct jin_members *out,
    struct errinfo *ei) MUST_CHECK;
/* out->key is its name; false behind the last one. */
bool jin_members_next(struct jin_members *m, struct jin_at *out);

/* Scalars.  A text is scrubbed (utf8_scrub), trimmed, and at most max bytes
 * long. */
enum err jin_text(const struct jin_at *at, struct arena *a, size_t max,
    const char **out, struct errinfo *ei) MUST_CHECK;
/* The bytes of a string as they are, borrowed; false if it is none. */
bool jin_bytes(const struct jin_at *at, struct slice *out);
enum err jin_bool(
    const struct jin_at *at, bool *out, struct errinfo *ei) MUST_CHECK;
/* A whole number that fits / any finite number. */
enum err jin_integer(
    const struct jin_at *at, int64_t *out, struct errinfo *ei) MUST_CHECK;
enum err jin_real(
    const struct jin_at *at, double *out, struct errinfo *ei) MUST_CHECK;

/* The text of a member, left as it is when there is none. */
enum err jin_member_text(const struct jin_at *at, const char *key,
    struct arena *a, const char **out, struct errinfo *ei) MUST_CHECK;
#define JIN_TEXT_MAX 255 /* of jin_member_text */

/* Records "NAME: PATH: what" and returns ERR_INPUT. */
enum err jin_fail(
    const struct jin_at *at, const char *what, struct errinfo *ei);

/* Appends the document again, compact; \\u0000 becomes \\ufffd. */
void jin_write(const struct jin *j, struct buf *out);

/*
 * Appends a value, compact, the members of objects sorted by their bytes,
 * numbers as they mean: what is the same gives the same text.  Members of the
 * value itself that are called as in `without`, which ends with NULL or is
 * NULL, are left out.
 */
void jin_write_sorted(
    const struct jin_at *at, const char *const *without, struct buf *out);

#endif
