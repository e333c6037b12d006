/*
 * pickle.h: reads a Python pickle as data.
 *
 * A pickle is a program that builds objects; Python's own reader calls whatever
 * it names.  This one runs nothing: objects become nodes that say which class
 * they are and which state they had, and what a call would have made is an
 * opaque node.  Protocols 2 to 5, and of their opcodes those that bitbake's
 * events are made of.
 *
 * Source of the format: Python's pickletools.
 */
#ifndef MODEL_PICKLE_H
#define MODEL_PICKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct arena;

enum pickle_kind {
	PICKLE_NONE,
	PICKLE_BOOL, /* integer: 0, 1 */
	PICKLE_INTEGER,
	PICKLE_REAL,
	PICKLE_TEXT, /* bytes, mostly UTF-8 */
	PICKLE_BYTES,
	PICKLE_LIST,  /* lists, tuples, sets */
	PICKLE_DICT,  /* items: key, value, key, value ... */
	PICKLE_CLASS, /* text: "module.name" */
	PICKLE_OBJECT,
	PICKLE_OPAQUE /* the result of a call, an integer beyond 64 bits */
};

struct pickle {
	enum pickle_kind kind;
	uint32_t depth; /* of nodes below it, as it was made */
	union {
		int64_t integer;
		double real;
		struct slice text; /* borrowed from what was read */
		struct {
			struct pickle **item;
			size_t n, cap;
		} list;
		struct {
			const struct pickle *type;  /* PICKLE_CLASS */
			const struct pickle *state; /* or NULL */
		} object;
	};
};

#define PICKLE_DEPTH_MAX 64
#define PICKLE_NODES_MAX ((size_t)1000000)

/*
 * Reads one pickle; what is behind its end isn't looked at.  nodes: how many
 * there may be, counted each time that one is put on the stack; memory stays
 * at a hundred bytes each.  All of it lives in a.  ERR_INPUT, ERR_TOO_BIG: the
 * sentence says at which byte.
 *
 * The result may contain itself: walk no further than you know the way.
 */
enum err pickle_read(struct arena *a, struct slice bytes, size_t nodes,
    const struct pickle **out, struct errinfo *ei) MUST_CHECK;

/* What of an object or dictionary has this name; NULL if nothing has. */
const struct pickle *pickle_get(const struct pickle *p, const char *name);

/* Of what pickle_get gives: empty, or `otherwise`, if it is something else. */
struct slice pickle_text(const struct pickle *p);
int64_t pickle_integer(const struct pickle *p, int64_t otherwise);
/* Seconds, numbers of either kind; NAN. */
double pickle_real(const struct pickle *p);
/* Elements of a list, tuple or set; 0 if it is none. */
size_t pickle_count(const struct pickle *p);
const struct pickle *pickle_item(const struct pickle *p, size_t i);

#endif
