/* size_list.h: the packages, files and programs of a build, to be shown. */
#ifndef MODEL_SIZE_LIST_H
#define MODEL_SIZE_LIST_H

#include "model/build_list.h"
#include "model/sizes.h"

/* A package: of a recipe, in an image, or both. */
struct size_package {
	const char *name, *recipe, *arch; /* "" if unknown */
	const char *version;
	int64_t bytes;  /* PKGSIZE, else as it is in the image; -1 */
	size_t nfiles;  /* 0: unknown */
	bool installed; /* in an image of the build */
	const struct size_part *part; /* of the recipe, or NULL */
};

struct size_packages {
	size_t n;
	struct size_package *package;
	int64_t bytes; /* of all, as far as known */
};

/* All packages by name; those that only an image has, too. */
void size_packages(
    struct arena *a, const struct sizes *s, struct size_packages *out);

/* The keys that an order may name; NULL-terminated. */
extern const char *const size_list_keys[];
void size_packages_sort(
    struct size_packages *p, const struct list_order *order);

/* A file of a package or an image. */
struct size_file {
	const char *path;  /* clean */
	const char *owner; /* package, or image */
	uint64_t size;
	char type;
};

struct size_files {
	size_t n;
	struct size_file *file; /* the largest first */
	size_t total;           /* of how many */
};

/* The largest `most` files of one package, else of the images, else of all
 * packages. */
enum err size_largest_files(struct arena *a, const struct sizes *s,
    const char *package, size_t most, struct size_files *out,
    struct errinfo *ei) MUST_CHECK;

/* "qemux86_64/glibc/core-image-minimal": its last part. */
const char *size_base(const char *name);

#endif
