/*
 * fuzz_pickle.c: a pickle, by itself.  Whatever it is, it ends, with a
 * sentence or a value of which everything can be asked.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/pickle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NODES ((size_t)20000)
#define LOOKS 3 /* the value may contain itself */

static void
look(const struct pickle *p, const struct slice *in, int depth)
{
	struct slice text = pickle_text(p);

	/* Borrowed from what was read. */
	if (text.n > 0 && (text.p < in->p || text.p + text.n > in->p + in->n))
		abort();
	pickle_integer(p, 0);
	pickle_real(p);
	pickle_get(p, "msg");
	for (size_t i = 0; i < pickle_count(p) && i < 8 && depth < LOOKS; i++)
		look(pickle_item(p, i), in, depth + 1);
	if (p->kind == PICKLE_OBJECT && p->object.state != NULL &&
	    depth < LOOKS)
		look(p->object.state, in, depth + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	struct slice in = {(const char *)data, size};
	const struct pickle *p = NULL;
	struct errinfo ei = {0};
	enum err err = pickle_read(a, in, NODES, &p, &ei);

	if ((err == ERR_OK) != (p != NULL))
		abort();
	if (p != NULL)
		look(p, &in, 0);
	else if (!utf8_clean(ei.text, strlen(ei.text)))
		abort();
	if (arena_used(a) > NODES * 200 + size + 4096)
		abort();
	arena_free(a);
	return 0;
}
