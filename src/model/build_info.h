/* build_info.h: what is known of one build besides its tasks and series. */
#ifndef MODEL_BUILD_INFO_H
#define MODEL_BUILD_INFO_H

#include "model/build_list.h"

struct build_origin {
	const char *field, *source; /* which file told it */
};

struct metric_sum {
	const char *name, *unit;
	const char *kind; /* task, derived, build; "" if unknown */
	double sum, max;  /* NAN: unknown */
};

struct text_entry {
	const char *name;
	int64_t size;
};

struct build_info {
	struct build_row row;
	const char *uuid, *host, *host_info, *host_distro, *host_arch;
	const char *distro_version, *bitbake_version, *mode;
	double cooker_cpu; /* percent, NAN: unknown */
	size_t ntargets, ntags, nrepairs;
	const char **targets, **tags, **repairs;
	size_t nlayers;
	struct layer *layers;
	size_t norigins;
	struct build_origin *origins;
	size_t nmetrics;
	struct metric_sum *metrics;
	size_t nrootfs;
	struct rootfs *rootfs;
	size_t ntexts;
	struct text_entry *texts;
};

/* The build that a URL names, by number or UUID; ERR_NOT_FOUND. */
enum err build_find(struct db *db, struct arena *a, const char *id,
    struct build_info *out, struct errinfo *ei) MUST_CHECK;

/* Fills the arrays that build_find leaves empty. */
enum err build_info_more(struct db *db, struct arena *a, struct build_info *b,
    struct errinfo *ei) MUST_CHECK;

/* The layers of several builds, those of one standing together. */
struct layer_of {
	int build;
	struct layer layer;
};
struct layers_of {
	size_t n;
	struct layer_of *layer;
};
/* Those of one build, copied; their number.  As build_layers gives them, the
 * layers of a build stand together. */
size_t layers_of_build(struct arena *a, const struct layers_of *all, int build,
    struct layer **out);
enum err build_layers(struct db *db, struct arena *a, const int32_t *ids,
    size_t nids, struct layers_of *out, struct errinfo *ei) MUST_CHECK;

#endif
