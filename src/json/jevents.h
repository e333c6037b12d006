/*
 * jevents.h: a JSON document (RFC 8259) as events, while it streams by.
 *
 * For documents whose strings may be hundreds of megabytes: nothing is held
 * but a piece of the string at hand.  The grammar is checked, so that what has
 * no error was a document.  Strings are decoded leniently (jtext.h); bytes
 * that are no UTF-8 pass.
 */
#ifndef JSON_JEVENTS_H
#define JSON_JEVENTS_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum jevent {
	JEVENT_OBJECT,
	JEVENT_OBJECT_END,
	JEVENT_ARRAY,
	JEVENT_ARRAY_END,
	JEVENT_KEY,  /* text: the key, at most JEVENTS_KEY_MAX bytes of it */
	JEVENT_TEXT, /* a string begins */
	JEVENT_PIECE,
	JEVENT_TEXT_END,
	JEVENT_NUMBER, /* text: as it is written */
	JEVENT_TRUE,
	JEVENT_FALSE,
	JEVENT_NULL
};

#define JEVENTS_KEY_MAX 4096
#define JEVENTS_DEPTH_MAX 64

/* What it returns, with ei set, ends the reading. */
typedef enum err (*jevent_fn)(
    void *arg, enum jevent event, struct slice text, struct errinfo *ei);

struct jevents;

/* name, borrowed, begins the sentences: "NAME: not JSON at byte 7: ...". */
struct jevents *jevents_new(const char *name, jevent_fn fn, void *arg);
void jevents_free(struct jevents *j);
/* Forgets what came: another document begins. */
void jevents_restart(struct jevents *j);
/* ERR_INPUT if it is no JSON, or what fn returned; do not go on after that. */
enum err jevents_add(
    struct jevents *j, const char *p, size_t n, struct errinfo *ei) MUST_CHECK;
/* ERR_INPUT if it ends early. */
enum err jevents_end(struct jevents *j, struct errinfo *ei) MUST_CHECK;
/* The byte that the event at hand begins at, or with which it became known. */
uint64_t jevents_position(const struct jevents *j);

#endif
