/* flat_path.h: the path at hand; internal to flat_doc.h. */
#ifndef MODEL_FLAT_PATH_H
#define MODEL_FLAT_PATH_H

#include "base/buf.h"
#include "model/flat_doc.h"

struct flat_stack {
	size_t depth; /* also of what is too deep to be told */
	size_t end[FLAT_DEPTH_MAX];
	struct buf keys;
};

/* The next level is called so; what was there is forgotten. */
void flat_push(struct flat_stack *s, struct slice key);
void flat_pop(struct flat_stack *s);
enum err flat_tell(struct flat_stack *s, flat_fn fn, void *arg,
    struct slice value, struct errinfo *ei) MUST_CHECK;

#endif
