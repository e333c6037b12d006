/* content.h: the hashes that name a build and what was read of it. */
#ifndef MODEL_CONTENT_H
#define MODEL_CONTENT_H

#include "model/build.h"

/*
 * b->content: SHA-256 over everything in b but identity, in an order of its
 * own, so that the order of members in a tar doesn't matter.
 */
void build_hash_content(struct arena *a, struct build *b);

/* b->identity; start is the time as written in build_stats. */
void build_hash_identity(struct build *b, struct slice start);

#endif
