/*
 * jcut.h: takes the strings ARRAY[i].KEY out of a JSON document while it
 * streams by: they may be megabytes, and json-c would hold each of them three
 * times.
 *
 * What is left is the document with these strings empty and its other strings
 * cut at a limit, written so that a strict parser takes it: control bytes
 * that stood there as they are become escapes.  It is not checked here; what
 * is no JSON stays none.
 *
 * Strings are decoded leniently, so that no log is refused: half a surrogate
 * pair and an escape that is none give U+FFFD, \u0000 gives a NUL, bytes that
 * are no UTF-8 pass.
 */
#ifndef JSON_JCUT_H
#define JSON_JCUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct jcut_sink {
	/* An object of the array begins. */
	void (*element)(void *arg, size_t index);
	/* A string that is taken out: of element `index`, in pieces. */
	void (*begin)(void *arg, size_t index);
	void (*data)(void *arg, const char *p, size_t n);
	void (*end)(void *arg);
	/* What another string has beyond the limit, in pieces. */
	void (*cut)(void *arg, const char *p, size_t n);
	void *arg;
};

struct jcut_options {
	const char *array, *key; /* of the strings; borrowed */
	size_t string_max;       /* bytes kept of each other string */
	size_t rest_max;         /* bytes kept of the document */
};

struct jcut;

struct jcut *jcut_new(
    const struct jcut_options *options, const struct jcut_sink *sink);
void jcut_free(struct jcut *j);
void jcut_add(struct jcut *j, const char *p, size_t n);

/* What is left of the document, borrowed; its buf has failed if there was more
 * than rest_max. */
struct buf *jcut_rest(struct jcut *j);

#endif
