/*
 * nearness.h: how much one build of a package is like another, and in what
 * they differ; pure functions.
 */
#ifndef MODEL_NEARNESS_H
#define MODEL_NEARNESS_H

#include "model/build.h"

struct arena;

/* What a package was built with; "" is unknown. */
struct build_facts {
	const char *machine, *distro, *version, *branch, *commit, *host_distro,
	    *bitbake_version, *builder;
	size_t nlayers;
	const struct layer *layers;
};

/* 0 (nothing alike) and up; what is unknown on either side counts nothing. */
double nearness(const struct build_facts *a, const struct build_facts *b);

struct difference {
	const char *field; /* "version", "layer meta-oe" */
	const char *here, *there;
};

/* What differs and is known on both sides; a layer that one side lacks is
 * "absent" there.  At most max of them are written. */
size_t differences(struct arena *a, const struct build_facts *here,
    const struct build_facts *there, struct difference *out, size_t max);

#endif
