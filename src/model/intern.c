/* intern.c: see intern.h.  Open addressing, at most half full. */
#include "model/intern.h"

#include <string.h>

#include "base/arena.h"

#define SLOTS_MIN 64

void
intern_init(struct intern *in, struct arena *a)
{
	*in = (struct intern){.arena = a};
}

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

static uint64_t
hash(struct slice s)
{
	uint64_t h = s.n, v;

	for (; s.n >= 8; s.p += 8, s.n -= 8) {
		memcpy(&v, s.p, 8);
		h = mix(h, v);
	}
	v = 0;
	if (s.n > 0)
		memcpy(&v, s.p, s.n);
	return mix(h, v);
}

/* The slot of a text, or the empty one where it belongs. */
static uint32_t *
slot_of(const struct intern *in, struct slice text)
{
	size_t mask = in->nslots - 1;

	for (size_t i = (size_t)hash(text) & mask;; i = (i + 1) & mask) {
		uint32_t v = in->slots[i];
		if (v == 0)
			return &in->slots[i];
		struct slice t = in->texts[v - 1];
		if (t.n == text.n && memcmp(t.p, text.p, t.n) == 0)
			return &in->slots[i];
	}
}

static void
grow(struct intern *in)
{
	in->nslots = in->nslots == 0 ? SLOTS_MIN : in->nslots * 2;
	in->slots = arena_calloc(in->arena, in->nslots, sizeof(*in->slots));
	for (size_t i = 0; i < in->n; i++)
		*slot_of(in, in->texts[i]) = (uint32_t)i + 1;
}

uint32_t
intern_add(struct intern *in, struct slice text, bool *is_new)
{
	uint32_t *slot;

	if (in->n * 2 >= in->nslots)
		grow(in);
	slot = slot_of(in, text);
	*is_new = *slot == 0;
	if (!*is_new)
		return *slot - 1;
	in->texts = arena_grow(in->arena, in->texts, &in->texts_cap, in->n + 1,
	    sizeof(*in->texts));
	in->texts[in->n].p = arena_strndup(in->arena, text.p, text.n);
	in->texts[in->n].n = text.n;
	*slot = (uint32_t)++in->n;
	return *slot - 1;
}

bool
intern_find(const struct intern *in, struct slice text, uint32_t *out)
{
	if (in->nslots == 0)
		return false;
	*out = *slot_of(in, text) - 1;
	return *out != UINT32_MAX;
}
