/*
 * flat_doc.h: a document of JSON or XML as its scalars, each with the names
 * that lead to it: objects' keys and arrays' numbers; elements and, with '@'
 * in front, attributes, of which "name" comes first.
 *
 * For documents that others wrote and of which some numbers are wanted:
 * deeper levels and the ends of long texts are left out.
 */
#ifndef MODEL_FLAT_DOC_H
#define MODEL_FLAT_DOC_H

#include "base/err.h"
#include "base/str.h"

#define FLAT_DEPTH_MAX 12
#define FLAT_TEXT_MAX ((size_t)16 << 10)

struct flat_path {
	size_t n;
	struct slice key[FLAT_DEPTH_MAX];
};

/* Slices live until it returns; null is "".  An error ends the reading. */
typedef enum err (*flat_fn)(void *arg, const struct flat_path *path,
    struct slice value, struct errinfo *ei);

/* name begins the sentences.  ERR_INPUT if it is no such document. */
enum err flat_json(const char *name, struct slice text, flat_fn fn, void *arg,
    struct errinfo *ei) MUST_CHECK;

/* XML 1.0 in UTF-8, without document types: the five entities and numbers are
 * all that is replaced. */
enum err flat_xml(const char *name, struct slice text, flat_fn fn, void *arg,
    struct errinfo *ei) MUST_CHECK;

/* Do the names from `at` on begin with these? */
bool flat_is(const struct flat_path *p, size_t at, const char *key);

#endif
