/*
 * mask_find.h: where in a line stands what a rule of mask.h takes out?
 *
 * Each finder only looks ahead, so that calling it with growing `from` costs
 * no more than reading the line a few times.
 */
#ifndef MODEL_MASK_FIND_H
#define MODEL_MASK_FIND_H

#include "model/mask.h"

struct mask_span {
	size_t start, end;
	bool opens_key; /* a private key begins and doesn't end in the line;
			   the span may be empty */
};

/* The first span that starts at or after from. */
typedef bool (*mask_find_fn)(
    struct slice line, size_t from, struct mask_span *out);

struct mask_finder {
	enum mask_rule rule;
	mask_find_fn find;
};

#define MASK_FINDERS 9
extern const struct mask_finder mask_finders[MASK_FINDERS];

/* Secrets by their names and prefixes, and private keys: mask_secret.c. */
bool mask_find_secret(struct slice line, size_t from, struct mask_span *out);

#endif
