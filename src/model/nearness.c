/* nearness.c: see nearness.h. */
#include "model/nearness.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"

#define LAYERS_WEIGHT 8.0

/* In the order in which a person wants to read differences. */
static const struct fact {
	const char *field;
	size_t offset;
	double weight;
} facts[] = {
    {"version", offsetof(struct build_facts, version), 16},
    {"machine", offsetof(struct build_facts, machine), 32},
    {"distro", offsetof(struct build_facts, distro), 16},
    {"branch", offsetof(struct build_facts, branch), 8},
    {"commit", offsetof(struct build_facts, commit), 4},
    {"host_distro", offsetof(struct build_facts, host_distro), 6},
    {"bitbake_version", offsetof(struct build_facts, bitbake_version), 4},
    {"builder", offsetof(struct build_facts, builder), 2},
};

#define NFACTS (sizeof(facts) / sizeof(facts[0]))

static const char *
value(const struct build_facts *b, const struct fact *f)
{
	const char *const *at =
	    (const char *const *)(const void *)((const char *)b + f->offset);

	return *at != NULL ? *at : "";
}

static const struct layer *
find_layer(const struct build_facts *b, const char *name)
{
	for (size_t i = 0; i < b->nlayers; i++)
		if (strcmp(b->layers[i].name, name) == 0)
			return &b->layers[i];
	return NULL;
}

static bool
is_same_layer(const struct layer *x, const struct layer *y)
{
	return strcmp(x->branch, y->branch) == 0 &&
	       strcmp(x->commit, y->commit) == 0;
}

static double
layer_share(const struct build_facts *a, const struct build_facts *b)
{
	size_t same = 0,
	       most = a->nlayers > b->nlayers ? a->nlayers : b->nlayers;

	if (a->nlayers == 0 || b->nlayers == 0)
		return 0;
	for (size_t i = 0; i < a->nlayers; i++) {
		const struct layer *o = find_layer(b, a->layers[i].name);
		same += o != NULL && is_same_layer(&a->layers[i], o);
	}
	return (double)same / (double)most;
}

double
nearness(const struct build_facts *a, const struct build_facts *b)
{
	double sum = LAYERS_WEIGHT * layer_share(a, b);

	for (size_t i = 0; i < NFACTS; i++) {
		const char *x = value(a, &facts[i]), *y = value(b, &facts[i]);
		if (x[0] != '\0' && strcmp(x, y) == 0)
			sum += facts[i].weight;
	}
	return sum;
}

static const char *
layer_text(struct arena *a, const struct layer *l)
{
	if (l == NULL)
		return "absent";
	if (l->branch[0] == '\0' && l->commit[0] == '\0')
		return "present";
	return arena_printf(a, "%s%s%.12s", l->branch,
	    l->branch[0] != '\0' && l->commit[0] != '\0' ? " " : "", l->commit);
}

static size_t
layer_differences(struct arena *a, const struct build_facts *here,
    const struct build_facts *there, struct difference *out, size_t max)
{
	size_t n = 0;

	if (here->nlayers == 0 || there->nlayers == 0)
		return 0;
	for (size_t i = 0; i < here->nlayers && n < max; i++) {
		const struct layer *l = &here->layers[i];
		const struct layer *o = find_layer(there, l->name);
		if (o == NULL || !is_same_layer(l, o))
			out[n++] = (struct difference){
			    arena_printf(a, "layer %s", l->name),
			    layer_text(a, l), layer_text(a, o)};
	}
	for (size_t i = 0; i < there->nlayers && n < max; i++) {
		const struct layer *l = &there->layers[i];
		if (find_layer(here, l->name) == NULL)
			out[n++] = (struct difference){
			    arena_printf(a, "layer %s", l->name), "absent",
			    layer_text(a, l)};
	}
	return n;
}

size_t
differences(struct arena *a, const struct build_facts *here,
    const struct build_facts *there, struct difference *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < NFACTS && n < max; i++) {
		const char *x = value(here, &facts[i]);
		const char *y = value(there, &facts[i]);
		if (x[0] != '\0' && y[0] != '\0' && strcmp(x, y) != 0)
			out[n++] = (struct difference){facts[i].field, x, y};
	}
	return n + layer_differences(a, here, there, out + n, max - n);
}
