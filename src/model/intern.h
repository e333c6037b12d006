/* intern.h: gives equal texts the same small number, 0, 1, 2, ... */
#ifndef MODEL_INTERN_H
#define MODEL_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

struct intern {
	struct arena *arena;
	size_t n;
	struct slice *texts; /* n of them; bytes in the arena, NUL behind */
	size_t texts_cap;
	uint32_t *slots; /* number + 1, or 0 */
	size_t nslots;   /* a power of two */
};

void intern_init(struct intern *in, struct arena *a);
/* The number of a text; *is_new when it was not known yet. */
uint32_t intern_add(struct intern *in, struct slice text, bool *is_new);
/* The number of a known text; false if it isn't. */
bool intern_find(const struct intern *in, struct slice text, uint32_t *out);

#endif
